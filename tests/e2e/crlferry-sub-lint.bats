#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# crlferry-sub lint: judges real CRLs and certificates, without configuration.

load pki_setup

lint() {
	"$SUB_PROGRAM" lint "$@"
}

# ids FILE [OPTION]...: what lint finds, by its stable ids
ids() {
	lint --json "${@:2}" "$1" | jq -r '.findings[].id' | sort -u | xargs
}

# finds ID FILE [OPTION]...: an error, of which the status is 65
finds() {
	run lint "${@:3}" "$2"
	echo "$output"
	[ "$status" -eq 65 ] || return 1
	[[ $output == *"$2: error: $1: "* ]] || return 1
	[[ " $(ids "${@:2}") " == *" $1 "* ]]
}

# mentions ID FILE [OPTION]...: a warning or a notice, with which all is well
mentions() {
	run lint "${@:3}" "$2"
	echo "$output"
	[ "$status" -eq 0 ] || return 1
	[[ $output == *"$2: "[nw]*": $1: "* ]]
}

# crl_with SED-SCRIPT [OPTION]...: crl.pem, as openssl makes it with another
# configuration
crl_with() {
	sed "$1" ca/ca.cnf >other.cnf
	openssl ca -config other.cnf -gencrl -out crl.pem "${@:2}" 2>/dev/null
}

# crafted THISUPDATE REVOKED: crl.der, of these and what is right
crafted() {
	cat >crafted.cnf <<-CNF
		asn1 = SEQUENCE:crl
		[crl]
		tbs = SEQUENCE:tbs
		algorithm = SEQUENCE:algorithm
		signature = FORMAT:HEX,BITSTRING:00
		[tbs]
		version = INTEGER:1
		algorithm = SEQUENCE:algorithm
		issuer = SEQUENCE:issuer
		this = $1
		next = UTCTIME:491231235959Z
		${2:+revoked = $2}
		extensions = EXPLICIT:0,SEQUENCE:extensions
		[algorithm]
		oid = OID:ecdsa-with-SHA256
		[issuer]
		rdn = SET:rdn
		[rdn]
		cn = SEQUENCE:cn
		[cn]
		oid = OID:commonName
		text = UTF8:Test Root
		[extensions]
		aki = SEQUENCE:aki
		number = SEQUENCE:number
		[aki]
		oid = OID:authorityKeyIdentifier
		value = OCTWRAP,SEQUENCE:key
		[key]
		id = IMPLICIT:0,FORMAT:HEX,OCTETSTRING:0102030405060708
		[number]
		oid = OID:crlNumber
		value = OCTWRAP,INTEGER:1
		[entries]
		one = SEQUENCE:entry
		[entry]
		serial = INTEGER:5
		date = ${3:-UTCTIME:200101000000Z}
		[time]
	CNF
	openssl asn1parse -genconf crafted.cnf -noout -out crl.der
}

# time_of TAG TEXT: octets that openssl would not take for a time
time_of() {
	echo "IMPLICIT:${1}U,FORMAT:ASCII,OCTETSTRING:$2"
}

@test "silent on every CRL that we issue, in both profiles" {
	local file
	for file in "$(crl_of stick1)" "$(crl_of stick2)" \
		"$BUNDLE2/test-root.crl.pem"; do
		run lint "$file" --root ca/root.pem
		echo "$output"
		[ "$status" -eq 0 ]
		[ -z "$output" ]
		run lint --profile br "$file"
		[ "$status" -eq 0 ]
		[ -z "$output" ]
	done
	lint "$(crl_of stick1)" "$(crl_of stick2)" ca/root.pem ca/live.pem
}

@test "silent on what openssl makes with AKI and number" {
	crl_with ''
	run lint crl.pem --root ca/root.pem
	[ "$status" -eq 0 ]
	[ -z "$output" ]
}

@test "a CRL of SHA-1 or MD5" {
	crl_with '' -md sha1
	finds algorithm-weak crl.pem
	make_older_root rsa rsa2048
	openssl ca -config rsa/ca.cnf -gencrl -md md5 -out md5.pem 2>/dev/null
	finds algorithm-weak md5.pem
}

@test "a certificate of SHA-1 or MD5: an error, of the root a warning" {
	openssl req -config ca/ca.cnf -new -x509 -key ca/root.key -sha1 \
		-subj "/CN=Test Root" -days 99 -extensions v3_root \
		-out sha1-root.pem
	mentions root-weak sha1-root.pem
	openssl ca -config ca/ca.cnf -batch -notext -extensions v3_sub \
		-md sha1 -in ca/live.csr -out sha1.pem 2>/dev/null
	finds certificate-weak sha1.pem
	make_older_root rsa rsa2048
	openssl req -config rsa/ca.cnf -new -x509 -key rsa/root.key -md5 \
		-subj "/CN=Test Root" -days 99 -extensions v3_root \
		-out md5-root.pem
	mentions root-weak md5-root.pem
}

