#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# CRLs that OpenSSL signs and RFC 5280 forbids, or that do not cover the
# subordinate (FAULTS 71), through the real program.

load ../e2e/pki_setup

setup() {
	restore_work
	configure 's/ *schedule = /bare = true;\n&/'
	echo 10 >ca/crlnumber
}

# sign IDP: bare.crl, with that issuingDistributionPoint
sign() {
	sed "/^\[crl\]/a $1" ca/ca.cnf >idp.cnf
	openssl ca -config idp.cnf -gencrl -out bare.pem \
		2>/dev/null
	openssl crl -in bare.pem -outform DER -out bare.crl
}

# sign_tbs: a CRL of the file tbs, ECDSA with SHA-256
sign_tbs() {
	openssl dgst -sha256 -sign ca/root.key -out signature tbs
	perl -e 'local $/; open(T, "<:raw", "tbs"); open(S, "<:raw",
		"signature"); my ($t, $s) = (<T>, <S>);
		sub tlv { my ($tag, $v) = @_; my $n = length $v;
			chr($tag) . ($n < 128 ? chr $n : $n < 256 ?
			"\x81" . chr $n : "\x82" . pack("n", $n)) . $v }
		print tlv(0x30, $t . pack("H*", "300a06082a8648ce3d040302") .
			tlv(3, "\0$s"));'
}

IDP=issuingDistributionPoint=critical,

# certify NAME EXTENSION...: as make_sub, with these extensions
certify() {
	local name=$1
	shift
	printf '%s\n' "$@" >"$name.cnf"
	make_key "ca/$name.key" p256
	openssl req -config ca/ca.cnf -new -key "ca/$name.key" \
		-subj "/CN=$name" -out "ca/$name.csr" 2>/dev/null
	openssl ca -config ca/ca.cnf -batch -notext -extfile "$name.cnf" \
		-in "ca/$name.csr" -out "ca/$name.pem" 2>/dev/null
}

@test "row 71: an empty issuingDistributionPoint" {
	sign "${IDP}DER:3000"
	keeps 65 format import bare.crl
	[[ $output == *"RFC 5280 5.2.5"* ]]
	run sub lint bare.crl
	[[ $output == *idp-empty* ]]
	refuses 65 format root ca adopt test-root bare.crl
}

@test "row 71: an empty list of revoked certificates" {
	: >ca/index.txt
	sign 'issuerAltName=email:x@y'
	openssl asn1parse -inform DER -in bare.crl -strparse 3 -noout -out tbs
	# 30 00 behind nextUpdate, and a header anew
	perl -0777 -pi -e 's/^\x30(\x81.|\x82..|.)//s;
		s/(\x17\x0d\d{12}Z\x17\x0d\d{12}Z)/$1\x30\x00/;
		my $n = length; $_ = "\x30" . ($n < 128 ? chr $n : $n < 256 ?
		"\x81" . chr $n : "\x82" . pack("n", $n)) . $_' tbs
	sign_tbs >bare.crl
	openssl crl -inform DER -in bare.crl -CAfile ca/root.pem -noout
	keeps 65 format import bare.crl
	[[ $output == *"RFC 5280 5.1.2.6"* ]]
	run sub lint bare.crl
	[[ $output == *revoked-empty* ]]
}

@test "row 71: onlyContainsCACerts, and a subordinate that is no CA" {
	certify leaf 'basicConstraints=critical,CA:FALSE'
	sign "${IDP}onlyCA:TRUE"
	configure 's|"live.pem|"../ca/leaf.pem|'
	keeps 77 scope import bare.crl
	[[ $output == *"onlyContainsCACerts does not cover CN=leaf"* ]]
	configure 's|../ca/leaf.pem|live.pem|'
	import bare.crl
}

@test "row 71: a distribution point of another cRLIssuer" {
	certify other 'basicConstraints=critical,CA:TRUE' \
		'crlDistributionPoints=p' '[p]' 'fullname=URI:http://a/1' \
		'CRLissuer=dirName:i' '[i]' 'CN=Another'
	certify own 'basicConstraints=critical,CA:TRUE' \
		'crlDistributionPoints=p' '[p]' 'fullname=URI:http://a/1' \
		'CRLissuer=dirName:i' '[i]' 'CN=Test Root'
	sign "${IDP}fullname:URI:http://a/1"
	configure 's|"live.pem|"../ca/other.pem|'
	keeps 77 scope import bare.crl
	run sub lint ca/other.pem
	[[ $output == *cdp-crl-issuer* ]]
	configure 's|ca/other.pem|ca/own.pem|'
	import bare.crl
}
