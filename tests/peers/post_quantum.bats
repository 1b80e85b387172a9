#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# ML-DSA (RFC 9881) and SLH-DSA (RFC 9909): with an OpenSSL that has them, from
# the root to openssl verify; with an older one, refused with a clear word.

load ../e2e/root_setup
load ../e2e/adopt_fixture
load ../e2e/ceremony_fixture

VECTORS=$BATS_TEST_DIRNAME/../vectors/post_quantum

has_them() {
	openssl list -signature-algorithms | grep -q ML-DSA-65
}

needs_them() {
	has_them || skip "OpenSSL here has no ML-DSA"
}

# make_pq FOLDER KEYTYPE: a root of two days ago, with `live`, and `gone`, which
# is revoked
make_pq() {
	old_root "$1" "$2"
	make_sub "$1" live
	make_sub "$1" gone
	revoke_sub "$1" gone
	adopt_root "$1" corp
}

# take_vectors: the root of tests/vectors, `rootly` its machine and `sub` its
# subordinate's, whose stores hold nothing yet
take_vectors() {
	mkdir -p rootly/state/pq-root sub/state stores/hash
	cp "$VECTORS"/{root.pem,root.key,index.txt,crlnumber,live.pem} rootly
	cp "$VECTORS"/{root.pem,live.pem,seal.pub} sub
	cp -r "$VECTORS/stick" .
	chmod 600 rootly/root.key
	for state in rootly/state sub/state; do
		echo crlferry-state 1 >$state/version
		: >$state/lock
	done
	cat >sub/crlferry.cfg <<-CFG
		state = "state";
		seal = { trusted = ( "seal.pub" ); };
		roots = ( { name = "pq-root"; certificate = "root.pem";
		  schedule = "semiannual";
		  subordinates = ( { name = "live"; certificate = "live.pem";
		    stores = ( { type = "hashdir"; path = "../stores/hash"; },
		      { type = "der"; path = "../stores/one.crl"; } ); } ); } );
	CFG
	"$ROOT_PROGRAM" keygen rootly/seal.key rootly/seal.pub \
		--no-passphrase --quiet
	cat >rootly/crlferry.cfg <<-CFG
		state = "state"; air_gap = "off";
		seal = { secret = "seal.key"; };
		roots = ( { name = "pq-root"; certificate = "root.pem";
		  schedule = "semiannual"; signing = { key = "root.key";
		    index = "index.txt"; crlnumber = "crlnumber"; };
		  subordinates = ( { name = "live"; certificate = "live.pem"; } );
		} );
	CFG
}

# openssl_agrees FOLDER CRL: openssl verifies the CRL, takes `live` by it, and
# not `gone`
openssl_agrees() {
	openssl crl -inform DER -in "$2" -CAfile "$1/root.pem" -noout 2>&1 |
		grep -qx 'verify OK' || return
	openssl crl -inform DER -in "$2" -out agreed.pem
	openssl verify -crl_check -CAfile "$1/root.pem" -CRLfile agreed.pem \
		"$1/live.pem" || return
	run openssl verify -crl_check -CAfile "$1/root.pem" -CRLfile \
		agreed.pem "$1/gone.pem"
	says 'certificate revoked'
}

@test "an ML-DSA-65 root: issue, export, import, check, openssl verify" {
	needs_them
	make_pq ca ml-dsa-65
	root ca issue --first
	openssl_agrees ca "$(last_crl ca corp)"
	# but for the signature, what openssl makes of the same index
	openssl_crl ca "$(last_crl ca corp)" peer.crl
	cmp <(tbs_of "$(last_crl ca corp)") <(tbs_of peer.crl)
	mkdir stick1 stick2
	root ca export stick1 --allow-fixed-disk
	make_sub_config ca corp live
	run sub info stick1
	[ "$status" -eq 0 ]
	says ML-DSA-65
	sub import stick1
	run sub check
	[ "$status" -eq 0 ]
	says 'CRLFERRY OK - corp/live fresh: '
	# as a program that reads the hash directory
	cp ca/root.pem "stores/hash/$(openssl x509 -in ca/root.pem -noout \
		-subject_hash).0"
	openssl verify -CApath stores/hash -crl_check ca/live.pem
	run openssl verify -CApath stores/hash -crl_check ca/gone.pem
	says 'certificate revoked'
	sub status
	sub report --output sub.html
	root ca report --output ca.html
	root ca ledger verify
	# the next one, with one bit of its signature turned, and without
	root ca issue
	root ca export stick2 --allow-fixed-disk
	cp "$(last_crl ca corp)" turned.crl
	flip turned.crl $(($(stat -c %s turned.crl) - 1))
	sed -i 's/bare = false/bare = true/;
		s/schedule = "semiannual"/&; bare = true/' sub/crlferry.cfg
	before=$(digest_of sub stores)
	refuses 65 signature sub import turned.crl
	[ "$before" = "$(digest_of sub stores)" ]
	sub import stick2
	sub check
}

