#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# Indexes as CAs in the field have them, and CRLs whose entries an index holds
# with difficulty, or not at all; openssl ca beside.

load ../e2e/field_setup

setup() {
	make_folder
	field_root >/dev/null 2>&1
	sed -i 's/^air_gap = .*/air_gap = "off";/' ca/crlferry.cfg
	cat >ca/ca.cnf <<-CNF
		[ca]
		default_ca = root
		[root]
		dir = $T/ca
		database = \$dir/index.txt
		crlnumber = \$dir/peer.crlnumber
		certificate = \$dir/root.pem
		private_key = \$dir/root.key
		default_md = sha256
		default_crl_days = 30
		crl_extensions = crl
		[crl]
		authorityKeyIdentifier = keyid
	CNF
}

# ca_does VERB ARGUMENT...: as field_ca, with the options in front
ca_does() {
	local verb=$1
	shift
	on_day "$ROOT_PROGRAM" "$verb" --config ca/crlferry.cfg "$@"
}

# peer ARGUMENT...: openssl ca, on the same day and index
peer() {
	[ -e ca/peer.crlnumber ] || echo 05 >ca/peer.crlnumber
	on_day openssl ca -config ca/ca.cnf "$@"
}

# as_openssl: the last CRL is what openssl makes of the same index, octet for
# octet but for the signature
as_openssl() {
	local ours
	ours=$(last_crl ca corp)
	openssl_crl ca "$ours" peer.crl || return
	cmp <(tbs_of "$ours") <(tbs_of peer.crl)
}

# same_index FILE: it is the index, but for the second of a revocation on that
# day
same_index() {
	cmp <(sed 's/\t2612051200[0-9]*Z/\tNOW/' "$1") \
		<(sed 's/\t2612051200[0-9]*Z/\tNOW/' ca/index.txt)
}

# serials CRL: those it lists, in its order
serials() {
	crl_text "$1" | sed -n 's/^    Serial Number: //p' | paste -sd' '
}

# valid SERIAL [SUBJECT], revoked SERIAL [REVOCATION]: a line of the index
valid() {
	printf 'V\t361127000000Z\t\t%s\tunknown\t%s\n' "$1" "${2-/CN=x}"
}

revoked() {
	printf 'R\t361127000000Z\t%s\t%s\tunknown\t/CN=x\n' \
		"${2-261101000000Z}" "$1"
}

# crl_of OUT NUMBER ENTRY...: a CRL of this root, each ENTRY in hex
crl_of() {
	local out=$1 number=$2
	shift 2
	openssl x509 -in ca/root.pem -noout -ext subjectKeyIdentifier |
		sed -n '2s/[: ]//gp' >key_id
	openssl x509 -in ca/root.pem -outform DER -out root.der
	perl -e '
		use strict;
		sub tlv { my ($tag, $v) = @_; my $n = length $v;
			return chr($tag) . ($n < 128 ? chr $n : $n < 256 ?
			    "\x81" . chr $n : "\x82" . pack("n", $n)) . $v }
		my ($number, $id, @entries) = @ARGV;
		my $algorithm = pack("H*", "300a06082a8648ce3d040302");
		my $name = join("", map { tlv(0x31, tlv(0x30, pack("H*",
		    "060355" . $_->[0]) . tlv($_->[1], $_->[2]))) }
		    ["0406", 0x13, "DE"], ["040a", 0x0c, "Example Authority"],
		    ["0403", 0x0c, "Field Root CA"]);
		my $extensions = tlv(0x30, pack("H*", "0603551d23") .
		    tlv(4, tlv(0x30, tlv(0x80, pack("H*", $id))))) .
		    tlv(0x30, pack("H*", "0603551d14") .
		    tlv(4, tlv(2, chr $number)));
		open(my $tbs, ">:raw", "tbs");
		print $tbs tlv(0x30, tlv(2, "\1") . $algorithm .
		    tlv(0x30, $name) . tlv(0x17, "261204000000Z") .
		    tlv(0x17, "270601000000Z") . tlv(0x30, join("",
		    map { tlv(0x30, pack("H*", $_)) } @entries)) .
		    tlv(0xa0, tlv(0x30, $extensions)));' \
		"$number" "$(cat key_id)" "$@"
	openssl dgst -sha256 -sign ca/root.key -out signature tbs
	perl -e 'local $/; open(T, "<:raw", "tbs"); open(S, "<:raw",
		"signature"); my ($t, $s) = (<T>, <S>);
		my $v = $t . pack("H*", "300a06082a8648ce3d040302") .
		    "\3" . chr(1 + length $s) . "\0$s"; my $n = length $v;
		print "\x30", $n < 256 ? "\x81" . chr $n :
		    "\x82" . pack("n", $n), $v;' >"$out"
	openssl crl -inform DER -in "$out" -CAfile ca/root.pem -noout 2>&1 |
		grep -q 'verify OK'
}

