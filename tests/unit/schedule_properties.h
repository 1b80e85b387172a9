/* SPDX-License-Identifier: ISC */
/*
 * What must hold of the index-th ceremony of a schedule, reckoned anew: from
 * the dates of ceremonies, which are a property of their own, and from
 * durations.  A property asks whether what is said of `made` is right by the
 * words of `rule`, which is the same schedule unless a property shall fail.
 */
#pragma once

#include "instant.h"
#include "plan/standing.h"
#include "test.h"

typedef bool property(const struct schedule *made,
    const struct schedule *rule, uint32_t index);

/* A weekday of our own: 1970-01-01 was a Thursday. */
static inline int
weekday_of(int64_t date_s)
{
	return (int)((date_s / DAY_S + 4) % 7);
}

static inline bool
is_avoided(const struct schedule *rule, int64_t date_s)
{
	struct civil date = utc_to_civil(date_s);
	size_t i;

	for (i = 0; i < rule->avoid_count; i++) {
		const struct schedule_avoid *avoid = &rule->avoid[i];
		bool is_after_first = date.month > avoid->first_month ||
		    (date.month == avoid->first_month &&
		    date.day >= avoid->first_day);
		bool is_before_last = date.month < avoid->last_month ||
		    (date.month == avoid->last_month &&
		    date.day <= avoid->last_day);
		bool is_wrapping = avoid->first_month * 100 +
		    avoid->first_day > avoid->last_month * 100 +
		    avoid->last_day;

		if (is_wrapping ? is_after_first || is_before_last :
		    is_after_first && is_before_last)
			return true;
	}
	return false;
}

/* Is the date the one that `on` names, by walking through its month? */
static inline bool
is_on_rule(const struct schedule *rule, int64_t date_s)
{
	int month = utc_to_civil(date_s).month;
	bool is_last_day = utc_to_civil(date_s + DAY_S).month != month;
	int day = utc_to_civil(date_s).day;

	if (rule->on_week == 0)
		return day == rule->on_day ||
		    (is_last_day && day < rule->on_day);
	if (weekday_of(date_s) != rule->on_weekday)
		return false;
	if (rule->on_week == 5)
		return utc_to_civil(date_s + 7 * DAY_S).month != month;
	return (day - 1) / 7 + 1 == rule->on_week;
}

static inline int64_t
month_start(const struct schedule *rule, uint32_t index)
{
	int64_t month = (int64_t)rule->from_year * 12 + rule->from_month - 1 +
	    (int64_t)rule->every_months * index;
	struct civil first = {.year = (int)(month / 12),
	    .month = (int)(month % 12) + 1, .day = 1};
	int64_t first_s = 0;

	assert_true(utc_from_civil(&first, &first_s));
	return first_s;
}

static inline bool
dates_rise(const struct schedule *made, const struct schedule *rule,
    uint32_t index)
{
	struct schedule_day day;

	schedule_describe(made, index, &day);
	return day.ceremony_s == schedule_ceremony(made, index) &&
	    day.next_ceremony_s == schedule_ceremony(made, index + 1) &&
	    day.ceremony_s < day.next_ceremony_s;
}

static inline bool
dates_are_not_avoided(const struct schedule *made,
    const struct schedule *rule, uint32_t index)
{
	return !is_avoided(rule, schedule_ceremony(made, index));
}

/* The date of the rule, or the first after it that is not avoided. */
static inline bool
dates_are_on_the_rule(const struct schedule *made,
    const struct schedule *rule, uint32_t index)
{
	int64_t date_s = month_start(rule, index);

	while (!is_on_rule(rule, date_s))
		date_s += DAY_S;
	while (is_avoided(rule, date_s))
		date_s += DAY_S;
	return schedule_ceremony(made, index) == date_s;
}

