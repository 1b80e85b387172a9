/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "view/ics_event.h"
#include "view/ics_text.h"

#define EPOCH_S INT64_C(1577836800)	/* 2020-01-01 */
#define NAMES_SHOWN 5
#define DATE_SIZE 32

static const struct {
	const char *word;
	bool has_month;
} kinds[] = {
    [ICS_CEREMONY] = {"ceremony", true},
    [ICS_DEADLINE] = {"deadline", true},
    [ICS_END] = {"end", false},
};

void
ics_make_uid(const struct ics_event *event, struct ics_uid *out)
{
	char key[2 * ICS_KEY_SIZE + 1], month[16] = "";

	hex_encode((struct span){event->plan == NULL ? event->key :
	    event->plan->root_spki, ICS_KEY_SIZE}, key, sizeof(key));
	if (kinds[event->kind].has_month)
		snprintf(month, sizeof(month), "%04d-%02d-",
		    (int)(event->month / 12), (int)(event->month % 12) + 1);
	else if (event->month > 1)
		snprintf(month, sizeof(month), "%d-",
		    (int)(event->month % 1000000));
	snprintf(out->text, sizeof(out->text), "%s-%s%s@crlferry",
	    kinds[event->kind].word, month, key);
}

/* The month at the beginning of "2027-07-..." */
static bool
scan_month(const char *text, int64_t *out)
{
	int year, month, size = 0;

	if (strspn(text, "0123456789") != 4 || sscanf(text,
	    "%4d-%2d-%n", &year, &month, &size) != 2 || size != 8 ||
	    month < 1 || month > 12)
		return false;
	*out = (int64_t)year * 12 + month - 1;
	return true;
}

/* "2-" of the second end; the first has none */
static const char *
skip_place(const char *text, int64_t *out)
{
	const size_t size = strspn(text, "0123456789");

	*out = 1;
	if (size == 0 || size > 6 || text[size] != '-')
		return text;
	*out = atol(text);
	return text + size + 1;
}

bool
ics_parse_uid(const char *text, struct ics_event *out)
{
	for (size_t i = 0; i < COUNT_OF(kinds); i++) {
		const size_t skip = strlen(kinds[i].word);
		const char *at = text + skip + 1;
		struct ics_event event = {.kind = (enum ics_kind)i,
		    .is_cancelled = true};
		size_t size;

		if (strncmp(text, kinds[i].word, skip) != 0 ||
		    text[skip] != '-')
			continue;
		if (kinds[i].has_month && !scan_month(at, &event.month))
			return false;
		if (kinds[i].has_month)
			at += strlen("2027-07-");
		else
			at = skip_place(at, &event.month);
		if (strcmp(at + strcspn(at, "@"), "@crlferry") != 0 ||
		    !hex_decode((struct span){(const uint8_t *)at,
		    strcspn(at, "@")}, event.key, sizeof(event.key), &size) ||
		    size != sizeof(event.key))
			return false;
		*out = event;
		return true;
	}
	return false;
}

/* "20270706", or with at_minute "20270706T100000" */
static void
date_text(int64_t at_s, int at_minute, char out[DATE_SIZE])
{
	struct civil civil = utc_to_civil(at_s);
	int size = snprintf(out, DATE_SIZE, "%04d%02d%02d", civil.year,
	    civil.month, civil.day);

	if (at_minute >= 0)
		snprintf(out + size, DATE_SIZE - (size_t)size, "T%02d%02d00",
		    at_minute / 60 % 24, at_minute % 60);
}

bool
ics_stops_on(const struct agenda_stop *stop, int64_t at_s)
{
	return !stop->has_stopped &&
	    utc_day_start(stop->on_s) == utc_day_start(at_s);
}

/* Of the subordinates that a CRL is carried to, or of those that stop. */
struct names {
	size_t count;
	struct buffer *out;
};

static enum err
add_name(struct names *names, const char *name, struct error *err)
{
	/* A root without any in its configuration. */
	if (name[0] == '\0' || ++names->count > NAMES_SHOWN)
		return ERR_OK;
	return buffer_appendf(names->out, err, "%s%s", names->count == 1 ?
	    "" : ", ", name);
}

/* "issuing-1, issuing-2 and 3 more" */
static enum err
end_names(const struct names *names, const struct plan *plan,
    struct error *err)
{
	if (names->count == 0)
		return buffer_appendf(names->out, err, "the subordinates of "
		    "%s", plan->root);
	return names->count <= NAMES_SHOWN ? ERR_OK :
	    buffer_appendf(names->out, err, " and %zu more",
	    names->count - NAMES_SHOWN);
}

static enum err
append_names(const struct plan *plan, struct buffer *out, struct error *err)
{
	struct names names = {.out = out};

	for (size_t i = 0; i < plan->forecast_count; i++) {
		const struct forecast *forecast = &plan->forecasts[i];

		for (size_t k = 0; k < forecast->subordinate_count; k++)
			TRY(add_name(&names, forecast->subordinates[k], err));
	}
	return end_names(&names, plan, err);
}

