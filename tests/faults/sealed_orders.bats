#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# Another officer's seal on a reset order: it is added to an order that a
# trusted officer has sealed, for whom its place says, and to nothing else.

load ../e2e/reset_setup

# On ca an order for `one` was sealed, which wants two seals.  The second key is
# on officer, which has nothing else of the root but its certificate.
make_work() {
	make_reset_pki
	mkdir officer
	cp ca/root.pem officer/
	make_keys officer/seal
	write_officer 'trusted = ( "../ca/seal.pub" );' one two
	sed -i "s|trusted = ( |&\"$PWD/officer/seal.pub\", |
		s|required = 1|required = 2|" sub/crlferry.cfg
	ordered
}

setup() {
	restore_work
	OWN=$ORDER.$(key_id officer/seal.pub).minisig
}

make_keys() {
	"$ROOT_PROGRAM" keygen "$1.key" "$1.pub" --no-passphrase --quiet
}

# write_officer TRUSTED SUB...: the officer's configuration
write_officer() {
	local subs
	subs=$(printf '{ name = "%s"; }, ' "${@:2}")
	cat >officer/crlferry.cfg <<-CFG
		state = "state";
		seal = { secret = "seal.key"; $1 };
		roots = ( { name = "corp"; certificate = "root.pem";
		    subordinates = ( ${subs%, } ); } );
	CFG
}

seal() {
	root officer seal "$@"
}

# lone_order: no bundle beside it
lone_order() {
	find stick/crlferry/corp -mindepth 1 -maxdepth 1 -type d \
		-exec rm -r {} +
}

# untouched STATUS TOKEN TEXT [ARGUMENT...]: refused, and the stick and the
# ledger are as they were
untouched() {
	local before
	before=$(digest_of stick officer/state/ledger.jsonl)
	refuses "$1" "$2" seal stick "${@:4}" || return
	says "$3" || return
	[ "$before" = "$(digest_of stick officer/state/ledger.jsonl)" ] || {
		echo "want the stick unchanged, have: $(find stick)"
		return 1
	}
	no_leftovers
}

@test "shown, sealed under a name of its own, and recover takes it" {
	lone_order
	find stick -type f -exec sha256sum {} + >before
	keeps 65 seal 'want seals by 2 trusted keys, have 1' recover
	run seal stick
	[ "$status" -eq 0 ]
	says "corp: order for one in $ORDER"
	says '  gives up  #?'
	says "            SHA-256 $(jq -r .accepted_sha256 $ORDER)"
	says '  takes     #2'
	says "            SHA-256 $(jq -r .sha256 $ORDER)"
	says '  answers   its request 1'
	says "  time      $(jq -r .time $ORDER)"
	says '  why       crlnumber was mistyped'
	says "  sealed by $(key_id ca/seal.pub | tr a-f A-F)"
	says "order for one sealed by $(key_id officer/seal.pub | tr a-f A-F)"
	says 'the stick may be removed'
	# one file more, and no other has changed
	sha256sum --quiet -c before
	[ "$(find stick -type f | wc -l)" -eq $(($(wc -l <before) + 1)) ]
	no_leftovers
	minisign -V -p officer/seal.pub -m $ORDER -x "$OWN" |
		grep -qx "Trusted comment: $(comment_of $ORDER)"
	recover --json | jq -e '.orders[0].sealed_by | split(" ") |
		length == 2'
	root ca export stick2 --allow-fixed-disk --quiet
	root officer seal stick2 --quiet
	sub import stick2 --quiet
	accepts 2
}

@test "again: already so, and nothing is written" {
	local before
	lone_order
	seal stick --quiet
	before=$(digest_of stick officer/state/ledger.jsonl)
	run seal stick
	[ "$status" -eq 0 ]
	says 'order for one was sealed by'
	says 'before: nothing changed'
	[ "$before" = "$(digest_of stick officer/state/ledger.jsonl)" ]
	# so it is where it was ordered, though nobody else is trusted there
	sed -i 's/trusted = ([^)]*);//' ca/crlferry.cfg
	before=$(digest_of stick ca/state/ledger.jsonl)
	run root ca seal stick
	[ "$status" -eq 0 ]
	says 'order for one was sealed by'
	[ "$before" = "$(digest_of stick ca/state/ledger.jsonl)" ]
}

