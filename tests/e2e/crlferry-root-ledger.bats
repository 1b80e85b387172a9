#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# crlferry-root ledger: the history, of which no line can be changed.

load helpers
load root_helpers

setup() {
	make_folder
	old_root ca p256
	make_sub ca one
	adopt_root ca corp
	LEDGER=ca/state/ledger.jsonl
}

teardown() {
	remove_folder
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
	jq -es 'length == 7 and all(.version == 1) and
		([.[].sequence] == [1, 2, 3, 4, 5, 6, 7])' $LEDGER
	[ "$(stat -c %a $LEDGER)" = 644 ]
}

@test "an octet changed in any line is found, and told by its line" {
	local line at
	make_history
	cp $LEDGER kept
	mkdir again
	for ((line = 1; line <= 7; line++)); do
		# In the time, in the number, in the chain, in what was done.
		for at in time number previous event who; do
			perl -pe 'BEGIN { ($line, $key) = splice(@ARGV, 0, 2) }
				s/("$key":")([^"]*)(.)"/
				    $1 . $2 . ($3 eq "1" ? "2" : "1") . q(")/xe
				    if $. == $line' "$line" "$at" kept >$LEDGER
			run cmp kept $LEDGER
			[ "$status" -eq 1 ]
			run root ca ledger verify
			# In the last line only what is no fact of the chain
			# could pass: the next line will tell.
			if [ "$line" -eq 7 ] && [ "$status" -eq 0 ]; then
				[ "$at" != previous ] || return 1
				continue
			fi
			[ "$status" -eq 65 ] || {
				echo "line $line, $at: status $status: $output"
				return 1
			}
			[[ $output == *"format: "*"ledger.jsonl:$line: "* ||
				$output == \
				*"format: "*"ledger.jsonl:$((line + 1)): "* ]]
			refused ca 65 format root ca issue
			refused again 65 format root ca export again \
				--allow-fixed-disk
		done
	done
	cp kept $LEDGER
	root ca ledger verify
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
	sed '5s/"version":1/"version":2/' kept >$LEDGER
	refused ca 65 format root ca ledger verify
	says 'ledger.jsonl:5: '
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
	says 'cut off'
	root ca ledger verify | grep -q '^9 lines'
	head -n 7 $LEDGER | cmp - kept
	# A whole line that lacks only its end is torn as well.
	cp $LEDGER kept
	head -c -1 kept >$LEDGER
	run root ca issue
	[ "$status" -eq 0 ]
	says 'cut off'
	root ca ledger verify
	# The number of the torn line was archived: it is not used again.
	[ "$(crl_number "$(last_crl ca corp)")" = 05 ]
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