# entry SERIAL DATE [r REASON|h OID|i DATE]...: in hex; OID is a whole value
entry() {
	perl -e '
		sub tlv { my ($tag, $v) = @_; chr($tag) . chr(length $v) . $v }
		sub extension { tlv(0x30, pack("H*", "0603551d" . $_[0]) .
			tlv(4, $_[1])) }
		my ($serial, $date, @more) = @ARGV;
		my $extensions = "";
		while (my ($kind, $v) = splice(@more, 0, 2)) {
			$extensions .= $kind eq "r" ?
			    extension("15", tlv(10, chr $v)) : $kind eq "h" ?
			    extension("17", pack("H*", $v)) :
			    extension("18", tlv(0x18, $v));
		}
		print unpack("H*", tlv(2, pack("H*", $serial)) .
		    tlv(length $date == 13 ? 0x17 : 0x18, $date) .
		    ($extensions eq "" ? "" : tlv(0x30, $extensions)));' "$@"
}

# adopts FILE: taken, the next issue goes through and loses nothing, and openssl
# reads the index; output is what adopt said
adopts() {
	run ca_does adopt corp "$1"
	[ "$status" -eq 0 ] || {
		echo "want it adopted, have $status: $output"
		return 1
	}
	ca_does issue corp --quiet >/dev/null 2>&1 || {
		echo "want the next issue, have none"
		return 1
	}
	as_openssl
}

@test "serial 0: adopted, entered and listed again as openssl does" {
	adopts "$FIELD/05-serial0.crl"
	says 'entered 00'
	grep -qP '^R\t99991231235959Z\t261031080603Z,keyCompromise\t00\t' \
		ca/index.txt
	[ "$(serials "$(last_crl ca corp)")" = 00 ]
	run peer -status 00
	says '00=Revoked (R)'
	# Again it is no news.
	ca_does issue --quiet
	as_openssl
	# What is lost of it is named as the index has it.
	: >ca/index.txt
	refused ca 77 shrunk ca_does issue
	says '--acknowledge-removed 00'
	ca_does issue --quiet --acknowledge-removed 00
	[ "$(crl_count "$(last_crl ca corp)")" -eq 0 ]
}

@test "serial 0 by revoke, in its spellings, and known as valid" {
	local spelling
	for spelling in 0 00 0x0 0000 00:00; do
		valid 0000 >ca/index.txt
		ca_does revoke corp "$spelling" --reason superseded --quiet
		grep -qP '^R\t.*,superseded\t0000\t' ca/index.txt
	done
	ca_does issue --first --quiet
	[ "$(serials "$(last_crl ca corp)")" = 00 ]
	as_openssl
	# As the certificate of openssl has it.
	: >ca/index.txt
	on_day openssl req -new -x509 -key ca/root.key -subj /CN=zero \
		-set_serial 0 -CA ca/root.pem -CAkey ca/root.key \
		-out zero.pem -days 30
	peer -revoke zero.pem 2>/dev/null
	run ca_does revoke corp zero.pem --reason unspecified
	[ "$status" -eq 0 ]
	says '00 (CN=zero) is revoked already'
}