/* On each day up to a ceremony it is the next one, and then the last. */
static inline bool
every_day_finds_its_ceremony(const struct schedule *made,
    const struct schedule *rule, uint32_t index)
{
	int64_t ceremony_s = schedule_ceremony(rule, index);
	int64_t next_s = schedule_ceremony(rule, index + 1);
	int64_t early_s = utc_subtract(next_s, &rule->early);
	int64_t day_s, last_s;

	for (day_s = ceremony_s; day_s < next_s; day_s += DAY_S) {
		if (schedule_next(made, day_s + 1) !=
		    (day_s == ceremony_s ? ceremony_s : next_s) ||
		    schedule_index(made, day_s + DAY_S) != index + 1 ||
		    !schedule_last(made, day_s + DAY_S - 1, &last_s) ||
		    last_s != ceremony_s)
			return false;
		if (day_s < early_s &&
		    schedule_after_crl(made, day_s) != next_s)
			return false;
		if (day_s >= early_s &&
		    schedule_after_crl(made, day_s) <= next_s)
			return false;
	}
	return true;
}

static inline int64_t
cushion_of(const struct schedule *rule, int64_t ceremony_s)
{
	return utc_subtract(utc_add(ceremony_s, &rule->validity),
	    &rule->cushion);
}

static inline bool
no_gap_is_left(const struct schedule *made, const struct schedule *rule,
    uint32_t index)
{
	struct schedule_day day;

	schedule_describe(made, index, &day);
	return day.cushion_s == cushion_of(rule, day.ceremony_s) &&
	    utc_add(day.next_ceremony_s, &rule->grace) <= day.cushion_s;
}

static inline bool
standby_will_do(const struct schedule *rule, uint32_t index, int64_t date_s)
{
	return utc_add(date_s, &rule->grace) <= cushion_of(rule,
	    schedule_ceremony(rule, index - 1)) &&
	    date_s < utc_subtract(schedule_ceremony(rule, index + 1),
	    &rule->early) && !is_avoided(rule, date_s);
}

static inline bool
standby_is_in_bounds(const struct schedule *made,
    const struct schedule *rule, uint32_t index)
{
	struct schedule_day day;

	schedule_describe(made, index, &day);
	if (!day.has_standby)
		return true;
	return index > 0 && day.standby_s % DAY_S == 0 &&
	    day.standby_s > schedule_ceremony(rule, index) &&
	    standby_will_do(rule, index, day.standby_s);
}

/* All days between two ceremonies, and the last that will do. */
static inline bool
standby_is_the_latest(const struct schedule *made,
    const struct schedule *rule, uint32_t index)
{
	int64_t date_s = schedule_ceremony(rule, index) + DAY_S;
	int64_t latest_s = 0, on_weekday_s = 0, want_s;
	struct schedule_day day;

	for (; index > 0 && date_s < schedule_ceremony(rule, index + 1);
	    date_s += DAY_S) {
		if (!standby_will_do(rule, index, date_s))
			continue;
		latest_s = date_s;
		if (rule->on_week != 0 &&
		    weekday_of(date_s) == rule->on_weekday)
			on_weekday_s = date_s;
	}
	want_s = on_weekday_s != 0 ? on_weekday_s : latest_s;
	schedule_describe(made, index, &day);
	return day.has_standby == (want_s != 0) && day.standby_s == want_s;
}

/*
 * Live through the days from a ceremony on, with its CRL alone, until the
 * deadline of the one that is held again: does check see `expiring` or worse?
 */
static inline bool
reaches_cushion(const struct schedule *rule, uint32_t index,
    unsigned int missed)
{
	struct standing_place place = {.is_present = true, .is_valid = true,
	    .has_next_update = true,
	    .this_update_s = schedule_ceremony(rule, index)};
	const struct standing_facts facts = {.schedule = rule,
	    .places = &place, .place_count = 1};
	int64_t end_s = utc_add(schedule_ceremony(rule, index + 1 + missed),
	    &rule->grace) - 1;
	int64_t now_s = place.this_update_s;
	struct standing standing;

	place.next_update_s = utc_add(place.this_update_s, &rule->validity);
	for (;; now_s += DAY_S) {
		if (now_s > end_s)
			now_s = end_s;
		standing_decide(&facts, now_s, &standing);
		if (standing.state != PAIR_FRESH &&
		    standing.state != PAIR_UPCOMING &&
		    standing.state != PAIR_OVERDUE)
			return true;
		if (now_s == end_s)
			return false;
	}
}

static inline bool
may_miss_is_right(const struct schedule *made, const struct schedule *rule,
    uint32_t index)
{
	struct schedule_day day;

	schedule_describe(made, index, &day);
	return !reaches_cushion(rule, index, day.may_miss) &&
	    reaches_cushion(rule, index, day.may_miss + 1);
}
