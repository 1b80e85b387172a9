#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# The closed loop: request, ceremony, import, receipt, next ceremony, and what
# `status` on the root tells of it.  Then every attack on a receipt (FAULTS
# 49): each is set aside with its reason, and changes nothing.

load ../e2e/notes_setup
load ../e2e/ceremony_fixture

make_work() {
	make_notes_pki
	# A ceremony calls its medium so.
	mv stick medium
	ln -s medium stick
}

setup() {
	restore_work
	TODAY=$(date -u +%F)
}

# story [OPTION]...: what the root's status tells of one, beside its state
story() {
	COLUMNS=500 root ca status "$@" | sed -n 's|^corp/one: ||p'
}

# joined: the output of the last run as one line, as it was before a terminal
joined() {
	output=$(tr -s ' \n' ' ' <<<"$output")
}

# tells TEXT [OPTION]...
tells() {
	local want=$1 have
	shift
	have=$(story "$@")
	[ "$have" = "$want" ] || {
		echo "want \"$want\", have \"$have\""
		return 1
	}
}

# told JQ-FILTER: of the pair, in status --json
told() {
	root ca status --json | jq -e ".pairs[0] | $1" >/dev/null || {
		root ca status --json | jq '.pairs[0]'
		return 1
	}
}

# next_crl: the root issues and exports one more
next_crl() {
	root ca issue --quiet &&
		root ca export medium --allow-fixed-disk --quiet
}

# receipt: one installs the CRL that is new on the stick, and NOTE is what it
# has written there
receipt() {
	next_crl && sub import medium --quiet || return
	NOTE=stick/crlferry/corp/receipt-one.json
	[ -e $NOTE.minisig ]
}

@test "request, ceremony, import, receipt, the next ceremony" {
	local minutes=ca/state/corp/minutes
	tells ''
	told '.installed_number == null and .installed_at == null and
		.requested_at == null and .requested_number == null and
		.stores_failed == null'
	request medium
	holds
	says 'corp/one: request 1 of '
	says ': taken in'
	tells "asked on $TODAY with #1, not heard of since"
	told '.requested_number == "1" and .installed_number == null'

	run sub import medium
	[ "$status" -eq 0 ]
	says 'receipt of one written to medium/crlferry/corp/receipt-one.json'
	# The root learns of it when the stick comes back.
	tells "asked on $TODAY with #1, not heard of since"
	holds
	joined
	says 'corp/one: receipt 1 of '
	says ': CRL #2, in 3 of 3 stores: taken in'
	says ': known already'
	tr -s ' \n' ' ' <$minutes/000003.txt >said
	grep -q 'corp/one: receipt 1 of [^:]*:[^:]*:[^:]*: CRL #2, in 3 of 3 stores\.' \
		said
	tells "asked on $TODAY with #1, installed #2 on $TODAY, not heard of since"
	told '.installed_number == "2" and .requested_number == "1" and
		.stores_failed == 0 and .installed_known and .number == "3"'
	[ "$(root ca status --json | jq -r '.pairs[0].installed_at')" = \
		"$(jq -r .time stick/crlferry/corp/receipt-one.json)" ]

	sub import medium --quiet
	collect --quiet
	tells "asked on $TODAY with #1, installed #3 on $TODAY"
	# Of the other nothing is known, and nothing made up.
	root ca status --json | jq -e '.pairs[1] | .subordinate == "two" and
		.installed_number == null and .requested_at == null'
	run root ca status
	says_not corp/two
	root ca ledger verify
	grep -c '"id":"receipt-one-[12]"' ca/state/ledger.jsonl | grep -qx 2
	no_leftovers
}