@test "the line that openssl writes for a negative serial: read, listed, kept" {
	cp "$FIELD/50-index-negative-serial.txt" ca/index.txt
	valid -80 >>ca/index.txt
	cp ca/index.txt before
	ca_does issue --first --quiet
	cmp ca/index.txt before
	[ "$(serials "$(last_crl ca corp)")" = -17FEFE ]
	as_openssl
	run ca_does issue --dry-run
	says '-17FEFE  2026-11-01T00:00:00Z  superseded'
	# By serial, by certificate, and said like that.
	run ca_does revoke --reason superseded --json corp -- -80
	[ "$status" -eq 0 ]
	[ "$(jq -r '.revoked[0].serial' <<<"$output")" = -80 ]
	grep -qP '^R\t.*,superseded\t-80\tunknown\t/CN=x$' ca/index.txt
	run ca_does revoke --reason superseded corp -- -17fefe
	[ "$status" -eq 0 ]
	says '-17FEFE (CN=Issuing s1) is revoked already'
	refuses 64 usage ca_does revoke corp -17FEFE --reason superseded
	says 'behind "--": -- -17FEFE'
	ca_does issue --quiet
	as_openssl
	peer -updatedb
	ca_does issue --quiet
	as_openssl
	# Lost, it is missed by its name, which is none of a positive one.
	sed -i '/-17FEFE/d' ca/index.txt
	refused ca 77 shrunk ca_does issue
	says '--acknowledge-removed -17FEFE'
	refused ca 77 shrunk ca_does issue --acknowledge-removed 17FEFE
	refused ca 77 shrunk ca_does issue --acknowledge-removed E80102
	ca_does issue --quiet --acknowledge-removed -17FEFE
	[ "$(serials "$(last_crl ca corp)")" = -80 ]
}

@test "a certificate with a negative serial is revoked as openssl does" {
	local serial
	for serial in -1 -128 -129 -255 -32768 -8388608; do
		on_day openssl req -new -x509 -key ca/root.key -days 30 \
			-subj "/CN=n$serial" -set_serial "$serial" -CA \
			ca/root.pem -CAkey ca/root.key -out "n$serial.pem"
		peer -revoke "n$serial.pem" -crl_reason superseded 2>/dev/null
	done
	cp ca/index.txt theirs
	: >ca/index.txt
	for serial in -1 -128 -129 -255 -32768 -8388608; do
		ca_does revoke corp "./n$serial.pem" --unknown --quiet \
			--reason superseded
	done
	same_index theirs
	# And where the index knows it, in whatever spelling.
	sed 's/^R\(\t[^\t]*\)\t[^\t]*\t-/V\1\t\t-00/' theirs >ca/index.txt
	ca_does revoke corp ./n-128.pem --quiet --reason superseded
	grep -qP '^R\t.*\t-0080\t' ca/index.txt
	cp theirs ca/index.txt
	ca_does issue --first --quiet
	[ "$(serials "$(last_crl ca corp)")" = \
		'-01 -80 -81 -FF -8000 -800000' ]
	as_openssl
}

@test "serials of every sign and size are sorted as openssl sorts them" {
	local serial
	for serial in -8000 01 80 -80 00 7F -7F -01 -FF 0100 -0100 ff00 \
		0000FE -000000FE \
		8000000000000000000000000000000000000000 \
		-8000000000000000000000000000000000000000 \
		7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF; do
		revoked "$serial"
	done >ca/index.txt
	ca_does issue --first --quiet
	as_openssl
	ca_does issue --quiet
	as_openssl
	# The same one in two spellings is one too many, and named.
	cp ca/index.txt good
	for serial in -0080 -ff 000000 -00; do
		revoked "$serial" | cat good - >ca/index.txt
		refused ca 65 format ca_does issue
		says 'is revoked twice'
	done
}

@test "adopt enters negative serials and those of 20 and 21 octets" {
	local long=7f0102030405060708090a0b0c0d0e0f10111213
	crl_of odd.crl 7 "$(entry e80102 261101000000Z r 4)" \
		"$(entry 80 261101000000Z)" "$(entry 0080 261101000000Z)" \
		"$(entry ff01 261101000000Z r 1)" "$(entry $long \
		261101000000Z)" "$(entry 00ff${long#7f} 261101000000Z)"
	adopts odd.crl
	says '6 revocations: entered -17FEFE, -80, 80, -FF,'
	grep -qP '\t-17FEFE\t' ca/index.txt
	[ "$(crl_count "$(last_crl ca corp)")" -eq 6 ]
}

CYRILLIC='/C=RU/ST=77 Примерная область/L=г. Пример/street=улица Примерная, дом 7/O=Министерство примеров/CN=Подчинённый удостоверяющий центр'

