#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# A store that is an NSS database: crlutil puts the CRL there, and certutil asks
# NSS who is revoked.

load nss_helpers

@test "the new CRL is in the database, and NSS refuses who is revoked" {
	numbered 1
	is_valid live
	is_valid bad
	run import stick2
	[ "$status" -eq 0 ]
	says "stores         4 of 4 changed"
	numbered 2
	nss_holds "$(crl_of stick2)"
	is_valid live
	is_revoked bad
	others_hold stick2
	cmp sub/state/test-root/previous/nss-*/before.crl "$(crl_of stick1)"
	run sub check
	[ "$status" -eq 0 ]
}

@test "importing again writes nothing" {
	local before
	before=$(snapshot nssdb)
	run import stick1
	[ "$status" -eq 0 ]
	says "stores         0 of 4 changed"
	[ "$before" = "$(snapshot nssdb)" ]
}

@test "a CRL that is gone, or older than what was accepted, is put there" {
	import stick2 --quiet
	crlutil -D -d sql:nssdb -n Corp
	run sub check
	[ "$status" -eq 2 ]
	says "test-root/live missing: "
	says "nss sql:$T/nssdb"
	run import stick2
	[ "$status" -eq 0 ]
	says "stores         1 of 4 changed"
	numbered 2
	crlutil -D -d sql:nssdb -n Corp
	crlutil -I -d sql:nssdb -i "$(crl_of stick1)"
	run sub check
	[ "$status" -eq 2 ]
	says "test-root/live behind: "
	import stick2 --quiet
	numbered 2
}

@test "a CRL of the same second is in the way: it is deleted first" {
	# one that NSS was told not to check
	crlutil -D -d sql:nssdb -n Corp
	cp "$(crl_of stick2)" broken.crl
	flip broken.crl "$(($(stat -c %s broken.crl) - 1))"
	crlutil -I -B -d sql:nssdb -i broken.crl
	nss_holds broken.crl
	run crlutil -I -d sql:nssdb -i "$(crl_of stick2)"
	says SEC_ERROR_OLD_CRL
	run sub check
	[ "$status" -eq 2 ]
	says "test-root/live invalid: "
	run import stick2
	[ "$status" -eq 0 ]
	nss_holds "$(crl_of stick2)"
	is_revoked bad
	cmp sub/state/test-root/previous/nss-*/before.crl broken.crl
}

@test "a hook that fails: the CRL before is in the database again" {
	configure "s|path = \"sql:$T/nssdb\";|& verify = [ \"false\" ];|"
	refuses 69 hook import stick2
	says_not "while putting the previous content back"
	nss_holds "$(crl_of stick1)"
	others_hold stick2
	configure 's|"false"|"true"|'
	import stick2 --quiet
	numbered 2
	# there was none before
	crlutil -D -d sql:nssdb -n Corp
	configure 's|"true"|"false"|'
	refuses 69 hook import stick2
	no_crl
}

@test "another CA's CRL in the database stays" {
	make_root other p256 'Other Root'
	openssl ca -config other/ca.cnf -gencrl -out other/crl.pem 2>/dev/null
	openssl crl -in other/crl.pem -outform DER -out other/crl.der
	add_certificate nssdb Other other/root.pem CT,C,C
	crlutil -I -d sql:nssdb -i other/crl.der
	import stick2 --quiet
	run crlutil -L -d sql:nssdb
	says Other
	in_nss >both
	cmp <(cat other/crl.der "$(crl_of stick2)") both ||
		cmp <(cat "$(crl_of stick2)" other/crl.der) both
}

@test "a database with a password" {
	local store="path = \"sql:$T/nssdb\";"
	rm -r nssdb
	make_database nssdb 'a pass:word'
	refuses 69 store import stick2
	says "the database has a password"
	says "password_file"
	others_hold stick2
	no_crl
	configure "s|$store|& password_file = \"$T/wrong\";|"
	(umask 077 && echo wrong >wrong)
	refuses 69 store import stick2
	says "wrong password"
	no_crl
	cp pin wrong
	chmod 644 wrong
	refuses 77 permissions import stick2
	says "$T/wrong"
	no_crl
	chmod 600 wrong
	# as an editor on Windows leaves it
	printf 'a pass:word\r\n' >wrong
	import stick2 --quiet
	numbered 2
	is_revoked bad
}

