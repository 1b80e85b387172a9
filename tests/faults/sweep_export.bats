#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# An export that is killed, or to which the disk says no, at any call that
# changes anything (FAULTS 1, 3-6).

setup_file() {
	load ../e2e/sub_fixture
	build_pki
}

setup() {
	load ../e2e/sub_fixture
	load inject
	restore_pki
	need_strace
	EXPORT=("$ROOT_PROGRAM" export stick --config ca/crlferry.cfg
		--allow-fixed-disk --quiet)
	OLD=$(crl_of stick1)
	NEW=$(crl_of stick2)
}

teardown() {
	if mountpoint -q "$T/stick"; then
		umount "$T/stick"
	fi
	leave_pki
}

# onto STICK: what every export begins with, and what an undisturbed one ends
# with
onto() {
	mkdir before
	cp -a "$1" before/stick
	cp -a ca/state before/state
	cp -a sub before/sub
	cp -a stores before/stores
	begin
	"${EXPORT[@]}"
	mv stick undisturbed
	archive=$(digest_of ca/state/test-root/archive)
	number=$(cat ca/crlnumber)
}

begin() {
	rm -rf stick ca/state
	cp -a before/stick stick
	cp -a before/state ca/state
}

# what_stick_has: old, new or none, by info, and import agrees
what_stick_has() {
	local number
	rm -rf sub stores
	cp -a before/sub sub
	cp -a before/stores stores
	run --separate-stderr sub info stick --json
	if [ "$status" -eq 66 ]; then
		run import stick
		[ "$status" -eq 66 ] && cmp -s stores/one.crl "$OLD" &&
			echo none
		return
	fi
	[ "$status" -eq 0 ] || return
	number=$(jq -r '.bundles[0].number' <<<"$output")
	run import stick --quiet
	[ "$status" -eq 0 ] || return
	case $number in
	1) cmp -s stores/one.crl "$OLD" && echo old ;;
	2) cmp -s stores/one.crl "$NEW" && echo new ;;
	esac
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
	[ "$(what_stick_has)" = new ]
}

# numbers_stand: nothing was signed, and the ledger's chain is whole
numbers_stand() {
	[ "$(digest_of ca/state/test-root/archive)" = "$archive" ] &&
		[ "$(cat ca/crlnumber)" = "$number" ] &&
		root ca ledger verify --quiet
}

judge() {
	local has
	case $3 in
	signal=KILL) [ "$status" -eq 137 ] ;;
	*) fails "$1" && leaves_nothing ;;
	esac || return
	has=$(what_stick_has) || return
	[[ " $HAS " == *" $has "* ]] || {
		echo "want the stick to hold one of $HAS, have: $has"
		return 1
	}
	echo "$has" >>had
	run "${EXPORT[@]}"
	[ "$status" -eq 0 ] && leaves_nothing && numbers_stand && is_undisturbed
}

# fails CALL: as an error of the disk is told.  A folder that could not be made
# may have been there.
fails() {
	[ "$1" != mkdir ] || [ "$status" -ne 0 ] || return 0
	[ "$status" -eq 74 ] && [[ $output =~ crlferry-root:\ (io|no-space): ]]
}

# had_both: it was struck before the commit and after it
had_both() {
	local has
	for has in "$@"; do
		grep -qx "$has" had
	done
}

@test "killed: the older bundle, or the new one, and a rerun ends it" {
	HAS="old new"
	onto stick1
	untraced sweep 20 signal=KILL "${EXPORT[@]}"
	had_both old new
}

@test "an error of the disk: said, the older bundle or the new one" {
	HAS="old new"
	onto stick1
	untraced sweep 14 error=EIO "${EXPORT[@]}"
	had_both old new
}

@test "no space: said, the older bundle or the new one" {
	HAS="old new"
	onto stick1
	untraced sweep 14 error=ENOSPC "${EXPORT[@]}"
	had_both old new
}

@test "killed over a bundle of the same number: that, the new one, or none" {
	HAS="new none"
	onto stick2
	untraced sweep 20 signal=KILL "${EXPORT[@]}"
	had_both new none
}

@test "errors over a bundle of the same number: that, the new one, or none" {
	HAS="new none"
	onto stick2
	untraced sweep 12 error=EIO "${EXPORT[@]}"
	untraced sweep 12 error=ENOSPC "${EXPORT[@]}"
	had_both new none
}

@test "killed between two seals" {
	HAS="old new"
	"$ROOT_PROGRAM" keygen two.key two.pub --no-passphrase
	sed -i 's,secret = "\(.*\)";,secret = ( "\1"\, "../two.key" );,' \
		ca/crlferry.cfg
	onto stick1
	[ "$(find undisturbed -name '*.minisig' | wc -l)" -eq 3 ]
	untraced sweep 20 signal=KILL "${EXPORT[@]}"
	had_both old new
}

@test "a stick of any size that is too small: no-space, and nothing of it" {
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
		[ "$status" -eq 74 ] && [[ $output == *": no-space: "* ]] &&
			leaves_nothing && [ "$(what_stick_has)" = none ] || {
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
