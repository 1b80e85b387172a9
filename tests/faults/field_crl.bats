#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# CRLs and root certificates of other programs, from tests/vectors/field and
# made by `craft`, with OpenSSL's and GnuTLS's own verdict beside ours.

load ../e2e/field_setup

NUMBER='number("\x05")'

# crafted OUT PARTS: a CRL by the field's root
crafted() {
	perl "$BATS_TEST_DIRNAME/craft" "$FIELD/root/root.key" "$1" "$2"
}

# earlier COMMAND...: some days before, so that what it signs is valid
earlier() {
	TZ=UTC guarded faketime '2026-12-01 12:00:00' "$@"
}

# uses ROOT SUB CRL: OpenSSL uses that very CRL for the subordinate
uses() {
	openssl crl -inform DER -in "$3" -out uses.pem 2>uses.log &&
		on_day openssl verify -partial_chain -crl_check -CAfile "$1" \
			-CRLfile uses.pem "$2" >uses.log 2>&1
}

# why_not TEXT: ... and if not, for that reason
why_not() {
	grep -q "$1" uses.log || {
		cat uses.log
		return 1
	}
}

# pin ROOT [SUB]: the folder pinned has a configuration for it, which takes
# bare CRLs into a PEM store, and so has the machine of that root
pin() {
	rm -rf pinned
	mkdir pinned
	cp "$1" pinned/root.pem
	local sub=
	[ $# -lt 2 ] || sub='certificate = "sub.pem";'
	[ $# -lt 2 ] || cp "$2" pinned/sub.pem
	cat >pinned/crlferry.cfg <<-CFG
		version = 1; state = "state";
		roots = ( { name = "corp"; certificate = "root.pem";
		    bare = true; schedule = "semiannual";
		    subordinates = ( { name = "s1"; $sub
			stores = ( { type = "pem"; path = "ca.crl.pem"; } );
		    } ); } );
	CFG
}

pinned() {
	on_day "$SUB_PROGRAM" "$@" --config pinned/crlferry.cfg
}

pinned_root() {
	sed '/stores = /d' pinned/crlferry.cfg >pinned/root.cfg
	on_day "$ROOT_PROGRAM" "$@" --config pinned/root.cfg
}

# unmoved FOLDER STATUS TOKEN COMMAND...: as `refused`, once there is a state
unmoved() {
	local folder=$1 want=$2 token=$3
	shift 3
	run "$@"
	refused "$folder" "$want" "$token" "$@"
}

# agrees ROOT SUB CRL NAME: an import takes it if OpenSSL uses it, and not otherwise
agrees() {
	local used=65
	uses "$1" "$2" "$3" && used=0
	pin "$1" "$2"
	run pinned import "$3"
	[ "$status" -eq "$used" ] || {
		echo "$4: want $used, have $status: $output; $(cat uses.log)"
		return 1
	}
	[ "$used" -eq 65 ] || pinned check >check.log
}

# Names

@test "an issuer in another type of string is taken, with a notice" {
	local crl=$FIELD/10-issuer-printable.crl
	uses "$FIELD/root/root.pem" "$FIELD/root/s1.pem" "$crl"
	on_day certtool --verify-crl --load-ca-certificate \
		"$FIELD/root/root.pem" --infile uses.pem | grep -q ': Verified'
	field_root
	run field_ca adopt corp "$crl"
	[ "$status" -eq 0 ]
	says 'corp: adopted #10 with 1 revoked'
	says "its issuer is CN=Field Root CA,O=Example Authority,C=DE, but not"
	says 'such as NSS'
	# the archive is read again, and our own has the subject's octets
	run field_ca issue corp --confirm-date 2026-12-05
	[ "$status" -eq 0 ]
	says 'issued #11 with 1 revoked'
	uses "$FIELD/root/root.pem" "$FIELD/root/s1.pem" \
		"$(last_crl ca corp)"
	run field_ca lint --root ca/root.pem "$crl"
	[ "$status" -eq 0 ]
	says 'notice: issuer-spelling'
	run field_ca lint --root ca/root.pem "$(last_crl ca corp)"
	says_not 'issuer-spelling'
}

@test "so do init --last-crl, import, check, and the consumer" {
	local crl=$FIELD/10-issuer-printable.crl
	run field_root --last-crl "$crl"
	[ "$status" -eq 0 ]
	says 'such as NSS'
	mkdir hash
	field_sub hashdir:hash pem:all.pem der:one.crl
	run field_issuing import "$crl"
	[ "$status" -eq 0 ]
	says 'such as NSS'
	cmp one.crl "$crl"
	run field_issuing import "$crl"
	[ "$status" -eq 0 ]
	says 'nothing changed'
	run field_issuing check
	[ "$status" -eq 0 ]
	says 'OK - corp/s1 fresh: CRL #10 '
	cd hash && openssl crl -inform DER -in ../one.crl -noout -hash |
		xargs -I% test -f %.r0
}

@test "a request proves its number to collect" {
	load ../e2e/note_helpers
	field_root --subordinate s1="$FIELD/root/s1.pem"
	field_sub pem:all.pem
	field_issuing import "$FIELD/10-issuer-printable.crl" --quiet
	make_note_key sub/note s1
	set_subordinate sub/crlferry.cfg s1 'note_secret = "note.key";'
	mkdir stick
	field_issuing request stick --allow-fixed-disk
	run field_ca collect stick
	[ "$status" -eq 0 ]
	grep -q '"event":"collect".*"number":"10"' ca/state/ledger.jsonl
	# the root that made it knows of no CRL: it was restored, or is new
	unmoved ca 77 regressed field_ca issue corp --first
	says '10'
}

@test "its bundle is exported, sealed and imported" {
	field_root
	on_day "$ROOT_PROGRAM" keygen ca/seal.key ca/seal.pub \
		--no-passphrase >keygen.log
	field_ca adopt corp "$FIELD/10-issuer-printable.crl"
	mkdir stick
	field_ca export stick --allow-fixed-disk
	cp "$FIELD/root/root.pem" "$FIELD/root/s1.pem" .
	mkdir sub
	on_day "$SUB_PROGRAM" init --root corp=root.pem --subordinate \
		s1=s1.pem --store der:one.crl --trust ca/seal.pub \
		--output sub/crlferry.cfg
	run field_issuing info stick
	[ "$status" -eq 0 ]
	run field_issuing import stick
	[ "$status" -eq 0 ]
	says 'such as NSS'
	cmp one.crl "$FIELD/10-issuer-printable.crl"
}

@test "names: an import agrees with OpenSSL about each" {
	local name n=0
	while read -r name; do
		n=$((n + 1))
		crafted odd.crl "issuer => field_name($name)"
		agrees "$FIELD/root/root.pem" "$FIELD/root/s1.pem" odd.crl \
			"$name"
	done <<-'NAMES'
		CN => [0x13, "Field Root CA"]
		CN => [0x14, "Field Root CA"]
		CN => [0x16, "Field Root CA"]
		CN => [0x12, "Field Root CA"]
		CN => [0x1e, "\0F\0i\0e\0l\0d\0 \0R\0o\0o\0t\0 \0C\0A"]
		CN => [0x0c, "FIELD root ca"]
		CN => [0x0c, "  Field Root CA "]
		CN => [0x0c, "Field   Root\tCA"]
		CN => [0x0c, "FieldRootCA"]
		CN => [0x0c, "Field Root CA\0"]
		CN => [0x0c, "Field\xc2\xa0Root CA"]
		C => [0x0c, "DE"]
		C => [0x13, "de"]
		C => [0x13, "DEU"]
		O => [0x13, "EXAMPLE  AUTHORITY"], CN => [0x13, "field root ca"]
	NAMES
	[ "$n" -eq 15 ]
	crafted odd.crl 'issuer => name(rdn(["2.5.4.6", 0x13, "DE"]),
		rdn(["2.5.4.10", 0x0c, "Example Authority"],
		["2.5.4.3", 0x0c, "Field Root CA"]))'
	agrees "$FIELD/root/root.pem" "$FIELD/root/s1.pem" odd.crl 'one RDN'
}

@test "another name is another CA's, and both names are shown" {
	field_root
	crafted odd.crl 'issuer => field_name(CN => [0x0c, "Field Root CA 2"])'
	unmoved ca 65 issuer field_ca adopt corp odd.crl
	says 'CRL issuer is CN=Field Root CA 2,O=Example Authority,C=DE, not'
	says 'not CN=Field Root CA,O=Example Authority,C=DE'
	crafted odd.crl 'issuer => name()'
	unmoved ca 65 issuer field_ca adopt corp odd.crl
	says 'CRL issuer is an empty name, not'
	crafted odd.crl 'issuer => field_name(CN => [0x0c, "\xff"])'
	unmoved ca 65 issuer field_ca adopt corp odd.crl
	says 'CRL issuer is a broken name, not'
}

# respelt: sub.pem was issued by a root that the field's key had before under
# the same name, written as PrintableString
respelt() {
	cat >respelt.cnf <<-'CNF'
		[req]
		distinguished_name = dn
		prompt = no
		string_mask = nombstr
		[dn]
		C = DE
		O = Example Authority
		CN = Field Root CA
		[ca]
		basicConstraints = critical,CA:TRUE
		keyUsage = critical,keyCertSign,cRLSign
		subjectKeyIdentifier = hash
	CNF
	earlier openssl req -x509 -config respelt.cnf -extensions ca \
		-key "$FIELD/root/root.key" -days 3650 -out old.pem
	openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 \
		-out sub.key
	earlier openssl req -new -config respelt.cnf -key sub.key -subj /CN=s9 \
		-out sub.csr
	earlier openssl x509 -req -in sub.csr -CA old.pem -set_serial 0x1009 \
		-CAkey "$FIELD/root/root.key" -days 900 -extensions ca \
		-extfile respelt.cnf -out sub.pem 2>openssl.log
}

@test "a subordinate whose issuer is in another type of string" {
	respelt
	on_day openssl verify -CAfile "$FIELD/root/root.pem" sub.pem
	field_root --subordinate s9=sub.pem
	run field_ca revoke corp sub.pem --reason superseded \
		--unknown
	[ "$status" -eq 0 ]
	grep -q '^R.*	1009	' ca/index.txt
	field_ca issue corp --first
	run field_ca status
	says 's9'
	pin "$FIELD/root/root.pem" sub.pem
	run pinned import "$(last_crl ca corp)"
	[ "$status" -eq 0 ]
	run pinned check
	[ "$status" -eq 2 ]
	says 'revoked'
	uses "$FIELD/root/root.pem" sub.pem "$(last_crl ca corp)" && return 1
	why_not 'certificate revoked'
}

# The authority key identifier

@test "a CRL for the certificate before a renewal is refused everywhere" {
	local crl=$FIELD/11e-aki-old-root-serial.crl
	local new=$FIELD/renewed/root.pem
	uses "$new" "$FIELD/root/s1.pem" "$crl" && return 1
	why_not 'unable to get certificate CRL'
	pin "$new" "$FIELD/root/s1.pem"
	unmoved pinned 65 issuer pinned_root adopt corp "$crl"
	says 'want 7777, that of the configured certificate, have 44ac431215'
	says 'issued by CN=Field Root CA,O=Example Authority,C=DE'
	says 'authorityKeyIdentifier = keyid:always'
	unmoved pinned 65 issuer pinned import "$crl"
	says 'want 7777, that of the configured certificate, have 44ac431215'
	run pinned lint --root "$new" "$crl"
	[ "$status" -eq 65 ]
	says 'error: aki-mismatch: CRL authorityCertSerialNumber: want 7777'
	openssl crl -inform DER -in "$crl" -out pinned/ca.crl.pem
	run pinned check
	[ "$status" -eq 2 ]
	says 'invalid'
	says 'authorityCertSerialNumber: want 7777'
	# for the certificate that it names it is fine
	agrees "$FIELD/root/root.pem" "$FIELD/root/s1.pem" "$crl" 'the old'
}

# plain_sub: sub.pem, certified by the field's root, without AKI
plain_sub() {
	openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 \
		-out sub.key
	earlier openssl req -new -config roots.cnf -key sub.key -subj /CN=s9 \
		-out sub.csr
	echo 'basicConstraints = CA:TRUE' >sub.ext
	echo 'authorityKeyIdentifier = none' >>sub.ext
	earlier openssl x509 -req -in sub.csr -CA "$FIELD/root/root.pem" \
		-CAkey "$FIELD/root/root.key" -set_serial 0x1009 -days 900 \
		-extfile sub.ext -out sub.pem 2>openssl.log
}

# other_roots: certificates of the field's key: one without SKI, one with a
# negative serial, a cross-signed one, and some with odd SKIs
other_roots() {
	local name ski
	cat >roots.cnf <<-'CNF'
		[req]
		distinguished_name = dn
		prompt = no
		string_mask = utf8only
		[dn]
		C = DE
		O = Example Authority
		CN = Field Root CA
		[ca]
		basicConstraints = critical,CA:TRUE
		keyUsage = critical,keyCertSign,cRLSign
		subjectKeyIdentifier = ${ENV::SKI}
	CNF
	for name in none 01020304 hash; do
		SKI=$name earlier openssl req -x509 -config roots.cnf \
			-extensions ca -key "$FIELD/root/root.key" \
			-set_serial 0x1234 -days 3650 -out "root-$name.pem"
	done
	ski=$(printf '%0128d' 7)
	SKI=$ski earlier openssl req -x509 -config roots.cnf -extensions ca \
		-key "$FIELD/root/root.key" -set_serial 0x1234 -days 3650 \
		-out root-long.pem
	SKI=hash earlier openssl req -x509 -config roots.cnf -extensions ca \
		-key "$FIELD/root/root.key" -set_serial -3532 -days 3650 \
		-out root-negative.pem
	openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 \
		-out above.key
	SKI=hash earlier openssl req -x509 -config roots.cnf -extensions ca \
		-key above.key -subj /CN=Above -days 3650 -out above.pem
	SKI=hash earlier openssl req -new -config roots.cnf \
		-key "$FIELD/root/root.key" -out cross.csr
	SKI=hash earlier openssl x509 -req -in cross.csr -CA above.pem \
		-CAkey above.key -set_serial 0x1234 -days 3000 \
		-extensions ca -extfile roots.cnf -out root-cross.pem \
		2>openssl.log
	SKI=hash plain_sub
}

@test "authority key identifiers: an import agrees with OpenSSL about each" {
	local root key_id names serial odd
	local own='tlv(0xa4, field_name())'
	local spelt='tlv(0xa4, field_name(CN => [0x13, "field  root ca"]))'
	local above='tlv(0xa4, name(rdn(["2.5.4.3", 0x0c, "Above"])))'
	local host='tlv(0x82, "pki.example")' n=0
	other_roots
	# the rest is tests/unit/test_crl_aki.c's
	for root in none 01020304 cross; do
		for key_id in '""' 'tlv(0x80, "\1\2\3\4")'; do
			for names in '' "$own" "$spelt" "$above" "$host" \
				"$host, $own" "$above, $own" "$own, $above"; do
				for serial in '\x12\x34' '\xf2\x34'; do
					odd="tlv(0xa1, $names), tlv(0x82,
						\"$serial\")"
					[ -n "$names" ] || odd='""'
					crafted odd.crl "extensions =>
					    aki($key_id, $odd) . $NUMBER"
					agrees "root-$root.pem" \
						sub.pem \
						odd.crl "$root: $key_id $odd"
					n=$((n + 1))
				done
			done
		done
	done
	[ "$n" -eq 96 ]
}

@test "an AKI that is damaged is damage, not another certificate" {
	local odd
	field_root
	for odd in 'tlv(0x82, "\x12\x34")' 'tlv(0xa1, "")' 'tlv(0x80, "")' \
		'tlv(0xa1, ""), tlv(0x82, "\0\x12")' \
		'tlv(0xa1, ""), tlv(0x82, "")' \
		'tlv(0xa1, "\xa4\5\x30"), tlv(0x82, serial())'; do
		odd=${odd/serial()/hex_of($(openssl x509 -noout -serial \
			-in ca/root.pem | sed 's/.*=\(.*\)/"\1"/'))}
		crafted odd.crl "extensions => aki($odd) . $NUMBER"
		unmoved ca 65 format field_ca adopt corp odd.crl
		says 'get the file again from its source'
	done
}

@test "what we issue is used for each certificate of the root" {
	local root
	other_roots
	for root in none 01020304 hash long negative cross; do
		rm -rf ca
		mkdir ca
		cp "root-$root.pem" ca/root.pem
		install -m 600 "$FIELD/root/root.key" ca/root.key
		: >ca/index.txt
		on_day "$ROOT_PROGRAM" init --name corp --certificate \
			ca/root.pem --key ca/root.key --index ca/index.txt \
			--output ca/crlferry.cfg --subordinate \
			s1=sub.pem
		sed -i 's/^air_gap = .*/air_gap = "off";/' ca/crlferry.cfg
		field_ca issue corp --first
		uses ca/root.pem sub.pem "$(last_crl ca corp)"
		agrees ca/root.pem sub.pem \
			"$(last_crl ca corp)" "$root"
	done
}

@test "a subordinate that names the certificate before a renewal: said" {
	local verb
	openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 \
		-out sub.key
	earlier openssl req -new -key sub.key -subj /CN=s9 -out sub.csr \
		-config <(printf '[req]\ndistinguished_name=dn\n[dn]\n')
	echo 'basicConstraints = CA:TRUE' >sub.ext
	echo 'authorityKeyIdentifier = keyid,issuer:always' >>sub.ext
	earlier openssl x509 -req -in sub.csr -CA "$FIELD/root/root.pem" \
		-CAkey "$FIELD/root/root.key" -set_serial 0x1009 -days 900 \
		-extfile sub.ext -out sub.pem 2>openssl.log
	crafted new.crl ''
	uses "$FIELD/renewed/root.pem" sub.pem new.crl && return 1
	why_not 'unable to get local issuer certificate'
	pin "$FIELD/renewed/root.pem" sub.pem
	for verb in 'import new.crl' check; do
		# shellcheck disable=SC2086	# words
		run pinned $verb
		says 'authorityKeyIdentifier names another certificate of CN='
		says 'with serial 44ac431215afa8003372164d5f1231977a596e80'
		says 'configure that certificate of the root'
	done
	pin "$FIELD/root/root.pem" sub.pem
	run pinned import new.crl
	[ "$status" -eq 0 ]
	says_not 'names another certificate'
}

# RSASSA-PSS

@test "MGF1 over SHA-1 is named as what is weak" {
	local crl=$FIELD/31g-rsapss-mgf1sha1.crl
	pin "$FIELD/rsapss/root.pem"
	unmoved pinned 77 weak pinned_root adopt corp "$crl"
	says 'RSASSA-PSS with SHA256, but with MGF1 over SHA1, which is meant'
	says 'rsa_mgf1_md:sha256'
	says 'AlternateSignatureAlgorithm 0'
	unmoved pinned 77 weak pinned import "$crl"
	says 'MGF1 over SHA1'
	run pinned lint "$crl"
	[ "$status" -eq 65 ]
	says 'algorithm-weak: signature algorithm: RSASSA-PSS with SHA256, but'
	openssl crl -inform DER -in "$crl" -out pinned/ca.crl.pem
	run pinned check
	[ "$status" -eq 2 ]
	says 'invalid'
	says 'MGF1 over SHA1'
}

# pss_root: root.pem and root.key of RSA, and sub.pem
pss_root() {
	openssl genrsa -out root.key 2048 2>openssl.log
	respelt
	earlier openssl req -x509 -config respelt.cnf -extensions ca \
		-key root.key -days 3650 -out root.pem
	earlier openssl x509 -req -in sub.csr -CA root.pem -set_serial 9 \
		-CAkey root.key -days 900 -extensions ca \
		-extfile respelt.cnf -out sub.pem 2>openssl.log
}

@test "RSASSA-PSS parameters: taken as OpenSSL does, or the true reason" {
	local digest mask salt fields want text sign n=0
	pss_root
	while IFS='|' read -r digest mask salt fields want text; do
		sign="-$digest -sigopt rsa_padding_mode:pss"
		sign+=" -sigopt rsa_mgf1_md:$mask -sigopt rsa_pss_saltlen:$salt"
		perl "$BATS_TEST_DIRNAME/craft" root.key odd.crl "algorithm =>
		    pss($fields), sign => '$sign', issuer => name(
		    rdn(['2.5.4.6', 0x13, 'DE']),
		    rdn(['2.5.4.10', 0x13, 'Example Authority']),
		    rdn(['2.5.4.3', 0x13, 'Field Root CA']))"
		pin root.pem sub.pem
		n=$((n + 1))
		if [ "$want" = ok ]; then
			uses root.pem sub.pem odd.crl
			pinned import odd.crl --quiet
			continue
		fi
		unmoved pinned "${want%:*}" "${want#*:}" pinned import odd.crl
		says "$text"
	done <<-'ROWS'
		sha256|sha256|32|tlv(0xa0, digest("sha256")), tlv(0xa1, mgf1("sha256")), tlv(0xa2, "\2\1\x20")|ok
		sha256|sha512|32|tlv(0xa0, digest("sha256")), tlv(0xa1, mgf1("sha512")), tlv(0xa2, "\2\1\x20")|ok
		sha256|sha256|20|tlv(0xa0, digest("sha256")), tlv(0xa1, mgf1("sha256"))|ok
		sha256|sha256|0|tlv(0xa0, digest("sha256")), tlv(0xa1, mgf1("sha256")), tlv(0xa2, "\2\1\0")|ok
		sha256|sha256|32|tlv(0xa0, digest("sha256")), tlv(0xa1, mgf1("sha256")), tlv(0xa2, "\2\1\x20"), tlv(0xa3, "\2\1\1")|ok
		sha256|sha1|32|tlv(0xa0, digest("sha256")), tlv(0xa1, mgf1("sha1")), tlv(0xa2, "\2\1\x20")|77:weak|RSASSA-PSS with SHA256, but with MGF1 over SHA1
		sha256|sha1|32|tlv(0xa0, digest("sha256")), tlv(0xa2, "\2\1\x20")|77:weak|if the parameters name no mask
		sha1|sha256|32|tlv(0xa0, digest("sha1")), tlv(0xa1, mgf1("sha256")), tlv(0xa2, "\2\1\x20")|77:weak|have RSASSA-PSS with SHA1
		sha1|sha1|20||77:weak|have RSASSA-PSS with SHA1
		sha224|sha224|28|tlv(0xa0, digest("sha224")), tlv(0xa1, mgf1("sha224")), tlv(0xa2, "\2\1\x1c")|65:algorithm|hash: want SHA-256, SHA-384 or SHA-512
		sha256|sha256|32|tlv(0xa0, digest("sha256")), tlv(0xa1, mgf1("sha256")), tlv(0xa2, "\2\1\xff")|65:algorithm|salt is negative
		sha256|sha256|32|tlv(0xa0, digest("sha256")), tlv(0xa1, mgf1("sha256")), tlv(0xa2, "\2\1\x20"), tlv(0xa3, "\2\1\2")|65:algorithm|want trailer 1
		sha256|sha256|32|tlv(0xa0, digest("sha256")), tlv(0xa1, mgf1("sha256")), tlv(0xa2, "\2\1\x21")|65:signature|does not verify
	ROWS
	[ "$n" -eq 13 ]
}

# Without nextUpdate

@test "a CRL without nextUpdate is not too old: the CA is to write one" {
	field_root
	crafted endless.crl 'next => ""'
	uses ca/root.pem "$FIELD/root/s1.pem" endless.crl
	unmoved ca 77 expired field_ca adopt corp endless.crl
	says 'the CRL has no nextUpdate'
	says 'have the CA issue one with nextUpdate, or sign it with crlferry'
	field_sub pem:all.pem
	unmoved sub 77 expired field_issuing import endless.crl
	says 'the CRL has no nextUpdate'
	[ ! -e all.pem ]
	run field_issuing lint endless.crl
	[ "$status" -eq 65 ]
	says 'error: next-update-missing'
	cp uses.pem all.pem
	run field_issuing check
	[ "$status" -eq 2 ]
	says 'invalid'
	says 'the CRL has no nextUpdate'
}

# Certificates of roots

# root_with EXTENSIONS: in odd, a root of the field's key with them, or of v1
root_with() {
	rm -rf odd
	mkdir odd
	install -m 600 "$FIELD/root/root.key" odd/root.key
	: >odd/index.txt
	printf '%b' "$1" >odd/ext
	earlier openssl req -new -key odd/root.key -out odd/csr -config \
		<(printf '[req]\ndistinguished_name=dn\nprompt=no\n[dn]\nC=DE\n') \
		-subj '/C=DE/O=Example Authority/CN=Field Root CA' -utf8
	local make=(x509 -req -signkey odd/root.key -extfile odd/ext)
	[ -n "$1" ] || make=(x509 -req -signkey odd/root.key)
	# Debian 13's openssl makes one of v1 only if it is asked to.
	if [ -z "$1" ] && openssl req -help 2>&1 | grep -q x509v1; then
		make=(req -x509 -x509v1 -key odd/root.key -config /dev/null)
	fi
	earlier openssl "${make[@]}" -in odd/csr -days 3650 \
		-out odd/root.pem 2>openssl.log
	crafted odd.crl ''
}

odd_init() {
	on_day "$ROOT_PROGRAM" init --name corp --certificate odd/root.pem \
		--key odd/root.key --index odd/index.txt \
		--output odd/crlferry.cfg
}

odd_sub_init() {
	on_day "$SUB_PROGRAM" init --root corp=odd/root.pem --subordinate \
		"s1=$FIELD/root/s1.pem" --store der:one.crl \
		--output odd/sub.cfg
}

@test "a root's certificate that signs no CRLs, or is no CA's: renew it" {
	local extensions text error n=0
	while IFS='|' read -r extensions text error; do
		root_with "$extensions"
		uses odd/root.pem "$FIELD/root/s1.pem" odd.crl && return 1
		why_not "$error"
		unmoved odd 65 issuer odd_init
		says "$text"
		says 'for the same key'
		unmoved odd 65 issuer odd_sub_init
		says "odd/root.pem: CN=Field Root CA"
		says "$text"
		pin odd/root.pem "$FIELD/root/s1.pem"
		unmoved pinned 65 issuer pinned_root adopt corp odd.crl
		says "root.pem: CN=Field Root CA"
		unmoved pinned 65 issuer pinned import odd.crl
		says "$text"
		run pinned check
		[ "$status" -eq 3 ]
		says "$text"
		# the same with a key, as somebody wrote it by hand
		sed -i 's,schedule = ,signing = { key = "root.key"; & ,
			s,schedule = ,index = "index.txt"; & ,
			s,schedule = ,crlnumber = "crlnumber"; }; & ,
			1i air_gap = "off";' pinned/crlferry.cfg
		cp odd/root.key odd/index.txt pinned/
		unmoved pinned 65 issuer pinned_root issue corp --first
		says "$text"
		run pinned lint odd/root.pem
		[ "$status" -eq 65 ]
		n=$((n + 1))
	done <<-'ROWS'
		basicConstraints=CA:TRUE\nkeyUsage=keyCertSign\n|keyUsage lacks cRLSign|key usage does not include CRL signing
		basicConstraints=CA:TRUE\nkeyUsage=cRLSign\n|keyUsage lacks keyCertSign|invalid CA certificate
		basicConstraints=CA:FALSE\n|basicConstraints lacks cA|invalid CA certificate
		extendedKeyUsage=serverAuth\n|basicConstraints is missing|invalid CA certificate
	ROWS
	[ "$n" -eq 4 ]
}

