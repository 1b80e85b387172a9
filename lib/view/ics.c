/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>

#include "base/array.h"
#include "plan/schedule_calendar.h"
#include "view/ics.h"
#include "view/ics_event.h"
#include "view/ics_text.h"

#define BACK_MONTHS 24	/* how far back what is over is cancelled */
#define ENDS_MIN 4	/* days that are named or cancelled at least */

/* The calendar that is being written. */
struct calendar {
	const struct plan_span *span;
	int64_t back_s;		/* nothing older is cancelled */
	struct buffer *out;
	struct buffer uids;	/* struct ics_uid of all its events */
};

/* A root, and from which date on its ceremonies are still to be held. */
struct open {
	const struct plan *plan;
	int64_t from_s;		/* INT64_MAX: nobody needs them */
	bool is_known;		/* a CRL is in use, and tells so */
};

static bool
has_uid(const struct calendar *calendar, const struct ics_uid *uid)
{
	const struct ics_uid *uids = (const void *)calendar->uids.data;

	for (size_t i = 0; i < calendar->uids.size / sizeof(*uids); i++) {
		if (strcmp(uids[i].text, uid->text) == 0)
			return true;
	}
	return false;
}

/* Once each: what was said first counts. */
static enum err
add(struct calendar *calendar, const struct ics_event *event,
    struct error *err)
{
	struct ics_uid uid;

	ics_make_uid(event, &uid);
	if (has_uid(calendar, &uid))
		return ERR_OK;
	TRY(buffer_append(&calendar->uids, &uid, sizeof(uid), err));
	return ics_append(event, &uid, calendar->span, calendar->out, err);
}

/* The month that the rule gives a date, or the date's own. */
static int64_t
month_of(const struct schedule *schedule, int64_t date_s)
{
	const uint32_t index = schedule_index(schedule, date_s);
	struct civil civil = utc_to_civil(date_s);

	if (index < schedule_count(schedule) &&
	    schedule_ceremony(schedule, index) == date_s)
		return ((int64_t)schedule->from_year * 12 +
		    schedule->from_month - 1) +
		    (int64_t)schedule->every_months * index;
	return (int64_t)civil.year * 12 + civil.month - 1;
}

/*
 * The first that any CRL in use calls for.  If none is in use, nobody knows
 * which were held, and nothing is said of what is past.
 */
static struct open
find_open(const struct plan *plan, int64_t now_s)
{
	struct open open = {plan, INT64_MAX, plan->forecast_count == 0};

	for (size_t i = 0; i < plan->forecast_count; i++) {
		const struct forecast *forecast = &plan->forecasts[i];

		if (forecast->is_assumed)
			continue;
		open.is_known = true;
		if (forecast->next_ceremony_s < open.from_s)
			open.from_s = utc_day_start(
			    forecast->next_ceremony_s);
	}
	if (!open.is_known)
		open.from_s = schedule_next(plan->schedule, now_s);
	return open;
}

/* A ceremony and its deadline. */
static enum err
add_ceremony(struct calendar *calendar, const struct plan *plan,
    int64_t date_s, bool is_cancelled, struct error *err)
{
	struct ics_event event = {.plan = plan, .kind = ICS_CEREMONY,
	    .month = month_of(plan->schedule, date_s), .date_s = date_s,
	    .deadline_s = utc_add(date_s, &plan->schedule->grace),
	    .is_cancelled = is_cancelled};

	TRY(add(calendar, &event, err));
	event.kind = ICS_DEADLINE;
	return add(calendar, &event, err);
}

/*
 * Those that are missed, and those to come.  The bundle may have named a first
 * one that is not on our own calendar: ours follow that its CRL does not
 * fulfil.
 */
static enum err
add_open(struct calendar *calendar, const struct open *open,
    struct error *err)
{
	const struct plan *plan = open->plan;
	const struct schedule *schedule = plan->schedule;
	int64_t date_s = open->from_s;

	while (date_s <= calendar->span->end_s && date_s < plan->root_end_s) {
		const int64_t last_s = date_s;

		/* The first is the one that is overdue. */
		if (date_s == open->from_s || date_s >= calendar->back_s)
			TRY(add_ceremony(calendar, plan, date_s, false, err));
		date_s = schedule_next(schedule, date_s) == date_s ?
		    schedule_next(schedule, date_s + DAY_S) :
		    schedule_after_crl(schedule, date_s);
		if (date_s <= last_s)
			break;
	}
	return ERR_OK;
}

/* Those that an earlier calendar may have, and that are over. */
static enum err
add_over(struct calendar *calendar, const struct open *open,
    struct error *err)
{
	const struct schedule *schedule = open->plan->schedule;
	const uint32_t end = schedule_count(schedule);
	uint32_t index = schedule_index(schedule, calendar->back_s);

	for (; index < end; index++) {
		int64_t date_s = schedule_ceremony(schedule, index);

		if (date_s >= open->from_s || date_s > calendar->span->end_s)
			break;
		TRY(add_ceremony(calendar, open->plan, date_s, true, err));
	}
	return ERR_OK;
}

/* Does the root end before a ceremony follows? */
static bool
is_last_end(const struct plan *plan, int64_t end_s)
{
	for (size_t i = 0; i < plan->forecast_count; i++) {
		const struct forecast *forecast = &plan->forecasts[i];

		if (forecast->is_last && !forecast->is_assumed &&
		    utc_day_start(forecast->next_update_s) ==
		    utc_day_start(end_s))
			return true;
	}
	return false;
}

