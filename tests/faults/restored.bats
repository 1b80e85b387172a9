#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# The root restored from an old backup, its ledger cut or rewritten: what comes
# back from the subordinates tells.

load ../e2e/notes_setup
load ../e2e/ledger_helpers

# The folder `backup` is the root of last quarter, with CRL #1.  Since then #2
# revoked `bad`, and the subordinate has it; the request on `medium` says so.
make_work() {
	make_noted_pair bad worse
	round --first
	cp -a ca backup
	revoke_sub ca bad
	round
	sub request medium --allow-fixed-disk --quiet
}

setup() {
	restore_work
	LEDGER=ca/state/ledger.jsonl
}

# restore: the backup takes the root's place
restore() {
	rm -rf ca
	cp -a backup ca
}

# reseal_note FILE: the real minisign seals what a test made of a note
reseal_note() {
	minisign -S -q -s sub/note.key -m "$1" -x "$1.minisig" -t \
		"$(jq -r '"type:\(.type) root:\(.root) " +
		"subordinate:\(.subordinate) sequence:\(.sequence) " +
		"time:\(.time)" + (if .number then " number:\(.number)"
		else "" end)' "$1")" </dev/null
}

# edit_note JQ-FILTER: the request on the medium, sealed again
edit_note() {
	local note=medium/crlferry/corp/request-live.json
	jq "$1" $note >edited.json && mv edited.json $note &&
		reseal_note $note
}

@test "restored from backup: regressed, adopt brings back what was lost" {
	restore
	lists_not "$(last_crl ca corp)" 1001
	# Without the note nobody can know; with it the way is named.
	root ca collect medium
	refused ca 77 regressed root ca issue
	says "crlferry-root adopt --config ca/crlferry.cfg corp $(echo ca/state/corp/notes/000002.crl)"
	says request-live-1
	refused ca 77 regressed root ca issue --first
	# no evidence of a date, but a CRL: there is no way around it
	refused ca 66 missing root ca issue --discard-evidence crl-2 --why x
	refused ca 77 regressed root ca ledger verify
	run root ca adopt corp ca/state/corp/notes/000002.crl
	[ "$status" -eq 0 ]
	says 'it lacked 1 revocation: entered 1001'
	says 'has lost lines'
	openssl ca -config ca/ca.cnf -status 1001 2>&1 | grep -q '=Revoked'
	jq -es --arg head "$(jq -r .ledger_head \
		medium/crlferry/corp/000002/bundle.json | cut -c1-16)" \
		'.[-1].event == "adopt" and .[-1].ledger_lost == $head' $LEDGER
	run root ca issue
	[ "$status" -eq 0 ]
	says 'issued #3 with 1 revoked'
	lists "$(last_crl ca corp)" 1001
	run root ca ledger verify
	[ "$status" -eq 0 ]
	says 'heads that notes bring back: 1, all accounted for'
	# and the subordinate takes it
	root ca export medium --allow-fixed-disk --quiet
	sub import medium --quiet
	cmp "$(last_crl ca corp)" stores/one.crl
}

@test "what was proven once is not undone by another note, or another key" {
	restore
	root ca collect medium --quiet
	refused ca 77 regressed root ca issue
	# whoever has the note key sends one that proves nothing
	edit_note 'del(.crl, .manifest, .seals, .number) | .sequence = 100'
	root ca collect medium --quiet
	[ ! -e ca/state/corp/notes/request-live-1.json ]
	refused ca 77 regressed root ca issue
	says 'is ahead of the archive (the last in it: CRL #1)'
	says "adopt --config ca/crlferry.cfg corp ca/state/corp/notes/000002.crl"
	# a new key, under which no kept note counts any more
	sub keygen sub/note2.key sub/note2.pub --no-passphrase >/dev/null
	sed -i 's,sub/note.pub,sub/note2.pub,' ca/crlferry.cfg
	refused ca 77 regressed root ca issue
	root ca adopt corp ca/state/corp/notes/000002.crl --quiet
	run root ca issue
	[ "$status" -eq 0 ]
	says 'issued #3 with 1 revoked'
}

@test "what only lies where proven CRLs do is no proof" {
	restore
	root ca collect medium --quiet
	rm ca/state/corp/notes/request-live-1.json*
	old_root other p256
	openssl_crl other "$(last_crl ca corp)" other.crl
	cp other.crl ca/state/corp/notes/000009.crl
	mv ca/state/corp/notes/000002.crl ca/state/corp/notes/000008.crl
	run root ca issue
	[ "$status" -eq 0 ]
	says '000009.crl: proves nothing'
	says '000008.crl: proves nothing: it has another number'
}

@test "the archive lost altogether" {
	rm -r ca/state/corp/archive
	root ca collect medium --quiet
	refused ca 77 regressed root ca issue --first
	says 'is ahead of the archive (the last in it: none)'
	root ca adopt corp ca/state/corp/notes/000002.crl --quiet
	run root ca issue
	[ "$status" -eq 0 ]
	says 'issued #3 with 1 revoked'
}

