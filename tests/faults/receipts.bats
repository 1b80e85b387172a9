#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# Receipts that an import cannot write, and what it meets on the way: the
# import is done all the same, and the receipt waits for the next chance.

load ../e2e/notes_setup

setup() {
	restore_work
	WAITS=sub/state/corp/outbox/receipt-one.json
	NOTE=stick/crlferry/corp/receipt-one.json
	next_crl
}

# next_crl: the root issues and exports one more
next_crl() {
	root ca issue --quiet &&
		root ca export stick --allow-fixed-disk --quiet
}

# installed NUMBER: the last run did it, and the stores have it
installed() {
	[ "$status" -eq 0 ] && says "CRL #$1 is installed" || {
		echo "want CRL #$1 installed, have $status: $output"
		return 1
	}
	sub status --json | jq -e --arg number "$1" \
		'[.pairs[0].stores[].number] == [$number, $number, $number]' \
		>/dev/null
}

# waits SEQUENCE: in the outbox, and the last run said so
waits() {
	[ -e $WAITS ] && [ "$(jq .sequence $WAITS)" -eq "$1" ] || {
		echo "want receipt $1 in the outbox, have $(find sub/state)"
		return 1
	}
	says 'the receipt of one waits for the next request or import: '
}

# arrived SEQUENCE: on the stick, nothing in the outbox, and the root takes it
arrived() {
	[ ! -e $WAITS ] && [ ! -e $WAITS.minisig ] &&
		[ "$(jq .sequence $NOTE)" -eq "$1" ] || {
		echo "want receipt $1 on the stick, have $(find sub/state stick)"
		return 1
	}
	minisign -V -q -p sub/note.pub -m $NOTE
	run collect
	took_in "receipt-one-$1"
	no_leftovers
}

@test "a receipt says what was installed where, and minisign verifies it" {
	run sub import stick
	installed 2
	says "corp: receipt of one written to $NOTE"
	[ "${lines[-1]}" = "All is written: the stick may be removed." ]
	jq -e --arg sha "$(sha256sum <stick/crlferry/corp/000002/corp.crl |
		cut -d' ' -f1)" --arg stores "$T/stores" '
		.type == "crlferry-receipt" and .version == 1 and
		.root == "corp" and .subordinate == "one" and
		.sequence == 1 and .number == "2" and .sha256 == $sha and
		.stores == [
		{type: "hashdir", path: ($stores + "/hash"), outcome: "installed"},
		{type: "pem", path: ($stores + "/all.pem"), outcome: "installed"},
		{type: "der", path: ($stores + "/one.crl"), outcome: "installed"}]' \
		$NOTE
	[ "$(jq -r '.this_update + .next_update' $NOTE)" = "$(jq -r \
		'.this_update + .next_update' \
		stick/crlferry/corp/000002/bundle.json)" ]
	run minisign -V -p sub/note.pub -m $NOTE
	[ "$status" -eq 0 ]
	says "Trusted comment: $(comment_of $NOTE)"
	arrived 1
	# The bundle beside it is as it was.
	sub info stick --quiet
}

@test "the same CRL again: no new receipt; a repair: one" {
	sub import stick --quiet
	cp $NOTE first.json
	run sub import stick
	[ "$status" -eq 0 ]
	says 'nothing changed'
	says_not receipt
	cmp $NOTE first.json
	[ ! -e $WAITS ]
	rm stores/one.crl
	run sub import stick
	says 'lacked it have it now'
	jq -e '[.stores[].outcome] == ["same", "same", "installed"]' $NOTE
	arrived 2
}

@test "a dry run, info, and a refused import write none" {
	local before
	before=$(digest_of sub stick)
	sub import stick --dry-run --quiet
	sub info stick --quiet
	[ "$before" = "$(digest_of sub stick)" ]
	sub import stick --quiet
	rm $NOTE $NOTE.minisig
	rm -r stick/crlferry/corp/000002
	refuses 77 rollback sub import stick
	[ ! -e $NOTE ]
	[ ! -e $WAITS ]
}

@test "without a note_secret there is none, and no word of it" {
	unset_subordinate sub/crlferry.cfg note_secret
	run sub import stick
	installed 2
	says_not receipt
	[ ! -e sub/state/corp/outbox ]
}

@test "as JSON, how many went and how many wait" {
	run --separate-stderr sub import stick --json
	jq -e '.imported[0] | .outcome == "installed" and
		.receipts_written == 1 and .receipts_waiting == 0' \
		<<<"$output"
	next_crl
	run --separate-stderr sub import stick/crlferry/corp/000003 --json
	jq -e '.imported[0] | .outcome == "installed" and
		.receipts_written == 0 and .receipts_waiting == 1' \
		<<<"$output"
	run --separate-stderr sub request stick --allow-fixed-disk --json
	jq -e --arg path "$NOTE" '.requests[0].receipt == $path' <<<"$output"
	arrived 2
}

