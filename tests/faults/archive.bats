#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# A CRL on the root's disk becomes another while the root is at work, as a bad
# disk or somebody at the machine may make it: either what was meant is archived
# and exported, or it is said that it was not.

load ../e2e/root_setup
load inject

setup() {
	need_strace
	make_folder
	make_corp one
	root ca issue --first --quiet
	revoke_sub ca one
	root ca issue --quiet
	FIRST=ca/state/corp/archive/000001.crl
	LAST=ca/state/corp/archive/000002.crl
	WAITING=ca/state/corp/unverified.crl
	EXPORTED=medium/crlferry/corp/000002/corp.crl
	cp $FIRST none_revoked.crl
	cp $LAST wanted.crl
	cp $LAST flipped.crl
	flip flipped.crl $(($(stat -c %s flipped.crl) - 3)) 4
	run ! cmp -s wanted.crl flipped.crl
	mkdir medium
}

nothing() {
	:
}

# The same file with other octets, and another file in its place.
rewrite_last() {
	cat "$OTHER" >$LAST
}

replace_last() {
	cp --remove-destination "$OTHER" $LAST
}

replace_waiting() {
	cp --remove-destination "$OTHER" $WAITING
}

# exported_while CHANGE: the medium's first folder is made after the verification
# and before the copy
exported_while() {
	meanwhile mkdirat 1 "$1" "$ROOT_PROGRAM" export medium \
		--allow-fixed-disk --config ca/crlferry.cfg
}

# is_no_export: it is said whose fault it is, and the ledger knows of none
is_no_export() {
	echo "$status: $output"
	[ "$status" -eq 74 ] && says 'crlferry-root: io: ' &&
		says "the archive's disk is bad" &&
		! grep -q '"event":"export"' ca/state/ledger.jsonl
}

@test "an export during which nothing happens" {
	exported_while nothing
	[ "$status" -eq 0 ]
	cmp $EXPORTED wanted.crl
}

@test "an archived CRL becomes another while it is exported" {
	OTHER=none_revoked.crl
	exported_while rewrite_last
	is_no_export
}

@test "an archived CRL loses one bit while it is exported" {
	OTHER=flipped.crl
	exported_while rewrite_last
	is_no_export
}

@test "what is put in place of an archived CRL while it is exported is not read" {
	OTHER=none_revoked.crl
	exported_while replace_last
	[ "$status" -eq 0 ]
	cmp $EXPORTED wanted.crl
}

# issued_while CHANGE: what is signed waits under its name from the second rename
# on, that of crlnumber being the first, and is read back after it
issued_while() {
	meanwhile rename 2 "$1" "$ROOT_PROGRAM" issue --config ca/crlferry.cfg
}

# is_not_archived TOKEN TEXT: and the last CRL is what it was
is_not_archived() {
	echo "$status: $output"
	[ "$status" -ne 0 ] && says "crlferry-root: $1: " && says "$2" &&
		[ ! -e $WAITING ] && [ ! -e ca/state/corp/archive/000003.crl ] &&
		cmp "$(last_crl ca corp)" wanted.crl && no_leftovers &&
		run ! jq -e 'select(.event == "issue" and .number == "3")' \
			ca/state/ledger.jsonl
}

@test "an issue during which nothing happens" {
	issued_while nothing
	[ "$status" -eq 0 ]
	[ "$(crl_count "$(last_crl ca corp)")" -eq 1 ]
}

# lose_entries: the same number and dates, and signed by the same key
lose_entries() {
	cp ca/index.txt index.txt
	: >ca/index.txt
	openssl_crl ca $WAITING forged.crl -md sha256
	[ "$(crl_count forged.crl)" -eq 0 ]
	cp index.txt ca/index.txt
	cp --remove-destination forged.crl $WAITING
}

@test "what is read back after signing lists less" {
	issued_while lose_entries
	is_not_archived format 'a CRL of 1 entries was signed, and one of 0'
}

# add_extension: the same entries, and something that nobody asked for
add_extension() {
	sed -i '/^\[crl\]/a 1.3.6.1.4.1.311.21.1 = ASN1:INTEGER:0' ca/ca.cnf
	openssl_crl ca $WAITING forged.crl -md sha256
	cp --remove-destination forged.crl $WAITING
}

@test "what is read back after signing has other extensions" {
	issued_while add_extension
	is_not_archived format 'or with other extensions, is read back'
	root ca issue --quiet
}

@test "what is read back after signing is an older CRL that lists less" {
	OTHER=none_revoked.crl
	issued_while replace_waiting
	is_not_archived io 'CRL #1 of'
}

@test "what is read back after signing is an older CRL that lists the same" {
	OTHER=wanted.crl
	issued_while replace_waiting
	is_not_archived io 'CRL #2 of'
}

@test "what is read back after signing has lost a bit" {
	OTHER=flipped.crl
	issued_while replace_waiting
	is_not_archived signature "$WAITING"
}

# adopted_while CHANGE: no crlnumber is written before
adopted_while() {
	mv ca/state ca/state.before
	root ca adopt corp ca/state.before/corp/archive/000001.crl --quiet
	meanwhile rename 1 "$1" "$ROOT_PROGRAM" adopt corp wanted.crl \
		--config ca/crlferry.cfg
}

@test "an adoption during which nothing happens" {
	adopted_while nothing
	[ "$status" -eq 0 ]
	cmp $LAST wanted.crl
}

@test "what is read back of an adoption is another CRL of this root" {
	OTHER=none_revoked.crl
	adopted_while replace_waiting
	[ "$status" -eq 74 ]
	says 'crlferry-root: io: '
	says 'other octets are read back than were written'
	[ ! -e $WAITING ] && [ ! -e $LAST ]
	cmp $FIRST none_revoked.crl
	no_leftovers
}
