#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# crlferry-sub request: what a subordinate tells its root.

load notes_setup

setup() {
	restore_work
	SEQUENCE=sub/state/corp/outbox/sequence-one.json
}

@test "a request says who, when, and what is held" {
	local before after
	before=$(date -u +%s)
	run sub request stick --allow-fixed-disk
	after=$(date -u +%s)
	[ "$status" -eq 0 ]
	says "corp: request of one written to $NOTE"
	says 'the accepted CRL, #1, and its sealed manifest'
	says 'may be removed'
	jq -e --argjson before "$before" --argjson after "$after" '
		.type == "crlferry-request" and .version == 1 and
		.root == "corp" and .subordinate == "one" and
		.sequence == 1 and .number == "1" and
		(.nonce | test("^[0-9a-f]{64}$")) and
		(.time | fromdate) >= $before and
		(.time | fromdate) <= $after' $NOTE
	[ "$(jq -r .spki_sha256 $NOTE)" = "$(openssl x509 -in ca/root.pem \
		-noout -pubkey | openssl pkey -pubin -outform DER |
		sha256sum | cut -d' ' -f1)" ]
	jq -r .crl $NOTE | base64 -d |
		cmp - stick/crlferry/corp/000001/corp.crl
	jq -j .manifest $NOTE | cmp - stick/crlferry/corp/000001/bundle.json
	jq -j '.seals[0]' $NOTE |
		cmp - stick/crlferry/corp/000001/bundle.json.*.minisig
	[ "$(stat -c %a $NOTE $NOTE.minisig | paste -sd ' ')" = '644 644' ]
	no_leftovers
	# The bundle beside it is as it was.
	(cd stick/crlferry/corp/000001 && sha256sum --strict --quiet -c \
		SHA256SUMS)
	sub info stick --quiet
}

@test "minisign verifies it, and shows what was sealed" {
	request
	run minisign -V -p sub/note.pub -m $NOTE
	[ "$status" -eq 0 ]
	says "Trusted comment: $(comment_of $NOTE)"
	says 'type:crlferry-request root:corp subordinate:one sequence:1 time:'
	says ' number:1'
	run minisign -V -p ca/seal.pub -m $NOTE
	[ "$status" -ne 0 ]
}

@test "the sequence rises, nonces differ, the last one replaces" {
	local n
	for n in 1 2 3; do
		request
		[ "$(jq .sequence $NOTE)" -eq $n ]
		jq -r .nonce $NOTE >>nonces
		[ "$(jq -r .nonce $NOTE)" = "$(jq -r .nonce $SEQUENCE)" ]
	done
	[ "$(sort -u nonces | wc -l)" -eq 3 ]
	[ "$(find stick/crlferry/corp -name 'request-*' | wc -l)" -eq 2 ]
	minisign -V -q -p sub/note.pub -m $NOTE
	run sub request stick --allow-fixed-disk --json
	jq -e --arg path "$NOTE" '.type == "crlferry-requests" and
		.requests == [{root: "corp", subordinate: "one", sequence: 4,
		number: "1", crl: true, manifest: true, path: $path,
		receipt: null}]' \
		<<<"$output"
	run request
	[ -z "$output" ]
}