@test "a v1 CRL, and missing AKI or CRLNumber" {
	: >ca/empty.txt
	crl_with '/^crl_extensions/d; /^crlnumber/d; s/index.txt/empty.txt/'
	openssl crl -in crl.pem -noout -text | grep -q 'Version 1'
	finds crl-version crl.pem
	crl_with '/^crl_extensions/d'
	finds aki-missing crl.pem
	[ "$(ids crl.pem)" = aki-missing ]
	crl_with '/^crlnumber/d'
	finds number-missing crl.pem
	[ "$(ids crl.pem)" = number-missing ]
}

@test "an explicit reason 0: an error in the profile br" {
	make_sub ca zero
	revoke_sub ca zero unspecified
	crl_with ''
	mentions reason-unspecified crl.pem
	finds br-reason-unspecified crl.pem --profile br
}

@test "an empty revoked sequence" {
	crafted UTCTIME:200101000000Z SEQUENCE
	finds revoked-empty crl.der
	[ "$(ids crl.der)" = revoked-empty ]
	crafted UTCTIME:200101000000Z ''
	[ -z "$(ids crl.der)" ]
	crafted UTCTIME:200101000000Z SEQUENCE:entries
	[ -z "$(ids crl.der)" ]
}

@test "fractional and malformed times" {
	local time
	for time in "$(time_of 24 20200101000000.5Z)" \
		"$(time_of 24 20200101000000Z)" \
		"$(time_of 24 205001010000Z)" \
		"$(time_of 23 2001010000Z)" \
		"$(time_of 23 200101000000+0000)" \
		"$(time_of 23 200101000000)" \
		"$(time_of 23 201301000000Z)" \
		"$(time_of 23 200230000000Z)" \
		"$(time_of 23 200101240000Z)" \
		"$(time_of 23 'hello')"; do
		echo "$time"
		crafted "$time" ''
		finds this-update-encoding crl.der ||
			finds format crl.der
		crafted UTCTIME:200101000000Z SEQUENCE:entries "$time"
		finds entry-date-encoding crl.der ||
			finds format crl.der
	done
	# what is right of both kinds
	crafted "$(time_of 24 20500101000000Z)" ''
	[[ " $(ids crl.der) " != *encoding* ]]
}

@test "--root: another key, another name, a damaged signature" {
	crl_with ''
	make_older_root twin p256
	finds signature crl.pem --root twin/root.pem
	make_older_root other p256 "Other Root"
	finds issuer crl.pem --root other/root.pem
	openssl crl -in crl.pem -outform DER -out crl.der
	flip crl.der $(($(stat -c %s crl.der) - 1))
	finds signature crl.der --root ca/root.pem
	[ -z "$(ids crl.der)" ]
}

@test "a certificate that is no CA's" {
	openssl req -config ca/ca.cnf -new -x509 -key ca/live.key \
		-subj /CN=leaf -days 99 -out leaf.pem
	finds certificate-not-ca leaf.pem
}

@test "what is no CRL at all, is cut, or goes on behind" {
	: >empty
	finds format empty
	echo hello >text
	finds format text
	head -c 150 "$(crl_of stick2)" >short
	finds format short
	{ cat "$(crl_of stick2)"; printf '\0'; } >long
	finds format long
	finds format ca/live.key
}

@test "several files: each is judged, the worst decides" {
	crl_with '/^crl_extensions/d'
	run lint "$(crl_of stick2)" crl.pem ca/root.pem
	[ "$status" -eq 65 ]
	[ "${#lines[@]}" -eq 1 ]
	[[ $output == "crl.pem: error: aki-missing: "* ]]
}

@test "--json: a document for each file" {
	crl_with '/^crl_extensions/d'
	run lint --json crl.pem ca/root.pem
	[ "$status" -eq 65 ]
	jq -es '(map(.type) == ["crlferry-lint", "crlferry-lint"]) and
		map(.file) == ["crl.pem", "ca/root.pem"] and
		map(.kind) == ["crl", "certificate"] and
		.[0].findings[0].severity == "error" and
		(.[0].findings[0].source | startswith("RFC 5280")) and
		.[1].findings == []' <<<"$output"
}

@test "an output that takes nothing: io" {
	local count files
	# few lines wait in a buffer, many do not
	for count in 1 200; do
		mapfile -t files < <(yes ca/root.pem | head -n "$count")
		run bash -c '"$0" lint --json "$@" >/dev/full' \
			"$SUB_PROGRAM" "${files[@]}"
		[ "$status" -eq 74 ]
		[[ $output == *": io: stdout: "* ]]
	done
	run bash -c '"$0" lint --json ca/root.pem >&-' "$SUB_PROGRAM"
	[ "$status" -eq 74 ]
}

@test "a wrong command line, a missing file" {
	refuses 64 usage lint
	refuses 64 usage lint --profile html ca/root.pem
	refuses 64 usage lint --fix ca/root.pem
	refuses 66 missing lint nowhere
	refuses 66 missing lint --root nowhere "$(crl_of stick2)"
	refuses 65 format lint stick2
}
