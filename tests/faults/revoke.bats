#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# What interrupts a revocation: the index is the old one or the new one, whole,
# and running it again ends where one that was not interrupted would.

load ../e2e/root_setup
load inject

setup() {
	make_folder
	make_corp one two
	root ca issue --first --quiet
	cp ca/index.txt old
	cp ca/state/ledger.jsonl ledger
	root ca revoke corp 1001 --reason superseded --quiet
	dateless ca/index.txt >new
	start_over
}

# dateless INDEX: with one word for the date of the revocation
dateless() {
	sed -E 's/[0-9]{12}Z,superseded/DATE,superseded/' "$1"
}

start_over() {
	cp old ca/index.txt
	cp ledger ca/state/ledger.jsonl
}

# is_old, is_new: the index is whole
is_old() {
	cmp -s ca/index.txt old
}

is_new() {
	dateless ca/index.txt | cmp -s - new
}

# converges: run again, undisturbed
converges() {
	run root ca revoke corp 1001 --reason superseded
	[ "$status" -eq 0 ] || {
		echo "$output"
		return 1
	}
	is_new && no_leftovers && root ca ledger verify >/dev/null || return
	[ "$(jq -s 'map(select(.event == "revoke")) | length' \
		ca/state/ledger.jsonl)" -eq 1 ]
}

# inject CALL FAULT: a revocation at whose 1st, 2nd, 3rd ... CALL the fault
# strikes, until there is no such call; counts what came of it
inject() {
	local call=$1 fault=$2 n
	olds=0 news=0
	for ((n = 1; n < 40; n++)); do
		start_over
		if ! struck "$call" "$n" "$fault" "$ROOT_PROGRAM" revoke \
			corp 1001 --reason superseded --config ca/crlferry.cfg
		then
			[ "$status" -eq 0 ] && is_new
			return
		fi
		[ "$status" -ne 0 ] || {
			echo "$call $n $fault: want a failure, have none"
			return 1
		}
		if is_old; then
			olds=$((olds + 1))
		elif is_new; then
			news=$((news + 1))
		else
			echo "$call $n $fault: $(cat ca/index.txt)"
			return 1
		fi
		[[ $fault == *KILL* ]] || no_leftovers || return
		converges || {
			echo "$call $n $fault: does not converge"
			return 1
		}
	done
	return 1
}

@test "killed at each write, sync and rename: old or new, and a rerun ends it" {
	need_strace
	inject write signal=KILL
	[ "$olds" -ge 1 ] && [ "$news" -ge 1 ]
	inject fsync signal=KILL
	[ "$olds" -ge 1 ] && [ "$news" -ge 1 ]
	# strace kills before the call is made
	inject rename signal=KILL
	[ "$olds" -eq 1 ]
}

@test "no space, or an error, at each write, sync and rename" {
	need_strace
	inject write error=ENOSPC
	[ "$olds" -ge 1 ] && [ "$news" -ge 1 ]
	inject write error=EIO
	[ "$olds" -ge 1 ] && [ "$news" -ge 1 ]
	inject fsync error=EIO
	[ "$olds" -ge 1 ] && [ "$news" -ge 1 ]
	inject rename error=EIO
	[ "$olds" -eq 1 ]
}

@test "no space for the new index: no-space, and the old one stays" {
	mkdir small
	mount -t tmpfs -o size=32k,mode=755 none small ||
		skip "a small filesystem cannot be mounted here"
	cp -p ca/index.txt small/
	sed -i "s,index = .*,index = \"$T/small/index.txt\";," ca/crlferry.cfg
	dd if=/dev/zero of=small/filler bs=4k 2>/dev/null || true
	before=$(digest_of small)
	refused ca 74 no-space root ca revoke corp 1001 --reason superseded
	[ "$before" = "$(digest_of small)" ]
	rm small/filler
	root ca revoke corp 1001 --reason superseded
	dateless small/index.txt | cmp - new
}

@test "no space for the ledger: the revocation stands, a rerun enters it" {
	mkdir small
	mount -t tmpfs -o size=32k,mode=755 none small ||
		skip "a small filesystem cannot be mounted here"
	cp -a ca/state small/state
	sed -i "s,^state = .*,state = \"$T/small/state\";," ca/crlferry.cfg
	# Up to the end of a page nothing is asked of the filesystem.
	room=4096
	while [ "$room" -gt 200 ]; do
		root ca revoke corp "$((n += 1))0000" --unknown --quiet \
			--reason superseded
		room=$((4096 - $(stat -c %s small/state/ledger.jsonl) % 4096))
	done
	cp small/state/ledger.jsonl full
	cp ca/index.txt old
	dd if=/dev/zero of=small/filler bs=4k 2>/dev/null || true
	refuses 74 no-space root ca revoke corp 1001 --reason superseded
	cmp small/state/ledger.jsonl full
	run root ca status
	says unpublished
	grep -q '^R.*,superseded	1001	' ca/index.txt
	rm small/filler
	run root ca revoke corp 1001 --reason superseded
	[ "$status" -eq 0 ]
	says 'the ledger lacked the revocation of 1001'
	root ca ledger verify
}

