#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# The same as lies.bats for orders: who reads one was taken over, and lies
# (FAULTS 48).

load ../e2e/reset_setup

make_work() {
	make_reset_pki
	ordered
}

setup() {
	restore_work
	SUB_PROGRAM=$BUILD/tests/crlferry-sub-lying
}

# caught NAME TEXT: recover refuses with that lie, and nothing has changed
caught() {
	export CRLFERRY_LIE=$1
	keeps 65 format "$2" recover
}

@test "row 48: an order, and who tells the truth of it" {
	CRLFERRY_LIE=truth recover --quiet
	[ -f $ORDERS ]
}

@test "row 48: an order: it opens, connects, starts and removes nothing" {
	for lie in open socket exec fork unlink; do
		caught $lie 'ended with signal 31'
	done
	caught silence 'the reader gave no verdict'
	caught crash 'the reader gave no verdict'
}

@test "row 48: an order: fields that are out of their bounds" {
	for lie in code flag count which; do
		caught $lie 'the verdict is out of its bounds'
	done
	caught mute 'a refusal that does not say why'
	caught number 'number: more than 2^159-1'
	caught endless 'order: root: "aaa'
	caught nonce 'order: nonce: "g'
	caught escape 'why is not 1 to 255 octets of printable text'
	caught time 'order: time: 9223372036854775807 s is not in the years'
	caught sequence 'sequence: 18446744073709551615 is not 1 to'
}

@test "row 48: an order: octets at random" {
	for n in $(seq 0 "${CRLFERRY_LONG:+99}9"); do
		caught "random-$n" 'reader: the verdict is out of its bounds'
	done
}

@test "row 48: an order: seals that nobody made" {
	for lie in none stranger twice; do
		caught $lie 'reader: the verdict names other seals than those of 1 trusted keys'
	done
	"$ROOT_PROGRAM" keygen other.key other.pub --no-passphrase --quiet
	rm $ORDER.minisig
	seal_order other.key
	caught seals 'reader: the verdict names other seals than those of 1 trusted keys'
}

@test "row 48: an order: it says something else than was sealed" {
	# within every bound; but the octets are kept, and read again later
	for lie in why target; do
		caught $lie 'sorted keys, two spaces of indent, a final'
	done
}

@test "an order that is written otherwise than orders are" {
	SUB_PROGRAM=$BUILD/cmd/crlferry-sub
	jq -c . $ORDER >edited.json && mv edited.json $ORDER
	seal_order
	keeps 65 format 'not in the one form of an order' recover
}
