/* SPDX-License-Identifier: ISC */
/* What fails on which day, and that check says the same on that day. */
#include "plan/forecast.h"
#include "shipped_fixture.h"
#include "standing_fixture.h"
#include "test.h"

#define NOW "2026-11-23"

static void
missing_in_one_store(struct scene *scene)
{
	scene->places[0].is_present = false;
}

static void
without_an_end(struct scene *scene)
{
	scene->places[0].has_next_update = false;
	scene->places[1].is_present = false;
}

static void
critical_all_along(struct scene *scene)
{
	scene->schedule.critical = scene->schedule.cushion;
}

static void
due_with_the_cushion(struct scene *scene)
{
	scene->facts.has_next_ceremony = true;
	scene->facts.next_ceremony_s = instant("2027-05-29");
}

static void
due_before_the_cushion(struct scene *scene)
{
	scene->facts.has_next_ceremony = true;
	scene->facts.next_ceremony_s = instant("2027-05-28");
}

static void
root_ends_in_april(struct scene *scene)
{
	scene->facts.has_root_not_after = true;
	scene->facts.root_not_after_s = instant("2027-04-28");
}

static void
behind_for_long(struct scene *scene)
{
	accept_the_same(scene);
	scene->facts.accepted_number = number_from_u64(13);
	scene->facts.accepted_has_next_update = true;
	scene->facts.accepted_next_update_s = instant("2027-12-22");
}

static void
accepted_but_missing(struct scene *scene)
{
	accept_the_same(scene);
	scene->facts.accepted_has_next_update = true;
	scene->facts.accepted_next_update_s = scene->places[0].next_update_s;
	missing_everywhere(scene);
}

static void
accepted_but_unreadable(struct scene *scene)
{
	size_t i;

	accepted_but_missing(scene);
	for (i = 0; i < 2; i++)
		scene->places[i].is_unreadable = true;
}

static void
unpublished_for_days(struct scene *scene)
{
	unpublished(scene);
	scene->facts.unpublished_since_s = instant("2026-11-20");
}

