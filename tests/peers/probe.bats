#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# crlferry-sub probe, against openssl s_server and nginx.

load probe_setup

make_work() {
	make_probe_pki
}

teardown() {
	end_servers
	leave_work
}

# nginx_serve CHAINFILE KEY [DIRECTIVE]...: PORT is where
nginx_serve() {
	local chain=$1 key=$2
	shift 2
	PORT=$(free_port)
	write_nginx "listen 127.0.0.1:$PORT ssl; ssl_certificate $T/$chain;" \
		"ssl_certificate_key $T/$key;" "$@"
	start nginx nginx -e "$T/web/log" -c "$T/web/nginx.conf"
	wait_for_port nginx "$PORT"
}

# fails PATTERN [ARGUMENT]...: UNKNOWN, for that reason
fails() {
	finds 3 UNKNOWN "" "$@" || return 1
	[ "$(jq '.certificates | length' <<<"$output")" -eq 0 ]
}

# says TEXT: some line of the last text has it
says() {
	probe
	grep -qF -- "$1" <<<"$output"
}

@test "the full chain: OK, with the days that are left, in text and JSON" {
	nginx_serve full.pem web.key
	finds 0 OK unchecked "*2 certificates sent, complete up to root \
test-root; the leaf ends first, on $(date -u -d '+100 days' +%F) (in *days); \
not checked for revocation: CN=web | leaf=*;30:;7: \
intermediate1=36*;36?:;30: root=7*;36?:;30:"
	[ "$(jq -r '[.certificates[].role] | join(" ")' <<<"$output")" = \
		"leaf intermediate root" ]
	[ "$(jq -r '.certificates[1].revocation' <<<"$output")" = good ]
	[ "$(jq -r '.certificates[1].sha256' <<<"$output")" = \
		"$(openssl x509 -in ca/live.pem -outform DER | sha256sum |
			cut -d' ' -f1)" ]
	says "sent as no. 2, intermediate: CN=live; issuer CN=Test Root; serial "
	says "not sent, root: CN=Test Root; "
	says "; ecdsa-with-SHA256; not revoked, by the CRL in "
}

@test "TLS 1.2, an RSA key exchange without a signature, a client certificate" {
	KEYTYPE=rsa2048 make_leaf old ca/live
	cat old.pem ca/live.pem >old-full.pem
	nginx_serve old-full.pem old.key "ssl_protocols TLSv1.2;
		ssl_ciphers AES128-SHA;"
	finds 0 OK unchecked "*complete up to root test-root*"
	says "TLSv1.2, AES128-SHA, handshake without a signature"
	end_servers
	serve full.pem web.key -Verify 1 -tls1_2 -CAfile ca/root.pem
	finds 0 OK "" "*complete up to root test-root*"
	says "it asks for a client certificate, of which this probe has none"
	end_servers
	serve full.pem web.key -Verify 1 -tls1_3 -CAfile ca/root.pem
	finds 0 OK "" "*complete up to root test-root*"
}

@test "the leaf alone: names the intermediate, its file and where it goes" {
	nginx_serve web.pem web.key
	finds 2 CRITICAL missing-intermediate "*: it does not send the \
intermediate CN=live, the issuer of CN=web: append sub/live.pem to the \
service's certificate file (nginx: ssl_certificate; *), and reload it *"
	says "not sent, intermediate: CN=live; "
	openssl x509 -in ca/live.pem -outform DER -out sub/live.der
	cp sub/crlferry.cfg pem.cfg
	configure 's,"live.pem","live.der",'
	finds 2 CRITICAL missing-intermediate "*: append the output of \
openssl x509 -in sub/live.der to the service's certificate file *"
	cp pem.cfg sub/crlferry.cfg
	end_servers
	# behind the root it would stand in the wrong place
	cat web.pem ca/root.pem >chain.pem
	nginx_serve chain.pem web.key
	finds 2 CRITICAL missing-intermediate "*: add sub/live.pem to the \
service's certificate file right behind CN=web (nginx: ssl_certificate; *"
	# which is all that it lacks
	cat ca/live.pem >>web.pem
	end_servers
	nginx_serve web.pem web.key
	finds 0 OK "" "*"
}

