#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# A store of the type url: what the distribution points deliver, by nginx, slapd
# and servers that misbehave.

load ../e2e/pki_setup
load servers

# Sentences in a line of their own, so that tests can look for them.
export COLUMNS=500

make_work() {
	make_pki
	sub import stick2 --quiet
	mkdir www
	cp "$(crl_of stick2)" www/good.crl
	cp "$(crl_of stick1)" www/stale.crl
	openssl crl -in www/good.crl -inform DER -out www/pem.crl
	head -c 200 www/good.crl >www/cut.crl
	printf '\n<!DOCTYPE html><html>The CRL is under maintenance.</html>\n' \
		>www/page.crl
	: >www/empty.crl
	gzip -c www/good.crl >www/gzip.crl
	cat www/good.crl www/good.crl >www/twice.crl
	head -c 300 /dev/urandom | base64 >www/garbage.crl
	make_older_root other p256 "Other Root"
	openssl ca -config other/ca.cnf -gencrl 2>/dev/null |
		openssl crl -outform DER -out www/other.crl
	make_older_root again p256
	openssl ca -config again/ca.cnf -gencrl 2>/dev/null |
		openssl crl -outform DER -out www/rekeyed.crl
	truncate -s 1G www/gigabyte.crl
	mv sub/crlferry.cfg sub/plain.cfg
}

setup() {
	restore_work
	cp sub/plain.cfg sub/crlferry.cfg
}

teardown() {
	end_servers
	leave_work
}

# configure_url URL [KEY]...: before the store one.crl
configure_url() {
	URL=$1 MORE=${*:2} perl -0pe 's{(stores = \().*?\n *\);}{$1
		{ type = "url"; url = "$ENV{URL}"; $ENV{MORE} },
		{ type = "der"; path = "'"$T"'/stores/one.crl"; } );}s' \
		sub/plain.cfg >sub/crlferry.cfg
}

# web [DIRECTIVE]...: nginx, which delivers www on PORT
web() {
	PORT=$(free_port)
	write_nginx "listen 127.0.0.1:$PORT; root $T/www;" \
		'types { application/pkix-crl crl; text/plain txt; }' \
		'location /file { return 302 file:///etc/passwd; }' \
		'location /https { return 301 https://127.0.0.1:1/r.crl; }' \
		'location /forbidden { deny all; }' \
		'location /none { return 204; }' "$@"
	start nginx nginx -e "$T/web/log" -c "$T/web/nginx.conf"
	wait_for_port nginx "$PORT"
}

odd_web() {
	PORT=$(free_port)
	start odd python3 "$BATS_TEST_DIRNAME/odd_web.py" "$PORT"
	wait_for_port odd "$PORT"
}

# check [OPTION]...: what it says, and nothing is changed by it
check() {
	local before
	before=$(snapshot sub stores)
	run guarded "$SUB_PROGRAM" check --config sub/crlferry.cfg "$@"
	echo "$status: $output"
	[ "$before" = "$(snapshot sub stores)" ]
}

# spoilt URL TEXT [KEY]...: CRITICAL, for that reason, which comes with a remedy
spoilt() {
	local url=$1 text=$2
	shift 2
	configure_url "$url" "$@"
	check
	[ "$status" -eq 2 ]
	[[ ${lines[0]} == "CRLFERRY CRITICAL - test-root/live invalid: url ${url:0:60}"* ]]
	grep -qF -- ": $text" <<<"$output"
}

@test "what nginx delivers is as good as a file; check is OK" {
	web
	configure_url "http://127.0.0.1:$PORT/good.crl"
	check
	[ "$status" -eq 0 ]
	[ "${#lines[@]}" -eq 1 ]
	check --json
	jq -e '.pairs[0].stores[0] | .type == "url" and .valid and
		.number == "2"' <<<"$output"
	check --format prometheus
	grep -q "^crlferry_crl_number{.*store=\"url:http://127.0.0.1:$PORT" \
		<<<"$output"
}