static const struct {
	const char *name;
	arrange *arrange;
	const char *now;
	const char *assumed;	/* ceremony, NULL where there is a CRL */
	const char *want;	/* events */
} rows[] = {
    {"a CRL", nothing, NOW, NULL,
	"2027-04-20 upcoming WARNING, 2027-05-07 overdue WARNING, 2027-06-01 "
	"expiring WARNING, 2027-06-15 critical CRITICAL, 2027-06-22 expired "
	"CRITICAL"},
    {"what holds now goes first", nothing, "2027-06-02", NULL,
	"2027-06-01 expiring WARNING, 2027-06-15 critical CRITICAL, "
	"2027-06-22 expired CRITICAL"},
    {"when all is over", nothing, "2030-01-01", NULL,
	"2027-06-22 expired CRITICAL"},
    {"behind, and over", behind_for_long, "2027-07-01", NULL,
	"2027-07-01 behind CRITICAL"},
    {"accepted, and missing", accepted_but_missing, NOW, NULL,
	"2026-11-23 missing CRITICAL, 2027-04-20 upcoming WARNING, "
	"2027-05-07 overdue WARNING, 2027-06-01 expiring WARNING, 2027-06-15 "
	"critical CRITICAL, 2027-06-22 expired CRITICAL"},
    {"accepted, and unreadable", accepted_but_unreadable, "2027-06-02", NULL,
	"2027-06-02 unreadable UNKNOWN, 2027-06-15 critical CRITICAL, "
	"2027-06-22 expired CRITICAL"},
    {"the manifest's ceremony", manifest_names_march, NOW, NULL,
	"2027-02-16 upcoming WARNING, 2027-03-05 overdue WARNING, 2027-06-01 "
	"expiring WARNING, 2027-06-15 critical CRITICAL, 2027-06-22 expired "
	"CRITICAL"},
    {"the store that ends first", shorter_in_one_store, NOW, NULL,
	"2027-02-01 expiring WARNING, 2027-02-15 critical CRITICAL, "
	"2027-02-22 expired CRITICAL"},
    {"overtaken to the second", due_with_the_cushion, NOW, NULL,
	"2027-05-15 upcoming WARNING, 2027-06-01 expiring WARNING, "
	"2027-06-15 critical CRITICAL, 2027-06-22 expired CRITICAL"},
    {"a day before", due_before_the_cushion, NOW, NULL,
	"2027-05-14 upcoming WARNING, 2027-05-31 overdue WARNING, 2027-06-01 "
	"expiring WARNING, 2027-06-15 critical CRITICAL, 2027-06-22 expired "
	"CRITICAL"},
    {"no cushion of its own", critical_all_along, NOW, NULL,
	"2027-04-20 upcoming WARNING, 2027-05-07 overdue WARNING, 2027-06-01 "
	"critical CRITICAL, 2027-06-22 expired CRITICAL"},
    {"the root ends before any ceremony", root_ends_in_april, NOW, NULL,
	"2027-06-01 expiring WARNING, 2027-06-15 critical CRITICAL, "
	"2027-06-22 expired CRITICAL"},
    {"no CRL", missing_everywhere, NOW, "2027-05-04",
	"2026-11-23 missing CRITICAL, 2027-10-19 upcoming WARNING, "
	"2027-11-05 overdue WARNING, 2027-11-13 expiring WARNING, 2027-11-27 "
	"critical CRITICAL, 2027-12-04 expired CRITICAL"},
    {"no CRL, on the day of a ceremony", missing_everywhere,
	"2027-05-04T12:00:00Z", "2027-05-04",
	"2027-05-04T12:00:00Z missing CRITICAL, 2027-10-19 upcoming WARNING, "
	"2027-11-05 overdue WARNING, 2027-11-13 expiring WARNING, 2027-11-27 "
	"critical CRITICAL, 2027-12-04 expired CRITICAL"},
    {"no CRL that ends", without_an_end, NOW, "2027-05-04",
	"2026-11-23 invalid CRITICAL, 2027-10-19 upcoming WARNING, "
	"2027-11-05 overdue WARNING, 2027-11-13 expiring WARNING, 2027-11-27 "
	"critical CRITICAL, 2027-12-04 expired CRITICAL"},
    {"missing in one store", missing_in_one_store, NOW, NULL,
	"2026-11-23 missing CRITICAL, 2027-04-20 upcoming WARNING, "
	"2027-05-07 overdue WARNING, 2027-06-01 expiring WARNING, 2027-06-15 "
	"critical CRITICAL, 2027-06-22 expired CRITICAL"},
    {"unpublished is worse after a day", unpublished_for_days, NOW, NULL,
	"2026-11-23 unpublished CRITICAL, 2027-04-20 upcoming WARNING, "
	"2027-05-07 overdue WARNING, 2027-06-01 expiring WARNING, 2027-06-15 "
	"critical CRITICAL, 2027-06-22 expired CRITICAL"},
};

static void
events_text(const struct forecast *forecast, char *out, size_t capacity)
{
	size_t used = 0;
	size_t i;

	assert_true(forecast->event_count <= FORECAST_EVENTS_MAX);
	for (i = 0; i < forecast->event_count && used < capacity; i++) {
		const struct forecast_event *event = &forecast->events[i];
		char at[UTC_TEXT_SIZE];

		utc_format(event->at_s, at);
		if (event->at_s % DAY_S == 0)
			utc_format_date(event->at_s, at);
		used += (size_t)snprintf(out + used, capacity - used,
		    "%s%s %s %s", i > 0 ? ", " : "", at,
		    pair_state_word(event->state),
		    severity_word(event->severity));
	}
}

static bool
comes_with_time(enum pair_state state)
{
	return state == PAIR_FRESH || state == PAIR_UPCOMING ||
	    state == PAIR_OVERDUE || state == PAIR_EXPIRING ||
	    state == PAIR_CRITICAL || state == PAIR_EXPIRED;
}

