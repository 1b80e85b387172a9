#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# A store in OpenLDAP: a real slapd, with TLS, on loopback and a socket.
# shellcheck disable=SC2154	# status and output are what `run` leaves

load ../e2e/pki_setup
load servers
load ldap_helpers

ENTRY=cn=Root,dc=pki
OTHER=cn=Other,dc=pki
PASSWORD="s e'c:r%e\$t"

make_work() {
	make_pki
	make_tls 127.0.0.1 client
	make_root other p256 "Other Root"
	openssl ca -config other/ca.cnf -gencrl 2>/dev/null |
		openssl crl -outform DER -out other/crl
	put_password sub/ldap.pw "$PASSWORD"
	put_password sub/wrong.pw falsch
	write_entries
	mkdir slapd
	sed "s,@T@,$T,; s/@ID@/gidNumber=$(id -g)+uidNumber=$(id -u)/" \
		>slapd/conf <<-'CONF'
		include /etc/ldap/schema/core.schema
		modulepath /usr/lib/ldap
		moduleload back_mdb
		pidfile @T@/slapd/pid
		TLSCACertificateFile @T@/tls/ca.pem
		TLSCertificateFile @T@/tls/127.0.0.1.pem
		TLSCertificateKeyFile @T@/tls/127.0.0.1.key
		TLSVerifyClient try
		database mdb
		directory @T@/slapd
		maxsize 67108864
		suffix dc=pki
		access to attrs=userPassword by anonymous auth
		access to dn.subtree=dc=pki
		  by dn.exact=cn=crlferry,dc=pki write
		  by dn.exact=cn=client write
		  by dn.exact=@ID@,cn=peercred,cn=external,cn=auth write
		  by dn.exact=cn=reader,dc=pki read
		  by anonymous auth
	CONF
	slapadd -q -f slapd/conf -l entries
	mkdir mine
}

write_entries() {
	local user
	cat >entries <<-LDIF
		dn: dc=pki
		objectClass: dcObject
		objectClass: organization
		o: pki
		dc: pki

		dn: $ENTRY
		objectClass: applicationProcess
		objectClass: pkiCA
		cn: Root

		dn: $OTHER
		objectClass: cRLDistributionPoint
		cn: Other
		certificateRevocationList;binary:: $(base64 -w 0 other/crl)

		dn: cn=bare,dc=pki
		objectClass: applicationProcess
		cn: bare

	LDIF
	for user in crlferry reader; do
		cat >>entries <<-LDIF
			dn: cn=$user,dc=pki
			objectClass: applicationProcess
			objectClass: simpleSecurityObject
			cn: $user
			userPassword:: $(printf %s "$PASSWORD" | base64)

		LDIF
	done
}

setup() {
	restore_work
	start_slapd
}

# start_slapd: on two ports of loopback, and on a socket
start_slapd() {
	PORT=$(free_port)
	TLS_PORT=$((PORT + 1))
	SOCKET=$T/slapd/socket
	SOCKET=ldapi://${SOCKET//\//%2F}
	start slapd slapd -d 0 -f "$T/slapd/conf" \
		-h "ldap://127.0.0.1:$PORT ldaps://127.0.0.1:$TLS_PORT $SOCKET"
	wait_for_port slapd "$TLS_PORT"
}

teardown() {
	end_servers
	leave_work
}

# our_store KEY=VALUE...: StartTLS, as cn=crlferry, unless they say otherwise
our_store() {
	merged_store url="\"ldap://127.0.0.1:$PORT\"" starttls=true \
		ca="\"$T/tls/ca.pem\"" bind='"cn=crlferry,dc=pki"' \
		password_file='"ldap.pw"' entry="\"$ENTRY\"" "$@"
}

# search [ENTRY]: as slapd gives it
search() {
	LDAPNOINIT=1 ldapsearch -Q -Y EXTERNAL -H "$SOCKET" -LLL -s base \
		-b "${1:-$ENTRY}" certificateRevocationList
}

# held [ENTRY]: the octets of its CRL
held() {
	search "$@" | value_of
}

# entry_holds STICK [ENTRY]: octet for octet
entry_holds() {
	held "${2:-$ENTRY}" | cmp - "$(crl_of "$1")"
}

# it is there, and slapd says so
entry_is_empty() {
	search >found
	grep -q '^dn: ' found
	[ "$(grep -c certificateRevocationList found)" -eq 0 ]
}

# fails TEXT...: the import does, with status 69 and these texts; the entry is
# as before, and the other stores are done
fails() {
	local before
	before=$(held | sha256sum)
	refuses 69 store import stick2
	says "$@"
	[ "$before" = "$(held | sha256sum)" ]
	files_hold stick2
	leaves_nothing
}