@test "the ledger tells of bundle and order, each once" {
	local key
	key=$(tail -n 1 officer/seal.pub)
	cp -r stick2/crlferry/corp/000002 stick/crlferry/corp/
	rm -r "stick/crlferry/corp/$LAST_NUMBER"
	seal stick --quiet
	root officer ledger verify --quiet
	jq -e -s --arg key "$key" --slurpfile order $ORDER \
		--arg order_sha256 "$(sha256sum <$ORDER | cut -d' ' -f1)" \
		'length == 2 and .[0].event == "seal" and
		.[0].order_sha256 == null and
		(.[1] | .event == "seal" and .root == "corp" and
		.number == "2" and .subordinate == "one" and
		.sha256 == $order[0].sha256 and .nonce == $order[0].nonce and
		.accepted_sha256 == $order[0].accepted_sha256 and
		.order_sha256 == $order_sha256 and .sealed_by == $key and
		(.path | endswith("/corp/reset-one.json")))' \
		officer/state/ledger.jsonl
	# as if it had stopped between the seal of either and the ledger
	rm officer/state/ledger.jsonl
	seal stick --quiet
	seal stick --quiet
	[ "$(wc -l <officer/state/ledger.jsonl)" -eq 2 ]
	head -n 1 officer/state/ledger.jsonl >first
	mv first officer/state/ledger.jsonl
	seal stick --quiet
	[ "$(wc -l <officer/state/ledger.jsonl)" -eq 2 ]
	# ordered anew, it is another
	order --quiet
	seal stick --quiet
	[ "$(grep -c order_sha256 officer/state/ledger.jsonl)" -eq 2 ]
}

@test "the number of what is given up, where the ledger knows it" {
	mkdir given
	mkdir -p given/crlferry/corp
	cp -r high "given/crlferry/corp/$LAST_NUMBER"
	root officer seal given --quiet
	run seal stick
	[ "$status" -eq 0 ]
	says "  gives up  #$LAST_NUMBER"
	seal stick --json | jq -e --arg n "$LAST_NUMBER" \
		'.orders[0].accepted_number == $n'
	# on the root, by the line of reset-order
	sed -i 's|seal = {|& trusted = ( "seal.pub" );|' ca/crlferry.cfg
	root ca seal stick --json | jq -e --arg n "$LAST_NUMBER" \
		'.orders[0] | .outcome == "same" and .accepted_number == $n'
	printf x >>officer/state/ledger.jsonl
	sed -i 's/"event"/"evens"/' officer/state/ledger.jsonl
	untouched 65 format ledger.jsonl
}

@test "JSON has orders beside bundles" {
	seal stick --json >sealed.json
	jq -e --arg id "$(key_id officer/seal.pub | tr a-f A-F)" \
		--slurpfile order $ORDER '.type == "crlferry-seal" and
		(.sealed | length) == 1 and .sealed[0].outcome == "sealed" and
		(.orders | length) == 1 and (.orders[0] |
		.root == "corp" and .subordinate == "one" and
		.outcome == "sealed" and .number == "2" and
		.sequence == 1 and .time == $order[0].time and
		.nonce == $order[0].nonce and .sha256 == $order[0].sha256 and
		.accepted_sha256 == $order[0].accepted_sha256 and
		.accepted_number == null and .why == "crlnumber was mistyped" and .sealed_by == $id and
		(.path | endswith("/corp/reset-one.json")) and
		.token == null and .message == null)' sealed.json
	seal stick --json | jq -e '.orders[0].outcome == "same"'
	lone_order
	seal stick --json | jq -e '.sealed == [] and (.orders | length) == 1'
	rm $ORDER
	cp -r stick2/crlferry/corp/000002 stick/crlferry/corp/
	seal stick --json | jq -e '.orders == [] and (.sealed | length) == 1'
}

