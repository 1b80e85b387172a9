/* SPDX-License-Identifier: ISC */
#include "base/utc.h"
#include "test.h"

static const struct {
	const char *from, *duration, *want;
} add_rows[] = {
	{ "2026-07-31T10:00:00Z", "7 months", "2027-02-28T10:00:00Z" },
	{ "2027-07-31T10:00:00Z", "7 months", "2028-02-29T10:00:00Z" },
	{ "2026-07-30T10:00:00Z", "7 months", "2027-02-28T10:00:00Z" },
	{ "2026-07-28T10:00:00Z", "7 months", "2027-02-28T10:00:00Z" },
	{ "2026-08-01T10:00:00Z", "7 months", "2027-03-01T10:00:00Z" },
	{ "2026-05-31T00:00:00Z", "1 month", "2026-06-30T00:00:00Z" },
	{ "2026-12-31T23:59:59Z", "2 months", "2027-02-28T23:59:59Z" },
	{ "2026-01-15T00:00:00Z", "12 months - 1 second",
	    "2027-01-14T23:59:59Z" },
	{ "2024-02-29T00:00:00Z", "12 months - 1 second",
	    "2025-02-27T23:59:59Z" },
	{ "2024-02-29T12:00:00Z", "1 year", "2025-02-28T12:00:00Z" },
	{ "2024-02-29T12:00:00Z", "4 years", "2028-02-29T12:00:00Z" },
	{ "2096-02-29T12:00:00Z", "4 years", "2100-02-28T12:00:00Z" },
	{ "2026-01-31T00:00:00Z", "1 month 1 day", "2026-03-01T00:00:00Z" },
	{ "2026-01-31T00:00:00Z", "1 day + 1 month", "2026-03-01T00:00:00Z" },
	{ "2026-03-01T00:00:00Z", "0 months - 1 second",
	    "2026-02-28T23:59:59Z" },
	{ "2024-03-01T00:00:00Z", "0 days - 1 s", "2024-02-29T23:59:59Z" },
	{ "2026-01-01T00:00:00Z", "52 weeks", "2026-12-31T00:00:00Z" },
	{ "1969-12-31T23:59:59Z", "1 second", "1970-01-01T00:00:00Z" },
	{ "2026-03-31T00:00:00Z", "0 days - 1 month", "2026-02-28T00:00:00Z" },
	{ "9998-12-31T23:59:59Z", "1 year", "9999-12-31T23:59:59Z" },
	{ "9999-01-01T00:00:00Z", "1 year", "9999-12-31T23:59:59Z" },
	{ "9999-12-31T23:59:59Z", "1 second", "9999-12-31T23:59:59Z" },
	{ "2026-01-01T00:00:00Z", "1000000 years", "9999-12-31T23:59:59Z" },
	{ "2026-01-01T00:00:00Z", "0 s - 1000000 weeks",
	    "0000-01-01T00:00:00Z" },
	{ "0000-12-31T00:00:00Z", "0 s - 1 year", "0000-01-01T00:00:00Z" },
};

TEST(durations_are_added_in_the_calendar)
{
	for (size_t i = 0; i < COUNT_OF(add_rows); i++) {
		struct duration duration;
		char text[UTC_TEXT_SIZE];
		int64_t from_s = 0;

		assert_int_equal(duration_parse(add_rows[i].duration,
		    &duration, NULL), ERR_OK);
		assert_true(utc_parse(add_rows[i].from, &from_s));
		utc_format(utc_add(from_s, &duration), text);
		if (strcmp(text, add_rows[i].want) != 0)
			fail_msg("%s + %s: want %s, have %s",
			    add_rows[i].from, add_rows[i].duration,
			    add_rows[i].want, text);
	}
}

static const struct {
	const char *from, *duration, *want;
} subtract_rows[] = {
	{ "2027-03-31T10:00:00Z", "1 month", "2027-02-28T10:00:00Z" },
	{ "2028-03-31T10:00:00Z", "1 month", "2028-02-29T10:00:00Z" },
	{ "2027-01-31T00:00:00Z", "2 months", "2026-11-30T00:00:00Z" },
	{ "2027-01-01T00:00:00Z", "1 month", "2026-12-01T00:00:00Z" },
	{ "2027-02-28T10:00:00Z", "3 weeks", "2027-02-07T10:00:00Z" },
	{ "2027-01-14T23:59:59Z", "12 months - 1 second",
	    "2026-01-15T00:00:00Z" },
	{ "0000-01-01T00:00:01Z", "1 second", "0000-01-01T00:00:00Z" },
	{ "0000-01-01T00:00:00Z", "1 second", "0000-01-01T00:00:00Z" },
	{ "0000-01-31T00:00:00Z", "1 month", "0000-01-01T00:00:00Z" },
};

