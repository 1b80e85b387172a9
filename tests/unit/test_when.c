/* SPDX-License-Identifier: ISC */
/* Days as sentences say them, on 2027-05-04 at noon. */
#include "instant.h"
#include "plan/when.h"
#include "test.h"

#define NOW "2027-05-04T12:00:00Z"

static const struct {
	const char *at;
	const char *when, *left, *date;
} rows[] = {
    {"2027-06-22T10:30:59Z", "2027-06-22", "2027-06-22 (in 49 days)",
	"2027-06-22 (in 49 days)"},
    {"2027-05-07T00:00:00Z", "2027-05-07", "2027-05-07 (in 3 days)",
	"2027-05-07 (in 3 days)"},
    {"2027-05-06T12:00:00Z", "2027-05-06", "2027-05-06 (in 2 days)",
	"2027-05-06 (in 2 days)"},
    {"2027-05-06T11:59:59Z", "2027-05-06 11:59 UTC", "2027-05-06 11:59 UTC "
	"(in 47 hours)", "2027-05-06 (in 2 days)"},
    {"2027-05-05T00:00:00Z", "2027-05-05 00:00 UTC", "2027-05-05 00:00 UTC "
	"(in 12 hours)", "2027-05-05 (tomorrow)"},
    {"2027-05-04T13:59:59Z", "2027-05-04 13:59 UTC", "2027-05-04 13:59 UTC "
	"(in 119 minutes)", "2027-05-04 (today)"},
    {"2027-05-04T12:01:59Z", "2027-05-04 12:01 UTC", "2027-05-04 12:01 UTC "
	"(in 119 seconds)", "2027-05-04 (today)"},
    {"2027-05-04T12:00:01Z", "2027-05-04 12:00 UTC", "2027-05-04 12:00 UTC "
	"(in 1 second)", "2027-05-04 (today)"},
    {NOW, "2027-05-04 12:00 UTC", "2027-05-04 12:00 UTC (now)",
	"2027-05-04 (today)"},
    {"2027-05-04T00:00:00Z", "2027-05-04 00:00 UTC", "2027-05-04 00:00 UTC "
	"(12 hours ago)", "2027-05-04 (today)"},
    {"2027-05-03T23:59:59Z", "2027-05-03 23:59 UTC", "2027-05-03 23:59 UTC "
	"(12 hours ago)", "2027-05-03 (yesterday)"},
    {"2027-05-02T12:00:00Z", "2027-05-02", "2027-05-02 (2 days ago)",
	"2027-05-02 (2 days ago)"},
    {"2027-05-01T23:59:59Z", "2027-05-01", "2027-05-01 (3 days ago)",
	"2027-05-01 (3 days ago)"},
    {"9999-12-31T23:59:59Z", "9999-12-31", "9999-12-31 (in 2911954 days)",
	"9999-12-31 (in 2911954 days)"},
    {"0000-01-01T00:00:00Z", "0000-01-01", "0000-01-01 (740470 days ago)",
	"0000-01-01 (740470 days ago)"},
};

TEST(days_are_said_to_the_hour_where_that_matters)
{
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		const int64_t at_s = instant(rows[i].at);
		const int64_t now_s = instant(NOW);
		char text[WHEN_TEXT_SIZE];

		print_message("%s\n", rows[i].at);
		when_text(at_s, now_s, text);
		assert_string_equal(text, rows[i].when);
		when_left_text(at_s, now_s, text);
		assert_string_equal(text, rows[i].left);
		when_date_text(at_s, now_s, text);
		assert_string_equal(text, rows[i].date);
	}
}
