#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# A ceremony whose machine dies at any write: the next one goes on, with one
# CRL and one set of minutes.
# WITHIN is what hold runs within
# shellcheck disable=SC2034

load ../e2e/root_setup
load ../e2e/ceremony_fixture
load inject

setup() {
	need_strace
	make_folder
	make_room
	cp -a ca ca.before
}

# die_at CALL N: a new ceremony, killed at the N-th call; false where it ends
# before
die_at() {
	rm -rf ca medium
	cp -a ca.before ca
	mkdir medium
	strike "$1" "$2" signal=KILL
	WITHIN=("${STRIKE[@]}")
	run hold
	WITHIN=()
	[ "$status" -ne 0 ]
}

# is_filed: the ledger knows of minutes
is_filed() {
	grep -q '"event":"ceremony"' ca/state/ledger.jsonl
}

# goes_on CALL N: what died ends well now
goes_on() {
	local is_to_tell=false
	# what died after its last step has nothing left to do
	if [ -e ca/state/ceremony.json ] || ! is_filed; then
		# minutes that were filed are not written again
		[ ! -e ca/state/ceremony.json ] || is_filed ||
			is_to_tell=true
		run hold
		[ "$status" -eq 0 ] || {
			echo "after $1 $2: want 0, have $status: $output"
			return 1
		}
	fi
	if ! one_crl_more ||
		! minutes_of "$(basename "$(last_crl ca corp)" .crl)" ||
		[ -e ca/state/ceremony.json ] || ! no_leftovers
	then
		echo "after $1 $2"
		return 1
	fi
	[ "$is_to_tell" = false ] ||
		grep -q 'Interrupted after' ca/state/corp/minutes/*.txt
}

# die_in_turn CALL LEAST: die at each of them in turn, and there are that many
die_in_turn() {
	local n=1
	while die_at "$1" "$n"; do
		goes_on "$1" "$n" || return 1
		n=$((n + 1))
	done
	[ "$status" -eq 0 ]
	one_crl_more
	[ "$n" -gt "$2" ] || {
		echo "want more than $2 $1, have $n"
		return 1
	}
}

@test "killed at any rename" {
	die_in_turn /^rename 12
}

@test "killed at any sync" {
	die_in_turn '/^(fsync|syncfs)' 40
}

@test "killed at any removal" {
	die_in_turn /^unlink 1
}

@test "a medium that is full when the minutes come: said, and made up for" {
	mount -t tmpfs -o size=256k none medium 2>/dev/null || skip "no tmpfs to be had here"
	ends 77 declined reading=INT
	# room for the bundle, and too little for the minutes
	head -c 200K /dev/zero >medium/ballast
	ends 77 medium
	says "#2 is written to medium/crlferry/corp/000002"
	says "CRL #2 of corp is issued."
	rm medium/ballast
	holds
	one_crl_more
	minutes_of 000002
}