TEST(events_are_foreseen)
{
	size_t i;

	for (i = 0; i < COUNT_OF(rows); i++) {
		struct scene scene;
		struct standing standing;
		struct forecast forecast;
		char have[512] = "";

		print_message("%s\n", rows[i].name);
		set_scene(&scene);
		rows[i].arrange(&scene);
		standing_decide(&scene.facts, instant(rows[i].now),
		    &standing);
		forecast_make(&standing, instant(rows[i].now), &forecast);
		events_text(&forecast, have, sizeof(have));
		assert_string_equal(have, rows[i].want);
		assert_int_equal(forecast.is_assumed,
		    rows[i].assumed != NULL);
		if (rows[i].assumed != NULL)
			assert_int_equal(forecast.ceremony_s,
			    instant(rows[i].assumed));
		assert_int_equal(forecast.has_number,
		    standing.has_number || forecast.is_accepted);
		assert_string_equal(forecast.detail,
		    comes_with_time(standing.state) ? "" : standing.detail);
	}
}

/* Does check say `state` at that time? */
static bool
check_says(const struct standing_facts *facts, int64_t at_s,
    enum pair_state state)
{
	struct standing standing;

	standing_decide(facts, at_s, &standing);
	return standing.state == state;
}

/* To the second at each event, and on each day between them. */
static bool
check_agrees(const struct forecast *forecast,
    const struct standing_facts *facts)
{
	int64_t at_s = facts->places[0].this_update_s;
	enum pair_state before = PAIR_FRESH;
	size_t i;

	for (i = 0; i < forecast->event_count; i++) {
		const struct forecast_event *event = &forecast->events[i];

		for (; at_s < event->at_s; at_s += DAY_S) {
			if (!check_says(facts, at_s, before))
				return false;
		}
		at_s = event->at_s;
		if (!check_says(facts, at_s - 1, before) ||
		    !check_says(facts, at_s, event->state))
			return false;
		before = event->state;
	}
	return before == PAIR_EXPIRED;
}

/* Made at each event, it begins with that. */
static bool
begins_now(const struct forecast *forecast,
    const struct standing_facts *facts)
{
	size_t i;

	for (i = 0; i < forecast->event_count; i++) {
		const struct forecast_event *event = &forecast->events[i];
		struct standing standing;
		struct forecast later;

		standing_decide(facts, event->at_s, &standing);
		forecast_make(&standing, event->at_s, &later);
		if (later.events[0].at_s != event->at_s ||
		    later.events[0].state != event->state ||
		    later.event_count != forecast->event_count - i)
			return false;
	}
	return true;
}

/* A forecast that is a second off, or lacks an event, is found out. */
static void
refuse_others(const struct forecast *forecast,
    const struct standing_facts *facts)
{
	size_t i;

	for (i = 0; i < forecast->event_count; i++) {
		struct forecast other = *forecast;
		size_t k;

		other.events[i].at_s++;
		assert_false(check_agrees(&other, facts));
		other.events[i].at_s -= 2;
		assert_false(check_agrees(&other, facts));
		other = *forecast;
		other.event_count--;
		for (k = i; k < other.event_count; k++)
			other.events[k] = other.events[k + 1];
		assert_false(check_agrees(&other, facts));
	}
}

/* Every CRL of 30 years, signed on its day or up to two weeks before. */
TEST(check_says_what_was_foreseen)
{
	static const char *const names[] = {"semiannual", "quarterly",
	    "monthly", "annual", "annual-br"};
	size_t i;

	for (i = 0; i < COUNT_OF(names); i++) {
		struct schedule schedule = shipped(names[i], NULL);
		int64_t end_s = instant("2056-01-01");
		uint32_t index;

		for (index = 0; schedule_ceremony(&schedule, index) < end_s;
		    index++) {
			struct standing_place place = {.is_present = true,
			    .is_valid = true, .has_next_update = true};
			const struct standing_facts facts = {
			    .schedule = &schedule, .places = &place,
			    .place_count = 1};
			struct standing standing;
			struct forecast forecast;

			place.this_update_s = schedule_ceremony(&schedule,
			    index) + 36000 - DAY_S * (index % 15);
			place.next_update_s = utc_add(place.this_update_s,
			    &schedule.validity);
			standing_decide(&facts, place.this_update_s,
			    &standing);
			forecast_make(&standing, place.this_update_s,
			    &forecast);
			assert_false(forecast.is_assumed);
			assert_int_equal(forecast.next_update_s,
			    place.next_update_s);
			if (!check_agrees(&forecast, &facts) ||
			    !begins_now(&forecast, &facts))
				fail_msg("%s, ceremony %u", names[i], index);
			refuse_others(&forecast, &facts);
		}
	}
}
