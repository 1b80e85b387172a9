/* SPDX-License-Identifier: ISC */
#include <string.h>
#include <strings.h>

#include "base/array.h"
#include "plan/schedule_calendar.h"

#define EVERY_MONTHS_MAX 120
#define DURATION_MAX_S (INT64_C(36525) * DAY_S)	/* 100 years */

/* Exactly `count` decimal digits at *text, which moves behind them. */
static bool
scan_digits(const char **text, int count, int *out)
{
	int value = 0;

	for (; count > 0; count--, (*text)++) {
		if (**text < '0' || **text > '9')
			return false;
		value = value * 10 + (**text - '0');
	}
	*out = value;
	return true;
}

static bool
scan_mark(const char **text, const char *mark)
{
	size_t size = strlen(mark);

	if (strncmp(*text, mark, size) != 0)
		return false;
	*text += size;
	return true;
}

/* "12-20"; 02-29 is a day. */
static bool
scan_day_of_year(const char **text, int *month, int *day)
{
	return scan_digits(text, 2, month) && scan_mark(text, "-") &&
	    scan_digits(text, 2, day) && *month >= 1 && *month <= 12 &&
	    *day >= 1 && *day <= utc_days_in_month(2000, *month);
}

static enum err
fail_word(const struct schedule *schedule, const char *word, const char *want,
    const char *have, struct error *err)
{
	if (have == NULL)
		return err_fail(err, ERR_CONFIG,
		    "schedule %s: %s is missing: write %s", schedule->name,
		    word, want);
	return err_fail(err, ERR_CONFIG,
	    "schedule %s: %s: expected %s, found \"%s\"", schedule->name, word,
	    want, have);
}

static enum err
parse_name(const char *name, struct schedule *out, struct error *err)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";
	size_t size = strlen(name);

	if (size == 0 || size >= sizeof(out->name) ||
	    strspn(name, allowed) != size)
		return err_fail(err, ERR_CONFIG,
		    "schedule: a name has 1 to %zu letters, digits, '-', '_' "
		    "and '.', not \"%s\"",
		    sizeof(out->name) - 1, name);
	memcpy(out->name, name, size + 1);
	return ERR_OK;
}

static enum err
parse_every(const char *text, struct schedule *out, struct error *err)
{
	static const char want[] = "1 to 120 whole months";
	struct duration every;

	if (text == NULL || duration_parse(text, &every, NULL) != ERR_OK ||
	    every.seconds != 0 || every.months < 1 ||
	    every.months > EVERY_MONTHS_MAX)
		return fail_word(out, "every", want, text, err);
	out->every_months = (int)every.months;
	return ERR_OK;
}

static enum err
parse_from(const char *text, struct schedule *out, struct error *err)
{
	const char *at = text;

	if (at == NULL || !scan_digits(&at, 4, &out->from_year) ||
	    !scan_mark(&at, "-") || !scan_digits(&at, 2, &out->from_month) ||
	    *at != '\0' || out->from_year < 1970 || out->from_year > 2999 ||
	    out->from_month < 1 || out->from_month > 12)
		return fail_word(out, "from",
		    "a month YYYY-MM from 1970-01 to 2999-12", text, err);
	return ERR_OK;
}

/* The position of the word at *text in a table, or -1; moves behind it. */
static int
scan_choice(const char **text, const char *const choices[], size_t count)
{
	size_t size = strcspn(*text, " ");

	for (size_t i = 0; i < count; i++) {
		if (strlen(choices[i]) == size &&
		    strncasecmp(choices[i], *text, size) == 0) {
			*text += size;
			return (int)i;
		}
	}
	return -1;
}

static bool
scan_weekday(const char *text, struct schedule *out)
{
	static const char *const weeks[] = {
	    "first", "second", "third", "fourth", "last"};
	static const char *const weekdays[] = {"sunday", "monday", "tuesday",
	    "wednesday", "thursday", "friday", "saturday"};
	int week = scan_choice(&text, weeks, COUNT_OF(weeks));
	int weekday;

	if (week < 0 || !scan_mark(&text, " "))
		return false;
	weekday = scan_choice(&text, weekdays, COUNT_OF(weekdays));
	if (weekday < 0 || *text != '\0')
		return false;
	out->on_week = week + 1;
	out->on_weekday = weekday;
	return true;
}

