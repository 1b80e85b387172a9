#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# crlferry-root collect: what subordinates sent, taken in and verified.

load notes_setup
load ledger_helpers

@test "a request is taken in, once" {
	request
	run collect
	took_in request-one-1
	says 'corp: request of one: taken in'
	says 'holds     CRL #1'
	cmp $NOTE $KEPT/request-one-1.json
	cmp $NOTE.minisig $KEPT/request-one-1.json.minisig
	# What is kept is what was sealed, and minisign says so too.
	minisign -V -p sub/note.pub -m $KEPT/request-one-1.json
	[ "$(stat -c %a $KEPT $KEPT/request-one-1.json | paste -sd ' ')" = \
		'755 644' ]
	root ca ledger show --json >ledger.json
	jq -e --arg sha "$(sha256sum <$NOTE | cut -d' ' -f1)" '.lines[-1] |
		.event == "collect" and .root == "corp" and .number == "1" and
		(.details | contains("id=request-one-1") and
		contains("sha256=" + $sha))' ledger.json
	before=$(digest_of ca/state)
	run collect
	[ "$status" -eq 0 ]
	says 'was taken in before'
	[ "$before" = "$(digest_of ca/state)" ]
	no_leftovers
}

@test "the next one takes its place" {
	request
	collect --quiet
	request
	run collect
	took_in request-one-2
	[ "$(kept)" = request-one-2 ]
	[ "$(find $KEPT -type f | wc -l)" -eq 2 ]
	root ca ledger verify
}

@test "as JSON, what was taken in and what was not" {
	request
	printf '{}' >stick/crlferry/corp/request-two.json
	seal_note stick/crlferry/corp/request-two.json two.key x
	run --separate-stderr collect --json
	[ "$status" -eq 65 ]
	jq -e '.type == "crlferry-collect" and .version == 1 and
		[.notes[] | [.root, .subordinate, .kind, .fate, .sequence,
		.number, .token]] == [
		["corp", "one", "request", "new", 1, "1", null],
		["corp", "two", "request", "aside", null, null, "format"]] and
		.notes[0].message == null and .notes[1].time == null and
		(.notes[1].message | contains("request-two"))' <<<"$output"
	jq -e --arg at "$(jq -r .time $NOTE)" '.notes[0].time == $at' \
		<<<"$output"
	took=$(kept)
	[ "$took" = request-one-1 ]
}

@test "a medium without notes, an interrupted one, and none at all" {
	run collect
	[ "$status" -eq 0 ]
	says 'no notes of a configured subordinate'
	mkdir empty
	run root ca collect empty
	[ "$status" -eq 0 ]
	run --separate-stderr root ca collect empty --json
	jq -e '.notes == []' <<<"$output"
	request
	rm $NOTE.minisig
	run collect
	[ "$status" -eq 0 ]
	says 'no notes'
	[ -z "$(kept)" ]
	refuses 66 missing root ca collect nowhere
	refuses 66 missing root ca collect ca/root.pem
	refuses 64 usage root ca collect
}

@test "what fails is set aside, the others are taken in" {
	make_sub ca three
	sed -i 's|{ name = "two";|{ name = "three"; },\n        &|' \
		ca/crlferry.cfg
	request
	cp $NOTE stick/crlferry/corp/request-two.json
	cp $NOTE.minisig stick/crlferry/corp/request-two.json.minisig
	cp $NOTE stick/crlferry/corp/request-three.json
	cp $NOTE.minisig stick/crlferry/corp/request-three.json.minisig
	run collect
	# The worst of all: 65 for two's, 78 for three's.
	[ "$status" -eq 78 ]
	says 'crlferry-root: seal: corp: request-two: '
	says 'crlferry-root: config: ca/crlferry.cfg:'
	says 'three: the key "note_key" is missing'
	says 'corp: request of one: taken in'
	[ "$(kept)" = request-one-1 ]
	run collect --quiet
	[ "$status" -eq 78 ]
	says 'seal: '
	says_not 'request of one'
}

@test "minisign itself may seal a request" {
	request
	edit_note '.sequence = 40 | .nonce = ("ab" * 32)'
	run collect
	took_in request-one-40
	# Written by hand, in another spelling, by minisign's own key.
	minisign -G -W -p own.pub -s own.key </dev/null
	unset_subordinate ca/crlferry.cfg note_key
	set_subordinate ca/crlferry.cfg one \
		"note_key = \"$(tail -n 1 own.pub)\";"
	jq -c '.sequence = 1 | del(.crl, .manifest, .seals, .number)' \
		"$NOTE" >hand.json
	mv hand.json "$NOTE"
	seal_note $NOTE own.key
	run collect
	# A new key begins anew.
	took_in request-one-1
	[ "$(kept)" = request-one-1 ]
}

