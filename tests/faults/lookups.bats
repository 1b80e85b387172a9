#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# What cannot be looked at is not absent (FAULTS 60): an error at each call by
# which crlferry-sub looks for something, or at it.  A verb that meets one ends
# as it would have, or says so: nothing is accepted or said to be well on the
# strength of what was not seen.

load ../e2e/pki_setup
load inject
load lookups

make_work() {
	make_pki
	"$SUB_PROGRAM" keygen sub/note.key sub/note.pub --no-passphrase --quiet
	configure 's/^\( *\)\({ name = "live";\)/\1\2 note_secret = "note.key";/'
	mkdir stick
}

setup() {
	need_strace
	restore_work
	POINTS=$LOOKING
	LEAST=20
	FOLDERS=(sub stores stick stick1 stick2)
	# what comes before is the program's own start
	of_interest() { since 'sub/crlferry.cfg"'; }
	OLD=("$SUB_PROGRAM" import stick1 --config sub/crlferry.cfg --quiet)
	NEW=("$SUB_PROGRAM" import stick2 --config sub/crlferry.cfg --quiet)
	CHECK=("$SUB_PROGRAM" check --config sub/crlferry.cfg)
}

# accepted: the number of the CRL that is
accepted() {
	jq -r .number sub/state/test-root/accepted.json
}

@test "import: the new CRL, or none, and a rerun ends it" {
	# shellcheck disable=SC2317
	judge() {
		[ "$status" -eq 0 ] || told "$3" || return
		[ "$(accepted)" -ge 1 ] || return
		[ "$status" -ne 0 ] || all_hold stick2 || return
		"${NEW[@]}" && all_hold stick2 && [ "$(accepted)" -eq 2 ] &&
			leaves_nothing
	}
	each 12 "${NEW[@]}"
}

# refused_ever CALL N FAULT: an old CRL was
refused_ever() {
	case $status in
	0) return 1 ;;
	77) [[ $output == *": rollback: "* ]] || told "$3" ;;
	*) told "$3" ;;
	esac && untouched sub stores
}

@test "import of an old bundle: never, where accepted.json alone says so" {
	judge() { refused_ever "$@"; }
	"${NEW[@]}"
	rm -r stores
	mkdir -p stores/hash
	rm sub/state/test-root/accepted.crl
	AS_EVER=77
	each 12 "${OLD[@]}"
}

@test "import of an old bundle: never, where only the stores tell" {
	judge() { refused_ever "$@"; }
	"${NEW[@]}"
	rm sub/state/test-root/accepted.*
	AS_EVER=77
	each 12 "${OLD[@]}"
}

@test "import of an old bundle: never, where one of the stores tells" {
	judge() { refused_ever "$@"; }
	"${NEW[@]}"
	rm sub/state/test-root/accepted.*
	cp "$(crl_of stick1)" stores/one.crl
	openssl crl -inform DER -in "$(crl_of stick1)" -out stores/all.pem
	AS_EVER=77
	each 12 "${OLD[@]}"
}

@test "import of an old bundle: never, where nobody can tell" {
	# shellcheck disable=SC2317
	judge() {
		[ "$status" -eq 66 ] || told "$3" || return
		untouched sub stores
	}
	"${NEW[@]}"
	rm sub/state/test-root/accepted.*
	rm -r stores
	mkdir -p stores/hash
	AS_EVER=66
	each 12 "${OLD[@]}"
}

# never_well CALL N FAULT: what is critical is, or is not known
never_well() {
	[ "$status" -eq 2 ] || { [ "$status" -eq 3 ] &&
		[[ $output == *"CRLFERRY UNKNOWN - "* ]]; }
}

@test "check: never OK while a store is behind" {
	judge() { never_well "$@"; }
	"${NEW[@]}"
	rm -r stores
	cp -a "$BATS_FILE_TMPDIR/saved/stores" stores
	run "${CHECK[@]}"
	[[ $output == "CRLFERRY CRITICAL - "*behind* ]]
	AS_EVER=2
	each 12 "${CHECK[@]}"
}

@test "check: never OK once the CRL has expired" {
	judge() { never_well "$@"; }
	AS_EVER=2
	each 12 "${CHECK[@]}" --at "$(date -u -d '+8 months' +%F)"
}

@test "check: never OK where a store lacks the CRL" {
	judge() { never_well "$@"; }
	"${NEW[@]}"
	rm stores/one.crl
	AS_EVER=2
	each 12 "${CHECK[@]}"
}

@test "verbs that read: what they say, or why they cannot" {
	local verb
	# what a store's place is judged to be says why
	# shellcheck disable=SC2317
	judge() {
		as_ever "$3" || { [[ $verb == @(check|status|plan) ]] &&
			grep -qE 'Input/output|Permission' <<<"$output"; } &&
			untouched sub stores
	}
	for verb in check status plan 'info stick2' \
		'import stick2 --dry-run' "lint $(hash_slot 0)"; do
		keep_before
		# shellcheck disable=SC2086	# words
		set -- "$SUB_PROGRAM" $verb
		[[ $verb == lint* ]] || set -- "$@" --config sub/crlferry.cfg
		[[ $verb != lint* ]] || of_interest() { since 'stores/hash'; }
		LEAST=1 each_as_ever 6 "$@"
	done
}

@test "request: sealed, each sequence once, or none" {
	# shellcheck disable=SC2317
	judge() {
		local note=stick/crlferry/test-root/request-live.json
		[ "$status" -eq 0 ] || told "$3" || return
		if [ -e "$note.minisig" ]; then
			minisign -V -q -p sub/note.pub -m "$note" \
				-x "$note.minisig" || return
			first=$(jq .sequence "$note")
		else
			[ "$status" -ne 0 ] || return
			first=1
		fi
		[ "$first" -ge 2 ] || [ "$status" -ne 0 ] || return
		"${ASK[@]}" && [ "$(jq .sequence "$note")" -gt "$first" ]
	}
	ASK=("$SUB_PROGRAM" request stick --allow-fixed-disk --quiet
		--config sub/crlferry.cfg)
	# one is there already
	"${ASK[@]}"
	each 16 "${ASK[@]}"
}

@test "keygen and init: no file that is there is replaced" {
	# shellcheck disable=SC2317
	judge() {
		[ "$status" -eq 64 ] || told "$3" || return
		untouched sub stores
	}
	of_interest() { since 'sub/note'; }
	AS_EVER=64 LEAST=1 each 8 "$SUB_PROGRAM" keygen sub/note.key sub/new.pub \
		--no-passphrase
	of_interest() { since 'sub/crlferry.cfg'; }
	AS_EVER=64 LEAST=1 each 8 "$SUB_PROGRAM" init --root r=ca/root.pem \
		--subordinate live=ca/live.pem --output sub/crlferry.cfg
}
