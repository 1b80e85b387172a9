#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# crlferry-root reissue: what is written where, and what is refused.  Who takes
# the new certificate is tested in tests/peers/reissue.bats.

load root_setup
load adopt_fixture
load ../peers/reissue_helpers

# a_root [KEYTYPE DIGEST]: in ca, with a CRL
a_root() {
	weak_root ca "${1:-p256}" "${2:-sha1}" 300
	adopt_root ca corp
	root ca issue --first --quiet
}

# unchanged STATUS TOKEN ARGUMENT...: reissue refuses, nothing in ca is another
# and nothing was kept
unchanged() {
	local want=$1 token=$2
	shift 2
	refused ca "$want" "$token" reissue ca "$@" || return
	[ ! -e ca/state/corp/certificates ] && [ ! -e ca/new.pem ]
}

# sha256_of CERTIFICATE: of its DER
sha256_of() {
	openssl x509 -in "$1" -outform DER | sha256sum | cut -d' ' -f1
}

@test "what it says, what it writes, what it keeps" {
	a_root rsa2048 md5
	cp ca/root.pem old.pem
	run reissue ca --output ca/new.pem
	[ "$status" -eq 0 ]
	says 'corp: a new certificate for the same key is in ca/new.pem'
	says 'subject      CN=Test Root'
	says 'signed with  sha256WithRSAEncryption (before: md5WithRSAEncryption)'
	printf '%s' "$output" | tr -d ' \n' |
		grep -q "SHA-256$(sha256_of ca/new.pem)"
	says 'in ca/crlferry.cfg'
	says '  certificate = "new.pem";'
	cmp old.pem ca/root.pem
	# Both are kept, under their serials.
	for cert in old.pem ca/new.pem; do
		serial=$(openssl x509 -in $cert -noout -serial |
			sed 's/.*=//; s/.*/\L&/')
		cmp "ca/state/corp/certificates/$serial.crt" \
			<(openssl x509 -in $cert -outform DER)
	done
	[ "$(find ca/state/corp/certificates -name '*.crt' | wc -l)" -eq 2 ]
	[ "$(stat -c %a ca/new.pem)" = 644 ]
	no_leftovers
}

@test "the ledger: the intent before, the certificate after" {
	a_root
	reissue ca --output ca/new.pem --quiet
	run root ca ledger verify
	[ "$status" -eq 0 ]
	tail -n 2 ca/state/ledger.jsonl >lines
	jq -se '.[0].event == "reissue-intent" and .[1].event == "reissue" and
		.[0].serial == .[1].serial and
		(.[0] | has("sha256") | not) and .[1].root == "corp" and
		.[1].file == "ca/new.pem" and
		.[1].algorithm == "ecdsa-with-SHA256" and
		(.[1] | has("number") | not)' lines
	[ "$(jq -r 'select(.event == "reissue").sha256' lines)" = \
		"$(sha256_of ca/new.pem)" ]
	[ "$(jq -r 'select(.event == "reissue").replaces' lines)" = \
		"$(sha256_of ca/root.pem)" ]
	[ "$(jq -r 'select(.event == "reissue").not_after' lines)" = \
		"$(date -u -d "$(openssl x509 -in ca/new.pem -noout -enddate |
		sed 's/.*=//')" +%FT%TZ)" ]
}

@test "JSON" {
	a_root
	run reissue ca --output ca/new.pem --until 2051-02-03 --digest sha512 \
		--json
	[ "$status" -eq 0 ]
	jq -e '.type == "crlferry-reissue" and .version == 1 and
		(.reissued | length) == 1 and .reissued[0].root == "corp" and
		.reissued[0].not_after == "2051-02-03T00:00:00Z" and
		.reissued[0].algorithm == "ecdsa-with-SHA512" and
		.reissued[0].old_algorithm == "ecdsa-with-SHA1" and
		.reissued[0].path == "ca/new.pem" and
		.reissued[0].replaced == false' <<<"$output"
	openssl x509 -in ca/new.pem -noout -enddate |
		grep -q 'Feb  3 00:00:00 2051'
}

