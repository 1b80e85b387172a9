/* SPDX-License-Identifier: ISC */
/*
 * Instants, dates and durations.  An instant is int64_t Unix seconds UTC, and
 * its name ends in _s.  The calendar is proleptic Gregorian, years 0..9999.
 * Pure: nothing here reads the clock.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"

#define UTC_TEXT_SIZE 24	/* "9999-12-31T23:59:59Z" and NUL */
#define UTC_MIN_S INT64_C(-62167219200)	/* 0000-01-01T00:00:00Z */
#define UTC_MAX_S INT64_C(253402300799)	/* 9999-12-31T23:59:59Z */
#define DAY_S INT64_C(86400)

struct civil {
	int year;	/* 0..9999 */
	int month;	/* 1..12 */
	int day;	/* 1..31 */
	int hour;	/* 0..23 */
	int minute;	/* 0..59 */
	int second;	/* 0..59, no leap seconds */
};

/* Months first, end of month clamped, then seconds; either may be < 0. */
struct duration {
	int64_t months;
	int64_t seconds;
};

int utc_days_in_month(int year, int month);

/* 0 Sunday .. 6 Saturday */
int utc_weekday(int64_t at_s);

struct civil utc_to_civil(int64_t at_s);

/* False if a field is out of range. */
bool utc_from_civil(const struct civil *civil, int64_t *out_s);

/* 00:00Z of the day that at_s lies in. */
int64_t utc_day_start(int64_t at_s);

/*
 * at + duration, or at - duration: months in the calendar with end-of-month
 * clamping (31 July + 7 months is 28 or 29 February), then seconds.
 * Saturates at UTC_MIN_S and UTC_MAX_S.
 */
int64_t utc_add(int64_t at_s, const struct duration *duration);
int64_t utc_subtract(int64_t at_s, const struct duration *duration);

/*
 * "7 months", "30 days", "12 months - 1 second", "10 min", "1 week 2 days".
 * Units: second sec s, minute min, hour h, day, week, month, year, each with
 * a plural.  Each count 0..1000000.  ERR_FORMAT says what is not understood.
 */
MUST_CHECK enum err duration_parse(const char *text, struct duration *out,
    struct error *err);

/* "2026-11-22T10:00:00Z" */
void utc_format(int64_t at_s, char out[UTC_TEXT_SIZE]);

/* "2026-11-22" */
void utc_format_date(int64_t at_s, char out[UTC_TEXT_SIZE]);

/*
 * TIME of the command line: RFC 3339 in UTC with seconds and "Z", or
 * YYYY-MM-DD for 00:00Z of that day.
 */
bool utc_parse(const char *text, int64_t *out_s);

/*
 * The content of an ASN.1 time as RFC 5280 5.1.2.4 wants it: UTCTime
 * YYMMDDHHMMSSZ (1950..2049), GeneralizedTime YYYYMMDDHHMMSSZ.  Fractions,
 * offsets and missing seconds are false.
 */
bool utc_from_utctime(struct span content, int64_t *out_s);
bool utc_from_generalizedtime(struct span content, int64_t *out_s);

/* The content of a GeneralizedTime, "YYYYMMDDHHMMSSZ". */
void utc_to_generalizedtime(int64_t at_s, uint8_t out[15]);

/*
 * A DER Time, tag and length included: UTCTime through 2049, then
 * GeneralizedTime.  Returns its size, 15 or 17.  Before 1950 it is
 * GeneralizedTime as well.
 */
size_t utc_to_der(int64_t at_s, uint8_t out[17]);
