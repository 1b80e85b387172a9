#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# The process that parses what comes from the stick (FAULTS 48).

load ../e2e/pki_setup
load inject

# trace SOURCE: the calls of an import; those of the reader go to `reader`, of
# which `confined` is what comes after its filter is in force, those of the
# program itself to `parent`
trace() {
	rm -f trace.*
	run strace -ff -qq -o trace "$SUB_PROGRAM" import \
		--config sub/crlferry.cfg "$1"
	# a sanitizer's build looks for leaks, which strace is in the way of
	[[ $output != *LeakSanitizer* ]] || skip "built with LeakSanitizer"
	[ "$(grep -l "$FILTER" trace.* | wc -l)" -eq 1 ]
	mv "$(grep -l "$FILTER" trace.*)" reader
	mv "$(grep -l '^execve' trace.*)" parent
	sed "1,/$FILTER/d" reader >confined
	[ -s confined ]
}

FILTER='^seccomp(SECCOMP_SET_MODE_FILTER.* = 0$'

# only_memory_and_answer: no call but those that parsing needs
only_memory_and_answer() {
	local calls
	calls=$(sed -n 's/^\([a-z][a-z0-9_]*\)(.*/\1/p' confined | sort -u)
	echo "$calls"
	[ -z "$(grep -vx -e brk -e clock_gettime -e exit_group -e futex \
		-e getpid -e getrandom -e madvise -e mmap -e mremap \
		-e munmap -e rt_sigprocmask -e rt_sigreturn -e write \
		<<<"$calls")" ]
	[ "$(sed -n 's/^write(\([0-9]*\),.*/\1/p' confined | sort -u |
		wc -l)" -eq 1 ]
	grep -q '^exit_group(0)' confined
	# nobody else was started
	[ -z "$(find . -name 'trace.*')" ]
}

@test "row 48: the confined reader opens, connects and starts nothing" {
	need_strace
	trace stick2
	[ "$status" -eq 0 ]
	only_memory_and_answer
	all_hold stick2
}

@test "row 48: nor where it refuses" {
	need_strace
	import stick2 --quiet
	trace stick1
	[ "$status" -eq 77 ]
	only_memory_and_answer
	flip "$BUNDLE2/bundle.json" 100
	trace stick2
	[ "$status" -eq 65 ]
	only_memory_and_answer
	edit_manifest "$BUNDLE2" '.files[0].name = "/etc/passwd"'
	trace stick2
	[ "$status" -eq 65 ]
	only_memory_and_answer
}

@test "row 48: nor with a bare CRL, in PEM and in DER" {
	need_strace
	configure 's/ *schedule = /bare = true;\n&/'
	trace "$BUNDLE2/test-root.crl.pem"
	[ "$status" -eq 0 ]
	only_memory_and_answer
	trace "$BUNDLE2/test-root.crl"
	[ "$status" -eq 0 ]
	only_memory_and_answer
}

@test "row 48: it has no descriptor but the one for its answer" {
	need_strace
	trace stick2
	# everything below and above it, before the filter is loaded
	sed "/$FILTER/,\$d" reader >before
	[ "$(grep -c '^close_range(.* = 0$' before)" -eq 2 ]
	grep -q '^prctl(PR_SET_NO_NEW_PRIVS, 1, .* = 0$' before
	grep -q '^landlock_restrict_self(.* = 0$' before
}

@test "row 48: the parent installs, and opens each file once" {
	local member
	need_strace
	trace stick2
	for member in bundle.json test-root.crl SHA256SUMS; do
		[ "$(grep -c "^openat2(.*\"$member\"" parent)" -eq 1 ]
	done
	run ! grep -q '^open' reader
}

@test "sandbox = \"require\" confines, and refuses where it cannot" {
	configure 's/^state = /sandbox = "require";\n&/'
	run import stick2
	if [ "$status" -eq 77 ] &&
		[[ $output == *"this kernel lacks seccomp or Landlock"* ]]
	then
		skip "this kernel has no Landlock"
	fi
	[ "$status" -eq 0 ]
	[[ $output != *"not fully confined"* ]]
	all_hold stick2
	keeps 77 rollback import stick1
	need_strace
	# as on a kernel without
	rm -r sub/state/* stores/*
	mkdir stores/hash
	echo crlferry-state 1 >sub/state/version
	: >sub/state/lock
	strace -f -o /dev/null -e inject=landlock_create_ruleset:error=ENOSYS \
		true 2>/dev/null || skip "this strace knows no Landlock"
	keeps 77 permissions strace -f -qq -o /dev/null \
		-e inject=landlock_create_ruleset:error=ENOSYS \
		"$SUB_PROGRAM" import --config sub/crlferry.cfg stick2
}

@test "sandbox = \"try\" goes on where it cannot, and says so" {
	need_strace
	strace -f -o /dev/null -e inject=landlock_create_ruleset:error=ENOSYS \
		true 2>/dev/null || skip "this strace knows no Landlock"
	run strace -f -qq -o /dev/null \
		-e inject=landlock_create_ruleset:error=ENOSYS \
		"$SUB_PROGRAM" import --config sub/crlferry.cfg stick2
	[ "$status" -eq 0 ]
	[[ $output == *"the reader is not fully confined"* ]]
	all_hold stick2
}

@test "sandbox = \"off\" works, with the same verdicts" {
	configure 's/^state = /sandbox = "off";\n&/'
	import stick2
	all_hold stick2
	keeps 77 rollback import stick1
	flip "$BUNDLE2/test-root.crl" 100
	keeps 65 digest import stick2
	need_strace
	run strace -f -qq -o trace "$SUB_PROGRAM" import \
		--config sub/crlferry.cfg stick1
	[ "$status" -eq 77 ]
	run ! grep -q SECCOMP_SET_MODE_FILTER trace
}

# imports_injected FAULT: an import of stick2 with a fault of strace's in it
imports_injected() {
	strace -f -qq -o /dev/null -e "inject=$1" "$SUB_PROGRAM" import \
		--config sub/crlferry.cfg stick2
}

@test "row 48: a reader that dies without an answer is a refusal" {
	need_strace
	keeps 65 format imports_injected landlock_restrict_self:signal=KILL
	[[ $output == *"the reader gave no verdict"*"signal 9"* ]]
}

@test "row 48: a verdict out of its bounds is a refusal" {
	need_strace
	strace -o /dev/null -e inject=write:poke_enter=@arg2=ff:when=9 true \
		2>/dev/null || skip "this strace cannot change what is written"
	# the first octets of what each process writes first: of the parent
	# those of a seal's untrusted comment, of the reader its verdict
	keeps 65 format imports_injected \
		write:poke_enter=@arg2=ffffffffffffffff:when=1
	[[ $output == *"the verdict is out of its bounds"* ]]
}
