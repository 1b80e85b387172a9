#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# The process that parses what comes from the stick was taken over, and lies
# (FAULTS 48): with a crlferry-sub of which that part is lies.c.

load ../e2e/pki_setup

setup() {
	restore_work
	SUB_PROGRAM=$BUILD/tests/crlferry-sub-lying
}

# lied NAME SOURCE: import, with that lie
lied() {
	CRLFERRY_LIE=$1 run import "$2"
}

# caught NAME STATUS TEXT [SOURCE]: it is refused, and nothing has changed
caught() {
	local before
	before=$(snapshot sub stores)
	lied "$1" "${4-stick2}"
	echo "$1: $status: $output"
	[ "$status" -eq "$2" ] && [[ $output == *"$3"* ]] &&
		[ "$before" = "$(snapshot sub stores)" ]
}

# all_caught KIND LEAST: KIND-0, KIND-1, ... until there are no more
all_caught() {
	local kind=$1 least=$2 before n=0
	before=$(snapshot sub stores)
	while :; do
		lied "$kind-$n" stick2
		echo "$kind-$n: $status: $output"
		[[ $output != *'ended with status 99'* ]] || break
		[[ $status =~ ^(65|77)$ ]] || return 1
		[[ $output != *'ended with'* ]] || return 1
		[ "$before" = "$(snapshot sub stores)" ] || return 1
		n=$((n + 1))
	done
	[ "$n" -ge "$least" ]
}

@test "row 48: who tells the truth is believed" {
	lied truth stick2
	[ "$status" -eq 0 ]
	all_hold stick2
}

@test "row 48: it opens, connects, starts and removes nothing" {
	# the call kills it: SIGSYS
	for lie in open socket exec fork unlink; do
		caught $lie 65 'ended with signal 31'
	done
	CRLFERRY_LIE=open run "$SUB_PROGRAM" info stick2 \
		--config sub/crlferry.cfg
	[ "$status" -eq 65 ]
}

@test "row 48: it runs no code of its own, and makes no other call" {
	local n=0 before
	before=$(snapshot sub stores)
	while :; do
		lied "call-$n" stick2
		[[ $output != *'ended with status 99'* ]] || break
		[ "$status" -eq 65 ] &&
			[[ $output == *'ended with signal 31'* ]] || {
			echo "call-$n: $status: $output"
			return 1
		}
		n=$((n + 1))
	done
	[ "$n" -ge 70 ]
	[ "$before" = "$(snapshot sub stores)" ]
	leaves_nothing
}

@test "row 48: it says nothing, or dies" {
	caught silence 65 'the reader gave no verdict'
	caught crash 65 'the reader gave no verdict'
	caught mute 65 'a refusal that does not say why'
}

@test "row 48: integers that are none of the reader's" {
	all_caught integer 32
}

@test "row 48: texts that do not end, or steer the terminal" {
	all_caught endless 5
	all_caught escape 5
}

@test "row 48: octets at random" {
	local before n
	before=$(snapshot sub stores)
	for n in $(seq 0 "${CRLFERRY_LONG:+99}9"); do
		lied "random-$n" stick2
		[ "$status" -eq 65 ]
		[[ $output == *'the verdict is out of its bounds'* ]]
	done
	[ "$before" = "$(snapshot sub stores)" ]
}

@test "row 48: a number above all" {
	caught number 65 'the verdict is out of its bounds'
}

@test "row 48: what the rules refuse by its own words" {
	lied truth stick2
	caught history 77 'CRL number: want one above 2, have 1' stick1
	restore_work
	minisign -G -W -f -p foreign.pub -s foreign.key >/dev/null
	comment=$(sed -n 's/^trusted comment: //p' "$BUNDLE2"/*.minisig)
	seal=$(echo "$BUNDLE2"/*.minisig)
	rm "$seal"
	minisign -S -s foreign.key -m "$BUNDLE2/bundle.json" -x "$seal" \
		-t "$comment" >/dev/null
	caught seals 65 'reader: the verdict names other seals than those of 1 trusted keys'
}

@test "row 48: a seal by a key that nobody knows" {
	caught stranger 65 'reader: the verdict names other seals than those of 1 trusted keys'
}

@test "row 48: one key that is counted twice" {
	local seal
	"$ROOT_PROGRAM" keygen ca/two.key ca/two.pub --no-passphrase --quiet
	configure 's,required = 1,required = 2,;s,trusted = (,& "'"$T"'/ca/two.pub"\, ,'
	caught truth 65 'want seals by 2 trusted keys, have 1'
	caught twice 65 'reader: the verdict names other seals than those of 2 trusted keys'
	# the same seal in two files, and another one by the same key
	seal=$(echo "$BUNDLE2"/*.minisig)
	cp "$seal" "$BUNDLE2/bundle.json.0123456789abcdef.minisig"
	caught truth 65 'want seals by 2 trusted keys, have 1'
	caught twice 65 'reader: the verdict names other seals than those of 2 trusted keys'
	comment=$(sed -n 's/^trusted comment: //p' "$seal")
	minisign -S -q -s ca/two.key -m "$BUNDLE2/bundle.json" \
		-x "$BUNDLE2/bundle.json.0123456789abcdef.minisig" \
		-t "$comment" </dev/null
	lied truth stick2
	[ "$status" -eq 0 ]
	all_hold stick2
}

@test "row 48: an end that has passed" {
	local at
	at=$(date -u -d '+300 days' '+%F %T')
	before=$(snapshot sub stores)
	CRLFERRY_LIE=dates TZ=UTC run faketime "$at" "$SUB_PROGRAM" import \
		stick2 --config sub/crlferry.cfg
	[ "$status" -eq 77 ]
	[[ $output == *'the CRL expired on '*', its nextUpdate; now it is '* ]]
	[ "$before" = "$(snapshot sub stores)" ]
}

@test "row 48: a bare CRL: other octets than were judged" {
	configure 's/ *schedule = /bare = true;\n&/'
	openssl crl -inform DER -in "$(crl_of stick2)" -out bare.pem
	caught octets 65 'the verdict is about another CRL than it hands back' bare.pem
	caught room 65 'want a CRL of at most' bare.pem
	caught random-2 65 'the verdict is out of its bounds' bare.pem
	lied truth bare.pem
	[ "$status" -eq 0 ]
}
