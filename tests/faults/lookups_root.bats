#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# What cannot be looked at is not absent (FAULTS 60): an error at each call by
# which crlferry-root looks for something, or at it.  A verb that meets one ends
# as it would have, or says so: nothing is signed, and no number taken twice, on
# the strength of what was not seen.

# The folder `backup` is the root of last quarter, with CRL #1.  Since then #2
# revoked `bad`, and the subordinate has it; its request lies on `medium`.  The
# revocation of `worse` is not published yet.
load ../e2e/notes_setup
load inject
load lookups

make_work() {
	make_noted_pair bad worse
	round --first
	cp -a ca backup
	revoke_sub ca bad
	round
	sub request medium --allow-fixed-disk --quiet
	revoke_sub ca worse
}

setup() {
	need_strace
	restore_work
	POINTS=$LOOKING
	LEAST=20
	FOLDERS=(ca medium)
	# what comes before is the program's own start
	of_interest() { since 'ca/crlferry.cfg"'; }
	CONFIG=(--config ca/crlferry.cfg)
	ISSUE=("$ROOT_PROGRAM" issue "${CONFIG[@]}" --quiet)
}

# signed: how often the ledger has a number taken
signed() {
	grep -c '"event":"issue' "$1/state/ledger.jsonl"
}

# never_signed FAULT TOKEN STATUS: it was refused, and nothing was signed
never_signed() {
	{ [ "$status" -eq "$3" ] && [[ $output == *": $2: "* ]]; } ||
		told "$1" || return
	[ "$(signed ca)" -eq "$(signed before/ca)" ] &&
		untouched ca/state/corp/archive ca/crlnumber ca/index.txt
}

# rises: no number of an intent is ever used again
rises() {
	jq -r 'select(.event == "issue-intent") | .number' \
		ca/state/ledger.jsonl >intents
	[ "$(sort -n -u intents)" = "$(cat intents)" ]
}

@test "issue: the next CRL, or none, and a rerun signs one that is whole" {
	# shellcheck disable=SC2317
	judge() {
		[ "$status" -eq 0 ] || told "$3" || return
		[ "$status" -ne 0 ] ||
			lists "$(last_crl ca corp)" 1002 || return
		"${ISSUE[@]}" && verifies ca "$(last_crl ca corp)" &&
			lists "$(last_crl ca corp)" 1001 &&
			lists "$(last_crl ca corp)" 1002 && rises &&
			root ca ledger verify --quiet && no_leftovers
	}
	each 14 "${ISSUE[@]}"
}

@test "issue: never where the index has shrunk" {
	judge() { never_signed "$3" shrunk 77; }
	sed -i '/1001/d' ca/index.txt
	AS_EVER=77
	each 14 "${ISSUE[@]}"
}

@test "issue: never where a note proves that the root was restored" {
	judge() { never_signed "$3" regressed 77; }
	rm -r ca
	cp -a backup ca
	root ca collect medium --quiet
	AS_EVER=77
	each 14 "${ISSUE[@]}"
}

@test "issue: never without a last CRL and without --first" {
	judge() { never_signed "$3" missing 66; }
	rm -r ca/state/corp/archive
	: >ca/state/ledger.jsonl
	AS_EVER=66
	each 10 "${ISSUE[@]}"
}

@test "issue: never where the archive lacks what the ledger has" {
	judge() { never_signed "$3" regressed 77; }
	rm ca/state/corp/archive/000002.crl
	AS_EVER=77
	each 10 "${ISSUE[@]}"
}

@test "adopt: never an older CRL" {
	judge() { never_signed "$3" rollback 77; }
	AS_EVER=77
	each 10 "$ROOT_PROGRAM" adopt corp \
		ca/state/corp/archive/000001.crl --quiet "${CONFIG[@]}"
}

@test "adopt: the CRL, or none, and a rerun ends it" {
	cp "$(last_crl ca corp)" two.crl
	rm -r ca
	cp -a backup ca
	ADOPT=("$ROOT_PROGRAM" adopt corp two.crl --quiet "${CONFIG[@]}")
	# shellcheck disable=SC2317
	judge() {
		[ "$status" -eq 0 ] || told "$3" || return
		"${ADOPT[@]}" && cmp "$(last_crl ca corp)" two.crl &&
			root ca ledger verify --quiet
	}
	each 10 "${ADOPT[@]}"
}