@test "the configured certificate is replaced, with its mode, form and links" {
	a_root
	cp ca/root.pem old.pem
	chmod 640 ca/root.pem
	chown 0:1 ca/root.pem
	run reissue ca --output ca/root.pem
	[ "$status" -eq 0 ]
	says_not 'certificate = '
	run ! cmp -s old.pem ca/root.pem
	[ "$(stat -c '%a %u:%g' ca/root.pem)" = '640 0:1' ]
	head -n 1 ca/root.pem | grep -q 'BEGIN CERTIFICATE'
	root ca issue --quiet
	verifies ca "$(last_crl ca corp)"
	# DER stays DER, and a link stays a link.
	mv ca/root.pem ca/real.pem
	openssl x509 -in ca/real.pem -outform DER -out ca/real.der
	ln -s real.der ca/root.pem
	before=$(sha256_of ca/root.pem)
	reissue ca --output ca/root.pem --quiet
	[ -L ca/root.pem ]
	openssl x509 -inform DER -in ca/real.der -noout
	[ "$before" != "$(sha256_of ca/root.pem)" ]
	[ "$(find ca/state/corp/certificates -name '*.crt' | wc -l)" -eq 3 ]
	no_leftovers
}

@test "a file that is there already, a folder, none" {
	a_root
	echo precious >other.pem
	unchanged 64 usage --output other.pem
	says 'other.pem is there already; nothing was signed'
	[ "$(cat other.pem)" = precious ]
	ln -s nowhere ca/dangling
	unchanged 64 usage --output ca/dangling
	unchanged 64 usage --output ca/
	unchanged 64 usage --output ''
	unchanged 64 usage
	says '--output is required'
	unchanged 66 missing --output ca/none/new.pem
}

@test "an end before the old one, or past; no date" {
	a_root
	unchanged 64 usage --output ca/new.pem --until "$(date -d '+9 days' +%F)"
	says 'is before '
	unchanged 64 usage --output ca/new.pem --until tomorrow
	# The end that it has will do.
	reissue ca --output ca/new.pem --quiet --until "$(date -u -d \
		"$(openssl x509 -in ca/root.pem -noout -enddate |
		sed 's/.*=//')" +%FT%TZ)"
	cmp <(openssl x509 -in ca/new.pem -noout -enddate) \
		<(openssl x509 -in ca/root.pem -noout -enddate)
	refuses 64 usage faketime '+400 days' "$ROOT_PROGRAM" reissue corp \
		--config ca/crlferry.cfg --output other.pem \
		--until "$(date -d '+300 days' +%F)"
	says 'has passed already'
	[ ! -e other.pem ]
}

@test "weak and unknown digests" {
	a_root
	unchanged 77 weak --output ca/new.pem --digest sha1
	unchanged 77 weak --output ca/new.pem --digest md5
	unchanged 65 algorithm --output ca/new.pem --digest sha224
	says 'leave --digest out'
}

@test "a wrong passphrase, another key" {
	a_root
	openssl pkey -in ca/root.key -aes256 -passout pass:horse -out new.key
	cp new.key ca/root.key
	unchanged 65 key --output ca/new.pem --passphrase-fd 7 7<<<donkey
	says 'wrong passphrase'
	reissue ca --output ca/new.pem --quiet --passphrase-fd 7 7<<<horse
	make_key ca/root.key p256
	refused ca 65 key reissue ca --output ca/other.pem
	says 'is not the key of'
	[ ! -e ca/other.pem ]
}

@test "another program signs; another CA has issued it" {
	a_root
	without_signing ca
	unchanged 78 config --output ca/new.pem
	says 'has no group "signing" to reissue with'
	make_root above p256 Above
	weak_root below p256 sha256 300
	openssl req -config below/ca.cnf -new -key below/root.key \
		-subj '/CN=Test Root' -out below/root.csr
	openssl ca -config above/ca.cnf -batch -notext -extensions v3_root \
		-in below/root.csr -out below/root.pem 2>/dev/null
	adopt_root below corp
	root below issue --first --quiet
	refused below 65 issuer reissue below --output below/new.pem
	says 'its issuer is CN=Above'
	[ ! -e below/new.pem ]
}