@test "an intermediate that nobody configured, with where it says it is" {
	make_leaf deep lower
	serve deep.pem deep.key
	finds 2 CRITICAL missing-intermediate "*: it does not send the \
certificate of CN=lower, the issuer of CN=deep, and no configured CA is \
that: get that certificate from its CA and append it to *"
	end_servers
	cat deep.pem lower.pem >chain.pem
	serve chain.pem deep.key
	finds 2 CRITICAL missing-intermediate "*certificate of CN=upper, the \
issuer of CN=lower*"
	end_servers
	cat deep.pem ca/upper.pem >chain.pem
	serve chain.pem deep.key
	finds 2 CRITICAL missing-intermediate "*certificate of CN=lower, the *"
	says "note - it sends CN=upper too, whose place in the chain is not kno"
	end_servers
	sed -i 's,^subjectKeyIdentifier.*,&\nauthorityInfoAccess = caIssuers;U'\
'RI:http://pki.example/lower.crt,' extensions
	openssl x509 -req -in deep.csr -CA lower.pem -CAkey lower.key -days 90 \
		-extfile extensions -out deep.pem 2>/dev/null
	serve deep.pem deep.key
	finds 2 CRITICAL missing-intermediate \
		"*from its CA, at http://pki.example/lower.crt and append*"
}

@test "the wrong order: the one that was sent and the right one" {
	make_leaf deep lower
	cat deep.pem lower.pem ca/upper.pem >chain.pem
	serve chain.pem deep.key
	finds 0 OK unchecked "*3 certificates sent, complete*"
	end_servers
	cat deep.pem ca/upper.pem lower.pem >chain.pem
	serve chain.pem deep.key
	finds 1 WARNING wrong-order "*order (CN=deep, CN=upper, CN=lower); \
the right one is CN=deep, CN=lower, CN=upper: write them * (nginx: *"
	end_servers
	# the root is not needed, but is in the way here
	cat web.pem ca/root.pem ca/live.pem >chain.pem
	nginx_serve chain.pem web.key
	finds 1 WARNING wrong-order "*order (CN=web, CN=Test Root, \
CN=live); the right one is CN=web, CN=live: write them*"
}

@test "the root at the end, a stranger, a copy, a cross certificate" {
	cat full.pem ca/root.pem >chain.pem
	nginx_serve chain.pem web.key
	finds 0 OK "" "*3 certificates sent, complete up to root test-root*"
	says "note - it sends the root too, CN=Test Root, which its clients"
	end_servers
	cat full.pem lower.pem >chain.pem
	nginx_serve chain.pem web.key
	finds 1 WARNING stranger "*: it sends CN=lower, which has no part in \
the chain: take it out*"
	end_servers
	cat full.pem ca/live.pem >chain.pem
	nginx_serve chain.pem web.key
	finds 0 OK "" "*"
	says "note - it sends a certificate of CN=live twice"
	end_servers
	make_root other p256 'Other Root'
	cp ca/root.key cross.key
	SUBJECT='/CN=Test Root' make_below cross other/root CA
	cat full.pem cross.pem other/root.pem >chain.pem
	nginx_serve chain.pem web.key
	finds 0 OK "" "*4 certificates sent, complete up to root test-root*"
	says "note - it sends CN=Test Root too, which leads from the root to"
}

