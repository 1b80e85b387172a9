#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# An export that is killed, or to which the disk says no, at any call that
# changes anything (FAULTS 1, 3-6).

load ../e2e/pki_setup
load inject
load exported

setup() {
	need_strace
	restore_work
}

# onto STICK: what every export begins with, and what an undisturbed one ends
# with
onto() {
	set_out_from "$1"
	"${EXPORT[@]}"
	mv stick undisturbed
	archive=$(digest_of ca/state/test-root/archive)
	number=$(cat ca/crlnumber)
}

# told MANIFEST: but for the time, and what the ledger held then
told() {
	jq -S 'del(.created, .ledger_head)' "$1"
}

# is_undisturbed: every file of the stick is there and as it should be
is_undisturbed() {
	local file
	[ "$(cd stick && find . | sort)" = \
		"$(cd undisturbed && find . | sort)" ] || return
	(cd undisturbed && find . -type f) >files
	while read -r file; do
		case $file in
		*.minisig | */SHA256SUMS) ;;
		*/bundle.json) cmp -s <(told "stick/$file") \
			<(told "undisturbed/$file") ;;
		*) cmp -s "stick/$file" "undisturbed/$file" ;;
		esac || {
			echo "$file differs"
			return 1
		}
	done <files
	[ "$(what_has stick)" = new ]
}

# numbers_stand: nothing was signed, and the ledger's chain is whole
numbers_stand() {
	[ "$(digest_of ca/state/test-root/archive)" = "$archive" ] &&
		[ "$(cat ca/crlnumber)" = "$number" ] &&
		root ca ledger verify --quiet
}

judge() {
	judge_export "$@"
}

judge_export() {
	case $3 in
	signal=KILL) [ "$status" -eq 137 ] ;;
	*) disk_fails "$1" && leaves_nothing ;;
	esac || return
	# shellcheck disable=SC2086	# a list of words
	has_one_of stick $HAS || return
	run "${EXPORT[@]}"
	[ "$status" -eq 0 ] && leaves_nothing && numbers_stand && is_undisturbed
}

@test "killed: the older bundle, or the new one, and a rerun ends it" {
	HAS="old new"
	onto stick1
	untraced sweep 20 signal=KILL "${EXPORT[@]}"
	had_all old new
}

@test "an error of the disk: said, the older bundle or the new one" {
	HAS="old new"
	onto stick1
	untraced sweep 14 error=EIO "${EXPORT[@]}"
	had_all old new
}

@test "no space: said, the older bundle or the new one" {
	HAS="old new"
	onto stick1
	untraced sweep 14 error=ENOSPC "${EXPORT[@]}"
	had_all old new
}

@test "killed over a bundle of the same number: that, the new one, or none" {
	HAS="new none"
	onto stick2
	untraced sweep 20 signal=KILL "${EXPORT[@]}"
	had_all new none
}

@test "errors over a bundle of the same number: that, the new one, or none" {
	HAS="new none"
	onto stick2
	untraced sweep 12 error=EIO "${EXPORT[@]}"
	untraced sweep 12 error=ENOSPC "${EXPORT[@]}"
	had_all new none
}

@test "killed between two seals" {
	HAS="old new"
	"$ROOT_PROGRAM" keygen two.key two.pub --no-passphrase
	sed -i 's,secret = "\(.*\)";,secret = ( "\1"\, "../two.key" );,' \
		ca/crlferry.cfg
	onto stick1
	[ "$(find undisturbed -name '*.minisig' | wc -l)" -eq 3 ]
	untraced sweep 20 signal=KILL "${EXPORT[@]}"
	had_all old new
}

@test "a stick that lists what is not there: no end of looking for it" {
	set_out_from stick2
	rm -r stick/crlferry/*/*/bundle.json
	# a damaged FAT shows names that no call finds
	run guarded strace -qq -o trace -e trace=unlinkat \
		-e inject=unlinkat:error=ENOENT "${EXPORT[@]}"
	was_struck
	[ "$status" -eq 0 ]
	[ "$(what_has stick)" = new ]
}

