#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# Reads and writes that move fewer octets than asked for, or are interrupted
# (FAULTS 7): everything comes to what it comes to without.

load ../e2e/pki_setup
load inject
load shortly

make_work() {
	make_pki
	build_short_write
}

setup() {
	restore_work
	cp -a ca ca.before
	cp -a sub sub.before
	cp -a stores stores.before
}

begin() {
	rm -rf ca sub stores stick
	cp -a ca.before ca
	cp -a sub.before sub
	cp -a stores.before stores
	mkdir stick
}

import_all() {
	run shortly "$SUB_PROGRAM" import stick2 --config sub/crlferry.cfg \
		--quiet
	[ "$status" -eq 0 ] && [ -z "$output" ] && all_hold stick2 &&
		cmp sub/state/test-root/accepted.crl "$(crl_of stick2)" &&
		jq -e '.number == "2"' sub/state/test-root/accepted.json
}

@test "row 7: import" {
	untraced each_seed import_all
}

info_all() {
	run shortly "$SUB_PROGRAM" info stick2 --config sub/crlferry.cfg --json
	[ "$status" -eq 0 ] && [ "$output" = "$told" ]
}

@test "row 7: info, which tells the same" {
	told=$(sub info stick2 --json)
	untraced each_seed info_all
}

refuse_all() {
	run shortly "$SUB_PROGRAM" import stick1 --config sub/crlferry.cfg
	[ "$status" -eq 77 ] && [[ $output == *"crlferry-sub: rollback: "* ]] &&
		all_hold stick2
}

@test "row 7: a refusal stays the same refusal" {
	import stick2 --quiet
	rm -r sub.before stores.before
	cp -a sub sub.before
	cp -a stores stores.before
	untraced each_seed refuse_all
}

export_all() {
	local file
	run shortly "$ROOT_PROGRAM" export stick --allow-fixed-disk --quiet \
		--config ca/crlferry.cfg
	[ "$status" -eq 0 ] && [ -z "$output" ] || return
	for file in test-root.crl test-root.crl.pem test-root.crt README.txt; do
		cmp "$BUNDLE2/$file" "stick/${BUNDLE2#stick2/}/$file" || return
	done
	root ca ledger verify --quiet && sub import stick --quiet &&
		all_hold stick2
}

@test "row 7: export" {
	untraced each_seed export_all
}

issue_all() {
	local crl
	run shortly "$ROOT_PROGRAM" issue --quiet --config ca/crlferry.cfg
	[ "$status" -eq 0 ] && [ -z "$output" ] || return
	crl=ca/state/test-root/archive/000003.crl
	openssl crl -inform DER -in "$crl" -CAfile ca/root.pem -noout &&
		root ca ledger verify --quiet && [ "$(cat ca/crlnumber)" = 04 ]
}

@test "row 7: issue" {
	untraced each_seed issue_all
}
