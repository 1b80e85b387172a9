/* SPDX-License-Identifier: ISC */
#include <jansson.h>

#include "plan_scene_fixture.h"
#include "test.h"

static const char *
member(const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);

	if (value == NULL)
		fail_msg("no member %s", key);
	return json_is_null(value) ? "null" : json_string_value(value);
}

static json_t *
item(const json_t *object, const char *key, size_t at)
{
	json_t *value = json_array_get(json_object_get(object, key), at);

	if (value == NULL)
		fail_msg("no %s %zu", key, at);
	return value;
}

static void
assert_count(const json_t *object, const char *key, size_t want)
{
	assert_int_equal(json_array_size(json_object_get(object, key)), want);
}

static void
see_days(const json_t *root)
{
	const json_t *day = item(root, "ceremonies", 1);

	assert_count(root, "ceremonies", 3);
	assert_string_equal(member(day, "ceremony"), "2026-11-03");
	assert_string_equal(member(day, "standby"), "2026-11-10");
	assert_string_equal(member(day, "next_ceremony"), "2027-05-04");
	assert_string_equal(member(day, "deadline"), "2026-11-06T00:00:00Z");
	assert_string_equal(member(day, "next_update"),
	    "2027-06-03T00:00:00Z");
	assert_string_equal(member(day, "cushion"), "2027-05-13T00:00:00Z");
	assert_int_equal(json_integer_value(json_object_get(day,
	    "may_miss")), 0);
	assert_string_equal(member(day, "prepare"), "2026-10-20");
	assert_string_equal(member(day, "state"), "held");
	assert_string_equal(member(item(root, "ceremonies", 2), "state"),
	    "next");
	assert_string_equal(member(item(root, "ceremonies", 0), "standby"),
	    "null");
}

static void
see_action(const json_t *root)
{
	const json_t *action = json_object_get(root, "next_action");
	const json_t *stop = item(action, "stops", 0);

	assert_string_equal(member(action, "what"), "wait");
	assert_string_equal(member(action, "by"), "2027-05-04");
	assert_string_equal(member(action, "ceremony"), "2027-05-04");
	assert_string_equal(member(action, "text"), "The next ceremony is on "
	    "Tuesday 2027-05-04 (in 162 days), 10:00 local time; nothing is "
	    "to be done before 2027-04-20, when reminders begin.");
	assert_count(action, "missed", 0);
	assert_count(action, "first", 0);
	assert_count(action, "concerns", 0);
	assert_count(action, "stops", 1);
	assert_string_equal(member(stop, "subordinate"), "issuing-1");
	assert_string_equal(member(stop, "on"), "2027-06-22T00:00:00Z");
	assert_true(json_is_false(json_object_get(stop, "stopped")));
	assert_string_equal(member(action, "schedule_differs"), "null");
}

/* What is missed, or to be mended, with the facts that the text has. */
TEST(an_action_has_its_reasons)
{
	RELEASE_BUFFER struct buffer out = {0};
	struct error err = {0};
	struct plan_scene plan;
	struct standing standings[3];
	struct agenda_stop stops[3];
	json_t *top, *action;
	size_t i;

	set_plan(&plan);
	plan.span.now_s = instant("2027-05-07");
	for (i = 0; i < 3; i++)
		standing_decide(&plan.scene.facts[i], plan.span.now_s,
		    &standings[i]);
	agenda_make(standings, 3, plan.span.now_s, stops, &plan.plan.agenda);
	FINE(plan_json(&plan.plan, 1, &plan.span, &out, &err));
	top = json_loads(text_of(&out), JSON_REJECT_DUPLICATES, NULL);
	assert_non_null(top);
	action = json_object_get(item(top, "roots", 0), "next_action");
	assert_string_equal(member(action, "what"), "hold-ceremony-now");
	assert_string_equal(member(action, "by"), "2027-05-07");
	assert_count(action, "missed", 1);
	assert_string_equal(json_string_value(item(action, "missed", 0)),
	    "2027-05-04");
	assert_int_equal(json_integer_value(json_object_get(action,
	    "missed_count")), 1);
	assert_count(action, "stops", 2);
	assert_string_equal(member(item(action, "stops", 0), "on"),
	    "2026-12-05T00:00:00Z");
	assert_true(json_is_true(json_object_get(item(action, "stops", 0),
	    "stopped")));
	assert_count(action, "first", 1);
	assert_string_equal(member(item(action, "first", 0), "state"),
	    "missing");
	assert_string_equal(member(item(action, "first", 0), "subordinate"),
	    "null");
	json_decref(top);
}