@test "two chains, for RSA and for ECDSA: both are judged" {
	local protocol
	KEYTYPE=rsa2048 DAYS=50 make_leaf old ca/live
	cat old.pem ca/live.pem >old-full.pem
	for protocol in 1.2 1.3; do
		nginx_serve full.pem web.key "ssl_protocols TLSv$protocol;
			ssl_certificate $T/old.pem;
			ssl_certificate_key $T/old.key;"
		finds 2 CRITICAL missing-intermediate "*: with its RSA \
certificate: it does not send the intermediate CN=live, the issuer of CN=old: \
append sub/live.pem to *"
		[ "$(jq -r '[.certificates[] | "\(.chain) \(.role)"] |
			join(",")' <<<"$output")" = "ECDSA leaf,ECDSA \
intermediate,ECDSA root,RSA leaf,RSA intermediate,RSA root" ]
		end_servers
		nginx_serve full.pem web.key "ssl_protocols TLSv$protocol;
			ssl_certificate $T/old-full.pem;
			ssl_certificate_key $T/old.key;"
		finds 0 OK "" "*2 certificates sent, complete up to root \
test-root (ECDSA), and 2 up to root test-root (RSA); the RSA leaf ends first, \
on *; not checked for revocation: CN=web, CN=old | leaf=*;30:;7: *root=* \
leaf-RSA=*;30:;7: intermediate1-RSA=* root-RSA=*"
		says "sent as no. 1, RSA leaf: CN=old; "
		says "note - with its RSA certificate: the leaf CN=old is not c"
		says "for the other kind of key, RSA: TLSv$protocol, "
		end_servers
		# what both have is said once
		nginx_serve web.pem web.key "ssl_protocols TLSv$protocol;
			ssl_certificate $T/old-full.pem;
			ssl_certificate_key $T/old.key;"
		finds 2 CRITICAL missing-intermediate "*: with its ECDSA \
certificate: it does not send the intermediate CN=live, the issuer of CN=web*"
		end_servers
	done
	nginx_serve old-full.pem old.key
	finds 0 OK "" "*: 2 certificates sent, complete up to root test-root; *"
	says "for the other kind of key, ECDSA: it has none (the handshake failed: "
	end_servers
	# a service that ends after one connection: the other is not known
	serve full.pem web.key -naccept 1
	probe
	[ "$status" -eq 0 ]
	grep -qF "note - whether it has a certificate with an RSA key too is not \
known: " <<<"$output"
	grep -qxF "for the other kind of key, RSA: not known" <<<"$output"
}

@test "cross-signed: in the place of the configured one, before it, behind it" {
	local path
	make_root other p256 'Other Root'
	cp ca/live.key crossed.key
	SUBJECT=/CN=live make_below crossed other/root CA
	for path in web.pem\ crossed.pem "web.pem crossed.pem other/root.pem"; do
		# shellcheck disable=SC2086	# a list of files
		cat $path >chain.pem
		nginx_serve chain.pem web.key
		finds 2 CRITICAL other-issuer "*: it sends CN=live as certified \
by CN=Other Root, which does not lead to root test-root: put sub/live.pem, which \
is of the same name and key, in its place in the service's certificate file \
(nginx: *"
		[ "$(jq '[.findings[] | select(.severity == "CRITICAL")] |
			length' <<<"$output")" -eq 1 ]
		end_servers
	done
	cat web.pem crossed.pem ca/live.pem >chain.pem
	nginx_serve chain.pem web.key
	finds 2 CRITICAL other-issuer "*: it sends CN=live as certified by \
CN=Other Root before the one that leads to root test-root, and many clients \
take the first: take it out *, or put it at the end*"
	# which OpenSSL is one of
	run openssl verify -CAfile ca/root.pem -untrusted chain.pem web.pem
	[ "$status" -ne 0 ]
	end_servers
	cat full.pem crossed.pem other/root.pem >chain.pem
	nginx_serve chain.pem web.key
	finds 0 OK "" "*4 certificates sent, complete up to root test-root*"
	says "note - it sends another certificate of CN=live too, issued by CN=Ot"
	says "note - it sends CN=Other Root too, to which another way leads"
}

@test "more certificates than anybody needs" {
	local i one
	one=$(cat lower.pem)
	for i in {1..40}; do
		echo "$one"
	done | cat full.pem - >chain.pem
	nginx_serve chain.pem web.key
	finds 3 UNKNOWN too-many "*: it sends more than 32 certificates, and 10 \
were not looked at*"
	end_servers
	for i in {1..900}; do
		echo "$one"
	done | cat full.pem - >chain.pem
	nginx_serve chain.pem web.key
	finds 3 UNKNOWN no-handshake "*: the handshake failed: excessive mess*"
}

@test "a renewed root, and a renewed intermediate, of the same key count" {
	openssl x509 -in ca/root.pem -signkey ca/root.key -days 4000 \
		-out renewed.pem 2>/dev/null
	configure "s,\"test-root.pem,\"$T/renewed.pem,"
	nginx_serve full.pem web.key
	finds 0 OK "" "*complete up to root test-root*"
	end_servers
	# the old one of a CA whose renewed one is configured
	printf '%s\n' 'basicConstraints = critical,CA:TRUE' \
		'subjectKeyIdentifier = hash' >extensions
	openssl x509 -req -in ca/live.csr -CA ca/root.pem -CAkey ca/root.key \
		-days 20 -extfile extensions -out before.pem 2>/dev/null
	cat web.pem before.pem >chain.pem
	nginx_serve chain.pem web.key
	finds 2 CRITICAL expiring "*: the intermediate CN=live expires on * \
days): put sub/live.pem, which is of the same key, in its place in the *"
}

@test "SHA-1: in the leaf, an intermediate, the handshake; not the root's own" {
	make_leaf weak ca/live -sha1
	cat weak.pem ca/live.pem >chain.pem
	serve chain.pem weak.key -cipher 'ALL:@SECLEVEL=0'
	finds 2 CRITICAL weak-signature "*: the leaf CN=weak is signed with \
ecdsa-with-SHA1, which clients refuse: have it issued anew with SHA-256*"
	end_servers
	KEYTYPE=rsa2048 make_below weaker ca/upper CA -sha1
	make_leaf deep weaker -md5
	cat deep.pem weaker.pem ca/upper.pem >chain.pem
	serve chain.pem deep.key -cipher 'ALL:@SECLEVEL=0'
	says ": the leaf CN=deep is signed with md5WithRSAEncryption, which"
	says "CRITICAL - the intermediate CN=weaker is signed with ecdsa-with-S"
	end_servers
	KEYTYPE=rsa2048 make_leaf old ca/live
	cat old.pem ca/live.pem >chain.pem
	serve chain.pem old.key -tls1_2 -sigalgs RSA+SHA1 \
		-cipher 'ECDHE+AES:@SECLEVEL=0'
	finds 2 CRITICAL weak-handshake "*: its TLSv1.2 handshake is signed \
by RSA with SHA1, which clients refuse: let the service speak TLS 1.2*"
	end_servers
	serve chain.pem old.key -tls1 -cipher 'ECDHE+AES:@SECLEVEL=0'
	finds 2 CRITICAL weak-handshake "*TLSv1 handshake is signed by RSA with \
MD5-SHA1*"
	end_servers
	openssl x509 -in ca/root.pem -signkey ca/root.key -sha1 -days 4000 \
		-out sha1.pem 2>/dev/null
	configure "s,\"test-root.pem,\"$T/sha1.pem,"
	nginx_serve full.pem web.key
	finds 0 OK "" "*"
	says "note - the root CN=Test Root is signed with ecdsa-with-SHA1: by "
}

@test "a revoked intermediate, by the root's CRL in the stores" {
	make_leaf below ca/bad
	cat below.pem ca/bad.pem >chain.pem
	nginx_serve chain.pem below.key
	finds 2 CRITICAL revoked "*: the intermediate CN=bad is revoked \
(keyCompromise) by the CRL of CN=Test Root in *"
	[ "$(jq -r '.certificates[1].revocation' <<<"$output")" = revoked ]
}

# issuing_crl [REVOKED]: a CRL of ca/live as live.crl
issuing_crl() {
	mkdir -p issuing
	sed "s,^dir = .*,dir = $T/issuing,
		s,^certificate = .*,certificate = $T/ca/live.pem,
		s,^private_key = .*,private_key = $T/ca/live.key," \
		ca/ca.cnf >issuing/ca.cnf
	: >issuing/index.txt
	echo 01 >issuing/crlnumber
	[ $# -eq 0 ] || openssl ca -config issuing/ca.cnf -revoke "$1" \
		-crl_reason superseded 2>/dev/null
	openssl ca -config issuing/ca.cnf -gencrl -out live.crl 2>/dev/null
}

@test "a revoked leaf, by its own CA's CRL beside the root's" {
	nginx_serve full.pem web.key
	issuing_crl
	cat live.crl >>stores/all.pem
	finds 0 OK "" "* days) |*"
	says "; not revoked, by the CRL in pem $T/stores/all.pem"
	issuing_crl web.pem
	# another's word of the same name does not count
	make_root fake p256 live
	openssl ca -config <(sed "s,^dir = .*,dir = $T/fake,
		s,root.pem,root.pem," fake/ca.cnf) -revoke web.pem 2>/dev/null
	openssl ca -config fake/ca.cnf -gencrl -out fake.crl 2>/dev/null
	cp fake.crl "stores/hash/$(hash_of ca/live.pem).r0"
	finds 0 OK "" "*"
	cp live.crl "stores/hash/$(hash_of ca/live.pem).r0"
	finds 2 CRITICAL revoked "*: the leaf CN=web is revoked (superseded) \
by the CRL of CN=live in hashdir *"
}

@test "a CRL that is for CAs alone says nothing of a leaf" {
	nginx_serve full.pem web.key
	issuing_crl
	printf '[crl]\nissuingDistributionPoint = critical,@idp\n[idp]\n%s\n' \
		'onlyCA = TRUE' >>issuing/ca.cnf
	openssl ca -config issuing/ca.cnf -gencrl -out live.crl 2>/dev/null
	openssl crl -in live.crl -noout -text | grep -q 'Only CA'
	cp live.crl "stores/hash/$(hash_of ca/live.pem).r0"
	finds 0 OK "" "*; not checked for revocation: CN=web |*"
	says "onlyContainsCACerts does not cover CN=web, which is no CA certificat"
}

@test "no CRL of the root to look at: UNKNOWN, and the reason" {
	nginx_serve full.pem web.key
	rm -r stores
	mkdir -p stores/hash
	finds 3 UNKNOWN unchecked "*: the intermediate CN=live is not checked \
for revocation: no CRL of its issuer is in the stores *: crlferry-sub check \
--config *sub/crlferry.cfg says what the stores lack*"
}

@test "the root's CRL has expired: UNKNOWN, unless it lists it all the same" {
	local at
	at=$(date -u -d '+8 months' '+%F %T')
	DAYS=900 make_leaf long ca/live
	cat long.pem ca/live.pem >chain.pem
	nginx_serve chain.pem long.key
	run guarded faketime -f "@$at" "$SUB_PROGRAM" probe \
		--config sub/crlferry.cfg "127.0.0.1:$PORT"
	echo "$output"
	[ "$status" -eq 3 ]
	[[ ${lines[0]} == "CRLFERRY UNKNOWN - "*"the intermediate CN=live is \
not checked for revocation since "*", when the CRL in "*" expired "* ]]
	end_servers
	DAYS=900 make_leaf below ca/bad
	cat below.pem ca/bad.pem >chain.pem
	nginx_serve chain.pem below.key
	run guarded faketime -f "@$at" "$SUB_PROGRAM" probe \
		--config sub/crlferry.cfg "127.0.0.1:$PORT"
	[ "$status" -eq 2 ]
	[[ ${lines[0]} == *"the intermediate CN=bad is revoked "* ]]
}

@test "a leaf that the root itself issued, and revoked" {
	make_leaf six ca/root
	serve six.pem six.key
	finds 0 OK "" "*: 1 certificate sent, complete up to *"
	[ "$(jq -r '.certificates[0].revocation' <<<"$output")" = good ]
	root ca revoke test-root six.pem --reason keyCompromise --unknown \
		--quiet
	issue_to stick2
	sub import stick2 --quiet
	finds 2 CRITICAL revoked "*: the leaf CN=six is revoked \
(keyCompromise) by the CRL of CN=Test Root in *: have a new certificate*"
}

@test "an IPv6 address" {
	[ -n "$(ip -6 address show dev lo)" ] || skip "no IPv6 on loopback"
	NAMES=IP:::1 make_leaf six ca/live
	cat six.pem ca/live.pem >chain.pem
	HOST='[::1]'
	serve chain.pem six.key
	finds 0 OK "" "*: 2 certificates sent, complete up to *"
}

@test "dates: expiring, critical, expired, not yet valid" {
	local days wants
	for wants in "31 0 OK" "30 1 WARNING" "8 1 WARNING" "7 2 CRITICAL"; do
		read -r days status severity <<<"$wants"
		DAYS=$days make_leaf short ca/live
		cat short.pem ca/live.pem >chain.pem
		nginx_serve chain.pem short.key
		finds "$status" "$severity" "" "*"
		[ "$severity" = OK ] || says "the leaf CN=short expires on "
		end_servers
	done
	openssl x509 -req -in web.csr -CA ca/live.pem -CAkey ca/live.key \
		-days -1 -extfile extensions -out gone.pem 2>/dev/null
	cat gone.pem ca/live.pem >chain.pem
	nginx_serve chain.pem web.key
	finds 2 CRITICAL expired "*: the leaf CN=web expired on *: renew the*"
	end_servers
	faketime -f +5d openssl x509 -req -in web.csr -CA ca/live.pem -days 9 \
		-CAkey ca/live.key -extfile extensions -out soon.pem 2>/dev/null
	cat soon.pem ca/live.pem >chain.pem
	nginx_serve chain.pem web.key
	finds 2 CRITICAL not-yet-valid "*: the leaf CN=web is not valid before*"
	end_servers
	# a CA's certificate takes longer to renew
	DAYS=300 make_below brief ca/upper CA
	make_leaf leaf brief
	cat leaf.pem brief.pem ca/upper.pem >chain.pem
	nginx_serve chain.pem leaf.key
	finds 1 WARNING expiring "*: the intermediate CN=brief expires on * (in \
* days): have CN=upper renew it, and send the new one*"
}

@test "the name: of another host, by --servername, an address, only in CN" {
	NAMES='DNS:www.example.org,DNS:*.example.net' make_leaf site ca/live
	cat site.pem ca/live.pem >chain.pem
	serve chain.pem site.key
	finds 2 CRITICAL wrong-name "*: the leaf CN=site is not for 127.0.0.1, \
but for www.example.org, \*.example.net: have it issued anew with the address \
127.0.0.1 in its subjectAltName, or give *--servername*"
	finds 0 OK "" "*" --servername www.example.org
	finds 0 OK "" "*" --servername WWW.example.ORG.
	finds 0 OK "" "*" --servername a.example.net
	finds 2 CRITICAL wrong-name "*" --servername a.b.example.net
	HOST=localhost finds 2 CRITICAL wrong-name "*is not for localhost,*"
	end_servers
	NAMES= make_leaf localhost ca/live
	cat localhost.pem ca/live.pem >chain.pem
	serve chain.pem localhost.key
	HOST=localhost finds 1 WARNING name-in-subject "*in the subject alone, *"
	finds 2 CRITICAL wrong-name "*: the leaf CN=localhost does not have \
127.0.0.1 in its subjectAltName, where clients look for it: have it issued *"
}

@test "the name is sent as SNI, an address is not" {
	NAMES=DNS:two.example make_leaf two ca/live
	cat two.pem ca/live.pem >two-full.pem
	serve full.pem web.key -servername two.example -cert2 two.pem \
		-key2 two.key
	finds 2 CRITICAL missing-intermediate "*issuer of CN=two*" \
		--servername two.example
	end_servers
	# this one ends the handshake for any name but its own
	serve full.pem web.key -servername two.example -cert2 two.pem \
		-key2 two.key -servername_fatal
	finds 0 OK "" "*"
	HOST=localhost fails "*: the handshake failed: tlsv1 unrecognized name*"
}

@test "another PKI, a self-signed certificate, a CA with another key" {
	make_root other p256 'Other Root'
	make_sub other live
	make_leaf theirs other/live
	cat theirs.pem other/live.pem other/root.pem >chain.pem
	serve chain.pem theirs.key
	finds 2 CRITICAL other-root "*: its chain ends at CN=Other Root, which \
is none of the configured roots: check that *"
	end_servers
	serve theirs.pem theirs.key
	finds 2 CRITICAL other-key "*: CN=theirs names CN=live as its issuer, \
but is not signed with the key of sub/live.pem: if that CA has a new key*"
	end_servers
	serve other/root.pem other/root.key
	finds 2 CRITICAL other-root "*certificate CN=Other Root is self-signed*"
}

@test "what OpenSSL alone finds: a path too long, no CA, of no server" {
	make_below toolow ca/live CA
	make_leaf deep toolow
	cat deep.pem toolow.pem ca/live.pem >chain.pem
	serve chain.pem deep.key
	finds 2 CRITICAL refused "*: OpenSSL does not verify the chain: path \
length constraint exceeded*"
	end_servers
	make_leaf noca ca/live
	make_leaf below noca
	cat below.pem noca.pem ca/live.pem >chain.pem
	serve chain.pem below.key
	finds 2 CRITICAL no-ca "*CN=noca is not a CA's certificate*"
	end_servers
	echo 'extendedKeyUsage = clientAuth' >>extensions
	openssl x509 -req -in web.csr -CA ca/live.pem -CAkey ca/live.key \
		-days 99 -extfile extensions -out client.pem 2>/dev/null
	cat client.pem ca/live.pem >chain.pem
	serve chain.pem web.key
	finds 2 CRITICAL refused "*: unsuitable certificate purpose*"
}

@test "no service: a closed port, an unknown host, silence, plain text" {
	PORT=$(free_port)
	fails "*: cannot connect to 127.0.0.1 port $PORT: Connection refused: \
check that the service runs*"
	HOST=no.such.host.invalid fails "*: no.such.host.invalid \
@(cannot be resolved: |was not resolved within )*"
	start silent python3 -uc 'import socket, time
s = socket.create_server(("127.0.0.1", 0))
print(s.getsockname()[1])
time.sleep(999)'
	wait_for silent grep -qs . silent.log
	PORT=$(cat silent.log)
	run guarded "$SUB_PROGRAM" probe --config sub/crlferry.cfg \
		"127.0.0.1:$PORT"
	[ "$status" -eq 3 ]
	[[ $output == "CRLFERRY UNKNOWN - 127.0.0.1:$PORT: no answer within \
10 seconds: check the service; one that begins in plain text needs \
--starttls" ]]
}

@test "a name with control characters and a | is shown harmlessly" {
	openssl req -new -key web.key -config ca/ca.cnf -utf8 -out odd.csr \
		-subj "/CN=$(printf 'a\033[31m|b=1;<x>\xe2\x80\xae')" 2>/dev/null
	openssl x509 -req -in odd.csr -CA ca/live.pem -CAkey ca/live.key \
		-days 9 -extfile extensions -out odd.pem 2>/dev/null
	cat odd.pem ca/live.pem >chain.pem
	serve chain.pem web.key
	probe
	[ "$status" -eq 1 ]
	[[ $output != *$'\033'* && $output != *$'\u202e'* ]]
	[[ ${lines[0]} == *"CN=a\\1B[31m?b=1"* ]]
	[ "$(tr -cd '|' <<<"$output" | wc -c)" -eq 1 ]
}

@test "usage: what is missing or mistyped, as UNKNOWN, in JSON as JSON" {
	local target words
	while IFS='|' read -r target words; do
		run "$SUB_PROGRAM" probe --config sub/crlferry.cfg "$target"
		echo "$target: $output"
		[ "$status" -eq 3 ]
		[[ $output == *"CRLFERRY UNKNOWN - usage: \"$target\" $words"* ]]
		[[ $output == *"remedy: write HOST:PORT, such as "* ]]
	done <<-END
		www.example.org|has no port
		:443|has no host
		https://a:443/|is a URL
		::1:443|has more than one colon: an IPv6 address needs brackets
		[::1|lacks its closing bracket
		[::1]|has no port
		a:0|has no port from 1 to 65535
		a:65536|has no port from 1 to 65535
		a:443/|has no port from 1 to 65535
		b c:1|has no name of a host
	END
	run "$SUB_PROGRAM" probe --config sub/crlferry.cfg a:1 --starttls xmpp
	[ "$status" -eq 3 ]
	[[ $output == *"--starttls takes smtp, imap, pop3, ldap, postgres, not \
\"xmpp\""* ]]
	run --separate-stderr "$SUB_PROGRAM" probe --json \
		--config sub/crlferry.cfg a
	[ "$status" -eq 3 ]
	jq -e '.type == "crlferry-error" and .token == "usage"' <<<"$output"
}

@test "the findings of the schema are those of the program" {
	diff <(sed -n '/probe_find\|find_failure\|SEVERITY_/,/;/p' \
		"$BATS_TEST_DIRNAME"/../../lib/sub/watch/probe*.c | tr -d '\n' |
		grep -oE '(probe_find|find_failure)\([^";]*"[a-z-]+"' |
		sed 's/.*"\(.*\)"/\1/' | LC_ALL=C sort -u) \
		<(jq -r '."$defs".finding.properties.id.enum[]' \
		"$BATS_TEST_DIRNAME/../../doc/crlferry-probe.schema.json")
}

@test "every document that was printed is what the schema says" {
	documents_fit
}