static bool
scan_day(const char *text, struct schedule *out)
{
	int day;

	if (!scan_mark(&text, "day "))
		return false;
	if (!scan_digits(&text, text[0] != '\0' && text[1] != '\0' ? 2 : 1,
	    &day) || *text != '\0' || day < 1 || day > 31)
		return false;
	out->on_day = day;
	return true;
}

static enum err
parse_on(const char *text, struct schedule *out, struct error *err)
{
	if (text == NULL)
		text = "day 1";
	if (!scan_weekday(text, out) && !scan_day(text, out))
		return fail_word(out, "on", "\"first tuesday\", \"last "
		    "friday\" or \"day 15\"", text, err);
	return ERR_OK;
}

static enum err
parse_at(const char *text, struct schedule *out, struct error *err)
{
	const char *at = text == NULL ? "10:00" : text;
	int hour, minute;

	if (!scan_digits(&at, 2, &hour) || !scan_mark(&at, ":") ||
	    !scan_digits(&at, 2, &minute) || *at != '\0' || hour > 23 ||
	    minute > 59)
		return fail_word(out, "at", "a time of day from 00:00 to "
		    "23:59", text, err);
	out->at_minute = hour * 60 + minute;
	return ERR_OK;
}

/* The least that a duration can be, whatever months it counts. */
static int64_t
duration_floor_s(const struct duration *duration)
{
	int64_t days_in_month = duration->months < 0 ? 31 : 28;

	return duration->months * days_in_month * DAY_S + duration->seconds;
}

static enum err
parse_duration(const struct schedule *schedule, const char *word,
    const char *text, bool may_be_zero, struct duration *out,
    struct error *err)
{
	struct duration duration;
	int64_t floor_s;

	if (text == NULL || duration_parse(text, &duration, NULL) != ERR_OK)
		return fail_word(schedule, word,
		    "a duration like \"3 weeks\" or \"12 months - 1 second\"",
		    text, err);
	floor_s = duration_floor_s(&duration);
	if (floor_s < (may_be_zero ? 0 : 1))
		return fail_word(schedule, word, may_be_zero ?
		    "no less than nothing" : "more than nothing", text, err);
	if (floor_s > DURATION_MAX_S)
		return fail_word(schedule, word, "at most 100 years", text,
		    err);
	*out = duration;
	return ERR_OK;
}

/* A default gives way to a shorter duration that was chosen. */
static void
shorten(struct duration *fallback, const struct duration *chosen)
{
	if (chosen->months == 0 && chosen->seconds < fallback->seconds)
		*fallback = *chosen;
}

static enum err
parse_durations(const struct schedule_text *text, struct schedule *out,
    struct error *err)
{
	const struct {
		const char *word;
		const char *text;
		const char *fallback;
		struct duration *out;
		bool may_be_zero;
	} words[] = {
	    {"remind", text->remind, "14 days", &out->remind, true},
	    {"validity", text->validity, NULL, &out->validity, false},
	    {"cushion", text->cushion, NULL, &out->cushion, false},
	    {"critical", text->critical, "7 days", &out->critical, false},
	    {"early", text->early, "14 days", &out->early, true},
	    {"grace", text->grace, "3 days", &out->grace, true},
	    {"renew", text->renew, "12 months", &out->renew, true},
	    {"renew_critical", text->renew_critical, "30 days",
		&out->renew_critical, true},
	};

	for (size_t i = 0; i < COUNT_OF(words); i++)
		TRY(parse_duration(out, words[i].word,
		    words[i].text != NULL ? words[i].text : words[i].fallback,
		    words[i].may_be_zero, words[i].out, err));
	if (text->critical == NULL)
		shorten(&out->critical, &out->cushion);
	if (text->renew_critical == NULL)
		shorten(&out->renew_critical, &out->renew);
	return ERR_OK;
}

static bool
leaves_a_day(const struct schedule *schedule)
{
	const struct civil first = {.year = 2001, .month = 1, .day = 1};
	int64_t first_s = 0;

	if (!utc_from_civil(&first, &first_s))
		return false;
	for (int day = 0; day < 365; day++) {
		if (!schedule_is_avoided(schedule, first_s + day * DAY_S))
			return true;
	}
	return false;
}

