#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# crlferry-sub check, for the person on duty: on which day it says what, to the
# second, and crlferry-root says the same.  Every day is reckoned by `date` from
# the schedule and from what openssl reads in the CRL.

load pki_setup

BORN='2026-11-24 10:00:00 UTC'

# at_birth COMMAND...: on the day on which the CRLs were signed
at_birth() {
	TZ=UTC faketime "$BORN" "$@"
}

# Folder ca is the root after CRL #1, with which sub and stores begin; `later`
# is the root after #2, on stick2, and #3, on stick3, which revokes issuing-1.
make_work() {
	export -f make_root make_key make_sub make_weak
	TZ=UTC faketime "$BORN - 1 day" bash -c 'make_root ca p256 \
		"Corp Root" && make_sub ca issuing-1 && make_weak'
	adopt_root ca corp-root-g1 --subordinate issuing-1=ca/issuing-1.pem
	sign stick1 --first
	make_sub_config ca corp-root-g1 issuing-1
	import_at "$BORN" stick1 --quiet
	cp -a ca before
	sign stick2
	at_birth openssl ca -config ca/ca.cnf -revoke ca/issuing-1.pem \
		-crl_reason keyCompromise 2>/dev/null
	sign stick3
	mv ca later && mv before ca
}

# make_weak: issuing-1 as its root certified it once, with SHA-1, and for 200
# days; the root as it ends in 300 days
make_weak() {
	local common=(-config ca/ca.cnf -batch -notext -extensions v3_sub
		-in ca/issuing-1.csr)
	openssl ca "${common[@]}" -md sha1 -out ca/weak.pem
	openssl ca "${common[@]}" -days 200 -out ca/short.pem
	openssl req -config ca/ca.cnf -new -x509 -key ca/root.key \
		-subj '/CN=Corp Root' -days 300 -extensions v3_root \
		-out ca/ending.pem
} 2>/dev/null

# sign STICK [ISSUE-OPTION]...
sign() {
	local stick=$1
	shift
	mkdir "$stick"
	at_birth "$ROOT_PROGRAM" issue --config ca/crlferry.cfg --quiet "$@" &&
		at_birth "$ROOT_PROGRAM" export "$stick" --quiet \
			--config ca/crlferry.cfg --allow-fixed-disk
}

setup() {
	restore_work
	PAIR=corp-root-g1/issuing-1
	END=$(field_of "$(crl_of stick1)" nextupdate)
	CEREMONY=$(first_tuesday 2027-01)
	# 20 December to 5 January is avoided
	[[ $CEREMONY > 2027-01-05 ]] || CEREMONY=2027-01-06
	DEADLINE=$(day "$CEREMONY + 3 days")
	IMPORT="import the newest bundle: crlferry-sub import --config \
sub/crlferry.cfg MEDIUM"
}