static size_t
count_pairs(const struct plan *plan)
{
	size_t count = 0;

	for (size_t i = 0; i < plan->forecast_count; i++)
		count += plan->forecasts[i].subordinate_count;
	return count;
}

/*
 * The days on which CRLs in use end, in order of time; those that an earlier
 * calendar may have beside are cancelled, long ago, where nobody sees it.
 */
static enum err
add_ends(struct calendar *calendar, const struct plan *plan,
    struct error *err)
{
	const struct agenda *agenda = &plan->agenda;
	struct ics_event event = {.plan = plan, .kind = ICS_END, .month = 1};

	for (size_t i = 0; i < agenda->stop_count; i++) {
		const struct agenda_stop *stop = &agenda->stops[i];

		if (!ics_stops_on(stop, stop->on_s) || (event.month > 1 &&
		    ics_stops_on(stop, event.date_s)))
			continue;
		event.date_s = stop->on_s;
		event.is_last = is_last_end(plan, stop->on_s);
		TRY(add(calendar, &event, err));
		event.month++;
	}
	event.is_cancelled = true;
	for (; event.month <= ENDS_MIN || (size_t)event.month <=
	    count_pairs(plan); event.month++) {
		event.date_s = event.month == 1 ? calendar->span->now_s :
		    calendar->back_s;
		TRY(add(calendar, &event, err));
	}
	return ERR_OK;
}

static enum err
add_root(struct calendar *calendar, const struct plan *plan,
    struct error *err)
{
	const struct open open = find_open(plan, calendar->span->now_s);

	TRY(add_ends(calendar, plan, err));
	TRY(add_open(calendar, &open, err));
	return open.is_known ? add_over(calendar, &open, err) : ERR_OK;
}

/* The plan of the root whose key the event names, or NULL. */
static const struct plan *
find_plan(const struct plan *plans, size_t count,
    const struct ics_event *event)
{
	for (size_t i = 0; i < count; i++) {
		if (memcmp(plans[i].root_spki, event->key,
		    sizeof(event->key)) == 0)
			return &plans[i];
	}
	return NULL;
}

/* What an earlier calendar had, and this one has not. */
static enum err
add_earlier(struct calendar *calendar, const struct plan *plans,
    size_t count, struct span earlier, struct error *err)
{
	char text[sizeof(((struct ics_uid *)NULL)->text)];

	while (ics_next_uid(&earlier, text, sizeof(text))) {
		struct ics_event event = {.is_cancelled = true};
		struct civil first = {.day = 1};

		if (!ics_parse_uid(text, &event))
			continue;
		event.plan = find_plan(plans, count, &event);
		first.year = (int)(event.month / 12);
		first.month = (int)(event.month % 12) + 1;
		event.date_s = calendar->span->now_s;
		if (event.kind != ICS_END && event.plan != NULL)
			event.date_s = schedule_month_date(
			    event.plan->schedule, event.month);
		else if (event.kind != ICS_END &&
		    !utc_from_civil(&first, &event.date_s))
			continue;
		event.deadline_s = event.plan == NULL ? event.date_s :
		    utc_add(event.date_s, &event.plan->schedule->grace);
		if (event.date_s >= calendar->back_s)
			TRY(add(calendar, &event, err));
	}
	return ERR_OK;
}

static enum err
begin(const struct plan *plans, size_t count, struct buffer *out,
    struct error *err)
{
	char name[64];

	snprintf(name, sizeof(name), "Ceremonies of %.40s",
	    count == 1 ? plans[0].root : "offline roots");
	TRY(ics_line(out, "BEGIN", "VCALENDAR", err));
	TRY(ics_line(out, "VERSION", "2.0", err));
	TRY(ics_line(out, "PRODID", "-//crlferry//crlferry//EN", err));
	TRY(ics_line(out, "CALSCALE", "GREGORIAN", err));
	TRY(ics_line(out, "METHOD", "PUBLISH", err));
	return ics_text(out, "X-WR-CALNAME", name, err);
}

static enum err
write(struct calendar *calendar, const struct plan *plans, size_t count,
    struct span earlier, struct error *err)
{
	TRY(begin(plans, count, calendar->out, err));
	for (size_t i = 0; i < count; i++)
		TRY(add_root(calendar, &plans[i], err));
	TRY(add_earlier(calendar, plans, count, earlier, err));
	return ics_line(calendar->out, "END", "VCALENDAR", err);
}

enum err
plan_ics(const struct plan *plans, size_t count,
    const struct plan_span *span, struct span earlier, struct buffer *out,
    struct error *err)
{
	const struct duration back = {.months = BACK_MONTHS};
	struct calendar calendar = {.span = span, .out = out,
	    .back_s = utc_subtract(span->now_s, &back)};
	enum err code;

	/* Who looks far ahead may have done so before. */
	if (span->now_s - (span->end_s - span->now_s) < calendar.back_s)
		calendar.back_s = span->now_s - (span->end_s - span->now_s);
	if (calendar.back_s < UTC_MIN_S)
		calendar.back_s = UTC_MIN_S;
	code = write(&calendar, plans, count, earlier, err);
	buffer_release(&calendar.uids);
	return code;
}
