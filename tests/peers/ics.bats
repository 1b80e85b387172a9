#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# plan --format ics of both programs, read back by python3-icalendar.

load ../e2e/pki_setup
load calendar_helpers

# It is this day, unless a test says another.
TODAY=2026-11-30

make_work() {
	make_pki_of $TODAY
}

# plan [OPTION]...: of the subordinate
plan() {
	guarded faketime "$TODAY 12:00" "$SUB_PROGRAM" plan \
		--config sub/crlferry.cfg "$@"
}

# at TIME COMMAND...: as if it were that time
at() {
	local time
	time=$(date -u -d "$1" '+%F %T')
	shift
	TZ=UTC guarded faketime "$time" "$@"
}

# held_at TIME STICK: a ceremony, whose CRL reaches the subordinate
held_at() {
	mkdir -p "$2"
	at "$1" "$ROOT_PROGRAM" issue --config ca/crlferry.cfg --quiet &&
		at "$1" "$ROOT_PROGRAM" export "$2" --quiet \
			--allow-fixed-disk --config ca/crlferry.cfg &&
		at "$1" "$SUB_PROGRAM" import "$2" --quiet \
			--config sub/crlferry.cfg
}

# equals_plan PROGRAM FOLDER [OPTION]...: the calendar and plan --json agree,
# event by event
equals_plan() {
	local program=$1 folder=$2
	shift 2
	set -- --config "$folder/crlferry.cfg" "$@"
	at "$TODAY 12:00" "$program" plan --format ics "$@" >plan.ics || return 1
	at "$TODAY 12:00" "$program" plan --json "$@" >plan.json || return 1
	is_well_formed plan.ics || return 1
	of_plan plan.json >want.json || return 1
	live plan.ics >events.json || return 1
	jq 'map({kind, start}) | sort' events.json | diff want.json -
}

# same_events FILE FILE: on the same days, under the same UIDs
same_events() {
	calendar "$1" >one.json && calendar "$2" >two.json || return 1
	[ "$(jq length one.json)" -gt 0 ] || return 1
	diff <(jq 'map({uid, start, day, status, alarms})' one.json) \
		<(jq 'map({uid, start, day, status, alarms})' two.json)
}

# of FILE JQ-FILTER: of its events, and those of the files before it
of() {
	calendar "${@:1:$#-1}" >of.json && jq -e "${!#}" of.json
}

@test "what is read back equals plan --json, on both programs" {
	equals_plan "$ROOT_PROGRAM" ca
	of plan.ics 'map(select(.status != "CANCELLED")) | length == 9'
	cp plan.ics root.ics
	equals_plan "$SUB_PROGRAM" sub
	same_events root.ics plan.ics
	equals_plan "$ROOT_PROGRAM" ca --years 19
	equals_plan "$SUB_PROGRAM" sub --years 19
	of plan.ics 'map(select(.status != "CANCELLED")) | length > 70 and
		all(.[]; .alarms == [-30, -7, -1]) and
		all(.[]; if .kind == "ceremony" then .seconds == 7200
		else .day and .seconds == 86400 end)'
}

@test "and so it is on any day, whatever was held or missed" {
	local day
	for day in 2026-12-23 2027-01-06 2027-01-08 2027-01-09 2027-06-30 \
		2027-07-10 2028-02-29; do
		equals_plan "$SUB_PROGRAM" sub --at "$day"
	done
	# held early, and then another rule than the one of the bundle
	held_at '2026-12-30' stick3
	equals_plan "$SUB_PROGRAM" sub --at 2026-12-31
	mkdir sub/schedules
	for rule in 'every = "6 months"; on = "day 14"' \
		'every = "6 months"; on = "day 5"' \
		'every = "6 months"; on = "day 2"; avoid = [ "07-01..07-19" ]' \
		'every = "3 months"; on = "first tuesday"' \
		'every = "12 months"; on = "last friday"'; do
		cat >sub/schedules/mine.cfg <<-END
			$rule; from = "2026-01"; at = "00:00";
			validity = "20 months"; cushion = "3 weeks";
		END
		sed -i 's/schedule = "[a-z]*"/schedule = "mine"/' \
			sub/crlferry.cfg
		for day in 2027-03-01 2027-09-20; do
			equals_plan "$SUB_PROGRAM" sub --at "$day"
		done
	done
}

