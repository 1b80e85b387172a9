#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# crlferry-root plan: the coming ceremonies, and that no gap opens.

load root_setup
load note_helpers

setup() {
	make_folder
	make_corp
	mkdir ca/schedules
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

# lasts FOLDER DAYS: the root's certificate anew, with another end
lasts() {
	openssl req -config "$1/ca.cnf" -new -x509 -key "$1/root.key" \
		-subj "$(openssl x509 -in "$1/root.pem" -noout -subject \
			-nameopt compat | sed 's/^subject=//')" \
		-days "$2" -extensions v3_root -out "$1/root.pem" 2>/dev/null
}

# with_subordinates NAME...: the configuration anew, with these
with_subordinates() {
	local name options=()
	for name; do
		make_sub ca "$name"
		options+=(--subordinate "$name=ca/$name.pem")
	done
	rm ca/crlferry.cfg ca/seal.*
	adopt_root ca corp "${options[@]}"
}

# ceremonies [OPTION]...: the rows of the first table
ceremonies() {
	root ca plan "$@" | grep -E '^20[0-9-]{8} (Mon|Tue|Wed|Thu|Fri|Sat|Sun) '
}

# says_whole TEXT: the same as `says`, across the lines of a paragraph
says_whole() {
	output=$(sed -z 's/\n  \+/ /g' <<<"$output") says "$1"
}

@test "the dates of the semiannual schedule, as text" {
	run root ca plan --at 2027-02-01 --years 2
	[ "$status" -eq 0 ]
	says_whole "corp: If every ceremony is held, schedule semiannual leaves no gap until the root's certificate ends on 20"
	# 2028-01-04, the first Tuesday, lies among the days to avoid.
	ceremonies --at 2027-02-01 --years 2 | tr -s ' ' >have
	diff - have <<-DAYS
		2027-07-06 Tue next 2027-06-22 2027-07-09 2027-07-13 2028-02-06
		2028-01-06 Thu planned 2027-12-23 2028-01-09 2028-01-11 2028-08-06
		2028-07-04 Tue planned 2028-06-20 2028-07-07 2028-07-11 2029-02-04
		2029-01-06 Sat planned 2028-12-23 2029-01-09 2029-01-09 2029-08-06
	DAYS
	[ ! -e ca/state ]
}

@test "today's ceremony is still to come, yesterday's is not" {
	ceremonies --at 2027-07-06T23:59:59Z --years 1 | grep -q ^2027-07-06
	[ "$(ceremonies --at 2027-07-07 --years 1 |
		grep -c ^2027-07-06)" -eq 0 ]
}

@test "JSON holds the same dates" {
	root ca plan --at 2027-02-01 --years 2 --json >plan.json
	jq -e '.type == "crlferry-plan" and .version == 1 and
		.now == "2027-02-01T00:00:00Z" and
		.until == "2029-02-01T00:00:00Z" and (.roots | length) == 1 and
		(.roots[0] | .root == "corp" and .schedule == "semiannual" and
		.at == "10:00" and .proven_years == 30 and
		[.ceremonies[].ceremony] == ["2027-07-06", "2028-01-06",
		"2028-07-04", "2029-01-06"] and
		.ceremonies[0].standby == "2027-07-13" and
		.ceremonies[0].next_ceremony == "2028-01-06" and
		.ceremonies[0].may_miss == 0)' plan.json
}

@test "on a standby date the CRL still comes before the cushion" {
	local first second
	root ca issue --first --quiet
	# The CRL of the ceremony, then the one of the next, on its standby.
	run root ca plan --json
	first=$(jq -r '.roots[0].ceremonies[1].ceremony' <<<"$output")
	second=$(jq -r '.roots[0].ceremonies[2].standby' <<<"$output")
	TZ=UTC faketime "$first 12:00:00" "$ROOT_PROGRAM" issue \
		--config ca/crlferry.cfg --confirm-date "$first" --quiet
	state_at "$(date -u -d "$second UTC +3 days" +%FT%TZ)" overdue
	TZ=UTC faketime "$second 12:00:00" "$ROOT_PROGRAM" issue \
		--config ca/crlferry.cfg --confirm-date "$second" --quiet
	state_at "$(date -u -d "$second UTC +3 days" +%FT%TZ)" fresh
}

# state_at TIME STATE: so says status
state_at() {
	local have
	have=$(root ca status --at "$1" --json | jq -r '.pairs[0].state')
	[ "$have" = "$2" ] || {
		echo "want $2 at $1, have $have"
		return 1
	}
}

@test "if nobody acts: each day, as status will say it" {
	local crl from state last
	with_subordinates one
	root ca issue --first --quiet
	crl=$(last_crl ca corp)
	run root ca plan --json
	jq -e '.roots[0].if_nobody_acts | length == 1 and
		(.[0] | .number == "1" and .assumed_ceremony == null and
		[.events[].state] == ["upcoming", "overdue", "expiring", "critical",
		"expired"])' <<<"$output"
	jq -r '.roots[0].if_nobody_acts[0].events[] |
		.from + " " + .state' <<<"$output" >events
	[ "$(wc -l <events)" -eq 5 ]
	while read -r from state; do
		state_at "$from" "$state"
		[ "$(root ca status --json --at "$(date -u \
			-d "$from 1 second ago" +%FT%TZ)" |
			jq -r '.pairs[0].state')" != "$state" ]
		last=$from
	done <events
	[ "$(tr -d ':TZ-' <<<"$last")Z" = "$(crl_time "$crl" nextupdate)" ]
	run root ca plan
	says 'corp: if nobody acts from now on, after CRL #1'
	says "${last%T*}  expired   CRITICAL  one stops: the CRL has expired"
}

@test "without a CRL: it is missing, and the days are the schedule's" {
	run root ca plan --at 2027-02-01
	[ "$status" -eq 0 ]
	says 'corp: no CRL yet; if the ceremony of 2027-07-06 is held'
	says '2027-02-01  missing   CRITICAL  the archive holds no CRL of corp'
	says '2027-12-23  upcoming  WARNING   the ceremony of 2028-01-06 is to be prepared'
	says '2028-01-09  overdue   WARNING   the CRL of the ceremony of 2028-01-06 is overdue'
	says_whole '2028-02-06  expired   CRITICAL  every subordinate of corp stops: the CRL has expired'
}

@test "certificates that end within the years, or have ended" {
	with_subordinates one two
	sed -i '0,/name = "two";/s//name = "two"; retired = true;/' \
		ca/crlferry.cfg
	run root ca plan
	[ "$status" -eq 0 ]
	says "corp: certificates that end by $(date -u -d '2 years' +%F), and the root's own"
	[[ ! $output =~ subordinate\ +(one|two) ]]
	[[ $output =~ root\ +corp\ +no\ CRL\ lasts\ beyond\ it ]]
	root ca plan --years 11 --json >plan.json
	jq -e '[.roots[0].certificates[] | [.kind, .name, .retired, .ended]] |
		sort == [["subordinate", "one", false, false],
		["subordinate", "two", true, false]]' plan.json
	[ "$(jq -r '.roots[0].certificates[] | select(.name == "one") |
		.not_after | fromdate' plan.json)" = "$(date -u +%s -d \
		"$(openssl x509 -in ca/one.pem -noout -enddate |
			cut -d= -f2)")" ]
	run root ca plan --years 11
	[[ $output =~ [0-9-]{10}\ \ subordinate\ \ one\ +renew\ it\ before ]]
	# A retired one is nobody's concern.
	[[ ! $output =~ subordinate\ \ two ]]
	run root ca plan
	# The retired one is none of those that stop.
	says 'CRITICAL  one stops'
	run root ca plan --at 2070-01-01
	says_whole "corp: Hold a ceremony now: the root's certificate ended on "
	says "corp: no CRL, and no ceremony before the root's certificate ends"
	[[ $output =~ subordinate\ +one\ +it\ has\ ended ]]
	[[ $output =~ root\ +corp\ +it\ has\ ended ]]
}

