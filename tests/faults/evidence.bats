#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# Wrong evidence of the date: it is named, and can be discarded on purpose.

load ../e2e/root_setup

setup() {
	export TZ=UTC ROOT_PROGRAM
	make_folder
	export -f make_root make_key make_sub adopt_root
	faketime '2026-03-01 10:00:00' bash -c 'make_root ca p256 &&
		make_sub ca one &&
		adopt_root ca corp --subordinate one=ca/one.pem'
	root_at '2026-03-02 10:00:00' issue --first --quiet
}

# root_at TIME VERB [OPTION]...
root_at() {
	local at=$1 verb=$2
	shift 2
	faketime "$at" "$ROOT_PROGRAM" "$verb" --config ca/crlferry.cfg "$@"
}

# sub_at TIME VERB [OPTION]...
sub_at() {
	local at=$1 verb=$2
	shift 2
	faketime "$at" "$SUB_PROGRAM" "$verb" --config sub/crlferry.cfg "$@"
}

# with_notes: a subordinate that writes notes, and a root that knows its key
with_notes() {
	make_sub_config ca corp one
	"$SUB_PROGRAM" keygen sub/note.key sub/note.pub --no-passphrase --quiet
	sed -i 's,^ *# note_secret = .*,note_secret = "note.key";,' \
		sub/crlferry.cfg
	sed -i "s,^ *# note_key = .*,note_key = \"$PWD/sub/note.pub\";," \
		ca/crlferry.cfg
	mkdir medium
}

# asks TIME: a request written then, and taken in then
asks() {
	sub_at "$1" request medium --allow-fixed-disk --quiet
	root_at "$1" collect medium --quiet
}

# discards: what the ledger says was discarded
discards() {
	jq -r 'select(.event == "discard-evidence") | .id' \
		ca/state/ledger.jsonl | tr '\n' ' '
}

@test "a clock that ran ahead once does not lock the root for good" {
	root_at '2027-03-02 10:00:00' issue --confirm-date 2027-03-02 --quiet
	ahead=$(last_crl ca corp)
	refused ca 77 clock root_at '2026-03-03 10:00:00' issue
	says 'line 3 of the ledger (issue-intent), 2027-03-02T10:00:0'
	says 'for each ID of: ledger-3, crl-2, ledger-4'
	says 'remedy: set the clock; '
	says '--discard-evidence ID --why TEXT'
	# All of it must be named.
	refuses 77 clock root_at '2026-03-03 10:00:00' issue \
		--discard-evidence crl-2 --why 'a new mainboard'
	says 'for each ID of: ledger-3, ledger-4'
	[ "$(discards)" = 'crl-2 ' ]
	[ "$(last_crl ca corp)" = "$ahead" ]
	run root_at '2026-03-03 10:00:00' issue --discard-evidence ledger-3 \
		--discard-evidence ledger-4 --why 'a new mainboard'
	[ "$status" -eq 0 ]
	# Its thisUpdate must not lie in the future in its turn.
	says 'note: corp: thisUpdate does not follow that of the last CRL'
	[[ $(crl_time "$(last_crl ca corp)" lastupdate) == 2026030309500?Z ]]
	[ "$(crl_number "$(last_crl ca corp)")" = 03 ]
	openssl crl -inform DER -in "$(last_crl ca corp)" -noout \
		-CAfile ca/root.pem 2>&1 | grep -qx 'verify OK'
	# It counts from then on.
	root_at '2026-03-03 10:05:00' issue --quiet
	[ "$(discards)" = 'crl-2 ledger-3 ledger-4 ' ]
	jq -es --arg what "the last CRL's thisUpdate, 2027-03-02T09:50:0" \
		'map(select(.event == "discard-evidence")) | .[0] |
		.root == "corp" and .why == "a new mainboard" and
		(.evidence | startswith($what))' ca/state/ledger.jsonl
	root ca ledger verify --quiet
	# But the rest of the evidence counts as before.
	refused ca 77 clock root_at '2026-03-03 09:00:00' issue
	refused ca 77 clock root_at '1970-01-01 10:00:00' issue
}