@test "a certificate of v1, without keyUsage or SKI is a root's" {
	local extensions
	other_roots
	for extensions in '' \
		'basicConstraints=CA:TRUE\nsubjectKeyIdentifier=none\n' \
		'keyUsage=keyCertSign,cRLSign\nsubjectKeyIdentifier=none\n'; do
		root_with "$extensions"
		odd_init
		sed -i 's/^air_gap = .*/air_gap = "off";/' odd/crlferry.cfg
		on_day "$ROOT_PROGRAM" issue corp --first \
			--config odd/crlferry.cfg
		uses odd/root.pem sub.pem "$(last_crl odd corp)"
		agrees odd/root.pem sub.pem \
			"$(last_crl odd corp)" "$extensions"
		agrees odd/root.pem sub.pem odd.crl "$extensions"
	done
}

@test "the command that renews a certificate is the one that helps" {
	root_with 'basicConstraints=CA:TRUE\nkeyUsage=keyCertSign\n'
	unmoved odd 65 issuer odd_init
	says 'openssl x509 -in OLD -signkey KEY -clrext -extfile FILE -days N'
	echo 'basicConstraints = critical, CA:TRUE' >file
	echo 'keyUsage = keyCertSign, cRLSign' >>file
	earlier openssl x509 -in odd/root.pem -signkey odd/root.key -clrext \
		-extfile file -days 900 -out new.pem
	cp new.pem odd/root.pem
	odd_init
}