TEST(durations_are_subtracted_in_the_calendar)
{
	for (size_t i = 0; i < COUNT_OF(subtract_rows); i++) {
		struct duration duration;
		char text[UTC_TEXT_SIZE];
		int64_t from_s = 0;

		assert_int_equal(duration_parse(subtract_rows[i].duration,
		    &duration, NULL), ERR_OK);
		assert_true(utc_parse(subtract_rows[i].from, &from_s));
		utc_format(utc_subtract(from_s, &duration), text);
		if (strcmp(text, subtract_rows[i].want) != 0)
			fail_msg("%s - %s: want %s, have %s",
			    subtract_rows[i].from, subtract_rows[i].duration,
			    subtract_rows[i].want, text);
	}
}

static const struct {
	const char *text;
	int64_t months, seconds;
} duration_rows[] = {
	{ "1 second", 0, 1 }, { "2 seconds", 0, 2 }, { "3 sec", 0, 3 },
	{ "4 s", 0, 4 }, { "5s", 0, 5 }, { "1 minute", 0, 60 },
	{ "2 minutes", 0, 120 }, { "10 min", 0, 600 }, { "1 hour", 0, 3600 },
	{ "24 hours", 0, 86400 }, { "24h", 0, 86400 }, { "1 day", 0, DAY_S },
	{ "30 days", 0, 30 * DAY_S }, { "1 week", 0, 7 * DAY_S },
	{ "3 weeks", 0, 21 * DAY_S }, { "1 month", 1, 0 },
	{ "7 months", 7, 0 }, { "1 year", 12, 0 }, { "2 years", 24, 0 },
	{ "0 days", 0, 0 }, { "1000000 days", 0, 1000000 * DAY_S },
	{ "007 months", 7, 0 }, { "  7  months  ", 7, 0 },
	{ "7\tmonths", 7, 0 }, { "7months", 7, 0 },
	{ "12 months - 1 second", 12, -1 }, { "12 months-1 second", 12, -1 },
	{ "1 week 2 days", 0, 9 * DAY_S }, { "1 week + 2 days", 0, 9 * DAY_S },
	{ "1 year - 1 month 1 day", 11, DAY_S },
	{ "1 day - 2 days", 0, -DAY_S },
	{ "1s 1s 1s 1s 1s 1s 1s 1s 1s 1s 1s 1s 1s 1s 1s 1s", 0, 16 },
};

TEST(durations_are_sums_of_terms)
{
	for (size_t i = 0; i < COUNT_OF(duration_rows); i++) {
		struct duration duration = { 99, 99 };
		struct error err = {0};

		if (duration_parse(duration_rows[i].text, &duration, &err) !=
		    ERR_OK)
			fail_msg("\"%s\": %s", duration_rows[i].text,
			    err.what);
		if (duration.months != duration_rows[i].months ||
		    duration.seconds != duration_rows[i].seconds)
			fail_msg("\"%s\"", duration_rows[i].text);
	}
}

static const char *const wrong_durations[] = {
	"", " ", "7", "months", "7 moons", "7 Months", "7 MONTHS", "7 monthses",
	"- 1 day", "+ 1 day", "-1 day", "1 day -", "1 day +", "1 day - - 1 s",
	"1 day, 2 hours", "1 day;", "1 day 2", "1.5 days", "1,5 days",
	"1000001 days", "99999999999999999999999 days", "1e3 days", "0x1 day",
	"one day", "P7M", "1 m", "7 mon", "1 hs", "1\nday", "1 day\n",
	"1s 1s 1s 1s 1s 1s 1s 1s 1s 1s 1s 1s 1s 1s 1s 1s 1s",
};

TEST(other_durations_are_refused)
{
	for (size_t i = 0; i < COUNT_OF(wrong_durations); i++) {
		struct duration duration = { 99, 99 };
		struct error err = {0};

		if (duration_parse(wrong_durations[i], &duration, &err) !=
		    ERR_FORMAT)
			fail_msg("\"%s\"", wrong_durations[i]);
		assert_non_null(strstr(err.what, "duration: "));
		assert_int_equal(duration.months, 99);
		assert_int_equal(duration.seconds, 99);
	}
}
