/* SPDX-License-Identifier: ISC */
/* For the files behind plan/schedule.h; not for other rooms. */
#pragma once

#include "plan/schedule.h"

/* Does a date lie in one of the spans of `avoid`? */
bool schedule_is_avoided(const struct schedule *schedule, int64_t date_s);

/*
 * The date that the rule gives for a month, counted from January of the year
 * 0, after the move out of `avoid`.  `every` and `from` play no part.  The
 * last day of the calendar from the year 10000 on.
 */
int64_t schedule_month_date(const struct schedule *schedule, int64_t month);

/* How many ceremonies the calendar has room for. */
uint32_t schedule_count(const struct schedule *schedule);

/* When the CRL of the index-th ceremony must be in place: date + grace. */
int64_t schedule_deadline(const struct schedule *schedule, uint32_t index);
