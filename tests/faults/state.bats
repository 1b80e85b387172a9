#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# What the root remembers: numbers, the state folder, its lock and its modes.

load ../e2e/root_setup

setup() {
	make_folder
	make_corp one
}

# issues NUMBER [TEXT]: under that number, with a note on crlnumber
issues() {
	run root ca issue
	[ "$status" -eq 0 ] || {
		echo "$output"
		return 1
	}
	[ "$(crl_number "$(last_crl ca corp)")" = "$1" ] || {
		echo "want number $1, have $output"
		return 1
	}
	[ -z "${2-}" ] || says "note: $T/ca/crlnumber $2"
}

@test "crlnumber lost: made again, and said" {
	root ca issue --first --quiet
	rm ca/crlnumber
	issues 02 'is missing; it will be made'
	[ "$(cat ca/crlnumber)" = 03 ]
	root ca ledger verify
}

@test "crlnumber emptied or garbled: refused, and left as it is" {
	local text
	root ca issue --first --quiet
	for text in '' xyz 0x10 -1 $'\n05' ' 09'; do
		printf '%s' "$text" >ca/crlnumber
		refused ca 65 format root ca issue
		says "$T/ca/crlnumber "
	done
	head -c 3 /dev/zero >ca/crlnumber
	refused ca 65 format root ca issue
}

@test "crlnumber backwards: the archive's largest + 1, and said" {
	echo 20 >ca/crlnumber
	root ca issue --first --quiet
	[ "$(crl_number "$(last_crl ca corp)")" = 20 ]
	echo 05 >ca/crlnumber
	issues 21 'lies behind the archive; it will be moved forward'
	[ "$(cat ca/crlnumber)" = 22 ]
	# As an openssl that went on by itself leaves it: ahead is taken.
	openssl ca -gencrl -config ca/ca.cnf -out other.pem
	openssl ca -gencrl -config ca/ca.cnf -out other.pem
	run root ca issue
	[ "$status" -eq 0 ]
	says 'issued #36'
	says_not note:
}

@test "crlnumber that leaps is said before anything is signed" {
	root ca issue --first --quiet
	echo 0F4241 >ca/crlnumber
	run root ca issue --dry-run
	[ "$status" -eq 0 ]
	says_not ATTENTION
	echo 0F4242 >ca/crlnumber
	run root ca issue --dry-run
	[ "$status" -eq 0 ]
	says 'ATTENTION: corp: the number leaps from #1 to #1000002, and'
	says 'see RECOVERING in crlferry-root(1)'
	issues 0F4242
}

@test "archive and crlnumber lost: the ledger still knows" {
	echo 20 >ca/crlnumber
	root ca issue --first --quiet
	rm -r ca/state/corp ca/crlnumber
	refused ca 77 regressed root ca issue
	refused ca 77 regressed root ca issue --first
	says 'CRL #32 of'
	id=$(grep -o 'archive-crl-[0-9a-f]*' <<<"$output")
	root ca issue --first --discard-evidence "$id" --why gone --quiet
	[ "$(crl_number "$(last_crl ca corp)")" = 21 ]
}

@test "crlnumber in any even length of hex, with CRLF and without an end" {
	local text want
	root ca issue --first --quiet
	while read -r text want; do
		printf '%b' "$text" >ca/crlnumber
		issues "$want"
	done <<-'NUMBERS'
		00ff FF
		0100\r\n 0100
		00000000000000000000000000000000000000000000000200 0200
		ABCDEF\n ABCDEF
		7ffffffffffffffffffffffffffffffffffffffd 7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFD
	NUMBERS
}

@test "numbers end at 2^159-1" {
	root ca issue --first --quiet
	echo 8000000000000000000000000000000000000000 >ca/crlnumber
	refused ca 65 format root ca issue
	says '2^159-1'
	echo 7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFE >ca/crlnumber
	root ca issue --quiet
	refused ca 65 format root ca issue
	says '2^159-1'
}

@test "crlnumber: loose modes, a folder" {
	root ca issue --first --quiet
	chmod 666 ca/crlnumber
	refused ca 77 permissions root ca issue
	rm ca/crlnumber
	mkdir ca/crlnumber
	refused ca 65 format root ca issue
}

@test "no space for the CRL: its number is used up, the next one rises" {
	mkdir ca/state
	mount -t tmpfs -o size=64k,mode=755 none ca/state ||
		skip "a small filesystem cannot be mounted here"
	root ca issue --first --quiet
	cp ca/index.txt kept
	make_index 2000 >ca/index.txt
	before=$(last_crl ca corp)
	refuses 74 no-space root ca issue
	no_leftovers
	[ "$before" = "$(last_crl ca corp)" ]
	verifies ca "$before"
	root ca ledger verify
	cp kept ca/index.txt
	root ca issue --quiet
	[ "$(crl_number "$(last_crl ca corp)")" = 03 ]
	mount -o remount,size=4m ca/state
	make_index 2000 >ca/index.txt
	root ca issue --quiet
	[ "$(crl_count "$(last_crl ca corp)")" -eq 2000 ]
	root ca ledger verify
}

@test "no space for the ledger: nothing signed, and the chain still fits" {
	mkdir ca/state
	mount -t tmpfs -o size=64k,mode=755 none ca/state ||
		skip "a small filesystem cannot be mounted here"
	root ca issue --first --quiet
	ledger=$(stat -c %s ca/state/ledger.jsonl)
	# Up to the end of a page nothing is asked of the filesystem, so the
	# ledger is filled to one.
	while [ $((ledger + 400)) -lt 4096 ]; do
		root ca issue --quiet
		ledger=$(stat -c %s ca/state/ledger.jsonl)
	done
	last=$(last_crl ca corp)
	dd if=/dev/zero of=ca/state/filler bs=4k 2>/dev/null || true
	refuses 74 no-space root ca issue
	no_leftovers
	[ "$last" = "$(last_crl ca corp)" ]
	rm ca/state/filler
	root ca issue
	[[ $(last_crl ca corp) > $last ]]
	root ca ledger verify
}