@test "collect, issue and export close it as well, months apart" {
	local month at
	for month in 1 2 3; do
		at=$(date -u -d "+$((month * 6)) month 09:00" '+%F %T')
		request_at "$at"
		TZ=UTC faketime "$at" "$ROOT_PROGRAM" collect stick --quiet \
			--config ca/crlferry.cfg
		TZ=UTC faketime "$at" "$ROOT_PROGRAM" issue --quiet \
			--config ca/crlferry.cfg --confirm-date "${at% *}"
		TZ=UTC faketime "$at" "$ROOT_PROGRAM" export stick --quiet \
			--allow-fixed-disk --config ca/crlferry.cfg
		tells "$([ $month -eq 1 ] ||
			echo "installed #$month on $last, ")asked on ${at% *} with #$month, not heard of since" \
			--at "${at% *}T12:00:00Z"
		last=${at% *}
		at=$last' 10:00'
		TZ=UTC faketime "$at" "$SUB_PROGRAM" import stick --quiet \
			--config sub/crlferry.cfg
		TZ=UTC faketime "$at" "$ROOT_PROGRAM" collect stick --quiet \
			--config ca/crlferry.cfg
		tells "asked on $last with #$month, installed #$((month + 1)) on $last" \
			--at "${last}T12:00:00Z"
	done
	[ "$(kept)" = 'receipt-one-3 request-one-3' ]
}

@test "a store that failed is told, until it is mended" {
	sed -i "s|path = \"$T/stores/one.crl\";|& verify = [ \"false\" ];|" \
		sub/crlferry.cfg
	grep -q 'verify = \[ "false" \]' sub/crlferry.cfg
	next_crl
	run sub import medium
	[ "$status" -eq 69 ]
	jq -e '[.stores[] | [.type, .outcome]] == [["hashdir", "installed"],
		["pem", "installed"], ["der", "failed"]] and .number == "2"' \
		stick/crlferry/corp/receipt-one.json
	run collect
	[ "$status" -eq 0 ]
	says 'has       CRL #2, in 2 of 3 stores; 1 failed'
	tells "installed #2 on $TODAY, but not in 1 of 3 stores"
	told '.stores_failed == 1'
	sed -i 's| verify = \[ "false" \];||' sub/crlferry.cfg
	sub import medium --quiet
	jq -e '[.stores[].outcome] == ["same", "same", "installed"]' \
		stick/crlferry/corp/receipt-one.json
	run --separate-stderr collect --json
	jq -e '.notes[] | .kind == "receipt" and .fate == "new" and
		.number == "2" and .stores == 3 and .stores_failed == 0' \
		<<<"$output"
	tells "installed #2 on $TODAY"
}

@test "a receipt counts as evidence of the date" {
	local at
	next_crl
	at=$(date -u -d '+2 day' '+%F %T')
	TZ=UTC faketime "$at" "$SUB_PROGRAM" import stick --quiet \
		--config sub/crlferry.cfg
	refuses 77 clock collect
	says 'receipt-one-1'
	refuses 77 clock root ca issue
	says 'receipt-one-1'
	says 'the receipt of one'
	root ca issue --quiet --discard-evidence receipt-one-1 --why 'its clock'
	run collect
	[ "$status" -eq 0 ]
}

