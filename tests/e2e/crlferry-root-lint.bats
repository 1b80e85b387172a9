#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# crlferry-root lint: what is wrong with CRLs and CA certificates.

load root_setup

lint() {
	"$ROOT_PROGRAM" lint "$@"
}

# clean [OPTION]... FILE...: not a word
clean() {
	run lint "$@"
	[ "$status" -eq 0 ] && [ -z "$output" ] || {
		echo "want silence, have status $status: $output"
		return 1
	}
}

# finds SEVERITY ID [OPTION]... FILE: that finding, among others
finds() {
	local severity=$1 id=$2 want=0
	shift 2
	[ "$severity" != error ] || want=65
	run lint "$@"
	[[ $output == *": $severity: $id: "* ]] || {
		echo "want $severity $id, have status $status: $output"
		return 1
	}
	[ "$want" -eq 0 ] || [ "$status" -eq "$want" ] || {
		echo "want status $want, have $status: $output"
		return 1
	}
}

# finds_only SEVERITY ID [OPTION]... FILE: that finding and no other
finds_only() {
	finds "$@" || return
	[ "${#lines[@]}" -eq 1 ] || {
		echo "want one finding, have $output"
		return 1
	}
}

# is_neither FILE: neither a CRL nor a certificate, which is a finding and a
# refusal with its remedy
is_neither() {
	finds error format "$1" && refuses 65 format lint "$1" || return
	[ "${#lines[@]}" -eq 3 ] || {
		echo "want one finding, have $output"
		return 1
	}
}

# crl_of FOLDER [OPTION]...: openssl's CRL in crl.pem
crl_of() {
	local folder=$1
	shift
	openssl ca -gencrl -config "$folder/ca.cnf" -out crl.pem "$@"
}

# forge OUT [NAME=VALUE]...: a CRL put together by hand, under no signature.
# THIS, NEXT, DATE (of an entry) and INVALIDITY are a tag in hex, a colon, and
# text; REVOKED is none, empty or one
forge() {
	local out=$1
	shift
	env "$@" perl -e '
		my %o = (THIS => "17:260101000000Z", DATE => "17:250101000000Z",
		    NEXT => "17:260801000000Z", REVOKED => "one",
		    INVALIDITY => "18:20241231000000Z", %ENV);
		sub der {
			my ($tag, @parts) = @_;
			my $content = join "", @parts;
			my $n = length $content;
			return chr($tag) . ($n < 128 ? chr($n) : $n < 256 ?
			    "\x81" . chr($n) : "\x82" . pack("n", $n)) .
			    $content;
		}
		sub text {
			my ($tag, $text) = split /:/, $o{$_[0]}, 2;
			return der(hex $tag, $text);
		}
		sub extension {
			my ($id, $value) = @_;
			return der(0x30, der(0x06, "\x55\x1d" . chr $id),
			    der(0x04, $value));
		}
		my $algorithm = der(0x30,
		    der(0x06, "\x2a\x86\x48\xce\x3d\x04\x03\x02"));
		my $issuer = der(0x30, der(0x31, der(0x30,
		    der(0x06, "\x55\x04\x03"), der(0x0c, "Forged"))));
		my $entry = der(0x30, der(0x02, "\x05"), text("DATE"),
		    der(0x30, extension(0x15, der(0x0a, "\x01")),
		    extension(0x18, text("INVALIDITY"))));
		my $revoked = $o{REVOKED} eq "none" ? "" :
		    der(0x30, $o{REVOKED} eq "empty" ? "" : $entry);
		my $extensions = der(0xa0, der(0x30,
		    extension(0x23, der(0x30, der(0x80, "k" x 20))),
		    extension(0x14, der(0x02, "\x07"))));
		my $tbs = der(0x30, der(0x02, "\x01"), $algorithm, $issuer,
		    text("THIS"), $o{NEXT} eq "none" ? "" : text("NEXT"),
		    $revoked, $extensions);
		print der(0x30, $tbs, $algorithm, der(0x03, "\x00" .
		    der(0x30, der(0x02, "\x01"), der(0x02, "\x01"))));
		' >"$out"
}