@test "each kind says what it is about" {
	plan --format ics >plan.ics
	live plan.ics >events.json
	jq -r '.[] | .summary' events.json | sort -u >summaries
	diff summaries - <<-END
		Ceremony of test-root
		Deadline: the new CRL of test-root must be in place before this day
		live stops today unless a newer CRL of test-root is in place
	END
	plan --json | jq -e '.roots[0].ceremonies[0].standby == "2027-06-01"'
	jq -e 'map(select(.kind == "ceremony")) | .[0].description |
		contains("carried to live.\nFrom 2027-01-09") and
		contains("until 2027-06-01 without harm")' events.json
}

# unstamped <CALENDAR: without the moment at which it was made
unstamped() {
	grep -v -e ^SEQUENCE: -e ^DTSTAMP:
}

@test "the zone of the machine plays no part" {
	plan --format ics --at 2027-03-28 >utc.ics
	for zone in Europe/Vienna Pacific/Kiritimati America/St_Johns; do
		TZ=$zone plan --format ics --at 2027-03-28 | unstamped |
			cmp - <(unstamped <utc.ics)
	done
	# a floating hour: neither Z nor a zone
	grep -q $'^DTSTART:20270706T100000\r$' utc.ics
	run ! grep TZID utc.ics
}

@test "next year's over this year's: what was held is cancelled" {
	plan --format ics >this.ics
	held_at '2027-01-06 10:30' stick3
	at '2027-11-30' "$SUB_PROGRAM" plan --config sub/crlferry.cfg \
		--format ics >next.ics
	leaves_the_last this.ics next.ics
	of this.ics next.ics 'map(select(.uid | test("2027-01"))) |
		length == 2 and all(.[]; .status == "CANCELLED" and
		.alarms == [])'
	# that of July was missed, and stays
	of next.ics 'map(select(.uid | test("2027-07"))) |
		[.[] | .status, .start, .summary] == ["CONFIRMED",
		"2027-07-06T10:00",
		"OVERDUE: ceremony of test-root: hold a ceremony now",
		"CONFIRMED", "2027-07-09",
		"OVERDUE: the new CRL of test-root is not in place"]'
	# the CRL that is in use ends later: the event moved
	of this.ics next.ics 'map(select(.kind == "end" and
		.status == "CONFIRMED")) | map(.start) == ["2027-08-06"]'
	at '2027-11-30' "$ROOT_PROGRAM" plan --config ca/crlferry.cfg \
		--format ics >root.ics
	same_events root.ics next.ics
}

@test "one made for a day to come is outranked by the next that is made" {
	local made
	plan --format ics --at 2028-03-01 >ahead.ics
	made=$(date -u +%s)
	jq -e --argjson made "$((made - 1577836800))" 'all(.[];
		.sequence <= $made)' <(calendar ahead.ics)
	sleep 1
	plan --format ics >now.ics
	of ahead.ics now.ics 'map(select(.status == "CONFIRMED") | .uid)' \
		>have.json
	of now.ics ahead.ics 'map(select(.status == "CONFIRMED") | .uid)' |
		diff have.json -
}

@test "year by year: no event is stale" {
	local year files=()
	for year in 2027 2028 2029 2030; do
		held_at "$year-01-06 10:30" "stick-$year"
		at "$year-03-01" "$SUB_PROGRAM" plan --format ics \
			--config sub/crlferry.cfg >"$year.ics"
		files+=("$year.ics")
		leaves_the_last "${files[@]}"
		held_at "$year-07-10 10:30" "stick-$year"
	done
	of "${files[@]}" 'map(select(.status == "CANCELLED")) | length == 21'
}

