# SPDX-License-Identifier: ISC
# Faults at system calls, injected by strace.
# shellcheck shell=bash
# status and output are what `run` of bats leaves
# shellcheck disable=SC2154

# The calls that change what is on a disk.  (A trace may name calls that this
# machine has not.)
CHANGING=write,pwrite64,writev,copy_file_range,sendfile,ftruncate,fallocate
CHANGING+=,fsync,fdatasync,syncfs,sync_file_range,rename,renameat,renameat2
CHANGING+=,link,linkat,unlink,unlinkat,rmdir,mkdir,mkdirat

# The calls that look for something, or at it, or list it.
LOOKING=open,openat,openat2,stat,lstat,fstat,newfstatat,statx,access,faccessat
LOOKING+=,faccessat2,readlink,readlinkat,getdents64

need_strace() {
	strace -o /dev/null true 2>/dev/null || skip "strace may not trace here"
}

# strike CALL N FAULT: STRIKE is what to run a command with, for FAULT at its
# N-th CALL: signal=KILL (before the call is made) or error=EIO
strike() {
	STRIKE=(strace -qq -o trace -e "trace=$1" -e "inject=$1:$3:when=$2")
}

# struck CALL N FAULT COMMAND...: run it so; false where it has no such call
struck() {
	strike "$1" "$2" "$3"
	shift 3
	run ${SEPARATE:+--separate-stderr} "${STRIKE[@]}" "$@"
	was_struck
}

# meanwhile CALL N CHANGE COMMAND...: run COMMAND, and CHANGE, a function, when
# its N-th CALL is done, while it stands still; status and output as of `run`
meanwhile() {
	local call=$1 n=$2 change=$3 tracer
	shift 3
	rm -f trace
	strace -qq -o trace -e "trace=$call" \
		-e "inject=$call:signal=STOP:when=$n" "$@" >said 2>&1 3>&- &
	tracer=$!
	until grep -q 'stopped by SIGSTOP' trace 2>/dev/null; do
		kill -0 "$tracer" || {
			cat said
			return 1
		}
	done
	"$change"
	kill -CONT "$(pgrep -P "$tracer")"
	status=0
	wait "$tracer" || status=$?
	output=$(<said)
}

# was_struck: the last that ran with STRIKE had such a call
was_struck() {
	grep -qE 'INJECTED|killed by' trace
}

# untraced COMMAND...: without the tracing of each step that bats does, which
# takes longer than the steps
untraced() {
	(
		set +T
		trap - DEBUG
		"$@"
	)
}

# points COMMAND...: "CALL N" for each of the POINTS that it makes, in their
# order: for each change, unless a test says otherwise.  It ends with the status
# AS_EVER, which is 0 unless a test says otherwise.
points() {
	local code=0
	strace -qq -o trace -e "trace=${POINTS:-$CHANGING}" "$@" \
		>/dev/null || code=$?
	[ "$code" -eq "${AS_EVER:-0}" ] || return 1
	awk -F '(' '/^[a-z]/ { print $1, ++n[$1] }' trace
}

# spread COUNT: of the lines of its input as many, ends included; all of them
# where tests may take long
spread() {
	awk -v count="$1" -v all="${CRLFERRY_LONG:+1}" '
		{ lines[NR] = $0 }
		END {
			if (all || NR < count)
				count = NR
			step = count > 1 ? (NR - 1) / (count - 1) : 0
			for (i = 0; i < count; i++)
				print lines[1 + int(i * step + 0.5)]
		}'
}

# of_interest: of all changes in the input, and in the file `trace`, those that
# are to be struck; a test may have its own
of_interest() {
	cat
}

# since TEXT: an of_interest, from the first call that has TEXT in it
since() {
	local first
	first=$(grep '^[a-z]' trace | grep -n -m 1 -e "$1" | cut -d: -f1)
	tail -n "+${first:?want $1 in the trace}"
}

# disk_fails CALL: the root told of it as of an error of the disk.  A folder
# that could not be made may have been there.
disk_fails() {
	[ "$1" != mkdir ] || [ "$status" -ne 0 ] || return 0
	[ "$status" -eq 74 ] && [[ $output =~ crlferry-root:\ (io|no-space): ]]
}

# tried TEXT: into the output of the tests
tried() {
	echo "# $*" >&3
}

# sweep COUNT FAULT COMMAND...: it strikes at COUNT of the points of COMMAND,
# which are LEAST or ten at least, or at all; `begin` comes before each, and
# `judge CALL N FAULT` after
sweep() {
	local count=$1 fault=$2 all chosen point
	shift 2
	begin
	all=$(points "$@") || return
	all=$(of_interest <<<"$all") || return
	mapfile -t chosen < <(spread "$count" <<<"$all")
	[ "$(wc -l <<<"$all")" -ge "${LEAST:-10}" ] || {
		echo "want ${LEAST:-10} calls at least, have: $all"
		return 1
	}
	for point in "${chosen[@]}"; do
		begin
		# shellcheck disable=SC2086	# two words
		struck $point "$fault" "$@" || {
			echo "$point: want it struck, have: $output"
			return 1
		}
		# shellcheck disable=SC2086	# two words
		judge $point "$fault" || {
			echo "$point $fault: status $status: $output"
			return 1
		}
	done
	tried "$fault at ${#chosen[@]} of $(wc -l <<<"$all") calls"
}
