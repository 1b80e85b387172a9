#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# plan of both programs, day by day: what is to be done next, to its first line.

load pki_setup

# checked_at TIME: what check says then
checked_at() {
	local status=0
	sub check --format json --at "$1" >checked.json || status=$?
	[ "$status" -le 2 ] || return 1
	jq -r '.pairs[0].state' checked.json
}

# said PROGRAM...: the first paragraph of its plan, in one line
said() {
	"$@" | sed '/^$/,$d' | sed -z 's/\n  \+/ /g'
}

# day DATE: "Tuesday 2027-07-06", by `date`
day() {
	LC_ALL=C date -u -d "$1" '+%A %F'
}

# first_tuesday YYYY-MM: of that month, or the 6th of January if it is avoided
first_tuesday() {
	local date
	date=$(date -u -d "$1-01 +$(((9 - $(date -u -d "$1-01" +%u)) % 7)) days" \
		+%F)
	[[ $date > $1-05 || $1 != *-01 ]] || date=$1-06
	echo "$date"
}

# ceremony_after DATE: the first one that a CRL of that date leaves to be held
ceremony_after() {
	local year=${1%%-*} month date
	for month in "$year-01" "$year-07" "$((year + 1))-01" \
		"$((year + 1))-07"; do
		date=$(first_tuesday "$month")
		[[ ! $(date -u -d "$date -14 days" +%F) > $1 ]] ||
			{ echo "$date"; return; }
	done
}

# distance DATE NOW: "in 10 days"
distance() {
	local days=$(((\
		$(date -u -d "$1" +%s) - $(date -u -d "${2%T*}" +%s)) / 86400))
	case $days in
	-1) echo yesterday ;;
	0) echo today ;;
	1) echo tomorrow ;;
	-*) echo "${days#-} days ago" ;;
	*) echo "in $days days" ;;
	esac
}

# plans_agree NOW WHAT BY SENTENCE-ON-ROOT [SENTENCE-ON-SUBORDINATE]: at that
# time, in text and in JSON
plans_agree() {
	local now=$1 what=$2 by=$3 file
	[ "$(said root ca plan --at "$now")" = "test-root: $4" ] || {
		echo "$now: want $4, have $(said root ca plan --at "$now")"
		return 1
	}
	[ "$(said sub plan --at "$now")" = "test-root: ${5:-$4}" ] || {
		echo "$now: want ${5:-$4}, have $(said sub plan --at "$now")"
		return 1
	}
	root ca plan --at "$now" --json >root.json || return 1
	sub plan --at "$now" --json >sub.json || return 1
	for file in root.json sub.json; do
		jq -e --arg what "$what" --arg by "$by" --arg stop "$STOP" \
			'.roots[0].next_action | .what == $what and .by == $by and
			([.stops[] | [.subordinate, .on]] == [["live", $stop]])' \
			$file >/dev/null || { cat $file; return 1; }
	done
	jq -S '.roots[0] | del(.next_action.text, .proven_years)' root.json >a
	jq -S '.roots[0] | del(.next_action.text, .proven_years)' sub.json |
		diff a -
}

# stops_at NOW: the day, and its hour if that is near
stops_at() {
	if (($(date -u -d "$STOP" +%s) - $(date -u -d "$1" +%s) < 172800)); then
		date -u -d "$STOP" '+%F %H:%M UTC'
	else
		echo "${STOP%T*}"
	fi
}

# missed_by DATE: what both programs say of it, in missed and not_come
missed_by() {
	if [[ $1 < $(date -u -d "$later 3 days" +%F) ]]; then
		missed="the one of $next was missed"
		not_come="$missed, or its stick has not come"
	else
		missed="those of $next and $later were missed"
		not_come="$missed, or their sticks have not come"
	fi
}

# stands NOW STATE: so says check at that time
stands() {
	[ "$(checked_at "$1")" = "$2" ]
}

