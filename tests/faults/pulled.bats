#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# A stick that is pulled while it is written (FAULTS 1).  A kill leaves to the
# kernel what was written; here, what was not synced may be lost: the trace of
# an export is replayed, and after each change the states that a filesystem may
# be in are judged.

load ../e2e/pki_setup
load inject
load exported
load pulled

setup() {
	need_strace
	restore_work
}

# replay_export COUNT WHAT...: and when the export has ended, all is there
replay_export() {
	local state
	record "${EXPORT[@]}" && replayed "$1" has_one_of "${@:2}" &&
		has_one_of "${state%% *}" new
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
	untraced record "${EXPORT[@]}"
	grep -v 'f[a-z]*sync(\|syncfs(' trace >unsynced
	untraced replay unsynced
	run untraced each_state 1000 has_one_of new none
	[ "$status" -ne 0 ]
	# it is never taken for good, though
	[[ $output == *"crlferry-sub: "*": "* ]]
	# nor would the new bundle be there at the end
	sed -i -n '$p' all
	diff -r "$(cut -d' ' -f1 all)" before/stick
}