@test "a number that is claimed without its CRL proves nothing" {
	request
	edit_note '.number = "500" | del(.crl, .manifest, .seals)'
	run collect
	took_in request-one-1
	says 'claims a number without its CRL: that proves nothing'
	says 'no CRL whose number is proven'
	[ ! -e $KEPT/000500.crl ]
	root ca ledger show --json | jq -e '.lines[-1] |
		.event == "collect" and .number == null'
	run --separate-stderr collect --json
	jq -e '.notes[0].number == null' <<<"$output"
	root ca issue --quiet
	[ "$(crl_number "$(last_crl ca corp)")" = 02 ]
}

@test "a subordinate that has no CRL yet says so" {
	rm -r sub/state stores
	mkdir -p stores/hash
	request
	run collect
	took_in request-one-1
	says 'holds     no CRL yet'
}

@test "restored from a backup: a proven CRL is laid out for adopt" {
	cp -a ca saved
	revoke_sub ca two
	root ca issue --quiet
	root ca export stick --allow-fixed-disk --quiet
	sub import stick --quiet
	request
	rm -rf ca
	mv saved ca
	run collect
	took_in request-one-1
	says 'ATTENTION: corp: one holds CRL #2'
	says 'archive ends with #1'
	says "crlferry-root adopt --config ca/crlferry.cfg corp ca/state/corp/notes/000002.crl"
	cmp $KEPT/000002.crl stick/crlferry/corp/000002/corp.crl
	# The receipt proves nothing, and says what is amiss.
	says 'ATTENTION: corp: one reports CRL #2, which the archive lacks'
	root ca ledger show --json | jq -e '[.lines[] |
		select(.event == "collect") | .number] == ["2", null]'
	# It is said until it is done.
	run collect
	says 'ATTENTION'
	root ca adopt corp $KEPT/000002.crl --quiet
	lists "$(last_crl ca corp)" "$(openssl x509 -in ca/two.pem -noout \
		-serial | sed 's/serial=//')"
	[ -e $KEPT/000002.crl ]
	run collect
	[ "$status" -eq 0 ]
	says_not ATTENTION
	says 'has       CRL #2, in 3 of 3 stores'
	# What was adopted needs not lie there any longer.
	[ -z "$(find $KEPT -name '*.crl')" ]
}

@test "proven CRLs stay until the archive has come to their number" {
	local name
	request
	collect --quiet
	for name in 000000 000001 000002 01 1 000001-x; do
		echo kept >$KEPT/$name.crl
	done
	collect --quiet
	[ "$(find $KEPT -name '*.crl' -printf '%f\n' | sort | paste -sd ' ')" = \
		'000001-x.crl 000002.crl 01.crl 1.crl' ]
}

@test "an empty archive knows none of it" {
	request
	rm -r ca/state/corp/archive
	run collect
	took_in request-one-1
	says 'the archive is empty'
	cmp $KEPT/000001.crl stick/crlferry/corp/000001/corp.crl
}

# discard ID: as issue --discard-evidence enters it
discard() {
	local ledger=ca/state/ledger.jsonl
	tail -n 1 $ledger | tr -d '\n' | digest >head
	tail -n 1 $ledger | jq -cS --arg id "$1" --rawfile head head '
		{version, time, who, sequence: (.sequence + 1),
		previous: ($head | rtrimstr("\n")), root: "corp",
		event: "discard-evidence", id: $id, why: "its clock"}' |
		seal_line >>$ledger
}

@test "an authentic note from the future: clock, and the others are done" {
	request_at '+1 day'
	cp $NOTE stick/two.json
	jq '.subordinate = "two" | .time = "2020-01-01T00:00:00Z"' $NOTE \
		>stick/crlferry/corp/request-two.json
	seal_note stick/crlferry/corp/request-two.json two.key
	refuses 77 clock collect
	says 'request-one-1'
	says --discard-evidence
	says_not request-two-
	says 'corp: request of one: taken in'
	says 'corp: request of two: taken in'
	[ "$(kept)" = 'request-one-1 request-two-1' ]
	# It stays so, until its operator says that it is wrong.
	refuses 77 clock collect
	discard request-one-10
	refuses 77 clock collect
	discard request-one-1
	root ca ledger verify
	run collect
	[ "$status" -eq 0 ]
	# In JSON, both are told.
	request_at '+1 day'
	run --separate-stderr collect --json
	[ "$status" -eq 77 ]
	jq -es '.[0].notes[0].fate == "new" and .[1].token == "clock"' \
		<<<"$output"
}

@test "a few minutes ahead are nothing" {
	request_at '+13 min'
	run collect
	took_in request-one-1
	request_at '+17 min'
	refuses 77 clock collect
}