@test "a subject over 511 octets, with its line in the index and without" {
	local subject=$CYRILLIC
	cp "$FIELD/44-dn-cyrillic.index.txt" ca/index.txt
	ca_does issue --first --quiet
	run ca_does revoke corp "$FIELD/44-dn-cyrillic.pem" --reason superseded
	[ "$status" -eq 0 ]
	says "  subject        ${subject#/}"
	says_not '\xD0'
	[ "$(ca_does revoke corp 6101 --reason superseded --json --quiet |
		jq -r '.revoked[0].subject')" = "$subject" ]
	run ca_does revoke corp 6101 --reason superseded
	says '6101 (C=RU/ST=77 Примерная область/L=г. Пример'
	says_not '\xD0'
	says_not '?'
	cut -f5- ca/index.txt | cmp - <(cut -f5- \
		"$FIELD/44-dn-cyrillic.index.txt")
	ca_does issue --quiet
	as_openssl
	# Without its line, as openssl adds it.
	: >ca/index.txt
	peer -revoke "$FIELD/44-dn-cyrillic.pem" -crl_reason superseded \
		2>/dev/null
	mv ca/index.txt theirs
	: >ca/index.txt
	run ca_does revoke corp "$FIELD/44-dn-cyrillic.pem" --unknown \
		--reason superseded
	[ "$status" -eq 0 ]
	says "  subject        ${subject#/}"
	same_index theirs
	# openssl takes what is there for its own.
	run peer -revoke "$FIELD/44-dn-cyrillic.pem"
	says 'Already revoked, serial number 6101'
}

@test "a subject that differs, however far behind, is shown where it does" {
	ca_does issue --first --quiet
	sed 's,/CN=.*,/CN=\\xD0\\x9F\\xD0\\xBE,' \
		"$FIELD/44-dn-cyrillic.index.txt" >ca/index.txt
	grep -qF '/CN=\xD0\x9F\xD0\xBE' ca/index.txt
	refused ca 65 format ca_does revoke corp "$FIELD/44-dn-cyrillic.pem" \
		--reason superseded
	says 'Подчинённый удостоверяющий центр, have ...'
	says '/CN=По'
	says 'give 6101 in place of the file'
	ca_does revoke corp 6101 --reason superseded --quiet
	# Letters as they are are the same letters.
	printf 'V\t460129083133Z\t\t6101\tunknown\t%s\n' "$CYRILLIC" \
		>ca/index.txt
	ca_does revoke corp "$FIELD/44-dn-cyrillic.pem" --reason superseded \
		--quiet
	grep -q "^R.*superseded	6101	unknown	$CYRILLIC\$" ca/index.txt
}

@test "no name steers a terminal, and what is no UTF-8 stays an escape" {
	local line
	# as openssl writes them, and as a text editor may
	for line in '/CN=a\x1B[31m\xE2\x80\xAE\xC2\x9B\x07' \
		$'/CN=a\x1b[31m\xe2\x80\xae\xc2\x9b\x07'; do
		valid 10 "$line" >ca/index.txt
		run ca_does revoke corp 10 --reason superseded
		[ "$status" -eq 0 ]
		says 'subject        CN=a\x1B[31m\xE2\x80\xAE\xC2\x9B\x07'
		run ca_does revoke corp 10 --reason superseded
		says 'CN=a\x1B[31m\xE2\x80\xAE\xC2\x9B\x07'
	done
	# T61String, BMPString, a tab, and a backslash that was typed
	valid 10 '/O=M\xFCller/OU=\x00A\x00 \x04/\x04\x1F/CN=a\x09b\41' \
		>ca/index.txt
	run ca_does revoke corp 10 --reason superseded
	says 'subject        O=M\xFCller/OU=A ЯП/CN=a\x09b\41'
}

@test "a BMPString, a T61String and a backslash in a certificate's subject" {
	cat >names.cnf <<-'CNF'
		[req]
		distinguished_name = dn
		prompt = no
		utf8 = yes
		string_mask = MASK:0x0804
		[dn]
		O = Ärger \\ & Söhne	AG
		CN = Подчинённый
	CNF
	on_day openssl req -config names.cnf -new -x509 -key ca/root.key \
		-set_serial 0x2001 -days 30 -CA ca/root.pem \
		-CAkey ca/root.key -out names.pem
	peer -revoke names.pem -crl_reason superseded 2>/dev/null
	mv ca/index.txt theirs
	grep -qF '\x04' theirs
	: >ca/index.txt
	run ca_does revoke corp names.pem --unknown --reason superseded
	[ "$status" -eq 0 ]
	says 'CN=Подчинённый'
	same_index theirs
	sed 's/^R\(\t[^\t]*\)\t[^\t]*/V\1\t/' theirs >ca/index.txt
	ca_does revoke corp names.pem --reason superseded --quiet
	same_index theirs
}