@test "what lint would refuse is refused before it is signed" {
	old_root ca p256
	# Version 1, as of the nineties.
	openssl x509 -in ca/root.pem -x509toreq -signkey ca/root.key \
		-out root.csr
	openssl x509 -req -in root.csr -signkey ca/root.key -days 300 \
		-out ca/root.pem 2>/dev/null
	adopt_root ca corp
	root ca issue --first --quiet
	refused ca 65 format reissue ca --output ca/new.pem
	says 'basicConstraints is missing'
	says 'changes no extension'
	says 'openssl x509 -in OLD -signkey KEY'
	[ ! -e ca/new.pem ]
}

@test "the clock and the network, as with issue" {
	a_root
	unchanged 77 clock --output ca/new.pem --confirm-date 2020-01-01
	refused ca 77 clock faketime '-10 days' "$ROOT_PROGRAM" reissue corp \
		--config ca/crlferry.cfg --output ca/new.pem
	refused ca 77 clock faketime '+2 years' "$ROOT_PROGRAM" reissue corp \
		--config ca/crlferry.cfg --output ca/new.pem
	says '--confirm-date YYYY-MM-DD'
	faketime '+2 years' "$ROOT_PROGRAM" reissue corp --quiet \
		--config ca/crlferry.cfg --output new.pem \
		--confirm-date "$(date -d '+2 years' +%F)"
	refused ca 77 clock reissue ca --output ca/new.pem
	says '--discard-evidence ID --why TEXT for each ID of: ledger-3, ledger-4'
	reissue ca --output ca/new.pem --quiet --why 'the clock was wrong' \
		--discard-evidence ledger-3 --discard-evidence ledger-4
	sed -i 's/^air_gap = .*/air_gap = "require";/' ca/crlferry.cfg
	ip link show up | grep -q '^[0-9]*: [^l]' ||
		skip 'no network is up here'
	refused ca 77 network reissue ca --output ca/newer.pem
	[ ! -e ca/newer.pem ]
}

@test "a folder that is read-only: known before anything is signed" {
	a_root
	mkdir small
	mount -t tmpfs -o size=1m none small
	mount -o remount,ro small
	unchanged 74 io --output small/new.pem ||
		unchanged 77 permissions --output small/new.pem
	umount small
}

@test "no such root, too many of them" {
	a_root
	refused ca 66 missing root ca reissue other --output ca/new.pem
	refused ca 64 usage root ca reissue --output ca/new.pem
	refused ca 64 usage root ca reissue corp corp --output ca/new.pem
}

@test "a certificate that is gone from the state is said, and no CRL waits" {
	a_root
	reissue ca --output ca/new.pem --quiet
	mkdir stick kept
	mv ca/state/corp/certificates/* kept/
	run root ca export stick --allow-fixed-disk
	[ "$status" -eq 0 ]
	says 'made last cannot be read, so '
	cmp stick/crlferry/corp/000001/corp.crt \
		<(openssl x509 -in ca/root.pem -outform DER)
	cp kept/* ca/state/corp/certificates/
	run root ca export stick --allow-fixed-disk
	says_not 'cannot be read'
	cmp stick/crlferry/corp/000001/corp.crt \
		<(openssl x509 -in ca/new.pem -outform DER)
}

@test "another officer seals a bundle with the new certificate" {
	a_root
	reissue ca --output ca/new.pem --quiet
	mkdir stick
	root ca export stick --allow-fixed-disk --quiet
	make_officer officer ca/seal.pub
	run root officer seal stick
	[ "$status" -eq 0 ]
	[ "$(find stick -name '*.minisig' | wc -l)" -eq 2 ]
}