static enum err
parse_avoid(const struct schedule_text *text, struct schedule *out,
    struct error *err)
{
	if (text->avoid_count > SCHEDULE_AVOID_MAX)
		return err_fail(err, ERR_CONFIG,
		    "schedule %s: avoid: want at most %d spans, have %zu",
		    out->name, SCHEDULE_AVOID_MAX, text->avoid_count);
	for (size_t i = 0; i < text->avoid_count; i++) {
		struct schedule_avoid *avoid = &out->avoid[i];
		const char *at = text->avoid[i];

		if (at == NULL || !scan_day_of_year(&at, &avoid->first_month,
		    &avoid->first_day) || !scan_mark(&at, "..") ||
		    !scan_day_of_year(&at, &avoid->last_month,
		    &avoid->last_day) || *at != '\0')
			return fail_word(out, "avoid",
			    "MM-DD..MM-DD", text->avoid[i], err);
	}
	out->avoid_count = text->avoid_count;
	if (!leaves_a_day(out))
		return err_fail(err, ERR_CONFIG,
		    "schedule %s: avoid: every day of the year is avoided, and "
		    "none is left for ceremonies",
		    out->name);
	return ERR_OK;
}

/* Check one ceremony and the one after it; has_remind  it was chosen. */
static enum err
check_neighbours(const struct schedule *schedule, bool has_remind,
    int64_t ceremony_s, int64_t next_s, struct error *err)
{
	int64_t end_s = utc_add(ceremony_s, &schedule->validity);
	char date[UTC_TEXT_SIZE];

	utc_format_date(ceremony_s, date);
	if (next_s <= ceremony_s)
		return err_fail(err, ERR_CONFIG,
		    "schedule %s: avoid: two ceremonies fall on one day, such "
		    "as %s",
		    schedule->name, date);
	if (utc_subtract(next_s, &schedule->early) <= ceremony_s)
		return err_fail(err, ERR_CONFIG,
		    "schedule %s: early: so early that the CRL of one "
		    "ceremony, such as that of %s, would count for the one "
		    "after it",
		    schedule->name, date);
	if (has_remind &&
	    utc_subtract(next_s, &schedule->remind) <= ceremony_s)
		return err_fail(err, ERR_CONFIG,
		    "schedule %s: remind: so early that reminders of one "
		    "ceremony begin before the one before it, such as that of "
		    "%s, is held",
		    schedule->name, date);
	if (utc_subtract(end_s, &schedule->renew_critical) <
	    utc_subtract(end_s, &schedule->renew))
		return err_fail(err, ERR_CONFIG,
		    "schedule %s: renew_critical: longer than renew",
		    schedule->name);
	if (utc_subtract(end_s, &schedule->critical) <
	    utc_subtract(end_s, &schedule->cushion))
		return err_fail(err, ERR_CONFIG,
		    "schedule %s: critical: longer than the cushion",
		    schedule->name);
	return ERR_OK;
}

/*
 * Check every month that a ceremony can fall in, over 28 years without a
 * skipped leap day: these hold every kind of year before every kind that can
 * follow it, and ceremonies that could meet are no further apart than that.
 */
static enum err
check_neighbourhood(const struct schedule *schedule, bool has_remind,
    struct error *err)
{
	int step = schedule->every_months;
	int rest = 12;
	int64_t month, end;

	while (rest != 0) {	/* the greatest common divisor with 12 */
		int divisor = rest;

		rest = step % rest;
		step = divisor;
	}
	month = INT64_C(2001) * 12 + (schedule->from_month - 1) % step;
	for (end = month + 28 * 12; month < end; month += step)
		TRY(check_neighbours(schedule, has_remind,
		    schedule_month_date(schedule, month),
		    schedule_month_date(schedule,
			month + schedule->every_months), err));
	return ERR_OK;
}

enum err
schedule_parse(const char *name, const struct schedule_text *text,
    struct schedule *out, struct error *err)
{
	struct schedule schedule = {0};

	TRY(parse_name(name, &schedule, err));
	TRY(parse_every(text->every, &schedule, err));
	TRY(parse_from(text->from, &schedule, err));
	TRY(parse_on(text->on, &schedule, err));
	TRY(parse_at(text->at, &schedule, err));
	TRY(parse_durations(text, &schedule, err));
	TRY(parse_avoid(text, &schedule, err));
	TRY(check_neighbourhood(&schedule, text->remind != NULL, err));
	*out = schedule;
	return ERR_OK;
}
