/* SPDX-License-Identifier: ISC */
#include <time.h>

#include "base/utc.h"
#include "test.h"

static const struct {
	const char *text;
	int64_t at_s;
	int weekday;
} instant_rows[] = {
	{ "0000-01-01T00:00:00Z", UTC_MIN_S, 6 },
	{ "0001-01-01T00:00:00Z", -62135596800, 1 },
	{ "1900-02-28T00:00:00Z", -2203977600, 3 },
	{ "1900-03-01T00:00:00Z", -2203891200, 4 },
	{ "1950-01-01T00:00:00Z", -631152000, 0 },
	{ "1969-12-31T23:59:59Z", -1, 3 },
	{ "1970-01-01T00:00:00Z", 0, 4 },
	{ "2000-02-29T00:00:00Z", 951782400, 2 },
	{ "2026-07-31T10:00:00Z", 1785492000, 5 },
	{ "2038-01-19T03:14:08Z", 2147483648, 2 },
	{ "2049-12-31T23:59:59Z", 2524607999, 5 },
	{ "2050-01-01T00:00:00Z", 2524608000, 6 },
	{ "9999-12-31T23:59:59Z", UTC_MAX_S, 5 },
};

TEST(instants_are_written_and_read)
{
	for (size_t i = 0; i < COUNT_OF(instant_rows); i++) {
		char text[UTC_TEXT_SIZE];
		int64_t at_s = 99;

		utc_format(instant_rows[i].at_s, text);
		assert_string_equal(text, instant_rows[i].text);
		assert_true(utc_parse(instant_rows[i].text, &at_s));
		assert_true(at_s == instant_rows[i].at_s);
		assert_int_equal(utc_weekday(at_s), instant_rows[i].weekday);

		utc_format_date(instant_rows[i].at_s, text);
		assert_int_equal(strlen(text), 10);
		assert_memory_equal(text, instant_rows[i].text, 10);
		assert_true(utc_parse(text, &at_s));
		assert_true(at_s == utc_day_start(instant_rows[i].at_s));
	}
}

/* Every day of the calendar, at a second that moves, against the C library. */
TEST(the_calendar_is_that_of_the_c_library)
{
	int64_t step_s = DAY_S + 1;

	for (int64_t at_s = UTC_MIN_S; at_s <= UTC_MAX_S; at_s += step_s) {
		struct civil civil = utc_to_civil(at_s);
		time_t time = (time_t)at_s;
		int64_t back_s = 0;
		struct tm tm;

		assert_non_null(gmtime_r(&time, &tm));
		if (civil.year != tm.tm_year + 1900 ||
		    civil.month != tm.tm_mon + 1 || civil.day != tm.tm_mday ||
		    civil.hour != tm.tm_hour || civil.minute != tm.tm_min ||
		    civil.second != tm.tm_sec ||
		    utc_weekday(at_s) != tm.tm_wday)
			fail_msg("%lld", (long long)at_s);
		if (!utc_from_civil(&civil, &back_s) || back_s != at_s)
			fail_msg("%lld back", (long long)at_s);
	}
}

static const struct {
	int year, month, want;
} month_rows[] = {
	{ 2023, 2, 28 }, { 2024, 2, 29 }, { 1900, 2, 28 }, { 2000, 2, 29 },
	{ 2100, 2, 28 }, { 0, 2, 29 }, { 9999, 2, 28 }, { 2024, 1, 31 },
	{ 2024, 4, 30 }, { 2024, 6, 30 }, { 2024, 7, 31 }, { 2024, 8, 31 },
	{ 2024, 9, 30 }, { 2024, 11, 30 }, { 2024, 12, 31 },
};

TEST(months_have_days)
{
	for (size_t i = 0; i < COUNT_OF(month_rows); i++)
		assert_int_equal(utc_days_in_month(month_rows[i].year,
		    month_rows[i].month), month_rows[i].want);
}