# Other oddities

@test "what real CAs add is taken, and used" {
	local odd
	while read -r odd; do
		crafted odd.crl "$odd"
		uses "$FIELD/root/root.pem" "$FIELD/root/s1.pem" odd.crl
		agrees "$FIELD/root/root.pem" "$FIELD/root/s1.pem" odd.crl \
			"$odd"
	done <<-'PARTS'
		extensions => ""
		extensions => extension("2.5.29.35", tlv(0x30, ""), 1)
		extensions => number(5) . extension("1.3.6.1.4.1.311.21.1", "\2\1\0") . extension("1.3.6.1.4.1.311.21.4", utc("270501000000Z"))
		extensions => number(5) . extension("2.5.29.60", generalized("20200101000000Z"))
		extensions => number(5) . extension("2.5.29.46", tlv(0x30, tlv(0x30, tlv(0xa0, tlv(0xa0, tlv(0x86, "http://x/"))))))
		extensions => number(5) . extension("2.5.29.18", tlv(0x30, tlv(0x82, "x")))
		extensions => number(5) . idp("\x82\1\xff")
		this => generalized("20261201000000Z"), next => generalized("20270601000000Z")
		revoked => revoked(entry("\x10\1", generalized("20261101000000Z")))
		revoked => revoked(entry("\xff"), entry("\0"))
		revoked => revoked(entry("\x11" x 30))
		revoked => revoked(entry("\x10\1", "", extension("1.3.6.1.4.1.311.21.9", "\5\0")))
	PARTS
}