@test "row 61: the calendar, and what is proved of it, end with the root" {
	local end
	lasts ca 400
	end=$(date -u +%F -d "$(openssl x509 -in ca/root.pem -noout -enddate |
		cut -d= -f2)")
	run root ca plan --years 5
	[ "$status" -eq 0 ]
	says_whole "corp: If every ceremony is held, schedule semiannual leaves no gap until the root's certificate ends on $end; no ceremony and no CRL after that."
	root ca plan --years 5 --json >plan.json
	jq -e --arg stop "$end" '.roots[0] | .ends_with_root and
		(.root_not_after | startswith($stop)) and
		(.ceremonies | length >= 2) and
		(.ceremonies | map(.ceremony) | max) < $stop and
		(.ceremonies | map(.next_update) | max) == .root_not_after and
		.ceremonies[-1].next_ceremony == null and
		.ceremonies[-2].next_ceremony != null and
		.ceremonies[-1].may_miss == 0 and
		.if_nobody_acts[0].next_update <= .root_not_after' plan.json
	# its last CRL is followed by none
	TZ=UTC faketime "$end -20 days" "$ROOT_PROGRAM" issue --first --json \
		--config ca/crlferry.cfg --confirm-date \
		"$(date -u -d "$end -20 days" +%F)" |
		jq -e '.issued[0].next_ceremony == null'
	TZ=UTC run faketime "$end -19 days" "$ROOT_PROGRAM" issue --dry-run \
		--config ca/crlferry.cfg
	says '  next ceremony  none, the root ends'
	run root ca status --at "$(date -u -d "$end -19 days" +%F)"
	[[ ${lines[1]} =~ \ -$ ]]
	root ca status --at "$(date -u -d "$end -19 days" +%F)" --json |
		jq -e '.pairs[0] | .next_ceremony == null and .deadline == null'
	root ca plan --at "$(date -u -d "$end -19 days" +%F)" --json |
		jq -e '.roots[0] | .ceremonies == [] and
		.if_nobody_acts[0].next_ceremony == null and
		(.if_nobody_acts[0].events | map(.state) |
		index("overdue") == null and .[-1] == "expired")'
	run root ca plan --at "$(date -u -d "$end +1 day" +%F)"
	[ "$status" -eq 0 ]
	says_not 'CEREMONY  '
}