@test "its key's algorithm is the signature's, whatever the CRL says" {
	needs_them
	make_pq ca ml-dsa-65
	root ca issue --first --quiet
	cp "$(last_crl ca corp)" ours.crl
	# ML-DSA-87, HashML-DSA-65, and ML-DSA-65 inside alone
	perl -0777 -pe 's/(\x60\x86\x48\x01\x65\x03\x04\x03)\x12/$1\x13/g' \
		ours.crl >other.crl
	perl -0777 -pe 's/(\x60\x86\x48\x01\x65\x03\x04\x03)\x12/$1\x21/g' \
		ours.crl >hashed.crl
	perl -0777 -pe 's/(.*\x60\x86\x48\x01\x65\x03\x04\x03)\x12/$1\x13/s' \
		ours.crl >outside.crl
	refused ca 65 signature root ca adopt corp other.crl
	says 'ML-DSA-87 does not fit a key of ML-DSA-65'
	refused ca 65 algorithm root ca adopt corp hashed.crl
	says 'is HashML-DSA, which RFC 9881 rules out'
	refused ca 65 algorithm root ca adopt corp outside.crl
	says 'signatureAlgorithm differs from that of tbsCertList'
}

@test "adopt and lint take what openssl signs with the others" {
	local type
	needs_them
	for type in ml-dsa-44 ml-dsa-87 slh-dsa-sha2-128s slh-dsa-shake-256f
	do
		make_pq "$type" "$type"
		openssl ca -gencrl -config "$type/ca.cnf" -out "$type.pem" \
			-crl_lastupdate "$(days_ago 1)" \
			-crl_nextupdate "$(days_ago -200)" 2>/dev/null
		takes "$type" "$type.pem"
		openssl_agrees "$type" "$(last_crl "$type" corp)"
		run "$ROOT_PROGRAM" lint --root "$type/root.pem" "$type.pem" \
			"$type/root.pem"
		[ "$status" -eq 0 ] && [ -z "$output" ]
		run "$ROOT_PROGRAM" lint --profile br "$type.pem"
		[ "$status" -eq 65 ]
		says br-algorithm
		# and with our own signature
		root "$type" issue --quiet
		openssl_agrees "$type" "$(last_crl "$type" corp)"
	done
}

@test "a ceremony, a rehearsal of one, and a new certificate" {
	needs_them
	make_pq ca ml-dsa-87
	root ca issue --first --quiet
	mkdir medium
	holds : --rehearse
	openssl crl -inform DER -noout -text -in \
		medium/crlferry-rehearsal/crlferry/corp/000002/corp.crl |
		grep 'Signature Algorithm: ML-DSA-87'
	holds
	openssl_agrees ca medium/crlferry/corp/000002/corp.crl
	grep -q ML-DSA-87 ca/state/corp/minutes/[0-9]*.txt
	run root ca reissue corp --output new.pem
	[ "$status" -eq 0 ]
	openssl verify -check_ss_sig -CAfile new.pem new.pem
	cmp <(openssl x509 -in ca/root.pem -noout -pubkey) \
		<(openssl x509 -in new.pem -noout -pubkey)
	openssl verify -crl_check -CAfile new.pem -CRLfile agreed.pem \
		ca/live.pem
}

@test "there is no digest to choose" {
	needs_them
	make_pq ca ml-dsa-44
	root ca issue --first --quiet
	sed -i 's/# digest = "sha256";/digest = "sha256";/' ca/crlferry.cfg
	refused ca 65 algorithm root ca issue
	says 'digest SHA256: ML-DSA-44 has its own digest'
	says 'remedy: remove or correct the line "digest"'
	refused ca 65 algorithm root ca reissue corp --digest sha512 \
		--output new.pem
	[ ! -e new.pem ]
}