@test "what OpenSSL calls unhandled and critical is refused as such" {
	local odd text
	field_root
	field_sub pem:all.pem
	while IFS='|' read -r odd text; do
		crafted odd.crl "$odd"
		uses ca/root.pem "$FIELD/root/s1.pem" odd.crl && return 1
		why_not 'unhandled critical'
		unmoved ca 77 scope field_ca adopt corp odd.crl
		says "$text"
		says 'not critical, or is left out'
		unmoved sub 77 scope field_issuing import odd.crl
		cp uses.pem all.pem
		run field_issuing check
		[ "$status" -eq 2 ]
		says "$text"
	done <<-'ROWS'
		extensions => number(5, 1)|CRL number is critical
		extensions => number(5) . extension("2.5.29.18", "\x30\0", 1)|2.5.29.18 is critical
		revoked => revoked(entry("\x10", "", extension("2.5.29.21", "\x0a\1\1", 1)))|reasonCode is critical
		revoked => revoked(entry("\x10", "", extension("2.5.29.24", generalized("20261101000000Z"), 1)))|invalidityDate is critical
		revoked => revoked(entry("\x10", "", extension("2.5.29.23", oid("1.2.840.10040.2.2"), 1)))|2.5.29.23 is critical
	ROWS
}

@test "what is wrong by form has its reason, and advice that fits" {
	local odd want text advice
	field_root
	while IFS='|' read -r odd want text advice; do
		crafted odd.crl "$odd"
		unmoved ca "${want%:*}" "${want#*:}" field_ca adopt corp \
			odd.crl
		says "$text"
		says "${advice:-the CA\'s program does not write CRLs as RFC}"
	done <<-'ROWS'
		version => "", extensions => ""|65:format|want v2|crl_extensions and crlnumber
		revoked => "\x30\0"|65:format|revokedCertificates is an empty list|does not write CRLs as RFC
		this => utc("2612010000Z")|65:format|thisUpdate: want YYMMDDHHMMSSZ|does not write CRLs as RFC
		this => utc("261201000000+0000")|65:format|thisUpdate: want YYMMDDHHMMSSZ|does not write CRLs as RFC
		revoked => revoked(entry("\0\1"))|65:format|the INTEGER is not minimal|does not write CRLs as RFC
		revoked => revoked(entry("\x10", generalized("20261101000000.5Z")))|65:format|revocationDate: want YYYYMMDDHHMMSSZ|does not write CRLs as RFC
		extensions => idp("")|65:format|issuingDistributionPoint is empty|does not write CRLs as RFC
		algorithm => hex_of("300c06082a8648ce3d0403020500")|65:algorithm|its parameters must be absent|have the CA's program mended
		inner => hex_of("300c06082a8648ce3d0403020500")|65:algorithm|differs from that of tbsCertList|have the CA sign another
		algorithm => hex_of("300a06082a8648ce3d040301"), sign => "-sha224"|65:algorithm|(ecdsa-with-SHA224) is none of RSA, RSA-PSS and ECDSA with SHA-256|SHA-384 or SHA-512
		algorithm => hex_of("300906072a8648ce3d0401"), sign => "-sha1"|77:weak|have ecdsa-with-SHA1|with SHA-256
	ROWS
}

