#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# A root with a new certificate for the same key: OpenSSL, GnuTLS and NSS take
# what is below it under the new certificate, and under the old one still.

load ../e2e/root_setup
load reissue_helpers
load token_helpers

setup() {
	make_folder
	start_tokens
}

# with_nss: a program that asks NSS, in $T
with_nss() {
	local flags
	flags=$(pkg-config --cflags --libs nss)
	# shellcheck disable=SC2086	# a list of words
	cc -o "$T/nss_verify" "$BATS_TEST_DIRNAME/nss_verify.c" $flags
}

# nss ROOT CRL SUBORDINATE: what NSS says; the certificates are PEM
nss() {
	openssl x509 -in "$1" -outform DER -out "$T/nss-root.der"
	openssl x509 -in "$3" -outform DER -out "$T/nss-sub.der"
	run "$T/nss_verify" "$T/nss-root.der" "$2" "$T/nss-sub.der"
}

# accepted_under ROOT FOLDER CRL: under that certificate of the root everybody
# takes the CRL and `one`, and nobody takes `gone`
accepted_under() {
	local root=$1 folder=$2 crl=$3
	openssl crl -inform DER -in "$crl" -CAfile "$root" -noout 2>&1 |
		grep -qx 'verify OK' || return 1
	openssl crl -inform DER -in "$crl" -out "$T/crl.pem"
	openssl verify -crl_check -CAfile "$root" -CRLfile "$T/crl.pem" \
		"$folder/one.pem" || return 1
	run openssl verify -crl_check -CAfile "$root" -CRLfile "$T/crl.pem" \
		"$folder/gone.pem"
	says 'certificate revoked' || return 1
	certtool --verify-crl --load-ca-certificate "$root" \
		--infile "$T/crl.pem" 2>&1 | grep -q ': Verified\.' || return 1
	nss "$root" "$crl" "$folder/one.pem"
	[ "$output" = accepted ] || {
		echo "NSS: $output"
		return 1
	}
	nss "$root" "$crl" "$folder/gone.pem"
	says SEC_ERROR_REVOKED_CERTIFICATE
}

# stays_the_same OLD NEW: what must stay has stayed
stays_the_same() {
	local what
	for what in -subject -issuer -pubkey -startdate; do
		cmp <(openssl x509 -in "$1" -noout $what) \
			<(openssl x509 -in "$2" -noout $what) || return 1
	done
	cmp <(openssl x509 -in "$1" -noout -text |
		sed -n '/X509v3 extensions/,/Signature Algorithm/p' |
		sed '$d') \
		<(openssl x509 -in "$2" -noout -text |
		sed -n '/X509v3 extensions/,/Signature Algorithm/p' |
		sed '$d') || return 1
	! cmp -s <(openssl x509 -in "$1" -noout -serial) \
		<(openssl x509 -in "$2" -noout -serial)
}

# goes_round FOLDER WANT [PIN]: the whole way of a root that is adopted as corp,
# whose new certificate is signed with WANT
goes_round() {
	local folder=$1 want=$2 pin=${3:-} end
	root "$folder" issue --first --quiet --passphrase-fd 7 7<<<"$pin"
	cp "$folder/root.pem" old.pem
	end=$(date -d "$(openssl x509 -in old.pem -noout -enddate |
		sed 's/.*=//')" +%s)
	reissue "$folder" --output "$folder/new.pem" --passphrase-fd 7 \
		7<<<"$pin" || return 1
	stays_the_same old.pem "$folder/new.pem" || return 1
	openssl x509 -in "$folder/new.pem" -noout -text |
		grep -q "Signature Algorithm: $want" || return 1
	openssl x509 -in "$folder/new.pem" -noout \
		-checkend $((end - $(date +%s) + 86400)) || return 1
	openssl verify -check_ss_sig -CAfile "$folder/new.pem" \
		"$folder/new.pem" || return 1
	is_silent "$folder" "$folder/new.pem" || return 1
	# The CRL from before, and one that is issued with the new one set.
	accepted_under "$folder/new.pem" "$folder" \
		"$(last_crl "$folder" corp)" || return 1
	set_certificate "$folder/crlferry.cfg" root.pem new.pem
	root "$folder" issue --quiet --passphrase-fd 7 7<<<"$pin" || return 1
	[ "$(crl_number "$(last_crl "$folder" corp)")" = 02 ]
	accepted_under "$folder/new.pem" "$folder" \
		"$(last_crl "$folder" corp)" || return 1
	accepted_under old.pem "$folder" "$(last_crl "$folder" corp)" ||
		return 1
	root "$folder" ledger verify --quiet && no_leftovers
}

