/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>

#include "plan/forecast.h"
#include "plan/supposed.h"

/* The states that time alone brings about, mildest first. */
enum { DATED_COUNT = 5 };

static void
add_event(struct forecast *forecast, int64_t at_s, enum pair_state state,
    enum severity severity)
{
	forecast->events[forecast->event_count++] =
	    (struct forecast_event){at_s, state, severity};
}

/* As if the coming ceremony were held on its date. */
static int64_t
assume_ceremony(const struct schedule *schedule, int64_t now_s,
    struct forecast *forecast)
{
	forecast->is_assumed = true;
	forecast->ceremony_s = schedule_next(schedule, now_s);
	forecast->next_update_s = utc_add(forecast->ceremony_s,
	    &schedule->validity);
	forecast->next_ceremony_s = schedule_after_crl(schedule,
	    forecast->ceremony_s);
	return utc_add(forecast->next_ceremony_s, &schedule->grace);
}

/* No CRL outlives the root, and no ceremony is held after its end. */
static void
end_with_root(const struct standing_facts *facts, struct forecast *forecast)
{
	const int64_t end_s = facts->root_not_after_s;

	if (!facts->has_root_not_after)
		return;
	if (forecast->is_assumed && forecast->next_update_s > end_s)
		forecast->next_update_s = end_s;
	forecast->is_last = forecast->next_ceremony_s >= end_s;
	forecast->has_ended = forecast->is_assumed &&
	    forecast->ceremony_s >= end_s;
}

/* Is there a worse state by then, or by now? */
static bool
is_overtaken(const struct forecast_event dated[DATED_COUNT], size_t at,
    int64_t now_s)
{
	for (size_t i = at + 1; i < DATED_COUNT; i++) {
		if (dated[i].at_s <= dated[at].at_s || dated[i].at_s <= now_s)
			return true;
	}
	return false;
}

static void
add_dated(const struct schedule *schedule, int64_t deadline_s, int64_t now_s,
    struct forecast *forecast)
{
	/* Another state is the one that holds now. */
	const bool is_other = forecast->event_count > 0;
	const bool is_told = !forecast->is_last &&
	    schedule_reminds(schedule);
	const struct forecast_event dated[DATED_COUNT] = {
	    {.state = PAIR_UPCOMING, .at_s = is_told ?
		utc_subtract(forecast->next_ceremony_s, &schedule->remind) :
		deadline_s},
	    {.state = PAIR_OVERDUE, .at_s = deadline_s},
	    {.state = PAIR_EXPIRING, .at_s =
		utc_subtract(forecast->next_update_s, &schedule->cushion)},
	    {.state = PAIR_CRITICAL, .at_s =
		utc_subtract(forecast->next_update_s, &schedule->critical)},
	    {.state = PAIR_EXPIRED, .at_s = forecast->next_update_s}};

	/* Those that are not overtaken rise in time as in the table. */
	for (size_t i = 0; i < DATED_COUNT; i++) {
		if (!is_overtaken(dated, i, now_s) &&
		    !(is_other && dated[i].at_s <= now_s))
			add_event(forecast, dated[i].at_s, dated[i].state,
			    pair_state_severity(dated[i].state));
	}
}

void
forecast_make(const struct standing *standing, int64_t now_s,
    struct forecast *out)
{
	const struct schedule *schedule = standing->facts->schedule;
	struct supposed room;
	const struct standing *dated = supposed_make(standing, now_s, &room);
	struct forecast forecast = {
	    .has_number = dated->has_number,
	    .number = dated->number,
	    .next_update_s = dated->next_update_s,
	    .next_ceremony_s = dated->next_ceremony_s,
	    .is_accepted = dated != standing};
	int64_t deadline_s = dated->deadline_s;

	if (!dated->has_next_update)
		deadline_s = assume_ceremony(schedule, now_s, &forecast);
	if (!pair_state_is_dated(standing->state)) {
		add_event(&forecast, now_s, standing->state,
		    standing->severity);
		snprintf(forecast.detail, sizeof(forecast.detail), "%s",
		    standing->detail);
	}
	end_with_root(standing->facts, &forecast);
	/* Nor is one overdue that nobody has to hold. */
	if (forecast.is_last)
		deadline_s = forecast.next_update_s;
	if (!forecast.has_ended)
		add_dated(schedule, deadline_s, now_s, &forecast);
	*out = forecast;
}

static bool
has_same_events(const struct forecast *a, const struct forecast *b)
{
	for (size_t i = 0; i < a->event_count && i < b->event_count; i++) {
		if (a->events[i].at_s != b->events[i].at_s ||
		    a->events[i].state != b->events[i].state ||
		    a->events[i].severity != b->events[i].severity)
			return false;
	}
	return a->event_count == b->event_count;
}

bool
forecast_is_same(const struct forecast *a, const struct forecast *b)
{
	return a->has_number == b->has_number &&
	    number_compare(&a->number, &b->number) == 0 &&
	    a->is_accepted == b->is_accepted &&
	    a->is_assumed == b->is_assumed && a->ceremony_s == b->ceremony_s &&
	    a->next_update_s == b->next_update_s &&
	    a->next_ceremony_s == b->next_ceremony_s &&
	    strcmp(a->detail, b->detail) == 0 && has_same_events(a, b);
}
