/* SPDX-License-Identifier: ISC */
/* A schedule of a root that ends, and what others may say of the next date. */
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

/* The first gap is that of the CRL that ends on 1 March 2029. */
TEST(the_proof_ends_with_the_root)
{
	struct schedule_text text = plain_text();
	struct schedule schedule;
	struct schedule_day day;
	struct error err;
	size_t i;
	static const struct {
		const char *end;
		enum err want;
	} rows[] = {
	    {"2029-02-28T23:59:59Z", ERR_OK},
	    {"2029-03-01", ERR_CONFIG},
	    {"2020-01-01", ERR_OK},
	};

	text.every = "1 month";
	text.on = "day 1";
	text.validity = "2 months";
	text.cushion = "26 days";
	schedule = parsed(&text);
	for (i = 0; i < COUNT_OF(rows); i++) {
		print_message("%s\n", rows[i].end);
		assert_int_equal(schedule_prove_until(&schedule,
		    instant("2028-01-01"), 2, instant(rows[i].end), &err),
		    rows[i].want);
	}
	schedule_describe_until(&schedule, 36, instant("2029-02-02"), &day);
	assert_instant(day.ceremony_s, "2029-01-01");
	assert_instant(day.next_update_s, "2029-02-02");
	assert_instant(day.cushion_s, "2029-01-07");
	assert_false(day.is_last);
	schedule_describe_until(&schedule, 36, instant("2029-02-01"), &day);
	assert_true(day.is_last);
	assert_false(day.has_standby && day.standby_s >=
	    instant("2029-02-01"));
}

/* thisUpdate, nextUpdate, and the next ceremony that a manifest names. */
static const struct {
	const char *name;
	const char *this_update, *next_update, *ceremony;
	bool want;
} next_rows[] = {
	{"the calendar's", "2026-01-06", "2026-08-06", "2026-07-07", true},
	{"the cushion itself", "2026-01-06", "2026-08-06", "2026-07-16",
	    true},
	{"a day later", "2026-01-06", "2026-08-06", "2026-07-17", false},
	{"in a hundred years", "2026-01-06", "2026-08-06", "2126-07-17",
	    false},
	{"after the cushion, but the calendar's: signed early",
	    "2025-12-23", "2026-07-23", "2026-07-07", true},
	{"and a day later", "2025-12-23", "2026-07-23", "2026-07-08", false},
	{"valid for a second more: of another schedule", "2026-01-06",
	    "2026-08-06T00:00:01Z", "2026-08-01", true},
	{"cut to the root's end", "2026-01-06", "2026-08-05T23:59:59Z",
	    "2026-08-01", true},
};

TEST(a_next_ceremony_is_bounded)
{
	struct schedule_text text = plain_text();
	struct schedule schedule = parsed(&text);
	size_t i;

	for (i = 0; i < COUNT_OF(next_rows); i++) {
		print_message("%s\n", next_rows[i].name);
		assert_int_equal(schedule_may_be_next(&schedule,
		    instant(next_rows[i].this_update),
		    instant(next_rows[i].next_update),
		    instant(next_rows[i].ceremony)), next_rows[i].want);
	}
	assert_instant(schedule_latest_next(&schedule,
	    instant("2026-08-06T10:00:00Z")), "2026-07-16T10:00:00Z");
}
