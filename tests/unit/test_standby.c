/* SPDX-License-Identifier: ISC */
#include "schedule_fixture.h"
#include "test.h"

/*
 * Of `first tuesday`, seven months in six: the CRL of 2026-01-06 ends on
 * 2026-08-06, its cushion begins on 2026-07-16, three days before that is
 * 2026-07-13, a Monday; the ceremony is on 2026-07-07.
 */
static const struct {
	const char *name;
	const char *every, *on, *validity, *cushion, *grace, *early, *avoid;
	uint32_t index;
	const char *want;	/* NULL for none */
} rows[] = {
    {"the first has no CRL before it", "6 months", "first tuesday",
	"7 months", "3 weeks", "3 days", NULL, NULL, 0, NULL},
    {"no Tuesday fits: the latest day", "6 months", "first tuesday",
	"7 months", "3 weeks", "3 days", NULL, NULL, 1, "2026-07-13"},
    {"a day of cushion less: the Tuesday", "6 months", "first tuesday",
	"7 months", "20 days", "3 days", NULL, NULL, 1, "2026-07-14"},
    {"days later, still that Tuesday", "6 months", "first tuesday",
	"7 months", "2 weeks", "3 days", NULL, NULL, 1, "2026-07-14"},
    {"two weeks later, the next", "6 months", "first tuesday", "7 months",
	"13 days", "3 days", NULL, NULL, 1, "2026-07-21"},
    {"no weekday in the rule: the latest day", "6 months", "day 7",
	"7 months", "2 weeks", "3 days", NULL, NULL, 1, "2026-07-21"},
    {"to the second: it fits", "6 months", "day 7", "7 months", "2 weeks",
	"2 days", NULL, NULL, 1, "2026-07-22"},
    {"to the second: it does not", "6 months", "day 7", "7 months",
	"2 weeks + 1 second", "2 days", NULL, NULL, 1, "2026-07-21"},
    {"avoided: the latest day before", "6 months", "day 7", "7 months",
	"2 weeks", "3 days", NULL, "07-15..07-21", 1, "2026-07-14"},
    {"the Tuesday avoided: another day", "6 months", "first tuesday",
	"7 months", "20 days", "3 days", NULL, "07-14..07-14", 1,
	"2026-07-13"},
    {"all avoided", "6 months", "first tuesday", "7 months", "3 weeks",
	"3 days", NULL, "07-08..07-15", 1, NULL},
    {"the ceremony itself is the last day", "6 months", "first tuesday",
	"7 months", "27 days", "3 days", NULL, NULL, 1, NULL},
    {"a day more than that", "6 months", "first tuesday", "7 months",
	"26 days", "3 days", NULL, NULL, 1, "2026-07-08"},
    {"a gap leaves none", "6 months", "first tuesday", "6 months", "3 weeks",
	"3 days", NULL, NULL, 1, NULL},
    /* 2026-02-01 and 2026-03-01: what is early for March is none. */
    {"not what counts for the next", "1 month", "day 1", "7 months",
	"3 weeks", "3 days", "10 days", NULL, 1, "2026-02-18"},
    {"nor the next one's date", "1 month", "day 1", "7 months", "3 weeks",
	"3 days", "0 days", NULL, 1, "2026-02-28"},
    {"a leap day", "1 month", "day 1", "7 months", "3 weeks", "3 days",
	"0 days", NULL, 25, "2028-02-29"},
    {"over the year's end", "11 months", "day 31", "12 months", "3 weeks",
	"2 days", NULL, NULL, 1, "2027-01-08"},
};

TEST(standby_dates_follow_the_rule)
{
	size_t i;

	for (i = 0; i < COUNT_OF(rows); i++) {
		struct schedule_text text = plain_text();
		struct schedule schedule;
		struct schedule_day day;
		char have[UTC_TEXT_SIZE];

		print_message("%s\n", rows[i].name);
		text.every = rows[i].every;
		text.on = rows[i].on;
		text.validity = rows[i].validity;
		text.cushion = rows[i].cushion;
		text.grace = rows[i].grace;
		text.early = rows[i].early;
		text.avoid[0] = rows[i].avoid;
		text.avoid_count = rows[i].avoid != NULL;
		schedule = parsed(&text);
		schedule_describe(&schedule, rows[i].index, &day);
		assert_int_equal(day.has_standby, rows[i].want != NULL);
		if (rows[i].want == NULL)
			continue;
		utc_format_date(day.standby_s, have);
		assert_string_equal(have, rows[i].want);
		assert_int_equal(day.standby_s, instant(rows[i].want));
	}
}

/* A schedule may be as slow as the words allow, at the calendar's end too. */
TEST(the_search_has_an_end)
{
	struct schedule_text text = plain_text();
	struct schedule schedule;
	struct schedule_day day;

	text.every = "120 months";
	text.validity = "100 years";
	text.grace = "100 years";
	schedule = parsed(&text);
	schedule_describe(&schedule, 1, &day);
	assert_false(day.has_standby);
	schedule_describe(&schedule, UINT32_MAX - 1, &day);
	assert_false(day.has_standby);
	text.grace = "0 days";
	schedule = parsed(&text);
	schedule_describe(&schedule, 797, &day);
	assert_int_equal(day.ceremony_s, instant("9996-01-02"));
	assert_true(day.has_standby);
	assert_true(day.standby_s < day.next_ceremony_s);
}