@test "an empty subject: revoked with its line, and without, as openssl" {
	local name
	peer -revoke "$FIELD/dn-empty.pem" -crl_reason superseded 2>/dev/null
	mv ca/index.txt theirs
	: >ca/index.txt
	ca_does revoke corp "$FIELD/dn-empty.pem" --unknown --quiet \
		--reason superseded
	same_index theirs
	# as openssl writes it, and as its older versions did
	for name in 500C ''; do
		printf 'V\t460129083018Z\t\t500C\tunknown\t%s\n' "$name" \
			>ca/index.txt
		ca_does revoke corp "$FIELD/dn-empty.pem" --quiet \
			--reason superseded
		grep -qP "^R\t460129083018Z\t.*\t500C\tunknown\t$name\$" \
			ca/index.txt
	done
	# Somebody else's line stays.
	ca_does issue --quiet --first --acknowledge-removed 500C
	printf 'V\t460129083018Z\t\t500C\tunknown\t/CN=x\n' >ca/index.txt
	refused ca 65 format ca_does revoke corp "$FIELD/dn-empty.pem" \
		--reason superseded
	says 'have /CN=x'
}

@test "a hold instruction is kept in the index, and said again" {
	adopts "$FIELD/22-entry-hold.crl"
	grep -qP '^R\t99991231235959Z\t[0-9]*Z,holdInstruction,holdInstructionReject\t1001\t' \
		ca/index.txt
	crl_text "$(last_crl ca corp)" | grep -q 'Hold Instruction Reject'
}

@test "hold instructions that nobody knows are kept, others are not silently dropped" {
	local reject=06072a8648ce380203
	crl_of odd.crl 7 \
		"$(entry 01 261101000000Z r 6 h 06072b060104018f00)" \
		"$(entry 02 261101000000Z r 4 h $reject)" \
		"$(entry 03 261101000000Z h $reject)" \
		"$(entry 04 261101000000Z r 6 h 0500)" \
		"$(entry 05 261101000000Z r 6 i 20250101000000Z h $reject)"
	adopts odd.crl
	says_not '01: '
	grep -qP ',holdInstruction,1.3.6.1.4.1.1920\t01\t' ca/index.txt
	says '02: the index cannot hold a hold instruction without the reason certificateHold: left out'
	says '03: the index cannot hold a hold instruction without the reason certificateHold: left out'
	says '04: its hold instruction is no OID'
	says '05: the index cannot hold an invalidity date without a compromise: left out'
	grep -qP ',holdInstruction,holdInstructionReject\t05\t' ca/index.txt
	crl_text "$(last_crl ca corp)" | grep -q '1.3.6.1.4.1.1920'
}

@test "revocation dates beyond UTCTime: entered as openssl can read them" {
	# openssl reads the whole index no more.
	revoked 01 19491231235959Z >ca/index.txt
	run peer -gencrl
	says 'invalid revocation date 19491231235959Z'
	: >ca/index.txt
	crl_of odd.crl 7 "$(entry 01 19491231235959Z r 4)" \
		"$(entry 02 500101000000Z)" "$(entry 03 491231235959Z)" \
		"$(entry 04 20500101000000Z)" "$(entry 05 00000101000000Z)" \
		"$(entry 06 99991231235959Z r 1 i 19000101000000Z)"
	adopts odd.crl
	says '01: the index cannot hold the revocation date 1949-12-31T23:59:59Z: entered as 1950-01-01T00:00:00Z'
	says_not '02: '
	says_not '03: '
	says '04: the index cannot hold the revocation date 2050-01-01T00:00:00Z: entered as 2049-12-31T23:59:59Z'
	says '05: the index cannot hold the revocation date 0000-01-01T00:00:00Z'
	grep -qP '\t491231235959Z,keyTime,19000101000000Z\t06\t' ca/index.txt
	[ "$(crl_count "$(last_crl ca corp)")" -eq 6 ]
}