@test "removeFromCRL in a complete CRL is refused by each that reads one" {
	local reason='extension("2.5.29.21", "\x0a\1\x08")' index
	local says='revoked serial 1000: a complete CRL cannot hold'
	crafted odd.crl "revoked => revoked(entry(\"\\x0f\\xff\"), \
		entry(\"\\x10\\0\", \"\", $reason))"
	# OpenSSL takes it for a list that does not revoke it
	uses "$FIELD/root/root.pem" "$FIELD/root/s1.pem" odd.crl
	field_root
	field_sub pem:all.pem
	for index in '' 'R\t361231000000Z\t261101000000Z\t1000\tunknown\t/CN=a\n'
	do
		# shellcheck disable=SC2059
		printf "$index" >ca/index.txt
		unmoved ca 65 format field_ca adopt corp odd.crl
		says "$says removeFromCRL (RFC 5280 5.3.1)"
		says 'have the CA issue a complete CRL without that entry'
		mkdir -p new
		cp ca/root.pem ca/root.key ca/index.txt new/
		refused_alone new 65 format on_day "$ROOT_PROGRAM" init \
			--name corp --certificate new/root.pem \
			--key new/root.key --index new/index.txt \
			--output new/crlferry.cfg --last-crl odd.crl
		says "$says"
	done
	unmoved sub 65 format field_issuing import odd.crl
	says "$says"
	cp uses.pem all.pem
	run field_issuing check
	[ "$status" -eq 2 ]
	says invalid
	says "$says"
	# an archive that has one since before: said, and not exported
	mkdir -p ca/state/corp/archive
	cp odd.crl ca/state/corp/archive/000005.crl
	run field_ca status
	says "$says"
	field_ca keygen ca/seal.key ca/seal.pub --no-passphrase --quiet
	mkdir medium
	refused medium 65 format field_ca export medium --allow-fixed-disk
	says "$says"
}