@test "revoke: entered once, or not, and a rerun ends it" {
	# shellcheck disable=SC2317
	judge() {
		[ "$status" -eq 0 ] || told "$3" || return
		"${REVOKE[@]}" && [ "$(grep -c $'^R\t.*\t1000\t' \
			ca/index.txt)" -eq 1 ] &&
			[ "$(grep -c . ca/index.txt)" -eq 3 ]
	}
	REVOKE=("$ROOT_PROGRAM" revoke corp ca/live.pem --reason superseded
		--quiet "${CONFIG[@]}")
	each 10 "${REVOKE[@]}"
}

@test "collect: the note, or none, and a rerun takes it" {
	# shellcheck disable=SC2317
	judge() {
		[ "$status" -eq 0 ] || told "$3" || return
		[ "$status" -ne 0 ] || [ -e "$NOTE.minisig" ] || return
		"${COLLECT[@]}" && [ -e "$NOTE.minisig" ] &&
			untouched ca/state/corp/archive medium
	}
	NOTE=ca/state/corp/notes/request-live-1.json
	COLLECT=("$ROOT_PROGRAM" collect medium --quiet "${CONFIG[@]}")
	each 10 "${COLLECT[@]}"
}

@test "export: the bundle, or the old one, and a rerun ends it" {
	# shellcheck disable=SC2317
	judge() {
		[ "$status" -eq 0 ] || told "$3" || return
		[ "$status" -ne 0 ] || sub info medium --quiet || return
		"${EXPORT[@]}" && sub info medium --quiet &&
			cmp "$(last_crl ca corp)" \
			medium/crlferry/corp/000003/corp.crl
	}
	"${ISSUE[@]}"
	EXPORT=("$ROOT_PROGRAM" export medium --allow-fixed-disk --quiet
		"${CONFIG[@]}")
	each 10 "${EXPORT[@]}"
}

@test "seal: another one, or none, and a rerun ends it" {
	# shellcheck disable=SC2317
	judge() {
		local seals=(medium/crlferry/corp/000002/*.minisig)
		[ "$status" -eq 0 ] || told "$3" || return
		[ "$status" -ne 0 ] || [ "${#seals[@]}" -eq 2 ] || return
		"${SEAL[@]}" && seals=(medium/crlferry/corp/000002/*.minisig) &&
			[ "${#seals[@]}" -eq 2 ] && sub info medium --quiet
	}
	make_officer officer ca/seal.pub
	FOLDERS=(officer medium)
	of_interest() { since 'officer/crlferry.cfg"'; }
	SEAL=("$ROOT_PROGRAM" seal medium --quiet
		--config officer/crlferry.cfg)
	each 10 "${SEAL[@]}"
}

@test "verbs that read: what they say, or why they cannot" {
	local verb
	# a monitoring user may lack the index: status says so, and no more;
	# one that the disk does not give makes the pair invalid
	# shellcheck disable=SC2317
	judge() {
		as_ever "$3" || { [[ $verb == status ]] && case $3 in
			error=EACCES) [[ $stderr == *": Permission denied"* ]] ;;
			*) [[ $output == *" invalid "*"Input/output error"* ]] ;;
			esac } && untouched ca medium
	}
	root ca collect medium --quiet
	for verb in status plan 'ledger verify' 'ledger show' \
		'issue --dry-run' 'ceremony medium --dry-run'; do
		# shellcheck disable=SC2086	# words
		LEAST=1 each_as_ever 6 "$ROOT_PROGRAM" $verb "${CONFIG[@]}"
	done
}

@test "keygen and init: no file that is there is replaced" {
	# shellcheck disable=SC2317
	judge() {
		[ "$status" -eq 64 ] || told "$3" || return
		untouched ca
	}
	AS_EVER=64
	of_interest() { since 'ca/seal'; }
	LEAST=1 each 8 "$ROOT_PROGRAM" keygen ca/seal.key ca/new.pub \
		--no-passphrase
	of_interest() { since 'ca/crlferry.cfg'; }
	LEAST=1 each 8 "$ROOT_PROGRAM" init --name corp --certificate \
		ca/root.pem --key ca/root.key --index ca/index.txt \
		--output ca/crlferry.cfg
}
