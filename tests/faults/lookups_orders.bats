#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# What cannot be looked at is not absent (FAULTS 60): the two verbs by which what
# was accepted may fall.  It falls by the order, or not at all.

load ../e2e/reset_setup
load inject
load lookups

make_work() {
	make_reset_pki
	request
	collect --quiet
}

setup() {
	need_strace
	restore_work
	POINTS=$LOOKING
	LEAST=20
}

@test "reset-order: a sealed order, or none, and a rerun gives it" {
	# shellcheck disable=SC2317
	judge() {
		[ "$status" -eq 0 ] || told "$3" || return
		[ "$status" -ne 0 ] || [ -e "$ORDER.minisig" ] || return
		"${RESET[@]}" && minisign -V -q -p ca/seal.pub -m $ORDER
	}
	of_interest() { since 'ca/crlferry.cfg"'; }
	FOLDERS=(ca stick)
	RESET=("$ROOT_PROGRAM" reset-order stick corp one --why mistyped
		--allow-fixed-disk --quiet --config ca/crlferry.cfg)
	each 14 "${RESET[@]}"
}

@test "reset-order: a bundle that cannot be read may be the given up one" {
	local fault n
	FOLDERS=(ca stick)
	RESET=("$ROOT_PROGRAM" reset-order stick corp one --why mistyped
		--allow-fixed-disk --quiet --config ca/crlferry.cfg)
	GIVEN_UP=stick/crlferry/corp/$LAST_NUMBER
	keep_before
	strace -qq -o trace -e trace=openat2 "${RESET[@]}"
	[ -z "$(find "$GIVEN_UP" -name '*.minisig')" ]
	n=$(grep -n -m 1 '"corp.crl"' trace | cut -d : -f 1)
	for fault in EACCES EIO; do
		begin
		struck openat2 "$n" "error=$fault" "${RESET[@]}"
		told "error=$fault"
		[ ! -e "$ORDER.minisig" ]
		"${RESET[@]}"
		[ -z "$(find "$GIVEN_UP" -name '*.minisig')" ]
	done
}

@test "recover: carried out, or not, and the number never falls by itself" {
	# shellcheck disable=SC2317
	judge() {
		[ "$status" -eq 0 ] || told "$3" || return
		[ "$(jq -r .number sub/state/corp/accepted.json)" = \
			"$LAST_NUMBER" ] || return
		if [ "$status" -ne 0 ]; then
			run "${LOWER[@]}"
			# what was written before the error counts
			[ "$status" -eq 77 ] || [ -e "$ORDERS" ] || return
		fi
		[ -e "$ORDERS" ] || "${RECOVER[@]}" || return
		"${LOWER[@]}" &&
			[ "$(jq -r .number sub/state/corp/accepted.json)" = 2 ]
	}
	of_interest() { since 'sub/crlferry.cfg"'; }
	order --quiet
	ORDERS=sub/state/corp/orders.json
	FOLDERS=(sub stores stick stick2)
	RECOVER=("$SUB_PROGRAM" recover stick --quiet --config sub/crlferry.cfg)
	LOWER=("$SUB_PROGRAM" import stick2 --quiet --config sub/crlferry.cfg)
	each 14 "${RECOVER[@]}"
}
