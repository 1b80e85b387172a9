# SPDX-License-Identifier: ISC
# Calendars, read by an independent library: python3-icalendar.
# shellcheck shell=bash

# calendar FILE...: the events of the files as a JSON array in order of UID; of
# several files as a calendar program has them after it imported one after the
# other: of the same UID the higher SEQUENCE counts, the later if they are equal
calendar() {
	/usr/bin/python3 -c '
import datetime, icalendar, json, sys

known = {}
for path in sys.argv[1:]:
    calendar = icalendar.Calendar.from_ical(open(path, "rb").read())
    assert calendar["METHOD"] == "PUBLISH" and calendar["VERSION"] == "2.0"
    for event in calendar.walk("VEVENT"):
        assert not event.errors, event.errors
        uid, start = str(event["UID"]), event.decoded("DTSTART")
        is_day = not isinstance(start, datetime.datetime)
        assert is_day or start.tzinfo is None
        assert event.decoded("DTSTAMP").utcoffset().total_seconds() == 0
        row = {"uid": uid, "kind": uid.split("-")[0],
               "sequence": int(event["SEQUENCE"]),
               "status": str(event["STATUS"]), "day": is_day,
               "start": start.isoformat()[:10 if is_day else 16],
               "seconds": event.decoded("DURATION").total_seconds(),
               "summary": str(event["SUMMARY"]),
               "description": str(event["DESCRIPTION"]),
               "alarms": [alarm.decoded("TRIGGER").days
                          for alarm in event.walk("VALARM")]}
        if uid not in known or known[uid]["sequence"] <= row["sequence"]:
            known[uid] = row
print(json.dumps([known[uid] for uid in sorted(known)], indent=1))
' "$@"
}

# live FILE...: those of them that are not cancelled
live() {
	calendar "$@" >live.json &&
		jq 'map(select(.status != "CANCELLED"))' live.json
}

# of_plan JSON: what the calendar of a plan must hold, in the form of events: the
# ceremonies that are not held, those that were missed in front of them
of_plan() {
	jq -e 'def plus(days): strptime("%Y-%m-%d") | mktime + days * 86400 |
		strftime("%Y-%m-%d");
		.now as $now | [.roots[] | .at as $at |
		([.ceremonies[] | select(.state != "held") | .ceremony] +
		.next_action.missed + [.next_action.ceremony] |
		map(values) | unique[] |
		{kind: "ceremony", start: "\(.)T\($at)"},
		{kind: "deadline", start: plus(3)}),
		(.next_action.stops | map(select((.stopped and .on > $now)
		| not) | .on[:10]) | unique[] | {kind: "end", start: .})] |
		sort' "$1"
}

# leaves_the_last FILE...: after all of them were imported, one after the other,
# the events that are not cancelled are those of the last, and there are some
leaves_the_last() {
	live "$@" >all.json && live "${!#}" >last.json || return 1
	[ "$(jq length last.json)" -gt 0 ] && diff all.json last.json
}

# is_well_formed FILE: CRLF everywhere, no line longer than 75 octets, no
# character cut by a fold, and nothing that is not to be seen
is_well_formed() {
	/usr/bin/python3 -c '
import sys
data = open(sys.argv[1], "rb").read()
assert data.endswith(b"END:VCALENDAR\r\n")
assert data.count(b"\r") == data.count(b"\n") == data.count(b"\r\n")
for line in data.split(b"\r\n"):
    assert len(line) <= 75, line
    line.decode("utf-8")
    assert all(octet >= 32 and octet != 127 for octet in line), line
' "$1"
}