@test "a byte order mark is named, and the remedy removes it" {
	local remedy
	ca_does issue --first --quiet
	revoked 01 | sed '1s/^/\xef\xbb\xbf/' >ca/index.txt
	run peer -gencrl
	[ "$status" -ne 0 ]
	refused ca 65 format ca_does issue
	says 'ca/index.txt:1: the file begins with a UTF-8 byte order mark'
	remedy=$(sed -n 's/.*remedy: remove the mark: //p' <<<"$output")
	refused ca 65 format ca_does revoke corp 01 --reason superseded
	says 'byte order mark'
	bash -c "$remedy"
	cmp ca/index.txt <(revoked 01)
	ca_does issue --quiet
	as_openssl
	# Before a comment, or what openssl passes over without a word.
	(printf '\xef\xbb\xbf# x\n' && revoked 01) >ca/index.txt
	refused ca 65 format ca_does issue
	says 'byte order mark'
	(printf '\xef\xbb\xbf' && valid 02 && revoked 01) >ca/index.txt
	peer -gencrl -out theirs.pem 2>/dev/null
	refused ca 65 format ca_does issue
	says 'byte order mark'
}

@test "UTF-16 is named, and the remedy makes it text again" {
	local remedy form
	ca_does issue --first --quiet
	chmod 640 ca/index.txt
	for form in UTF-16LE UTF-16BE '\xef\xbb\xbf'; do
		{ [[ $form == UTF* ]] || printf '%b' "$form" && revoked 01; } |
			iconv -f UTF-8 -t UTF-16LE >ca/index.txt
		[ $form != UTF-16BE ] || revoked 01 | iconv -t $form >ca/index.txt
		refused ca 65 format ca_does issue
		says 'ca/index.txt:1: the file is UTF-16'
		remedy=$(sed -n 's/.*remedy: make it ASCII again: //p' \
			<<<"$output")
		bash -c "$remedy"
		cmp ca/index.txt <(revoked 01)
		[ "$(stat -c %a ca/index.txt)" = 640 ]
	done
	ca_does issue --quiet
}

@test "CR alone, and a Ctrl-Z at the end: named, and the remedy helps" {
	local remedy text
	ca_does issue --first --quiet
	revoked 01 >whole
	revoked 02 >>whole
	while IFS='|' read -r edit text; do
		perl -0777 -pe "$edit" whole >ca/index.txt
		run peer -gencrl -out theirs.pem
		refused ca 65 format ca_does issue
		says "ca/index.txt:$text"
		remedy=$(grep -o 'sed -i .*' <<<"$output")
		bash -c "$remedy"
		cmp <(tr -d '\r' <ca/index.txt) whole
		ca_does issue --quiet
		as_openssl
	done <<-'ROWS'
		s/\n/\r/g|1: the lines end with CR alone
		$_ .= "\x1a"|3: the line is a Ctrl-Z (0x1A) alone
		s/\n/\r\n/g; $_ .= "\x1a\r\n"|3: the line is a Ctrl-Z (0x1A) alone
	ROWS
	# cut between CR and LF
	revoked 01 | perl -pe 's/\n/\r/' >ca/index.txt
	refused ca 65 format ca_does issue
	says 'the last line has no end'
	says 'echo >>'
}

@test "a folder or a FIFO as index or key: no file is called damaged" {
	local file kind
	ca_does issue --first --quiet
	for file in index.txt root.key; do
		for kind in mkdir mkfifo; do
			mv ca/$file kept
			$kind ca/$file
			chmod 700 ca/$file
			refuses 65 format ca_does issue
			says_not damaged
			rm -r ca/$file
			mv kept ca/$file
		done
	done
	says 'name the file of the root'
	ca_does issue --quiet
}

@test "a line without its end, and empty lines: refused, and the remedy helps" {
	local remedy text
	ca_does issue --first --quiet
	for text in "$(revoked 01)" "\n$(revoked 01)\n" \
		"$(revoked 01)\n\r\n\r\n"; do
		printf '%b' "$text" >ca/index.txt
		refused ca 65 format ca_does issue
		remedy=$(sed -n "s/.*remedy: [^:]*: \(\(echo\|sed\)[^;]*\).*/\1/p" \
			<<<"$output")
		bash -c "$remedy"
		cmp ca/index.txt <(revoked 01)
	done
	# openssl would have passed the first one over.
	revoked 01 | tr -d '\n' >ca/index.txt
	peer -gencrl -out theirs.pem 2>/dev/null
	[ "$(openssl crl -in theirs.pem -noout -text |
		grep -c 'Serial Number')" -eq 0 ]
	revoked 01 >ca/index.txt
	ca_does issue --quiet
	as_openssl
}

