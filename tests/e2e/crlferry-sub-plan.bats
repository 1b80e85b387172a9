#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# crlferry-sub plan: the same calendar, and what the stores will come to.

load pki_setup

# forecast JQ-FILTER [OPTION]...: of the one pair
forecast() {
	local filter=$1
	shift
	sub plan --json "$@" | jq -e ".roots[0].if_nobody_acts[0] | $filter"
}

# checked_at TIME: what check says then
checked_at() {
	local status=0
	sub check --format json --at "$1" >checked.json || status=$?
	[ "$status" -le 2 ] || return 1
	jq -r '.pairs[0] | .state + " " + .severity' checked.json
}

@test "the ceremonies are those that the root sees" {
	openssl req -config ca/ca.cnf -new -x509 -key ca/root.key -days 36500 \
		-subj '/CN=Test Root' -extensions v3_root -out ca/root.pem
	cp ca/root.pem sub/test-root.pem
	sub plan --at 2027-02-01 --years 30 --json >sub.json
	root ca plan --at 2027-02-01 --years 30 --json >root.json
	jq '.roots[0] | [.root, .schedule, .at, .ceremonies]' sub.json >have
	jq '.roots[0] | [.root, .schedule, .at, .ceremonies]' root.json |
		diff have -
	# What was missed goes first.
	jq -e '.roots[0].ceremonies | length == 61 and .[0].state == "overdue"' \
		sub.json
}

@test "if nobody acts: each day, as check will say it" {
	local from state severity
	forecast '[.subordinates, .number, .assumed_ceremony] ==
		[["live"], "1", null]'
	forecast '.events[] | .from, .state, .severity' | jq -r . |
		paste -d ' ' - - - >events
	[ "$(cut -d ' ' -f 2 events | paste -s -d ' ')" = \
		'upcoming overdue expiring critical expired' ]
	while read -r from state severity; do
		[ "$(checked_at "$from")" = "$state $severity" ]
		[ "$(checked_at "$(date -u -d "$from 1 second ago" \
			+%FT%TZ)")" != "$state $severity" ]
	done <events
	run sub plan
	[ "$status" -eq 0 ]
	[[ $output == *"test-root: if nobody acts from now on, after CRL #1"* ]]
	[[ $output == *" expired   CRITICAL  live stops: the CRL has expired"* ]]
}

@test "the date of the bundle outranks the local schedule" {
	local next
	next=$(jq -r .next_ceremony "$BUNDLE1/bundle.json")
	configure 's/"semiannual"/"monthly"/'
	forecast ".next_ceremony == \"$next\" and (.events[] |
		select(.state == \"overdue\") | .from) ==
		\"$(date -u -d "$next 3 days" +%FT%TZ)\""
}

@test "a store that lags decides, and is named" {
	rm stores/one.crl
	forecast '.number == "1" and .events[0].state == "missing" and
		(.events[0].detail | contains("der ")) and
		([.events[].state] == ["missing", "upcoming", "overdue", "expiring",
		"critical", "expired"])'
	sub import stick2 --quiet
	cp ca/state/test-root/archive/000001.crl stores/one.crl
	forecast '.events[0].state == "behind"'
}

@test "a store that is gone: the days are those of the accepted CRL" {
	find stores ! -type d -delete
	forecast '.number == "1" and .assumed_ceremony == null and
		[.events[].state] == ["missing", "upcoming", "overdue", "expiring",
		"critical", "expired"]'
	sub plan --json | jq -e '[.roots[0].next_action.stops[] |
		[.subordinate, .stopped]] == [["live", true]]'
	run sub plan
	[[ $output == "test-root: live has stopped: it lacks the CRL that was accepted."* ]]
	[[ $output == *"test-root: if nobody acts from now on, by CRL #1 that was accepted"* ]]
}

