#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# An NSS database takes a lower CRL again, once an order says so.

load ../e2e/reset_setup

make_work() {
	make_notes_pki
	fast_forward
	# the lower number has the lower date, too
	export ROOT_PROGRAM
	export -f begin_anew last_crl root
	faketime -f -5m bash -e -c begin_anew
	mkdir stick2 nssdb
	root ca export stick2 --allow-fixed-disk --quiet
	certutil -N -d sql:nssdb --empty-password
	certutil -A -d sql:nssdb -n Corp -i ca/root.pem -t CT,C,C
	sed -i "s|{ type = \"hashdir\";|{ type = \"nss\"; \
path = \"sql:$T/nssdb\"; },\n            &|" sub/crlferry.cfg
	sub import stick --quiet
}

# nss_holds FILE
nss_holds() {
	cmp <(sqlite3 nssdb/cert9.db "SELECT hex(a11) FROM nssPublic \
		WHERE a0 = x'ce534351'" | perl -ne 'chomp; print pack "H*", $_') \
		"$1"
}

@test "recover, then import: the database has the lower CRL" {
	nss_holds high.crl
	run crlutil -I -d sql:nssdb -i low.crl
	says SEC_ERROR_OLD_CRL
	ordered
	recover --quiet
	run sub import stick2
	[ "$status" -eq 0 ]
	says 'stores         4 of 4 changed'
	nss_holds low.crl
	accepts 2
}
