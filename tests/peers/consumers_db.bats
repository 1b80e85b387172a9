#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# The recipes of doc/stores.md for PostgreSQL and slapd, which ask their clients
# for a certificate, and for Postfix, which knows no CRL.

load consumers

# ask_postgres WHO
ask_postgres() {
	PGCONNECT_TIMEOUT=60 psql -X -w -Atc 'select current_user' "host=localhost
		hostaddr=127.0.0.1 port=$PORT dbname=postgres user=$1
		sslmode=verify-full sslrootcert=ca/root.pem
		sslcert=$1-full.pem sslkey=$1.key" </dev/null
}

@test "PostgreSQL: import alone, and the client below the revoked one is refused" {
	local bin pg_ctl
	ASK=ask_postgres
	bin=$(printf '%s\n' /usr/lib/postgresql/*/bin | sort -V | tail -n 1)
	pg_ctl='"setpriv", "--reuid", "postgres", "--regid", "postgres", '
	pg_ctl+="\"--init-groups\", \"$bin/pg_ctl\", \"-D\", \"$S/run\", "
	set_up_stores PostgreSQL 3 "s,/etc/postgresql/15/,$S/,
		s#\"pg_ctlcluster\"\, \"15\"\, \"main\"\, #$pg_ctl#"
	# as Debian has it
	mkdir "$S/main"
	chown postgres "$S/main"
	cp ca/root.pem "$S/main/ca.pem"
	begin postgres postgres
	(as postgres "$bin/initdb" -D "$S/run" --no-sync) >initdb.log 2>&1
	cat >>"$S/run/postgresql.conf" <<-CONF
		listen_addresses = '127.0.0.1'
		port = $PORT
		unix_socket_directories = ''
		fsync = off
		ssl_cert_file = '$S/server-full.pem'
		ssl_key_file = '$S/server.key'
		$(excerpt PostgreSQL 1 | sed "s,/etc/postgresql/15/,$S/,")
	CONF
	excerpt PostgreSQL 2 >"$S/run/pg_hba.conf"
	printf 'create role "client-%d" login;\n' 1 2 |
		(as postgres "$bin/postgres" --single -D "$S/run" postgres) \
		>single.log 2>&1
	start postgres as postgres "$bin/postgres" -D "$S/run"
	in_effect
	[ "$(ask_postgres client-1)" = client-1 ]
	run ask_postgres client-2
	[[ $output == *'certificate revoked'* ]]
	matrix
	echo rubbish >"$S/main/ca.crl.pem"
	run_hook reload
	soon grep -q 'SSL configuration was not reloaded' postgres.log
	accepted client-1
}

# ask_slapd WHO: who the server says that it is
ask_slapd() {
	LDAPTLS_CACERT=$T/ca/root.pem LDAPTLS_CERT=$T/$1-full.pem \
		LDAPTLS_KEY=$T/$1.key ldapwhoami -H "ldap://127.0.0.1:$PORT" \
		-o nettimeout=60 -ZZ -Y EXTERNAL -Q
}

# modify_config LDIF
modify_config() {
	ldapmodify -Q -Y EXTERNAL -H "$LDAPI" -f "$1"
}

# can_modify: slapd listens there too
can_modify() {
	ldapwhoami -Q -Y EXTERNAL -H "$LDAPI"
}

@test "slapd: import alone, and the client below the revoked one is refused" {
	ASK=ask_slapd
	LDAPI=ldapi://${S//\//%2F}%2Frun%2Fldapi
	set_up_stores slapd 2 "s,/etc/ldap,$S,; s,ldapi:///,$LDAPI,"
	begin slapd openldap
	excerpt slapd 1 | sed "s,/etc/ldap,$S," >"$S/crl.ldif"
	cat >slapd.conf <<-CONF
		include /etc/ldap/schema/core.schema
		TLSCACertificateFile $S/ca.pem
		TLSCertificateFile $S/server-full.pem
		TLSCertificateKeyFile $S/server.key
		database config
		access to * by dn.exact=gidNumber=0+uidNumber=0,cn=peercred,cn=external,cn=auth manage
	CONF
	mkdir "$S/slapd.d"
	slaptest -f slapd.conf -F "$S/slapd.d" 2>slaptest.log
	chown -R openldap "$S/slapd.d"
	start slapd as openldap slapd -d 0 -F "$S/slapd.d" \
		-h "ldap://127.0.0.1:$PORT $LDAPI"
	wait_for slapd can_modify 2>/dev/null
	modify_config "$S/crl.ldif"
	in_effect
	# what slapd cannot load it refuses, and the old content comes back
	cp "$S/ca.crl.pem" before
	echo rubbish >"$S/ca.crl.pem"
	run modify_config "$S/crl.ldif"
	[ "$status" -ne 0 ]
	cp before "$S/ca.crl.pem"
	modify_config "$S/crl.ldif"
	soon accepted client-1
	matrix
}

# mail CLASS WHO: a mail is begun
mail() {
	python3 - "$@" "$PORT" <<-'PYTHON'
		import smtplib, ssl, sys
		how, who, port = sys.argv[1:]
		context = ssl.create_default_context(cafile="ca/root.pem")
		context.load_cert_chain(who + "-full.pem", who + ".key")
		if how == "starttls":
		    peer = smtplib.SMTP("localhost", int(port), timeout=60)
		    peer.starttls(context=context)
		else:
		    peer = smtplib.SMTP_SSL("localhost", int(port), timeout=60,
		                            context=context)
		answer = peer.mail("someone@example.org")
		print(answer)
		sys.exit(answer[0] != 250)
	PYTHON
}

ask_postfix() {
	mail starttls "$1"
}

ask_before_postfix() {
	mail tls "$1"
}

@test "Postfix: behind HAProxy import alone will do; by itself it knows no CRL" {
	local kind
	ASK=ask_before_postfix SMTP=$(free_port)
	set_up_haproxy Postfix "s,:465,127.0.0.1:$PORT,
		s,127.0.0.1:10465,127.0.0.1:$SMTP,"
	run_postfix "$SMTP" "$(excerpt Postfix 2)"
	in_effect
	end_servers
	# the CRLs stand where its CAs do, and it asks for a certificate
	rm -r "$ROWS/HAProxy" "$S/queue" "$S/data"
	ASK=ask_postfix SERVER=postfix SMTP=$PORT TITLE=Postfix
	mkdir "$S/certs"
	cp "$S/root.pem" "$S/certs/"
	openssl crl -inform DER -in "$(newest_crl)" -out "$S/certs/crl.pem"
	openssl rehash "$S/certs"
	run_postfix "$SMTP" "smtpd_tls_security_level = encrypt" \
		"smtpd_tls_chain_files = $S/server.key, $S/server-full.pem" \
		"smtpd_tls_CApath = $S/certs" "smtpd_tls_req_ccert = yes"
	soon accepted client-1
	accepted client-2
	observe type none
	observe reload none
	[ -n "${CRLFERRY_LONG:-}" ] || return 0
	for kind in expired missing; do
		cp $kind.pem "$S/certs/crl.pem"
		[ $kind != missing ] || rm "$S/certs"/*.r0
		kill -HUP "$(cat postfix.pid)"
		observe $kind "$(what_it_does)"
	done
}

@test "the table in doc/stores.md has what was observed" {
	table_says_so
}