# crl_of STICK: the DER CRL on it, of the highest number
crl_of() {
	printf '%s\n' "$1"/crlferry/corp-root-g1/*/corp-root-g1.crl |
		tail -n 1
}

# field_of CRL lastupdate|nextupdate
field_of() {
	at "$(openssl crl -in "$1" -noout "-$2" | cut -d= -f2)"
}

# end_of CERTIFICATE
end_of() {
	at "$(openssl x509 -in "$1" -noout -enddate | cut -d= -f2)"
}

# at TIME: as --at takes it; day TIME; seconds TIME
at() {
	date -u -d "$1" +%Y-%m-%dT%H:%M:%SZ
}

day() {
	date -u -d "$1" +%F
}

seconds() {
	date -u -d "$1" +%s
}

# first_tuesday YYYY-MM
first_tuesday() {
	local day
	for day in 01 02 03 04 05 06 07; do
		[ "$(date -u -d "$1-$day" +%u)" != 2 ] || echo "$1-$day"
	done
}

# days FROM TO: from the one date to the other, as they are printed
days() {
	echo $((($(seconds "$(day "$2")") - $(seconds "$(day "$1")")) / 86400))
}

# data TIME: what is graphed then
data() {
	echo "'$PAIR'=$(($(seconds "$END") - $(seconds "$1")))s;$((21 *
		86400)):;$((7 * 86400)):"
}

# says STATUS WORD TIME TEXT [DATA]: check, to the letter
says() {
	local want="CRLFERRY $2 - $4 | ${5:-$(data "$3")}"
	run --separate-stderr sub check --at "$3"
	[ "$output" = "$want" ] || {
		printf 'at %s\nwant %s\nhave %s\n' "$3" "$want" "$output"
		return 1
	}
	[ "$status" -eq "$1" ] && [ "${#lines[@]}" -eq 1 ]
}

# root_says WORD STATE TIME TEXT: the root's status, to the letter
root_says() {
	local have
	have=$(root ca status --json --at "$3" 2>/dev/null | jq -r '.pairs[0] |
		"\(.severity) \(.state): \(.detail)"')
	[ "$have" = "$1 $2: $4" ] || {
		printf 'root at %s\nwant %s\nhave %s\n' "$3" "$1 $2: $4" "$have"
		return 1
	}
}

# both STATUS WORD STATE TIME TEXT: TEXT as the subordinate says it; on the
# root a bundle is exported
both() {
	local on_root=${5//import its/export its}
	on_root=${on_root/ and its CRL has not come; issuing-1/; issuing-1}
	on_root=${on_root/and its CRL has not come; without it/and was not \
held yet; without its CRL}
	says "$1" "$2" "$4" "$PAIR $3: $5" && root_says "$2" "$3" "$4" "$on_root"
}

@test "the CRL and the schedule are what the days are reckoned from" {
	local begin
	begin=$(field_of "$(crl_of stick1)" lastupdate)
	[ "$(day "$begin")" = "$(day "$BORN")" ]
	[ "$END" = "$(at "$begin + 7 months")" ]
	[ "$CEREMONY" = 2027-01-06 ]
}

@test "fresh until a fortnight before the ceremony" {
	local time
	for time in "$BORN" "$CEREMONY - 14 days - 1 second"; do
		time=$(at "$time")
		both 0 OK fresh "$time" "CRL #1 ends $(day "$END") (in $(
			days "$time" "$END") days), next ceremony $CEREMONY"
	done
}

# upcoming TIME WHEN: the sentence before and on the day
upcoming() {
	local time verb=prepare
	time=$(at "$1")
	[ "$2" != today ] || verb=hold
	both 1 WARNING upcoming "$time" "a ceremony is planned for $CEREMONY \
($2); without its CRL issuing-1 stops on $(day "$END") (in $(
		days "$time" "$END") days): $verb the ceremony and import \
its bundle before $DEADLINE"
}

# not_come TIME WHEN: after the day, within the grace
not_come() {
	local time
	time=$(at "$1")
	both 1 WARNING upcoming "$time" "a ceremony was planned for $CEREMONY \
($2) and its CRL has not come; without it issuing-1 stops on $(
		day "$END") (in $(days "$time" "$END") days): hold a ceremony \
and import its bundle before $DEADLINE"
}

@test "upcoming from a fortnight before to the end of the grace" {
	upcoming "$CEREMONY - 14 days" 'in 14 days'
	upcoming "$CEREMONY - 1 day - 1 second" 'in 2 days'
	upcoming "$CEREMONY - 1 second" tomorrow
	upcoming "$CEREMONY" today
	upcoming "$CEREMONY + 1 day - 1 second" today
	not_come "$CEREMONY + 1 day" yesterday
	not_come "$DEADLINE - 1 second" '2 days ago'
}

@test "overdue from the end of the grace to the cushion" {
	local time
	for time in "$DEADLINE" "$END - 3 weeks - 1 second"; do
		time=$(at "$time")
		both 1 WARNING overdue "$time" "the ceremony of $CEREMONY is \
overdue since $DEADLINE and its CRL has not come; issuing-1 stops on $(
			day "$END") (in $(days "$time" "$END") days): hold a \
ceremony and import its bundle"
	done
}

@test "doc/reminder.md shows what check says" {
	local shown
	shown=$(sed -n 's/^> //p' "$BATS_TEST_DIRNAME/../../doc/reminder.md" |
		paste -sd' ')
	[ -n "$shown" ]
	run --separate-stderr sub check --at 2027-01-09
	[[ " $shown " == *" ${output% |*} "* ]]
}

# ending STATUS WORD STATE TIME WHEN REMEDY
ending() {
	local time
	time=$(at "$4")
	both "$1" "$2" "$3" "$time" "CRL #1 ends on $5 and issuing-1 stops \
then; the ceremony of $CEREMONY is overdue since $DEADLINE: hold a ceremony $6 \
and import its bundle"
}

@test "expiring from the cushion on, critical from 7 days before the end" {
	local last
	last=$(day "$END")
	ending 1 WARNING expiring "$END - 3 weeks" "$last (in 21 days)" now
	ending 1 WARNING expiring "$END - 7 days - 1 second" \
		"$last (in 7 days)" now
	ending 2 CRITICAL critical "$END - 7 days" "$last (in 7 days)" 'at once'
	ending 2 CRITICAL critical "$END - 2 days" "$last (in 2 days)" 'at once'
	last=$(date -u -d "$END" '+%F %H:%M UTC')
	ending 2 CRITICAL critical "$END - 2 days + 1 second" \
		"$last (in 47 hours)" 'at once'
	ending 2 CRITICAL critical "$END - 1 second" "$last (in 1 second)" \
		'at once'
}

# ended TIME WHEN
ended() {
	both 2 CRITICAL expired "$(at "$1")" "CRL #1 ended on $2 and issuing-1 \
has stopped; the ceremony of $CEREMONY is overdue since $DEADLINE: hold a \
ceremony at once and import its bundle"
}

@test "expired from the second of its end on" {
	local last
	last=$(date -u -d "$END" '+%F %H:%M UTC')
	ended "$END" "$last (now)"
	ended "$END + 1 second" "$last (1 second ago)"
	ended "$END + 3 hours" "$last (3 hours ago)"
	ended "$END + 2 days" "$(day "$END") (2 days ago)"
}

# dates sub|root_of: "upcoming 2026-12-23T00:00:00Z" and so on, as plan has them
dates() {
	"$@" plan --json --at "$(day "$BORN + 1 day")" | jq -r '
		.roots[0].if_nobody_acts[0] |
		"number \(.number)", "ceremony \(.next_ceremony)",
		"end \(.next_update)", (.events[] | "\(.state) \(.from)")'
}

# root_of VERB...: as sub does it, of folder ca
root_of() {
	local verb=$1
	shift
	root ca "$verb" "$@"
}

@test "the plans and states of both programs have the same dates" {
	local state from before=fresh
	dates sub >here
	dates root_of >there
	diff here there
	diff here - <<-PLAN
		number 1
		ceremony $CEREMONY
		end $END
		upcoming $(at "$CEREMONY - 14 days")
		overdue $(at "$DEADLINE")
		expiring $(at "$END - 3 weeks")
		critical $(at "$END - 7 days")
		expired $END
	PLAN
	while read -r state from; do
		[[ $state != @(number|ceremony|end) ]] || continue
		has_state "$(at "$from - 1 second")" "$before"
		has_state "$from" "$state"
		before=$state
	done <here
}

# has_state TIME STATE: status of both, with the same dates
has_state() {
	local wanted what
	wanted="$2 $CEREMONY $(at "$DEADLINE") $END 1"
	what='.pairs[0] | "\(.state) \(.next_ceremony) \(.deadline) " +
		"\(.next_update) \(.number)"'
	[ "$(sub status --json --at "$1" | jq -r "$what")" = "$wanted" ] &&
		[ "$(root ca status --json --at "$1" | jq -r "$what")" = \
			"$wanted" ]
}

@test "a CRL that came is what counts, and the next ceremony follows" {
	local next at
	at=$(at "$CEREMONY 12:00")
	mkdir stick
	TZ=UTC faketime "${at:0:10} ${at:11:8}" "$ROOT_PROGRAM" issue --quiet \
		--config ca/crlferry.cfg --confirm-date "$CEREMONY"
	TZ=UTC faketime "${at:0:10} ${at:11:8}" "$ROOT_PROGRAM" export stick \
		--quiet --config ca/crlferry.cfg --allow-fixed-disk
	# held, but nobody has brought the stick
	[[ $(sub check --at "$at" || :) == *" upcoming: "* ]]
	import_at "$at" stick --quiet
	END=$(field_of "$(crl_of stick)" nextupdate)
	next=$(first_tuesday 2027-07)
	both 0 OK fresh "$at" "CRL #2 ends $(day "$END") (in $(
		days "$at" "$END") days), next ceremony $next"
}

# What is wrong in a store, made for real.

NOW=2026-12-01T00:00:00Z

@test "missing: the store is named, and the import" {
	rm stores/one.crl
	says 2 CRITICAL $NOW "$PAIR missing: der $T/stores/one.crl holds no \
CRL of corp-root-g1, and issuing-1 has stopped there: $IMPORT"
	rm -r sub/state stores/*
	mkdir stores/hash
	says 2 CRITICAL $NOW "$PAIR missing: hashdir $T/stores/hash holds no \
CRL of corp-root-g1, and issuing-1 needs one: $IMPORT" "'$PAIR'=U"
}

@test "invalid: another key's CRL of that name, and a damaged file" {
	at_birth bash -c 'make_root twin p256 "Corp Root"'
	sed -i '/^crl_extensions/d' twin/ca.cnf
	at_birth openssl ca -config twin/ca.cnf -gencrl -out twin.pem \
		2>/dev/null
	openssl crl -in twin.pem -outform DER -out stores/one.crl
	says 2 CRITICAL $NOW "$PAIR invalid: der $T/stores/one.crl is of no \
use to issuing-1, which may have stopped: holds the CRL of another key with this root's name: correct \
the path in the configuration, or move that file away"
	echo garbage >stores/one.crl
	says 2 CRITICAL $NOW "$PAIR invalid: der $T/stores/one.crl is of no \
use to issuing-1, which may have stopped: holds no CRL in DER: $IMPORT"
	import_at "$BORN" stick1 --quiet
	says 0 OK $NOW "$PAIR fresh: CRL #1 ends $(day "$END") (in $(
		days $NOW "$END") days), next ceremony $CEREMONY"
}

@test "behind: both numbers, in each store" {
	local file older store first_end=$END
	for file in "$(hash_slot 0)" stores/all.pem stores/one.crl; do
		cp "$file" "$(basename "$file")"
	done
	import_at "$BORN" stick2 --quiet
	END=$(field_of "$(crl_of stick2)" nextupdate)
	for store in "hashdir $T/stores/hash:$(hash_slot 0)" \
		"pem $T/stores/all.pem:stores/all.pem" \
		"der $T/stores/one.crl:stores/one.crl"; do
		file=${store#*:}
		older=$(basename "$file")
		cp "$file" newer && cp "$older" "$file"
		says 2 CRITICAL $NOW "$PAIR behind: ${store%:*} holds CRL #1, \
but CRL #2 was accepted already; issuing-1 stops on $(day "$first_end") (in $(
			days $NOW "$first_end") days): $IMPORT" "$(END=$first_end && data $NOW)"
		cp newer "$file"
	done
	says 0 OK $NOW "$PAIR fresh: CRL #2 ends $(day "$END") (in $(
		days $NOW "$END") days), next ceremony $CEREMONY"
}

@test "a store that lags needs an import, and no ceremony" {
	local later
	import_at "$BORN" stick2 --quiet
	cp "$(crl_of stick1)" stores/one.crl
	# nothing is known of an import: the dates alone tell
	rm -r sub/state/corp-root-g1
	later=$(field_of "$(crl_of stick2)" nextupdate)
	[[ $later > $END ]]
	says 1 WARNING "$(at "$CEREMONY")" "$PAIR upcoming: CRL #1 in der \
$T/stores/one.crl ends on $(day "$END") (in $(days "$CEREMONY" "$END") days), \
and another store holds a later one: $IMPORT"
	says 2 CRITICAL "$(at "$END + 3 days")" "$PAIR expired: CRL #1 in der \
$T/stores/one.crl ended on $(day "$END") (3 days ago), and another store holds \
a later one: $IMPORT"
}

@test "another pair has the later CRL: an import, and no ceremony" {
	local later
	import_at "$BORN" stick2 --quiet
	rm sub/state/corp-root-g1/accepted.*
	cp "$(crl_of stick1)" old.crl
	configure "s|subordinates = (|&{ name = \"old\"; stores = ( \
{ type = \"der\"; path = \"$T/old.crl\"; } ); },|"
	later=$(field_of "$(crl_of stick2)" nextupdate)
	[[ $later > $END ]]
	run sub check --at "$END"
	[ "$status" -eq 2 ]
	[[ $output == *"corp-root-g1/old expired: CRL #1 in der $T/old.crl \
ended on "*" (now), and issuing-1 has a later one: $IMPORT"* ]]
}

@test "revoked: the reason, and what to do; retired pairs are silent" {
	import_at "$BORN" stick3 --quiet
	END=$(field_of "$(crl_of stick3)" nextupdate)
	says 2 CRITICAL $NOW "$PAIR revoked: the certificate of issuing-1 is on \
the CRL (keyCompromise) and is rejected: replace it, or mark the subordinate \
as retired"
	[ "$(root later status --json --at $NOW | jq -r '.pairs[0].detail')" = \
		"the certificate of issuing-1 is on the CRL (keyCompromise) \
and is rejected: replace it, or mark the subordinate as retired" ]
	configure 's/name = "issuing-1";/& retired = true;/'
	run sub check --at $NOW
	[ "$status" -eq 0 ]
	[ "$output" = "CRLFERRY OK - $PAIR is retired: it is not watched" ]
	# nor does it matter what has become of it
	rm -r sub/issuing-1.pem stores
	run --separate-stderr sub check --at "$(at "$END + 1 year")"
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	[ "$output" = "CRLFERRY OK - $PAIR is retired: it is not watched" ]
	run sub check --verbose --at $NOW
	[ "$status" -eq 0 ]
	[ "${lines[1]}" = "OK - $PAIR retired" ]
	[ "${#lines[@]}" -eq 2 ]
}

@test "not-yet-valid, clock-suspect: the clock, to the second" {
	local begin early
	begin=$(field_of "$(crl_of stick1)" lastupdate)
	early=$(at "$begin - 5 minutes - 1 second")
	says 2 CRITICAL "$early" "$PAIR clock-suspect: this machine's clock \
says $(date -u -d "$early" '+%F %H:%M') UTC, but a CRL of $(
		date -u -d "$begin" '+%F %H:%M') UTC was accepted before: set \
the clock"
	says 2 CRITICAL 2026-01-01T00:00:00Z "$PAIR clock-suspect: this \
machine's clock says 2026-01-01, but a CRL of $(day "$begin") was accepted \
before: set the clock"
	run sub check --at "$(at "$begin - 5 minutes")"
	[ "$status" -eq 0 ]
	rm sub/state/corp-root-g1/accepted.*
	says 2 CRITICAL "$early" "$PAIR not-yet-valid: CRL #1 in hashdir \
$T/stores/hash begins on $(date -u -d "$begin" '+%F %H:%M') UTC (in 5 minutes) \
and is refused until then: set this machine's clock"
}

@test "unreadable: UNKNOWN, whom to let in where, and no better than it is" {
	[ "$(id -u)" -eq 0 ] || skip "only root can become another user"
	chmod 755 . "$BATS_FILE_TMPDIR" "$BATS_RUN_TMPDIR"
	mkdir -p bin sub/schedules
	cp "$SUB_PROGRAM" bin/crlferry-sub
	cp "$BATS_TEST_DIRNAME"/../../schedules/*.cfg sub/schedules/
	SUB_PROGRAM=$T/as_nobody
	cat >as_nobody <<-SH
		#!/bin/sh
		exec setpriv --reuid=65534 --regid=65534 --clear-groups \
			$T/bin/crlferry-sub "\$@"
	SH
	chmod 755 as_nobody
	setpriv --reuid=65534 --regid=65534 --clear-groups \
		test -x bin/crlferry-sub || skip "the tests' folder is closed"
	chmod 600 stores/one.crl
	says 3 UNKNOWN $NOW "$PAIR unreadable: cannot read der \
$T/stores/one.crl as nobody: Permission denied; give it read access; by CRL #1, \
which was accepted, issuing-1 stops on $(day "$END") (in $(days $NOW "$END") days)"
	# a WARNING is not worse than not to know, what is CRITICAL is
	says 3 UNKNOWN "$(at "$DEADLINE")" "$PAIR unreadable: cannot read der \
$T/stores/one.crl as nobody: Permission denied; give it read access; by CRL #1, \
which was accepted, issuing-1 stops on $(day "$END") \
(in $(days "$DEADLINE" "$END") days)"
	run sub check --at "$END"
	[ "$status" -eq 2 ]
	[[ $output == "CRLFERRY CRITICAL - $PAIR expired: "* ]]
}

# Certificates.

@test "a weak signature on the subordinate: WARNING, behind what is worse" {
	local weak="the certificate of issuing-1 is signed with \
ecdsa-with-SHA1, which many programs refuse: have root corp-root-g1 sign a new \
one"
	cp ca/weak.pem sub/issuing-1.pem
	says 1 WARNING $NOW "$PAIR fresh, but $weak; CRL #1 ends $(
		day "$END") (in $(days $NOW "$END") days), next ceremony \
$CEREMONY"
	says 1 WARNING "$(at "$DEADLINE")" "$PAIR overdue: the ceremony of \
$CEREMONY is overdue since $DEADLINE and its CRL has not come; issuing-1 stops \
on $(day "$END") (in $(days "$DEADLINE" "$END") days): hold a ceremony and \
import its bundle; $weak"
}

# until_end STATUS WORD TIME TEXT: fresh, but for a certificate
until_end() {
	says "$1" "$2" "$3" "$PAIR fresh, but $4; CRL #1 ends $(day "$END") \
(in $(days "$3" "$END") days), next ceremony $CEREMONY"
}

@test "the subordinate's end: a WARNING a year before, 30 days CRITICAL" {
	local last
	cp ca/short.pem sub/issuing-1.pem
	last=$(end_of ca/short.pem)
	until_end 1 WARNING $NOW "the certificate of issuing-1 ends on $(
		day "$last") (in $(days $NOW "$last") days): have root \
corp-root-g1 sign a new one"
	run sub check --at "$(at "$last - 30 days - 1 second")"
	[ "$status" -eq 1 ]
	run sub check --at "$(at "$last - 30 days")"
	[ "$status" -eq 2 ]
	[[ $output == "CRLFERRY CRITICAL - $PAIR overdue, and the certificate \
of issuing-1 ends on $(day "$last") (in 30 days): have root corp-root-g1 sign \
a new one; the ceremony of $CEREMONY is overdue since "* ]]
}

@test "the root's end, and its thresholds in the schedule" {
	local last
	cp ca/ending.pem sub/corp-root-g1.pem
	last=$(end_of ca/ending.pem)
	until_end 1 WARNING $NOW "the certificate of root corp-root-g1 ends on \
$(day "$last") (in $(days $NOW "$last") days), and its CRLs with it: ask the \
root's operator for a new one"
	mkdir -p sub/schedules
	sed 's/^renew  .*/renew = "100 days";/
		s/^renew_critical.*/renew_critical = "99 days";/' \
		"$BATS_TEST_DIRNAME/../../schedules/semiannual.cfg" \
		>sub/schedules/mine.cfg
	configure 's/schedule = "semiannual"/schedule = "mine"/'
	says 0 OK $NOW "$PAIR fresh: CRL #1 ends $(day "$END") (in $(
		days $NOW "$END") days), next ceremony $CEREMONY"
	run sub check --at "$(at "$last - 100 days")"
	[[ $output == *" (in 100 days), and its CRLs with it: "* ]]
	run sub check --at "$(at "$last - 99 days")"
	[ "$status" -eq 2 ]
}

