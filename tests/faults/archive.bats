#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# The archive's CRL becomes another while an export is under way, as a bad disk
# or somebody at the machine may make it: either what was verified is exported,
# or it is said that the stick is of no use.

load ../e2e/helpers
load ../e2e/root_helpers
load inject

setup() {
	need_strace
	make_folder
	old_root ca p256
	make_sub ca one
	adopt_root ca corp
	root ca issue --first --quiet
	cp "$(last_crl ca corp)" older.crl
	revoke_sub ca one
	root ca issue --quiet
	ARCHIVED=$(last_crl ca corp)
	cp "$ARCHIVED" wanted.crl
	mkdir medium
	EXPORTED=medium/crlferry/corp/000002/corp.crl
	bats_require_minimum_version 1.5.0
}

teardown() {
	remove_folder
}

# exported_while COMMAND...: run it once the medium's first folder is made,
# which comes after the verification and before the copy
exported_while() {
	local tracer
	strace -qq -o trace -e trace=mkdirat -e inject=mkdirat:signal=STOP:when=1 \
		"$ROOT_PROGRAM" export medium --allow-fixed-disk \
		--config ca/crlferry.cfg >said 2>&1 3>&- &
	tracer=$!
	until grep -q 'stopped by SIGSTOP' trace 2>/dev/null; do
		kill -0 $tracer || return
	done
	"$@"
	kill -CONT "$(pgrep -P $tracer)"
	status=0
	wait $tracer || status=$?
	output=$(<said)
}

# is_refused: it is said whose fault it is, and the ledger knows of no
# export that was
is_refused() {
	echo "$status: $output"
	[ "$status" -eq 74 ] && says 'crlferry-root: io: ' &&
		says "the archive's disk is bad" &&
		! grep -q '"event":"export"' ca/state/ledger.jsonl
}

overwrite() {
	cat "$1" >"$ARCHIVED"
}

@test "an export during which nothing happens" {
	exported_while true
	[ "$status" -eq 0 ]
	cmp "$EXPORTED" wanted.crl
}

@test "an archived CRL that becomes another, which this root has signed" {
	exported_while overwrite older.crl
	is_refused
}

@test "an archived CRL of which one octet changes" {
	cp wanted.crl flipped.crl
	perl -e 'open(my $file, "+<", "flipped.crl") or die;
		seek($file, -3, 2); read($file, my $octet, 1) or die;
		seek($file, -3, 2); print $file chr(ord($octet) ^ 4);'
	run ! cmp -s wanted.crl flipped.crl
	exported_while overwrite flipped.crl
	is_refused
}

@test "an archived CRL that another is put in place of: it is not read" {
	exported_while cp --remove-destination older.crl "$ARCHIVED"
	[ "$status" -eq 0 ]
	cmp "$EXPORTED" wanted.crl
}
