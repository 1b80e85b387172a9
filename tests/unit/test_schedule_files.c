/* SPDX-License-Identifier: ISC */
/* Each schedule that is shipped, read from its file and proven. */
#include "shipped_fixture.h"
#include "test.h"

#define YEARS 30
#define BEGIN instant("2026-01-01")
#define END instant("2056-01-01")

static const struct {
	const char *name;
	int every_months;
	uint32_t ceremonies;	/* in 30 years */
	unsigned int may_miss;	/* at least, after each of them */
	const char *validity;
} rows[] = {
    {"semiannual", 6, 60, 0, "7 months"},
    {"quarterly", 3, 120, 1, "7 months"},
    {"monthly", 1, 360, 0, "2 months"},
    {"annual", 12, 30, 0, "13 months"},
    {"annual-br", 11, 33, 0, "12 months - 1 second"},
};

TEST(shipped_schedules_leave_no_gap)
{
	size_t i;

	for (i = 0; i < COUNT_OF(rows); i++) {
		struct schedule schedule = shipped(rows[i].name, NULL);
		struct duration want;
		struct error err = {0};

		if (schedule_prove(&schedule, BEGIN, YEARS, &err) !=
		    ERR_OK)
			fail_msg("%s", err.what);
		assert_int_equal(schedule.every_months, rows[i].every_months);
		FINE(duration_parse(rows[i].validity, &want, &err));
		assert_int_equal(schedule.validity.months, want.months);
		assert_int_equal(schedule.validity.seconds, want.seconds);
	}
}

/* The proof again, in the words of the contract. */
TEST(deadlines_keep_the_cushion)
{
	size_t i;

	for (i = 0; i < COUNT_OF(rows); i++) {
		struct schedule schedule = shipped(rows[i].name, NULL);
		uint32_t index = 0;

		for (;; index++) {
			int64_t date_s = schedule_ceremony(&schedule, index);
			int64_t next_s = schedule_ceremony(&schedule,
			    index + 1 + rows[i].may_miss);
			int64_t ends_s = utc_add(date_s, &schedule.validity);
			struct schedule_day day;

			if (date_s >= END)
				break;
			assert_true(utc_add(next_s, &schedule.grace) <=
			    utc_subtract(ends_s, &schedule.cushion));
			schedule_describe(&schedule, index, &day);
			assert_int_equal(day.ceremony_s, date_s);
			assert_int_equal(day.next_update_s, ends_s);
			assert_true(day.may_miss >= rows[i].may_miss);
		}
		assert_int_equal(index, rows[i].ceremonies);
	}
}

static bool
is_avoided(struct civil date)
{
	return (date.month == 12 && date.day >= 20) ||
	    (date.month == 1 && date.day <= 5);
}

/*
 * Walk the calendar day by day with a weekday of our own (2026-01-01 is a
 * Thursday), and see each ceremony come where the rule puts it.
 */
TEST(dates_are_those_of_the_rule)
{
	size_t i;

	for (i = 0; i < COUNT_OF(rows); i++) {
		struct schedule schedule = shipped(rows[i].name, NULL);
		int64_t day_s = BEGIN;
		bool is_waiting = false;
		uint32_t index = 0;
		int weekday = 4;

		for (; day_s < END; day_s += DAY_S) {
			struct civil date = utc_to_civil(day_s);
			int month = (date.year - 2026) * 12 + date.month - 1;

			if (weekday == 2 && date.day <= 7 &&
			    month % rows[i].every_months == 0)
				is_waiting = true;
			if (is_waiting && !is_avoided(date)) {
				assert_int_equal(schedule_ceremony(&schedule,
				    index), day_s);
				index++;
				is_waiting = false;
			}
			weekday = (weekday + 1) % 7;
		}
		assert_int_equal(index, rows[i].ceremonies);
	}
}

/* What the calendar leaves over 30 years, to the second. */
TEST(too_short_a_validity_is_refused)
{
	static const struct {
		const char *name, *enough, *short_by_a_second;
	} short_rows[] = {
	    {"semiannual", "7 months - 2 days",
		"7 months - 2 days - 1 second"},
	    {"quarterly", "4 months - 2 days", "4 months - 2 days - 1 second"},
	    {"monthly", "2 months - 8 days", "2 months - 8 days - 1 second"},
	    {"annual", "13 months - 8 days", "13 months - 8 days - 1 second"},
	    {"annual-br", "12 months - 8 days",
		"12 months - 8 days - 1 second"},
	};
	size_t i;

	for (i = 0; i < COUNT_OF(short_rows); i++) {
		struct schedule schedule = shipped(short_rows[i].name,
		    short_rows[i].enough);
		struct error err = {0};

		FINE(schedule_prove(&schedule, BEGIN, YEARS, &err));
		schedule = shipped(short_rows[i].name,
		    short_rows[i].short_by_a_second);
		REFUSED(schedule_prove(&schedule, BEGIN, YEARS, &err),
		    ERR_CONFIG);
		assert_non_null(strstr(err.what, short_rows[i].name));
		assert_non_null(strstr(err.what, "have 1 second too late"));
	}
}

/*
 * The words stay true when only `from` is changed, through every century; but
 * from February the months of semiannual leave one day less than three weeks.
 */
TEST(other_first_months_will_do)
{
	size_t i;
	int month;

	for (i = 0; i < COUNT_OF(rows) * 12; i++) {
		const char *name = rows[i / 12].name;
		struct schedule schedule = shipped(name, NULL);
		struct error err = {0};
		enum err rc;

		month = (int)(i % 12) + 1;
		schedule.from_month = month;
		rc = schedule_prove(&schedule, BEGIN, 400, &err);
		if (strcmp(name, "semiannual") != 0 || month % 6 != 2) {
			assert_string_equal(err.what, "");
			assert_int_equal(rc, ERR_OK);
			continue;
		}
		assert_int_equal(rc, ERR_CONFIG);
		assert_string_equal(err.what, "schedule semiannual: ceremony "
		    "2028-08-01: want the next deadline 2029-02-09 by "
		    "2029-02-08, have 1 day too late; a cushion of 20 days, or "
		    "a validity longer by 1 day, leaves no gap");
	}
}

/* The promise of `quarterly`, from whichever month and through 400 years. */
TEST(quarterly_may_miss_one)
{
	struct schedule schedule = shipped("quarterly", NULL);
	struct schedule_day day;
	uint32_t index;

	for (schedule.from_month = 1; schedule.from_month <= 3;
	    schedule.from_month++) {
		for (index = 0; index < 1600; index++) {
			schedule_describe(&schedule, index, &day);
			assert_int_equal(day.may_miss, 1);
		}
	}
}
