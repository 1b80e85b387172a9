/* SPDX-License-Identifier: ISC */
#include "schedule_fixture.h"
#include "test.h"

static void
assert_instant(int64_t have_s, const char *want)
{
	char have[UTC_TEXT_SIZE];

	utc_format(have_s, have);
	if (strlen(want) == 10)
		utc_format_date(have_s, have);
	assert_string_equal(have, want);
	if (strlen(want) == 10)
		assert_int_equal(have_s, utc_day_start(have_s));
}

static const struct {
	const char *name;
	const char *every, *from, *on;
	const char *avoid[2];
	uint32_t index;
	const char *want;
} date_rows[] = {
    {"first tuesday", "6 months", "2026-01", "first tuesday", {NULL}, 0,
	"2026-01-06"},
    {"first tuesday is the first", "1 month", "2026-12", "First Tuesday",
	{NULL}, 0, "2026-12-01"},
    {"index counts months", "6 months", "2026-01", "first tuesday", {NULL},
	3, "2027-07-06"},
    {"over the year's end", "5 months", "2026-10", "day 7", {NULL}, 1,
	"2027-03-07"},
    {"second wednesday", "1 month", "2026-04", "second wednesday", {NULL}, 0,
	"2026-04-08"},
    {"third sunday", "1 month", "2026-02", "third sunday", {NULL}, 0,
	"2026-02-15"},
    {"fourth saturday", "1 month", "2026-02", "fourth saturday", {NULL}, 0,
	"2026-02-28"},
    {"last friday is the fourth", "1 month", "2026-02", "last friday",
	{NULL}, 0, "2026-02-27"},
    {"last friday is the fifth", "1 month", "2026-05", "last friday",
	{NULL}, 0, "2026-05-29"},
    {"last thursday is a leap day", "1 month", "2080-02", "last thursday",
	{NULL}, 0, "2080-02-29"},
    {"day 31 in February", "1 month", "2026-01", "day 31", {NULL}, 1,
	"2026-02-28"},
    {"day 31 in a leap year", "1 month", "2028-01", "day 31", {NULL}, 1,
	"2028-02-29"},
    {"day 31 in 2100, no leap year", "1 month", "2100-01", "day 31", {NULL},
	1, "2100-02-28"},
    {"day 9", "1 month", "2026-01", "day 9", {NULL}, 0, "2026-01-09"},
    {"avoided", "12 months", "2026-01", "day 1", {"12-20..01-05"}, 1,
	"2027-01-06"},
    {"avoided before the year's end", "12 months", "2026-12", "day 20",
	{"12-20..01-05"}, 0, "2027-01-06"},
    {"the day before is free", "12 months", "2026-12", "day 19",
	{"12-20..01-05"}, 0, "2026-12-19"},
    {"the day after is free", "12 months", "2026-01", "day 6",
	{"12-20..01-05"}, 0, "2026-01-06"},
    {"out of one into the other", "12 months", "2026-08", "day 3",
	{"08-10..08-20", "08-01..08-09"}, 0, "2026-08-21"},
    {"one day avoided", "12 months", "2026-08", "day 3", {"08-03..08-03"}, 0,
	"2026-08-04"},
    {"moved onto a leap day", "12 months", "2028-02", "day 10",
	{"02-10..02-28"}, 0, "2028-02-29"},
    {"a leap day avoided", "12 months", "2028-02", "day 29",
	{"02-29..02-29"}, 0, "2028-03-01"},
};

TEST(dates_follow_the_rule)
{
	size_t i;

	for (i = 0; i < COUNT_OF(date_rows); i++) {
		struct schedule_text text = plain_text();
		struct schedule schedule;

		print_message("%s\n", date_rows[i].name);
		text.every = date_rows[i].every;
		text.from = date_rows[i].from;
		text.on = date_rows[i].on;
		for (; text.avoid_count < 2; text.avoid_count++) {
			if (date_rows[i].avoid[text.avoid_count] == NULL)
				break;
			text.avoid[text.avoid_count] =
			    date_rows[i].avoid[text.avoid_count];
		}
		schedule = parsed(&text);
		assert_instant(schedule_ceremony(&schedule,
		    date_rows[i].index), date_rows[i].want);
	}
}

TEST(ceremonies_are_found)
{
	struct schedule_text text = plain_text();
	struct schedule schedule = parsed(&text);
	int64_t last_s = 0;

	/* 2026-01-06, 2026-07-07, 2027-01-05, ... */
	assert_instant(schedule_next(&schedule, UTC_MIN_S), "2026-01-06");
	assert_instant(schedule_next(&schedule,
	    instant("2026-01-06T23:59:59Z")), "2026-01-06");
	assert_instant(schedule_next(&schedule, instant("2026-01-07")),
	    "2026-07-07");
	assert_false(schedule_last(&schedule,
	    instant("2026-01-05T23:59:59Z"), &last_s));
	assert_int_equal(last_s, 0);
	assert_true(schedule_last(&schedule, instant("2026-01-06"), &last_s));
	assert_instant(last_s, "2026-01-06");
	assert_true(schedule_last(&schedule, instant("2027-01-04T23:59:59Z"),
	    &last_s));
	assert_instant(last_s, "2026-07-07");
	assert_true(schedule_last(&schedule, instant("2027-01-05"), &last_s));
	assert_instant(last_s, "2027-01-05");
}

