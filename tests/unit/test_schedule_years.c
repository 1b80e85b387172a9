/* SPDX-License-Identifier: ISC */
/*
 * What must hold of every ceremony over 30 years, for each schedule that is
 * shipped and for some that meet leap days and the turn of the year; and of
 * each property that it can fail.
 */
#include "schedule_properties.h"
#include "shipped_fixture.h"
#include "test.h"

#define BEGIN instant("2026-01-01")
#define END instant("2056-01-01")

/* The schedules; those without words are shipped. */
static const struct {
	const char *name;
	struct schedule_text text;
} schedules[] = {
    {"semiannual", {NULL}},
    {"quarterly", {NULL}},
    {"monthly", {NULL}},
    {"annual-br", {NULL}},
    {"month-ends", {.every = "1 month", .from = "2026-01", .on = "day 31",
	.validity = "2 months", .cushion = "2 weeks",
	.avoid = {"02-05..02-12"}, .avoid_count = 1}},
    {"day-before", {.every = "1 month", .from = "2026-01", .on = "day 1",
	.validity = "4 months", .cushion = "3 weeks", .early = "0 days"}},
    {"leap-day", {.every = "12 months", .from = "2024-02", .on = "day 29",
	.validity = "14 months", .cushion = "1 month"}},
    {"last-thursday", {.every = "1 month", .from = "2026-02",
	.on = "last thursday", .validity = "3 months", .cushion = "3 weeks",
	.avoid = {"02-29..02-29"}, .avoid_count = 1}},
    {"new-year", {.every = "12 months", .from = "2026-12", .on = "day 31",
	.validity = "13 months", .cushion = "2 weeks",
	.avoid = {"12-31..12-31", "07-01..07-31"}, .avoid_count = 2}},
};

static struct schedule
get_schedule(size_t at)
{
	struct schedule schedule;
	struct error err = {0};

	if (schedules[at].text.every == NULL)
		return shipped(schedules[at].name, NULL);
	FINE(schedule_parse(schedules[at].name, &schedules[at].text, &schedule,
	    &err));
	return schedule;
}

/* The first ceremony of the 30 years that a property does not hold of. */
static bool
fails(property *holds, const struct schedule *made,
    const struct schedule *rule, uint32_t *index)
{
	for (*index = 0; schedule_ceremony(rule, *index) < END; ++*index) {
		if (!holds(made, rule, *index))
			return true;
	}
	assert_true(*index >= 29 * 12 / (uint32_t)rule->every_months);
	return false;
}

/* How the words are spoilt, and the schedule where it shows. */
static void
avoid_january(struct schedule *made)
{
	made->avoid[0] = (struct schedule_avoid){1, 1, 2, 10};
	made->avoid_count = 1;
}

static void
avoid_nothing(struct schedule *made)
{
	made->avoid_count = 0;
}

static void
another_weekday(struct schedule *made)
{
	made->on_weekday = (made->on_weekday + 1) % 7;
}

static void
another_day(struct schedule *made)
{
	made->on_day = 28;
}

static void
less_early(struct schedule *made)
{
	made->early.seconds -= DAY_S;
}

static void
no_grace(struct schedule *made)
{
	made->grace.seconds = 0;
}

static void
shorter_cushion(struct schedule *made)
{
	made->cushion.seconds -= DAY_S;
}

static void
shorter_validity(struct schedule *made)
{
	made->validity.months -= 1;
}

static void
longer_validity(struct schedule *made)
{
	made->validity.months += made->every_months;
}

/*
 * is_rule_spoilt  the words are spoilt and followed; else the dates are those
 *                 of other words than the rule's
 */
static const struct {
	const char *name;
	property *holds;
	const char *schedule;
	void (*spoil)(struct schedule *made);
	bool is_rule_spoilt;
} spoilt[] = {
    {"two on one date", dates_rise, "monthly", avoid_january, true},
    {"in avoid", dates_are_not_avoided, "semiannual", avoid_nothing, false},
    {"in avoid at the turn of the year", dates_are_not_avoided, "new-year",
	avoid_nothing, false},
    {"on a leap day", dates_are_not_avoided, "last-thursday", avoid_nothing,
	false},
    {"weekday", dates_are_on_the_rule, "quarterly", another_weekday, false},
    {"not moved", dates_are_on_the_rule, "monthly", avoid_nothing, false},
    {"leap day missed", dates_are_on_the_rule, "leap-day", another_day,
	false},
    {"another date found", every_day_finds_its_ceremony, "monthly",
	another_weekday, false},
    {"early is not", every_day_finds_its_ceremony, "annual-br", less_early,
	false},
    {"a month less", no_gap_is_left, "semiannual", shorter_validity, true},
    {"cushion from too late", no_gap_is_left, "monthly", shorter_cushion,
	false},
    {"standby without grace", standby_is_in_bounds, "semiannual", no_grace,
	false},
    {"standby in the cushion", standby_is_in_bounds, "month-ends",
	shorter_cushion, false},
    {"standby in avoid", standby_is_in_bounds, "month-ends", avoid_nothing,
	false},
    {"standby early for the next", standby_is_in_bounds, "quarterly",
	less_early, false},
    {"standby not the latest", standby_is_the_latest, "monthly",
	shorter_validity, false},
    {"standby on another weekday", standby_is_the_latest, "quarterly",
	another_weekday, false},
    {"too many missed", may_miss_is_right, "quarterly", longer_validity,
	false},
    {"too few missed", may_miss_is_right, "quarterly", shorter_validity,
	false},
    {"missed, though a gap is open", may_miss_is_right, "monthly",
	shorter_validity, true},
};

