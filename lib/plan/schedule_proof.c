/* SPDX-License-Identifier: ISC */
#include <stdio.h>

#include "plan/schedule_calendar.h"

/* The proof covers ceremonies before end_s and CRLs up to root_end_s. */
struct stretch {
	int64_t from_s, end_s;
	int64_t root_end_s;
};

/* The gaps between each ceremony and the next, over the years. */
struct gaps {
	bool is_open;
	int64_t ceremony_s;	/* the first that leaves one */
	int64_t deadline_s;	/* of the ceremony after it */
	int64_t cushion_s;	/* of its CRL: sooner than that */
	int64_t worst_s;	/* how much too late, at most */
	int64_t room_s;		/* from deadline to nextUpdate, at least */
};

static void
measure(const struct schedule *schedule, const struct stretch *stretch,
    struct gaps *out)
{
	uint32_t end = schedule_count(schedule);
	uint32_t index = schedule_index(schedule, stretch->from_s);

	*out = (struct gaps){.room_s = INT64_MAX};
	for (; index < end; index++) {
		int64_t ceremony_s = schedule_ceremony(schedule, index);
		int64_t deadline_s = schedule_deadline(schedule, index + 1);
		int64_t next_update_s = utc_add(ceremony_s,
		    &schedule->validity);
		int64_t cushion_s = utc_subtract(next_update_s,
		    &schedule->cushion);

		if (ceremony_s >= stretch->end_s ||
		    next_update_s > stretch->root_end_s)
			break;
		if (next_update_s - deadline_s < out->room_s)
			out->room_s = next_update_s - deadline_s;
		if (deadline_s - cushion_s > out->worst_s)
			out->worst_s = deadline_s - cushion_s;
		if (deadline_s <= cushion_s || out->is_open)
			continue;
		out->is_open = true;
		out->ceremony_s = ceremony_s;
		out->deadline_s = deadline_s;
		out->cushion_s = cushion_s;
	}
}

/* "1 day", "2 days 30 seconds" */
static void
excess_text(int64_t seconds, char *out, size_t capacity)
{
	long long days = (long long)(seconds / DAY_S);
	long long rest = (long long)(seconds % DAY_S);
	const char *day_word = days == 1 ? "day" : "days";
	const char *second_word = rest == 1 ? "second" : "seconds";

	if (rest == 0)
		snprintf(out, capacity, "%lld %s", days, day_word);
	else if (days == 0)
		snprintf(out, capacity, "%lld %s", rest, second_word);
	else
		snprintf(out, capacity, "%lld %s %lld %s", days, day_word,
		    rest, second_word);
}

/* A date if it is 00:00Z, else the instant. */
static void
instant_text(int64_t at_s, char out[UTC_TEXT_SIZE])
{
	if (utc_day_start(at_s) == at_s)
		utc_format_date(at_s, out);
	else
		utc_format(at_s, out);
}

/*
 * Say what would close all gaps, in whole days: "; a cushion of 18 days, or a
 * validity longer by 3 days, leaves no gap".  Each is measured before it is
 * said, for months in the words may make a day more of it.
 */
static void
remedy_text(const struct schedule *schedule, const struct gaps *gaps,
    const struct stretch *stretch, char *out, size_t capacity)
{
	const struct duration *critical = &schedule->critical;
	int64_t cushion_s = gaps->room_s / DAY_S * DAY_S;
	int64_t longer_s = (gaps->worst_s + DAY_S - 1) / DAY_S * DAY_S;
	struct schedule shorter = *schedule, longer = *schedule;
	char cushion[64], validity[64];
	struct gaps left;
	bool is_shorter, is_longer;

	shorter.cushion = (struct duration){.seconds = cushion_s};
	longer.validity.seconds += longer_s;
	measure(&shorter, stretch, &left);
	is_shorter = !left.is_open && cushion_s > 0 &&
	    critical->months == 0 && critical->seconds <= cushion_s;
	measure(&longer, stretch, &left);
	is_longer = !left.is_open;
	excess_text(cushion_s, cushion, sizeof(cushion));
	excess_text(longer_s, validity, sizeof(validity));
	if (is_shorter || is_longer)
		snprintf(out, capacity, "; %s%s%s%s%s%s leaves no gap",
		    is_shorter ? "a cushion of " : "",
		    is_shorter ? cushion : "",
		    is_shorter && is_longer ? ", or " : "",
		    is_longer ? "a validity longer by " : "",
		    is_longer ? validity : "",
		    is_shorter && is_longer ? "," : "");
}

static enum err
fail_gap(const struct schedule *schedule, const struct gaps *gaps,
    const char *remedy, struct error *err)
{
	char ceremony[UTC_TEXT_SIZE], have[UTC_TEXT_SIZE];
	char want[UTC_TEXT_SIZE], excess[64];

	utc_format_date(gaps->ceremony_s, ceremony);
	instant_text(gaps->deadline_s, have);
	instant_text(gaps->cushion_s, want);
	excess_text(gaps->deadline_s - gaps->cushion_s, excess,
	    sizeof(excess));
	return err_fail(err, ERR_CONFIG, "schedule %s: ceremony %s: want the "
	    "next deadline %s by %s, have %s too late%s", schedule->name,
	    ceremony, have, want, excess, remedy);
}

enum err
schedule_prove(const struct schedule *schedule, int64_t from_s,
    unsigned int years, struct error *err)
{
	return schedule_prove_until(schedule, from_s, years, INT64_MAX, err);
}

enum err
schedule_prove_until(const struct schedule *schedule, int64_t from_s,
    unsigned int years, int64_t end_s, struct error *err)
{
	const struct duration span = {.months = (int64_t)years * 12};
	const struct stretch stretch = {from_s, utc_add(from_s, &span),
	    end_s};
	char remedy[200] = "";
	struct gaps gaps;

	measure(schedule, &stretch, &gaps);
	if (!gaps.is_open)
		return ERR_OK;
	remedy_text(schedule, &gaps, &stretch, remedy, sizeof(remedy));
	return fail_gap(schedule, &gaps, remedy, err);
}