@test "without the CA's certificate: the command that adds it" {
	local command
	certutil -D -d sql:nssdb -n Corp
	refuses 69 store import stick2
	says "NSS takes no CRL of CN=Test Root: its certificate is not in the \
database"
	others_hold stick2
	nss_holds "$(crl_of stick1)"
	command=$(grep -o 'certutil -A .*' <<<"$output")
	[ "$command" = "certutil -A -d sql:$T/nssdb -n test-root -t CT,C,C \
-i sub/test-root.pem" ]
	sh -c "$command"
	import stick2 --quiet
	nss_holds "$(crl_of stick2)"
	is_revoked bad
}

# make_respelt: other.pem, the root's certificate with its name in other octets
make_respelt() {
	sed 's/^\[req\]/&\nstring_mask = pkix/' ca/ca.cnf >other.cnf
	openssl req -config other.cnf -new -x509 -key ca/root.key \
		-subj '/CN=test  root' -days 7300 -extensions v3_root \
		-out other.pem
}

@test "a CA's certificate whose name is written otherwise is not NSS's CA" {
	certutil -D -d sql:nssdb -n Corp
	make_respelt
	add_certificate nssdb Corp other.pem CT,C,C
	run sub check
	[ "$status" -eq 2 ]
	says "NSS does not find this CRL"
	refuses 69 store import stick2
	says "writes the CA's name in another encoding"
	nss_holds "$(crl_of stick1)"
}

# make_respelt_crl: other.der, by the same key under that name, 60 days old
make_respelt_crl() {
	make_respelt
	: >other.idx
	echo 01 >other.num
	cat >crl.cnf <<-CNF
		[ca]
		default_ca = own
		[own]
		database = other.idx
		crlnumber = other.num
		default_md = sha256
		crl_extensions = crl
		[crl]
		authorityKeyIdentifier = keyid
	CNF
	openssl ca -gencrl -config crl.cnf -keyfile ca/root.key \
		-cert other.pem -crldays 90 -crl_lastupdate \
		"$(date -u -d '-60 days' +%Y%m%d%H%M%SZ)" -out other.crl
	openssl crl -in other.crl -outform DER -out other.der
}

@test "a hook that fails: a CRL under another spelling of the name stays" {
	make_respelt_crl
	add_certificate nssdb Respelt other.pem CT,C,C
	crlutil -I -d sql:nssdb -i other.der
	configure "s|path = \"sql:$T/nssdb\";|& verify = [ \"false\" ];|"
	refuses 69 hook import stick2
	says_not "while putting the previous content back"
	cmp <(in_nss) <(cat other.der "$(crl_of stick1)") ||
		cmp <(in_nss) <(cat "$(crl_of stick1)" other.der)
	# there was none of the root's own spelling before
	crlutil -D -d sql:nssdb -n Corp
	refuses 69 hook import stick2
	says_not "while putting the previous content back"
	nss_holds other.der
}

@test "init takes it, and says what it holds" {
	mkdir new
	"$SUB_PROGRAM" init --root test-root=ca/root.pem --subordinate \
		live=ca/live.pem --store nss:nssdb --trust ca/seal.pub \
		--output new/crlferry.cfg
	grep -q "path = \"$T/nssdb\";" new/crlferry.cfg
	run "$SUB_PROGRAM" check --config new/crlferry.cfg
	says "test-root/live fresh: CRL #1"
}

@test "no database: nothing is made" {
	rm -r nssdb
	run sub check
	[ "$status" -eq 2 ]
	says "test-root/live invalid: "
	says "there is no NSS database: $T/nssdb/key4.db is missing: correct the \
path, or make one: mkdir -p $T/nssdb && certutil -N -d sql:"
	refuses 69 store import stick2
	says "there is no NSS database: $T/nssdb/key4.db is missing"
	says "certutil -N -d sql:$T/nssdb"
	[ ! -e nssdb ]
	others_hold stick2
	mkdir nssdb
	refuses 69 store import stick2
	[ -z "$(ls nssdb)" ]
	make_root_database
	import stick2 --quiet
	numbered 2
}