static size_t
count_stops(const struct ics_event *event)
{
	const struct agenda *agenda = &event->plan->agenda;
	size_t count = 0;

	for (size_t i = 0; i < agenda->stop_count; i++)
		count += ics_stops_on(&agenda->stops[i], event->date_s) &&
		    agenda->stops[i].subordinate[0] != '\0';
	return count;
}

static enum err
append_stops(const struct ics_event *event, struct buffer *out,
    struct error *err)
{
	const struct agenda *agenda = &event->plan->agenda;
	struct names names = {.out = out};

	for (size_t i = 0; i < agenda->stop_count; i++) {
		if (ics_stops_on(&agenda->stops[i], event->date_s))
			TRY(add_name(&names, agenda->stops[i].subordinate,
			    err));
	}
	return end_names(&names, event->plan, err);
}

/* "issuing-1 stops today unless a newer CRL of corp is in place" */
static enum err
append_end_summary(const struct ics_event *event, int64_t now_s,
    struct buffer *out, struct error *err)
{
	const char *root = event->plan->root;

	if (now_s >= event->date_s) {
		TRY(buffer_appendf(out, err, "EXPIRED: the CRL of %s; "
		    "stopped: ", root));
		return append_stops(event, out, err);
	}
	TRY(append_stops(event, out, err));
	return buffer_appendf(out, err, event->is_last ?
	    " stop%s today: the last CRL of %s ends" :
	    " stop%s today unless a newer CRL of %s is in place",
	    count_stops(event) == 1 ? "s" : "", root);
}

static enum err
append_summary(const struct ics_event *event, int64_t now_s,
    struct buffer *out, struct error *err)
{
	const char *root = event->plan == NULL ? "a former root" :
	    event->plan->root;
	const bool is_overdue = now_s >= event->deadline_s;

	if (event->is_cancelled)
		return buffer_appendf(out, err, "No longer to come: %s%s",
		    event->kind == ICS_CEREMONY ? "ceremony of " :
		    event->kind == ICS_DEADLINE ? "deadline for the CRL of " :
		    "end of the CRL of ", root);
	switch (event->kind) {
	case ICS_CEREMONY:
		if (is_overdue)
			return buffer_appendf(out, err, "OVERDUE: ceremony of "
			    "%s: hold a ceremony now", root);
		return buffer_appendf(out, err, "Ceremony of %s%s", root,
		    now_s >= event->date_s + DAY_S ?
		    ": there is no CRL of it yet" : "");
	case ICS_DEADLINE:
		return buffer_appendf(out, err, is_overdue ?
		    "OVERDUE: the new CRL of %s is not in place" :
		    "Deadline: the new CRL of %s must be in place before "
		    "this day", root);
	case ICS_END:
		break;
	}
	return append_end_summary(event, now_s, out, err);
}

/* The latest day on which it can be made up for, as `plan` says it. */
static bool
find_standby(const struct plan *plan, int64_t ceremony_s, int64_t *out_s)
{
	struct schedule_day day = {0};

	for (size_t i = 0; i < plan->day_count; i++) {
		if (plan->days[i].ceremony_s == ceremony_s)
			day = plan->days[i];
	}
	if (ceremony_s == plan->agenda.ceremony_s &&
	    day.ceremony_s != ceremony_s)
		schedule_describe_date(plan->schedule, ceremony_s,
		    plan->agenda.cushion_s, plan->root_end_s, &day);
	*out_s = day.standby_s;
	return day.has_standby;
}

static enum err
append_ceremony_text(const struct ics_event *event, struct buffer *out,
    struct error *err)
{
	const struct plan *plan = event->plan;
	char ceremony[UTC_TEXT_SIZE], deadline[UTC_TEXT_SIZE];
	char standby[UTC_TEXT_SIZE];
	int64_t standby_s;

	utc_format_date(event->date_s, ceremony);
	utc_format_date(event->deadline_s, deadline);
	TRY(buffer_appendf(out, err, "The key ceremony of %s: the root %s is "
	    "powered up, signs its next CRL, and the stick is carried to ",
	    ceremony, plan->root));
	TRY(append_names(plan, out, err));
	TRY(buffer_appendf(out, err, ".\nFrom %s on the CRL is overdue.",
	    deadline));
	if (!find_standby(plan, event->date_s, &standby_s))
		return ERR_OK;
	utc_format_date(standby_s, standby);
	return buffer_appendf(out, err, "\nIf it cannot be held on its day, it "
	    "can be made up for until %s without harm.", standby);
}

static enum err
append_end_text(const struct ics_event *event, struct buffer *out,
    struct error *err)
{
	char end[UTC_TEXT_SIZE], root_end[UTC_TEXT_SIZE];

