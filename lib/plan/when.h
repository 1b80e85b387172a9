/* SPDX-License-Identifier: ISC */
/* Days and what is left until them, as sentences say them.  Pure. */
#pragma once

#include "base/utc.h"

#define WHEN_TEXT_SIZE 64

/* "Sunday" is the first, "January"; "%.3s" abbreviates each. */
extern const char *const when_weekdays[7], *const when_months[12];

/* From the date of now to that of at_s, both UTC; negative if it is past. */
long long when_days(int64_t at_s, int64_t now_s);

/*
 * "2027-06-22"; "2027-06-22 10:00 UTC" if that is less than 2 days away from
 * now, before or after.
 */
void when_text(int64_t at_s, int64_t now_s, char out[WHEN_TEXT_SIZE]);

/*
 * The same and how far away it is: "2027-06-22 (in 211 days)", "2027-06-22
 * 10:00 UTC (in 26 hours)", "2027-06-22 (9 days ago)".  Days are counted from
 * date to date; hours are rounded down.
 */
void when_left_text(int64_t at_s, int64_t now_s, char out[WHEN_TEXT_SIZE]);

/*
 * A date of the calendar, such as a ceremony's: "2027-05-04 (in 12 days)",
 * "(tomorrow)", "(today)", "(yesterday)", "(3 days ago)".
 */
void when_date_text(int64_t date_s, int64_t now_s, char out[WHEN_TEXT_SIZE]);