@test "row 61: a gap after the root's end is none" {
	# fails first for the CRL of a ceremony in March
	write_schedule 'cushion = "24 days";' 'from = "2026-02";'
	refused_alone ca 78 config root ca plan
	lasts ca 60
	run root ca plan
	[ "$status" -eq 0 ]
}

@test "a certificate that is not there is said, a wrong one refused" {
	with_subordinates one
	old_root other p256
	make_sub other one
	cp other/one.pem ca/one.pem
	refused_alone ca 65 signature root ca plan
	rm ca/one.pem
	run root ca plan
	[ "$status" -eq 0 ]
	says 'note: one: its certificate '
	says 'ca/one.pem is not there, so its end is not known'
	cp other/root.pem ca/root.pem
	root ca plan >/dev/null
	rm ca/root.pem
	refused_alone ca 66 missing root ca plan
}

@test "all roots in one document, each below the other as text" {
	mkdir two && old_root two/ca p256 Two
	adopt_root two/ca second
	config_of two/ca |
		perl -0777 -ne 'print $1 if /roots\s*=\s*\((.*)\);/s' >group
	perl -0777 -pi -e 'BEGIN { open(my $f, "<", "group"); local $/;
		our $g = <$f>; } s/(roots\s*=\s*\(.*)\);/$1, $g);/s' \
		ca/crlferry.cfg
	run root ca plan --json
	[ "$status" -eq 0 ]
	jq -e '[.roots[].root] == ["corp", "second"]' <<<"$output"
	root ca plan second --json | jq -e '[.roots[].root] == ["second"]'
	run root ca plan
	says 'corp: If every ceremony is held, schedule semiannual leaves no gap'
	says_whole 'second: If every ceremony is held, schedule semiannual leaves no gap'
	# One with a gap, and nothing is printed of the other.
	write_schedule 'validity = "6 months";'
	run --separate-stderr root ca plan
	[ "$status" -eq 78 ]
	[ -z "$output" ]
}

@test "how many in a row may be missed: quarterly one, monthly more" {
	sed -i 's/"semiannual"/"quarterly"/' ca/crlferry.cfg
	root ca plan --at 2027-02-01 --json |
		jq -e '[.roots[0].ceremonies[].may_miss] | all(. == 1)'
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
	says 'ca/schedules/own.cfg: schedule own: ceremony 2027-01-05: want the next deadline'
	write_schedule 'cushion = "6 weeks";'
	refused_alone ca 78 config root ca plan --at 2027-02-01
	write_schedule 'grace = "2 weeks";'
	refused_alone ca 78 config root ca plan --at 2027-02-01
	# Days to avoid may open the gap as well.
	write_schedule 'avoid = [ "07-01..08-10" ];'
	refused_alone ca 78 config root ca plan --at 2027-02-01
}

