#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# crlferry-sub status: the table of all pairs, and its JSON.

load pki_setup

@test "the table: a heading and a line for each pair" {
	run sub status
	[ "$status" -eq 0 ]
	[ "${#lines[@]}" -eq 2 ]
	[[ ${lines[0]} =~ ^ROOT\ +SUBORDINATE\ +STATE\ +NUMBER\ +NEXT-UPDATE ]]
	[[ ${lines[1]} =~ ^test-root\ +live\ +fresh\ +1\ +20[0-9-]+\ \( ]]
	[[ ${lines[1]} == *"hashdir:$T/stores/hash, "*"der:$T/stores/one.crl" ]]
}

@test "what is wrong is said below, and the status is 0 all the same" {
	rm stores/one.crl
	run sub status
	[ "$status" -eq 0 ]
	[[ ${lines[1]} =~ ^test-root\ +live\ +missing ]]
	[[ $output == *"test-root/live: der $T/stores/one.crl: no CRL of root"* ]]
}

@test "--at: as it would stand then" {
	run sub status --at "$(date -u -d '+8 months' +%Y-%m-%d)"
	[ "$status" -eq 0 ]
	[[ ${lines[1]} =~ ^test-root\ +live\ +expired\  ]]
	keeps 64 usage sub status --at tomorrow
}

@test "--json: the same facts as check gives" {
	local now
	now=$(date -u +%Y-%m-%dT%H:%M:%SZ)
	run sub status --json --at "$now"
	[ "$status" -eq 0 ]
	jq -e '.type == "crlferry-status" and .version == 1 and
		(.pairs | length) == 1 and .pairs[0].state == "fresh" and
		(.pairs[0].stores | length) == 3' <<<"$output"
	[ "$output" = "$(sub check --format json --at "$now")" ]
}

@test "before anything was imported, and it makes no state" {
	rm -r sub/state stores
	run sub status
	[ "$status" -eq 0 ]
	[[ ${lines[1]} == *" - "* ]]
	[ ! -e sub/state ]
	[ ! -e stores ]
}

@test "it changes nothing" {
	local before
	before=$(snapshot sub stores)
	sub status
	sub status --json
	[ "$before" = "$(snapshot sub stores)" ]
}

@test "a wrong command line or configuration" {
	keeps 64 usage sub status argument
	keeps 64 usage sub status --output file
	echo 'hello = 1;' >>sub/crlferry.cfg
	keeps 78 config sub status
	[[ $output == *"sub/crlferry.cfg:"[0-9]*": "* ]]
	rm sub/crlferry.cfg
	keeps 66 missing sub status
}

@test "--json tells a failure as well" {
	echo 'hello = 1;' >>sub/crlferry.cfg
	run --separate-stderr sub status --json
	[ "$status" -eq 78 ]
	jq -e '.type == "crlferry-error" and .token == "config"' <<<"$output"
}
