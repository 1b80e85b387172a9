/* SPDX-License-Identifier: ISC */
#include "plan/schedule_calendar.h"

/* One month beyond the calendar, counted from January of the year 0. */
#define MONTHS_END (INT64_C(10000) * 12)
#define LAST_DATE_S (UTC_MAX_S + 1 - DAY_S)

static const struct duration no_time = {0};

bool
schedule_reminds(const struct schedule *schedule)
{
	return schedule->remind.months != 0 || schedule->remind.seconds != 0;
}

bool
schedule_is_avoided(const struct schedule *schedule, int64_t date_s)
{
	struct civil date = utc_to_civil(date_s);
	int day = date.month * 100 + date.day;

	for (size_t i = 0; i < schedule->avoid_count; i++) {
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

uint32_t
schedule_count(const struct schedule *schedule)
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
 * schedule_count if none does.  A binary search, for dates rise.
 */
static uint32_t
first_after(const struct schedule *schedule, const struct duration *lead,
    int64_t limit_s)
{
	uint32_t low = 0;
	uint32_t high = schedule_count(schedule);

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

uint32_t
schedule_index(const struct schedule *schedule, int64_t at_s)
{
	return first_after(schedule, &no_time, utc_day_start(at_s) - 1);
}

int64_t
schedule_next(const struct schedule *schedule, int64_t at_s)
{
	return schedule_ceremony(schedule, schedule_index(schedule, at_s));
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
