#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# crlferry-sub probe --starttls, against real servers of each protocol, and its
# dialogues against peers that mean harm.

load probe_setup

make_work() {
	make_probe_pki
}

setup() {
	restore_work
	# of users that are not root, too
	S=$(mktemp -d)
	chmod 755 "$S"
	PORT=$(free_port)
}

teardown() {
	end_servers
	rm -rf "$S"
	leave_work
}

# Postfix, with a queue of its own; CHAIN is what it sends.
start_postfix() {
	[ "$(id -u)" -eq 0 ] || skip "only root can start Postfix"
	mkdir "$S/etc"
	cp web.key "$S/etc/key.pem"
	cp "$CHAIN" "$S/etc/chain.pem"
	run_postfix "$PORT" "smtpd_tls_security_level = ${LEVEL:-may}" \
		"smtpd_tls_chain_files = $S/etc/key.pem, $S/etc/chain.pem"
	wait_for_port postfix "$PORT"
}

@test "smtp: Postfix, with the full chain and with the leaf alone" {
	CHAIN=full.pem start_postfix
	finds 0 OK unchecked "*2 certificates sent, complete up to root*" \
		--starttls smtp
	[ "$(jq -r .starttls <<<"$output")" = smtp ]
	# TLS where plain text is spoken: the protocol is guessed
	finds 3 UNKNOWN no-handshake "*: it does not speak TLS: it says \"220 \
mail.example.org ESMTP Postfix*\": give --starttls smtp*"
	finds 3 UNKNOWN no-starttls "*: it does not greet as IMAP: \"220 *" \
		--starttls imap
	end_servers
	rm -r "$S"/*
	KEYTYPE=rsa2048 make_leaf old ca/live
	cat old.key old.pem >>full.pem
	CHAIN=full.pem start_postfix
	finds 2 CRITICAL missing-intermediate "*: with its RSA certificate: it \
does not send the intermediate CN=live, the issuer of CN=old: *" --starttls smtp
	end_servers
	rm -r "$S"/*
	CHAIN=web.pem start_postfix
	finds 2 CRITICAL missing-intermediate "*CN=live*: append sub/live.pem \
to the service's certificate file (Postfix: smtpd_tls_chain_files *" \
		--starttls smtp
	end_servers
	rm -r "$S"/*
	LEVEL=none CHAIN=web.pem start_postfix
	finds 3 UNKNOWN no-starttls "*: it does not offer STARTTLS*" \
		--starttls smtp
}

# slapd, without a database; CHAIN is what it sends, EXTRA further lines
start_slapd() {
	cat >"$S/slapd.conf" <<-CONF
		include /etc/ldap/schema/core.schema
		pidfile $S/pid
		TLSCertificateFile $T/$CHAIN
		TLSCertificateKeyFile $T/web.key
		${EXTRA:-}
	CONF
	run_slapd
}

run_slapd() {
	start slapd slapd -d 0 -h "ldap://127.0.0.1:$PORT" -f "$S/slapd.conf"
	wait_for_port slapd "$PORT"
}

@test "ldap: slapd, with the full chain and with the leaf alone" {
	CHAIN=full.pem start_slapd
	finds 0 OK unchecked "*2 certificates sent, complete up to root*" \
		--starttls ldap
	finds 3 UNKNOWN no-handshake "*--starttls*"
	end_servers
	CHAIN=web.pem start_slapd
	finds 2 CRITICAL missing-intermediate "*CN=live*: append sub/live.pem \
to the service's certificate file (OpenLDAP: olcTLSCertificateFile *" \
		--starttls ldap
	end_servers
	sed -i '/^TLS/d' "$S/slapd.conf"
	run_slapd
	finds 3 UNKNOWN no-starttls "*: it does not begin TLS: \"resultCode*" \
		--starttls ldap
}

@test "imap and pop3: Dovecot" {
	local pop3
	[ "$(id -u)" -eq 0 ] || skip "only root can start Dovecot"
	pop3=$(free_port)
	cat >"$S/dovecot.conf" <<-CONF
		base_dir = $S/run
		log_path = $S/log
		protocols = imap pop3
		listen = 127.0.0.1
		ssl = yes
		ssl_cert = <$T/full.pem
		ssl_key = <$T/web.key
		passdb {
			driver = static
			args = password=x
		}
		service imap-login {
			inet_listener imap {
				port = $PORT
			}
			inet_listener imaps {
				port = 0
			}
		}
		service pop3-login {
			inet_listener pop3 {
				port = $pop3
			}
			inet_listener pop3s {
				port = 0
			}
		}
	CONF
	start dovecot dovecot -F -c "$S/dovecot.conf"
	wait_for_port dovecot "$PORT"
	wait_for_port dovecot "$pop3"
	finds 0 OK unchecked "*complete up to root test-root*" --starttls imap
	finds 3 UNKNOWN no-handshake "*: give --starttls imap*"
	PORT=$pop3
	finds 0 OK unchecked "*complete up to root test-root*" --starttls pop3
	finds 3 UNKNOWN no-handshake "*: give --starttls pop3*"
}

# postgres_run COMMAND [ARGUMENT]...: of the newest version, not as root
postgres_run() {
	local bin as=()
	bin=$(printf '%s\n' /usr/lib/postgresql/*/bin | sort -V | tail -n 1)
	[ "$(id -u)" -ne 0 ] || as=(setpriv --reuid postgres \
		--regid postgres --init-groups)
	cd "$S" || return 1
	exec "${as[@]}" "$bin/$1" "${@:2}"
}