@test "discarded a second time it is entered once" {
	root_at '2027-03-02 10:00:00' issue --confirm-date 2027-03-02 --quiet
	for at in 10:00:00 10:05:00; do
		root_at "2026-03-03 $at" issue --discard-evidence ledger-3 \
			--discard-evidence ledger-4 --quiet \
			--discard-evidence crl-2 --why x \
			--discard-evidence crl-2
	done
	[ "$(discards)" = 'crl-2 ledger-3 ledger-4 ' ]
}

@test "while the last CRL is from the future, no certificate has ended" {
	printf 'R\t270101000000Z\t260101000000Z\t0A\tunknown\t/CN=a\n' \
		>ca/index.txt
	root_at '2027-03-02 10:00:00' issue --confirm-date 2027-03-02 --quiet
	: >ca/index.txt
	refuses 77 shrunk root_at '2026-03-03 10:00:00' issue \
		--discard-evidence ledger-3 --discard-evidence ledger-4 \
		--discard-evidence crl-2 --why x
	says 'lacks revocations of the last CRL: 0A (1 in all)'
}

@test "nor one that will end before that CRL began, by the index's own word" {
	printf 'R\t270101000000Z\t260101000000Z\t0A\tunknown\t/CN=a\n' \
		>ca/index.txt
	root_at '2027-03-02 10:00:00' issue --confirm-date 2027-03-02 --quiet
	# It ends on 1 January 2027: before the CRL, but not before today.
	printf 'V\t270101000000Z\t\t0A\tunknown\t/CN=a\n' >ca/index.txt
	refuses 77 shrunk root_at '2026-03-03 10:00:00' issue \
		--discard-evidence ledger-3 --discard-evidence ledger-4 \
		--discard-evidence crl-2 --why x
	says 'lacks revocations of the last CRL: 0A (CN=a) (1 in all)'
	# Once it has ended, it may go.
	root_at '2027-03-03 10:00:00' issue --confirm-date 2027-03-03 --quiet
	[ "$(crl_count "$(last_crl ca corp)")" -eq 0 ]
}

@test "an unknown id is asked back, and nothing is entered" {
	for id in crl-9 crl-01 ledger-0 ledger-3 ledger- request-one-1 \
		ledger-head-0123456789abcdef '' crl; do
		refused ca 66 missing root_at '2026-03-03 10:00:00' issue \
			--discard-evidence "$id" --why x
		refused ca 66 missing root_at '2026-03-03 10:00:00' issue \
			--discard-evidence crl-1 --discard-evidence "$id" \
			--why x
	done
	[ -z "$(discards)" ]
}

@test "without a reason nothing is discarded" {
	refused ca 64 usage root ca issue --discard-evidence crl-1
	says --why
	refused ca 64 usage root ca issue --discard-evidence crl-1 --why ''
	refused ca 64 usage root ca issue --why 'nothing in particular'
	refused ca 64 usage root ca issue --discard-evidence crl-1 \
		--why $'two\nlines'
	refused ca 64 usage root ca issue --discard-evidence crl-1 \
		--why $'\033[1m'
	refused ca 64 usage root ca issue --discard-evidence crl-1 \
		--why "$(printf '%0201d' 0)"
	root_at '2026-03-03 10:00:00' issue --discard-evidence crl-1 \
		--why "$(printf '%0200d' 0)" --quiet
}

@test "notBefore cannot be discarded" {
	run root_at '2026-02-03 10:00:00' issue --why x \
		--discard-evidence crl-1 --discard-evidence ledger-1 \
		--discard-evidence ledger-2
	[ "$status" -eq 77 ]
	# The lines of the discarding itself are from then, and do no harm.
	says "the root certificate's notBefore, 2026-03-01T10:00:0"
	says_not 'for each ID'
	root_at '2026-03-03 10:00:00' issue --quiet
}

@test "a dry run counts what is discarded, and enters nothing" {
	root_at '2027-03-02 10:00:00' issue --confirm-date 2027-03-02 --quiet
	before=$(digest_of ca)
	root_at '2026-03-03 10:00:00' issue --discard-evidence ledger-3 \
		--discard-evidence ledger-4 --discard-evidence crl-2 \
		--why 'a new mainboard' --dry-run
	[ "$before" = "$(digest_of ca)" ]
	refused ca 77 clock root_at '2026-03-03 10:00:00' issue --dry-run
}