@test "a failing order keeps neither bundles nor other orders back" {
	cp "$ORDER" stick/crlferry/corp/reset-two.json
	cp "$ORDER.minisig" stick/crlferry/corp/reset-two.json.minisig
	seal stick --json >sealed.json 2>said || [ $? -eq 65 ]
	grep -q 'crlferry-root: issuer: .*reset-two.json: subordinate: want two, have one' said
	jq -e '.sealed[0].outcome == "sealed" and
		[.orders[] | .subordinate + " " + .outcome] ==
		["one sealed", "two failed"] and
		(.orders[1] | .token == "issuer" and .sequence == null)' \
		sealed.json
	[ -f "$OWN" ]
	[ "$(find stick -name 'reset-two*.minisig' | wc -l)" -eq 1 ]
	# nor a failing bundle the orders
	rm "$OWN" stick/crlferry/corp/reset-two.*
	printf x >>stick/crlferry/corp/000001/corp.crl
	run seal stick
	[ "$status" -eq 65 ]
	says 'crlferry-root: digest: '
	says 'order for one sealed by'
	[ -f "$OWN" ]
}

@test "too few seals, foreign ones, and those of something else" {
	local other=stick/crlferry/corp/request-one.json
	lone_order
	mv $ORDER.minisig kept.minisig
	untouched 66 missing 'no complete bundle of a configured root'
	untouched 66 missing 'no sealed order of it' corp
	make_keys mallory
	seal_order mallory.key
	untouched 65 seal 'reset-one.json: no key of seal.trusted has'
	# by the officer alone, and by a subordinate
	seal_order officer/seal.key
	untouched 65 seal 'no key of seal.trusted has sealed it'
	seal_order sub/note.key
	untouched 65 seal 'no key of seal.trusted has sealed it'
	minisign -S -l -q -s ca/seal.key -m $ORDER \
		-t "$(comment_of $ORDER)" </dev/null
	untouched 65 seal 'no key of seal.trusted has sealed it'
	seal_order ca/seal.key '' "$(comment_of $ORDER)0"
	untouched 65 seal 'trusted comment: want "type:crlferry-reset '
	# the first officer's seal over another file
	minisign -S -q -s ca/seal.key -m $other -x $ORDER.minisig \
		-t "$(comment_of $ORDER)" </dev/null
	untouched 65 seal 'no key of seal.trusted has sealed it'
	mv kept.minisig $ORDER.minisig
	seal stick --quiet
}

@test "any changed octet" {
	local at size step=$((CRLFERRY_LONG ? 1 : 53))
	lone_order
	cp $ORDER right.json
	size=$(stat -c %s right.json)
	for ((at = 0; at < size; at += step)); do
		flip $ORDER "$at"
		untouched 65 seal 'no key of seal.trusted has sealed it'
		cp right.json $ORDER
	done
	seal stick --quiet
}

@test "another root, key, subordinate or document, though sealed" {
	lone_order
	cp $ORDER right.json
	while read -r token filter text; do
		cp right.json $ORDER
		edit_order "$filter"
		untouched 65 "$token" "$text"
	done <<-'END'
		issuer .root="other" root: want corp, have other
		issuer .subordinate="two" subordinate: want one, have two
		issuer .spki_sha256|=(.[1:]+"0") spki_sha256 is not that of
		format .version=2 order: version: want 1, have 2
		format .more=1 unknown key "more"
		format .sha256=.accepted_sha256 accepted_sha256 name the same CRL
		format .type="crlferry-request" order: type: want crlferry-reset
	END
	# not as it is written: recover would not take it
	jq -c . right.json >$ORDER
	seal_order
	untouched 65 format 'not in the one form of an order'
	cp right.json $ORDER
	seal_order
	seal stick --quiet
}

@test "replayed from another stick: the seal fits nothing else" {
	lone_order
	cp $ORDER old.json
	cp $ORDER.minisig old.minisig
	ordered
	lone_order
	# the seal of the earlier order beside the new one
	cp $ORDER.minisig new.minisig
	cp old.minisig $ORDER.minisig
	untouched 65 seal 'no key of seal.trusted has sealed it'
	# the whole of it is shown as what it is, and works for nobody
	cp old.json $ORDER
	run seal stick
	[ "$status" -eq 0 ]
	says '  answers   its request 1'
	keeps 77 rollback 'have one of 1' recover
}

