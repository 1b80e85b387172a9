#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# crlferry-root plan: the coming ceremonies, and that no gap opens.

load helpers
load root_helpers

setup() {
	make_folder
	old_root ca p256
	adopt_root ca corp
	mkdir ca/schedules
}

teardown() {
	remove_folder
}

# write_schedule [LINE]...: ca/schedules/own.cfg, whose keys LINEs replace
write_schedule() {
	local line
	cat >ca/schedules/own.cfg <<-CFG
		version = 1;
		every = "6 months";
		from = "2026-01";
		on = "first tuesday";
		validity = "7 months";
		cushion = "3 weeks";
	CFG
	for line; do
		sed -i "/^${line%% *} /d" ca/schedules/own.cfg
		echo "$line" >>ca/schedules/own.cfg
	done
	sed -i 's/schedule = "[a-z-]*"/schedule = "own"/' ca/crlferry.cfg
}

@test "the dates of the semiannual schedule, as text" {
	run root ca plan --at 2027-02-01 --years 2
	[ "$status" -eq 0 ]
	says 'corp: schedule semiannual leaves no gap over 30 years'
	# 2028-01-04, the first Tuesday, lies among the days to avoid.
	root ca plan --at 2027-02-01 --years 2 |
		awk '/^20/ { print $1, $2, $3, $4, $5 }' >have
	diff - have <<-DAYS
		2027-07-06 10:00 2027-07-09 2028-01-16 2028-02-06
		2028-01-06 10:00 2028-01-09 2028-07-16 2028-08-06
		2028-07-04 10:00 2028-07-07 2029-01-14 2029-02-04
		2029-01-06 10:00 2029-01-09 2029-07-16 2029-08-06
	DAYS
	[ ! -e ca/state ]
}

@test "today's ceremony is still to come, yesterday's is not" {
	root ca plan --at 2027-07-06T23:59:59Z --years 1 | grep -q ^2027-07-06
	[ "$(root ca plan --at 2027-07-07 --years 1 |
		grep -c ^2027-07-06)" -eq 0 ]
}

@test "JSON holds the same dates" {
	root ca plan --at 2027-02-01 --years 2 --json >plan.json
	jq -e '.type == "crlferry-plan" and .version == 1 and
		.root == "corp" and .schedule == "semiannual" and
		[.ceremonies[].ceremony] == ["2027-07-06", "2028-01-06",
		"2028-07-04", "2029-01-06"] and
		.ceremonies[0].next_ceremony == "2028-01-06" and
		.ceremonies[0].may_miss == 0' plan.json
}

@test "how many in a row may be missed: quarterly one, monthly more" {
	sed -i 's/"semiannual"/"quarterly"/' ca/crlferry.cfg
	root ca plan --at 2027-02-01 --json |
		jq -e '[.ceremonies[].may_miss] | all(. == 1)'
	sed -i 's/"quarterly"/"monthly"/' ca/crlferry.cfg
	run root ca plan
	[ "$status" -eq 0 ]
	says 'schedule monthly leaves no gap'
}

@test "a schedule with a gap is refused, naming where" {
	write_schedule
	run root ca plan --at 2027-02-01
	[ "$status" -eq 0 ]
	says 'schedule own leaves no gap'
	write_schedule 'validity = "6 months";'
	refused_alone ca 78 config root ca plan --at 2027-02-01
	says 'schedule own: ceremony 2027-07-06: want the next deadline'
	write_schedule 'cushion = "6 weeks";'
	refused_alone ca 78 config root ca plan --at 2027-02-01
	write_schedule 'grace = "2 weeks";'
	refused_alone ca 78 config root ca plan --at 2027-02-01
	# Days to avoid may open the gap as well.
	write_schedule 'avoid = [ "07-01..08-10" ];'
	refused_alone ca 78 config root ca plan --at 2027-02-01
}

@test "a broken schedule file is told by its line" {
	local line
	while read -r line; do
		write_schedule "$line"
		refused_alone ca 78 config root ca plan
		says ca/schedules/own.cfg
		refused_alone ca 78 config root ca issue --first
	done <<-'LINES'
		every = "6";
		every = 6;
		every = "0 months";
		from = "2026-13";
		on = "fifth someday";
		on = "day 32";
		validity = "long";
		validity = "-7 months";
		critical = "";
		avoid = [ "12-20" ];
		avoid = [ "13-01..13-02" ];
		avoid = [ "01-01..12-31" ];
		at = "25:00";
		version = 2;
		colour = "red";
	LINES
	write_schedule 'colour = "red";'
	refused_alone ca 78 config root ca plan
	says "own.cfg:$(grep -n colour ca/schedules/own.cfg | cut -d: -f1): "
	for key in every from validity cushion; do
		write_schedule
		sed -i "/^$key /d" ca/schedules/own.cfg
		refused_alone ca 78 config root ca plan
		says "\"$key\""
	done
	write_schedule
	chmod 666 ca/schedules/own.cfg
	refused_alone ca 77 permissions root ca plan
	rm ca/schedules/own.cfg
	refused_alone ca 78 config root ca plan
	says schedules/own.cfg
	mkdir ca/schedules/own.cfg
	refuses 65 format root ca plan
}

@test "wrong options are usage" {
	local years
	for years in 0 51 -1 +2 1x '' ' 2' 99999999999999999999; do
		refused_alone ca 64 usage root ca plan --years "$years"
	done
	refused_alone ca 64 usage root ca plan --at 2027-02-30
	refused_alone ca 64 usage root ca plan --nonsense
	refused_alone ca 66 missing root ca plan other
	root ca plan corp --years 50 >long
	[ "$(grep -c ^20 long)" -ge 90 ]
}