/* Those that were missed, and a late one, before those to come. */
TEST(what_is_late_is_a_ceremony)
{
	static const char *const wants[] = {"2027-05-04 overdue",
	    "2027-11-02 late", "2028-05-02 planned"};
	RELEASE_BUFFER struct buffer out = {0};
	struct error err = {0};
	struct plan_scene plan;
	struct standing standing;
	json_t *top;
	size_t i;

	set_plan(&plan);
	plan.span.now_s = instant("2027-11-03");
	standing_decide(&plan.scene.facts[0], plan.span.now_s, &standing);
	agenda_make(&standing, 1, plan.span.now_s, plan.stops,
	    &plan.plan.agenda);
	schedule_describe(&plan.scene.schedule, 4, &plan.days[0]);
	plan.plan.day_count = 1;
	FINE(plan_json(&plan.plan, 1, &plan.span, &out, &err));
	top = json_loads(text_of(&out), JSON_REJECT_DUPLICATES, NULL);
	assert_non_null(top);
	assert_count(item(top, "roots", 0), "ceremonies", COUNT_OF(wants));
	for (i = 0; i < COUNT_OF(wants); i++) {
		const json_t *day = item(item(top, "roots", 0), "ceremonies",
		    i);
		char have[64];

		snprintf(have, sizeof(have), "%s %s", member(day, "ceremony"),
		    member(day, "state"));
		assert_string_equal(have, wants[i]);
	}
	json_decref(top);
}

static void
see_forecasts(const json_t *root)
{
	const json_t *first = item(root, "if_nobody_acts", 0);
	const json_t *second = item(root, "if_nobody_acts", 1);
	const json_t *event = item(first, "events", 4);

	assert_count(root, "if_nobody_acts", 2);
	assert_count(first, "subordinates", 2);
	assert_string_equal(json_string_value(item(first, "subordinates",
	    1)), "issuing-2");
	assert_string_equal(member(first, "number"), "12");
	assert_string_equal(member(first, "assumed_ceremony"), "null");
	assert_string_equal(member(first, "next_ceremony"), "2027-05-04");
	assert_string_equal(member(first, "next_update"),
	    "2027-06-22T00:00:00Z");
	assert_count(first, "events", 5);
	assert_string_equal(member(event, "from"), "2027-06-22T00:00:00Z");
	assert_string_equal(member(event, "state"), "expired");
	assert_string_equal(member(event, "severity"), "CRITICAL");
	assert_string_equal(member(event, "detail"),
	    "issuing-1 and issuing-2 stop: the CRL has expired");
	assert_string_equal(member(second, "number"), "null");
	assert_string_equal(member(second, "assumed_ceremony"),
	    "2027-05-04");
	assert_count(second, "events", 6);
	assert_string_equal(member(item(second, "events", 0), "state"),
	    "missing");
	assert_string_equal(member(item(second, "events", 0), "from"), NOW);
}

static void
see_ends(const json_t *root)
{
	static const struct {
		const char *kind, *name, *not_after;
		bool has_ended, is_retired;
	} rows[] = {
	    {"subordinate", "old", "2026-11-22T23:59:59Z", true, true},
	    {"subordinate", "issuing-1", NOW, false, false},
	    {"root", "corp-root-g1", "2028-11-23T00:00:00Z", false, false},
	};
	size_t i;

	assert_count(root, "certificates", 3);
	for (i = 0; i < 3; i++) {
		const json_t *end = item(root, "certificates", i);

		assert_string_equal(member(end, "kind"), rows[i].kind);
		assert_string_equal(member(end, "name"), rows[i].name);
		assert_string_equal(member(end, "not_after"),
		    rows[i].not_after);
		assert_true(json_is_boolean(json_object_get(end, "ended")));
		assert_int_equal(json_is_true(json_object_get(end, "ended")),
		    rows[i].has_ended);
		assert_int_equal(json_is_true(json_object_get(end,
		    "retired")), rows[i].is_retired);
	}
}

TEST(plans_are_one_document)
{
	RELEASE_BUFFER struct buffer out = {0};
	struct error err = {0};
	struct plan_scene plan;
	struct plan plans[2];
	json_t *top, *root;

	set_plan(&plan);
	plan.plan.forecast_count = 2;
	plans[0] = plans[1] = plan.plan;
	plans[1].root = "other";
	FINE(plan_json(plans, 2, &plan.span, &out, &err));
	top = json_loads(text_of(&out), JSON_REJECT_DUPLICATES, NULL);
	assert_non_null(top);
	assert_string_equal(member(top, "type"), "crlferry-plan");
	assert_int_equal(json_integer_value(json_object_get(top, "version")),
	    1);
	assert_string_equal(member(top, "now"), NOW);
	assert_string_equal(member(top, "until"), "2028-11-23T00:00:00Z");
	assert_count(top, "roots", 2);
	root = item(top, "roots", 0);
	assert_string_equal(member(root, "root"), "corp-root-g1");
	assert_string_equal(member(root, "schedule"), "test");
	assert_string_equal(member(root, "at"), "10:00");
	assert_int_equal(json_integer_value(json_object_get(root,
	    "proven_years")), 30);
	see_days(root);
	see_action(root);
	see_forecasts(root);
	see_ends(root);
	assert_string_equal(member(item(top, "roots", 1), "root"), "other");
	json_decref(top);
}
