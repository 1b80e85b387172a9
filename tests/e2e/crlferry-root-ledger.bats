#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# crlferry-root ledger: the history, of which no line can be changed.

load root_setup
load ledger_helpers

setup() {
	make_folder
	make_corp one
	LEDGER=ca/state/ledger.jsonl
}

# Three issues and an export: seven lines.
make_history() {
	mkdir -p medium
	root ca issue --first --quiet
	revoke_sub ca one
	root ca issue --quiet
	root ca export medium --allow-fixed-disk --quiet
	root ca issue --quiet
}

@test "an empty history is in order" {
	run root ca ledger verify
	[ "$status" -eq 0 ]
	says '0 lines'
	[ ! -e ca/state ]
	run root ca ledger show
	[ "$status" -eq 0 ]
}

@test "verify counts lines and tells the head, show tells what happened" {
	make_history
	run root ca ledger verify
	[ "$status" -eq 0 ]
	says '7 lines'
	root ca ledger verify --json | jq -e '.ledger[0].lines == 7'
	# BLAKE2b-256 of the last line, without its end.
	head=$(tail -n 1 $LEDGER | tr -d '\n' | b2sum -l 256 | cut -d' ' -f1)
	says "$head"
	[ "$(root ca ledger verify --json | jq -r '.ledger[0].head')" = \
		"$head" ]
	root ca ledger show | awk 'NR > 1 { print $3, $4, $5 }' >have
	printf '%s\n' 'issue-intent corp 1' 'issue corp 1' \
		'issue-intent corp 2' 'issue corp 2' 'export corp 2' \
		'issue-intent corp 3' 'issue corp 3' | diff - have
	sha=$(sha256sum <"$(last_crl ca corp)" | cut -d' ' -f1)
	root ca ledger show | tail -n 1 | grep -q "sha256=$sha"
	# The export tells which keys sealed it.
	jq -es --arg key "$(tail -n 1 ca/seal.pub)" \
		'.[4].sealed_by == $key' $LEDGER
	[ -z "$(root ca ledger verify --quiet)" ]
	# Each line is JSON, and chained to the one before.
	jq -es 'length == 7 and all(.version == 2) and
		([.[].sequence] == [1, 2, 3, 4, 5, 6, 7])' $LEDGER
	[ "$(stat -c %a $LEDGER)" = 644 ]
}

@test "show names whose certificate a serial is" {
	make_sub ca two
	root ca revoke corp 1000 --reason superseded --quiet
	root ca issue --first --quiet
	run root ca ledger show
	says 'serial=1000 subject=CN=one'
	# one that has ended leaves the list
	sed -i '/\t1000\t/s/^R\t[0-9]*Z\t[^\t]*/E\t200101000000Z\t/' ca/index.txt
	root ca issue --quiet
	run root ca ledger show
	says '1 dropped serials=1000 (CN=one)'
	root ca ledger show --json | jq -e '.lines | map(.details) |
		(.[0] | test("subject=CN=one")) and
		(.[-2] | test("serials=1000 [(]CN=one[)]"))'
}

@test "show: a line from before it told the subject" {
	rm ca/crlferry.cfg ca/seal.*
	adopt_root ca corp --subordinate issuing-1=ca/one.pem
	root ca revoke corp 1000 --reason superseded --quiet
	rechain 'del(.subject)' <$LEDGER >old
	cp old $LEDGER
	run root ca ledger show
	says 'serial=1000 subject=issuing-1 (CN=one)'
	rm ca/one.pem
	run root ca ledger show
	[ "$status" -eq 0 ]
	says_not 'subject='
}