@test "a day that is moved keeps its UID" {
	plan --format ics --at 2027-02-01 >before.ics
	mkdir ca/schedules
	sed 's/^avoid = .*/avoid = [ "07-01..07-09", "12-20..01-05" ];/;
		s/^at *=.*/at = "14:30";/' \
		"$BUILD/schedules/semiannual.cfg" >ca/schedules/semiannual.cfg
	grep -q 07-09 ca/schedules/semiannual.cfg
	cp -r ca/schedules sub/
	held_at '2027-01-06 10:30' stick3
	plan --format ics --at 2027-03-01 >after.ics
	leaves_the_last before.ics after.ics
	of before.ics after.ics 'map(select(.uid |
		test("ceremony-2027-07"))) |
		map(.start) == ["2027-07-10T14:30"]'
}

@test "another rule: --replaces cancels the months that are none any more" {
	configure 's/"semiannual"/"quarterly"/'
	plan --format ics >quarterly.ics
	of quarterly.ics 'map(select(.kind == "ceremony" and
		.status != "CANCELLED")) | length == 8'
	configure 's/"quarterly"/"semiannual"/'
	plan --format ics --at 2026-12-15 >plain.ics
	run ! leaves_the_last quarterly.ics plain.ics
	plan --format ics --at 2026-12-15 --replaces quarterly.ics >new.ics
	is_well_formed new.ics
	live plain.ics >plain.json
	live new.ics | diff plain.json -
	leaves_the_last quarterly.ics new.ics
	# and so the next time, from the last one
	plan --format ics --at 2027-01-02 --replaces new.ics >newer.ics
	leaves_the_last quarterly.ics newer.ics
	# what another program wrote is read as well
	/usr/bin/python3 -c 'import icalendar, sys
sys.stdout.buffer.write(icalendar.Calendar.from_ical(
    open("quarterly.ics", "rb").read()).to_ical())' >exported.ics
	run ! cmp exported.ics quarterly.ics
	plan --format ics --at 2026-12-15 --replaces exported.ics |
		cmp - new.ics
}

@test "a retired subordinate waits for nothing" {
	plan --format ics >before.ics
	configure 's/name = "live";/name = "live"; retired = true;/'
	plan --format ics --at 2026-12-10 >after.ics
	of before.ics after.ics 'length > 8 and
		all(.[]; .status == "CANCELLED")'
}

@test "no ceremony beyond the end of the root" {
	plan --format ics --at 2046-01-01 --years 5 >end.ics
	of end.ics 'map(select(.status == "CONFIRMED")) | length > 2 and
		(map(.start) | max < "2046-11-25")'
	equals_plan "$ROOT_PROGRAM" ca --years 30
	of plan.ics 'map(select(.status == "CONFIRMED")) |
		map(.start) | max > "2046-06" and max < "2046-11-25"'
}

@test "before anything was imported: the schedule's days, and no end" {
	forget
	plan --format ics >plan.ics
	of plan.ics 'map(select(.status == "CANCELLED") |
		.kind) == ["end", "end", "end", "end"] and (map(select(.kind == "ceremony") |
		.start) == ["2027-01-06T10:00", "2027-07-06T10:00",
		"2028-01-06T10:00", "2028-07-04T10:00"])'
}

@test "a wrong command line; nothing is changed" {
	keeps 64 usage plan --format pdf
	[[ $output == *'--format takes text, json or ics, not "pdf"'* ]]
	keeps 64 usage plan --format ics --json
	keeps 64 usage plan --replaces old.ics
	keeps 66 missing plan --format ics --replaces old.ics
	keeps 65 format plan --format ics --replaces sub/crlferry.cfg
	[[ $output == *"sub/crlferry.cfg is not an iCalendar file"* ]]
	plan --format json --at 2027-01-01 >one
	plan --json --at 2027-01-01 | cmp - one
	plan --json --format json --at 2027-01-01 | cmp - one
	plan --format text --at 2027-01-01 >one
	plan --at 2027-01-01 | cmp - one
	refuses 64 usage root ca plan --format pdf
}