# make_root_database: nssdb again
make_root_database() {
	rmdir nssdb
	make_database nssdb
}

@test "a damaged database is invalid, and not out of reach" {
	local damage
	for damage in 'echo garbage' :; do
		eval "$damage" >nssdb/cert9.db
		run sub check
		[ "$status" -eq 2 ]
		says "test-root/live invalid: "
		says "$T/nssdb/cert9.db"
		says "see what \`certutil -L -d sql:"
		says_not "can be reached"
		refuses 69 store import stick2
		says "$T/nssdb/cert9.db"
	done
	others_hold stick2
}

@test "a CRL in the database that is larger than any may be" {
	sqlite3 nssdb/cert9.db "UPDATE nssPublic SET a11 = \
		zeroblob(1048577) WHERE a0 = x'ce534351'"
	configure '1s/^/max_crl_bytes = \"1 MiB\";\n/'
	run sub check
	[ "$status" -eq 2 ]
	says "test-root/live invalid: "
	says "cert9.db holds a CRL of more than 1048576 octets"
	says max_crl_bytes
	refuses 69 store import stick2
	says "not installed: cert9.db holds a CRL of more than 1048576 octets"
	others_hold stick2
}

@test "what SQLite says is told to its end" {
	local name
	name=begin_$(printf 'x%.0s' {1..300})_end
	sqlite3 nssdb/cert9.db "DROP TABLE nssPublic;
		CREATE VIEW nssPublic AS SELECT * FROM $name"
	run sub check
	[ "$status" -eq 2 ]
	refuses 69 store import stick2
	says "main.begin_xxx"
	says "x_end"
}

@test "without sqlite3 nobody knows what the database holds" {
	local program
	mkdir without
	for program in crlutil certutil; do
		ln -s "$(command -v "$program")" without/
	done
	run env PATH="$T/without" "$SUB_PROGRAM" check \
		--config sub/crlferry.cfg
	[ "$status" -eq 3 ]
	says "test-root/live unreadable: "
	says "apt-get install sqlite3"
	says_not "can be reached"
}

@test "a database that another program has locked" {
	start locker python3 -c 'import signal, sqlite3
database = sqlite3.connect("nssdb/cert9.db", isolation_level=None)
database.execute("BEGIN IMMEDIATE")
open("locked", "w").close()
signal.pause()'
	wait_for locker test -e locked
	refuses 69 store import stick2
	says "another program may be writing to it"
	end_servers
	others_hold stick2
	import stick2 --quiet
	numbered 2
}

@test "a database that is read-only for us: the others are done" {
	[ "$(id -u)" -eq 0 ] || skip "only root can become another user"
	chmod 755 . "$BATS_FILE_TMPDIR" "$BATS_RUN_TMPDIR"
	mkdir -p bin sub/schedules
	cp "$SUB_PROGRAM" bin/crlferry-sub
	cp "$BATS_TEST_DIRNAME"/../../schedules/*.cfg sub/schedules/
	cat >as_nobody <<-SH
		#!/bin/sh
		exec setpriv --reuid=65534 --regid=65534 --clear-groups \
			$T/bin/crlferry-sub "\$@"
	SH
	chmod 755 as_nobody
	setpriv --reuid=65534 --regid=65534 --clear-groups \
		test -x bin/crlferry-sub || skip "the tests' folder is closed"
	chown -R 65534:65534 stores sub
	chmod 755 nssdb
	chmod 644 nssdb/*
	SUB_PROGRAM=$T/as_nobody
	refuses 69 store import stick2
	says "the database is read-only"
	nss_holds "$(crl_of stick1)"
	others_hold stick2
	run sub check
	says "test-root/live behind: "
	chown -R 65534:65534 nssdb
	import stick2 --quiet
	numbered 2
}