@test "an index that another program replaces meanwhile is not overwritten" {
	need_strace
	# The writer's first write waits; openssl comes in between.
	strace -qq -o trace -e trace=write -e inject=write:delay_enter=3000000 \
		"$ROOT_PROGRAM" revoke corp 1001 --reason superseded \
		--config ca/crlferry.cfg >out 2>&1 3>&- &
	writer=$!
	until [ -e ca/.index.txt.crlferry-new ]; do sleep 0.05; done
	openssl ca -config ca/ca.cnf -revoke ca/one.pem 2>/dev/null
	cp ca/index.txt theirs
	# (not with run, whose shell is not its parent)
	wait "$writer" || true
	grep -q 'crlferry-root: locked: .*changed by another program' out
	cmp ca/index.txt theirs
	no_leftovers
	root ca revoke corp 1001 --reason superseded
	[ "$(grep -c '^R' ca/index.txt)" -eq 2 ]
}

@test "what openssl revokes while a slow disk syncs is not undone" {
	local pid i status
	need_strace
	strace -f -qq -o trace -e trace=fsync \
		-e inject=fsync:delay_enter=1500000:when=1 \
		"$ROOT_PROGRAM" revoke corp 1001 --reason superseded --quiet \
		--config ca/crlferry.cfg 2>said &
	pid=$!
	# Both have read the old index by then.
	for ((i = 0; i < 100; i++)); do
		[ ! -e ca/.index.txt.crlferry-new ] || break
		sleep 0.05
	done
	sleep 0.3
	revoke_sub ca one
	status=0
	wait "$pid" || status=$?
	[ "$status" -eq 75 ]
	grep -q ': locked: .*changed by another program' said
	grep -q $'^R\t.*\t1000\t' ca/index.txt
	grep -q $'^V\t.*\t1001\t' ca/index.txt
	root ca revoke corp 1001 --reason superseded --quiet
	[ "$(grep -c '^R' ca/index.txt)" -eq 2 ]
	no_leftovers
}

# intended: the ledger has an intent of #2, and the archive no #2
intended() {
	jq -es 'map(select(.event == "issue-intent" and .number == "2")) |
		length == 1' ca/state/ledger.jsonl >/dev/null &&
		[ ! -e ca/state/corp/archive/000002.crl ]
}

@test "an issue that came no further than its intent ends nothing" {
	local call n shown=0
	need_strace
	root ca revoke corp 1001 --reason superseded --quiet
	cp -a ca revoked
	# The index is restored from a backup, after an issue that was killed.
	for call in write fsync rename; do
		for ((n = 1; n < 12; n++)); do
			rm -rf ca
			cp -a revoked ca
			struck $call $n signal=KILL "$ROOT_PROGRAM" issue \
				--config ca/crlferry.cfg --quiet || break
			intended || continue
			shown=$((shown + 1))
			cp old ca/index.txt
			refuses 77 shrunk root ca issue
			says 1001
			says "crlferry-root issue --config ca/crlferry.cfg corp --acknowledge-removed 1001"
			[ ! -e ca/state/corp/archive/000002.crl ]
			[ ! -e ca/state/corp/archive/000003.crl ]
			rm -rf refused
			cp -a ca refused
		done
	done
	[ "$shown" -ge 3 ]
	# what is said gets on
	rm -rf ca
	mv refused ca
	root ca issue corp --acknowledge-removed 1001 --quiet
	[ "$(crl_count "$(last_crl ca corp)")" -eq 0 ]
}

# A change that leaves size and second, one that leaves all but the file, and
# what somebody with an editor that writes in place has done.
touch_index() {
	touch -d '2026-01-01 00:00:00.000000002Z' ca/index.txt
}

exchange_index() {
	cp -p ca/index.txt exchanged
	mv exchanged ca/index.txt
}

append_to_index() {
	printf 'V\t361231235959Z\t\t7777\tunknown\t/CN=theirs\n' >>ca/index.txt
}

@test "whatever has changed of an index meanwhile, it is not overwritten" {
	local change
	need_strace
	# so that the first that is synced is the index
	root ca revoke corp 1000 --reason superseded --quiet
	for change in touch_index exchange_index append_to_index; do
		touch -d '2026-01-01 00:00:00.000000001Z' ca/index.txt
		meanwhile fsync 1 $change "$ROOT_PROGRAM" revoke corp 1001 \
			--reason superseded --config ca/crlferry.cfg
		[ "$status" -eq 75 ]
		says 'changed by another program'
		run ! grep -q '^R.*	1001	' ca/index.txt
		no_leftovers
	done
	grep -q '	7777	' ca/index.txt
	root ca revoke corp 1001 --reason superseded --quiet
}