# Serials: their order, their sign and their length

# shown CRL: its entries, as openssl prints them
shown() {
	openssl crl -in "$1" -inform "${2:-DER}" -noout -text |
		sed -n '/^Revoked/,/Signature Algorithm/p'
}

@test "negative and long serials: issued in OpenSSL's order, and read back" {
	local serial long=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
	field_root
	field_sub der:all.crl
	for serial in "-$long" 01 -0101 80 -01 -80 "$long" 0102 00 \
		"-1F$long$long" "-0F$long$long"; do
		printf 'R\t361231000000Z\t261101000000Z\t%s\tunknown\t/CN=a\n' \
			"$serial"
	done >ca/index.txt
	cat >peer.cnf <<-CNF
		[ca]
		default_ca = peer
		[peer]
		database = peer.index
		certificate = $FIELD/root/root.pem
		private_key = $FIELD/root/root.key
		default_md = sha256
		default_crl_days = 30
	CNF
	cp ca/index.txt peer.index
	on_day openssl ca -gencrl -config peer.cnf -out peer.pem
	field_ca issue corp --first --dry-run
	field_ca issue corp --first --quiet
	[ "$(basename "$(last_crl ca corp)")" = 000001.crl ]
	shown peer.pem PEM >peer.text
	shown "$(last_crl ca corp)" >own.text
	diff peer.text own.text
	grep -q "Number: -$long" own.text
	field_issuing import "$(last_crl ca corp)" --quiet
	# nothing is lost from one to the next
	field_ca issue corp --quiet
	field_issuing import "$(last_crl ca corp)" --quiet
	# and what openssl signs is in order, too
	craft_order
}

