/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <stdlib.h>

#include "base/array.h"
#include "plan/when.h"

#define NEAR_S (2 * DAY_S)	/* in which the hour matters */

const char *const when_weekdays[] = {"Sunday", "Monday", "Tuesday",
    "Wednesday", "Thursday", "Friday", "Saturday"};

const char *const when_months[] = {"January", "February", "March", "April",
    "May", "June", "July", "August", "September", "October", "November",
    "December"};

/* "in 26 hours", "1 second ago", rounded down; from two days on "in 9 days" */
static void
distance_text(int64_t at_s, int64_t now_s, char out[WHEN_TEXT_SIZE])
{
	static const struct {
		int64_t size_s;
		int64_t least;
		const char *word;
	} units[] = {{3600, 2, "hour"}, {60, 2, "minute"}, {1, 0, "second"}};
	const int64_t seconds = at_s > now_s ? at_s - now_s : now_s - at_s;
	const char *word = "day";
	long long count = llabs(when_days(at_s, now_s));

	for (size_t i = 0; seconds < NEAR_S && i < COUNT_OF(units); i++) {
		word = units[i].word;
		count = (long long)(seconds / units[i].size_s);
		if (count >= units[i].least)
			break;
	}
	snprintf(out, WHEN_TEXT_SIZE, at_s > now_s ? "in %lld %s%s" :
	    "%lld %s%s ago", count, word, count == 1 ? "" : "s");
}

long long
when_days(int64_t at_s, int64_t now_s)
{
	return (long long)((utc_day_start(at_s) - utc_day_start(now_s)) /
	    DAY_S);
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
	char when[WHEN_TEXT_SIZE], distance[WHEN_TEXT_SIZE];

	when_text(at_s, now_s, when);
	distance_text(at_s, now_s, distance);
	snprintf(out, WHEN_TEXT_SIZE, "%.24s (%.32s)", when, at_s == now_s ?
	    "now" : distance);
}

void
when_date_text(int64_t date_s, int64_t now_s, char out[WHEN_TEXT_SIZE])
{
	static const char *const near[] = {"yesterday", "today", "tomorrow"};
	const long long days = when_days(date_s, now_s);
	char date[UTC_TEXT_SIZE];

	utc_format_date(date_s, date);
	if (days >= -1 && days <= 1)
		snprintf(out, WHEN_TEXT_SIZE, "%s (%s)", date,
		    near[days + 1]);
	else
		snprintf(out, WHEN_TEXT_SIZE, days > 0 ? "%s (in %lld days)" :
		    "%s (%lld days ago)", date, days > 0 ? days : -days);
}