@test "silent on every CRL that we issue, under rfc5280" {
	local type
	for type in rsa2048 p256 p384 p521 ed25519; do
		old_root $type $type
		make_sub $type one
		make_sub $type two
		adopt_root $type corp
		root $type issue --first --quiet
		# Revoked a moment ago, which thisUpdate lies before.
		revoke_sub $type one
		revoke_sub $type two certificateHold
		root $type issue --quiet
		make_index 100 | cat - $type/index.txt >index
		cat index >$type/index.txt
		root $type issue --quiet
		clean --root $type/root.pem $type/state/corp/archive/*.crl
		clean $type/root.pem $type/one.pem
	done
	[ "$(crl_count ed25519/state/corp/archive/000003.crl)" -eq 102 ]
}

@test "silent on what we issue under br, for RSA, P-256 and P-384" {
	local type schedule
	for type in rsa2048 p256 p384; do
		old_root $type $type
		make_sub $type one
		adopt_root $type corp
		sed -i 's/profile = "rfc5280"/profile = "br"/' \
			$type/crlferry.cfg
		root $type issue --first --quiet
		revoke_sub $type one cessationOfOperation
		for schedule in annual-br monthly semiannual; do
			sed -i "s/schedule = \"[a-z-]*\"/schedule = \"$schedule\"/" \
				$type/crlferry.cfg
			root $type issue --quiet
		done
		clean --profile br --root $type/root.pem \
			$type/state/corp/archive/*.crl
	done
	[ "$(find p384/state/corp/archive -name '*.crl' | wc -l)" -eq 4 ]
}

@test "MD5 and SHA-1: the CRL" {
	local digest
	old_root ca rsa2048
	for digest in md5 sha1; do
		crl_of ca -md $digest
		finds_only error algorithm-weak crl.pem
		finds_only error algorithm-weak --profile br \
			--root ca/root.pem crl.pem
		openssl crl -in crl.pem -outform DER -out crl.der
		finds_only error algorithm-weak crl.der
	done
	old_root ec p256
	crl_of ec -md sha1
	finds_only error algorithm-weak crl.pem
	crl_of ec -md sha256
	clean --root ec/root.pem crl.pem
}

@test "MD5 and SHA-1: the root's certificate" {
	local digest
	old_root ca rsa2048
	for digest in md5 sha1; do
		openssl req -config ca/ca.cnf -new -x509 -key ca/root.key \
			-subj /CN=x -days 9 -extensions v3_root -$digest \
			-out weak.pem
		# Nobody relies on what a root says of itself: no error.
		finds_only warning root-weak weak.pem
		lint weak.pem
		finds_only error certificate-weak --profile br weak.pem
		openssl x509 -in weak.pem -outform DER -out weak.der
		finds_only warning root-weak weak.der
	done
	# A subordinate's is relied on.
	make_key sub.key p256
	openssl req -config ca/ca.cnf -new -key sub.key -subj /CN=sub \
		-out sub.csr
	openssl ca -config ca/ca.cnf -batch -notext -extensions v3_sub \
		-md sha1 -in sub.csr -out sub.pem
	finds_only error certificate-weak sub.pem
}

@test "v1, and extensions that are missing" {
	old_root ca p256
	make_sub ca one
	cp ca/ca.cnf kept
	sed -i '/^crl_extensions\|^crlnumber/d' ca/ca.cnf
	crl_of ca
	openssl crl -in crl.pem -noout -text | grep -q 'Version 1'
	finds error crl-version crl.pem
	finds error aki-missing crl.pem
	finds error number-missing crl.pem
	sed '/^crl_extensions/d' kept >ca/ca.cnf
	crl_of ca
	finds_only error aki-missing crl.pem
	sed '/^crlnumber/d' kept >ca/ca.cnf
	crl_of ca
	finds_only error number-missing crl.pem
	sed 's/^authorityKeyIdentifier = keyid$/&,issuer:always/' kept \
		>ca/ca.cnf
	crl_of ca
	clean crl.pem
	sed '/^\[crl\]/a issuingDistributionPoint = critical,@idp
		s/^\[v3_root\]/[idp]\nonlyCA = TRUE\n&/' kept >ca/ca.cnf
	crl_of ca
	finds_only notice partial-scope crl.pem
	clean --profile br --root ca/root.pem ca/root.pem
	cp kept ca/ca.cnf
	crl_of ca
	clean crl.pem
}

@test "reasons: 0, and what br forbids" {
	make_corp
	printf 'R\t350101000000Z\t240102030405Z,unspecified\t0A\t%s\t%s\n' \
		unknown /CN=a >ca/index.txt
	crl_of ca
	finds_only warning reason-unspecified crl.pem
	lint crl.pem
	finds_only error br-reason-unspecified --profile br crl.pem
	sed -i 's/unspecified/certificateHold/' ca/index.txt
	crl_of ca
	clean crl.pem
	finds_only error br-reason-hold --profile br crl.pem
	sed -i 's/,certificateHold//' ca/index.txt
	crl_of ca
	clean crl.pem
	finds_only notice br-reason-missing --profile br crl.pem
	sed -i 's/405Z/&,removeFromCRL/' ca/index.txt
	crl_of ca
	finds_only error reason-remove crl.pem
}

@test "the forged CRL is clean, so that each fault stands alone" {
	forge crl.der
	openssl crl -inform DER -in crl.der -noout
	clean crl.der
	forge crl.der REVOKED=none
	clean crl.der
	clean --profile br crl.der
}

@test "an empty list of revocations" {
	forge crl.der REVOKED=empty
	finds_only error revoked-empty crl.der
	openssl crl -inform DER -in crl.der -outform PEM -out crl.pem
	finds_only error revoked-empty crl.pem
}

@test "fractional and malformed times, wherever one stands" {
	local where time
	for where in THIS NEXT DATE INVALIDITY; do
		for time in 18:20260101000000.5Z 18:20260101000000.0Z \
			18:202601010000Z 18:20260101000000 \
			18:20260101000000+0100 18:20260101000000z \
			18:20261301000000Z 18:20260230000000Z \
			18:20260101240000Z 18:20260101000060Z \
			'18: 0260101000000Z' 18: 16:20260101000000Z \
			17:2601010000Z 17:260101000000 \
			17:260101000000+0100 17:260101000000z \
			17:261301000000Z 17:260230000000Z 17:260101240000Z \
			17:260101000060Z '17:26010100000 Z' 17:; do
			forge crl.der "$where=$time"
			finds_only error format crl.der || {
				echo "$where=$time"
				return 1
			}
		done
	done
	forge crl.der INVALIDITY=17:260101000000Z
	finds_only error format crl.der
}

@test "times in the wrong type, order and length" {
	forge crl.der THIS=18:20260101000000Z
	finds_only error this-update-encoding crl.der
	forge crl.der NEXT=18:20260801000000Z
	finds_only error next-update-encoding crl.der
	forge crl.der DATE=18:20250101000000Z
	finds_only error entry-date-encoding crl.der
	forge crl.der NEXT=17:260101000000Z
	finds_only error next-update-order crl.der
	forge crl.der NEXT=17:250801000000Z
	finds_only error next-update-order crl.der
	forge crl.der NEXT=none
	finds_only error next-update-missing crl.der
	forge crl.der NEXT=17:270101000001Z
	clean crl.der
	finds_only error br-validity --profile br crl.der
	forge crl.der NEXT=17:270101000000Z
	clean --profile br crl.der
	# A date up to a day after thisUpdate is what backdating leaves.
	forge crl.der DATE=17:260102000000Z
	clean crl.der
	forge crl.der DATE=17:260102000001Z
	finds_only warning entry-date-late crl.der
	forge crl.der NEXT=18:20500801000000Z
	clean crl.der
}

@test "--root: another name, another key, a signature that does not fit" {
	old_root ca p256
	old_root rekeyed p256
	old_root named p256 'Another Name'
	crl_of ca
	clean --root ca/root.pem crl.pem
	finds error signature --root rekeyed/root.pem crl.pem
	finds error aki-mismatch --root rekeyed/root.pem crl.pem
	finds error issuer --root named/root.pem crl.pem
	openssl crl -in crl.pem -outform DER -out crl.der
	perl -0777 -pe 'substr($_, -1, 1) ^= "\x01"' crl.der >bad.der
	clean bad.der
	finds_only error signature --root ca/root.pem bad.der
	refuses 66 missing lint --root none.pem crl.pem
	refuses 65 format lint --root crl.pem crl.pem
}

@test "damage: cut, trailing octets, garbage, nothing" {
	local size at
	forge crl.der
	size=$(stat -c %s crl.der)
	for ((at = 0; at < size; at += 11)); do
		head -c "$at" crl.der >cut.der
		is_neither cut.der
	done
	(cat crl.der && printf '\0') >long.der
	is_neither long.der
	echo garbage >garbage
	is_neither garbage
	head -c 100000 /dev/urandom >random
	is_neither random
	echo '-----BEGIN X509 CRL-----' >half.pem
	is_neither half.pem
	old_root ca p256
	head -c 200 ca/root.pem >cut.pem
	run lint cut.pem
	[ "$status" -eq 65 ]
}

@test "certificates: no CA, no cRLSign, no SKI, a short key" {
	old_root ca rsa2048
	cp ca/ca.cnf kept
	remake() {
		sed "$1" kept >ca/ca.cnf
		openssl req -config ca/ca.cnf -new -x509 -key ca/root.key \
			-subj /CN=x -days 9 -extensions v3_root -out new.pem
	}
	remake 's/CA:TRUE$/CA:FALSE/'
	finds_only error certificate-not-ca new.pem
	remake 's/critical,CA:TRUE$/CA:TRUE/'
	finds_only error basic-constraints-critical new.pem
	remake 's/keyCertSign,cRLSign/keyCertSign/'
	finds_only error crl-sign-missing new.pem
	remake '/^keyUsage/d'
	finds_only warning key-usage-missing new.pem
	remake 's/^subjectKeyIdentifier = .*/subjectKeyIdentifier = none/'
	finds_only error ski-missing new.pem
	make_key ca/root.key rsa1024
	remake ''
	finds_only warning rsa-short new.pem
	finds_only error br-rsa-short --profile br new.pem
}

