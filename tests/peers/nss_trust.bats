#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# An NSS database that others can change gives them nothing of ours: NSS loads
# the libraries that it names, and SQLite runs what its schema says.

load nss_helpers

setup() {
	[ "$(id -u)" -eq 0 ] || skip "only root has something to give away"
	restore_work
	chmod 755 . "$BATS_FILE_TMPDIR" "$BATS_RUN_TMPDIR"
}

# is_refused WHAT: whatever looks at the database says so; it stays as it is,
# and nothing of it was run
is_refused() {
	local before
	before=$(snapshot nssdb)
	refuses 77 permissions import stick2
	says "$1"
	others_hold stick2
	run sub check
	[ "$status" -eq 3 ]
	says "$1"
	[ "$before" = "$(snapshot nssdb)" ]
	[ ! -e ran ]
}

# name_library: the database has NSS load a library that leaves a trace
name_library() {
	echo '#include <fcntl.h>
__attribute__((constructor)) static void
run(void)
{
	(void)creat(RAN, 0600);
}' >evil.c
	cc -shared -fPIC -DRAN="\"$T/ran\"" -o evil.so evil.c
	printf 'library=%s/evil.so\nname=evil\n\n' "$T" >>nssdb/pkcs11.txt
}

# call_program: who reads the database with sqlite3 runs a program
call_program() {
	sqlite3 nssdb/cert9.db "ALTER TABLE nssPublic RENAME TO kept;
		CREATE VIEW nssPublic AS SELECT a0, id, a101, a3, a11
		FROM kept WHERE edit('x', 'touch $T/ran; true') IS NOT NULL"
}

@test "a database of another user's: its library is not loaded" {
	name_library
	crlutil -L -d sql:nssdb
	rm ran
	chown -R nobody nssdb
	is_refused "$T/nssdb belongs to nobody"
	says "see which libraries pkcs11.txt names, then: chown -R root \
$T/nssdb"
	chown root nssdb
	is_refused "$T/nssdb/key4.db belongs to nobody"
	chown root nssdb/*.db
	is_refused "$T/nssdb/pkcs11.txt belongs to nobody"
	chown -h root nssdb/pkcs11.txt
	mv nssdb/pkcs11.txt lib.txt
	chown nobody lib.txt
	ln -s "$T/lib.txt" nssdb/pkcs11.txt
	is_refused "$T/lib.txt belongs to nobody"
}

@test "a database of another user's: its view is not read" {
	call_program
	chown -R nobody nssdb
	is_refused "$T/nssdb belongs to nobody"
}

@test "a database that others can write, or the way to it" {
	chmod 777 nssdb
	is_refused "others can write $T/nssdb (mode 0777)"
	says "then: chmod -R go-w $T/nssdb"
	chmod 755 nssdb
	chmod 620 nssdb/cert9.db
	is_refused "others can write $T/nssdb/cert9.db (mode 0620)"
	chmod 600 nssdb/cert9.db
	touch nssdb/cert9.db-journal
	chmod 666 nssdb/cert9.db-journal
	is_refused "others can write $T/nssdb/cert9.db-journal (mode 0666)"
	rm nssdb/cert9.db-journal
	mkdir way
	mv nssdb way/nssdb
	ln -s way/nssdb nssdb
	chown nobody way
	is_refused "$T/way is the folder of nobody"
	chown root way
	import stick2 --quiet
	numbered 2
}

@test "a view of our own database that calls a program: it is not run" {
	call_program
	run sub check
	[ "$status" -eq 2 ]
	says "test-root/live invalid: "
	says "cannot use the edit() function in safe mode"
	refuses 69 store import stick2
	says "cannot use the edit() function in safe mode"
	others_hold stick2
	[ ! -e ran ]
}

@test "who is not root has a database of his own, and reads root's" {
	mkdir -p bin sub/schedules
	cp "$SUB_PROGRAM" bin/crlferry-sub
	cp "$BATS_TEST_DIRNAME"/../../schedules/*.cfg sub/schedules/
	cat >as_nobody <<-SH
		#!/bin/sh
		exec setpriv --reuid=65534 --regid=65534 --clear-groups \
			$T/bin/crlferry-sub "\$@"
	SH
	chmod 755 as_nobody nssdb
	chmod 644 nssdb/*
	setpriv --reuid=65534 --regid=65534 --clear-groups \
		test -x bin/crlferry-sub || skip "the tests' folder is closed"
	SUB_PROGRAM=$T/as_nobody
	run sub check
	[ "$status" -eq 0 ]
	chown -R 65534:65534 stores sub nssdb
	import stick2 --quiet
	numbered 2
	run sub check
	[ "$status" -eq 0 ]
	chown -R daemon nssdb
	run sub check
	[ "$status" -eq 3 ]
	says "$T/nssdb belongs to daemon"
}