@test "RSA: MD5, SHA-1, and one that ends soon" {
	local digest
	with_nss
	for digest in md5 sha1 sha256; do
		weak_root "$digest" rsa2048 "$digest" 300
		adopt_root "$digest" corp
		goes_round "$digest" sha256WithRSAEncryption
	done
}

@test "EC: SHA-1, and one that ends soon" {
	local type digest
	with_nss
	while read -r type digest want; do
		weak_root "$type" "$type" "$digest" 300
		adopt_root "$type" corp
		goes_round "$type" "$want"
	done <<-TYPES
		p256 sha1 ecdsa-with-SHA256
		p384 sha384 ecdsa-with-SHA384
	TYPES
}

@test "in a token: RSA with MD5, EC with SHA-1" {
	local type digest want
	with_nss
	while read -r type digest want; do
		weak_root "$type" "$type" "$digest" 300
		make_token "$type" 1234
		put_key "$type" 1234 root 01a0 "$type/root.key"
		adopt_root "$type" corp
		use_key "$type" "pkcs11:token=$type;object=root?module-path=$SOFTHSM"
		rm "$type/root.key"
		goes_round "$type" "$want" 1234
	done <<-TYPES
		rsa3072 md5 sha256WithRSAEncryption
		p384 sha1 ecdsa-with-SHA384
	TYPES
	refused p384 65 key reissue p384 --output p384/other.pem \
		--passphrase-fd 7 7<<<4321
	says 'wrong PIN'
	[ ! -e p384/other.pem ]
}

@test "an AKI with issuer and serial: OpenSSL verifies the new one by itself" {
	with_nss
	old_root ca rsa2048
	sed -i '/^\[v3_root\]/a authorityKeyIdentifier = keyid:always,issuer:always' \
		ca/ca.cnf
	weak_root_again() {
		faketime '-100 days' openssl req -config ca/ca.cnf -new -x509 \
			-sha1 -key ca/root.key -subj '/CN=Test Root' -days 300 \
			-extensions v3_root -out ca/root.pem
	}
	weak_root_again
	make_sub ca one
	# Made as openssl's own example of a configuration has it.
	sed -i '/^\[v3_sub\]/,/^\[/s/^authorityKeyIdentifier.*/authorityKeyIdentifier = keyid,issuer:always/' ca/ca.cnf
	make_sub ca bound
	adopt_root ca corp --subordinate one=ca/one.pem \
		--subordinate bound=ca/bound.pem
	root ca issue --first --quiet
	run reissue ca --output ca/new.pem
	[ "$status" -eq 0 ]
	says 'corp/bound: its certificate names the old certificate of the root'
	says_not 'corp/one: '
	openssl x509 -in ca/root.pem -noout -text | grep -q DirName
	run openssl x509 -in ca/new.pem -noout -ext authorityKeyIdentifier
	says_not DirName
	says_not serial
	is_silent ca ca/new.pem
	openssl verify -check_ss_sig -CAfile ca/new.pem ca/new.pem
	openssl verify -CAfile ca/new.pem ca/one.pem
	# As the note says, and as long as the old one is there.
	run ! openssl verify -CAfile ca/new.pem ca/bound.pem
	cat ca/new.pem ca/root.pem >both.pem
	openssl verify -CAfile both.pem ca/bound.pem
}