# Many pairs.

# crowd COUNT: subordinates s1, s2, ... with a store each, which hold CRL #1
crowd() {
	local i list=()
	for ((i = 1; i <= $1; i++)); do
		cp "$(crl_of stick1)" "stores/$i.crl"
		list+=("{ name = \"s$i\"; stores = ( { type = \"der\"; path = \
\"$T/stores/$i.crl\"; } ); }")
	done
	LIST=$(IFS=, && echo "${list[*]}") perl -0777 -i -pe \
		's/subordinates = \(.*\);(?=\s*\}\s*\);)/subordinates = ($ENV{LIST});/s' \
		sub/crlferry.cfg
}

@test "200 pairs: counted, the worst named first, 20 lines, within 8 KB" {
	local i
	crowd 200
	run sub check --at $NOW
	[ "$status" -eq 0 ]
	[ "${#lines[@]}" -eq 1 ]
	[[ $output == "CRLFERRY OK - 200 pairs fresh: the next ceremony is that \
of corp-root-g1 on $CEREMONY (in $(days $NOW "$CEREMONY") days), and \
corp-root-g1/s1 would stop first, on $(day "$END") (in $(
		days $NOW "$END") days) | 'ok'=200 'warning'=0 'critical'=0 \
'unknown'=0 'first_end'=$(($(seconds "$END") - $(
		seconds $NOW)))s;1814400:;604800:" ]]
	run sub check other
	[[ $output == *"; configured: corp-root-g1/s1, corp-root-g1/s2, \
corp-root-g1/s3, corp-root-g1/s4, corp-root-g1/s5 and 195 more: name one of \
these"* ]]
	for ((i = 100; i < 132; i++)); do
		rm "stores/$i.crl"
	done
	run sub check --at $NOW
	[ "$status" -eq 2 ]
	[[ ${lines[0]} == "CRLFERRY CRITICAL - 32 of 200 pairs critical: \
corp-root-g1/s100 missing: der $T/stores/100.crl holds no CRL of corp-root-g1, \
and s100 has stopped: $IMPORT; also corp-root-g1/s101 missing, corp-root-g1/s102 \
missing, corp-root-g1/s103 missing, corp-root-g1/s104 missing, \
corp-root-g1/s105 missing, and 26 more | 'ok'=168 'warning'=0 'critical'=32 \
'unknown'=0 'first_end'="* ]]
	[ "${#lines[@]}" -eq 22 ]
	[[ ${lines[1]} == "CRITICAL - corp-root-g1/s100 missing: "* ]]
	[[ ${lines[20]} == "CRITICAL - corp-root-g1/s119 missing: "* ]]
	[ "${lines[21]}" = 'and 12 more: --verbose lists all' ]
	[ "${#output}" -lt 8192 ]
	run sub check --at $NOW --verbose
	[ "$status" -eq 2 ]
	[ "$(grep -c '^OK - ' <<<"$output")" -eq 168 ]
	[ "$(grep -c '^CRITICAL - ' <<<"$output")" -eq 32 ]
	[ "$(grep -c "^  der $T/stores/[0-9]*.crl: CRL #1 of " \
		<<<"$output")" -eq 168 ]
	[ "$(grep -c "^  der $T/stores/[0-9]*.crl: no CRL of corp-root-g1$" \
		<<<"$output")" -eq 32 ]
}