@test "a read-only stick: the receipt waits for a request" {
	cp -r stick kept
	mount -t tmpfs -o size=1m none stick ||
		skip "a filesystem cannot be mounted here"
	cp -r kept/. stick
	mount -o remount,ro stick
	run sub import stick
	installed 2
	waits 1
	says 'Read-only file system'
	[ ! -e $NOTE ]
	# Nothing new on it, and it still waits.
	run sub import stick
	[ "$status" -eq 0 ]
	says 'nothing changed'
	waits 1
	umount stick
	run sub request stick --allow-fixed-disk
	[ "$status" -eq 0 ]
	says "corp: receipt of one written to $NOTE"
	arrived 1
	took_in request-one-1
}

@test "it waits for an import from a stick that can be written as well" {
	run sub import stick/crlferry/corp/000002
	installed 2
	waits 1
	says 'there is no medium to write it to'
	run sub import stick
	[ "$status" -eq 0 ]
	says 'nothing changed'
	says "corp: receipt of one written to $NOTE"
	arrived 1
}

@test "a bare CRL, and the newest receipt takes the place of the others" {
	sed -i 's/name = "corp";/& bare = true;/' sub/crlferry.cfg
	run sub import "$(last_crl ca corp)"
	installed 2
	waits 1
	root ca issue --quiet
	run sub import "$(last_crl ca corp)"
	installed 3
	waits 2
	run sub import stick
	# It has #2 alone: refused, and no reason to leave anything there.
	[ "$status" -eq 77 ]
	[ "$(jq .sequence $WAITS)" -eq 2 ]
	[ ! -e $NOTE ]
	root ca export stick --allow-fixed-disk --quiet
	sub import stick --quiet
	[ "$(jq -r .number $NOTE)" = 3 ]
	arrived 2
}

@test "a full stick" {
	cp -r stick kept
	mount -t tmpfs -o size=256k none stick ||
		skip "a filesystem cannot be mounted here"
	cp -r kept/. stick
	dd if=/dev/zero of=stick/filler bs=4k 2>/dev/null || true
	run sub import stick
	installed 2
	waits 1
	[ ! -e $NOTE.minisig ]
	rm stick/filler
	run sub import stick
	says "receipt of one written to $NOTE"
	arrived 1
}

@test "a key with a passphrase: nobody is asked, and the next request seals it" {
	rm sub/note.key sub/note.pub
	sub keygen sub/note.key sub/note.pub --passphrase-fd 0 --quiet <<<horse
	run guarded "$SUB_PROGRAM" import stick --config sub/crlferry.cfg \
		</dev/null
	installed 2
	waits 1
	says 'note.key: needs its passphrase, and there is no --passphrase-fd'
	[ ! -e $WAITS.minisig ]
	[ ! -e $NOTE ]
	# Not on a terminal either.
	run script -qec "$SUB_PROGRAM import stick --config sub/crlferry.cfg" \
		/dev/null </dev/null
	[ "$status" -eq 0 ]
	says_not 'passphrase of '
	run sub request stick --allow-fixed-disk --passphrase-fd 0 <<<horse
	[ "$status" -eq 0 ]
	says "corp: receipt of one written to $NOTE"
	arrived 1
	next_crl
	run sub import stick --passphrase-fd 0 <<<donkey
	installed 3
	waits 2
	run sub import stick --passphrase-fd 0 <<<horse
	[ "$status" -eq 0 ]
	arrived 2
}

@test "a key that is loose, missing, damaged or in another role" {
	cp sub/note.key kept.key
	chmod 644 sub/note.key
	run sub import stick
	installed 2
	waits 1
	rm sub/note.key
	run sub import stick
	[ "$status" -eq 0 ]
	waits 1
	echo garbage >sub/note.key
	chmod 600 sub/note.key
	run sub import stick
	[ "$status" -eq 0 ]
	waits 1
	cp ca/seal.key sub/note.key
	run sub import stick
	[ "$status" -eq 0 ]
	waits 1
	says 'note_secret is not a key of its own'
	cp kept.key sub/note.key
	run sub import stick
	arrived 1
}

@test "a key that was replaced while it waited seals it anew" {
	sub import stick/crlferry/corp/000002 --quiet
	[ -e $WAITS.minisig ]
	rm sub/note.key sub/note.pub
	sub keygen sub/note.key sub/note.pub --no-passphrase --quiet
	sub import stick --quiet
	arrived 1
}

@test "the seal of a receipt that waited is not that of the next one" {
	# it is sealed, and cannot be written
	mkdir $NOTE
	run sub import stick
	installed 2
	waits 1
	[ -e $WAITS.minisig ]
	rmdir $NOTE
	# the next one cannot be sealed
	next_crl
	mv sub/note.key .
	run sub import stick
	installed 3
	waits 2
	[ ! -e $WAITS.minisig ]
	[ ! -e $NOTE ]
	mv note.key sub/
	run sub request stick --allow-fixed-disk
	[ "$status" -eq 0 ]
	arrived 2
}