TEST(a_day_starts_at_midnight)
{
	assert_true(utc_day_start(0) == 0);
	assert_true(utc_day_start(DAY_S - 1) == 0);
	assert_true(utc_day_start(DAY_S) == DAY_S);
	assert_true(utc_day_start(-1) == -DAY_S);
	assert_true(utc_day_start(-DAY_S) == -DAY_S);
	assert_true(utc_day_start(-DAY_S - 1) == -2 * DAY_S);
}

static const struct civil wrong_civils[] = {
	{ -1, 12, 31, 0, 0, 0 }, { 10000, 1, 1, 0, 0, 0 },
	{ 2026, 0, 1, 0, 0, 0 }, { 2026, 13, 1, 0, 0, 0 },
	{ 2026, 1, 0, 0, 0, 0 }, { 2026, 1, 32, 0, 0, 0 },
	{ 2026, 2, 29, 0, 0, 0 }, { 2024, 2, 30, 0, 0, 0 },
	{ 1900, 2, 29, 0, 0, 0 }, { 2026, 4, 31, 0, 0, 0 },
	{ 2026, 1, 1, -1, 0, 0 }, { 2026, 1, 1, 24, 0, 0 },
	{ 2026, 1, 1, 0, -1, 0 }, { 2026, 1, 1, 0, 60, 0 },
	{ 2026, 1, 1, 0, 0, -1 }, { 2026, 12, 31, 23, 59, 60 },
};

TEST(fields_out_of_range_are_refused)
{
	for (size_t i = 0; i < COUNT_OF(wrong_civils); i++) {
		int64_t at_s = 99;

		if (utc_from_civil(&wrong_civils[i], &at_s))
			fail_msg("row %zu", i);
		assert_true(at_s == 99);
	}
}

static const char *const wrong_times[] = {
	"", "2026", "2026-01", "2026-1-1", "2026-01-1", "2026-01-011",
	"26-01-0001", "2026/01/01", "2026-13-01", "2026-00-01", "2026-02-29",
	"2026-01-00", "-026-01-01", "+026-01-01", " 026-01-01",
	"2026-01-01T00:00:00", "2026-01-01T00:00Z", "2026-01-01 00:00:00Z",
	"2026-01-01t00:00:00Z", "2026-01-01T00:00:00z", "2026-01-01T24:00:00Z",
	"2026-01-01T23:60:00Z", "2026-01-01T23:59:60Z", "2026-01-01T00:00:0 Z",
	"2026-01-01T00:00:00+00:00", "2026-01-01T00:00:00.0Z",
	"2026-01-01T00:00:00ZZ", "2026-01-01T00-00-00Z", "2026-01-01T-1:00:00Z",
	"10000-01-01", "2026-01-01\n", "tomorrow",
};

TEST(other_times_are_refused)
{
	for (size_t i = 0; i < COUNT_OF(wrong_times); i++) {
		int64_t at_s = 99;

		if (utc_parse(wrong_times[i], &at_s))
			fail_msg("\"%s\"", wrong_times[i]);
		assert_true(at_s == 99);
	}
}