@test "50 pairs have performance data each, and one more has none" {
	crowd 50
	run sub check --at $NOW
	[ "$(grep -o "'corp-root-g1/s[0-9]*'=[0-9]*s;1814400:;604800:" \
		<<<"$output" | sort -u | wc -l)" -eq 50 ]
	crowd 51
	run sub check --at $NOW
	[[ $output == *" | 'ok'=51 "* && $output != *"'corp-root-g1/s"* ]]
}

@test "--verbose: the stores, and the ends of both certificates" {
	local crl root_end sub_end
	crl="CRL #1 of $(day "$BORN") ends $(day "$END") (in $(
		days $NOW "$END") days)"
	root_end=$(end_of ca/root.pem)
	sub_end=$(end_of ca/issuing-1.pem)
	run --separate-stderr sub check --verbose --at $NOW
	[ "$status" -eq 0 ]
	diff <(tail -n +2 <<<"$output") - <<-ALL
		OK - $PAIR fresh: CRL #1 ends $(day "$END") (in $(
			days $NOW "$END") days), next ceremony $CEREMONY
		  hashdir $T/stores/hash: $crl
		  pem $T/stores/all.pem: $crl
		  der $T/stores/one.crl: $crl
		  the certificate of root corp-root-g1 ends $(
			day "$root_end") (in $(days $NOW "$root_end") days)
		  the certificate of issuing-1 ends $(
			day "$sub_end") (in $(days $NOW "$sub_end") days)
	ALL
}

# What cannot be judged.

# unknown TEXT ARGUMENT...: the line and status 3
unknown() {
	local want="CRLFERRY UNKNOWN - $1"
	shift
	run --separate-stderr sub check "$@"
	[ "$status" -eq 3 ] && [ "$output" = "$want" ] || {
		printf 'want %s\nhave %s\n' "$want" "$output"
		return 1
	}
}

@test "UNKNOWN says what to do, on the line that is shown" {
	unknown "usage: --at takes YYYY-MM-DD or YYYY-MM-DDTHH:MM:SSZ, not \
\"a?b\": run it with --help to see what it takes" --at 'a|b'
	unknown "missing: no root or pair \"other\" in sub/crlferry.cfg; \
configured: $PAIR: name one of these" other
	mv sub/crlferry.cfg away
	unknown "missing: sub/crlferry.cfg: no configuration is there: \
crlferry-sub init writes one; --config names another"
	sed '/subordinates = (/,/^      );$/d' away >sub/crlferry.cfg
	unknown "no pair is configured: name a subordinate in the \
configuration, as crlferry-sub init writes it"
}