@test "what it should not deliver: CRITICAL, each with its reason" {
	local at
	web
	at=http://127.0.0.1:$PORT
	spoilt "$at/page.crl" 'delivers a web page (HTML or XML), not a CRL'
	spoilt "$at/pem.crl" 'delivers PEM, not DER: OpenSSL reads that, but Windows does not (RFC 5280 4.2.1.13): convert it on the server'
	spoilt "$at/cut.crl" "delivers a file that is cut off: 200 of $(stat \
		-c %s www/good.crl) octets"
	spoilt "$at/empty.crl" 'delivers an empty file'
	spoilt "$at/gzip.crl" 'delivers a compressed file (gzip)'
	spoilt "$at/garbage.crl" 'delivers no CRL in DER: publish the root'
	spoilt "$at/twice.crl" "CRL: $(stat -c %s www/good.crl) octets follow it: publish"
	spoilt "$at/other.crl" "delivers another CA's CRL (CN=Other Root)"
	spoilt "$at/rekeyed.crl" "delivers the CRL of another key with this root's name"
}

@test "a stale copy is behind" {
	web
	configure_url "http://127.0.0.1:$PORT/stale.crl"
	check
	[ "$status" -eq 2 ]
	[[ ${lines[0]} == "CRLFERRY CRITICAL - test-root/live behind: url http://127.0.0.1:$PORT/stale.crl "*"CRL #1, but CRL #2 was accepted already"* ]]
}

@test "statuses other than 200, and redirects" {
	local at
	web
	at=http://127.0.0.1:$PORT
	spoilt "$at/nowhere.crl" 'the server answers 404: not found: put the CRL'
	spoilt "$at/forbidden" 'the server answers 403: it is forbidden: let'
	spoilt "$at/none" 'the server answers 204, not 200: let the server'
	spoilt "$at/file" 'it redirects (302) to file:///etc/passwd, which is not followed: let the server deliver'
	spoilt "$at/https" 'it redirects (301) to https://127.0.0.1:1/r.crl, which is not followed'
}

@test "a gigabyte, with and without its length, and what never ends" {
	web
	spoilt "http://127.0.0.1:$PORT/gigabyte.crl" 'more than max_crl_bytes (67108864 octets) is delivered: see'
	sed -i 's/^state = /max_crl_bytes = "1 MiB";\n&/' sub/plain.cfg
	odd_web
	spoilt "http://127.0.0.1:$PORT/gigabyte" 'more than max_crl_bytes (1048576 octets)'
	spoilt "http://127.0.0.1:$PORT/endless" 'more than max_crl_bytes (1048576 octets)'
}

@test "nobody there, no such host, and servers that hang or break off" {
	local at
	odd_web
	at=http://127.0.0.1:$PORT
	spoilt "$at/hang" 'no answer within 1 s: see why the server is slow' \
		'timeout = "1 s";'
	spoilt "$at/drip" 'after 1 s only 1 octets had come' 'timeout = "1 s";'
	spoilt "$at/short" 'the connection breaks off after 100 octets'
	spoilt "$at/other" 'the connection breaks off after 0 octets'
	spoilt "$at/garbage" 'nothing that can be read is delivered: Received HTTP/0.9'
	end_servers
	spoilt "$at/good.crl" "nobody answers at 127.0.0.1:$PORT: the server is offline: start the server, or open the firewall"
	spoilt http://crl.nowhere.invalid/r.crl 'no host of that name is found: crl.nowhere.invalid'
}

@test "without a network nothing is said of the server" {
	unshare -n true 2>/dev/null || skip "no network of its own here"
	configure_url http://crl.nowhere.invalid/r.crl
	run unshare -n "$SUB_PROGRAM" check --config sub/crlferry.cfg
	echo "$output"
	[ "$status" -eq 3 ]
	[[ ${lines[0]} == "CRLFERRY UNKNOWN - test-root/live unreadable: "*"url http://crl.nowhere.invalid/r.crl: there is no network here: no interface but loopback is up"* ]]
	[[ $output == *"network.conf of examples/systemd"* ]]
}

@test "another media type is only noted" {
	web
	mv www/good.crl www/good.txt
	configure_url "http://127.0.0.1:$PORT/good.txt"
	check
	[ "$status" -eq 0 ]
	grep -q 'good.txt is delivered as text/plain, not as application/pkix-crl' \
		<<<"$output"
}