TEST(early_crls_fulfil_a_ceremony)
{
	struct schedule_text text = plain_text();
	struct schedule schedule = parsed(&text);

	/* 14 days before 2026-07-07 is 2026-06-23. */
	assert_instant(schedule_after_crl(&schedule,
	    instant("2026-06-22T23:59:59Z")), "2026-07-07");
	assert_instant(schedule_after_crl(&schedule, instant("2026-06-23")),
	    "2027-01-05");
	assert_instant(schedule_after_crl(&schedule,
	    instant("2026-07-07T10:00:00Z")), "2027-01-05");
	assert_instant(schedule_after_crl(&schedule, instant("2020-01-01")),
	    "2026-01-06");
	text.early = "0 days";
	schedule = parsed(&text);
	assert_instant(schedule_after_crl(&schedule,
	    instant("2026-07-06T23:59:59Z")), "2026-07-07");
	assert_instant(schedule_after_crl(&schedule, instant("2026-07-07")),
	    "2027-01-05");
}

TEST(the_calendar_has_an_end)
{
	struct schedule_text text = plain_text();
	struct schedule schedule = parsed(&text);
	struct schedule_day day;
	int64_t last_s;

	assert_instant(schedule_ceremony(&schedule, UINT32_MAX),
	    "9999-12-31");
	assert_instant(schedule_next(&schedule, UTC_MAX_S), "9999-12-31");
	assert_instant(schedule_after_crl(&schedule, UTC_MAX_S),
	    "9999-12-31");
	assert_true(schedule_last(&schedule, UTC_MAX_S, &last_s));
	assert_instant(last_s, "9999-07-06");
	schedule_describe(&schedule, UINT32_MAX - 1, &day);
	assert_instant(day.ceremony_s, "9999-12-31");
	assert_int_equal(schedule_prove(&schedule, UTC_MAX_S, 10, NULL),
	    ERR_OK);
}

TEST(a_day_is_described)
{
	struct schedule_text text = plain_text();
	struct schedule schedule = parsed(&text);
	struct schedule_day day;

	schedule_describe(&schedule, 0, &day);
	assert_instant(day.ceremony_s, "2026-01-06");
	assert_instant(day.next_ceremony_s, "2026-07-07");
	assert_instant(day.deadline_s, "2026-01-09");
	assert_instant(day.next_update_s, "2026-08-06");
	assert_instant(day.cushion_s, "2026-07-16");
	assert_int_equal(day.may_miss, 0);
	text.every = "1 month";
	schedule = parsed(&text);
	schedule_describe(&schedule, 0, &day);
	/* Up to the one of 7 July: those of February to June may be missed. */
	assert_instant(day.next_ceremony_s, "2026-02-03");
	assert_int_equal(day.may_miss, 5);
}

/*
 * On the first of each month, two months long: from 1 January 2026 the next
 * deadline is 4 February, and 25 days before 1 March is the same.
 */
