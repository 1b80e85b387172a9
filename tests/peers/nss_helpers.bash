# SPDX-License-Identifier: ISC
# An NSS database as a store, and what NSS says of it.
# shellcheck shell=bash

load ../e2e/pki_setup
load ../e2e/root_helpers
load servers

make_work() {
	make_pki
	make_database nssdb
	configure "s|{ type = \"hashdir\";|{ type = \"nss\"; \
path = \"sql:$T/nssdb\"; },\n            &|"
	import stick1 --quiet
}

teardown() {
	end_servers
	leave_work
}

# make_database FOLDER [PASSWORD]: with the root and two subordinates, as an
# administrator makes it
make_database() {
	local word=--empty-password
	mkdir "$1"
	[ -z "${2:-}" ] || {
		(umask 077 && echo "$2" >pin)
		word="-f pin"
	}
	# shellcheck disable=SC2086	# two words
	certutil -N -d "sql:$1" $word
	add_certificate "$1" Corp ca/root.pem CT,C,C
	add_certificate "$1" live ca/live.pem ,,
	add_certificate "$1" bad ca/bad.pem ,,
}

# add_certificate FOLDER NICKNAME FILE TRUST
add_certificate() {
	local word=
	[ ! -e pin ] || word="-f pin"
	# shellcheck disable=SC2086	# two words
	certutil -A -d "sql:$1" -n "$2" -i "$3" -t "$4" $word
}

# numbered N: that is the number which NSS shows
numbered() {
	run crlutil -L -d sql:nssdb -n Corp
	says "CRL Number" && says "Data: $1 ("
}

# no_crl: NSS has none of the root
no_crl() {
	run crlutil -L -d sql:nssdb
	says_not Corp
}

# is_valid NICKNAME: as a CA below the root
is_valid() {
	run certutil -V -d sql:nssdb -n "$1" -u L
	[ "$status" -eq 0 ] && says "certificate is valid"
}

is_revoked() {
	run certutil -V -d sql:nssdb -n "$1" -u L
	[ "$status" -ne 0 ] && says "Certificate has been revoked"
}

# in_nss: the octets of every CRL, as SQLite has them
in_nss() {
	sqlite3 nssdb/cert9.db "SELECT hex(a11) FROM nssPublic \
		WHERE a0 = x'ce534351'" | perl -ne 'chomp; print pack "H*", $_'
}

# nss_holds FILE: the root's CRL there is this one, octet by octet, and no other
nss_holds() {
	cmp <(in_nss) "$1"
}

# others_hold STICK: the stores that are files
others_hold() {
	all_hold "$1"
}