# craft_order: lists of others with long serials
craft_order() {
	local odd
	while read -r odd; do
		crafted odd.crl "revoked => revoked($odd)"
		agrees "$FIELD/root/root.pem" "$FIELD/root/s1.pem" odd.crl \
			"$odd" || return
	done <<-'PARTS'
		entry("\5"), entry("\x10" x 24)
		entry("\5"), entry("\x10" x 24), entry("\xef" . "\x11" x 23)
		entry("\5"), entry("\x80" . "\0" x 70)
		entry("\x10" x 23), entry("\xff"), entry("\5")
	PARTS
}

@test "a long serial in a list that is not in order is called one" {
	local odd
	field_root
	field_sub pem:all.pem
	for odd in 'entry("\x10" x 24), entry("\x05")' \
		'entry("\xff\x10" . "\1" x 22), entry("\x10" x 23)'; do
		crafted odd.crl "revoked => revoked($odd)"
		uses "$FIELD/root/root.pem" "$FIELD/root/s1.pem" odd.crl
		unmoved ca 65 format field_ca adopt corp odd.crl
		says 'odd.crl: serial '
		says 'has 24 octets, RFC 5280 4.1.2.2 allows 20; one of more'
		says 'than 23 is read only if the list is in serial order'
		says 'have the CA sort the list, as openssl ca -gencrl does'
		unmoved sub 65 format field_issuing import odd.crl
		says 'odd.crl: serial '
		says 'have the CA sort the list, as openssl ca -gencrl does'
		cp uses.pem all.pem
		run field_issuing check
		[ "$status" -eq 2 ]
		says 'has 24 octets, RFC 5280 4.1.2.2 allows 20'
	done
}