@test "before anything was imported: the days are the schedule's" {
	forget
	forecast '[.number, .assumed_ceremony, .next_ceremony] ==
		[null, "2027-07-06", "2028-01-06"] and
		[.events[] | .from[:10] + " " + .state] ==
		["2027-02-01 missing", "2027-12-23 upcoming",
		"2028-01-09 overdue", "2028-01-16 expiring",
		"2028-01-30 critical", "2028-02-06 expired"]' --at 2027-02-01
	run sub plan --at 2027-02-01
	[[ $output == *"test-root: no CRL yet; if the ceremony of 2027-07-06 is held"* ]]
}

@test "each subordinate has its own days; a retired one has none" {
	"$SUB_PROGRAM" init --root test-root=ca/root.pem \
		--subordinate live=ca/live.pem --subordinate old=ca/old.pem \
		--store pem:stores/all.pem --trust ca/seal.pub \
		--output sub/two.cfg >/dev/null
	mv sub/two.cfg sub/crlferry.cfg
	# The one is revoked, the other is not.
	sub plan --json | jq -e '[.roots[0].if_nobody_acts[].subordinates] ==
		[["live"], ["old"]] and
		([.roots[0].next_action.stops[].subordinate] == ["live"]) and
		[.roots[0].next_action.first[] | .subordinate + " " + .state] ==
		["old revoked"]'
	run sub plan
	[[ $output == *"test-root/live: if nobody acts from now on"* ]]
	[[ $output == *"test-root/old: if nobody acts from now on"* ]]
	configure 's/name = "old";/name = "old"; retired = true;/'
	sub plan --json | jq -e '[.roots[0].if_nobody_acts[].subordinates] ==
		[["live"]]'
	run sub plan --years 11
	[[ ! $output =~ old ]]
	# If nobody needs a CRL, no ceremony is announced.
	configure 's/name = "live";/name = "live"; retired = true;/'
	sub plan --json | jq -e '.roots[0] | .ceremonies == [] and
		.next_action.what == "nothing"'
	run sub plan
	[[ ! $output =~ CEREMONY ]]
}

@test "certificates that end within the years" {
	sub plan --years 9 --json | jq -e '.roots[0].certificates == []'
	sub plan --years 11 --json | jq -e '[.roots[0].certificates[] |
		[.kind, .name, .ended]] == [["subordinate", "live", false]]'
	sub plan --years 21 --json | jq -e '[.roots[0].certificates[] |
		.kind] == ["subordinate", "root"]'
	sub plan --at 2070-01-01 --json | jq -e \
		'[.roots[0].certificates[].ended] == [true, true]'
}

@test "a schedule with a gap is refused, by the name of its file" {
	mkdir sub/schedules
	sed 's/^validity = .*/validity = "6 months";/' \
		"$BUILD/schedules/semiannual.cfg" >sub/schedules/semiannual.cfg
	keeps 78 config sub plan
	[[ $output == *"sub/schedules/semiannual.cfg: schedule semiannual: ceremony 20"* ]]
	[[ $output == *"a validity longer by "*" days leaves no gap"* ]]
}

@test "it changes nothing, and makes no state" {
	local before
	before=$(snapshot sub stores)
	sub plan
	sub plan --json
	[ "$before" = "$(snapshot sub stores)" ]
	rm -r sub/state
	sub plan --json
	[ ! -e sub/state ]
}

@test "a wrong command line or configuration" {
	keeps 64 usage sub plan --years 0
	keeps 64 usage sub plan --years 51
	keeps 64 usage sub plan --at tomorrow
	keeps 66 missing sub plan other-root
	keeps 66 missing sub plan test-root/live
	sub plan test-root --quiet |
		grep -q '^test-root: If every ceremony is held, schedule semi'
	echo 'hello = 1;' >>sub/crlferry.cfg
	keeps 78 config sub plan
	run --separate-stderr sub plan --json
	[ "$status" -eq 78 ]
	jq -e '.type == "crlferry-error" and .token == "config"' <<<"$output"
}