@test "StartTLS and a password: the entry is the CRL, octet for octet" {
	our_store
	run -2 sub check
	says missing "ldap://127.0.0.1:$PORT/$ENTRY"
	import stick1
	entry_holds stick1
	run import stick2
	[ "$status" -eq 0 ]
	entry_holds stick2
	files_hold stick2
	cmp sub/state/test-root/previous/ldap-*/before.crl "$(crl_of stick1)"
	run import stick2
	[ "$status" -eq 0 ]
	says "nothing"
	run -0 sub check
}

# carries KEY=VALUE...: such a store takes the CRL, and gives it back
carries() {
	our_store "$@"
	import stick1
	entry_holds stick1
	run -0 sub check
	empty_entry
}

empty_entry() {
	printf 'dn: %s\nchangetype: modify\nreplace: %s\n-\n' "$ENTRY" \
		"certificateRevocationList;binary" |
		LDAPNOINIT=1 ldapmodify -Q -Y EXTERNAL -H "$SOCKET"
}

@test "ldaps, the socket, and a certificate of our own" {
	carries url="\"ldaps://127.0.0.1:$TLS_PORT\"" starttls=
	carries url="\"$SOCKET\"" starttls= ca= bind= password_file= \
		sasl='"external"'
	carries bind= password_file= sasl='"external"' \
		tls_certificate="\"$T/tls/client.pem\"" \
		tls_key="\"$T/tls/client.key\""
	chmod 644 tls/client.key
	refuses 77 permissions import stick1
	says "tls/client.key" "chmod go="
	entry_is_empty
}

@test "what the server refuses is said, and the other stores are done" {
	our_store
	import stick1
	our_store 'password_file="wrong.pw"'
	fails "does not take this name with this password" \
		"ldap_bind: Invalid credentials (49)" "sub/wrong.pw"
	our_store 'bind="cn=reader,dc=pki"'
	fails "this user may not do that" "Insufficient access (50)" \
		"remedy: on the server, let it read" "cn=reader,dc=pki"
	our_store 'entry="no name"'
	fails "is no distinguished name" "Invalid DN syntax (34)" "no name"
	our_store 'entry="cn=bare,dc=pki"'
	fails "cannot hold a CRL" "pkiCA"
	our_store 'entry="cn=none,dc=pki"'
	fails "the server has no such entry" "create = true"
	our_store 'entry="cn=none,cn=none,dc=pki"' create=true
	fails "there is no entry above it"
	our_store 'bind=' 'password_file='
	fails "the server wants us to sign in" "remedy: set \`bind\`"
	entry_holds stick1
}

@test "a server that is not there, or never answers, and no ldapsearch" {
	local silent
	our_store
	refuses 69 store env PATH="$T/mine" "$SUB_PROGRAM" import \
		--config sub/crlferry.cfg stick1
	says "ldapsearch: not run: not found" "apt-get install ldap-utils"
	files_hold stick1
	import stick1
	our_store 'url="ldap://127.0.0.1:1"'
	fails "the server cannot be reached" "(-1)" "ldap://127.0.0.1:1"
	silent=$(free_port)
	start silent python3 -c 'import socket, sys, time
server = socket.create_server(("127.0.0.1", int(sys.argv[1])))
kept = []
while True:
    kept.append(server.accept())
    open("asked", "a").write("once ")' "$silent"
	wait_for_port silent "$silent"
	our_store "url=\"ldap://127.0.0.1:$silent\"" 'timeout="1 s"'
	fails "still running after 1 s" "remedy: see why it takes so long"
	[ "$(cat asked)" = "once " ]
	our_store "url=\"ldaps://127.0.0.1:$silent\"" starttls= 'timeout="1 s"'
	fails "still running after 1 s"
}

@test "another CA's CRL stays, and so do two values" {
	our_store "entry=\"$OTHER\""
	run -2 sub check
	says "holds another CA's CRL"
	refuses 69 store import stick1
	says "not replaced: it holds another CA's CRL"
	held "$OTHER" | cmp - other/crl
	files_hold stick1
	our_store
	import stick1
	{
		printf 'dn: %s\nchangetype: modify\nreplace: %s\n' "$ENTRY" \
			"certificateRevocationList;binary"
		printf 'certificateRevocationList;binary:: %s\n' \
			"$(base64 -w 0 other/crl)" \
			"$(base64 -w 0 "$(crl_of stick1)")"
	} | LDAPNOINIT=1 ldapmodify -Q -Y EXTERNAL -H "$SOCKET"
	LDAPNOINIT=1 ldapsearch -Q -Y EXTERNAL -H "$SOCKET" -LLL -s base \
		-b "$ENTRY" >before
	refuses 69 store import stick2
	says "the entry has several values" "give each CA one of its own"
	LDAPNOINIT=1 ldapsearch -Q -Y EXTERNAL -H "$SOCKET" -LLL -s base \
		-b "$ENTRY" | cmp - before
	files_hold stick2
}