@test "each line ends in its own digest, as sed and b2sum make it" {
	local line count=0
	make_history
	while read -r line; do
		[ "$(printf '%s\n' "$line" | sed 's/,"digest":.*//' |
			tr -d '\n' | b2sum -l 256 | cut -d' ' -f1)" = \
			"$(jq -r .digest <<<"$line")" ]
		[[ $line =~ ,\"digest\":\"[0-9a-f]{64}\"}$ ]]
		count=$((count + 1))
	done <$LEDGER
	[ "$count" -eq 7 ]
	# No fact of the history: show does not tell of it.
	root ca ledger show >shown
	run grep digest= shown
	[ "$status" -eq 1 ]
	# And the helper of these tests makes the lines that the root makes.
	rechain <$LEDGER | cmp - $LEDGER
}

@test "an octet changed in any line is found, and told by its line" {
	local line at
	make_history
	cp $LEDGER kept
	mkdir again
	for ((line = 1; line <= 7; line++)); do
		# In the time, in the number, in the chain, in what was done.
		for at in time number previous event who digest; do
			perl -pe 'BEGIN { ($line, $key) = splice(@ARGV, 0, 2) }
				s/("$key":")([^"]*)(.)"/
				    $1 . $2 . ($3 eq "1" ? "2" : "1") . q(")/xe
				    if $. == $line' "$line" "$at" kept >$LEDGER
			run cmp kept $LEDGER
			[ "$status" -eq 1 ]
			refused ca 65 format root ca ledger verify
			says "ledger.jsonl:$line: want the digest of the line"
			refused ca 65 format root ca issue
			refused again 65 format root ca export again \
				--allow-fixed-disk
		done
	done
	cp kept $LEDGER
	root ca ledger verify
}

@test "an octet changed anywhere in the last line, its end too" {
	local size last at step=23
	make_history
	cp $LEDGER kept
	[ -z "$CRLFERRY_LONG" ] || step=1
	size=$(stat -c %s kept)
	last=$(tail -n 1 kept | wc -c)
	# The last octet, its LF, first.
	for ((at = size - 1; at >= size - last; at -= step)); do
		perl -0pe 'BEGIN { $at = shift }
			substr($_, $at, 1) ^= chr(1 << $at % 8)' "$at" kept \
			>$LEDGER
		[ "$(cmp -l kept $LEDGER | wc -l)" -eq 1 ]
		refused ca 65 format root ca ledger verify
		says 'ledger.jsonl:7: '
		refused ca 65 format root ca issue
		says 'ledger.jsonl:7: '
	done
	# The LF again, and the octet is one that JSON has.
	(head -c -1 kept && printf '}') >$LEDGER
	refused ca 65 format root ca issue
	says 'ledger.jsonl:7: a line without its end: '
}

@test "a ledger of the first release is read, and goes on with digests" {
	make_history
	first_release <$LEDGER >old
	jq -es 'all(.version == 1 and has("digest") == false)' old
	cp old $LEDGER
	root ca ledger verify | grep -q '^7 lines'
	root ca issue --quiet
	head -n 7 $LEDGER | cmp - old
	jq -es '[.[7:][] | .version == 2 and has("digest")] == [true, true]' \
		$LEDGER
	root ca ledger verify | grep -q '^9 lines'
	# But not back: a line without a digest does not follow one with it.
	cp $LEDGER kept
	(cat kept && tail -n 1 kept | jq -cS --arg previous \
		"$(tail -n 1 kept | tr -d '\n' | digest)" '.version = 1 |
		.sequence += 1 | .previous = $previous | del(.digest)') \
		>$LEDGER
	refused ca 65 format root ca ledger verify
	says 'ledger.jsonl:10: want version 2, as the line before has it'
}

@test "lines taken out, doubled, exchanged, or put in" {
	make_history
	cp $LEDGER kept
	sed 3d kept >$LEDGER
	refused ca 65 format root ca ledger verify
	says 'ledger.jsonl:3: '
	sed 1d kept >$LEDGER
	refused ca 65 format root ca ledger verify
	says 'ledger.jsonl:1: '
	sed 4p kept >$LEDGER
	refused ca 65 format root ca ledger verify
	says 'ledger.jsonl:5: '
	sed -n '2{h;d};3{p;g};p' kept >$LEDGER
	refused ca 65 format root ca ledger verify
	says 'ledger.jsonl:2: '
	sed '5s/^/garbage/' kept >$LEDGER
	refused ca 65 format root ca ledger verify
	says 'ledger.jsonl:5: '
	sed '5s/.*//' kept >$LEDGER
	refused ca 65 format root ca ledger verify
	says 'ledger.jsonl:5: '
	sed '5s/"version":2/"version":3/' kept >$LEDGER
	refused ca 65 format root ca ledger verify
	says 'ledger.jsonl:5: its version is neither 1 nor 2'
	sed '5s/,"digest":.*/}/' kept >$LEDGER
	refused ca 65 format root ca ledger verify
	says 'ledger.jsonl:5: the digest of the line itself'
	sed '5s/{/{"event":"adopt",/' kept >$LEDGER
	refused ca 65 format root ca ledger show
	says 'ledger.jsonl:5: '
	(cat kept && printf '\0\n') >$LEDGER
	refused ca 65 format root ca ledger show
	says 'ledger.jsonl:8: '
}

@test "a torn last line is told, and the next issue repairs it with a note" {
	make_history
	cp $LEDGER kept
	tail -n 1 kept | head -c 100 >>$LEDGER
	refused ca 65 format root ca ledger verify
	says 'ledger.jsonl:8: '
	run root ca issue
	[ "$status" -eq 0 ]
	says 'ledger.jsonl'
	says 'the last line was cut short'
	root ca ledger verify | grep -q '^9 lines'
	head -n 7 $LEDGER | cmp - kept
}

@test "a whole last line that lacks its end gets it, and nothing is cut" {
	make_history
	cp $LEDGER kept
	head -c -1 kept >$LEDGER
	refused ca 65 format root ca ledger verify
	says 'ledger.jsonl:7: the line is whole, but lacks its newline'
	# It counts: what reads sees it.
	[ "$(root ca ledger show | wc -l)" -eq 8 ]
	run root ca issue
	[ "$status" -eq 0 ]
	says 'the last line lacked its newline'
	head -n 7 $LEDGER | cmp - kept
	root ca ledger verify | grep -q '^9 lines'
	[ "$(crl_number "$(last_crl ca corp)")" = 04 ]
}

@test "loose modes of the ledger are refused" {
	make_history
	chmod 666 $LEDGER
	refused ca 77 permissions root ca ledger verify
	refused ca 77 permissions root ca issue
	chmod 644 $LEDGER
	root ca ledger verify
}

@test "wrong arguments are usage" {
	refused_alone ca 64 usage root ca ledger
	refused_alone ca 64 usage root ca ledger forge
	refused_alone ca 64 usage root ca ledger verify show
	refused_alone ca 64 usage root ca ledger verify --nonsense
}