@test "what a note only claims proves nothing" {
	restore
	# a number without a CRL
	edit_note '.number = "99" | del(.crl, .manifest, .seals)'
	root ca collect medium
	run root ca issue
	[ "$status" -eq 0 ]
	says 'issued #2 '
	# the number of another CRL than the one it holds
	restore
	cp "$SAVED"/medium/crlferry/corp/request-live.json* \
		medium/crlferry/corp
	edit_note '.number = "99"'
	run root ca collect medium
	says 'want its CRL'
	root ca issue --quiet
	# a CRL of another key
	restore
	cp "$SAVED"/medium/crlferry/corp/request-live.json* \
		medium/crlferry/corp
	make_root twin p256
	echo 63 >twin/crlnumber
	openssl ca -gencrl -config twin/ca.cnf -out twin.pem 2>openssl.log
	edit_note ".number = \"99\" | .crl = \"$(openssl crl -in twin.pem \
		-outform DER | base64 -w0)\""
	run root ca collect medium
	run root ca issue
	[ "$status" -eq 0 ]
	says 'issued #2 '
	# a manifest that a stranger sealed
	restore
	cp "$SAVED"/medium/crlferry/corp/request-live.json* \
		medium/crlferry/corp
	root ca collect medium
	root ca adopt corp ca/state/corp/notes/000002.crl --quiet
	"$ROOT_PROGRAM" keygen evil.key evil.pub --no-passphrase >/dev/null
	jq -r .manifest medium/crlferry/corp/request-live.json |
		jq '.number = "9" | .ledger_head |= gsub("[0-9a-f]"; "7")' >forged.json
	minisign -S -q -s evil.key -m forged.json -x forged.minisig -t \
		"$(jq -r '"type:\(.type) root:\(.root) number:\(.number) " +
		"time:\(.created)"' forged.json)" </dev/null
	edit_note ".sequence = 2 | .manifest = $(jq -Rs . forged.json) |
		.seals = [$(jq -Rs . forged.minisig)]"
	root ca collect medium
	run root ca issue
	[ "$status" -eq 0 ]
	says 'sealed by no key'
	# the same, where the stranger is one whom seal.trusted has: a key can
	# be stolen
	sed -i "s,^seal = { ,&trusted = ( \"$T/evil.pub\" ); ," ca/crlferry.cfg
	run root ca issue
	[ "$status" -eq 0 ]
	says 'ATTENTION: corp: request-live-2 brings back a bundle #9'
	says ledger-head-7777777777777777
}

@test "restored, and signed again under the same number" {
	restore
	revoke_sub ca worse
	root ca issue --quiet
	root ca collect medium
	refused ca 77 regressed root ca issue
	says 'has otherwise'
	says 'lost 1001'
	says 'crlferry-root revoke --config ca/crlferry.cfg corp 1001 --reason REASON'
	root ca revoke corp 1001 --reason keyCompromise
	# what is left is the ledger, whose lines are gone for good
	refused ca 77 regressed root ca issue
	head=$(jq -r .ledger_head medium/crlferry/corp/000002/bundle.json |
		cut -c1-16)
	says "ledger-head-$head"
	run root ca issue --discard-evidence "ledger-head-$head" \
		--why 'restored in the spring'
	[ "$status" -eq 0 ]
	says 'issued #3 with 2 revoked'
	says 'another under that number'
	jq -es 'map(select(.event == "discard-evidence")) | length == 1' \
		$LEDGER
	root ca ledger verify
	root ca issue --quiet
	root ca export medium --allow-fixed-disk --quiet
	sub import medium --quiet
}

@test "a certificate that the restored index does not know" {
	restore
	revoke_sub ca worse
	root ca issue --quiet
	sed -i '/\t1001\t/d' ca/index.txt
	root ca collect medium
	refused ca 77 regressed root ca issue
	says 'revoke --config ca/crlferry.cfg corp 1001 --unknown --reason REASON'
	root ca revoke corp 1001 --unknown --reason keyCompromise
	refused ca 77 regressed root ca issue
	says ledger-head-
}

@test "one octet changed in every line of the ledger is found and named" {
	local line count size at key
	root ca collect medium
	cp $LEDGER kept
	count=$(wc -l <kept)
	[ "$count" -ge 7 ]
	for ((line = 1; line <= count; line++)); do
		size=$(sed -n "${line}p" kept | wc -c)
		for at in 2 $((size / 3)) $((size / 2)) $((size - 4)) \
			$((size - 1)); do
			perl -pe 'BEGIN { ($line, $at) = splice(@ARGV, 0, 2) }
				substr($_, $at, 1) ^= "\x01" if $. == $line' \
				"$line" "$at" kept >$LEDGER
			refused ca 65 format root ca ledger verify
			says "ledger.jsonl:$line: "
		done
	done
}