@test "another root's line from the future: named, and discarded for all" {
	faketime '2026-03-01 10:00:00' bash -c \
		'make_root cb p256 "Root B" && adopt_root cb beta'
	config_of ca | sed '$d' | sed '$s/}$/},/' >both.cfg
	config_of cb | sed '1,/^roots/d' >>both.cfg
	sed -i 's,^state = .*,state = "ca/state";,' both.cfg
	faketime '2027-03-02 10:00:00' "$ROOT_PROGRAM" issue beta --first \
		--config both.cfg --quiet --confirm-date 2027-03-02
	refused ca 77 clock root_at '2026-03-03 10:00:00' issue
	says 'for each ID of: ledger-3, ledger-4'
	root_at '2026-03-03 10:00:00' issue --why x --quiet \
		--discard-evidence ledger-3 --discard-evidence ledger-4
	refuses 77 clock faketime '2026-03-03 10:01:00' "$ROOT_PROGRAM" \
		issue beta --config both.cfg
	says 'for each ID of: crl-1'
	faketime '2026-03-03 10:01:00' "$ROOT_PROGRAM" issue beta --why x \
		--discard-evidence crl-1 --config both.cfg --quiet
}

@test "a request is evidence: a plausible date needs no further question" {
	with_notes
	# Long after: without the request the date is to be confirmed.
	refused ca 77 clock root_at '2027-06-01 10:00:00' issue
	says --confirm-date
	asks '2027-05-30 10:00:00'
	root_at '2027-06-01 10:00:00' issue --quiet
	[ "$(crl_number "$(last_crl ca corp)")" = 02 ]
}

@test "a request outlives a dead battery" {
	with_notes
	asks '2026-05-30 10:00:00'
	for at in '1970-01-01 10:00:00' '2026-03-02 10:05:00' \
		'2026-05-30 09:40:00'; do
		refused ca 77 clock root_at "$at" issue
	done
	says 'for each ID of: ledger-3, request-one-1'
	# Without the ledger the note says so itself.
	rm ca/state/ledger.jsonl
	refused ca 77 clock root_at '2026-05-30 09:40:00' issue
	says 'the request of one, 2026-05-30T10:00:0'
	root_at '2026-05-30 09:50:00' issue --quiet
}

@test "a request from the future is named, and can be discarded" {
	with_notes
	sub_at '2031-05-30 10:00:00' request medium --allow-fixed-disk --quiet
	refuses 77 clock root_at '2026-03-03 10:00:00' collect medium
	says request-one-1
	refused ca 77 clock root_at '2026-03-03 10:00:00' issue
	says 'the request of one, 2031-05-30T10:00:0'
	root_at '2026-03-03 10:00:00' issue --discard-evidence request-one-1 \
		--why 'their clock was wrong' --quiet
	root_at '2026-03-03 10:05:00' issue --quiet
	# The next one counts again.
	asks '2026-04-01 10:00:00'
	refused ca 77 clock root_at '2026-03-20 10:00:00' issue
	says request-one-2
}

@test "restored from backup: regressed before anything else" {
	with_notes
	cp -a ca backup
	faketime '2026-03-03 10:00:00' bash -c "
		. '$BATS_TEST_DIRNAME/../e2e/helpers.bash'
		revoke_sub ca one"
	root_at '2026-03-03 10:00:00' issue --quiet
	root_at '2026-03-03 10:00:00' export medium --allow-fixed-disk --quiet
	sub_at '2026-03-03 10:05:00' import medium --quiet
	mv ca lost && mv backup ca
	asks '2026-03-03 10:10:00'
	refused ca 77 regressed root_at '2026-03-03 10:20:00' issue
	says adopt
	# Before the clock, the lost revocations and a missing last CRL, too.
	refused ca 77 regressed root_at '1970-03-03 10:20:00' issue
	refused ca 77 regressed root_at '2026-03-03 10:20:00' issue --dry-run
	mv ca/state/corp/archive archive
	refused ca 77 regressed root_at '2026-03-03 10:20:00' issue
	refused ca 77 regressed root_at '2026-03-03 10:20:00' issue --first
	mv archive ca/state/corp/archive
	crl=$(find ca/state/corp/notes -name '*.crl')
	root_at '2026-03-03 10:20:00' adopt corp "$crl" --quiet
	root_at '2026-03-03 10:30:00' issue --quiet
	[ "$(crl_number "$(last_crl ca corp)")" = 03 ]
	lists "$(last_crl ca corp)" 1000
}