# crowd: a stick with #1 to #4, as if it had come from several machines; #5 is
# the next
crowd() {
	local n
	cp -a stick2 crowded
	cp -a stick1/. crowded
	for n in 3 4 5; do
		issue_to "stick$n"
		[ "$n" = 5 ] || cp -a "stick$n/." crowded
	done
	OLD=$(crl_of stick4)
	NEW=$(crl_of stick5)
	HAS=$1
	onto crowded
	[ "$(cd undisturbed/crlferry/test-root && echo 0*)" = "000004 000005" ]
	# each that has a seal is whole, and the next to the newest is there
	judge() {
		local bundle
		[ -n "$(find stick -path '*/000004/*.minisig')" ] || return
		for bundle in stick/crlferry/test-root/0*; do
			[ -z "$(find "$bundle" -name '*.minisig')" ] ||
				sub info "$bundle" --quiet || return
		done
		judge_export "$@"
	}
	# what comes after the last seal
	of_interest() {
		[ "$(grep -c 'unlinkat(.*AT_REMOVEDIR' trace)" -eq 3 ] &&
			since 'crlferry-new.*"bundle.json.*minisig"'
	}
}

@test "killed while old bundles are pruned: none of them by halves" {
	crowd "old new"
	untraced sweep 12 signal=KILL "${EXPORT[@]}"
	had_all new
}

@test "errors while old bundles are pruned: said, none of them by halves" {
	crowd "old new"
	untraced sweep 6 error=EIO "${EXPORT[@]}"
	untraced sweep 6 error=ENOSPC "${EXPORT[@]}"
	had_all new
}

@test "a stick of any size that is too small: refused, and nothing of it" {
	mkdir empty stick
	mount -t tmpfs -o size=4k none stick 2>/dev/null ||
		skip "no tmpfs to be had here"
	umount stick
	onto empty
	mkdir stick
	untraced fill_sticks
}

# fill_sticks: each a page larger than the one before, until one will do
fill_sticks() {
	local size=4 tries=0
	while :; do
		mount -t tmpfs -o "size=${size}k" none stick || return
		rm -rf ca/state
		cp -a before/state ca/state
		run "${EXPORT[@]}"
		[ "$status" -ne 0 ] || break
		tries=$((tries + 1))
		# what can be foreseen is refused, the rest is noticed
		case $status in
		77) [[ $output == *": medium: stick: want room for "* ]] ;;
		*) [ "$status" -eq 74 ] &&
			[[ $output == *": no-space: "* ]] ;;
		esac && leaves_nothing && [ "$(what_has stick)" = none ] || {
			echo "with $size KiB: status $status: $output"
			return 1
		}
		umount stick
		size=$((size + 4))
	done
	numbers_stand && is_undisturbed && [ "$tries" -ge 5 ] || return
	umount stick
	tried "$tries sticks that were too small, up to $((size - 4)) KiB"
}

# reads_by_place: number and count of octets of each that an export makes and
# that had any, once the program is loaded
reads_by_place() {
	strace -qq -o trace -e trace=pread64,openat "${EXPORT[@]}" || return
	awk '/^openat.*crlferry\.cfg/ { runs = 1 }
		/^pread64/ { n++; if (runs && $NF > 0) print n, $NF }' trace
}

@test "a read that gives other octets is never sealed in silence" {
	local all n size failed=0
	set_out_from stick1
	all=$(reads_by_place)
	[ "$(wc -l <<<"$all")" -ge 10 ]
	while read -r n size; do
		begin
		# the call is not made: what lay in the memory is what is read
		run strace -qq -o trace -e trace=pread64 \
			-e "inject=pread64:retval=$size:when=$n" "${EXPORT[@]}"
		if [ "$status" -ne 0 ]; then
			failed=$((failed + 1))
			continue
		fi
		[ "$(what_has stick)" = new ] || {
			echo "read $n of $size octets: a bad bundle was sealed"
			return 1
		}
	done <<<"$all"
	[ "$failed" -ge 5 ]
}
