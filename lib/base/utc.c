/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>

#include "base/utc.h"

#define UTC_1950_S INT64_C(-631152000)
#define UTC_2050_S INT64_C(2524608000)

static bool
is_leap(int year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

int
utc_days_in_month(int year, int month)
{
	static const int days[] = {
	    31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

	return month == 2 && is_leap(year) ? 29 : days[month - 1];
}

/*
 * Days from 1970-01-01, by eras of 400 years that begin on 1 March, so that
 * the leap day is the last of its year.
 */
static int64_t
days_from_civil(int64_t year, int month, int day)
{
	int64_t era, year_of_era, day_of_year;

	year -= month <= 2;
	era = (year >= 0 ? year : year - 399) / 400;
	year_of_era = year - era * 400;
	day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 +
	    day - 1;
	return era * 146097 + year_of_era * 365 + year_of_era / 4 -
	    year_of_era / 100 + day_of_year - 719468;
}

int64_t
utc_day_start(int64_t at_s)
{
	int64_t rest = at_s % DAY_S;

	return at_s - (rest < 0 ? rest + DAY_S : rest);
}

int
utc_weekday(int64_t at_s)
{
	/* 1970-01-01 was a Thursday. */
	int64_t day = (utc_day_start(at_s) / DAY_S + 4) % 7;

	return (int)(day < 0 ? day + 7 : day);
}

struct civil
utc_to_civil(int64_t at_s)
{
	int64_t start_s = utc_day_start(at_s);
	int64_t days = start_s / DAY_S + 719468;
	int64_t era = (days >= 0 ? days : days - 146096) / 146097;
	int64_t day_of_era = days - era * 146097;
	int64_t year_of_era = (day_of_era - day_of_era / 1460 +
	    day_of_era / 36524 - day_of_era / 146096) / 365;
	int64_t day_of_year = day_of_era - (365 * year_of_era +
	    year_of_era / 4 - year_of_era / 100);
	int64_t month = (5 * day_of_year + 2) / 153;	/* 0 is March */
	int second = (int)(at_s - start_s);
	struct civil civil;

	civil.day = (int)(day_of_year - (153 * month + 2) / 5 + 1);
	civil.month = (int)(month < 10 ? month + 3 : month - 9);
	civil.year = (int)(year_of_era + era * 400 + (civil.month <= 2));
	civil.hour = second / 3600;
	civil.minute = second / 60 % 60;
	civil.second = second % 60;
	return civil;
}

bool
utc_from_civil(const struct civil *civil, int64_t *out_s)
{
	if (civil->year < 0 || civil->year > 9999 || civil->month < 1 ||
	    civil->month > 12 || civil->day < 1 ||
	    civil->day > utc_days_in_month(civil->year, civil->month) ||
	    civil->hour < 0 || civil->hour > 23 || civil->minute < 0 ||
	    civil->minute > 59 || civil->second < 0 || civil->second > 59)
		return false;
	*out_s = days_from_civil(civil->year, civil->month, civil->day) *
	    DAY_S + civil->hour * 3600 + civil->minute * 60 + civil->second;
	return true;
}

static int64_t
saturate(int64_t at_s)
{
	if (at_s < UTC_MIN_S)
		return UTC_MIN_S;
	return at_s > UTC_MAX_S ? UTC_MAX_S : at_s;
}

static int64_t
add_months(int64_t at_s, int64_t months)
{
	struct civil civil = utc_to_civil(at_s);
	int64_t count = (int64_t)civil.year * 12 + civil.month - 1 + months;
	int64_t result_s;
	int days;

	if (count < 0)
		return UTC_MIN_S;
	if (count >= 10000 * 12)
		return UTC_MAX_S;
	civil.year = (int)(count / 12);
	civil.month = (int)(count % 12) + 1;
	days = utc_days_in_month(civil.year, civil.month);
	if (civil.day > days)
		civil.day = days;
	return utc_from_civil(&civil, &result_s) ? result_s : UTC_MAX_S;
}

int64_t
utc_add(int64_t at_s, const struct duration *duration)
{
	return saturate(add_months(saturate(at_s), duration->months) +
	    duration->seconds);
}

int64_t
utc_subtract(int64_t at_s, const struct duration *duration)
{
	const struct duration negative = {
	    -duration->months, -duration->seconds};

	return utc_add(at_s, &negative);
}

void
utc_format(int64_t at_s, char out[UTC_TEXT_SIZE])
{
	struct civil c = utc_to_civil(saturate(at_s));

	snprintf(out, UTC_TEXT_SIZE, "%04u-%02u-%02uT%02u:%02u:%02uZ",
	    (unsigned int)c.year % 10000, (unsigned int)c.month % 100,
	    (unsigned int)c.day % 100, (unsigned int)c.hour % 100,
	    (unsigned int)c.minute % 100, (unsigned int)c.second % 100);
}

void
utc_format_date(int64_t at_s, char out[UTC_TEXT_SIZE])
{
	utc_format(at_s, out);
	out[10] = '\0';
}

/* count decimal digits at text; -1 if one is no digit. */
static int
digits(const char *text, int count)
{
	int value = 0;

	for (; count > 0; count--, text++) {
		if (*text < '0' || *text > '9')
			return -1;
		value = value * 10 + (*text - '0');
	}
	return value;
}

bool
utc_parse(const char *text, int64_t *out_s)
{
	size_t size = strlen(text);
	struct civil civil = {0};

	if ((size != 10 && size != 20) || text[4] != '-' || text[7] != '-')
		return false;
	civil.year = digits(text, 4);
	civil.month = digits(text + 5, 2);
	civil.day = digits(text + 8, 2);
	if (size == 20) {
		if (text[10] != 'T' || text[13] != ':' || text[16] != ':' ||
		    text[19] != 'Z')
			return false;
		civil.hour = digits(text + 11, 2);
		civil.minute = digits(text + 14, 2);
		civil.second = digits(text + 17, 2);
	}
	return utc_from_civil(&civil, out_s);
}

/* MMDDHHMMSSZ */
static bool
from_asn1(int year, const char *rest, int64_t *out_s)
{
	struct civil civil = {.year = year};

	civil.month = digits(rest, 2);
	civil.day = digits(rest + 2, 2);
	civil.hour = digits(rest + 4, 2);
	civil.minute = digits(rest + 6, 2);
	civil.second = digits(rest + 8, 2);
	return rest[10] == 'Z' && utc_from_civil(&civil, out_s);
}

bool
utc_from_utctime(struct span content, int64_t *out_s)
{
	const char *text = (const char *)content.data;
	int year;

	if (content.size != 13)
		return false;
	year = digits(text, 2);
	if (year < 0)
		return false;
	return from_asn1(year < 50 ? 2000 + year : 1900 + year, text + 2,
	    out_s);
}

bool
utc_from_generalizedtime(struct span content, int64_t *out_s)
{
	const char *text = (const char *)content.data;

	if (content.size != 15)
		return false;
	return from_asn1(digits(text, 4), text + 4, out_s);
}

/* Two decimal digits of 0..99. */
static void
put_two(uint8_t *out, int value)
{
	out[0] = (uint8_t)('0' + value / 10);
	out[1] = (uint8_t)('0' + value % 10);
}

void
utc_to_generalizedtime(int64_t at_s, uint8_t out[15])
{
	struct civil c = utc_to_civil(saturate(at_s));

	put_two(out, c.year / 100);
	put_two(out + 2, c.year % 100);
	put_two(out + 4, c.month);
	put_two(out + 6, c.day);
	put_two(out + 8, c.hour);
	put_two(out + 10, c.minute);
	put_two(out + 12, c.second);
	out[14] = 'Z';
}

size_t
utc_to_der(int64_t at_s, uint8_t out[17])
{
	uint8_t text[15];
	bool is_short = at_s >= UTC_1950_S && at_s < UTC_2050_S;

	utc_to_generalizedtime(at_s, text);
	out[0] = is_short ? 0x17 : 0x18;
	out[1] = is_short ? 13 : 15;
	memcpy(out + 2, is_short ? text + 2 : text, out[1]);
	return 2U + out[1];
}