start_postgres() {
	start postgres postgres_run postgres -D "$S/data"
	wait_for_port postgres "$PORT"
}

@test "postgres: PostgreSQL, with TLS on and off" {
	mkdir "$S/data"
	cp full.pem web.key "$S"
	[ "$(id -u)" -ne 0 ] || chown -R postgres "$S/data" "$S/web.key"
	(postgres_run initdb -D "$S/data" --no-sync >initdb.log 2>&1)
	cat >>"$S/data/postgresql.conf" <<-CONF
		listen_addresses = '127.0.0.1'
		port = $PORT
		unix_socket_directories = ''
		ssl = on
		ssl_cert_file = '$S/full.pem'
		ssl_key_file = '$S/web.key'
	CONF
	start_postgres
	finds 0 OK unchecked "*2 certificates sent, complete up to root*" \
		--starttls postgres
	end_servers
	sed -i 's/^ssl = on/ssl = off/' "$S/data/postgresql.conf"
	start_postgres
	finds 3 UNKNOWN no-starttls "*: it has TLS switched off (ssl = off)*" \
		--starttls postgres
}

# pour PYTHON: every connection to PORT gets what it yields, again and again
pour() {
	start peer python3 -uc '
import socket, sys
server = socket.create_server(("127.0.0.1", 0))
print(server.getsockname()[1])
while True:
	peer, _ = server.accept()
	try:
		for octets in eval(sys.argv[1]):
			peer.sendall(octets)
		while peer.recv(4096):
			pass
	except OSError:
		pass
	peer.close()' "$1"
	wait_for peer grep -qs . peer.log
	PORT=$(cat peer.log)
}

@test "what never ends, or is none of the protocol, is left in time" {
	local forever='iter(lambda: b"%s", None)'
	# shellcheck disable=SC2059	# a format of ours
	pour "$(printf "$forever" '220-still here\r\n')"
	finds 3 UNKNOWN no-starttls "*: its answer is too long to be smtp*" \
		--starttls smtp
	end_servers
	# shellcheck disable=SC2059
	pour "$(printf "$forever" 'x')"
	finds 3 UNKNOWN no-starttls "*: its answer is too long to be imap*" \
		--starttls imap
	finds 3 UNKNOWN no-starttls "*: its answer is not LDAP*" \
		--starttls ldap
	finds 3 UNKNOWN no-starttls "*answer is not PostgreSQL's: \"x\"*" \
		--starttls postgres
	finds 3 UNKNOWN no-handshake "*: it does not speak TLS: it says \"x*"
	end_servers
	# a message of LDAP that would be 4 GiB; HelloRequests without an end
	pour '[b"\x30\x84\xff\xff\xff\xff\x02\x01\x01" + bytes(4000)]'
	finds 3 UNKNOWN no-starttls "*: its answer is too long to be ldap*" \
		--starttls ldap
	end_servers
	pour "iter(lambda: b'\\x16\\x03\\x03\\0\\4' + bytes(4), None)"
	finds 3 UNKNOWN no-handshake "*"
}

@test "plain text behind the answer that begins TLS is refused" {
	pour '[b"+OK a\r\n+OK b\r\n+OK c\r\n"]'
	finds 3 UNKNOWN no-starttls "*: it goes on in plain text where TLS must \
begin*" --starttls pop3
	end_servers
	pour '[b"+OK a\r\n-ERR \x1b[31m\xff|no\r\n"]'
	finds 3 UNKNOWN no-starttls "*: it does not begin TLS: \"-ERR ?[31m??no\
\"*" --starttls pop3
}

@test "every document that was printed is what the schema says" {
	documents_fit
}