static const struct {
	const char *name;
	const char *validity, *cushion, *grace;
	const char *from;
	unsigned int years;
	const char *want;	/* NULL where it is proven */
	const char *closes;	/* what would */
} proof_rows[] = {
    {"it just fits", "2 months", "25 days", "3 days", "2026-01-01", 30,
	NULL},
    {"cushion longer by a second", "2 months", "25 days + 1 second",
	"3 days", "2026-01-01", 30, "ceremony 2026-01-01: want the next "
	"deadline 2026-02-04 by 2026-02-03T23:59:59Z, have 1 second too late",
	"a cushion of 25 days, or a validity longer by 1 day,"},
    {"validity shorter by a second", "2 months - 1 second", "25 days",
	"3 days", "2026-01-01", 30, "ceremony 2026-01-01: want the next "
	"deadline 2026-02-04 by 2026-02-03T23:59:59Z, have 1 second too late",
	"a cushion of 24 days, or a validity longer by 1 day,"},
    {"validity shorter by a day", "2 months - 1 day", "25 days", "3 days",
	"2026-01-01", 30, "ceremony 2026-01-01: want the next deadline "
	"2026-02-04 by 2026-02-03, have 1 day too late",
	"a cushion of 24 days, or a validity longer by 1 day,"},
    {"grace longer by a day", "2 months", "25 days", "4 days", "2026-01-01",
	30, "ceremony 2026-01-01: want the next deadline 2026-02-05 by "
	"2026-02-04, have 1 day too late",
	"a cushion of 24 days, or a validity longer by 1 day,"},
    {"more than a day", "2 months", "27 days + 2 seconds", "3 days",
	"2026-01-01", 30, "ceremony 2026-01-01: want the next deadline "
	"2026-02-04 by 2026-02-01T23:59:58Z, have 2 days 2 seconds too late",
	"a cushion of 25 days, or a validity longer by 3 days,"},
    {"a leap day helps", "2 months", "26 days", "3 days", "2028-01-01", 1,
	NULL},
    {"though not the year after", "2 months", "26 days", "3 days",
	"2028-01-01", 2, "ceremony 2029-01-01: want the next deadline "
	"2029-02-04 by 2029-02-03, have 1 day too late",
	"a cushion of 25 days, or a validity longer by 1 day,"},
    {"not counted before `from_s`", "2 months", "26 days", "3 days",
	"2026-01-01T00:00:01Z", 1, "ceremony 2026-01-01: want the next "
	"deadline 2026-02-04 by 2026-02-03, have 1 day too late",
	"a cushion of 25 days, or a validity longer by 1 day,"},
    {"only what comes later", "2 months", "26 days", "3 days", "2026-01-02",
	0, NULL},
    {"from the day after, proven", "2 months", "26 days", "3 days",
	"2028-01-02", 1, "ceremony 2029-01-01: want the next deadline "
	"2029-02-04 by 2029-02-03, have 1 day too late",
	"a cushion of 25 days, or a validity longer by 1 day,"},
    {"the CRL ends too early for any cushion", "1 month", "3 weeks",
	"3 days", "2026-01-01", 30, "ceremony 2026-01-01: want the next "
	"deadline 2026-02-04 by 2026-01-11, have 24 days too late",
	"a validity longer by 24 days"},
    {"the first gap is not the widest", "31 days", "3 weeks",
	"5 days", "2026-02-01", 30, "ceremony 2026-02-01: want the next "
	"deadline 2026-03-06 by 2026-02-11, have 23 days too late",
	"a validity longer by 26 days"},
    {"the cushion would be shorter than critical", "2 months",
	"36 days", "25 days", "2026-01-01", 30, "ceremony 2026-01-01: want "
	"the next deadline 2026-02-26 by 2026-01-24, have 33 days too late",
	"a validity longer by 33 days"},
    {"a cushion of a month", "2 months", "1 month", "3 days", "2026-01-01",
	30, "ceremony 2026-01-01: want the next deadline 2026-02-04 by "
	"2026-02-01, have 3 days too late",
	"a cushion of 25 days, or a validity longer by 3 days,"},
};

TEST(gaps_are_found)
{
	size_t i;

	for (i = 0; i < COUNT_OF(proof_rows); i++) {
		struct schedule_text text = plain_text();
		struct schedule schedule;
		struct error err = {0};
		char want[512];
		enum err rc;

		print_message("%s\n", proof_rows[i].name);
		text.every = "1 month";
		text.on = "day 1";
		text.validity = proof_rows[i].validity;
		text.cushion = proof_rows[i].cushion;
		text.grace = proof_rows[i].grace;
		schedule = parsed(&text);
		rc = schedule_prove(&schedule, instant(proof_rows[i].from),
		    proof_rows[i].years, &err);
		if (proof_rows[i].want == NULL) {
			assert_int_equal(rc, ERR_OK);
			continue;
		}
		assert_int_equal(rc, ERR_CONFIG);
		snprintf(want, sizeof(want), "schedule test: %s; %s leaves no "
		    "gap", proof_rows[i].want, proof_rows[i].closes);
		assert_string_equal(err.what, want);
	}
}

/* Whatever the words: dates rise, lie outside of avoid, and are found. */
TEST(dates_rise_strictly)
{
	static const char *const every[] = {"1 month", "2 months", "5 months",
	    "7 months", "11 months", "12 months", "13 months", "10 years"};
	static const char *const on[] = {"first monday", "last sunday",
	    "fourth friday", "day 1", "day 29", "day 30", "day 31"};
	static const char *const avoid[] = {"12-20..01-05", "02-25..03-02",
	    "07-31..08-21", "02-29..02-29"};
	struct schedule_text text = plain_text();
	size_t i, j, k;
	uint32_t index;

	text.early = "2 days";
	text.avoid_count = 1;
	for (i = 0; i < COUNT_OF(every) * COUNT_OF(on) * COUNT_OF(avoid); i++) {
		struct schedule schedule;
		int64_t before_s = UTC_MIN_S;
		int64_t found_s;

		j = i / COUNT_OF(every) % COUNT_OF(on);
		k = i / COUNT_OF(every) / COUNT_OF(on);
		text.every = every[i % COUNT_OF(every)];
		text.on = on[j];
		text.avoid[0] = avoid[k];
		schedule = parsed(&text);
		for (index = 0; index < 400; index++) {
			int64_t date_s = schedule_ceremony(&schedule, index);

			assert_true(date_s > before_s);
			assert_int_equal(date_s % DAY_S, 0);
			assert_int_equal(schedule_next(&schedule, date_s),
			    date_s);
			assert_int_equal(schedule_next(&schedule,
			    before_s + DAY_S), date_s);
			assert_true(schedule_last(&schedule, date_s,
			    &found_s));
			assert_int_equal(found_s, date_s);
			before_s = date_s;
		}
	}
}