@test "a cut ledger is found from what the request brings back" {
	local count cut
	root ca collect medium --quiet
	cp $LEDGER kept
	head=$(jq -r .ledger_head medium/crlferry/corp/000002/bundle.json)
	# the line that the manifest names, and its place
	count=0
	while read -r line; do
		count=$((count + 1))
		[ "$(printf %s "$line" | b2sum -l 256 | cut -d' ' -f1)" != \
			"$head" ] || break
	done <kept
	[ "$count" -eq 5 ]
	for ((cut = 1; cut < 5; cut++)); do
		head -n $cut kept >$LEDGER
		# the ledger must know the key: its first export is line 3
		if [ $cut -lt 3 ]; then
			run root ca ledger verify
			[ "$status" -eq 0 ]
			says 'sealed by no key'
			continue
		fi
		refused ca 77 regressed root ca ledger verify
		refused ca 77 regressed root ca issue
		says 'cut or rewritten'
		says 'request-live-1'
		says "ledger-head-${head:0:16}"
	done
	# with seal.trusted the ledger need not know it
	sed -i "s,^seal = { ,&trusted = ( \"$T/ca/seal.pub\" ); ," \
		ca/crlferry.cfg
	for ((cut = 0; cut < 5; cut++)); do
		head -n $cut kept >$LEDGER
		refused ca 77 regressed root ca issue
	done
	# cut right behind the line: nothing that is known is lost
	head -n 5 kept >$LEDGER
	root ca ledger verify
	# with that very line changed its own digest shows it
	head -n 5 kept | sed '5s/"revoked":"1"/"revoked":"0"/' >$LEDGER
	refused ca 65 format root ca ledger verify
	# and with that digest made anew nothing in the ledger does
	head -n 5 kept | rechain 'if .sequence == 5 then .revoked = "0" else .
		end' >$LEDGER
	run cmp -n "$(head -n 4 kept | wc -c)" kept $LEDGER
	[ "$status" -eq 0 ]
	[ "$(jq -r .revoked $LEDGER | tail -n 1)" = 0 ]
	# A thief of the seal key could claim as much: without the line of its
	# export the manifest is no proof.
	for verb in 'ledger verify' 'issue --dry-run'; do
		# shellcheck disable=SC2086
		run root ca $verb
		[ "$status" -eq 0 ]
		says 'ATTENTION: corp: request-live-1 brings back a bundle #2'
		says "ledger-head-${head:0:16}"
	done
	# all of it rewritten, each line fitting the one before
	rechain '.who = "nobody@nowhere"' <kept >$LEDGER
	refused ca 77 regressed root ca ledger verify
	refused ca 77 regressed root ca issue
	# the way out is logged
	refused ca 66 missing root ca issue --why x \
		--discard-evidence ledger-head-0123456789abcdef
	run root ca issue --discard-evidence "ledger-head-${head:0:16}" \
		--why 'the disk was replaced'
	[ "$status" -eq 0 ]
	jq -es --arg id "ledger-head-${head:0:16}" 'any(.event ==
		"discard-evidence" and .id == $id)' $LEDGER
	root ca ledger verify
	root ca issue --quiet
}

@test "what comes back later from the time that was lost is accounted for" {
	# the same CRL and the one before, on other sticks: other heads
	mkdir second
	root ca export second --allow-fixed-disk --quiet
	restore
	root ca collect medium --quiet
	root ca adopt corp ca/state/corp/notes/000002.crl --quiet
	root ca issue --quiet
	sub import second --quiet
	sub request second --allow-fixed-disk --quiet
	[ "$(jq -r '.manifest | fromjson | .ledger_head' \
		second/crlferry/corp/request-live.json)" != \
		"$(jq -r .ledger_head medium/crlferry/corp/000002/bundle.json)" ]
	root ca collect second --quiet
	root ca issue --quiet
	root ca ledger verify
	# but not what was written since: that is another cut
	root ca export second --allow-fixed-disk --quiet
	sub import second --quiet
	sub request second --allow-fixed-disk --quiet
	root ca collect second --quiet
	root ca ledger verify
	grep -n '"event":"adopt"' $LEDGER | cut -d: -f1 >at
	head -n "$(cat at)" $LEDGER >cut && cp cut $LEDGER
	refused ca 77 regressed root ca issue
	says 'cut or rewritten'
}

@test "an adopt that a note did not ask for forgives the ledger nothing" {
	root ca collect medium --quiet
	head -n 3 $LEDGER >cut && cp cut $LEDGER
	openssl ca -gencrl -config ca/ca.cnf -out next.pem 2>openssl.log
	root ca adopt corp next.pem --quiet
	refused ca 77 regressed root ca issue
	says 'cut or rewritten'
}
