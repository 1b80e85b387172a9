#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# A root's clock has nobody to ask: what it says is held against evidence.

load ../e2e/root_setup

setup() {
	export TZ=UTC
	make_folder
	make_root_at '2026-03-01 10:00:00'
}

# make_root_at TIME: a root made then, for 7300 days
make_root_at() {
	export -f make_root make_key adopt_root
	export ROOT_PROGRAM
	rm -rf ca
	faketime "$1" bash -c 'make_root ca p256 && adopt_root ca corp'
}

# issue_at TIME [OPTION]...
issue_at() {
	local at=$1
	shift
	faketime "$at" "$ROOT_PROGRAM" issue --config ca/crlferry.cfg "$@"
}

@test "a clock at 1970 is refused, with the evidence" {
	issue_at '2026-03-02 10:00:00' --first --quiet
	refused ca 77 clock issue_at '1970-01-01 00:00:10'
	says '1970-01-01'
	says 'line 1 of the ledger (issue-intent), 2026-03-02T10:00:0'
	# The root was not born yet: no evidence need be discarded.
	says 'have 1970-01-01T00:00:10Z'
	says 'remedy: set the clock'
	says_not 'for each ID of'
	refused ca 77 clock issue_at '1970-01-01 00:00:10' \
		--confirm-date 1970-01-01
	issue_at '2026-03-02 10:00:30' --quiet
	[ "$(crl_number "$(last_crl ca corp)")" = 02 ]
}

@test "a day too early: the clock first, then what else it may be" {
	issue_at '2026-03-02 10:00:00' --first --quiet
	refused ca 77 clock issue_at '2026-03-01 10:00:10'
	says 'remedy: set the clock; only if it is right: --discard-evidence ID --why TEXT for each ID of: ledger-1, crl-1, ledger-2'
}

@test "before the root's own notBefore nothing can have been signed" {
	refuses 77 clock issue_at '2026-03-01 09:40:00' --first
	says "the root certificate's notBefore, 2026-03-01T10:00:0"
	[ ! -e ca/state/corp ]
	[ ! -e ca/state/ledger.jsonl ]
	[ "$(cat ca/crlnumber)" = 01 ]
	# A quarter of an hour is not held against it, and thisUpdate is kept
	# inside the root's validity.
	issue_at '2026-03-01 09:50:00' --first --quiet
	[[ $(crl_time "$(last_crl ca corp)" lastupdate) == 2026030110000?Z ]]
}

@test "a quarter of an hour behind is tolerated, more is not" {
	issue_at '2026-03-02 10:00:00' --first --quiet
	refused ca 77 clock issue_at '2026-03-02 09:44:50'
	first=$(crl_time "$(last_crl ca corp)" lastupdate)
	issue_at '2026-03-02 09:46:00' --quiet
	# thisUpdate rises all the same, by its second.
	second=$(crl_time "$(last_crl ca corp)" lastupdate)
	[ "$((10#${second:8:6} - 10#${first:8:6}))" -eq 1 ]
}

@test "without a ledger the last CRL itself is evidence" {
	issue_at '2026-03-02 10:00:00' --first --quiet
	rm ca/state/ledger.jsonl
	refused ca 77 clock issue_at '2026-03-02 09:34:50'
	says "the last CRL's thisUpdate, 2026-03-02T09:50:0"
	issue_at '2026-03-02 09:40:00' --quiet
}

@test "an export moves the evidence as well" {
	mkdir medium
	issue_at '2026-03-02 10:00:00' --first --quiet
	faketime '2026-04-02 10:00:00' "$ROOT_PROGRAM" export medium \
		--allow-fixed-disk --quiet --config ca/crlferry.cfg
	refused ca 77 clock issue_at '2026-04-01 10:00:00'
	issue_at '2026-04-02 10:00:00' --quiet
}

