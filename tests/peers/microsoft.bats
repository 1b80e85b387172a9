#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# CRLs of ours with AD CS's extensions, and AD CS's own that are adopted.
# openssl makes the same CRL by itself; NSS and GnuTLS take ours.

load ../e2e/root_setup
load ../e2e/ceremony_fixture

FIELD=$(realpath "$BATS_TEST_DIRNAME/../vectors/field")
export COLUMNS=500

# The day of a ceremony; thisUpdate is backdated by ten minutes.
DAY='2026-07-07 12:00:00'
ADCS=1.3.6.1.4.1.311.21
WHERE='CN=roothost,CN=CDP,CN=Public%20Key%20Services,CN=Services'
WHERE=$WHERE,CN=Configuration,DC=corp,DC=example
WHERE="$WHERE?certificateRevocationList?base?objectClass=cRLDistributionPoint"
LDAP=ldap:///CN=Corp%20Root,$WHERE
HTTP=http://pki.corp.example/corp.crl

# on DAY COMMAND...
on() {
	local day=$1
	shift
	TZ=UTC guarded faketime -f "@$day" "$@"
}

# ca_on DAY VERB ARGUMENT...
ca_on() {
	local day=$1 verb=$2
	shift 2
	on "$day" "$ROOT_PROGRAM" "$verb" --config ca/crlferry.cfg "$@"
}

# adcs_root VERSION [FROM DAYS]: the root in ca, whose certificate has that CA
# Version (in openssl's words), or none; from 2026-01-01, for twenty years
adcs_root() {
	export -f make_root make_key
	on '2026-01-01 00:00:00' bash -c 'make_root ca p256'
	[ -z "$1" ] || sed -i "/^\[v3_root\]/a $ADCS.1 = $1" ca/ca.cnf
	on "${2:-2026-01-01 00:00:00}" openssl req -config ca/ca.cnf -new \
		-x509 -key ca/root.key -subj '/CN=Corp Root' -days \
		"${3:-7300}" -extensions v3_root -out ca/root.pem
}

