/* SPDX-License-Identifier: ISC */
#include "plan/schedule_calendar.h"

int64_t
schedule_deadline(const struct schedule *schedule, uint32_t index)
{
	return utc_add(schedule_ceremony(schedule, index), &schedule->grace);
}

int64_t
schedule_latest_next(const struct schedule *schedule, int64_t next_update_s)
{
	return utc_subtract(next_update_s, &schedule->cushion);
}

bool
schedule_may_be_next(const struct schedule *schedule, int64_t this_update_s,
    int64_t next_update_s, int64_t next_ceremony_s)
{
	return next_ceremony_s <=
	    schedule_latest_next(schedule, next_update_s) ||
	    next_ceremony_s <= schedule_after_crl(schedule, this_update_s) ||
	    utc_add(this_update_s, &schedule->validity) != next_update_s;
}

/* From when on the CRL of a ceremony is in its cushion. */
static int64_t
cushion_from(const struct schedule *schedule, int64_t ceremony_s)
{
	return utc_subtract(utc_add(ceremony_s, &schedule->validity),
	    &schedule->cushion);
}

/* The latest date from last_s down to after first_s that will do. */
static bool
find_date(const struct schedule *schedule, bool is_weekday_kept,
    int64_t first_s, int64_t last_s, int64_t limit_s, int64_t *out_s)
{
	int64_t date_s;

	for (date_s = last_s; date_s > first_s; date_s -= DAY_S) {
		if (utc_add(date_s, &schedule->grace) > limit_s ||
		    schedule_is_avoided(schedule, date_s))
			continue;
		if (is_weekday_kept &&
		    utc_weekday(date_s) != schedule->on_weekday)
			continue;
		*out_s = date_s;
		return true;
	}
	return false;
}

/* limit_s  by then its CRL must be in place, `grace` included */
static void
find_standby(const struct schedule *schedule, int64_t limit_s,
    struct schedule_day *day)
{
	/* A CRL of this moment or later counts for the next ceremony. */
	int64_t early_s = utc_subtract(day->next_ceremony_s,
	    &schedule->early);
	int64_t last_s = utc_day_start(early_s - 1);

	if (limit_s < last_s)
		last_s = utc_day_start(limit_s);
	day->has_standby = (schedule->on_week != 0 &&
	    find_date(schedule, true, day->ceremony_s, last_s, limit_s,
	    &day->standby_s)) ||
	    find_date(schedule, false, day->ceremony_s, last_s, limit_s,
	    &day->standby_s);
}

/* next  the index of the ceremony after it */
static void
describe(const struct schedule *schedule, int64_t ceremony_s, uint32_t next,
    int64_t end_s, struct schedule_day *out)
{
	uint32_t end = schedule_count(schedule);
	struct schedule_day day = {.ceremony_s = ceremony_s};
	uint32_t later;

	day.next_ceremony_s = schedule_ceremony(schedule, next);
	day.upcoming_s = utc_subtract(ceremony_s, &schedule->remind);
	day.deadline_s = utc_add(ceremony_s, &schedule->grace);
	day.next_update_s = utc_add(ceremony_s, &schedule->validity);
	if (day.next_update_s > end_s)
		day.next_update_s = end_s;
	day.cushion_s = utc_subtract(day.next_update_s, &schedule->cushion);
	day.is_last = day.next_ceremony_s >= end_s;
	for (later = next + 1; later < end; later++) {
		if (schedule_deadline(schedule, later) > day.cushion_s)
			break;
		day.may_miss++;
	}
	*out = day;
}

/* No ceremony is held once the root has ended. */
static void
end_standby(int64_t end_s, struct schedule_day *day)
{
	if (day->has_standby && day->standby_s >= end_s)
		day->has_standby = false;
}

void
schedule_describe(const struct schedule *schedule, uint32_t index,
    struct schedule_day *out)
{
	schedule_describe_until(schedule, index, INT64_MAX, out);
}

void
schedule_describe_until(const struct schedule *schedule, uint32_t index,
    int64_t end_s, struct schedule_day *out)
{
	describe(schedule, schedule_ceremony(schedule, index), index + 1,
	    end_s, out);
	if (index > 0)
		find_standby(schedule, cushion_from(schedule,
		    schedule_ceremony(schedule, index - 1)), out);
	end_standby(end_s, out);
}

void
schedule_describe_date(const struct schedule *schedule, int64_t ceremony_s,
    int64_t limit_s, int64_t end_s, struct schedule_day *out)
{
	describe(schedule, ceremony_s, schedule_index(schedule,
	    schedule_after_crl(schedule, ceremony_s)), end_s, out);
	find_standby(schedule, limit_s, out);
	end_standby(end_s, out);
}
