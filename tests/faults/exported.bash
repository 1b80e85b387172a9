# SPDX-License-Identifier: ISC
# What is on a stick after an export that was disturbed.  Of stick1 and stick2,
# with the CRLs #1 and #2, the subordinate has imported the first; a test may
# set OLD and NEW to others.
# shellcheck shell=bash
# status, output and stderr are what `run` of bats leaves
# shellcheck disable=SC2154

# set_out_from STICK: keep what an export of #2 begins with
set_out_from() {
	EXPORT=("$ROOT_PROGRAM" export stick --config ca/crlferry.cfg
		--allow-fixed-disk --quiet)
	OLD=${OLD:-$(crl_of stick1)}
	NEW=${NEW:-$(crl_of stick2)}
	mkdir before
	cp -a "$1" before/stick
	cp -a ca/state before/state
	cp -a sub before/sub
	cp -a stores before/stores
	begin
}

begin() {
	rm -rf stick ca/state
	cp -a before/stick stick
	cp -a before/state ca/state
}

# what_has STICK: old, new or none, by info, and import agrees
what_has() {
	local number
	rm -rf sub stores
	cp -a before/sub sub
	cp -a before/stores stores
	run --separate-stderr sub info "$1" --json
	if [ "$status" -eq 66 ]; then
		run import "$1"
		[ "$status" -eq 66 ] && cmp -s stores/one.crl "$OLD" &&
			echo none
		return
	fi
	[ "$status" -eq 0 ] || {
		echo "$stderr" >&2
		return 1
	}
	number=$(jq -r '.bundles[0].number' <<<"$output")
	run import "$1" --quiet
	[ "$status" -eq 0 ] && [ "$number" = "$(jq -r .number \
		sub/state/test-root/accepted.json)" ] || return
	if cmp -s stores/one.crl "$OLD"; then
		echo old
	elif cmp -s stores/one.crl "$NEW"; then
		echo new
	fi
}

# has_one_of STICK WHAT...: and it goes to the list `had`
has_one_of() {
	local stick=$1 has
	shift
	has=$(what_has "$stick") || return
	[[ " $* " == *" $has "* ]] || {
		echo "want $stick to hold $*, have: $has"
		return 1
	}
	echo "$has" >>had
}

# had_all WHAT...: each of them occurred
had_all() {
	local has
	for has in "$@"; do
		grep -qx "$has" had || {
			echo "want $has to occur, have: $(sort -u had)"
			return 1
		}
	done
}