@test "https: by the CA that is named, and by no other" {
	local at
	make_key web.key p256
	openssl req -new -x509 -key web.key -subj /CN=localhost -days 9 \
		-addext 'subjectAltName = IP:127.0.0.1' -out web.pem
	web "listen 127.0.0.1:$(free_port) ssl; ssl_certificate $T/web.pem;
		ssl_certificate_key $T/web.key;"
	at=https://$(sed -n 's/.*listen \([0-9.:]*\) ssl.*/\1/p' web/nginx.conf)
	spoilt "$at/good.crl" 'no sound TLS with 127.0.0.1:'
	configure_url "$at/good.crl" "ca = \"$T/web.pem\";"
	check
	[ "$status" -eq 0 ]
	configure_url "$at/good.crl" "ca = \"$T/ca/root.pem\";"
	check
	[ "$status" -eq 2 ]
	configure_url "$at/good.crl" "ca = \"$T/none.pem\";"
	check
	[ "$status" -eq 3 ]
	[[ $output == *"$T/none.pem"*"No such file"*"or correct \`ca\`"* ]]
	configure_url "$at/good.crl" "ca = \"$T/www/empty.crl\";"
	check
	[ "$status" -eq 3 ]
	[[ $output == *"curl cannot use $T/www/empty.crl: "* ]]
	configure_url "$at/good.crl" "ca = \"$T/web.pem\";"
	chmod o+w web.pem
	check
	[ "$status" -eq 3 ]
	[[ $output == *"web.pem"*"chmod go-w"* ]]
}

# directory: slapd on LDAP, with the CRL and without
directory() {
	local dir=$T/ldap
	LDAP=$(free_port)
	mkdir -p "$dir/db"
	cat >"$dir/slapd.conf" <<-CONF
		include /etc/ldap/schema/core.schema
		modulepath /usr/lib/ldap
		moduleload back_mdb
		pidfile $dir/pid
		database mdb
		suffix "o=corp"
		directory $dir/db
		access to dn.exact="cn=secret,o=corp" by * none
		access to * by * read
	CONF
	cat >"$dir/entries" <<-LDIF
		dn: o=corp
		objectClass: organization
		o: corp

		dn: cn=Test Root,o=corp
		objectClass: cRLDistributionPoint
		cn: Test Root
		certificateRevocationList;binary:: $(base64 -w0 www/good.crl)

		dn: cn=none,o=corp
		objectClass: cRLDistributionPoint
		cn: none

		dn: cn=secret,o=corp
		objectClass: cRLDistributionPoint
		cn: secret
	LDIF
	slapadd -f "$dir/slapd.conf" -l "$dir/entries"
	start slapd slapd -d 0 -h "ldap://127.0.0.1:$LDAP" \
		-f "$dir/slapd.conf"
	wait_for_port slapd "$LDAP"
}

@test "LDAP: the attribute of the entry, by the URL that Windows writes" {
	local entry
	directory
	entry=ldap://127.0.0.1:$LDAP/cn=Test%20Root,o=corp
	for tail in '?certificateRevocationList;binary' \
		'?certificateRevocationList?base?objectClass=cRLDistributionPoint' \
		''; do
		configure_url "$entry$tail"
		check
		[ "$status" -eq 0 ]
		[ "${#lines[@]}" -eq 1 ]
	done
	spoilt "$entry?authorityRevocationList" 'the entry has no authorityRevocationList'
	entry=ldap://127.0.0.1:$LDAP
	spoilt "$entry/cn=none,o=corp" 'the entry has no certificateRevocationList'
	spoilt "$entry/cn=nobody,o=corp" 'the directory has no such entry: correct'
	spoilt "$entry/cn=secret,o=corp" 'the directory has no such entry: correct'
	echo disallow bind_anon >>ldap/slapd.conf
	end_servers
	odd_web
	spoilt "ldap://127.0.0.1:$PORT/cn=x" 'no answer within 1 s' \
		'timeout = "1 s";'
}

@test "init proposes both of a certificate's distribution points: both are checked" {
	web
	directory
	rm sub/crlferry.cfg
	printf '[points]\nfullname = @names\n[names]\n' >>ca/ca.cnf
	printf 'URI.%d = %s\n' 1 "http://127.0.0.1:$PORT/good.crl" \
		2 "ldap://127.0.0.1:$LDAP/cn=Test%20Root,o=corp?certificateRevocationList?base?objectClass=cRLDistributionPoint" \
		>>ca/ca.cnf
	sed -i 's/^\[req\]/crlDistributionPoints = points\n&/' ca/ca.cnf
	make_sub ca named
	"$SUB_PROGRAM" init --root test-root=ca/root.pem --subordinate \
		named=ca/named.pem --trust ca/seal.pub \
		--output sub/crlferry.cfg --quiet
	check --json
	[ "$status" -eq 0 ]
	jq -e '.pairs[0].stores | length == 2 and all(.type == "url" and
		.valid and .number == "2")' <<<"$output"
	cp www/stale.crl www/good.crl
	sub import stick2 --quiet
	check
	[ "$status" -eq 2 ]
	[[ $output == *"url http://127.0.0.1:$PORT/good.crl delivers CRL #1"* ]]
	cp stick2/crlferry/test-root/000002/test-root.crl www/good.crl
	kill "$(cat slapd.pid)"
	rm slapd.pid
	check
	[ "$status" -eq 2 ]
	[[ $output == *"nobody answers at 127.0.0.1:$LDAP: the server"* ]]
}