@test "what closes a gap is said, and closes it" {
	local days
	write_schedule 'cushion = "6 weeks";'
	refused_alone ca 78 config root ca plan --at 2027-02-01
	[[ $output =~ "; a cushion of "([0-9]+)" days, or a validity longer by "([0-9]+)" days, leaves no gap" ]]
	days=("${BASH_REMATCH[@]:1}")
	write_schedule "cushion = \"$((days[0] + 1)) days\";"
	refused_alone ca 78 config root ca plan --at 2027-02-01
	write_schedule "cushion = \"${days[0]} days\";"
	root ca plan --at 2027-02-01 >/dev/null
	write_schedule 'cushion = "6 weeks";' \
		"validity = \"7 months $((days[1] - 1)) days\";"
	refused_alone ca 78 config root ca plan --at 2027-02-01
	write_schedule 'cushion = "6 weeks";' \
		"validity = \"7 months ${days[1]} days\";"
	root ca plan --at 2027-02-01 >/dev/null
}

@test "the gap that the last ceremony has left is still to come" {
	write_schedule 'from = "2026-02";'
	refused_alone ca 78 config root ca plan --at 2028-08-01
	says 'ceremony 2028-08-01: want the next deadline 2029-02-09'
	refused_alone ca 78 config root ca plan --at 2028-10-01
	says 'ceremony 2028-08-01: want the next deadline 2029-02-09'
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
	lasts ca 36500
	root ca plan corp --years 50 >long
	[ "$(grep -cE '^20[0-9-]{8} [A-Z][a-z]{2} ' long)" -ge 99 ]
	sed -z 's/\n  \+/ /g' long | grep -q 'leaves no gap over 50 years'
}

@test "an emergency CRL fulfils no ceremony" {
	local soon
	# So near that a regular CRL of today would count for it.
	soon=$(date -u -d '5 days' +%F)
	write_schedule "from = \"$(date -u -d '5 days' +%Y-%m)\";" \
	    "on = \"day $(date -u -d '5 days' +%-d)\";"
	root ca issue --first --emergency --why 'a key was stolen'
	run root ca plan --json
	[ "$status" -eq 0 ]
	jq -e --arg soon "$soon" --arg overdue "$(date -u -d "$soon + 3 days" \
		+%FT%TZ)" '.roots[0] | (.next_action | .what ==
		"prepare-ceremony" and .by == $soon and .ceremony == $soon) and
		.if_nobody_acts[0].events[1] == (.if_nobody_acts[0].events[1] |
		.state = "overdue" | .from = $overdue)' <<<"$output"
	root ca issue
	run root ca plan --json
	jq -e --arg soon "$soon" \
		--arg later "$(date -u -d "$soon + 5 months" +%F)" '.roots[0] |
		.ceremonies[0].ceremony == $soon and
		[.ceremonies[].state][:3] == ["held", "next", "planned"] and
		.next_action.what == "wait" and .next_action.by > $later and
		.if_nobody_acts[0].events[0].from > $later' <<<"$output"
}

@test "a CRL that no receipt confirms is said, if notes come at all" {
	mkdir noted && cd noted
	make_notes_pki
	root ca plan --json | jq -e '.roots[0].next_action.unconfirmed == 0'
	root ca issue --quiet
	root ca export stick --allow-fixed-disk --quiet
	sub import stick --quiet
	root ca collect stick --quiet
	# One has sent a receipt of it, two has never sent a note.
	root ca plan --json | jq -e '.roots[0].next_action.unconfirmed == 0'
	root ca issue --quiet
	root ca export stick --allow-fixed-disk --quiet
	root ca plan --json | jq -e '.roots[0].next_action |
		.unconfirmed == 1 and ([.stops[].subordinate] == ["one", "two"])'
	run root ca plan
	says_whole 'corp: No receipt of CRL #3 has come yet from one: the days below count if it has arrived there.'
	sub import stick --quiet
	root ca collect stick --quiet
	run root ca plan
	says_not 'No receipt'
}
