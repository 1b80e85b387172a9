#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# The archive has lost its last CRL, and the index was restored with it; the
# ledger is the newer one, and knows.

load ../e2e/notes_setup
load ../e2e/ceremony_fixture

# CRL #1 without revocations, and with it the index; then #2, which revokes
# `bad` and which the subordinate has.
make_work() {
	make_noted_pair bad
	root ca issue --first --quiet
	root ca export medium --allow-fixed-disk --quiet
	cp ca/index.txt index.before
	revoke_sub ca bad
	root ca issue --quiet
	root ca export medium --allow-fixed-disk --quiet
	sub import medium --quiet
}

setup() {
	restore_work
	LEDGER=ca/state/ledger.jsonl
	LOST=ca/state/corp/archive/000002.crl
	STICK=medium/crlferry/corp/000002/corp.crl
}

# lose: the archive's last CRL, and the index that goes with it
lose() {
	rm "$LOST"
	cp index.before ca/index.txt
}

# id_of FILE: by which it is discarded
id_of() {
	printf 'archive-crl-%.16s\n' "$(sha256sum <"$1")"
}

# typed VERB: the command of that verb which the last run has named, with the
# parts in capitals filled in as GIVEN says, run as typed
typed() {
	local command
	command=$(grep -o "crlferry-root $1 [^()]*" <<<"$output" | tail -n 1)
	command=${command% }
	command=${command//FILE/${GIVEN_FILE-}}
	command=${command//TEXT/${GIVEN_TEXT-}}
	# shellcheck disable=SC2086
	run "$ROOT_PROGRAM" ${command#crlferry-root }
}

# without_signing: from here on another program signs for the root
without_signing() {
	perl -0777 -pi -e 's/      signing = \{.*?\n      \};\n//s or die' \
		ca/crlferry.cfg
}

# names_the_loss: number, date, and both ways out
names_the_loss() {
	local date
	date=$(jq -r 'select(.event == "issue" and .number == "2") |
		.this_update' "$LEDGER")
	says "corp: CRL #2 of $date, which the ledger has, is gone"
	says 'crlferry/corp/000002/corp.crl'
	says 'crlferry-root adopt --config ca/crlferry.cfg corp FILE'
	says "--discard-evidence $(id_of "$STICK") --why TEXT"
}

@test "issue and export refuse before anything is written" {
	lose
	refused ca 77 regressed root ca issue
	names_the_loss
	refused ca 77 regressed root ca issue --first
	refused ca 77 regressed root ca issue --dry-run
	names_the_loss
	before=$(digest_of medium)
	refused ca 77 regressed root ca export medium --allow-fixed-disk
	names_the_loss
	[ "$before" = "$(digest_of medium)" ]
}

@test "export refuses the older one with the index intact, too" {
	rm "$LOST"
	refused ca 77 regressed root ca export medium --allow-fixed-disk
	names_the_loss
	refused ca 77 regressed root ca issue
}

@test "status and plan say it" {
	lose
	run root ca status
	says 'corp  live         invalid'
	says 'ATTENTION: corp: CRL #2 of'
	names_the_loss
	run root ca plan
	says 'ATTENTION: corp: CRL #2 of'
	rm ca/state/corp/archive/000001.crl
	run root ca status
	says 'ATTENTION: corp: CRL #2 of'
	# brought back, they say it no more
	root ca adopt corp "$STICK" --quiet
	run root ca status
	says 'corp  live         fresh'
	says_not 'gone from the archive'
	run root ca plan
	says_not 'gone from the archive'
}

@test "adopt as printed brings it back, from a stick and a subordinate" {
	accepted=$(find sub -name accepted.crl)
	for file in "$STICK" "$accepted"; do
		lose
		run root ca issue
		GIVEN_FILE=$file typed adopt
		[ "$status" -eq 0 ]
		says 'it lacked 1 revocation: entered 1001'
		cmp "$STICK" "$LOST"
		# also where a crash has cost the line of it
		run root ca export medium --allow-fixed-disk
		[ "$status" -eq 0 ]
	done
	run root ca issue
	[ "$status" -eq 0 ]
	says 'issued #3 with 1 revoked'
	lists "$(last_crl ca corp)" 1001
	root ca ledger verify
}

@test "a request that collect takes in brings it back" {
	lose
	sub request medium --allow-fixed-disk --quiet
	root ca collect medium --quiet
	refused ca 77 regressed root ca issue
	says "adopt --config ca/crlferry.cfg corp ca/state/corp/notes/000002.crl"
	refused ca 77 regressed root ca export medium --allow-fixed-disk
	run root ca adopt corp ca/state/corp/notes/000002.crl
	[ "$status" -eq 0 ]
	run root ca issue
	[ "$status" -eq 0 ]
	says 'issued #3 with 1 revoked'
}

@test "nobody has it any more: discarded, entered, and the number used up" {
	lose
	refused ca 66 missing root ca issue --why x \
		--discard-evidence archive-crl-0123456789abcdef
	run root ca issue
	GIVEN_TEXT=burnt typed issue
	[ "$status" -eq 0 ]
	says 'issued #3 with 0 revoked'
	jq -es --arg id "$(id_of "$STICK")" 'map(select(.event ==
		"discard-evidence")) | length == 1 and .[0].id == $id and
		.[0].why == "burnt" and (.[0].evidence | startswith("CRL #2,"))' \
		"$LEDGER"
	root ca export medium --allow-fixed-disk --quiet
	run root ca status
	says_not 'gone from the archive'
	run root ca issue
	[ "$status" -eq 0 ]
	# what is lost later is another loss
	rm ca/state/corp/archive/000004.crl
	refused ca 77 regressed root ca issue
	says 'CRL #4 of'
}

@test "the whole archive is gone, and nobody has its CRLs" {
	rm -r ca/state/corp/archive
	cp index.before ca/index.txt
	refused ca 77 regressed root ca issue --first
	says '(its last: none)'
	refused ca 77 regressed root ca export medium --allow-fixed-disk
	run root ca issue --first
	GIVEN_TEXT=burnt typed issue
	[ "$status" -eq 0 ]
	says 'issued #3 with 0 revoked'
	root ca export medium --allow-fixed-disk --quiet
}

@test "another CRL does not take its place unseen" {
	lose
	echo 07 >ca/crlnumber
	openssl ca -gencrl -config ca/ca.cnf -out other.pem 2>openssl.log
	refused ca 77 regressed root ca adopt corp other.pem
	names_the_loss
	GIVEN_FILE=other.pem GIVEN_TEXT=burnt typed adopt
	[ "$status" -eq 0 ]
	says 'adopted #7 with 0 revoked'
	run root ca issue
	[ "$status" -eq 0 ]
	says 'issued #8'
}

@test "one from before it is adopted, and does not stand in for it" {
	lose
	cp ca/state/corp/archive/000001.crl first.crl
	rm -r ca/state/corp/archive
	root ca adopt corp first.crl --quiet
	refused ca 77 regressed root ca issue
	names_the_loss
	root ca adopt corp "$STICK" --quiet
	run root ca issue
	says 'issued #3 with 1 revoked'
}

@test "another one lies there under its number" {
	lose
	echo 02 >ca/crlnumber
	openssl ca -gencrl -config ca/ca.cnf -out twin.pem 2>openssl.log
	openssl crl -in twin.pem -outform DER -out "$LOST"
	refused ca 77 regressed root ca issue
	says 'another lies there as #2'
	refused ca 77 regressed root ca export medium --allow-fixed-disk
	rm "$LOST"
	run root ca adopt corp "$STICK"
	[ "$status" -eq 0 ]
	run root ca issue
	says 'issued #3 with 1 revoked'
}

@test "a root that another program signs for" {
	without_signing
	lose
	refused ca 77 regressed root ca export medium --allow-fixed-disk
	says "adopt --config ca/crlferry.cfg corp FILE --discard-evidence"
	run root ca adopt corp "$STICK"
	[ "$status" -eq 0 ]
	root ca export medium --allow-fixed-disk --quiet
}

@test "a line that was made up after a crash names no digest" {
	jq -c 'if .event == "issue" and .number == "2" then del(.sha256,
		.next_update, .revoked) | .recorded = "late" else . end' \
		"$LEDGER" >lines
	load ../e2e/ledger_helpers
	rechain . <lines >"$LEDGER"
	root ca ledger verify
	root ca issue --dry-run
	lose
	refused ca 77 regressed root ca issue
	says '--discard-evidence archive-crl-number-2 '
	cp -a ca before
	GIVEN_TEXT=burnt typed issue
	[ "$status" -eq 0 ]
	rm -r ca && mv before ca
	root ca adopt corp "$STICK" --quiet
	run root ca issue
	says 'issued #3 with 1 revoked'
}

@test "a number that was only meant, or reserved, is not missed" {
	jq -c 'select(.event != "issue" or .number != "2") |
		select(.event != "export" or .number != "2")' "$LEDGER" >lines
	load ../e2e/ledger_helpers
	rechain . <lines >"$LEDGER"
	lose
	run root ca issue
	[ "$status" -eq 0 ]
	says 'issued #3 '
}

@test "what a reset order gave up is not asked for" {
	lose
	sub request medium --allow-fixed-disk --quiet
	root ca collect medium --quiet
	run root ca reset-order medium corp live --allow-fixed-disk \
		--why 'begun anew'
	echo "$output"
	[ "$status" -eq 0 ]
	root ca export medium --allow-fixed-disk --quiet
	run root ca issue
	[ "$status" -eq 77 ]
	says 'the index has lost 1001 (CN=bad) of its revocations'
	says_not 'gone from the archive'
}

@test "a ceremony refuses before it signs" {
	lose
	cp -a ca before
	ends 77 regressed
	says 'Nothing was signed'
	says 'is gone from the archive'
	[ "$(grep -c '"event":"issue-intent"' "$LEDGER")" -eq 2 ]
	no_trace ends 77 regressed : --dry-run
	# as soon, where another program signs, and the bundle comes last
	rm -r ca && mv before ca
	without_signing
	old_root lab p256 "Lab Root"
	sed -i "/^roots = (/r /dev/stdin" ca/crlferry.cfg <<-CFG
		{ name = "lab"; certificate = "$T/lab/root.pem";
		  schedule = "quarterly";
		  signing = { key = "$T/lab/root.key";
		              index = "$T/lab/index.txt";
		              crlnumber = "$T/lab/crlnumber"; }; },
	CFG
	no_trace ends 77 regressed : --first --dry-run
	says 'is gone from the archive'
}