static const struct {
	bool is_utctime;
	const char *text;
	const char *want;	/* NULL: refused */
} asn1_rows[] = {
	{ true, "500101000000Z", "1950-01-01T00:00:00Z" },
	{ true, "991231235959Z", "1999-12-31T23:59:59Z" },
	{ true, "000229000000Z", "2000-02-29T00:00:00Z" },
	{ true, "491231235959Z", "2049-12-31T23:59:59Z" },
	{ true, "", NULL },
	{ true, "2601010000Z", NULL },
	{ true, "260101000000", NULL },
	{ true, "260101000000z", NULL },
	{ true, "260101000000+0000", NULL },
	{ true, "2601010000+0000", NULL },
	{ true, "260101000000.0Z", NULL },
	{ true, "260101000060Z", NULL },
	{ true, "260101006000Z", NULL },
	{ true, "260101240000Z", NULL },
	{ true, "260229000000Z", NULL },
	{ true, "260001000000Z", NULL },
	{ true, "261301000000Z", NULL },
	{ true, "260100000000Z", NULL },
	{ true, "2601 1000000Z", NULL },
	{ true, "-60101000000Z", NULL },
	{ true, "+60101000000Z", NULL },
	{ true, "26010100000aZ", NULL },
	{ true, "20260101000000Z", NULL },
	{ false, "20500101000000Z", "2050-01-01T00:00:00Z" },
	{ false, "20260101000000Z", "2026-01-01T00:00:00Z" },
	{ false, "00000101000000Z", "0000-01-01T00:00:00Z" },
	{ false, "99991231235959Z", "9999-12-31T23:59:59Z" },
	{ false, "24000229235959Z", "2400-02-29T23:59:59Z" },
	{ false, "", NULL },
	{ false, "500101000000Z", NULL },
	{ false, "20500101000000", NULL },
	{ false, "205001010000Z", NULL },
	{ false, "20500101000000.0Z", NULL },
	{ false, "20500101000000,5Z", NULL },
	{ false, "2050010100000.Z", NULL },
	{ false, "20500101000000+0000", NULL },
	{ false, "20500101000000z", NULL },
	{ false, "20500101000060Z", NULL },
	{ false, "21000229000000Z", NULL },
	{ false, "-0500101000000Z", NULL },
	{ false, "2050 101000000Z", NULL },
};

TEST(asn1_times_are_strict)
{
	for (size_t i = 0; i < COUNT_OF(asn1_rows); i++) {
		struct span in = span_of_text(asn1_rows[i].text);
		char text[UTC_TEXT_SIZE];
		int64_t at_s = 99;
		bool is_good;

		is_good = asn1_rows[i].is_utctime ?
		    utc_from_utctime(in, &at_s) :
		    utc_from_generalizedtime(in, &at_s);
		if (is_good != (asn1_rows[i].want != NULL))
			fail_msg("\"%s\"", asn1_rows[i].text);
		if (!is_good) {
			assert_true(at_s == 99);
			continue;
		}
		utc_format(at_s, text);
		assert_string_equal(text, asn1_rows[i].want);
	}
	assert_false(utc_from_utctime((struct span){0}, &(int64_t){0}));
	assert_false(utc_from_generalizedtime((struct span){0},
	    &(int64_t){0}));
}

/* A NUL where a digit should be is no digit, nor an end. */
TEST(asn1_times_hold_no_nul)
{
	char text[] = "20500101000000Z";
	int64_t at_s = 99;

	for (size_t i = 0; i < 15; i++) {
		char saved = text[i];

		text[i] = '\0';
		assert_false(utc_from_generalizedtime(
		    (struct span){ (uint8_t *)text, 15 }, &at_s));
		text[i] = saved;
	}
	assert_true(utc_from_generalizedtime(span_of_text(text), &at_s));
}

static const struct {
	const char *at;
	const char *want;	/* tag, length, content */
} der_rows[] = {
	{ "1949-12-31T23:59:59Z", "\x18\x0f" "19491231235959Z" },
	{ "1950-01-01T00:00:00Z", "\x17\x0d" "500101000000Z" },
	{ "1999-12-31T23:59:59Z", "\x17\x0d" "991231235959Z" },
	{ "2000-01-01T00:00:00Z", "\x17\x0d" "000101000000Z" },
	{ "2026-11-22T10:00:00Z", "\x17\x0d" "261122100000Z" },
	{ "2049-12-31T23:59:59Z", "\x17\x0d" "491231235959Z" },
	{ "2050-01-01T00:00:00Z", "\x18\x0f" "20500101000000Z" },
	{ "9999-12-31T23:59:59Z", "\x18\x0f" "99991231235959Z" },
	{ "0000-01-01T00:00:00Z", "\x18\x0f" "00000101000000Z" },
};

TEST(der_changes_its_type_at_2050)
{
	for (size_t i = 0; i < COUNT_OF(der_rows); i++) {
		struct span want = span_of_text(der_rows[i].want);
		int64_t at_s = 0;
		uint8_t out[17];

		assert_true(utc_parse(der_rows[i].at, &at_s));
		assert_int_equal(utc_to_der(at_s, out), want.size);
		assert_memory_equal(out, want.data, want.size);
	}
}
