#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# crlferry-root status: how every pair stands on the root's machine.

load root_setup

setup() {
	make_folder
	old_root ca p256
	make_sub ca one
	make_sub ca two
}

adopt() {
	adopt_root ca corp --subordinate one=ca/one.pem \
		--subordinate two=ca/two.pem
}

# states [OPTION]...: "one:fresh two:revoked"
states() {
	root ca status --json "$@" 2>/dev/null |
		jq -r '[.pairs[] | "\(.subordinate):\(.state)"] | join(" ")'
}

# after_next_update DAYS: an instant for --at, as RFC 3339
after_next_update() {
	local at
	at=$(crl_time "$(last_crl ca corp)" nextupdate |
		sed -E 's/(....)(..)(..)(..)(..)(..)Z/\1-\2-\3 \4:\5:\6/')
	date -u -d "$at UTC $1" +%Y-%m-%dT%H:%M:%SZ
}

@test "before the first issue every pair is missing" {
	adopt
	[ "$(states)" = 'one:missing two:missing' ]
	run root ca status
	[ "$status" -eq 0 ]
	says 'corp  one          missing'
	[ ! -e ca/state ]
}

@test "fresh, with number, dates and place, as text and as JSON" {
	adopt
	root ca issue --first --quiet
	before=$(digest_of ca)
	[ "$(states)" = 'one:fresh two:fresh' ]
	next=$(crl_time "$(last_crl ca corp)" nextupdate)
	root ca status --json | jq -e --arg next "$next" --arg path \
		"$(last_crl ca corp)" '.type == "crlferry-status" and
		.version == 1 and .severity == "OK" and
		(.pairs | length) == 2 and (.pairs[0] |
		.root == "corp" and .number == "1" and
		(.next_update | gsub("[-T:]"; "")) == $next and
		.stores[0].type == "archive" and .stores[0].path == $path)'
	run root ca status
	[ "$status" -eq 0 ]
	says "${next:0:4}-${next:4:2}-${next:6:2}"
	says "corp  archive  #1     $(last_crl ca corp)"
	# Reading changes nothing.
	[ "$before" = "$(digest_of ca)" ]
}

@test "unpublished after a revocation, until the next issue" {
	adopt
	root ca issue --first --quiet
	revoke_sub ca two
	[ "$(states)" = 'one:unpublished two:unpublished' ]
	root ca status --json | jq -e '.severity == "WARNING"'
	# A day later it is critical.
	root ca status --json --at "$(date -u -d '25 hours' \
		+%Y-%m-%dT%H:%M:%SZ)" | jq -e '.severity == "CRITICAL"'
	root ca issue --quiet
	[ "$(states)" = 'one:fresh two:revoked' ]
	root ca status --json | jq -e '.severity == "CRITICAL" and
		(.pairs[1].detail | test("keyCompromise"))'
	run root ca status
	[ "$status" -eq 0 ]
	says revoked
}

@test "a retired subordinate may be revoked" {
	adopt
	revoke_sub ca two superseded
	root ca issue --first --quiet
	[ "$(states)" = 'one:fresh two:revoked' ]
	sed -i 's/{ name = "two";/{ name = "two"; retired = true;/' \
		ca/crlferry.cfg
	[ "$(states)" = 'one:fresh two:fresh' ]
}

@test "the states of time, by --at, to the second of nextUpdate" {
	adopt
	root ca issue --first --quiet
	[ "$(states --at "$(after_next_update '+0 seconds')")" = \
		'one:expired two:expired' ]
	[ "$(states --at "$(after_next_update '-1 seconds')")" = \
		'one:critical two:critical' ]
	[ "$(states --at "$(after_next_update '-604800 seconds')")" = \
		'one:critical two:critical' ]
	[[ "$(states --at "$(after_next_update '-604801 seconds')")" == \
		one:@(expiring|overdue)\ two:@(expiring|overdue) ]]
	root ca status --json --at "$(after_next_update '+1 day')" |
		jq -e '.severity == "CRITICAL"'
	[ "$(states --at "$(date -u -d '-1 day' +%Y-%m-%d)")" = \
		'one:not-yet-valid two:not-yet-valid' ]
}

@test "an archived CRL that was damaged is told" {
	adopt
	root ca issue --first --quiet
	good=$(last_crl ca corp)
	cp "$good" kept
	perl -0777 -pe 'substr($_, 60, 1) ^= "\x01"' kept >"$good"
	refused ca 65 signature root ca status
	: >"$good"
	refused ca 65 format root ca status
}

@test "an index that cannot be judged is no fresh pair" {
	adopt
	root ca issue --first --quiet
	echo garbage >ca/index.txt
	run root ca status
	[ "$status" -eq 0 ]
	says invalid
	says 'index.txt:1'
	[[ $output != *fresh* ]]
	rm ca/index.txt
	[ "$(states)" = 'one:invalid two:invalid' ]
}

@test "a root without subordinates has a line of its own" {
	adopt_root ca corp
	[ "$(states)" = :missing ]
	root ca issue --first --quiet
	[ "$(states)" = :fresh ]
	root ca status | grep -q '^corp  -  *fresh'
}

@test "wrong options are usage, a missing file is missing" {
	adopt
	refused_alone ca 64 usage root ca status --at yesterday
	refused_alone ca 64 usage root ca status --nonsense
	refused_alone ca 64 usage root ca status corp
	refuses 66 missing "$ROOT_PROGRAM" status --config none.cfg
	rm ca/root.pem
	refused_alone ca 66 missing root ca status
}