@test "each day, to its first line, as both programs see it" {
	local next stop overdue later remind expiring critical hold today \
		moment last missed not_come
	sub import stick2 --quiet
	sed -i 's/subordinates = (/&\n        { name = "live"; certificate = "live.pem"; }/' \
		ca/crlferry.cfg
	STOP=$(date -u -d "$(openssl crl -in ca/state/test-root/archive/000002.crl \
		-inform DER -noout -nextupdate | cut -d= -f2)" +%FT%TZ)
	stop=${STOP%T*}
	next=$(ceremony_after "$(date -u -d "$(openssl crl -in \
		ca/state/test-root/archive/000002.crl -inform DER -noout \
		-lastupdate | cut -d= -f2)" +%F)")
	later=$(ceremony_after "$next")
	remind=$(date -u -d "$next -14 days" +%F)
	overdue=$(date -u -d "$next +3 days" +%F)
	expiring=$(date -u -d "$stop -21 days" +%F)
	critical=$(date -u -d "$stop -7 days" +%F)
	last=$(date -u -d "$overdue -1 day" +%F)

	for today in "$(date -u -d tomorrow +%F)" \
		"$(date -u -d "$remind -1 day" +%F)"; do
		[[ $today < $remind ]] || continue
		plans_agree "${today}T23:59:59Z" wait "$next" "The next ceremony is on $(day "$next") ($(distance "$next" "$today")), 10:00 local time; nothing is to be done before $remind, when reminders begin."
		stands "${today}T23:59:59Z" fresh
	done
	for today in "$remind" "$(date -u -d "$remind 1 day" +%F)" \
		"$(date -u -d "$next -1 day" +%F)"; do
		plans_agree "$today" prepare-ceremony "$next" "Prepare the ceremony of $(day "$next") ($(distance "$next" "$today")), 10:00 local time: call the operator, the witnesses and the keeper of the safe; without it live stops on $stop."
		stands "$today" upcoming
	done
	for moment in "$next" "${next}T23:59:59Z"; do
		plans_agree "$moment" hold-ceremony-today "$next" "Hold the ceremony of $(day "$next") (today), 10:00 local time; without it live stops on $stop."
		stands "$moment" upcoming
	done
	for moment in "$(date -u -d "$next 1 day" +%F)" "${last}T23:59:59Z"; do
		hold="Hold the ceremony of $(day "$next") by $last ($(distance "$last" "$moment")):"
		plans_agree "$moment" hold-late-ceremony "$last" "$hold it is late, and overdue from $overdue on; without it live stops on $stop." "$hold its CRL has not come, and is overdue from $overdue on; without it live stops on $stop."
		stands "$moment" upcoming
	done
	for today in "$overdue" "$(date -u -d "$overdue 1 day" +%F)" \
		"$(date -u -d "$expiring -1 day" +%F)" "$expiring" \
		"$(date -u -d "$expiring 1 day" +%F)" \
		"$(date -u -d "$critical -1 day" +%F)" "$critical" \
		"$(date -u -d "$critical 1 day" +%F)" \
		"$(date -u -d "$stop -1 day" +%F)"; do
		missed_by "$today"
		hold="Hold a ceremony by $stop ($(distance "$stop" "$today")):"
		plans_agree "$today" hold-ceremony "$stop" "$hold $missed; without it live stops on $(stops_at "$today")." "$hold $not_come; without it live stops on $(stops_at "$today")."
	done
	stands "$overdue" overdue
	stands "$(date -u -d "$expiring 1 day" +%F)" expiring
	stands "$(date -u -d "$critical 1 day" +%F)" critical
	# The day itself, up to its last second, and from then on.
	moment=$(date -u -d "$STOP 1 second ago" +%FT%TZ)
	missed_by "$stop"
	hold="Hold a ceremony by $stop (today):"
	plans_agree "$moment" hold-ceremony "$stop" "$hold $missed; without it live stops on $(stops_at "$moment")." "$hold $not_come; without it live stops on $(stops_at "$moment")."
	stands "$moment" critical
	for moment in "$STOP" "$(date -u -d "$stop 1 day" +%F)" \
		"$(date -u -d "$stop 3 days" +%F)"; do
		missed_by "${moment%T*}"
		hold="Hold a ceremony now: live has been stopped since $stop ($(distance "$stop" "$moment"));"
		plans_agree "$moment" hold-ceremony-now "${moment%T*}" "$hold $missed." "$hold $not_come."
		stands "$moment" expired
	done
	# What was missed is the first row, before what is to come.
	root ca plan --at "$critical" | grep -A 1 '^CEREMONY ' | tail -n 1 |
		grep -q "^$next $(LC_ALL=C date -u -d "$next" +%a)  overdue "
}

