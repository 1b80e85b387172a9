# SPDX-License-Identifier: ISC
# A stick that is pulled while it is written: what was not synced may be lost.
# The trace of what writes is replayed, and after each change the states that a
# filesystem may be in are judged.
# shellcheck shell=bash

# record COMMAND...: its trace; it writes to the folder `stick`
record() {
	strace -f -y -xx -s 1000000 -o trace \
		-e trace="$CHANGING",openat,openat2,lseek,close,fcntl \
		"$@"
}

# replay TRACE: of the stick, which was before/stick, the states that it may be
# in, one a line of `all`
replay() {
	local seeds=3
	[ -z "${CRLFERRY_LONG:-}" ] || seeds=20
	rm -rf states
	mkdir states
	perl "$BATS_TEST_DIRNAME/replay" "$1" "$T/stick" before/stick states \
		"$seeds" >all
}

# each_state COUNT COMMAND [ARGUMENT...]: for COUNT of the states, all where
# tests may take long, COMMAND STICK ARGUMENT... says that it may be so
each_state() {
	local count=$1 command=$2 state
	shift 2
	spread "$count" <all >chosen
	while read -r -u 4 state; do
		"$command" "${state%% *}" "$@" || {
			echo "$state"
			return 1
		}
	done 4<chosen
}

# replayed COUNT COMMAND [ARGUMENT...]: replay and each_state, of the
# trace; at the end the stick, named first in `state`, is what was meant,
# whatever was not synced
replayed() {
	replay trace && each_state "$@" || return
	state=$(tail -n 1 all)
	[[ $state == *" end lost" ]] && diff -r "${state%% *}" stick || return
	tried "$(wc -l <chosen) of $(wc -l <all) states, of" \
		"$(cut -d' ' -f2- all | sed 's/ [a-z]*$//' | uniq |
		wc -l) changes"
}
