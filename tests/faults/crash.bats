#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# An issue that is killed at any step: no number twice, one current CRL.

load ../e2e/root_setup
load inject

setup() {
	need_strace
	make_folder
	make_corp one two
	root ca issue --first --quiet
	revoke_sub ca one
}

# killed CALL N [OPTION]...: an issue that is killed at its N-th such call,
# before the call is made; false where it has fewer of them and lives
killed() {
	local call=$1 n=$2
	shift 2
	struck "$call" "$n" signal=KILL "$ROOT_PROGRAM" issue \
		--config ca/crlferry.cfg --quiet "$@" ||
		[ "$status" -ne 0 ] || return 1
	[ "$status" -eq 137 ] || {
		echo "want a kill at $call $n, have $status: $output"
		exit 1
	}
}

# whole: the current CRL is one that was signed, and the chain fits
whole() {
	verifies ca "$(last_crl ca corp)"
	root ca ledger verify --quiet
	root ca status --json >/dev/null
}

# rises: no number of a CRL or an intent is ever used again
rises() {
	jq -r 'select(.event == "issue-intent") | .number' \
		ca/state/ledger.jsonl >intents
	[ "$(sort -n -u intents)" = "$(cat intents)" ] || {
		echo "want numbers that rise, have: $(tr '\n' ' ' <intents)"
		return 1
	}
}

# is_reserved: the number of what was signed, though nobody took it, is used up
# by an intent and in crlnumber
is_reserved() {
	local waiting=ca/state/corp/unverified.crl number
	[ -e $waiting ] || return 0
	number=$((0x$(crl_number $waiting)))
	echo $number >>signed
	jq -e --arg number $number 'select(.event == "issue-intent" and
		.number == $number)' ca/state/ledger.jsonl >/dev/null &&
		[ $((0x$(cat ca/crlnumber))) -gt $number ] || {
		echo "want number $number reserved before it is signed"
		return 1
	}
}

# survives CALL [OPTION]...: killed at the first, the second, ... such call
survives() {
	local call=$1 n=0 before after
	shift
	while :; do
		n=$((n + 1))
		before=$(crl_number "$(last_crl ca corp)")
		killed "$call" "$n" "$@" || break
		whole
		is_reserved
		after=$(crl_number "$(last_crl ca corp)")
		[ $((0x$after)) -ge $((0x$before)) ]
		root ca issue --quiet
		[ $((0x$(crl_number "$(last_crl ca corp)"))) -gt $((0x$after)) ]
		whole
		rises
		no_leftovers
	done
	echo "$call: $((n - 1))"
	[ "$n" -gt "${least:-1}" ]
	whole
	rises
	no_leftovers
}

@test "killed at any rename" {
	least=3 survives rename
	[ -s signed ]
}

@test "killed at any fsync" {
	least=7 survives fsync
}

@test "killed at any write" {
	least=7 survives write
}

@test "killed where a line of the ledger is written by halves" {
	# the torn line that a power cut leaves is cut off, and its number is
	# used up all the same where the crlnumber file has moved on
	killed fsync 1
	truncate -s -40 ca/state/ledger.jsonl
	refuses 65 format root ca ledger verify
	run root ca issue
	[ "$status" -eq 0 ]
	says 'the last line was cut short'
	root ca ledger verify --quiet
	rises
}

@test "an emergency that was killed after it was archived stays one" {
	local n
	root ca issue --quiet
	# the last fsync but one is that of the archive's folder
	n=$(strace -f -qq -e trace=fsync "$ROOT_PROGRAM" issue --quiet \
		--config ca/crlferry.cfg 2>&1 | grep -c '^fsync\|] fsync')
	[ "$n" -eq 7 ]
	number=$(crl_number "$(last_crl ca corp)")
	killed fsync $((n - 1)) --emergency --why 'key stolen'
	[ "$(crl_number "$(last_crl ca corp)")" != "$number" ]
	mkdir medium
	root ca export medium --allow-fixed-disk --quiet
	jq -e '.emergency and .why == "key stolen"' \
		medium/crlferry/corp/*/bundle.json
	run root ca issue --json
	jq -es '.[-2] | .event == "issue-intent"' ca/state/ledger.jsonl
	jq -es 'map(select(.recorded)) | length == 1 and (.[0] |
		.event == "issue" and .emergency == "yes" and
		.why == "key stolen")' ca/state/ledger.jsonl
}

@test "what an issue that was killed would have dropped is dropped by none" {
	local serial
	root ca issue --quiet
	serial=$(openssl x509 -in ca/one.pem -noout -serial)
	cp ca/index.txt index.txt
	# as if `one` had never been revoked
	sed -i 's/^R\t\([^\t]*\)\t[^\t]*/V\t\1\t/' ca/index.txt
	killed rename 2 --acknowledge-removed "${serial#serial=}"
	tail -n 1 ca/state/ledger.jsonl | jq -e '.event == "issue-intent" and
		(.dropped | length) == 1'
	cp index.txt ca/index.txt
	root ca issue --quiet
	mkdir medium
	root ca export medium --allow-fixed-disk --quiet
	jq -e '.dropped == [] and .revoked_count == 1' \
		medium/crlferry/corp/*/bundle.json
}