@test "before the first import it holds nothing, and import still begins" {
	rm -rf sub/state stores
	mkdir -p stores/hash
	run sub request stick --allow-fixed-disk
	[ "$status" -eq 0 ]
	says 'no CRL yet'
	jq -e 'has("crl") or has("number") or has("manifest") or
		has("seals") | not' $NOTE
	run collect
	took_in request-one-1
	run sub check
	[ "$status" -eq 2 ]
	says_not accepted
	run sub import stick
	[ "$status" -eq 0 ]
	says_not note:
	request
	[ "$(jq -r .number $NOTE)" = 1 ]
	[ "$(jq .sequence $NOTE)" -eq 2 ]
	# What was accepted and lost is told from what never was.
	rm sub/state/corp/accepted.json sub/state/corp/accepted.crl
	rm -r stores/*
	mkdir stores/hash
	refuses 66 missing sub import stick
	says 'accepted.*, importing, orders.json and previous'
}

@test "a manifest of another CRL is not sent" {
	local n
	root ca issue --quiet
	sed -i 's/name = "corp";/& bare = true;/' sub/crlferry.cfg
	run sub import "$(last_crl ca corp)"
	[ "$status" -eq 0 ]
	run sub request stick --allow-fixed-disk
	says 'holds     the accepted CRL, #2'
	says_not manifest
	jq -e '.number == "2" and (has("manifest") or has("seals") | not)' \
		$NOTE
	run collect
	took_in request-one-1
	# The same CRL, sealed this time: its manifest comes with it.
	root ca export stick --allow-fixed-disk --quiet
	run sub import stick
	says 'CRL #2'
	request
	jq -j .manifest $NOTE | cmp - stick/crlferry/corp/000002/bundle.json
	for n in 'garbage' '{}' ''; do
		echo "$n" >sub/state/corp/accepted.sealed.json
		request
		jq -e 'has("crl") and (has("manifest") | not)' $NOTE
	done
	sub import stick --quiet
	request
	jq -e 'has("manifest")' $NOTE
}

@test "an accepted CRL that is lost or damaged is not sent" {
	perl -0777 -pi -e 'substr($_, 60, 1) ^= "\x01"' \
		sub/state/corp/accepted.crl
	request
	jq -e 'has("crl") or has("number") or has("manifest") | not' $NOTE
	rm sub/state/corp/accepted.crl
	run sub request stick --allow-fixed-disk
	says 'no CRL yet'
	sub import stick --quiet
	request
	jq -e 'has("crl") and has("manifest")' $NOTE
}

@test "no note_secret: config, and how to make one" {
	unset_subordinate sub/crlferry.cfg note_secret
	refused . 78 config sub request stick --allow-fixed-disk
	says 'sub/crlferry.cfg:'
	says 'crlferry-sub keygen'
}

@test "a key with a passphrase" {
	rm sub/note.key sub/note.pub
	sub keygen sub/note.key sub/note.pub --passphrase-fd 0 --quiet <<<horse
	refused . 65 key sub request stick --allow-fixed-disk \
		--passphrase-fd 0 <<<donkey
	refused . 65 key setsid --wait "$SUB_PROGRAM" request stick \
		--allow-fixed-disk --config sub/crlferry.cfg </dev/null
	[ ! -e $SEQUENCE ]
	[ ! -e $NOTE ]
	sub request stick --allow-fixed-disk --quiet --passphrase-fd 0 \
		<<<horse
	run collect
	took_in request-one-1
}

@test "minisign's own key seals as well" {
	minisign -G -W -f -p sub/note.pub -s sub/note.key </dev/null
	chmod 600 sub/note.key
	request
	minisign -V -p sub/note.pub -m $NOTE
	run collect
	took_in request-one-1
}

@test "wrong keys" {
	local mode
	for mode in 640 604 622; do
		chmod $mode sub/note.key
		refused . 77 permissions request
	done
	chmod 600 sub/note.key
	cp sub/note.key kept.key
	echo garbage >sub/note.key
	refused . 65 key request
	rm sub/note.key
	refused . 66 missing request
	cp ca/seal.key sub/note.key
	refused . 78 config request
	says 'note_secret is not a key of its own: it is one that seals bundles'
	mv kept.key sub/note.key
	request
}

@test "two subordinates on one machine" {
	sed -i 's|{ name = "one";|{ name = "two";\n          note_secret = "../two.key";\n          certificate = "../ca/two.pem"; },\n        &|' \
		sub/crlferry.cfg
	request
	run collect
	took_in request-one-1
	took_in request-two-1
	request
	[ "$(jq .sequence stick/crlferry/corp/request-two.json)" -eq 2 ]
	sed -i 's|"../two.key"|"note.key"|' sub/crlferry.cfg
	refused . 78 config request
	says "note_secret is not a key of its own: it is another subordinate's"
}

@test "one key file for two roots is asked for once" {
	old_root cb p256 'Root B'
	make_sub cb one
	sed -i '$d' sub/crlferry.cfg
	sed -i '$s/}$/},/' sub/crlferry.cfg
	cat >>sub/crlferry.cfg <<-CFG
		{ name = "beta"; certificate = "../cb/root.pem";
		  subordinates = ( { name = "one"; note_secret = "note.key"; } ); } );
	CFG
	rm sub/note.key sub/note.pub
	sub keygen sub/note.key sub/note.pub --passphrase-fd 0 --quiet <<<horse
	sub request stick --allow-fixed-disk --quiet --passphrase-fd 0 \
		<<<horse
	minisign -V -q -p sub/note.pub -m $NOTE
	minisign -V -q -p sub/note.pub \
		-m stick/crlferry/beta/request-one.json
}

@test "the medium is judged as by export" {
	refused . 77 medium sub request stick
	says --allow-fixed-disk
	refused . 66 missing sub request none --allow-fixed-disk
	refused . 77 medium sub request ca/root.pem --allow-fixed-disk
	refused . 64 usage sub request
	mkdir elsewhere empty
	ln -s "$T/elsewhere" empty/crlferry
	refuses 65 format sub request empty --allow-fixed-disk
	[ -z "$(find elsewhere -type f)" ]
}

@test "a full medium: nothing is written, and the second try works" {
	mkdir small
	mount -t tmpfs -o size=32k none small ||
		skip "a small filesystem cannot be mounted here"
	dd if=/dev/zero of=small/filler bs=4k 2>/dev/null || true
	refused small 77 medium sub request small --allow-fixed-disk
	no_leftovers
	rm small/filler
	sub request small --allow-fixed-disk --quiet
	# A sequence that may have been seen is not used again.
	[ "$(jq .sequence small/crlferry/corp/request-one.json)" -eq 2 ]
	run root ca collect small
	took_in request-one-2
}

@test "a damaged sequence is not guessed" {
	request
	echo '{}' >$SEQUENCE
	refused . 65 format request
	says 'make a new note key'
	rm $SEQUENCE
	collect --quiet
	request
	# Under the old key the root refuses what begins anew.
	set_aside 77 rollback 'or its counter was lost'
}

@test "cut off at every rename, removal and sync: no sequence twice" {
	local call n kills=0 last=1
	strace -o /dev/null true 2>/dev/null || skip "strace may not trace here"
	request
	cp $NOTE seen-1
	for call in rename unlink fsync; do
		for ((n = 1; n < 60; n++)); do
			run strace -f -qq -o /dev/null \
				-e "inject=/^$call:signal=KILL:when=$n" \
				"$SUB_PROGRAM" request stick --quiet \
				--allow-fixed-disk --config sub/crlferry.cfg
			echo "$call $n: $status"
			# A whole one, or none.
			if [ -e $NOTE.minisig ]; then
				minisign -V -q -p sub/note.pub -m $NOTE
				last=$(jq .sequence $NOTE)
				[ ! -e seen-$last ] || cmp $NOTE seen-$last
				cp $NOTE seen-$last
			fi
			[ "$status" -ne 0 ] || break
			[ "$status" -eq 137 ]
			kills=$((kills + 1))
			request
			[ "$(jq .sequence $NOTE)" -gt "$last" ]
			last=$(jq .sequence $NOTE)
			cp $NOTE seen-$last
			minisign -V -q -p sub/note.pub -m $NOTE
			no_leftovers
		done
	done
	[ "$kills" -ge 6 ]
}
