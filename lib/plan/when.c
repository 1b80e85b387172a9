/* SPDX-License-Identifier: ISC */
#include <stdio.h>

#include "plan/when.h"

#define NEAR_S (2 * DAY_S)	/* in which the hour matters */

const char *const when_weekdays[] = {"Sunday", "Monday", "Tuesday",
    "Wednesday", "Thursday", "Friday", "Saturday"};

const char *const when_months[] = {"January", "February", "March", "April",
    "May", "June", "July", "August", "September", "October", "November",
    "December"};

/* "9 days", "26 hours", "1 second", rounded down */
static void
age_text(int64_t seconds, char out[WHEN_TEXT_SIZE])
{
	static const struct {
		int64_t size_s;
		int64_t least;
		const char *word;
	} units[] = {{DAY_S, 2, "day"}, {3600, 2, "hour"}, {60, 2, "minute"},
	    {1, 0, "second"}};
	size_t i = 0;
	long long count;

	while (seconds / units[i].size_s < units[i].least)
		i++;
	count = (long long)(seconds / units[i].size_s);
	snprintf(out, WHEN_TEXT_SIZE, "%lld %s%s", count, units[i].word,
	    count == 1 ? "" : "s");
}

void
when_text(int64_t at_s, int64_t now_s, char out[WHEN_TEXT_SIZE])
{
	const struct civil civil = utc_to_civil(at_s);
	char date[UTC_TEXT_SIZE];

	utc_format_date(at_s, date);
	if (at_s - now_s >= NEAR_S || now_s - at_s >= NEAR_S)
		snprintf(out, WHEN_TEXT_SIZE, "%s", date);
	else
		snprintf(out, WHEN_TEXT_SIZE, "%s %02d:%02d UTC", date,
		    civil.hour, civil.minute);
}

void
when_left_text(int64_t at_s, int64_t now_s, char out[WHEN_TEXT_SIZE])
{
	const bool is_ahead = at_s > now_s;
	char when[WHEN_TEXT_SIZE], age[WHEN_TEXT_SIZE];

	when_text(at_s, now_s, when);
	age_text(is_ahead ? at_s - now_s : now_s - at_s, age);
	if (at_s == now_s)
		snprintf(out, WHEN_TEXT_SIZE, "%.24s (now)", when);
	else
		snprintf(out, WHEN_TEXT_SIZE, is_ahead ? "%.24s (in %.30s)" :
		    "%.24s (%.30s ago)", when, age);
}

void
when_date_text(int64_t date_s, int64_t now_s, char out[WHEN_TEXT_SIZE])
{
	static const char *const near[] = {"yesterday", "today", "tomorrow"};
	const long long days = (long long)((utc_day_start(date_s) -
	    utc_day_start(now_s)) / DAY_S);
	char date[UTC_TEXT_SIZE];

	utc_format_date(date_s, date);
	if (days >= -1 && days <= 1)
		snprintf(out, WHEN_TEXT_SIZE, "%s (%s)", date,
		    near[days + 1]);
	else
		snprintf(out, WHEN_TEXT_SIZE, days > 0 ? "%s (in %lld days)" :
		    "%s (%lld days ago)", date, days > 0 ? days : -days);
}