# certify NAME [URL]...: a subordinate whose CDP has these names
certify() {
	local name=$1 url i=0
	shift
	make_key "ca/$name.key" p256
	{
		printf '[ext]\nbasicConstraints = critical,CA:TRUE\n'
		printf 'authorityKeyIdentifier = keyid\n'
		[ $# -eq 0 ] || printf 'crlDistributionPoints = point\n'
		printf '[point]\nfullname = @names\n[names]\n'
		for url; do
			i=$((i + 1))
			echo "URI.$i = $url"
		done
	} >"ca/$name.cnf"
	openssl req -config ca/ca.cnf -new -key "ca/$name.key" \
		-subj "/CN=$name" -out "ca/$name.csr"
	on '2026-02-01 00:00:00' openssl ca -config ca/ca.cnf -batch -notext \
		-extfile "ca/$name.cnf" -extensions ext -days 3650 \
		-in "ca/$name.csr" -out "ca/$name.pem" 2>/dev/null
}

# configure [NAME]...: ca/crlferry.cfg with these subordinates
configure() {
	local name subordinates=()
	for name; do
		subordinates+=(--subordinate "$name=ca/$name.pem")
	done
	rm -rf ca/crlferry.cfg ca/state ca/seal.*
	on "$DAY" "$ROOT_PROGRAM" init --name corp --certificate ca/root.pem \
		--key ca/root.key --index ca/index.txt \
		--output ca/crlferry.cfg "${subordinates[@]}" --quiet
	sed -i 's/^air_gap = .*/air_gap = "off";/' ca/crlferry.cfg
	grep -q microsoft ca/crlferry.cfg ||
		sed -i 's/^ *schedule = /microsoft = true;\n&/' ca/crlferry.cfg
	on "$DAY" "$ROOT_PROGRAM" keygen ca/seal.key ca/seal.pub \
		--no-passphrase --quiet
}

# extensions CRL: "OID HEX" of each, in their order
extensions() {
	openssl asn1parse -inform DER -in "$1" | perl -ne '
		$in = 1 if /cont \[ 0 \]/;
		next if !$in;
		$oid = $1 if /OBJECT +:(.*)/;
		print "$oid $1\n" if /OCTET STRING +\[HEX DUMP\]:(\w+)/;'
}

# hex TEXT: as openssl asn1parse has it
hex() {
	printf %s "$1" | od -An -v -tx1 | tr -d ' \n' | tr a-f A-F
}

# value CRL OID: the hex of that extension
value() {
	extensions "$1" | sed -n "s/^$2 //p"
}

# theirs OURS LINE...: theirs.crl, which openssl makes of the same index, with
# the number and the dates of OURS, and these lines in the extensions
theirs() {
	local ours=$1
	shift
	{
		sed '/^crlnumber/d; s/^crl_extensions.*/crl_extensions = ads/' \
			ca/ca.cnf
		printf '[ads]\nauthorityKeyIdentifier = keyid\n'
		printf '%s\n' "$@"
	} >ads.cnf
	openssl ca -gencrl -config ads.cnf \
		-crl_lastupdate "$(crl_time "$ours" lastupdate)" \
		-crl_nextupdate "$(crl_time "$ours" nextupdate)" \
		-out theirs.pem
	openssl crl -in theirs.pem -outform DER -out theirs.crl
}

# locations URL...: the lines of Published CRL Locations
locations() {
	local url i=0
	cat <<-'CNF'
		[points]
		point = SEQUENCE:point
		[point]
		name = EXPLICIT:0,IMPLICIT:0,SEQUENCE:urls
		[urls]
	CNF
	for url; do
		i=$((i + 1))
		echo "u$i = IMPLICIT:6,IA5STRING:$url"
	done
}

# peers_take DAY CRL: OpenSSL, GnuTLS and NSS, on that day
peers_take() {
	local day=$1 crl=$2
	openssl crl -inform DER -in "$crl" -CAfile ca/root.pem -noout 2>&1 |
		grep -qx 'verify OK'
	openssl crl -inform DER -in "$crl" -out taken.pem
	on "$day" openssl verify -crl_check -CAfile ca/root.pem \
		-CRLfile taken.pem ca/one.pem
	on "$day" certtool --crl-info --inder --infile "$crl" >gnutls.txt
	on "$day" certtool --verify-crl --load-ca-certificate ca/root.pem \
		--infile taken.pem 2>&1 | grep ': Verified\.'
	rm -rf nss
	mkdir nss
	certutil -N -d sql:nss --empty-password
	certutil -A -d sql:nss -n corp -t CT,C,C -i ca/root.pem
	on "$day" crlutil -I -d sql:nss -i "$crl"
	on "$day" crlutil -L -d sql:nss -n corp >nss.txt
}

@test "octet for octet what openssl makes, of a root whose key was renewed" {
	local crl next
	adcs_root ASN1:INTEGER:0x10001
	certify one "$LDAP" "$HTTP"
	certify gone
	export -f revoke_sub
	on '2026-07-06 12:00:00' bash -c 'revoke_sub ca gone'
	configure one gone
	ca_on "$DAY" issue --first --json >issued.json
	next=$(jq -r '.issued[0].next_ceremony' issued.json)
	[ "$next" = 2027-01-06 ]
	crl=$(last_crl ca corp)
	theirs "$crl" "$ADCS.1 = ASN1:INTEGER:0x10001" \
		'2.5.29.20 = ASN1:INTEGER:1' \
		"$ADCS.4 = ASN1:UTCTIME:270106000000Z" \
		"$ADCS.14 = ASN1:SEQUENCE:points" "$(locations "$LDAP")"
	cmp <(tbs_of "$crl") <(tbs_of theirs.crl)
	crl_text "$crl" | grep -A1 "^ *$ADCS.14:" | grep -F "$LDAP"
	[ "$(crl_text "$crl" | grep -c critical)" -eq 0 ]
	peers_take "$DAY" "$crl"
	grep -qF "Unknown extension $ADCS.4 (not critical)" gnutls.txt
	grep -qF 'CRL Number (not critical): 01' gnutls.txt
	grep -A1 'Microsoft CertServ CA version' nss.txt |
		grep -F '65537 (0x10001)'
	grep -A1 'Name: CRL Number' nss.txt | grep -F 'Data: 1 (0x1)'
	grep -F 'Serial Number: 4097 (0x1001)' nss.txt
}

@test "what AD CS wrote: the same extensions in the same order" {
	local crl
	adcs_root ASN1:INTEGER:0
	certify one "$LDAP"
	configure one
	ca_on "$DAY" issue --first --quiet
	crl=$(last_crl ca corp)
	extensions "$crl" | cut -d' ' -f1 >ours
	extensions "$FIELD/18-adcs.crl" | cut -d' ' -f1 >field
	diff ours <(cat field && echo "$ADCS.14")
	[ "$(value "$crl" $ADCS.1)" = \
		"$(value "$FIELD/18-adcs.crl" $ADCS.1)" ]
	# UTCTime of 13 octets, both
	[[ $(value "$crl" $ADCS.4) == 170D*5A ]]
	[[ $(value "$FIELD/18-adcs.crl" $ADCS.4) == 170D*5A ]]
	peers_take "$DAY" "$crl"
}

@test "beyond 2049 it is GeneralizedTime" {
	local crl day='2049-08-03 12:00:00'
	adcs_root ASN1:INTEGER:0 '2049-01-01 00:00:00' 3650
	certify one "$LDAP"
	# the certificate of the subordinate must be of then as well
	on '2049-02-01 00:00:00' openssl ca -config ca/ca.cnf -batch -notext \
		-extfile ca/one.cnf -extensions ext -in ca/one.csr -out \
		ca/one.pem 2>/dev/null
	DAY=$day configure one
	ca_on "$day" issue --first --confirm-date 2049-08-03 --json \
		>issued.json
	[ "$(jq -r '.issued[0].next_ceremony' issued.json)" = 2050-01-06 ]
	crl=$(last_crl ca corp)
	[ "$(value "$crl" $ADCS.4)" = \
		"180F$(hex 20500106000000Z)" ]
	theirs "$crl" "$ADCS.1 = ASN1:INTEGER:0" \
		'2.5.29.20 = ASN1:INTEGER:1' \
		"$ADCS.4 = ASN1:GENTIME:20500106000000Z" \
		"$ADCS.14 = ASN1:SEQUENCE:points" "$(locations "$LDAP")"
	cmp <(tbs_of "$crl") <(tbs_of theirs.crl)
	peers_take "$day" "$crl"
}

# issues_without OID NOTICE: a first CRL lacks the extension, and says why
issues_without() {
	run ca_on "$DAY" issue --first --confirm-date 2026-07-07
	[ "$status" -eq 0 ]
	says "$2"
	[ -z "$(value "$(last_crl ca corp)" "$1")" ]
}

@test "locations: those of subordinates in use, each once, in their order" {
	local crl other=ldap:///CN=Corp%20Root\(1\),$WHERE
	local left='corp: Published CRL Locations is left out: no configured'
	adcs_root ASN1:INTEGER:0
	certify one "$HTTP" "$LDAP"
	certify two "$LDAP" "$other"
	certify three "LDAP:///CN=x" ldap://dc1.corp.example/CN=x
	certify plain "$HTTP"
	certify bare
	configure one two three plain bare
	run ca_on "$DAY" issue --first
	[ "$status" -eq 0 ]
	says_not 'left out'
	crl=$(last_crl ca corp)
	theirs "$crl" "$ADCS.1 = ASN1:INTEGER:0" \
		'2.5.29.20 = ASN1:INTEGER:1' \
		"$ADCS.4 = ASN1:UTCTIME:270106000000Z" \
		"$ADCS.14 = ASN1:SEQUENCE:points" \
		"$(locations "$LDAP" "$other" LDAP:///CN=x)"
	cmp <(tbs_of "$crl") <(tbs_of theirs.crl)
	run ca_on "$DAY" lint "$crl"
	[ "$status" -eq 0 ]
	says "notice: published-locations: Published CRL Locations: $LDAP (AD CS)"
	says_not warning
	configure plain bare
	issues_without $ADCS.14 "$left"
	says 'by hand: certutil -dspublish -f corp.crl CAHOST'
	configure
	issues_without $ADCS.14 "$left"
	configure one
	sed -i 's/{ name = "one";/& retired = true;/' ca/crlferry.cfg
	issues_without $ADCS.14 "$left"
	# a certificate that is gone is said, and stops no CRL
	configure one
	rm ca/one.pem
	issues_without $ADCS.14 "$left"
	says 'cannot tell whether this CRL revokes the certificate of one'
}

@test "locations: sixteen at the most, as many as lint reads" {
	adcs_root ASN1:INTEGER:0
	# shellcheck disable=SC2046
	certify many $(printf 'ldap:///CN=%s ' {1..15})
	certify more ldap:///CN=15 ldap:///CN=16 ldap:///CN=17
	configure many more
	ca_on "$DAY" issue --first --quiet
	run ca_on "$DAY" lint "$(last_crl ca corp)"
	[ "$status" -eq 0 ]
	[ "$(grep -c published-locations: <<<"$output")" -eq 16 ]
	says 'ldap:///CN=16 (AD CS)'
	says_not warning
}

@test "CA Version is copied, or there is none" {
	local form
	for form in '' DER:02:01 ASN1:INTEGER:-1 ASN1:UTF8:0; do
		rm -rf ca
		adcs_root "$form"
		certify one "$LDAP"
		configure one
		ca_on "$DAY" issue --first --quiet
		[ -z "$(value "$(last_crl ca corp)" $ADCS.1)" ]
		[ -n "$(value "$(last_crl ca corp)" $ADCS.4)" ]
		peers_take "$DAY" "$(last_crl ca corp)"
	done
}

@test "no date, if the root ends before the next ceremony, or it is past" {
	adcs_root ASN1:INTEGER:0 '2026-01-01 00:00:00' 360
	certify one "$LDAP"
	configure one
	issues_without $ADCS.4 'corp: Next CRL Publish is left out: the root ends before another ceremony'
	rm -rf ca
	adcs_root ASN1:INTEGER:0
	certify one "$LDAP"
	configure one
	ca_on "$DAY" issue --first --quiet
	# an emergency does not hold the ceremony that was missed
	run ca_on '2027-01-20 12:00:00' issue --emergency --why test \
		--confirm-date 2027-01-20
	[ "$status" -eq 0 ]
	says 'corp: Next CRL Publish is left out: the next ceremony, 2027-01-06, lies before this CRL'
	[ -z "$(value "$(last_crl ca corp)" $ADCS.4)" ]
	# one in time keeps the date of that ceremony
	ca_on '2027-01-20 13:00:00' issue --quiet
	ca_on '2027-02-20 13:00:00' issue --emergency --why test --quiet
	[ "$(value "$(last_crl ca corp)" $ADCS.4)" = \
		"170D$(hex 270706000000Z)" ]
}

@test "only where the root's group says so; init says it of AD CS's roots" {
	adcs_root ASN1:INTEGER:0
	certify one "$LDAP"
	configure one
	grep -A1 "# It is a root of AD CS" ca/crlferry.cfg |
		grep '^ *microsoft = true;$'
	sed -i 's/microsoft = true/microsoft = false/' ca/crlferry.cfg
	run ca_on "$DAY" issue --first
	[ "$status" -eq 0 ]
	says_not 'left out'
	[ "$(extensions "$(last_crl ca corp)" | wc -l)" -eq 2 ]
	theirs "$(last_crl ca corp)" '2.5.29.20 = ASN1:INTEGER:1'
	cmp <(tbs_of "$(last_crl ca corp)") <(tbs_of theirs.crl)
	rm -rf ca
	adcs_root ''
	on "$DAY" "$ROOT_PROGRAM" init --name corp --certificate ca/root.pem \
		--key ca/root.key --index ca/index.txt \
		--output ca/crlferry.cfg --quiet
	[ "$(grep -c microsoft ca/crlferry.cfg)" -eq 0 ]
	# another program's CRLs are as it makes them
	adcs_root ASN1:INTEGER:0
	on "$DAY" "$ROOT_PROGRAM" init --name corp --certificate ca/root.pem \
		--output ca/other.cfg --quiet
	[ "$(grep -c microsoft ca/other.cfg)" -eq 0 ]
}

@test "status, a dry run, and the subordinate show what the CRL says" {
	adcs_root ASN1:INTEGER:0
	certify one "$LDAP"
	configure one
	run ca_on "$DAY" issue --first --dry-run
	[ "$status" -eq 0 ]
	[ ! -e ca/state/corp/archive ] || [ -z "$(ls ca/state/corp/archive)" ]
	ca_on "$DAY" issue --first --quiet
	run ca_on "$DAY" status
	says 'corp/one: Next CRL Publish: the CA means to publish again on 2027-01-06 (183 d)'
	says_not 'cushion'
	mkdir stick stores
	ca_on "$DAY" export stick --allow-fixed-disk --quiet
	mkdir sub
	on "$DAY" "$SUB_PROGRAM" init --root corp=ca/root.pem \
		--subordinate one=ca/one.pem --store der:stores/one.crl \
		--trust ca/seal.pub --output sub/crlferry.cfg --quiet
	run on "$DAY" "$SUB_PROGRAM" import stick --config sub/crlferry.cfg
	[ "$status" -eq 0 ]
	says '  next publish   2027-01-06T00:00:00Z'
	cmp stores/one.crl "$(last_crl ca corp)"
	# the next one: nothing is lost, and it is not the same
	export -f revoke_sub
	on '2026-12-01 12:00:00' bash -c 'revoke_sub ca one'
	ca_on '2027-01-06 12:00:00' issue --quiet
	[ "$(value "$(last_crl ca corp)" $ADCS.4)" = \
		"170D$(hex 270706000000Z)" ]
}

@test "a CRL that Active Directory cannot hold is said to be too large" {
	adcs_root ASN1:INTEGER:0
	certify one "$LDAP"
	configure one
	make_index 150000 >ca/index.txt
	run ca_on "$DAY" issue --first
	[ "$status" -eq 0 ]
	says_not '10485760'
	make_index 300000 >ca/index.txt
	run ca_on "$DAY" issue --emergency --why test
	[ "$status" -eq 0 ]
	says 'corp: the CRL has more than 10485760 octets (10 MiB): Active'
	[ "$(stat -c %s "$(last_crl ca corp)")" -gt 10485760 ]
}

@test "a ceremony, and its rehearsal before it" {
	local folder
	make_room
	sed -i 's/^ *schedule = /microsoft = true;\n&/' ca/crlferry.cfg
	for folder in crlferry-rehearsal/crlferry crlferry; do
		if [ $folder = crlferry ]; then
			holds
		else
			holds : --rehearse
		fi
		says 'corp: Published CRL Locations is left out'
		[ -n "$(value medium/$folder/corp/000002/corp.crl $ADCS.4)" ]
	done
}

# stock NEXT-PUBLISH [LINE]...: stock.crl as openssl signs it, until 2027-02-07
stock() {
	local publish=$1
	shift
	{
		sed '/^crlnumber/d; s/^crl_extensions.*/crl_extensions = ads/' \
			ca/ca.cnf
		printf '[ads]\nauthorityKeyIdentifier = keyid\n'
		printf '2.5.29.20 = ASN1:INTEGER:%s\n' "$((++number))"
		echo "$ADCS.4 = ASN1:UTCTIME:$publish"
		printf '%s\n' "$@"
	} >stock.cnf
	openssl ca -gencrl -config stock.cnf -crl_lastupdate \
		"2026070712000${number}Z" -crl_nextupdate 20270207120000Z \
		-out stock.pem
	openssl crl -in stock.pem -outform DER -out stock.crl
}

@test "adopt: an overlap that leaves no cushion is said, there and by status" {
	local number=0 day='2026-07-08 12:00:00'
	local short=', 12 hours before this CRL ends; that leaves no cushion, which begins on 2027-01-17'
	adcs_root ASN1:INTEGER:0
	certify one "$LDAP"
	configure one
	stock 270207000000Z
	run ca_on "$day" adopt corp stock.crl
	[ "$status" -eq 0 ]
	says '  next publish   2027-02-07T00:00:00Z'
	says "stock.crl: the CA means to publish again on 2027-02-07$short"
	says 'CA\CRLOverlapUnits'
	run ca_on "$day" status
	says "corp/one: Next CRL Publish: the CA means to publish again on 2027-02-07 (214 d)$short"
	stock 270117120000Z
	ca_on "$day" adopt corp stock.crl --json >adopted.json 2>notes
	jq -e '.adopted[0].next_publish == "2027-01-17T12:00:00Z"' adopted.json
	[ "$(grep -c cushion notes)" -eq 0 ]
	run ca_on "$day" status
	says_not cushion
}

@test "adopt: a partition is not the whole" {
	local number=0 day='2026-07-08 12:00:00'
	local idp='issuingDistributionPoint = critical,fullname:URI:http://pki'
	adcs_root ASN1:INTEGER:0
	certify one http://pki/corp3.crl
	certify two http://pki/corp7.crl
	configure one two
	stock 270101000000Z
	ca_on "$day" adopt corp stock.crl --quiet
	stock 270101000000Z "$idp/corp3.crl"
	refused ca 77 scope ca_on "$day" adopt corp stock.crl
	says 'a part, not the whole: http://pki/corp3.crl stands in no distribution point of CN=two'
	stock 270101000000Z "$idp/corp9.crl"
	refused ca 77 scope ca_on "$day" adopt corp stock.crl
	says "may be a part, not the whole: http://pki/corp9.crl stands in no subordinate's certificate"
	says "take the complete CRL of this root"
	# the other one is out of use: what is left is one subordinate's
	sed -i 's/{ name = "two";/& retired = true;/' ca/crlferry.cfg
	stock 270101000000Z "$idp/corp3.crl"
	ca_on "$day" adopt corp stock.crl --quiet
	cmp stock.crl "$(last_crl ca corp)"
}
