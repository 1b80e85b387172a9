# SPDX-License-Identifier: ISC
# What the tests of the ceremony share, beyond root_helpers.bash.
# shellcheck shell=bash
# output and status are what `run` of bats leaves
# shellcheck disable=SC2154

# make_room: a root with one CRL, one more revocation to come, and a medium
make_room() {
	old_root ca p384
	make_sub ca one
	make_sub ca two
	adopt_root ca corp
	revoke_sub ca one
	root ca issue --first --quiet
	revoke_sub ca two
	mkdir medium
}

# on_terminal [NAME=ANSWER]... : COMMAND...: see ceremony.exp
on_terminal() {
	expect "$BATS_TEST_DIRNAME/../e2e/ceremony.exp" "$@" | tr -d '\r'
	return "${PIPESTATUS[0]}"
}

# hold [NAME=ANSWER]... [: OPTION...]: a ceremony of ca
hold() {
	local answers=()
	while [ $# -gt 0 ] && [ "$1" != : ]; do
		answers+=("$1")
		shift
	done
	[ $# -eq 0 ] || shift
	on_terminal "${answers[@]}" : "${WITHIN[@]}" "$ROOT_PROGRAM" ceremony \
		medium --config ca/crlferry.cfg --allow-fixed-disk "$@"
}

# What the program runs within: unshare -n, strace, faketime; none by default.
WITHIN=()

# holds [NAME=ANSWER]... [: OPTION...]: it ends well
holds() {
	run hold "$@"
	[ "$status" -eq 0 ] || {
		echo "want status 0, have $status: $output"
		return 1
	}
}

# ends STATUS TOKEN [NAME=ANSWER]... [: OPTION...]: it ends early, with that
ends() {
	local want=$1 token=$2
	shift 2
	run hold "$@"
	[ "$status" -eq "$want" ] || {
		echo "want status $want, have $status: $output"
		return 1
	}
	says "crlferry-root: $token: "
}

# killed [NAME=ANSWER]... [: OPTION...]: somebody answers with KILL
killed() {
	run hold "$@"
	[ "$status" -eq 137 ] || {
		echo "want it killed, have status $status: $output"
		return 1
	}
}

# no_trace COMMAND...: it changes nothing of ca and medium
no_trace() {
	local before
	before=$(digest_of ca medium)
	"$@" || return
	[ "$before" = "$(digest_of ca medium)" ] || {
		echo "want ca and medium unchanged, have:"
		find ca medium -newer ca/crlferry.cfg -type f
		return 1
	}
	no_leftovers
}

# one_crl_more: the archive holds the first CRL and one that came after it,
# and the ledger knows both
one_crl_more() {
	local all=(ca/state/corp/archive/*.crl)
	[ ${#all[@]} -eq 2 ] || {
		echo "want two CRLs, have ${all[*]}"
		return 1
	}
	verifies ca "${all[1]}" && lists "${all[1]}" 1001 &&
		root ca ledger verify >/dev/null || return 1
	[ "$(grep -c '"event":"issue"' ca/state/ledger.jsonl)" -eq 2 ] || {
		echo "want two issues, have $(cat ca/state/ledger.jsonl)"
		return 1
	}
}

# minutes_of NUMBER: in both places, the same, in the ledger, and their head
# is the one in the bundle
minutes_of() {
	local state=ca/state/corp/minutes/$1 medium=medium/crlferry/corp head
	cmp "$state.txt" "$medium/minutes-$1.txt" &&
		cmp "$state.html" "$medium/minutes-$1.html" || return 1
	grep '"event":"ceremony"' ca/state/ledger.jsonl >ceremonies
	[ "$(jq -r .minutes_sha256 ceremonies)" = \
		"$(sha256sum <"$state.txt" | cut -d' ' -f1)" ] || {
		echo "want one line of these minutes, have $(cat ceremonies)"
		return 1
	}
	head=$(jq -r .ledger_head "$medium/$1/bundle.json")
	tr -d ' \n' <"$state.txt" | grep -q "$head" || {
		echo "want the head $head in the minutes"
		return 1
	}
}