@test "a key has one role" {
	request
	unset_subordinate ca/crlferry.cfg note_key
	set_subordinate ca/crlferry.cfg one "note_key = \"../sub/note.pub\";"
	set_subordinate ca/crlferry.cfg two "note_key = \"../sub/note.pub\";"
	set_aside 78 config 'note_key is not a key of its own'
	says 'ca/crlferry.cfg:'
	unset_subordinate ca/crlferry.cfg note_key
	set_subordinate ca/crlferry.cfg one "note_key = \"seal.pub\";"
	set_aside 78 config ' seals bundles'
	# Without a word from the file: export has the key open.
	"$ROOT_PROGRAM" keygen ca/locked.key ca/locked.pub --passphrase-fd 0 \
		--quiet <<<horse
	sed -i 's/"seal.key"/"locked.key"/' ca/crlferry.cfg
	unset_subordinate ca/crlferry.cfg note_key
	set_subordinate ca/crlferry.cfg one "note_key = \"locked.pub\";"
	mkdir other
	refuses 78 config root ca export other --allow-fixed-disk \
		--passphrase-fd 0 <<<horse
	[ -z "$(ls other)" ]
}

@test "the next bundle answers the request" {
	request
	collect --quiet
	root ca issue --quiet
	root ca export stick --allow-fixed-disk --quiet
	jq -e --arg nonce "$(jq -r .nonce $NOTE)" '.answers == [$nonce]' \
		stick/crlferry/corp/000002/bundle.json
	run sub import stick
	[ "$status" -eq 0 ]
	request
	run collect
	took_in request-one-2
	says 'holds     CRL #2'
}

@test "a CRL without a number is verified, and proves none" {
	sed -i 's/^crlnumber = .*//' ca/ca.cnf
	openssl ca -gencrl -config ca/ca.cnf -out bare.pem
	openssl crl -in bare.pem -outform DER -out bare.crl
	request
	edit_note ".crl = \"$(base64 -w0 bare.crl)\" |
		del(.number, .manifest, .seals)"
	run collect
	took_in request-one-1
	says 'no CRL whose number is proven'
	[ -z "$(find $KEPT -name '*.crl')" ]
}

@test "several roots on one medium" {
	old_root cb p256 'Root B'
	make_sub cb one
	adopt_root cb beta --subordinate one=cb/one.pem
	sed '$d' ca/crlferry.cfg | sed '$s/}$/},/' >ca/both.cfg
	config_of cb | sed '1,/^roots/d' |
		sed "s|name = \"one\";|& note_key = \"$PWD/sub/note.pub\";|" \
		>>ca/both.cfg
	mv ca/both.cfg ca/crlferry.cfg
	request
	mkdir stick/crlferry/beta
	# The same subordinate, of the other root: one key will do.
	spki=$(openssl x509 -in cb/root.pem -noout -pubkey |
		openssl pkey -pubin -outform DER | sha256sum | cut -d' ' -f1)
	jq --arg spki "$spki" '.root = "beta" | .spki_sha256 = $spki |
		del(.crl, .number, .manifest, .seals)' $NOTE \
		>stick/crlferry/beta/request-one.json
	seal_note stick/crlferry/beta/request-one.json
	run collect
	took_in request-one-1
	says 'corp: request of one: taken in'
	says 'beta: request of one: taken in'
	[ -e ca/state/beta/notes/request-one-1.json ]
}

# converges ID: a rerun ends where an undisturbed run ends
converges() {
	collect --quiet || return 1
	[ "$(kept)" = "receipt-one-1 $1" ] &&
		[ "$(find $KEPT -type f | wc -l)" -eq 5 ] &&
		cmp $KEPT/000002.crl stick/crlferry/corp/000002/corp.crl &&
		no_leftovers && root ca ledger show >shown &&
		[ "$(grep -c "\"id\":\"$1\"" ca/state/ledger.jsonl)" -eq 1 ] &&
		[ "$(grep -c '"id":"receipt-one-1"' ca/state/ledger.jsonl)" -eq 1 ]
}

@test "cut off at every rename, removal and sync: a rerun converges" {
	local call n kills=0
	strace -o /dev/null true 2>/dev/null || skip "strace may not trace here"
	request
	collect --quiet
	cp -a ca/state before
	root ca issue --quiet
	root ca export stick --allow-fixed-disk --quiet
	sub import stick --quiet
	request
	for call in rename unlink fsync; do
		for ((n = 1; n < 60; n++)); do
			rm -rf ca/state
			cp -a before ca/state
			run strace -f -qq -o /dev/null \
				-e "inject=/^$call:signal=KILL:when=$n" \
				"$ROOT_PROGRAM" collect stick \
				--config ca/crlferry.cfg
			echo "$call $n: $status: $(kept)"
			[[ $(kept) == *request-one-[12]* ]]
			[ "$status" -ne 0 ] || break
			[ "$status" -eq 137 ]
			kills=$((kills + 1))
			converges request-one-2
		done
		converges request-one-2
	done
	# Two files of each note and a CRL come, two files go.
	[ "$kills" -ge 12 ]
}