@test "long after the newest evidence, today's date is to be confirmed" {
	issue_at '2026-03-02 10:00:00' --first --quiet
	# Six months and three weeks are what the schedule explains.
	issue_at '2026-09-23 09:59:00' --quiet
	refused ca 77 clock issue_at '2027-04-14 10:01:00'
	says --confirm-date
	says 2026-09-23
	refused ca 77 clock issue_at '2027-04-14 10:01:00' \
		--confirm-date 2027-04-13
	says 'want the date of this machine'
	refused ca 77 clock issue_at '2027-04-14 10:01:00' \
		--confirm-date 2026-04-14
	issue_at '2027-04-14 10:01:00' --confirm-date 2027-04-14 --quiet
	[[ $(crl_time "$(last_crl ca corp)" lastupdate) == 2027041409510?Z ]]
	issue_at '2027-04-15 10:01:00' --quiet
}

@test "a wrong --confirm-date is refused though the clock seems right" {
	issue_at '2026-03-02 10:00:00' --first --quiet
	refused ca 77 clock issue_at '2026-03-05 10:00:00' \
		--confirm-date 2026-03-04
	issue_at '2026-03-05 10:00:00' --confirm-date 2026-03-05 --quiet
}

@test "the date may be UTC's or the local one" {
	issue_at '2026-03-02 10:00:00' --first --quiet
	# 14 hours ahead of UTC: there it is the 6th already.
	export TZ=XYZ-14
	refused ca 77 clock issue_at '2026-03-06 06:00:00' \
		--confirm-date 2026-03-07
	refused ca 77 clock issue_at '2026-03-06 06:00:00' \
		--confirm-date 2026-03-04
	issue_at '2026-03-06 06:00:00' --confirm-date 2026-03-06 --quiet
	[[ $(crl_time "$(last_crl ca corp)" lastupdate) == 2026030515500?Z ]]
	issue_at '2026-03-06 06:00:30' --confirm-date 2026-03-05 --quiet
}

@test "far beyond the root's end: expired, even when confirmed" {
	issue_at '2026-03-02 10:00:00' --first --quiet
	refused ca 77 clock issue_at '2099-01-01 10:00:00'
	refused ca 77 expired issue_at '2099-01-01 10:00:00' \
		--confirm-date 2099-01-01
	# 7300 days after 2026-03-01.
	says 'expired on 2046-02-24T10:00:0'
}

@test "nextUpdate is cut to the root's end, with a note" {
	issue_at '2026-03-02 10:00:00' --first --quiet
	run issue_at '2045-12-01 10:00:00' --confirm-date 2045-12-01
	[ "$status" -eq 0 ]
	says 'note: corp: nextUpdate is cut to the end of the root cert'
	[[ $(crl_time "$(last_crl ca corp)" nextupdate) == 2046022410000?Z ]]
	run issue_at '2045-12-01 10:01:00' --json --quiet
	jq -e '.issued[0].next_update | startswith("2046-02-24T10:00:0")' \
		<<<"$output"
	# The last seconds, and the one after.
	issue_at '2046-02-24 10:05:00' --quiet
	refused ca 77 expired issue_at '2046-02-24 10:20:00'
	openssl crl -inform DER -in "$(last_crl ca corp)" -noout \
		-CAfile ca/root.pem 2>&1 | grep -qx 'verify OK'
}

@test "around 2050: UTCTime through 2049, GeneralizedTime from then on" {
	make_root_at '2048-03-01 10:00:00'
	issue_at '2048-03-02 10:00:00' --first --quiet
	issue_at '2049-08-01 10:00:00' --confirm-date 2049-08-01 --quiet
	openssl asn1parse -inform DER -in "$(last_crl ca corp)" |
		grep -o '[A-Z]*TIME *:[0-9]\{10\}' | tr -d ' ' >have
	diff - have <<-TIMES
		UTCTIME:4908010950
		GENERALIZEDTIME:2050030109
	TIMES
	run "$ROOT_PROGRAM" lint "$(last_crl ca corp)" --root ca/root.pem
	[ "$status" -eq 0 ]
	[ -z "$output" ]
	openssl_crl ca "$(last_crl ca corp)" peer.crl
	cmp <(tbs_of "$(last_crl ca corp)") <(tbs_of peer.crl)
	issue_at '2050-02-01 10:00:00' --quiet
	openssl asn1parse -inform DER -in "$(last_crl ca corp)" |
		grep -c GENERALIZEDTIME >count
	[ "$(cat count)" -eq 2 ]
	openssl crl -inform DER -in "$(last_crl ca corp)" -noout \
		-CAfile ca/root.pem 2>&1 | grep -qx 'verify OK'
}