@test "--json names file, kind and findings; many files, the worst counts" {
	old_root ca p256
	crl_of ca
	forge bad.der REVOKED=empty NEXT=none
	run lint --json bad.der
	[ "$status" -eq 65 ]
	jq -e '.type == "crlferry-lint" and .version == 1 and
		.file == "bad.der" and .kind == "crl" and
		([.findings[].id] | sort) ==
		["next-update-missing", "revoked-empty"] and
		(.findings | all(.severity == "error" and
		(.source | startswith("RFC 5280")) and
		(.text | length) > 0))' <<<"$output"
	run lint --json ca/root.pem
	[ "$status" -eq 0 ]
	jq -e '.kind == "certificate" and .findings == []' <<<"$output"
	run lint crl.pem bad.der ca/root.pem
	[ "$status" -eq 65 ]
	[ "${#lines[@]}" -eq 2 ]
	[[ ${lines[0]} == "bad.der: error: "* ]]
}

@test "what is found again and again is told in few lines" {
	old_root ca p256
	for ((i = 0; i < 300; i++)); do
		printf 'R\t350101000000Z\t%s\t%04X\tunknown\t/CN=%d\n' \
			240102030405Z,unspecified "$i" "$i"
	done | sed 's/\t0000\t/\tAAAA\t/' >ca/index.txt
	crl_of ca
	run lint crl.pem
	[ "$status" -eq 0 ]
	[ "${#lines[@]}" -eq 21 ]
	says 'crl.pem: and 280 more of the same'
}

@test "wrong options, missing files" {
	old_root ca p256
	crl_of ca
	refused . 64 usage lint
	refused . 64 usage lint --profile etsi crl.pem
	refused . 64 usage lint --nonsense crl.pem
	refused . 66 missing lint none.crl
	refused . 65 format lint ca
	mkfifo fifo
	refused . 65 format lint fifo
	# What came before a missing file is told all the same.
	forge bad.der REVOKED=empty
	refuses 66 missing lint bad.der none.crl
	says revoked-empty
}