@test "two subordinates share a place: it is fetched once" {
	web 'access_log '"$T"'/web/access;'
	"$SUB_PROGRAM" init --root test-root=ca/root.pem \
		--subordinate live=ca/live.pem --subordinate old=ca/old.pem \
		--store "url:http://127.0.0.1:$PORT/good.crl" \
		--trust ca/seal.pub --output two/crlferry.cfg --quiet
	run "$SUB_PROGRAM" check --config two/crlferry.cfg
	echo "$output"
	[ "$status" -eq 2 ]
	[[ $output == *test-root/old*"is on the CRL"* ]]
	[ "$(wc -l <web/access)" -eq 1 ]
}

@test "no ~/.curlrc, no proxy, and nothing secret or odd in the arguments" {
	web
	export HOME=$T/home
	mkdir home
	echo 'url = "http://127.0.0.1:1/other"' >home/.curlrc
	export http_proxy=http://127.0.0.1:1
	configure_url "http://127.0.0.1:$PORT/good.crl"
	check
	[ "$status" -eq 0 ]
	[[ $(strace -f -e trace=execve -s 200 -o trace "$SUB_PROGRAM" check \
		--config sub/crlferry.cfg) == *OK* ]]
	grep -F 'execve("/usr/bin/curl", ["curl", "-q", "--silent"' trace
	configure_url "http://me:secret@127.0.0.1:$PORT/good.crl"
	check
	[ "$status" -eq 3 ]
	[[ $output == *'url has a user in it'* ]]
	run ! grep -q 'me:secret@' <<<"$output"
}

@test "without curl nothing is known" {
	mkdir bin
	web
	configure_url "http://127.0.0.1:$PORT/good.crl"
	run env PATH="$T/bin" "$SUB_PROGRAM" check --config sub/crlferry.cfg
	echo "$output"
	[ "$status" -eq 3 ]
	[[ $output == *'apt-get install curl'* ]]
}

@test "import leaves it alone, and takes what it delivers into account" {
	web
	configure_url "http://127.0.0.1:$PORT/good.crl"
	rm -r sub/state stores/one.crl
	rm www/gigabyte.crl
	cp -r www before
	sub import stick2
	cmp www/good.crl stores/one.crl
	diff -r www before
	# A newer CRL at the CDP is as good a reason to refuse as in a file.
	rm -r sub/state
	cp stick1/crlferry/test-root/000001/test-root.crl stores/one.crl
	refuses 77 rollback sub import stick1
}

@test "after an import it says what is not delivered yet, and is read anew" {
	web
	configure_url "http://127.0.0.1:$PORT/published.crl"
	rm -r sub/state stores/one.crl
	cp www/stale.crl www/published.crl
	run guarded "$SUB_PROGRAM" import --config sub/crlferry.cfg stick2
	echo "$output"
	[ "$status" -eq 0 ]
	[[ $output == *"url http://127.0.0.1:$PORT/published.crl: still delivers CRL #1 "*"publish stick2/crlferry/test-root/000002/test-root.crl there"* ]]
	# The store is the very file that is published.
	rm -r sub/state stores/one.crl www/published.crl
	sed -i "s,$T/stores/one.crl,$T/www/published.crl," sub/crlferry.cfg
	run guarded "$SUB_PROGRAM" import --config sub/crlferry.cfg stick2
	echo "$output"
	[ "$status" -eq 0 ]
	[[ $output != *"still delivers"* ]]
	cmp www/good.crl www/published.crl
}

@test "a root whose stores are only read: that nothing is installed is said" {
	web
	configure_url "http://127.0.0.1:$PORT/good.crl"
	perl -0pi -e 's/,\s*\{ type = "der".*?\}//s' sub/crlferry.cfg
	run guarded "$SUB_PROGRAM" import --config sub/crlferry.cfg stick2
	echo "$output"
	[ "$status" -eq 0 ]
	[[ $output == *"no store that is written is configured"* ]]
}
