# SPDX-License-Identifier: ISC
# What the tests of notes share: a root and its subordinates that know each
# other's keys, and notes that are edited and sealed anew with minisign(1).
# shellcheck shell=bash
# output is what `run` of bats leaves
# shellcheck disable=SC2154

NOTE=stick/crlferry/corp/request-one.json
KEPT=ca/state/corp/notes

# In $T: the root corp in ca with CRL #1 on the stick, imported by `one`, whose
# machine is sub; `two` has a note key as well, two.key.
make_notes_pki() {
	old_root ca p256
	make_sub ca one
	make_sub ca two
	adopt_root ca corp --subordinate one=ca/one.pem \
		--subordinate two=ca/two.pem
	mkdir stick
	root ca issue --first --quiet
	root ca export stick --allow-fixed-disk --quiet
	make_sub_config ca corp one
	# Without a key yet: no receipt is on the stick.
	sub import stick --quiet
	make_note_key sub/note one
	make_note_key two two
	set_subordinate sub/crlferry.cfg one 'note_secret = "note.key";'
}

# make_noted_pair [SUB]...: the root `ca`, its subordinate `live`, whose notes it
# knows by their key, and others that only have certificates; nothing is issued
make_noted_pair() {
	local name
	old_root ca p256
	for name in live "$@"; do
		make_sub ca "$name"
	done
	adopt_root ca corp --subordinate live=ca/live.pem
	make_sub_config ca corp live
	make_note_key sub/note live
	set_subordinate sub/crlferry.cfg live 'note_secret = "note.key";'
	mkdir medium
}

# round [ISSUE-OPTION]...: issue, export, import
round() {
	root ca issue --quiet "$@" &&
		root ca export medium --allow-fixed-disk --quiet &&
		sub import medium --quiet
}

# make_note_key STEM SUB: a pair, of which the root learns the public half
make_note_key() {
	"$SUB_PROGRAM" keygen "$1.key" "$1.pub" --no-passphrase --quiet
	set_subordinate ca/crlferry.cfg "$2" "note_key = \"$PWD/$1.pub\";"
}

# set_subordinate CONFIG SUB KEY: one more key of that subordinate
set_subordinate() {
	local before
	before=$(cat "$1")
	sed -i "s|name = \"$2\";|&\n          $3|" "$1"
	[ "$before" != "$(cat "$1")" ]
}

# unset_subordinate CONFIG KEY: that key of every subordinate
unset_subordinate() {
	sed -i "/^          $2 = /d" "$1"
}

request() {
	sub request "${1:-stick}" --allow-fixed-disk --quiet
}

# request_at TIME: as if it were that time (UTC, `date` understands)
request_at() {
	local at
	at=$(date -u -d "$1" '+%F %T')
	TZ=UTC faketime "$at" "$SUB_PROGRAM" request stick \
		--allow-fixed-disk --quiet --config sub/crlferry.cfg
}

# collect [OPTION]...: from the stick
collect() {
	guarded "$ROOT_PROGRAM" collect stick --config ca/crlferry.cfg "$@"
}

# comment_of NOTE: what the seal's trusted comment must be
comment_of() {
	jq -r '"type:\(.type) root:\(.root) subordinate:\(.subordinate) " +
		"sequence:\(.sequence) time:\(.time)" +
		if .number then " number:\(.number)" else "" end' "$1"
}

# seal_note NOTE [KEY [COMMENT]]: with the real minisign
seal_note() {
	minisign -S -q -s "${2:-sub/note.key}" -m "$1" \
		-t "${3-$(comment_of "$1")}" </dev/null
}

# edit_note JQ-FILTER [KEY]: the note on the stick, sealed anew
edit_note() {
	jq "$1" "$NOTE" >edited.json && mv edited.json "$NOTE" &&
		seal_note "$NOTE" "${2-}"
}

# kept: the ids of the notes that the root keeps, in one line
kept() {
	find $KEPT -name '*.json' -printf '%f\n' 2>/dev/null | sort |
		sed 's/[.]json$//' | paste -sd ' '
}

# took_in ID
took_in() {
	[ "$status" -eq 0 ] && [[ " $(kept) " == *" $1 "* ]] || {
		echo "want $1 kept, have $(kept): $output"
		return 1
	}
}

# set_aside STATUS TOKEN TEXT: collect refuses the note on the stick, and
# neither notes, archive nor ledger have changed
set_aside() {
	local before
	before=$(digest_of ca/state)
	refuses "$1" "$2" collect || return
	says "$3" || return
	[ "$before" = "$(digest_of ca/state)" ] || {
		echo "want the state unchanged, have: $(find ca/state)"
		return 1
	}
	no_leftovers
}
