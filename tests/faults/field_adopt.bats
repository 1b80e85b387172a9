#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# CRLs that another program signed with the root's key, as they are in the
# field: what init, adopt and export say of them.

load ../e2e/field_setup

BASE=$FIELD/43-base21.crl
DELTA=$FIELD/43-delta21.crl
NAMES_OLD=$FIELD/11e-aki-old-root-serial.crl
POINT=issuingDistributionPoint=critical

setup() {
	make_folder
	: >other.index
	echo 15 >other.number
}

# other_crl OUT [EXTENSION]... [-- OPTION...]: what openssl signs with the
# root's key, #21 and on, of 2026-12-01 to 2027-06-01
other_crl() {
	local out=$1 extensions=()
	shift
	while [ $# -gt 0 ] && [ "$1" != -- ]; do
		extensions+=("$1")
		shift
	done
	[ $# -eq 0 ] || shift
	cat >other.cnf <<-CNF
		[ca]
		default_ca = other
		[other]
		database = other.index
		crlnumber = other.number
		certificate = ${CERT:-$FIELD/root/root.pem}
		private_key = ${KEY:-$FIELD/root/root.key}
		default_md = sha256
		crl_extensions = crl
		[crl]
		authorityKeyIdentifier = keyid
		$(printf '%s\n' "${extensions[@]}")
	CNF
	sed -i "${EDIT:-}" other.cnf
	openssl ca -gencrl -config other.cnf -out other.pem \
		-crl_lastupdate "${FROM:-20261201000000Z}" \
		-crl_nextupdate "${UNTIL:-20270601000000Z}" "$@" 2>openssl.log &&
		openssl crl -in other.pem -outform DER -out "$out"
}

# signed_anew OUT CRL PERL: with its tbsCertList changed, by the root's key
signed_anew() {
	tbs_of "$2" | perl -0777 -e '
		sub tlv {
			my ($tag, $value) = @_;
			my $size = length $value;
			return chr($tag) . ($size < 128 ? chr $size :
			    $size < 256 ? "\x81" . chr $size :
			    "\x82" . pack("n", $size)) . $value;
		}
		$_ = <STDIN>;
		s/^\x30(\x81.|\x82..|.)//s;
		eval $ARGV[0];
		die $@ if $@;
		open(my $tbs, ">:raw", "tbs") or die;
		print $tbs tlv(0x30, $_);
		close($tbs);
		system("openssl", "dgst", "-sha256", "-sign", $ARGV[1],
		    "-out", "signature", "tbs") == 0 or die;
		open(my $signature, "<:raw", "signature") or die;
		print tlv(0x30, tlv(0x30, $_) .
		    pack("H*", "300a06082a8648ce3d040302") .
		    tlv(3, "\0" . <$signature>));' "$3" \
		"$FIELD/root/root.key" >"$1"
}

# critical_entry OUT CRL: with an extension that nobody understands in the
# place of the reasonCode of its only entry
critical_entry() {
	# shellcheck disable=SC2016
	signed_anew "$1" "$2" '
		my ($old, $new) = ("\x30\x0c\x30\x0a\x06\x03\x55\x1d\x15",
		    "\x30\x0f\x30\x0d\x06\x03\x55\x1d\x63\x01\x01\xff");
		s/\x30\x23\x30\x21(.{19})\Q$old\E/\x30\x26\x30\x24$1$new/s or
		    die'
}

# endless OUT CRL: without its nextUpdate
endless() {
	# shellcheck disable=SC2016
	signed_anew "$1" "$2" 's/(\x17\x0d\d{12}Z)\x17\x0d\d{12}Z/$1/ or die'
}

# signature_is_good CRL: says openssl
signature_is_good() {
	openssl crl -inform DER -in "$1" -CAfile "$FIELD/root/root.pem" \
		-noout 2>&1 | grep -qx 'verify OK'
}

# begin_anew: the machine of the root, before init
begin_anew() {
	rm -rf ca
	mkdir ca
	cp "$FIELD/root/root.pem" ca/
	install -m 600 "$FIELD/root/root.key" ca/root.key
	: >ca/index.txt
}

# init [OPTION]...: not through field_root, which goes on after a failure
init() {
	on_day "$ROOT_PROGRAM" init --name corp --certificate ca/root.pem \
		--key ca/root.key --index ca/index.txt \
		--output ca/crlferry.cfg "$@"
}

# initialized [OPTION]...: with seal keys, to be exported from
initialized() {
	begin_anew
	init --quiet "$@" >init.out 2>&1 || {
		cat init.out
		return 1
	}
	sed -i 's/^air_gap = .*/air_gap = "off";/' ca/crlferry.cfg
	field_ca keygen ca/seal.key ca/seal.pub --no-passphrase --quiet
	mkdir -p medium
}

# with_state FOLDER: nothing but the state folder, which every verb that writes
# makes
with_state() {
	mkdir -p "$1/state"
	echo 'crlferry-state 1' >"$1/state/version"
	install -m 600 /dev/null "$1/state/lock"
}

# planted NUMBER CRL: an archive as an older version of init left it
planted() {
	initialized
	with_state ca
	mkdir -p ca/state/corp/archive
	cp "$2" "ca/state/corp/archive/$1.crl"
}

# neither_takes STATUS TOKEN CRL [INIT-OPTION]...: init says the same as adopt,
# leaves nothing behind, and can be repeated with the base
neither_takes() {
	local code=$1 token=$2 file=$3
	shift 3
	begin_anew
	refused_alone ca "$code" "$token" init --last-crl "$file" "$@" || return
	[ "$(ls ca)" = "$(printf '%s\n' index.txt root.key root.pem)" ] ||
		return
	init --quiet "$@" >init.out 2>&1 || return
	with_state ca
	refused ca "$code" "$token" field_ca adopt corp "$file" || return
	rm -r ca/crlferry.cfg ca/state
	init --quiet --last-crl "$BASE" "$@" >init.out 2>&1 || return
	cmp "$BASE" ca/state/corp/archive/000021.crl
}

# both_take NUMBER CRL [INIT-OPTION]...
both_take() {
	local number=$1 file=$2
	shift 2
	begin_anew
	run init --last-crl "$file" "$@"
	[ "$status" -eq 0 ] &&
		cmp "$file" "ca/state/corp/archive/$number.crl" || return
	said=$output
	begin_anew
	init --quiet "$@"
	run field_ca adopt corp "$file"
	[ "$status" -eq 0 ] && cmp "$file" "ca/state/corp/archive/$number.crl"
}

export_to() {
	field_ca export "$1" --allow-fixed-disk "${@:2}"
}

# not_exported STATUS TOKEN TEXT: nothing is written, and what an import says
# of the same CRL has the same token
not_exported() {
	refused medium "$1" "$2" export_to medium || return
	says "$3" || return
	[ -z "$(ls -A medium)" ] || return
	rm -rf sub
	mkdir sub
	field_sub der:stores.crl >/dev/null || return
	cp ca/root.pem sub/root.pem
	refuses "$1" "$2" field_issuing import "$(last_crl ca corp)"
}

@test "init and adopt refuse alike what is no complete CRL of this root" {
	other_crl users.crl "$POINT,onlyuser:TRUE"
	other_crl attributes.crl "$POINT,DER:30038501FF"
	other_crl indirect.crl "$POINT,indirectCRL:TRUE"
	other_crl reasons.crl "$POINT,onlysomereasons:keyCompromise"
	other_crl part.crl "$POINT,fullname:URI:http://pki.example/0.crl"
	other_crl unknown.crl 1.2.3.4=critical,DER:0500
	for file in "$DELTA" {users,attributes,indirect,reasons,part,unknown}.crl
	do
		signature_is_good "$file"
		neither_takes 77 scope "$file"
	done
	# an entry with an extension that nobody understands
	printf 'R\t351231000000Z\t261101000000Z,superseded\t1001\t%s\n' \
		$'unknown\t/CN=a' >other.index
	other_crl listed.crl
	critical_entry entry.crl listed.crl
	signature_is_good entry.crl
	neither_takes 77 scope entry.crl
	says 'CRL entry extension 2.5.29.99 is critical'
}

@test "init and adopt refuse alike digests, dates, versions and strangers" {
	other_crl weak.crl -- -md sha1
	neither_takes 77 weak weak.crl
	FROM=20270101000000Z other_crl future.crl
	neither_takes 77 not-yet-valid future.crl
	UNTIL=20261101000000Z other_crl ended.crl
	neither_takes 77 expired ended.crl
	other_crl ending.crl
	endless endless.crl ending.crl
	signature_is_good endless.crl
	neither_takes 77 expired endless.crl
	says nextUpdate
	EDIT='/^crlnumber/d; /^crl_extensions/d' other_crl first.crl
	neither_takes 65 format first.crl
	says 'want v2 (RFC 5280 5.1.2.1), have v1'
	# other CAs, of another name and of this one
	make_root foreign p256 'Other Root'
	CERT=foreign/root.pem KEY=foreign/root.key other_crl foreign.crl
	neither_takes 65 issuer foreign.crl
	openssl req -config foreign/ca.cnf -new -x509 -days 7300 \
		-key foreign/root.key -extensions v3_root -out twin.pem \
		-subj '/C=DE/O=Example Authority/CN=Field Root CA'
	CERT=twin.pem KEY=foreign/root.key other_crl twin.crl
	neither_takes 65 issuer twin.crl
	says authorityKeyIdentifier
	CERT=twin.pem KEY=foreign/root.key EDIT='/^authorityKey/d' \
		other_crl twin.crl issuerAltName=DNS:x
	neither_takes 65 signature twin.crl
	cp "$BASE" damaged.crl
	flip damaged.crl $(($(stat -c %s damaged.crl) - 3))
	neither_takes 65 signature damaged.crl
}

@test "MD5 is refused by both as well" {
	make_root rsa rsa2048
	openssl ca -gencrl -config rsa/ca.cnf -md md5 -out weak.pem
	adopt_root rsa corp
	with_state rsa
	refused rsa 77 weak root rsa adopt corp weak.pem
	rm -r rsa/crlferry.cfg rsa/state rsa/seal.*
	refused_alone rsa 77 weak adopt_root rsa corp --last-crl weak.pem
	[ ! -e rsa/crlferry.cfg ]
	says 'openssl ca -gencrl -md sha256'
}

@test "a last CRL that has expired is taken, said, and followed" {
	FROM=20250101000000Z UNTIL=20250601000000Z other_crl old.crl
	both_take 000021 old.crl
	for output in "$output" "$said"; do
		says 'note: old.crl: this CRL expired on 2025-06-01T00:00:00Z'
	done
	initialized --last-crl old.crl
	refused medium 77 expired export_to medium
	says 'corp: CRL #21 expired on 2025-06-01T00:00:00Z'
	field_ca issue --confirm-date 2026-12-05 --quiet
	[ "$(crl_number "$(last_crl ca corp)")" = 16 ]
	export_to medium --quiet
}

@test "a partition is taken for the subordinate that names its point" {
	openssl req -new -key "$FIELD/root/root.key" -subj /CN=s2 -out s2.csr
	printf 'basicConstraints=critical,CA:TRUE\n%s\n' \
		'crlDistributionPoints=URI:http://pki.example/0.crl' >s2.cnf
	on_day openssl x509 -req -in s2.csr -CA "$FIELD/root/root.pem" \
		-CAkey "$FIELD/root/root.key" -set_serial 4097 -days 300 \
		-extfile s2.cnf -out s2.pem
	other_crl part.crl "$POINT,fullname:URI:http://pki.example/0.crl"
	neither_takes 77 scope part.crl --subordinate s1="$FIELD/root/s1.pem"
	both_take 000021 part.crl --subordinate s2="$PWD/s2.pem"
	other_crl cas.crl "$POINT,onlyCA:TRUE"
	both_take 000022 cas.crl
}

@test "after a refused delta CRL the base is adopted, and the other way" {
	initialized
	with_state ca
	refused ca 77 scope field_ca adopt corp "$DELTA"
	says 'of a delta, its base'
	field_ca adopt corp "$BASE" --quiet
	cmp "$BASE" "$(last_crl ca corp)"
	refused ca 77 scope field_ca adopt corp "$DELTA"
	field_ca status --json | jq -e '.pairs[0].number == "21" and
		.pairs[0].state == "fresh"'
	export_to medium --quiet
	cmp "$BASE" medium/crlferry/corp/000021/corp.crl
}

@test "another complete CRL of that number is refused, with a way out" {
	other_crl twin.crl
	initialized --last-crl "$BASE"
	refused ca 77 rollback field_ca adopt corp twin.crl
	says 'two CRLs were signed under one number'
	says 'crlferry-root adopt --config ca/crlferry.cfg corp FILE'
	says_not 'tell its operator'
}

@test "a delta CRL in an old archive: each verb says so, and takes the base" {
	planted 000021 "$DELTA"
	delta='a delta CRL is not complete (RFC 5280 5.2.4)'
	way='crlferry-root adopt --config ca/crlferry.cfg corp FILE'
	for verb in status plan; do
		run field_ca $verb
		[ "$status" -eq 0 ]
		says "archive ca/state/corp/archive/000021.crl: corp: CRL #21: $delta"
		says "$way"
		says invalid
	done
	says_not 'no CRL yet'
	for verb in issue 'issue --dry-run'; do
		# shellcheck disable=SC2086
		refused ca 77 scope field_ca $verb
		says "ca/state/corp/archive/000021.crl: $delta"
		says "$way"
	done
	not_exported 77 scope "corp: CRL #21: $delta"
	run field_ca adopt corp "$BASE"
	[ "$status" -eq 0 ]
	says "archive/000021.crl does not count: $delta"
	cmp "$BASE" "$(last_crl ca corp)"
	# it is kept, and hides nothing
	cmp "$DELTA" ca/state/corp/archive/000021-*.crl
	field_ca issue --quiet
	[ "$(crl_number "$(last_crl ca corp)")" = 16 ]
	export_to medium --quiet
	field_ca ledger verify --quiet
}

@test "a later delta CRL leaves its place to an earlier base" {
	echo 1E >other.number
	other_crl delta.crl 2.5.29.27=critical,DER:020115
	planted 000030 delta.crl
	# what is older than a complete one is refused all the same
	other_crl complete.crl
	cp complete.crl ca/state/corp/archive/000031.crl
	other_crl newest.crl 2.5.29.27=critical,DER:020115
	cp newest.crl ca/state/corp/archive/000032.crl
	refused ca 77 rollback field_ca adopt corp "$BASE"
	rm ca/state/corp/archive/00003[12].crl
	field_ca adopt corp "$BASE" --quiet
	cmp "$BASE" ca/state/corp/archive/000021.crl
	cmp delta.crl ca/state/corp/archive/000030-20261201T000000Z.crl
	run field_ca adopt corp "$BASE"
	[ "$status" -eq 0 ]
	says 'this is the current CRL already'
	# its number is used up
	field_ca issue --quiet
	[ -e ca/state/corp/archive/000031.crl ]
	export_to medium --quiet
	field_ca status --json | jq -e '.pairs[0].number == "31"'
}

@test "without its base: issue --first goes on from a delta CRL's number" {
	planted 000021 "$DELTA"
	field_ca issue --first --quiet
	[ "$(crl_number "$(last_crl ca corp)")" = 16 ]
	export_to medium --quiet
}

@test "export seals nothing that no import takes" {
	other_crl weak.crl -- -md sha1
	planted 000021 weak.crl
	not_exported 77 weak 'corp: CRL #21: signature algorithm'
	run --separate-stderr field_ca status --json
	jq -e '.pairs[0] | .state == "invalid" and
		(.detail | test("ecdsa-with-SHA1"))' <<<"$output"
	other_crl users.crl "$POINT,onlyuser:TRUE"
	planted 000022 users.crl
	not_exported 77 scope onlyContainsUserCerts
	# complete, but for an entry that nobody understands
	printf 'R\t351231000000Z\t261101000000Z,superseded\t1001\t%s\n' \
		$'unknown\t/CN=a' >other.index
	other_crl listed.crl
	critical_entry entry.crl listed.crl
	planted 000023 entry.crl
	not_exported 77 scope 'issue one: crlferry-root issue'
	cp other.index ca/index.txt
	field_ca issue --quiet
	: >other.index
	EDIT='/^crlnumber/d; /^crl_extensions/d' other_crl first.crl
	planted 000000 first.crl
	not_exported 65 format 'corp: CRL #0: CRL version: want v2'
	FROM=20250101000000Z UNTIL=20250601000000Z other_crl old.crl
	planted 000024 old.crl
	not_exported 77 expired 'corp: CRL #24 expired on'
	other_crl ending.crl
	endless endless.crl ending.crl
	planted 000025 endless.crl
	not_exported 77 expired nextUpdate
	run field_ca status
	says 'the CRL has no nextUpdate: adopt or issue one that has it'
	FROM=20261205120501Z other_crl future.crl
	planted 000026 future.crl
	not_exported 77 not-yet-valid 'corp: CRL #26: thisUpdate'
	# five minutes are not too many, nor for an import
	FROM=20261205120430Z other_crl soon.crl
	planted 000027 soon.crl
	export_to medium --quiet
}

@test "export seals nothing that is larger than max_crl_bytes" {
	initialized --last-crl "$BASE"
	echo 'max_crl_bytes = "100 B";' >>ca/crlferry.cfg
	refused medium 65 format export_to medium
	says 'corp: CRL #21: want at most 100 octets (max_crl_bytes), have'
	says 'raise max_crl_bytes in ca/crlferry.cfg'
	[ -z "$(ls -A medium)" ]
	sed -i '/^max_crl_bytes/d' ca/crlferry.cfg
	export_to medium --quiet
}

@test "what cannot be exported keeps no other root off the medium" {
	initialized --last-crl "$BASE"
	make_root far p256 'Far Root'
	make_root near p256 'Near Root'
	openssl ca -gencrl -config near/ca.cnf -out near.pem
	openssl ca -gencrl -config far/ca.cnf -md sha1 -out far.pem
	sed -i "/^roots = (/r /dev/stdin" ca/crlferry.cfg <<-CFG
		{ name = "far"; certificate = "$T/far/root.pem";
		  schedule = "quarterly"; },
		{ name = "near"; certificate = "$T/near/root.pem";
		  schedule = "quarterly"; },
		{ name = "none"; certificate = "$T/near/root.pem";
		  schedule = "quarterly"; },
	CFG
	mkdir -p ca/state/far/archive
	openssl crl -in far.pem -outform DER \
		-out ca/state/far/archive/000001.crl
	field_ca adopt near near.pem --quiet
	run --separate-stderr export_to medium --json
	[ "$status" -eq 77 ]
	jq -e '[.exported[] | "\(.root) \(.outcome) \(.token)"] ==
		["far failed weak", "near exported null",
		"none failed missing", "corp exported null"]' <<<"$output"
	# shellcheck disable=SC2154
	output=$stderr
	says 'crlferry-root: weak: far: CRL #1: '
	says 'crlferry-root: missing: none: it has no CRL yet'
	[ "$(ls medium/crlferry)" = $'corp\nnear' ]
	refuses 77 weak export_to medium far none
	says 'missing: none'
}

@test "no order is given for a CRL that no subordinate takes" {
	planted 000021 "$DELTA"
	sed -i 's|^      subordinates = (|&\n{ name = "s1"; }|' ca/crlferry.cfg
	refused ca 77 scope field_ca reset-order medium corp s1 --why lost \
		--allow-fixed-disk
	[ -z "$(ls -A medium)" ]
}

@test "an AKI that names the certificate before its renewal" {
	signature_is_good "$NAMES_OLD"
	both_take 000004 "$NAMES_OLD"
	# renewed: OpenSSL finds no CRL
	cp "$NAMES_OLD" named.crl
	openssl crl -inform DER -in named.crl -out named.pem
	run on_day openssl verify -CAfile "$FIELD/renewed/root.pem" \
		-crl_check -CRLfile named.pem "$FIELD/root/s1.pem"
	says 'unable to get certificate CRL'
	run on_day openssl verify -CAfile "$FIELD/root/root.pem" \
		-crl_check -CRLfile named.pem "$FIELD/root/s1.pem"
	[ "$status" -eq 0 ]
	begin_anew
	cp "$FIELD/renewed/root.pem" ca/root.pem
	refused_alone ca 65 issuer init --last-crl "$NAMES_OLD"
	says authorityCertSerialNumber
	init --quiet
	with_state ca
	refused ca 65 issuer field_ca adopt corp "$NAMES_OLD"
	# adopted before, renewed since
	initialized
	field_ca adopt corp "$NAMES_OLD" --quiet
	cp "$FIELD/renewed/root.pem" ca/root.pem
	not_exported 65 issuer 'corp: CRL #4: CRL authorityCertSerialNumber'
	run field_ca status
	says 'invalid'
	field_ca issue --quiet
	export_to medium --quiet
	on_day openssl verify -CAfile "$FIELD/renewed/root.pem" -crl_check \
		-CRLfile medium/crlferry/corp/000005/corp.crl.pem \
		"$FIELD/root/s1.pem"
}

# twice: twice.crl, which lists 1001 twice
twice() {
	printf 'R\t351231000000Z\t2611%s000000Z,superseded\t%s\t%s\n' \
		02 1001 $'unknown\t/CN=a' 01 1002 $'unknown\t/CN=b' >other.index
	other_crl two.crl
	signed_anew twice.crl two.crl \
		's/\x02\x02\x10\x02/\x02\x02\x10\x01/ or die'
	signature_is_good twice.crl
	[ "$(crl_count twice.crl)" -eq 2 ]
}

@test "a serial listed twice: adopted as one, and never exported" {
	twice
	initialized
	# the index has it: what it lacks is another matter
	head -n 1 other.index >ca/index.txt
	run field_ca adopt corp twice.crl
	[ "$status" -eq 0 ]
	says 'twice.crl lists serial 1001 (CN=a) more than once: that is kept as one'
	cmp twice.crl "$(last_crl ca corp)"
	not_exported 65 format 'corp: CRL #21: serial 1001 is listed twice'
	run field_ca status
	[ "$status" -eq 0 ]
	says 'serial 1001 is listed twice'
	field_ca issue --quiet
	[ "$(crl_count "$(last_crl ca corp)")" -eq 1 ]
	export_to medium --quiet
	# init does the same
	begin_anew
	head -n 1 other.index >ca/index.txt
	run init --last-crl twice.crl
	[ "$status" -eq 0 ]
	says 'twice.crl lists serial 1001 (CN=a) more than once: that is kept as one'
	cmp twice.crl "$(last_crl ca corp)"
}

@test "a serial listed twice, and another program signs" {
	twice
	initialized
	perl -0777 -pi -e 's/      signing = \{.*?\n      \};\n//s or die' \
		ca/crlferry.cfg
	field_ca adopt corp twice.crl --quiet
	refused medium 65 format export_to medium
	says 'adopt one: crlferry-root adopt --config ca/crlferry.cfg corp FILE'
	# the next one is judged by it
	cp other.index kept
	: >other.index
	FROM=20261202000000Z other_crl none.crl
	refused ca 77 shrunk field_ca adopt corp none.crl
	head -n 1 kept >other.index
	FROM=20261203000000Z other_crl one.crl
	field_ca adopt corp one.crl --quiet
	export_to medium --quiet
}

@test "init names what the index lacks of the last CRL, before issue does" {
	begin_anew
	run init --last-crl "$BASE"
	[ "$status" -eq 0 ]
	says 'ca/index.txt lacks revocations that '
	says "enter them: crlferry-root adopt --config ca/crlferry.cfg corp $BASE"
	cmp ca/index.txt /dev/null
	sed -i 's/^air_gap = .*/air_gap = "off";/' ca/crlferry.cfg
	refused ca 77 shrunk field_ca issue
	# the certificate's own line can be made as well
	cp -r ca ca2
	field_ca revoke corp 1001 --unknown --reason superseded --quiet
	field_ca issue --quiet
	lists "$(last_crl ca corp)" 1001
	rm -r ca
	mv ca2 ca
	field_ca adopt corp "$BASE" --quiet
	field_ca issue --quiet
	lists "$(last_crl ca corp)" 1001
}

# named COMMAND...: the command that the last refusal names first, run
named() {
	local command
	command=$(sed -n 's/.*enter them: crlferry-root \(adopt [^,]*\), .*/\1/p' \
		<<<"$output")
	[ -n "$command" ] || return
	eval "on_day \"\$ROOT_PROGRAM\" $command $*"
}

# revoked_in CRL: its entries, in openssl's words
revoked_in() {
	openssl crl -inform DER -in "$1" -noout -text |
		sed -n '/^Revoked/,/Signature Algorithm/p'
}

@test "adopt enters what the index lacks of the current CRL, with all of it" {
	local lines
	perl "$BATS_TEST_DIRNAME/craft" "$FIELD/root/root.key" last.crl '
		revoked => revoked(entry("\x10\0", "",
		    extension("2.5.29.21", "\x0a\1\6"),
		    extension("2.5.29.23", oid("1.2.840.10040.2.2"))),
		    entry("\xe8\1\2", utc("250102030405Z"),
		    extension("2.5.29.21", "\x0a\1\1"),
		    extension("2.5.29.24", generalized("20240506070809Z"))))'
	begin_anew
	init --quiet --last-crl last.crl
	sed -i 's/^air_gap = .*/air_gap = "off";/' ca/crlferry.cfg
	refused ca 77 shrunk field_ca issue
	lines=$(wc -l <ca/state/ledger.jsonl)
	named
	field_ca status || [ $? -eq 1 ]
	[ "$(wc -l <ca/state/ledger.jsonl)" -eq "$lines" ]
	grep -q 'Z,keyTime,20240506070809Z	-17FEFE	' ca/index.txt
	grep -q 'Z,holdInstruction,holdInstructionCallIssuer	1000	' \
		ca/index.txt
	# once is enough
	cp ca/index.txt entered
	run field_ca adopt corp last.crl --json
	[ "$status" -eq 0 ]
	says '"merged": 0'
	says '"outcome": "same"'
	cmp entered ca/index.txt
	field_ca issue --quiet
	diff <(revoked_in last.crl) <(revoked_in "$(last_crl ca corp)")
	# an index that was restored, and a CRL of our own
	head -n 1 entered >ca/index.txt
	refused ca 77 shrunk field_ca issue --dry-run
	named --json >out
	grep -q '"merged": 1' out
	field_ca issue --quiet
	diff <(revoked_in last.crl) <(revoked_in "$(last_crl ca corp)")
	# or the other ways
	: >ca/index.txt
	refused ca 77 shrunk field_ca issue
	says 'restore the index from a backup, or allow each serial: --ack'
	field_ca issue --quiet --acknowledge-removed 1000 \
		--acknowledge-removed -17FEFE
	[ "$(crl_count "$(last_crl ca corp)")" -eq 0 ]
}

@test "a list of another program that has lost entries is not to be restored" {
	printf 'R\t351231000000Z\t261101000000Z\t%s\tunknown\t/CN=a\n' \
		1001 >other.index
	other_crl two.crl
	initialized --last-crl two.crl
	: >other.index
	FROM=20261202000000Z other_crl none.crl
	refused ca 77 shrunk field_ca adopt corp none.crl
	says 'have the CA list them in its next CRL, and take that one, or allow'
	says 'allow each serial: --acknowledge-removed 1001'
	field_ca adopt corp none.crl --acknowledge-removed 1001 --quiet
}

@test "the number after the last CRL: crlnumber behind, ahead and missing" {
	for number in 05:16 15:16 16:16 40:40 none:16; do
		begin_anew
		printf 'R\t351231000000Z\t261101000000Z\t1001\tunknown\t/CN=a\n' \
			>ca/index.txt
		[ "${number%:*}" = none ] || echo "${number%:*}" >ca/crlnumber
		init --last-crl "$BASE" --quiet
		sed -i 's/^air_gap = .*/air_gap = "off";/' ca/crlferry.cfg
		field_ca issue --quiet
		[ "$(crl_number "$(last_crl ca corp)")" = "${number#*:}" ]
	done
}

@test "a last CRL after which there is no number is said to be one" {
	echo 7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF >other.number
	other_crl last.crl
	both_take 730750818665451459101842416358141509827966271487 last.crl
	for output in "$output" "$said"; do
		says 'last.crl has the highest number that there is, 2^159-1'
	done
	refused ca 65 format field_ca issue
}

@test "a serial listed three times counts once, and is entered once" {
	perl "$BATS_TEST_DIRNAME/craft" "$FIELD/root/root.key" three.crl '
		revoked => revoked(entry("\5"), entry("\6"),
		    entry("\5", utc("250101000000Z"),
		    extension("2.5.29.21", "\x0a\1\1")), entry("\5"))'
	begin_anew
	run init --last-crl three.crl
	[ "$status" -eq 0 ]
	says 'lacks revocations that three.crl lists, 2 in all'
	says 'lacks revocations of the last CRL: 05, 06 (2 in all)'
	rm -r ca/state ca/crlferry.cfg
	initialized
	run field_ca adopt corp three.crl
	[ "$status" -eq 0 ]
	says 'corp: adopted #5 with 2 revoked'
	says 'lists serial 05 more than once: that is kept as one'
	[ "$(grep -c 'note: 05: the CRL lists it' <<<"$output")" -eq 1 ]
	says '05: the CRL lists it more than once: entered once, by its ear'
	grep -q '	250101000000Z,keyCompromise	05	' ca/index.txt
	[ "$(wc -l <ca/index.txt)" -eq 2 ]
}