# refuses_key WHAT...: each command says that the key is of no use here
refuses_key() {
	local before
	before=$(find rootly sub stores stick -printf '%p %s %T@\n' | sort)
	refuses 65 algorithm "$@" || return
	says "its key is ML-DSA-65, which this machine's OpenSSL $(openssl \
		version | cut -d' ' -f2) cannot use" || return
	says 'OpenSSL 3.5 or later, which Debian 13 has' || return
	[ "$before" = "$(find rootly sub stores stick -printf '%p %s %T@\n' |
		sort)" ]
}

@test "the same bundle where OpenSSL is older: refused, and nothing changes" {
	! has_them || skip "OpenSSL here has ML-DSA"
	take_vectors
	crl=stick/crlferry/pq-root/000001/pq-root.crl
	refuses_key sub import stick
	sed -i 's/name = "pq-root";/& bare = true;/' sub/crlferry.cfg
	refuses_key sub import "$crl"
	refuses_key sub info stick
	refuses_key sub status
	refuses_key root rootly issue --first
	refuses_key root rootly adopt pq-root "$crl"
	refuses_key root rootly export stick --allow-fixed-disk
	refuses_key root rootly reissue pq-root --output rootly/new.pem
	refuses_key "$ROOT_PROGRAM" init --name pq-root --certificate \
		rootly/root.pem --key rootly/root.key --index \
		rootly/index.txt --output rootly/new.cfg
	refuses_key "$SUB_PROGRAM" init --root pq-root=sub/root.pem \
		--subordinate live=sub/live.pem --output sub/new.cfg
	# the CRL is there and sound: that nobody can tell here is not that it
	# is missing or forged
	openssl crl -inform DER -in "$crl" -out stores/hash/11111111.r0
	run sub check
	[ "$status" -eq 3 ]
	says 'CRLFERRY UNKNOWN - algorithm: '
	says 'its key is ML-DSA-65, which'
	says_not invalid
	run "$SUB_PROGRAM" lint "$crl"
	[ "$status" -eq 65 ]
	says 'algorithm-unavailable: signed with ML-DSA-65, which'
	run "$SUB_PROGRAM" lint sub/root.pem
	[ "$status" -eq 65 ]
	says 'algorithm-unavailable: certificate: its key is ML-DSA-65, which'
	# of a root whose key OpenSSL does know
	make_root ec p256 'Post-Quantum Root'
	adopt_root ec pq-root
	root ec issue --first --quiet
	SKI=$(openssl x509 -in ec/root.pem -noout -ext subjectKeyIdentifier |
		tail -n 1 | tr -d ' :') perl -0777 -pe \
		's/(\x30\x16\x80\x14).{20}/$1 . pack("H*", $ENV{SKI})/se' \
		"$crl" >mixed.crl
	refused ec 65 algorithm root ec adopt pq-root mixed.crl
	says "signed with ML-DSA-65, which this machine's OpenSSL "
}

@test "the same bundle where OpenSSL has it is imported" {
	needs_them
	take_vectors
	TZ=UTC faketime '2027-01-05 09:00:00' "$SUB_PROGRAM" import stick \
		--config sub/crlferry.cfg
	TZ=UTC faketime '2027-01-05 09:00:00' "$SUB_PROGRAM" check \
		--config sub/crlferry.cfg
	cmp stick/crlferry/pq-root/000001/pq-root.crl stores/one.crl
	run "$SUB_PROGRAM" lint "$VECTORS/hash-ml-dsa-44.crl"
	[ "$status" -eq 65 ]
	says 'is HashML-DSA'
}

@test "a store keeps a certificate whose key no OpenSSL here may know" {
	make_root ca p256 'Post-Quantum Root'
	make_sub ca live
	adopt_root ca pq-root
	mkdir stick
	root ca issue --first --quiet
	root ca export stick --allow-fixed-disk --quiet
	make_sub_config ca pq-root live
	# a CRL of this root stood there: damaged ones are replaced
	sub import stick
	openssl x509 -in "$VECTORS/root.pem" -outform DER -out stores/one.crl
	cp stores/one.crl before
	refuses 69 store sub import stick
	says 'it holds a certificate'
	cmp stores/one.crl before
}