@test "who trusts both certificates takes the new one, once the old has ended" {
	weak_root ca p256 sha256 101
	adopt_root ca corp
	root ca issue --first --quiet
	reissue ca --output ca/new.pem --quiet
	cat ca/root.pem ca/new.pem >both.pem
	openssl verify -CAfile both.pem ca/one.pem
	run ! faketime '+3 days' openssl verify -CAfile ca/root.pem ca/one.pem
	faketime '+3 days' openssl verify -CAfile both.pem ca/one.pem
	faketime '+3 days' openssl verify -CAfile ca/new.pem ca/one.pem
	# And an expired root can be reissued.
	refuses 77 expired faketime '+3 days' "$ROOT_PROGRAM" issue \
		--config ca/crlferry.cfg
	says 'crlferry-root reissue --config ca/crlferry.cfg corp --output FILE'
	faketime '+3 days' "$ROOT_PROGRAM" reissue corp --quiet \
		--config ca/crlferry.cfg --output ca/root.pem
	faketime '+3 days' "$ROOT_PROGRAM" issue --config ca/crlferry.cfg
}

@test "round the stick: the bundle carries it, and old and new take the bundle" {
	local readme=stick/crlferry/corp/000001/README.txt
	weak_root ca rsa2048 md5 300
	adopt_root ca corp
	mkdir stick
	root ca issue --first --quiet
	root ca export stick --allow-fixed-disk --quiet
	run ! grep -q 'new certificate' "$readme"
	make_sub_config ca corp one
	run sub import stick
	[ "$status" -eq 0 ]
	says_not 'newer certificate'
	reissue ca --output ca/new.pem --until 2046-01-01 --quiet
	run root ca status
	says 'a new one is made: set'
	root ca export stick --allow-fixed-disk --quiet
	cmp stick/crlferry/corp/000001/corp.crt \
		<(openssl x509 -in ca/new.pem -outform DER)
	grep -q "The root has a new certificate: corp.crt" "$readme"
	grep -q "certutil -addstore Root corp.crt" "$readme"
	grep -q "certutil -dspublish -f corp.crt RootCA" "$readme"
	tr -d ' \n\r' <"$readme" | grep -q "$(sha256sum \
		<stick/crlferry/corp/000001/corp.crt | cut -d' ' -f1)"
	run ! grep -qv $'\r$' "$readme"
	(cd stick/crlferry/corp/000001 && sha256sum -c --quiet SHA256SUMS)
	# Pinned are subject and key.
	run sub import stick
	[ "$status" -eq 0 ]
	says 'corp: the bundle has a newer certificate of this root'
	says 'README.txt'
	[ "$(grep -c 'newer certificate' <<<"$output")" -eq 1 ]
	run sub info stick
	says 'corp: the bundle has a newer certificate of this root'
	run sub check
	says "ask the root's operator for a new one"
	# The subordinate takes it up, then the root.
	openssl x509 -inform DER -in stick/crlferry/corp/000001/corp.crt \
		-out sub/new.pem
	set_certificate sub/crlferry.cfg corp.pem new.pem ||
		set_certificate sub/crlferry.cfg root.pem new.pem
	run sub import stick
	[ "$status" -eq 0 ]
	says_not 'newer certificate'
	run sub check
	[ "$status" -eq 0 ]
	set_certificate ca/crlferry.cfg root.pem new.pem
	root ca issue --quiet
	root ca export stick --allow-fixed-disk --quiet
	run sub import stick
	[ "$status" -eq 0 ]
	says 'CRL #2 is installed'
	says_not 'newer certificate'
	grep -q "The root has a new certificate" \
		stick/crlferry/corp/000002/README.txt
	run root ca status
	says_not reissue
	says_not 'new one'
}