@test "nobody is trusted: an order is worth what its seals are" {
	write_officer '' one
	lone_order
	untouched 65 seal 'seal.trusted names no key of another officer'
	says 'sealed by cannot tell'
	# a bundle, which the root has signed, is sealed all the same
	cp -r stick2/crlferry/corp/000002 stick/crlferry/corp/
	run seal stick
	[ "$status" -eq 65 ]
	says 'cannot tell who sealed it'
	says 'corp: sealed by'
	[ ! -e "$OWN" ]
}

@test "what stands under our name" {
	lone_order
	echo cut >"$OWN"
	seal stick --quiet
	minisign -V -q -p officer/seal.pub -m $ORDER -x "$OWN"
	# a key id is no identity: the other officer's seal stays
	seal_order ca/seal.key ".$(key_id officer/seal.pub)"
	untouched 65 key 'a trusted key that has the same id'
	rm "$OWN"
	ln -s "$PWD/right.json" "$OWN"
	untouched 65 format 'is a link'
}

@test "more than sixteen seals: refused" {
	local n
	lone_order
	for n in $(seq 10 24); do
		cp $ORDER.minisig "$ORDER.00000000000000$n.minisig"
	done
	untouched 65 seal 'want at most 16 seals, have 17'
	# names that no key has are nobody's seals
	mv $ORDER.0000000000000024.minisig $ORDER.second.minisig
	seal stick --quiet
	# all sixteen are there: nothing is to be done
	seal stick --json | jq -e '.orders[0].outcome == "same"'
	for n in 23 24; do
		cp $ORDER.minisig "$ORDER.10000000000000$n.minisig"
	done
	untouched 65 format 'one seal more than the 17 that an order may have'
}

@test "a key that verifies notes, and a subordinate that is not configured" {
	write_officer 'trusted = ( "../ca/seal.pub" );' two
	lone_order
	untouched 66 missing 'no sealed order for a configured subordinate'
	write_officer 'trusted = ( "../ca/seal.pub" );' one
	sed -i 's|name = "one";|& note_key = "seal.pub";|' officer/crlferry.cfg
	untouched 78 config note_key
}

@test "files that are none" {
	lone_order
	cp $ORDER right.json
	rm $ORDER
	ln -s ../../../right.json $ORDER
	untouched 65 format 'is a link'
	rm $ORDER
	mkfifo $ORDER
	untouched 65 format 'not a regular file'
	rm $ORDER
	# too much to be read twice for its digest
	truncate -s 10G $ORDER
	names=$(find stick)
	refuses 65 format seal stick
	says 'want at most 8192 octets'
	[ "$names" = "$(find stick)" ]
	rm $ORDER
	untouched 66 missing 'no complete bundle of a configured root'
}

@test "the stick is exchanged while the passphrase is asked for" {
	rm officer/seal.key officer/seal.pub
	"$ROOT_PROGRAM" keygen officer/seal.key officer/seal.pub --quiet \
		--passphrase-fd 0 <<<horse
	lone_order
	cp $ORDER first.json
	ordered
	lone_order
	cat >ask.exp <<-EXP
		set timeout 300
		spawn $ROOT_PROGRAM seal stick --config officer/crlferry.cfg
		expect {
			timeout { exit 3 }
			-re "order for one in.*passphrase of .*: "
		}
		exec cp first.json $ORDER
		send "horse\r"
		expect {
			timeout { exit 4 }
			"was the stick exchanged?"
		}
		expect {
			timeout { exit 5 }
			eof
		}
		exit [lindex [wait] 3]
	EXP
	run expect ask.exp
	echo "$output"
	[ "$status" -eq 74 ]
	[ ! -e officer/state/ledger.jsonl ]
}

@test "a full and a read-only stick" {
	lone_order
	mkdir small
	mount -t tmpfs -o size=64k none small ||
		skip "a filesystem cannot be mounted here"
	cp -a stick/crlferry small/
	dd if=/dev/zero of=small/filler bs=4k 2>/dev/null || true
	refuses 74 no-space root officer seal small
	no_leftovers
	[ "$(find small -name '*.json.*minisig' | wc -l)" -eq \
		"$(find stick -name '*.json.*minisig' | wc -l)" ]
	rm small/filler
	mount -o remount,ro small
	run root officer seal small
	[ "$status" -eq 74 ] || [ "$status" -eq 77 ]
	mount -o remount,rw small
	root officer seal small --quiet
	[ -f "small/${OWN#stick/}" ]
}
