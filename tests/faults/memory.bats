#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# Without memory (FAULTS 46): at whichever allocation it ends, the failure is
# told, and nothing is left by halves.

load ../e2e/pki_setup
load inject

make_work() {
	make_pki
	cc -D_GNU_SOURCE -O2 -Wall -Wextra -Werror -fPIC -shared \
		-o "$BATS_FILE_TMPDIR/no_memory.so" \
		"$BATS_TEST_DIRNAME/no_memory.c"
	mkdir before stick
	cp -a ca/state before/state
	cp -a sub before/sub
	cp -a stores before/stores
}

setup() {
	restore_work
	LACK=$BATS_FILE_TMPDIR/no_memory.so
}

begin() {
	rm -rf ca/state sub stores stick
	cp -a before/state ca/state
	cp -a before/sub sub
	cp -a before/stores stores
	mkdir stick
}

# lacking N COMMAND...: its N-th allocation fails
lacking() {
	NO_MEMORY_AT=$1 LD_PRELOAD=$LACK "${@:2}"
}

# lack COUNT COMMAND...: COUNT of its allocations fail, one in each run, and
# then all that follow too; `judge` comes after each
lack() {
	local count=$1 n all
	shift
	begin
	NO_MEMORY_REPORT=9 LD_PRELOAD=$LACK "$@" 9>count >/dev/null
	all=$(cat count)
	[ "$all" -gt 1000 ] || return
	for n in $(seq "$all" | spread "$count"); do
		for NO_MEMORY_EVER in '' 1; do
			[ -z "$NO_MEMORY_EVER" ] || export NO_MEMORY_EVER
			begin
			run lacking "$n" "$@"
			unset NO_MEMORY_EVER
			judge && leaves_nothing || {
				echo "at allocation $n: $status: $output"
				return 1
			}
		done
	done
	tried "$(seq "$all" | spread "$count" | wc -l) of $all allocations"
}

# told: a failure, said in words.  libconfig does not ask whether it was given
# memory, and falls; that is before anything is touched.
told() {
	[ "$status" -ne 0 ] || return
	if [ "$status" -lt 128 ]; then
		[ -n "$output" ]
	else
		diff -r before/sub sub && diff -r before/stores stores &&
			diff -r before/state ca/state &&
			[ -z "$(ls stick)" ]
	fi
}

judge_import() {
	local file
	case $status in
	0) all_hold stick2 && return ;;
	*) told || return ;;
	esac
	for file in "$(hash_slot 0)" stores/all.pem stores/one.crl; do
		holds "$file" stick1 || holds "$file" stick2 || return
	done
	import stick2 --quiet && all_hold stick2
}

judge_info() {
	[ "$status" -ne 0 ] || return 0
	told
}

judge_export() {
	[ "$status" -eq 0 ] || told || return
	"$ROOT_PROGRAM" export stick --allow-fixed-disk --quiet \
		--config ca/crlferry.cfg &&
		root ca ledger verify --quiet && import stick --quiet &&
		all_hold stick2
}

@test "row 46: import" {
	judge() {
		judge_import
	}
	untraced lack 24 "$SUB_PROGRAM" import stick2 \
		--config sub/crlferry.cfg
}

@test "row 46: info" {
	judge() {
		judge_info
	}
	untraced lack 24 "$SUB_PROGRAM" info stick2 --config sub/crlferry.cfg
}

@test "row 46: export" {
	judge() {
		judge_export
	}
	untraced lack 24 "$ROOT_PROGRAM" export stick --allow-fixed-disk \
		--config ca/crlferry.cfg
}