static property *const properties[] = {dates_rise, dates_are_not_avoided,
    dates_are_on_the_rule, every_day_finds_its_ceremony, no_gap_is_left,
    standby_is_in_bounds, standby_is_the_latest, may_miss_is_right};

TEST(properties_hold)
{
	size_t i, k;

	for (i = 0; i < COUNT_OF(schedules); i++) {
		struct schedule schedule = get_schedule(i);

		for (k = 0; k < COUNT_OF(properties); k++) {
			uint32_t index;

			if (fails(properties[k], &schedule, &schedule,
			    &index))
				fail_msg("%s, property %zu, ceremony %u",
				    schedules[i].name, k, index);
		}
	}
}

/* Whichever month comes first; but for February's gap in semiannual. */
TEST(properties_hold_from_every_month)
{
	size_t i, k;

	for (i = 0; i < COUNT_OF(schedules) * 12; i++) {
		struct schedule schedule = get_schedule(i / 12);
		struct error err = {0};
		bool has_gap;

		schedule.from_month = (int)(i % 12) + 1;
		has_gap = schedule_prove(&schedule, BEGIN, 30, &err) !=
		    ERR_OK;
		assert_int_equal(has_gap, strcmp(schedule.name,
		    "semiannual") == 0 && schedule.from_month % 6 == 2);
		for (k = 0; k < COUNT_OF(properties); k++) {
			bool is_about_gaps =
			    properties[k] == no_gap_is_left ||
			    properties[k] == may_miss_is_right;
			uint32_t index;

			if (fails(properties[k], &schedule, &schedule,
			    &index) != (has_gap && is_about_gaps))
				fail_msg("%s from month %d, property %zu, "
				    "ceremony %u", schedule.name,
				    schedule.from_month, k, index);
		}
	}
}

TEST(properties_can_fail)
{
	bool has_failed[COUNT_OF(properties)] = {false};
	size_t i, k;

	for (i = 0; i < COUNT_OF(spoilt); i++) {
		struct schedule rule, made;
		uint32_t index;

		print_message("%s\n", spoilt[i].name);
		for (k = 0; strcmp(schedules[k].name, spoilt[i].schedule) != 0;
		    k++)
			assert_true(k + 1 < COUNT_OF(schedules));
		rule = made = get_schedule(k);
		spoilt[i].spoil(&made);
		assert_true(fails(spoilt[i].holds, &made,
		    spoilt[i].is_rule_spoilt ? &made : &rule, &index));
		for (k = 0; k < COUNT_OF(properties); k++)
			has_failed[k] = has_failed[k] ||
			    properties[k] == spoilt[i].holds;
	}
	for (k = 0; k < COUNT_OF(properties); k++)
		assert_true(has_failed[k]);
}

/* The days that are easily got wrong are among those that were seen. */
TEST(leap_days_and_year_ends_are_among_them)
{
	unsigned int leap_days = 0, year_ends = 0, standby_leap_days = 0;
	uint32_t index;
	size_t i;

	for (i = 0; i < COUNT_OF(schedules); i++) {
		struct schedule schedule = get_schedule(i);

		for (index = 0; schedule_ceremony(&schedule, index) < END;
		    index++) {
			struct schedule_day day;
			struct civil date;

			schedule_describe(&schedule, index, &day);
			date = utc_to_civil(day.ceremony_s);
			leap_days += date.month == 2 && date.day == 29;
			year_ends += (date.month == 12 && date.day == 31) ||
			    (date.month == 1 && date.day == 1);
			date = utc_to_civil(day.next_update_s);
			leap_days += date.month == 2 && date.day == 29;
			date = utc_to_civil(day.standby_s);
			standby_leap_days += date.month == 2 &&
			    date.day == 29;
		}
	}
	assert_true(leap_days >= 16);
	assert_true(year_ends >= 60);
	assert_int_equal(standby_leap_days, 7);
}
