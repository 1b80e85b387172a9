#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# A reset that is killed, or fails, at any step: the mark is the old one or
# lowered, never anything between, and a rerun gets to the end.

load ../e2e/reset_setup

make_work() {
	make_reset_pki
	ordered
}

setup() {
	strace -o /dev/null true 2>/dev/null || skip "strace may not trace here"
	restore_work
}

# injected CALL N HOW VERB ARGUMENT...: crlferry-sub with that fault at its
# N-th such call; false where it has fewer of them and succeeds
injected() {
	local call=$1 n=$2 how=$3 verb=$4
	shift 4
	run strace -f -qq -o trace -e "inject=$call:$how:when=$n" \
		"$SUB_PROGRAM" "$verb" --config sub/crlferry.cfg --quiet "$@"
	[ "$status" -ne 0 ]
}

# whole: every store and the accepted CRL hold one of the two
whole() {
	local file
	for file in stores/one.crl sub/state/corp/accepted.crl; do
		cmp -s "$file" high.crl || cmp "$file" low.crl || return
	done
	[ ! -e $ORDERS ] || jq -e '.orders | length == 1' $ORDERS >/dev/null
}

# survives CALL HOW LEAST VERB ARGUMENT...: at the first, the second, ... such
# call of that verb; then all of it is run again
survives() {
	local call=$1 how=$2 least=$3 n=0
	shift 3
	while :; do
		n=$((n + 1))
		restore_work
		[ "$1" = recover ] || recover --quiet
		injected "$call" "$n" "$how" "$@" || break
		whole
		[ "$1" = import ] || recover --quiet
		sub import stick2 --quiet
		accepts 2
		no_leftovers
		# and then it is used up, whatever came between
		refuses 77 rollback recover
	done
	echo "$call $how: $((n - 1))"
	[ "$n" -gt "$least" ]
}

@test "recover is killed at any write, sync or rename" {
	survives write signal=KILL 1 recover stick
	survives fsync signal=KILL 1 recover stick
	survives rename signal=KILL 1 recover stick
}

@test "recover fails at any sync or rename" {
	survives fsync error=EIO 1 recover stick
	survives rename error=EIO 1 recover stick
	survives write error=ENOSPC 1 recover stick
}

@test "the import that an order waits for is killed at any rename or unlink" {
	survives rename signal=KILL 4 import stick2
	survives renameat,renameat2 signal=KILL 2 import stick2
	survives unlink,unlinkat signal=KILL 0 import stick2
}

@test "the import that an order waits for fails at any rename" {
	survives rename error=EIO 4 import stick2
	survives renameat,renameat2 error=EIO 2 import stick2
}

@test "an order that fails leaves the mark as it was" {
	before=$(digest_of sub stores)
	injected rename 1 error=EIO recover stick
	[ "$before" = "$(digest_of sub stores)" ]
	injected write 1 error=ENOSPC recover stick
	[ "$before" = "$(digest_of sub stores)" ]
	refuses 77 rollback sub import stick2
	accepts $LAST_NUMBER
}