@test "an entry is made, and taken away if its hook fails" {
	local made='cn=New\, Root,dc=pki'
	our_store "entry=\"${made//\\/\\\\}\"" create=true 'verify=["false"]'
	refuses 69 hook import stick1
	run -32 env LDAPNOINIT=1 ldapsearch -Q -Y EXTERNAL -H "$SOCKET" -LLL \
		-s base -b "$made"
	our_store "entry=\"${made//\\/\\\\}\"" create=true
	import stick1
	entry_holds stick1 "$made"
	our_store "entry=\"${made//\\/\\\\}\"" 'verify=["false"]'
	refuses 69 hook import stick2
	entry_holds stick1 "$made"
	our_store 'verify=["false"]'
	refuses 69 hook import stick2
	entry_is_empty
}

@test "a certificate of another CA, or of another name, ends it" {
	our_store
	import stick1
	our_store "ca=\"$T/tls/wrong.pem\""
	fails "TLS failed" "ldap_start_tls: Connect error (-11)" \
		"remedy: see it by: openssl s_client -connect" \
		"-starttls ldap -CAfile $T/tls/wrong.pem"
	# nothing that the caller or his files want changes that
	echo "TLS_REQCERT never" | tee mine/.ldaprc mine/ldaprc ldaprc >conf
	export HOME=$T/mine LDAPTLS_REQCERT=never LDAPCONF=$T/conf LDAPRC=ldaprc
	fails "TLS failed"
	our_store "ca=\"$T/tls/wrong.pem\"" starttls= \
		"url=\"ldaps://127.0.0.1:$TLS_PORT\""
	fails "TLS failed"
	our_store ca=
	fails "TLS failed" /etc/ssl/certs/ca-certificates.crt
	our_store "url=\"ldap://localhost:$PORT\""
	fails "TLS failed" "does not match"
	our_store 'ca="none.pem"'
	fails "sub/none.pem" "No such file" "or correct its path"
	entry_holds stick1
}

# answers StartTLS with an error, and keeps what comes
strip_tls() {
	start strip python3 -c 'import socket, sys
server = socket.create_server(("127.0.0.1", int(sys.argv[1])))
while True:
    peer, _ = server.accept()
    heard = peer.recv(4096)
    number = heard[4]
    peer.sendall(bytes([0x30, 12, 2, 1, number, 0x78, 7, 10, 1, 2, 4, 0, 4, 0]))
    peer.settimeout(20)
    while True:
        with open("heard", "ab") as out:
            out.write(heard)
        heard = peer.recv(4096)
        if not heard:
            break' "$1"
	wait_for_port strip "$1"
}

@test "a server that hides StartTLS is told nothing" {
	local port
	our_store
	import stick1
	port=$(free_port)
	strip_tls "$port"
	our_store "url=\"ldap://127.0.0.1:$port\""
	fails "the server offers no StartTLS" "nothing was sent to it"
	[ -s heard ]
	[ "$(grep -c -a -F "cn=crlferry" heard)" -eq 0 ]
	[ "$(grep -c -a -F "$PASSWORD" heard)" -eq 0 ]
}

@test "the password is in no argument, no environment and no other file" {
	our_store
	strace -f -qq -v -s 100000 -e trace=execve -o trace \
		"$SUB_PROGRAM" import --config sub/crlferry.cfg stick1
	entry_holds stick1
	grep -q 'execve("/usr/bin/ldapmodify".*"-y", "/dev/fd/4"' trace
	grep -q 'execve("/usr/bin/ldapsearch".*"LDAPNOINIT=1"' trace
	[ "$(grep -c -F "s e'c" trace)" -eq 0 ]
	[ "$(grep -r -l -F "s e'c" sub stores)" = "sub/ldap.pw" ]
}

@test "a password file that others can read, or that is empty, is refused" {
	our_store
	chmod 644 sub/ldap.pw
	refuses 77 permissions import stick1
	says "sub/ldap.pw" "chmod go="
	entry_is_empty
	files_hold stick1
	chmod 600 sub/ldap.pw
	echo >sub/ldap.pw
	fails "sub/ldap.pw holds no password"
	rm sub/ldap.pw
	fails "sub/ldap.pw" "No such file"
}

@test "a server that takes less at once than the CRL has is named" {
	perl -e 'printf("R\t361231235959Z\t260101000000Z\t7F%030X\tunknown\t" .
		"/CN=$_\n", $_) for 1 .. 300000' >>ca/index.txt
	issue_to stick3
	end_servers
	sed -i '1i sockbuf_max_incoming_auth 1048576' slapd/conf
	start_slapd
	our_store
	import stick1
	refuses 69 store import stick3
	says "the server hung up when it was sent" \
		"remedy: let it take more at once"
	entry_holds stick1
	end_servers
	sed -i '/^sockbuf/s/1048576/33554432/' slapd/conf
	start_slapd
	our_store
	import stick3
	entry_holds stick3
}