@test "a damaged sequence or outbox is said, and the import done" {
	mkdir -p sub/state/corp/outbox
	echo '{}' >sub/state/corp/outbox/sequence-one.receipt.json
	run sub import stick
	installed 2
	says 'no receipt of one: '
	says 'make a new note key'
	[ ! -e $NOTE ]
	# the same CRL again, and there is one
	rm sub/state/corp/outbox/sequence-one.receipt.json
	run sub import stick
	[ "$status" -eq 0 ]
	arrived 1
	run sub import stick
	[ "$status" -eq 0 ]
	says 'nothing changed'
	says_not receipt
	echo garbage >$WAITS
	run sub import stick
	[ "$status" -eq 0 ]
	says 'the receipt of one waits'
	next_crl
	run sub import stick
	installed 3
	arrived 2
}

@test "the seal of a receipt that went, by a run that was killed, goes too" {
	sub import stick --quiet
	cp $NOTE.minisig $WAITS.minisig
	run sub import stick
	[ "$status" -eq 0 ]
	says_not receipt
	[ ! -e $WAITS.minisig ]
}

@test "links on the stick are not followed" {
	local before folder=stick/crlferry/corp
	mkdir away
	echo precious >away/file
	before=$(digest_of away)
	for name in receipt-one.json receipt-one.json.minisig \
		.receipt-one.json.crlferry-new; do
		ln -s "$T/away/file" $folder/$name
		sub import stick --quiet
		[ "$before" = "$(digest_of away)" ]
		rm -f $folder/receipt-one.json* $folder/.receipt*
		next_crl
	done
	for name in receipt-one.json receipt-one.json.minisig \
		.receipt-one.json.crlferry-new; do
		ln away/file $folder/$name
		sub import stick --quiet
		grep -qx precious away/file
		rm -f $folder/receipt-one.json* $folder/.receipt*
		next_crl
	done
	mkfifo $folder/receipt-one.json
	run guarded "$SUB_PROGRAM" import stick --config sub/crlferry.cfg
	[ "$status" -eq 0 ]
}

@test "two subordinates on one machine, each with its own" {
	sed -i 's|{ name = "one";|{ name = "two";\n          note_secret = "../two.key";\n          certificate = "../ca/two.pem";\n          stores = ( { type = "der"; path = "../stores/two.crl"; } ); },\n        &|' \
		sub/crlferry.cfg
	run sub import stick
	[ "$status" -eq 0 ]
	jq -e '.subordinate == "two" and (.stores | length) == 1 and
		.stores[0].type == "der"' stick/crlferry/corp/receipt-two.json
	jq -e '.subordinate == "one" and (.stores | length) == 3' $NOTE
	run collect
	took_in receipt-one-1
	took_in receipt-two-1
	run root ca status
	says 'corp/one: installed #2'
	says 'corp/two: installed #2'
}

@test "octets of a path that are no text" {
	mkdir "$(printf 'stores/a\377b')"
	perl -pi -e 's|stores/hash|stores/a\377b|' sub/crlferry.cfg
	run sub import stick
	[ "$status" -eq 0 ]
	[ "$(jq -r '.stores[0].path' $NOTE)" = "$T/stores/a?b" ]
	arrived 1
}

@test "cut off at every rename and removal: a receipt in the end" {
	local call n kills=0 last=0 calls=(rename unlink)
	[ -z "${CRLFERRY_LONG:-}" ] || calls+=(fsync)
	strace -o /dev/null true 2>/dev/null || skip "strace may not trace here"
	cp -a sub before.sub
	cp -a stores before.stores
	cp -a stick before.stick
	for call in "${calls[@]}"; do
		for ((n = 1; n < 90; n++)); do
			rm -rf sub stores stick
			cp -a before.sub sub
			cp -a before.stores stores
			cp -a before.stick stick
			run strace -f -qq -o /dev/null \
				-e "inject=/^$call:signal=KILL:when=$n" \
				"$SUB_PROGRAM" import stick --quiet \
				--config sub/crlferry.cfg
			echo "$call $n: $status"
			# A whole one, or none.
			last=0
			if [ -e $NOTE.minisig ]; then
				minisign -V -q -p sub/note.pub -m $NOTE
				last=$(jq .sequence $NOTE)
				cp $NOTE seen
			fi
			[ "$status" -ne 0 ] || break
			[ "$status" -eq 137 ]
			kills=$((kills + 1))
			sub import stick --quiet
			[ ! -e $WAITS ]
			minisign -V -q -p sub/note.pub -m $NOTE
			[ "$(jq .sequence $NOTE)" -ge "$last" ]
			[ "$(jq .sequence $NOTE)" -ne "$last" ] ||
				cmp $NOTE seen
			[ "$(jq -r .number $NOTE)" = 2 ]
			no_leftovers
		done
	done
	[ "$kills" -ge 12 ]
}
