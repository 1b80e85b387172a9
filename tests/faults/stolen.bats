#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# A seal key was stolen, and a note key with it (FAULTS 61, 62): what a thief
# can claim stops no root, and moves no calendar.

load ../e2e/helpers
load ../e2e/root_helpers
load ../e2e/note_helpers

setup_file() {
	cd "$BATS_FILE_TMPDIR" || return 1
	# shellcheck disable=SC2317
	make_folder() {
		T=$BATS_FILE_TMPDIR/work
		mkdir "$T" && cd "$T" || return 1
	}
	make_notes_pki
	request
	cd "$BATS_FILE_TMPDIR" && cp -a work saved
}

setup() {
	T=$BATS_FILE_TMPDIR/work
	bats_require_minimum_version 1.5.0
	rm -rf "$T"
	cp -a "$BATS_FILE_TMPDIR/saved" "$T"
	cd "$T" || return 1
	NOTE=stick/crlferry/corp/request-one.json
	KEPT=ca/state/corp/notes
	LEDGER=ca/state/ledger.jsonl
}

teardown() {
	cd "$BATS_FILE_TMPDIR" || return 1
}

# seal_manifest FILE [KEY]: FILE.minisig, as `export` would have sealed it
seal_manifest() {
	minisign -S -q -s "${2:-ca/seal.key}" -m "$1" -t \
		"$(jq -r '"type:\(.type) root:\(.root) number:\(.number) " +
		"time:\(.created)"' "$1")" </dev/null
}

# forges MANIFEST-FILTER [NOTE-FILTER]: the request on the stick brings its
# manifest back with other claims, sealed by the root's own key
forges() {
	jq -r .manifest $NOTE | jq "$1" >forged.json
	seal_manifest forged.json
	edit_note "${2:-.} | .sequence += 1 |
		.manifest = $(jq -Rs . forged.json) |
		.seals = [$(jq -Rs . forged.json.minisig)]"
	rm forged.json*
}

# another_head: as a filter
another_head='.ledger_head |= gsub("[0-9a-f]"; "7")'

# is_only_said: the root signs in spite of it, says so loudly, and what was
# said can be ended
is_only_said() {
	run root ca ledger verify
	[ "$status" -eq 0 ] || return
	says 'ATTENTION: corp: request-one-'
	run root ca issue --dry-run
	[ "$status" -eq 0 ] || return
	says 'the ledger has not exported' && says ledger-head-7777777777777777
	run root ca issue --discard-evidence ledger-head-7777777777777777 \
		--why 'the seal key was stolen'
	[ "$status" -eq 0 ] && says_not ATTENTION || return
	run root ca issue
	[ "$status" -eq 0 ] && says_not ATTENTION
}

@test "row 62: a ledger head that the ledger never had" {
	local filter
	for filter in . '.number = "9"' '.number = "0"' \
		'.created = "2026-01-01T00:00:00Z"' 'del(.files[0])' \
		'.this_update = "2020-01-01T00:00:00Z"' '.answers = []'; do
		rm -rf ca stick
		cp -a "$BATS_FILE_TMPDIR/saved/ca" "$BATS_FILE_TMPDIR/saved/stick" .
		forges "$another_head | $filter"
		collect --quiet
		is_only_said || {
			echo "$filter: $output"
			return 1
		}
	done
}

@test "row 62: the same of a CRL that was never exported, or by openssl" {
	root ca issue --quiet
	forges "$another_head | .number = \"2\" | .files |= map(
		if .name == \"corp.crl\" then .sha256 = \"$(sha256sum \
		<"$(last_crl ca corp)" | cut -d' ' -f1)\" else . end)" \
		".number = \"2\" | .crl = \"$(base64 -w0 "$(last_crl ca corp)")\""
	collect --quiet
	is_only_said
	# one that nobody had: of a number that the archive lacks
	cp -a ca root2
	echo 0A >ca/crlnumber
	root ca issue --quiet
	openssl_crl ca "$(last_crl root2 corp)" old.der
	echo 05 >ca/peer.crlnumber
	faketime -f -1d openssl ca -gencrl -config ca/peer.cnf -out old.pem \
		2>openssl.log
	openssl crl -in old.pem -outform DER -out old.der
	forges "$another_head | .number = \"5\" | .files |= map(
		if .name == \"corp.crl\" then .sha256 = \"$(sha256sum \
		<old.der | cut -d' ' -f1)\" else . end)" \
		".number = \"5\" | .crl = \"$(base64 -w0 old.der)\""
	collect --quiet
	run root ca issue
	[ "$status" -eq 0 ]
}

@test "row 62: the manifest that was exported still tells of a new ledger" {
	collect --quiet
	root ca ledger verify --quiet
	sed -i 's/"who":"[^"]*"/"who":"nobody@nowhere"/' $LEDGER
	run root ca ledger verify
	[ "$status" -eq 65 ]
	jq -c . $LEDGER >/dev/null
	. "$BATS_TEST_DIRNAME/../e2e/ledger_helpers.bash"
	rechain '.who = "nobody@nowhere"' <$LEDGER >new && cp new $LEDGER
	refused ca 77 regressed root ca ledger verify
	refused ca 77 regressed root ca issue
	says 'cut or rewritten'
}

@test "row 62: every export is entered with its manifest" {
	jq -es --arg want "$(sha256sum \
		<stick/crlferry/corp/000001/bundle.json | cut -d' ' -f1)" \
		'map(select(.event == "export")) | .[0].manifest == $want' \
		$LEDGER
}
