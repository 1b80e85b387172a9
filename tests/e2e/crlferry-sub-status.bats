#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# crlferry-sub status: the table of all pairs, and its JSON.

load pki_setup

# fits COLUMNS: no line of the output is longer
fits() {
	[ "$(wc -L <<<"$output")" -le "$1" ]
}

@test "the table: a heading and a line for each pair, and the stores" {
	run sub status
	[ "$status" -eq 0 ]
	[ "${#lines[@]}" -eq 7 ]
	[[ ${lines[0]} =~ ^ROOT\ +SUBORDINATE\ +STATE\ +NUMBER\ +NEXT-UPDATE ]]
	[[ ${lines[1]} =~ ^test-root\ +live\ +fresh\ +1\ +20[0-9-]+\ \( ]]
	[[ ${lines[3]} =~ ^test-root\ +hashdir\ +\#1\ .*/stores/hash$ ]]
	[[ ${lines[5]} =~ ^test-root\ +der\ +\#1\ .*/stores/one.crl$ ]]
	[[ ${lines[6]} == "NEXT-UPDATE: "* ]]
	fits 80
}

@test "what is wrong is said below, and the status is 0 all the same" {
	rm stores/one.crl
	COLUMNS=500 run sub status
	[ "$status" -eq 0 ]
	[[ ${lines[1]} =~ ^test-root\ +live\ +missing ]]
	[[ $output == *"test-root/live: der $T/stores/one.crl holds no CRL of \
test-root, and live has stopped there: "* ]]
	[[ $output =~ test-root\ +der\ +nothing\ +"$T/stores/one.crl" ]]
}

@test "80 columns, with long names and paths, in every locale" {
	local deep name=a-subordinate-with-a-name-of-its
	deep=$T/stores/$(printf 'a-folder-of-the-web-server/%.0s' 1 2 3 4 5)end
	mkdir -p "$deep"
	rm stores/one.crl
	sed -i "s|$T/stores/one.crl|$deep/one.crl|; s|\"live\"|\"$name\"|
		s|\"test-root\"|\"a-root-with-a-name-of-thirty-two\"|" \
		sub/crlferry.cfg
	export LC_ALL=C.UTF-8
	run sub status
	echo "$output"
	[ "$status" -eq 0 ]
	fits 80
	# Nothing but the beginning of the path is lost.
	[[ $output == *"…/"*"/end/one.crl"* ]]
	[[ $output == *" missing "* ]]
	LC_ALL=C run sub status
	fits 80
	[[ $output == *".../"*"/end/one.crl"* ]]
	run sub status --at 2027-06-29
	fits 80
	COLUMNS=300 run sub status
	[[ $output == *"  $deep/one.crl"* ]]
	[[ $output == *"$name  missing "* ]]
	[ "$(sub status --json | jq -r '.pairs[0].stores[2].path')" = \
		"$deep/one.crl" ]
}

# on_terminal COLUMNS ARGUMENT...: status on a terminal of that width
on_terminal() {
	local columns=$1
	shift
	run script -qec "stty cols $columns
		\"$SUB_PROGRAM\" status --config sub/crlferry.cfg $*" /dev/null
	output=${output//$'\r'/}
	[ "$status" -eq 0 ]
}

@test "a terminal has its width and colours, and NO_COLOR and dumb none" {
	local red=$'\e[31m'
	export TERM=xterm
	unset NO_COLOR
	rm stores/one.crl
	on_terminal 200
	[[ $output == *"${red}missing"$'\e[0m'* ]]
	[[ $output == *"live: der $T/stores/one.crl holds no CRL of"* ]]
	on_terminal 70
	output=$(sed 's/\x1b\[[0-9]*m//g' <<<"$output")
	fits 70
	NO_COLOR='' on_terminal 80
	[[ $output == *"$red"* ]]
	NO_COLOR=1 on_terminal 80
	[[ $output == *missing* && $output != *$'\e'* ]]
	TERM=dumb on_terminal 80
	[[ $output == *missing* && $output != *$'\e'* ]]
	on_terminal 80 --json
	[[ $output == *missing* && $output != *$'\e'* ]]
	run sub status
	[[ $output == *missing* && $output != *$'\e'* ]]
}

@test "a retired pair is called so, and nothing is said of it" {
	rm stores/one.crl
	configure 's/name = "live";/& retired = true;/'
	run sub status
	[[ ${lines[1]} =~ ^test-root\ +live\ +retired\  ]]
	[[ $output != *"no CRL of"* ]]
	[[ $output =~ test-root\ +der\ +nothing ]]
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
	[[ $output == *" nothing "* ]]
	[ ! -e sub/state ]
	[ ! -e stores ]
}

@test "no subordinate: that is said" {
	perl -0pi -e 's/subordinates = \(.*?\n      \);/subordinates = ( );/s' \
		sub/crlferry.cfg
	run --separate-stderr sub status
	[ "$status" -eq 0 ]
	[ -z "$output" ]
	[[ $stderr == *": no subordinate is configured, so nothing is watched" ]]
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
