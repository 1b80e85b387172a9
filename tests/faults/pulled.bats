#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# A stick that is pulled while it is written (FAULTS 1).  A kill leaves to the
# kernel what was written; here, what was not synced may be lost: the trace of
# an export is replayed, and after each change the states that a filesystem may
# be in are judged.

setup_file() {
	load ../e2e/sub_fixture
	build_pki
}

setup() {
	load ../e2e/sub_fixture
	load inject
	load exported
	restore_pki
	need_strace
}

teardown() {
	leave_pki
}

# record: the trace of an export
record() {
	strace -f -y -xx -s 1000000 -o trace \
		-e trace="$CHANGING",openat,openat2,lseek,close,fcntl \
		"${EXPORT[@]}"
}

# replay TRACE: its states, one a line
replay() {
	local seeds=3
	[ -z "${CRLFERRY_LONG:-}" ] || seeds=20
	rm -rf states
	mkdir states
	perl "$BATS_TEST_DIRNAME/replay" "$1" "$T/stick" before/stick states \
		"$seeds" >all
}

# each_state COUNT WHAT...: COUNT of the states hold one of WHAT
each_state() {
	local count=$1 state
	shift
	spread "$count" <all >chosen
	while read -r -u 4 state; do
		has_one_of "${state%% *}" "$@" || {
			echo "$state"
			return 1
		}
	done 4<chosen
}

# replay_export COUNT WHAT...: and when the export has ended, all is there
replay_export() {
	local state
	record && replay trace && each_state "$@" || return
	state=$(tail -n 1 all)
	[[ $state == *" end lost" ]] && has_one_of "${state%% *}" new &&
		diff -r "${state%% *}" stick || return
	tried "$(wc -l <chosen) of $(wc -l <all) states, of" \
		"$(cut -d' ' -f2- all | sed 's/ [a-z]*$//' | uniq |
		wc -l) changes"
}

@test "onto an older bundle: that or the new one" {
	set_out_from stick1
	untraced replay_export 80 old new
	had_all old new
}

@test "over a bundle of the same number: that, the new one, or none" {
	set_out_from stick2
	untraced replay_export 80 new none
	had_all new none
}

@test "onto an empty stick: the new one or none" {
	mkdir empty
	set_out_from empty
	untraced replay_export 80 new none
	had_all new none
}

@test "had nothing been synced, this would be seen" {
	set_out_from stick2
	untraced record
	grep -v 'f[a-z]*sync(\|syncfs(' trace >unsynced
	untraced replay unsynced
	run untraced each_state 1000 new none
	[ "$status" -ne 0 ]
	# it is never taken for good, though
	[[ $output == *"crlferry-sub: "*": "* ]]
	# nor would the new bundle be there at the end
	sed -i -n '$p' all
	diff -r "$(cut -d' ' -f1 all)" before/stick
}