@test "replayed" {
	receipt
	mkdir old
	cp $NOTE $NOTE.minisig old/
	receipt
	collect --quiet
	cp old/* stick/crlferry/corp/
	set_aside 77 rollback 'receipt of one: want a sequence above 2'
	tells "installed #3 on $TODAY"
	receipt
	run collect
	took_in receipt-one-3
}

@test "the same sequence with other content" {
	receipt
	collect --quiet
	edit_note '.stores = []'
	set_aside 77 rollback 'have 1'
}

@test "sealed with another subordinate's key" {
	receipt
	seal_note $NOTE two.key
	set_aside 65 seal 'want one by key'
	mv $NOTE stick/crlferry/corp/receipt-two.json
	mv $NOTE.minisig stick/crlferry/corp/receipt-two.json.minisig
	set_aside 65 issuer 'it is of one, not of two'
	tells ''
}

@test "sealed with a key that seals bundles" {
	receipt
	seal_note $NOTE ca/seal.key
	set_aside 65 seal 'want one by key'
}

@test "a changed octet, wherever" {
	local at size
	receipt
	cp $NOTE whole.json
	cp $NOTE.minisig whole.seal
	size=$(stat -c %s $NOTE)
	for ((at = 0; at < size; at += size / 16)); do
		perl -0777 -pe "substr(\$_, $at, 1) ^= \"\\x01\"" whole.json \
			>$NOTE
		set_aside 65 seal 'receipt-one'
	done
	cp whole.json $NOTE
	size=$(grep -abo RU whole.seal | head -n 1 | cut -d: -f1)
	for ((at = size; at < $(stat -c %s whole.seal); at += 29)); do
		perl -0777 -pe "substr(\$_, $at, 1) ^= \"\\x01\"" whole.seal \
			>$NOTE.minisig
		set_aside 65 seal 'receipt-one'
	done
	: >$NOTE.minisig
	set_aside 65 seal 'receipt-one'
	cp whole.seal $NOTE.minisig
	run collect
	took_in receipt-one-1
}

@test "a trusted comment of another note" {
	local comment other
	receipt
	comment=$(comment_of $NOTE)
	for other in '' "${comment/sequence:1/sequence:2}" \
		"${comment/number:2/number:3}" "${comment/receipt/request}" \
		"${comment/root:corp/root:other}"; do
		seal_note $NOTE sub/note.key "$other"
		set_aside 65 seal 'trusted comment'
	done
}

@test "a request renamed to a receipt, and the reverse" {
	local folder=stick/crlferry/corp
	request
	mv $folder/request-one.json $folder/receipt-one.json
	mv $folder/request-one.json.minisig $folder/receipt-one.json.minisig
	set_aside 65 format 'it is a request, not a receipt'
	receipt
	mv $folder/receipt-one.json $folder/request-one.json
	mv $folder/receipt-one.json.minisig $folder/request-one.json.minisig
	set_aside 65 format 'it is a receipt, not a request'
	tells ''
}

@test "keys of the other kind, another version, a key more or less" {
	receipt
	edit_note '.crl = "MAA="'
	set_aside 65 format '"crl"'
	edit_note 'del(.crl) | .version = 2'
	set_aside 65 format 'version: want 1, have 2'
	edit_note '.version = 1 | .sha256 |= .[1:]'
	set_aside 65 format 'sha256'
	edit_note 'del(.sha256)'
	set_aside 65 format 'sha256'
	edit_note '.type = "crlferry-bundle"'
	set_aside 65 format 'crlferry-bundle'
}

@test "for another root, of another subordinate" {
	receipt
	edit_note '.root = "other"'
	set_aside 65 issuer 'it is for root other, not for corp'
	edit_note '.root = "corp" | .spki_sha256 = ("00" * 32)'
	set_aside 65 issuer 'another key'
}

@test "text that would steer the terminal" {
	receipt
	edit_note '.stores[0].path = "/\u001b[2J"'
	set_aside 65 format 'is empty or not printable'
	[[ $output != *$'\e'* ]]
}

@test "a number that is claimed without its CRL: kept, loudly, for nothing" {
	receipt
	edit_note '.number = "500" | .sha256 = ("00" * 32)'
	run collect
	took_in receipt-one-1
	says 'ATTENTION: corp: one reports CRL #500, which the archive lacks'
	says 'has       a CRL that the archive lacks'
	tells "installed #500 on $TODAY, which the archive lacks"
	told '.installed_number == "500" and (.installed_known | not)'
	root ca ledger show --json | jq -e '.lines[-1] |
		.event == "collect" and .number == null'
	[ -z "$(find $KEPT -name '*.crl')" ]
	# It is said until another one comes.
	run collect
	says ATTENTION
	root ca issue --quiet
	[ "$(crl_number "$(last_crl ca corp)")" = 03 ]
}

@test "the number of a CRL that this root signed, and other octets" {
	receipt
	edit_note '.sha256 = ("00" * 32)'
	run collect
	took_in receipt-one-1
	says 'ATTENTION: corp: one reports CRL #2, with other octets than this root signed'
	tells "installed #2 on $TODAY, which the archive lacks"
	run --separate-stderr collect --json
	jq -e '.notes[0] | .fate == "known" and .number == null' <<<"$output"
}

@test "what it says goes into the minutes, and what is wrong as a deviation" {
	receipt
	edit_note '.sha256 = ("00" * 32)'
	holds
	joined
	says 'one reports CRL #2, with other octets'
	tr -s ' \n' ' ' <ca/state/corp/minutes/000003.txt >said
	grep -q 'one reports CRL #2, with other octets than this root signed' \
		said
}

@test "what cannot be read of the notes does not hide the states" {
	receipt
	collect --quiet
	cp two.pub sub/note.pub
	run root ca status
	[ "$status" -eq 0 ]
	says 'passed over'
	says 'corp  one          fresh'
	says_not installed
}