@test "the lock: waited for, told of, and free when its holder is killed" {
	local holder one
	root ca issue --first --quiet
	# Held for a moment: the issue waits.
	flock ca/state/lock sleep 0.5 &
	holder=$!
	sleep 0.1
	root ca issue --quiet
	wait "$holder"
	# Held on and on.  Both writers give up in the same ten seconds.
	flock --no-fork ca/state/lock sleep 60 3>&- &
	holder=$!
	while flock --nonblock ca/state/lock true; do sleep 0.05; done
	mkdir medium
	"$ROOT_PROGRAM" export medium --allow-fixed-disk \
		--config ca/crlferry.cfg >export.out 2>&1 3>&- &
	one=$!
	refused ca 75 locked root ca issue
	# (not with run, whose shell is not its parent)
	wait "$one" || true
	grep -q 'crlferry-root: locked: .*ca/state/lock' export.out
	[ -z "$(ls medium)" ]
	# Who only reads is not kept waiting.
	root ca status --json | jq -e '.pairs[0].number == "2"'
	root ca ledger verify
	kill -KILL "$holder"
	wait "$holder" 2>/dev/null || true
	root ca issue --quiet
	[ "$(crl_number "$(last_crl ca corp)")" = 03 ]
}

@test "a crash between archive and ledger: the line is made up for" {
	root ca issue --first --quiet
	root ca issue --quiet
	# the last line is the "issue" of #2
	tail -n 1 ca/state/ledger.jsonl | jq -e '.event == "issue"'
	sed -i '$d' ca/state/ledger.jsonl
	run root ca issue
	[ "$status" -eq 0 ]
	[[ $output == *"000002.crl: the ledger lacked a line"* ]]
	says_not ATTENTION
	root ca ledger verify
	[ "$(jq -r '"\(.event)\(.number)"' ca/state/ledger.jsonl | tail -n 4 |
		tr '\n' ' ')" = "issue-intent2 issue2 issue-intent3 issue3 " ]
	run root ca issue
	[[ $output != *"lacked a line"* ]]
}

@test "a ledger that was cut above the last issue is told from a crash" {
	root ca issue --first --quiet
	root ca issue --quiet
	before=$(head -n 2 ca/state/ledger.jsonl)
	# the intent of #2 is gone with its line, which no crash can do
	echo "$before" >ca/state/ledger.jsonl
	run root ca issue --dry-run
	[ "$status" -eq 0 ]
	says 'ATTENTION: corp: the ledger says nothing of'
	says 'CRL #2'
	[ "$(cat ca/state/ledger.jsonl)" = "$before" ]
	run root ca issue
	[ "$status" -eq 0 ]
	says 'ATTENTION: corp: the ledger says nothing of'
	says '000002.crl: the ledger lacked its lines'
	says_not 'interrupted'
	[ "$(jq -r 'select(.number == "2") | .recorded' \
		ca/state/ledger.jsonl)" = "late, the ledger had no intent" ]
	root ca ledger verify
	# It is said once: the line is there now.
	run root ca issue
	[ "$status" -eq 0 ]
	says_not ATTENTION
	# So is a ledger that is gone altogether.
	rm ca/state/ledger.jsonl
	run root ca issue
	[ "$status" -eq 0 ]
	says 'ATTENTION: corp: the ledger says nothing of'
}

@test "a lock that is a link is not followed" {
	root ca issue --first --quiet
	rm ca/state/lock
	ln -s "$T/elsewhere" ca/state/lock
	run root ca issue
	[ "$status" -ne 0 ]
	says 'remedy: '
	[ ! -e elsewhere ]
}

@test "loose modes of what is trusted: configuration, state, CRL" {
	local path mode
	root ca issue --first --quiet
	for path in "$(last_crl ca corp)" ca/crlferry.cfg ca/state \
		ca/state/version ca/state/ledger.jsonl ca/index.txt \
		ca/root.key; do
		mode=$(stat -c %a "$path")
		for loose in 020 002; do
			chmod "$(printf %o $((0$mode | 0$loose)))" "$path"
			refused ca 77 permissions root ca issue
			says "$path"
		done
		chmod "$mode" "$path"
		root ca issue --quiet
	done
}

@test "a state folder of another version, or something else in its place" {
	root ca issue --first --quiet
	echo 'crlferry-state 2' >ca/state/version
	refused ca 65 format root ca issue
	refused ca 65 format root ca status
	: >ca/state/version
	refused ca 65 format root ca issue
	echo 'crlferry-state 1' >ca/state/version
	root ca issue --quiet
	mv ca/state kept
	echo text >ca/state
	run root ca issue
	[ "$status" -ne 0 ]
	says 'ca/state'
	[ "$(cat ca/state)" = text ]
}

@test "strangers in the archive are passed over" {
	root ca issue --first --quiet
	touch ca/state/corp/archive/{README,x.crl,.crl,-1.crl,000005.crl.bak} \
		ca/state/corp/archive/00000a.crl
	root ca issue --quiet
	[ "$(crl_number ca/state/corp/archive/000002.crl)" = 02 ]
}

@test "an unverified CRL that a crash left is overwritten" {
	root ca issue --first --quiet
	echo half >ca/state/corp/unverified.crl
	echo half >ca/state/corp/.unverified.crl.crlferry-new
	root ca issue --quiet
	no_leftovers
	[ "$(crl_number "$(last_crl ca corp)")" = 02 ]
}
