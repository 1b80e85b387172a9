/* SPDX-License-Identifier: ISC */
#include <stdio.h>

#include "plan/schedule_calendar.h"

/* One month beyond the calendar, counted from January of the year 0. */
#define MONTHS_END (INT64_C(10000) * 12)
#define LAST_DATE_S (UTC_MAX_S + 1 - DAY_S)

static const struct duration no_time = {0};

bool
schedule_is_avoided(const struct schedule *schedule, int64_t date_s)
{
	struct civil date = utc_to_civil(date_s);
	int day = date.month * 100 + date.day;
	size_t i;

	for (i = 0; i < schedule->avoid_count; i++) {
		const struct schedule_avoid *avoid = &schedule->avoid[i];
		int first = avoid->first_month * 100 + avoid->first_day;
		int last = avoid->last_month * 100 + avoid->last_day;

		if (first <= last ? day >= first && day <= last :
		    day >= first || day <= last)
			return true;
	}
	return false;
}

/* The day of a month that the rule names. */
static int
rule_day(const struct schedule *schedule, int64_t first_s, int days)
{
	int day;

	if (schedule->on_week == 0)
		return schedule->on_day < days ? schedule->on_day : days;
	day = 1 + (schedule->on_weekday - utc_weekday(first_s) + 7) % 7 +
	    7 * (schedule->on_week - 1);
	return day > days ? day - 7 : day;
}

int64_t
schedule_month_date(const struct schedule *schedule, int64_t month)
{
	struct civil first = {.day = 1};
	int64_t date_s;

	if (month >= MONTHS_END)
		return LAST_DATE_S;
	first.year = (int)(month / 12);
	first.month = (int)(month % 12) + 1;
	if (!utc_from_civil(&first, &date_s))
		return LAST_DATE_S;
	date_s += (rule_day(schedule, date_s,
	    utc_days_in_month(first.year, first.month)) - 1) * DAY_S;
	while (date_s < LAST_DATE_S && schedule_is_avoided(schedule, date_s))
		date_s += DAY_S;
	return date_s;
}

static int64_t
first_month(const struct schedule *schedule)
{
	return (int64_t)schedule->from_year * 12 + schedule->from_month - 1;
}

/* How many ceremonies the calendar has room for. */
static uint32_t
ceremony_count(const struct schedule *schedule)
{
	int64_t every = schedule->every_months;

	return (uint32_t)((MONTHS_END - first_month(schedule) + every - 1) /
	    every);
}

int64_t
schedule_ceremony(const struct schedule *schedule, uint32_t index)
{
	return schedule_month_date(schedule, first_month(schedule) +
	    (int64_t)schedule->every_months * index);
}

/*
 * The index of the first ceremony whose date less `lead` lies after limit_s;
 * ceremony_count where none does.  A binary search, for dates rise.
 */
static uint32_t
first_after(const struct schedule *schedule, const struct duration *lead,
    int64_t limit_s)
{
	uint32_t low = 0;
	uint32_t high = ceremony_count(schedule);

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		int64_t date_s = schedule_ceremony(schedule, middle);

		if (utc_subtract(date_s, lead) > limit_s)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

int64_t
schedule_next(const struct schedule *schedule, int64_t at_s)
{
	return schedule_ceremony(schedule,
	    first_after(schedule, &no_time, utc_day_start(at_s) - 1));
}

bool
schedule_last(const struct schedule *schedule, int64_t at_s, int64_t *out_s)
{
	uint32_t index = first_after(schedule, &no_time, at_s);

	if (index == 0)
		return false;
	*out_s = schedule_ceremony(schedule, index - 1);
	return true;
}

int64_t
schedule_after_crl(const struct schedule *schedule, int64_t this_update_s)
{
	return schedule_ceremony(schedule,
	    first_after(schedule, &schedule->early, this_update_s));
}

/* When the index-th ceremony's CRL must be in place. */
static int64_t
deadline(const struct schedule *schedule, uint32_t index)
{
	return utc_add(schedule_ceremony(schedule, index), &schedule->grace);
}

void
schedule_describe(const struct schedule *schedule, uint32_t index,
    struct schedule_day *out)
{
	uint32_t end = ceremony_count(schedule);
	struct schedule_day day = {0};
	uint32_t later;

	day.ceremony_s = schedule_ceremony(schedule, index);
	day.next_ceremony_s = schedule_ceremony(schedule, index + 1);
	day.deadline_s = deadline(schedule, index);
	day.next_update_s = utc_add(day.ceremony_s, &schedule->validity);
	day.cushion_s = utc_subtract(day.next_update_s, &schedule->cushion);
	for (later = index + 2; later < end; later++) {
		if (deadline(schedule, later) > day.cushion_s)
			break;
		day.may_miss++;
	}
	*out = day;
}

/* "1 day", "2 days 30 seconds" */
static void
excess_text(int64_t seconds, char *out, size_t capacity)
{
	long long days = (long long)(seconds / DAY_S);
	long long rest = (long long)(seconds % DAY_S);
	const char *day_word = days == 1 ? "day" : "days";
	const char *second_word = rest == 1 ? "second" : "seconds";

	if (rest == 0)
		snprintf(out, capacity, "%lld %s", days, day_word);
	else if (days == 0)
		snprintf(out, capacity, "%lld %s", rest, second_word);
	else
		snprintf(out, capacity, "%lld %s %lld %s", days, day_word,
		    rest, second_word);
}

/* A date where it is 00:00Z, else the instant. */
static void
instant_text(int64_t at_s, char out[UTC_TEXT_SIZE])
{
	if (utc_day_start(at_s) == at_s)
		utc_format_date(at_s, out);
	else
		utc_format(at_s, out);
}

static enum err
fail_gap(const struct schedule *schedule, const struct schedule_day *day,
    int64_t next_deadline_s, struct error *err)
{
	char ceremony[UTC_TEXT_SIZE], have[UTC_TEXT_SIZE];
	char want[UTC_TEXT_SIZE], excess[64];

	utc_format_date(day->ceremony_s, ceremony);
	instant_text(next_deadline_s, have);
	instant_text(day->cushion_s, want);
	excess_text(next_deadline_s - day->cushion_s, excess, sizeof(excess));
	return err_fail(err, ERR_CONFIG, "schedule %s: ceremony %s: want the "
	    "next deadline %s by %s, have %s too late", schedule->name,
	    ceremony, have, want, excess);
}

enum err
schedule_prove(const struct schedule *schedule, int64_t from_s,
    unsigned int years, struct error *err)
{
	const struct duration span = {.months = (int64_t)years * 12};
	int64_t end_s = utc_add(from_s, &span);
	uint32_t end = ceremony_count(schedule);
	uint32_t index = first_after(schedule, &no_time,
	    utc_day_start(from_s) - 1);
	struct schedule_day day;

	for (; index < end; index++) {
		int64_t next_deadline_s = deadline(schedule, index + 1);

		schedule_describe(schedule, index, &day);
		if (day.ceremony_s >= end_s)
			break;
		if (next_deadline_s > day.cushion_s)
			return fail_gap(schedule, &day, next_deadline_s, err);
	}
	return ERR_OK;
}