	utc_format(event->date_s, end);
	utc_format_date(event->plan->root_end_s, root_end);
	TRY(buffer_appendf(out, err, "The CRL of %s that is in use ends at "
	    "%s. If there is no newer one, programs refuse the certificates "
	    "that come from ", event->plan->root, end));
	TRY(append_stops(event, out, err));
	return buffer_appendf(out, err, ": their revocation cannot be checked "
	    "any more.%s%s%s", event->is_last ? "\nNo ceremony follows, for "
	    "the certificate of the root ends on " : "",
	    event->is_last ? root_end : "", event->is_last ?
	    ": its successor must be in use before." : "");
}

static enum err
append_description(const struct ics_event *event, struct buffer *out,
    struct error *err)
{
	char date[UTC_TEXT_SIZE];

	if (event->is_cancelled)
		return buffer_append_text(out, "It was held, or a later CRL "
		    "has taken its place, or the schedule has changed.", err);
	if (event->kind == ICS_CEREMONY)
		return append_ceremony_text(event, out, err);
	utc_format_date(event->date_s, date);
	if (event->kind == ICS_DEADLINE)
		return buffer_appendf(out, err, "The CRL of the ceremony of "
		    "%s has to be in place before this day; from then on it "
		    "is overdue.", date);
	return append_end_text(event, out, err);
}

static enum err
append_alarms(const char *summary, struct buffer *out, struct error *err)
{
	static const char *const triggers[] = {"-P30D", "-P7D", "-P1D"};

	for (size_t i = 0; i < COUNT_OF(triggers); i++) {
		TRY(ics_line(out, "BEGIN", "VALARM", err));
		TRY(ics_line(out, "ACTION", "DISPLAY", err));
		TRY(ics_text(out, "DESCRIPTION", summary, err));
		TRY(ics_line(out, "TRIGGER", triggers[i], err));
		TRY(ics_line(out, "END", "VALARM", err));
	}
	return ERR_OK;
}

static enum err
append_time(const struct ics_event *event, struct buffer *out,
    struct error *err)
{
	char date[DATE_SIZE];

	if (event->kind == ICS_CEREMONY) {
		date_text(event->date_s, event->plan == NULL ? 0 :
		    event->plan->schedule->at_minute, date);
		TRY(ics_line(out, "DTSTART", date, err));
		return ics_line(out, "DURATION", "PT2H", err);
	}
	date_text(event->kind == ICS_DEADLINE ? event->deadline_s :
	    event->date_s, -1, date);
	TRY(ics_line(out, "DTSTART;VALUE=DATE", date, err));
	TRY(ics_line(out, "DURATION", "P1D", err));
	return ics_line(out, "TRANSP", "TRANSPARENT", err);
}

/*
 * Seconds since 2020, as far as an INTEGER goes (RFC 5545 3.3.8): until 2088.
 * Then DTSTAMP alone tells which is newer.
 */
static int32_t
sequence(int64_t made_s)
{
	const int64_t seconds = made_s - EPOCH_S;

	return seconds < 0 ? 0 : seconds > INT32_MAX ? INT32_MAX :
	    (int32_t)seconds;
}

static enum err
append_head(const struct ics_uid *uid, int64_t made_s, struct buffer *out,
    struct error *err)
{
	char number[16], stamp[DATE_SIZE + 1];
	struct civil now = utc_to_civil(made_s);

	snprintf(number, sizeof(number), "%ld", (long)sequence(made_s));
	date_text(made_s, now.hour * 60 + now.minute, stamp);
	snprintf(stamp + strlen(stamp) - 2, 4, "%02dZ", now.second);
	TRY(ics_line(out, "BEGIN", "VEVENT", err));
	TRY(ics_line(out, "UID", uid->text, err));
	TRY(ics_line(out, "SEQUENCE", number, err));
	return ics_line(out, "DTSTAMP", stamp, err);
}

enum err
ics_append(const struct ics_event *event, const struct ics_uid *uid,
    const struct plan_span *span, struct buffer *out, struct error *err)
{
	RELEASE_BUFFER struct buffer summary = {0}, description = {0};
	const int64_t day_s = event->kind == ICS_DEADLINE ?
	    event->deadline_s : event->date_s;

	TRY(append_summary(event, span->now_s, &summary, err));
	TRY(append_description(event, &description, err));
	TRY(buffer_append(&summary, "", 1, err));
	TRY(buffer_append(&description, "", 1, err));
	TRY(append_head(uid, span->made_s, out, err));
	TRY(append_time(event, out, err));
	TRY(ics_text(out, "SUMMARY", (const char *)summary.data, err));
	TRY(ics_text(out, "DESCRIPTION", (const char *)description.data,
	    err));
	TRY(ics_line(out, "STATUS", event->is_cancelled ? "CANCELLED" :
	    "CONFIRMED", err));
	/* One that is past is to ring no more. */
	if (!event->is_cancelled && day_s > span->now_s - DAY_S)
		TRY(append_alarms((const char *)summary.data, out, err));
	return ics_line(out, "END", "VEVENT", err);
}