@test "comments that openssl reads on in: refused, and the remedy divides them" {
	local remedy hashes text row end
	ca_does issue --first --quiet
	hashes=$(printf '%0510d' 0 | tr 0 '#')
	for end in '' '\r'; do
		printf "${hashes:${#end}/2}$end\n%s\n" "$(revoked 01)" \
			>ca/index.txt
		ca_does issue --quiet
		[ -n "$end" ] || as_openssl
	done
	row=$(revoked 02)
	for text in "$hashes# " "$hashes\r" "$hashes#$row" "$hashes$hashes" \
		"${hashes//#/# }${hashes//#/ é}"; do
		printf "$text\n%s\n" "$(revoked 01)" >ca/index.txt
		refused ca 65 format ca_does issue
		says 'ca/index.txt:1: the comment has '
		says 'octets, and openssl reads what is behind the 511th as a line of its own'
		refused ca 65 format ca_does revoke corp 01 --reason superseded
		remedy=$(sed -n 's/.*remedy: divide it: //p' <<<"$output")
		bash -c "$remedy"
		# nothing of it is lost
		cmp <(printf "$text" | tr -d '#\r\n') \
			<(grep -a '^#' ca/index.txt | tr -d '#\r\n')
		ca_does issue --quiet
		[ "$(serials "$(last_crl ca corp)")" = 01 ]
		as_openssl
	done
	# openssl would have listed both
	printf '%s\n' "$hashes#$row" "$(revoked 01)" >ca/index.txt
	peer -gencrl -out theirs.pem 2>/dev/null
	[ "$(openssl crl -in theirs.pem -noout -text |
		grep -c 'Serial Number')" -eq 2 ]
}

@test "index.txt.attr is openssl's alone: whatever is in it, we read none" {
	revoked 01 >ca/index.txt
	printf '\xef\xbb\xbfunique_subject = no\n' >ca/index.txt.attr
	ca_does issue --first --quiet
	[ "$(serials "$(last_crl ca corp)")" = 01 ]
	ca_does revoke corp 02 --unknown --reason superseded --quiet
	ca_does issue --quiet
	[ "$(serials "$(last_crl ca corp)")" = '01 02' ]
}

@test "what openssl does not read is refused by its line and true reason" {
	local row text
	ca_does issue --first --quiet
	while IFS=$'\t' read -r row text; do
		[ -n "$row" ] || continue
		valid 01 >ca/index.txt
		printf '%b\n' "$row" >>ca/index.txt
		run peer -gencrl -out theirs.pem
		[ "$status" -ne 0 ] || {
			echo "openssl reads $row"
			return 1
		}
		refused ca 65 format ca_does issue
		says "ca/index.txt:2: $text"
	done <<-'ROWS'
		R\t361127000000Z\t\t02\tunknown\t/CN=x	revocation date "" is not YYMMDDHHMMSSZ
		V\t361127000000Z\t261101000000Z\t02\tunknown\t/CN=x	status V has a revocation date
		E\t361127000000Z\t261101000000Z\t02\tunknown\t/CN=x	status E has a revocation date
		r\t361127000000Z\t261101000000Z\t02\tunknown\t/CN=x	status "r" is none of V, R and E
		R\t361127000000Z\t261101000000\t02\tunknown\t/CN=x	revocation date "261101000000" is not YYMMDDHHMMSSZ
		R\t361127000000Z\t-261101000000Z\t02\tunknown\t/CN=x	revocation date "-261101000000Z" is not YYMMDDHHMMSSZ
		V\t-00011127000000Z\t\t02\tunknown\t/CN=x	expiry "-00011127000000Z" is not YYMMDDHHMMSSZ
		V\t361127000000Z\t\t-\tunknown\t/CN=x	serial "-" is not an even number of hex digits
		V\t361127000000Z\t\t-1\tunknown\t/CN=x	serial "-1" is not an even number of hex digits
		V\t361127000000Z\t\t02\tunknown	the line does not have 6 fields
		V\t361127000000Z\t\t02\tunknown\t/CN=x\tmore	the line does not have 6 fields
		\t	the line does not have 6 fields
	ROWS
}