@test "a negative serial that a note brings back is revoked as it is told" {
	load ../e2e/note_helpers
	local command
	field_root --subordinate s1="$FIELD/root/s1.pem"
	crafted odd.crl 'revoked => revoked(entry("\xe8\1\2"))'
	field_ca adopt corp "$FIELD/10-issuer-printable.crl" --quiet
	field_sub pem:all.pem
	field_issuing import odd.crl --quiet
	make_note_key sub/note s1
	set_subordinate sub/crlferry.cfg s1 'note_secret = "note.key";'
	mkdir stick
	field_issuing request stick --allow-fixed-disk
	field_ca collect stick
	unmoved ca 77 shrunk field_ca issue
	says 'the index has lost -17FEFE of its revocations'
	command=$(sed -n 's/.*crlferry-root \(revoke .* -17FEFE\);.*/\1/p' \
		<<<"$output")
	[ -n "$command" ]
	# shellcheck disable=SC2086
	on_day "$ROOT_PROGRAM" ${command/REASON/superseded}
	field_ca issue --quiet
	shown "$(last_crl ca corp)" | grep -q 'Serial Number: -17FEFE'
}

@test "a distribution point that is a directoryName: compared as OpenSSL does" {
	local spelling
	make_root ca p256
	make_key sub.key p256
	openssl req -config ca/ca.cnf -new -key sub.key -subj /CN=sub \
		-out sub.csr
	# point COMMON-NAME: a section dp, of which it is the point's name
	point() {
		printf '[dp]\nfullname = dirName:point\n[point]\nCN = %s\n' "$1"
	}
	(printf '[e]\nbasicConstraints = critical,CA:TRUE\n'
		echo 'crlDistributionPoints = dp'
		point 'Point Of  Ours') >sub.cnf
	earlier openssl x509 -req -in sub.csr -CA ca/root.pem -CAkey \
		ca/root.key -days 999 -set_serial 6 -extfile sub.cnf \
		-extensions e -out sub.pem 2>/dev/null
	while IFS='|' read -r spelling outcome; do
		(sed '/^crl_extensions/s/crl$/idp/' ca/ca.cnf && echo '[idp]'
			echo 'issuingDistributionPoint = critical,@dp'
			point "$spelling") >idp.cnf
		echo 05 >ca/crlnumber
		earlier openssl ca -config idp.cnf -gencrl -out crl.pem \
			2>/dev/null
		openssl crl -in crl.pem -outform DER -out crl.der
		pin ca/root.pem sub.pem
		if [ "$outcome" = used ]; then
			uses ca/root.pem sub.pem crl.der
			pinned import crl.der
		else
			run ! uses ca/root.pem sub.pem crl.der
			why_not 'scope'
			refuses 77 scope pinned import crl.der
			[ ! -e pinned/ca.crl.pem ]
			says "stands in no subordinate's certificate"
		fi
	done <<-'ROWS'
		Point Of  Ours|used
		point of ours|used
		POINT  OF OURS|used
		pointofours|refused
		Point Of Others|refused
	ROWS
}