@test "another schedule than the root's is told, and the manifest's date counts" {
	local next other
	next=$(jq -r .next_ceremony "$BUNDLE1/bundle.json")
	mkdir sub/schedules
	sed 's/^on .*/on = "second wednesday";/; s/^cushion .*/cushion = "2 weeks";/' \
		"$BUILD/schedules/semiannual.cfg" >sub/schedules/semiannual.cfg
	other=$(sub plan --json | jq -r '.roots[0].next_action |
		select(.by == "'"$next"'") | .schedule_differs |
		select(.manifest == "'"$next"'") | .schedule')
	[ "$(LC_ALL=C date -u -d "$other" +%a)" = Wed ]
	[ "$(sub plan | sed '/^$/,$d' | sed -z 's/\n  \+/ /g' | sed -n 2p)" = \
		"test-root: The root's manifest says $next, this machine's schedule semiannual says $other: ask for the root's schedule file." ]
	# It takes the place of the schedule's date, which its CRL fulfils.
	sub plan | grep -q "^$next ... *next"
	run ! grep "^$other" <(sub plan)
	sub plan --json | jq -e --arg next "$next" '.roots[0] |
		.ceremonies[0].ceremony == $next and
		.ceremonies[0].state == "next" and
		(.ceremonies[0].standby > $next) and
		.if_nobody_acts[0].next_ceremony == $next'
	sub plan | grep -q '^  Only '"$next is the root's: every other date"
	[[ $(sub plan | sed -z 's/\n  \+/ /g') == *"schedule semiannual, which is this machine's and not the root's, leaves"* ]]
	# The same schedule again: nothing is said.
	rm -r sub/schedules
	sub plan --json | jq -e '.roots[0].next_action.schedule_differs == null'
}

@test "what no ceremony mends comes first, on both programs" {
	rm stores/one.crl
	[[ $(said sub plan) == "test-root: First: der $T/stores/one.crl holds no CRL of test-root, and live has stopped there: "*$'\n'"test-root: The next ceremony is on "*"; it need not be prepared before "* ]]
	sub plan --json | jq -e '.roots[0].next_action | .first == [.first[0] |
		.state = "missing" | .subordinate = "live"] and .what == "wait"'
	revoke_sub ca live
	[[ $(said root ca plan) == "test-root: First: 1 revocation, "* ]]
	issue_to stick3
	sub import stick3 --quiet
	sub plan --json | jq -e '[.roots[0].next_action | .stops,
		[.first[].state]] == [[], ["revoked"]]'
}

@test "no line is wider than the terminal, nor than 80 columns without one" {
	local at
	for at in 2027-01-05 2027-02-01 2027-06-29 2027-12-01 2060-01-01; do
		sub plan --at "$at" >narrow
		root ca plan --at "$at" >>narrow
		[ "$(wc -L <narrow)" -le 80 ]
	done
}

@test "the schema of the JSON fits it, and nothing else" {
	local at schema=$BATS_TEST_DIRNAME/../../doc/crlferry-plan.schema.json
	for at in 2027-01-05 2027-02-01 2027-06-29 2027-12-01 2060-01-01; do
		sub plan --at "$at" --years 30 --json >"sub-$at.json"
		root ca plan --at "$at" --json >"root-$at.json"
	done
	forget
	sub plan --json >none.json
	jq '.more = 1' none.json >bad-more
	jq '.roots[0].next_action.what = "sleep"' none.json >bad-word
	jq 'del(.roots[0].next_action)' none.json >bad-less
	python3 - "$schema" ./*.json ./bad-* <<-'PYTHON'
		import json, sys
		from jsonschema import Draft202012Validator
		schema = json.load(open(sys.argv[1]))
		Draft202012Validator.check_schema(schema)
		for path in sys.argv[2:]:
		    errors = list(Draft202012Validator(schema).iter_errors(
		        json.load(open(path))))
		    if bool(errors) != ("bad-" in path):
		        sys.exit("%s: %s" % (path, errors))
	PYTHON
}
