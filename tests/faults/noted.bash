# SPDX-License-Identifier: ISC
# Notes that were disturbed on their way.  Of a root and its subordinate `one`:
# #1 was imported, #2 is on the stick as well; a first request was collected and
# lies on the stick still.
# shellcheck shell=bash
# status and output are what `run` of bats leaves
# shellcheck disable=SC2154

load "$BATS_TEST_DIRNAME/../e2e/notes_setup"

REQUEST=crlferry/corp/request-one.json
RECEIPT=crlferry/corp/receipt-one.json
WAITS=sub/state/corp/outbox/receipt-one.json
ASK=("$SUB_PROGRAM" request stick --allow-fixed-disk --quiet
	--config sub/crlferry.cfg)
IMPORT=("$SUB_PROGRAM" import stick --config sub/crlferry.cfg)
COLLECT=("$ROOT_PROGRAM" collect stick --quiet --config ca/crlferry.cfg)

make_noted_pki() {
	make_notes_pki
	request
	collect --quiet
	root ca issue --quiet
	root ca export stick --allow-fixed-disk --quiet
}

# keep_before: what `begin` begins with
keep_before() {
	rm -rf before
	mkdir before
	cp -a ca sub stores stick before/
}

begin() {
	rm -rf ca sub stores stick seen
	cp -a before/ca before/sub before/stores before/stick .
	mkdir seen
	see before/stick
	see sub/state/corp/outbox
}

# see FOLDER: no two notes beneath it, and beneath what was seen since `begin`,
# have the same sequence but other octets.  Without a seal it is none, but in
# the outbox.
see() {
	local note id
	while read -r note; do
		[[ $note == */outbox/* ]] || [ -e "$note.minisig" ] || continue
		id=$(jq -r '.type + "-" + (.sequence | tostring)' "$note")
		[ -n "$id" ] || return
		[ -e "seen/$id" ] || cp "$note" "seen/$id"
		cmp "$note" "seen/$id" || return
	done < <(find "$1" -name 're[qc]*-one.json' 2>/dev/null)
}

# sealed STICK NOTE: its sequence, or none; what has a seal is whole
sealed() {
	if [ -e "$1/$2.minisig" ]; then
		minisign -V -q -p sub/note.pub -m "$1/$2" &&
			jq .sequence "$1/$2"
	else
		echo none
	fi
}

# collects STICK: another run of the root takes in each note that is there,
# and says nothing of one that is not
collects() {
	local note
	rm -rf other
	cp -a ca other
	run "$ROOT_PROGRAM" collect "$1" --json --quiet \
		--config other/crlferry.cfg
	[ "$status" -eq 0 ] || return
	root other ledger verify --quiet || return
	for note in "$REQUEST" "$RECEIPT"; do
		[ "$(sealed "$1" "$note")" = "$(jq -r --arg name "${note##*/}" \
			'[.notes[] | select("\(.kind)-one.json" == $name)] |
			.[0].sequence // "none"' <<<"$output")" ] || {
			echo "want $note collected, have: $output"
			return 1
		}
	done
}

# failed PROGRAM CALL: as an error of the disk is told.  A folder that could
# not be made may have been there.
failed() {
	[ "$2" != mkdir ] || [ "$status" -ne 0 ] || return 0
	[ "$status" -eq 74 ] && [[ $output =~ $1:\ (io|no-space): ]]
}

leaves_nothing() {
	no_leftovers
}

# had WHAT...: each of them occurred
had() {
	local what
	for what in "$@"; do
		grep -qx -e "$what" had || {
			echo "want $what to occur, have: $(sort -u had)"
			return 1
		}
	done
}
