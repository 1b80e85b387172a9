/* SPDX-License-Identifier: ISC */
#include <jansson.h>

#include "test.h"
#include "view/plan.h"
#include "views_fixture.h"

static const char *const names[] = {"issuing-1", "issuing-2"};

/* Two pairs with CRLs, one without, and three certificates. */
struct plan_scene {
	struct scene scene;
	struct schedule_day days[3];
	struct forecast forecasts[2];
	struct plan_end ends[3];
	struct plan plan;
	struct plan_span span;
};

static void
set_plan(struct plan_scene *plan)
{
	struct standing *standings = plan->scene.standings;
	uint32_t i;

	*plan = (struct plan_scene){0};
	set_scene(&plan->scene);
	for (i = 0; i < 3; i++)
		schedule_describe(&plan->scene.schedule, i, &plan->days[i]);
	plan->span = (struct plan_span){instant(NOW), instant("2028-11-23")};
	forecast_make(&standings[0], plan->span.now_s, &plan->forecasts[0]);
	plan->forecasts[0].subordinates = names;
	plan->forecasts[0].subordinate_count = 2;
	forecast_make(&standings[2], plan->span.now_s, &plan->forecasts[1]);
	plan->forecasts[1].subordinates = &names[1];
	plan->forecasts[1].subordinate_count = 1;
	plan->ends[0] = (struct plan_end){.name = "old", .is_retired = true,
	    .not_after_s = instant("2026-11-22T23:59:59Z")};
	plan->ends[1] = (struct plan_end){.name = "issuing-1",
	    .not_after_s = instant(NOW)};
	plan->ends[2] = (struct plan_end){.name = "corp-root-g1",
	    .is_root = true, .not_after_s = instant("2028-11-23")};
	plan->plan = (struct plan){.root = "corp-root-g1",
	    .schedule = &plan->scene.schedule, .proven_years = 30,
	    .days = plan->days, .day_count = 3,
	    .forecasts = plan->forecasts, .forecast_count = 1,
	    .ends = plan->ends, .end_count = 3};
}

static void
assert_text(const struct plan_scene *plan, const char *want)
{
	RELEASE_BUFFER struct buffer out = {0};
	struct error err = {0};

	FINE(plan_text(&plan->plan, &plan->span, 0, &out, &err));
	assert_string_equal(text_of(&out), want);
}

#define DAYS \
	"corp-root-g1: schedule test leaves no gap over 30 years\n\n" \
	"CEREMONY          DUE FROM    STANDBY     CUSHION FROM  " \
	"NEXT-UPDATE  MAY MISS\n" \
	"2026-05-05 10:00  2026-05-08  -           2026-11-14    " \
	"2026-12-05          0\n" \
	"2026-11-03 10:00  2026-11-06  2026-11-10  2027-05-13    " \
	"2027-06-03          0\n" \
	"2027-05-04 10:00  2027-05-07  2027-05-10  2027-11-13    " \
	"2027-12-04          0\n"
#define ENDS \
	"\ncorp-root-g1: certificates that expire by 2028-11-23\n\n" \
	"ENDS        OF           NAME          REMARK\n" \
	"2026-11-22  subordinate  old           it has ended\n" \
	"2026-11-23  subordinate  issuing-1     renew it before then\n" \
	"2028-11-23  root         corp-root-g1  no CRL lasts beyond it\n"

TEST(a_plan_is_text)
{
	struct plan_scene plan;

	set_plan(&plan);
	assert_text(&plan, DAYS
	    "\ncorp-root-g1: if nobody acts from now on, after CRL #12\n\n"
	    "FROM        STATE     CHECK     WHAT\n"
	    "2027-04-20  upcoming  WARNING   the ceremony of 2027-05-04 is to "
	    "be prepared\n"
	    "2027-05-07  overdue   WARNING   the CRL of the ceremony of "
	    "2027-05-04 is overdue\n"
	    "2027-06-01  expiring  WARNING   no newer CRL is in place, and "
	    "the last one expires on 2027-06-22\n"
	    "2027-06-15  critical  CRITICAL  the CRL expires on 2027-06-22\n"
	    "2027-06-22  expired   CRITICAL  issuing-1, issuing-2 stop "
	    "issuing: the CRL has expired\n"
	    ENDS);
}

/* Each pair says its name; without a CRL a ceremony is assumed. */
TEST(pairs_are_text)
{
	struct plan_scene plan;

	set_plan(&plan);
	plan.forecasts[0].subordinate_count = 1;
	plan.forecasts[0].has_number = false;
	plan.forecasts[0].event_count = 1;
	plan.plan.forecast_count = 2;
	assert_text(&plan, DAYS
	    "\ncorp-root-g1/issuing-1: if nobody acts from now on\n\n"
	    "FROM        STATE     CHECK    WHAT\n"
	    "2027-04-20  upcoming  WARNING  the ceremony of 2027-05-04 is to "
	    "be prepared\n"
	    "\ncorp-root-g1/issuing-2: no CRL yet; if the ceremony of "
	    "2027-05-04 is held, and none after it\n\n"
	    "FROM        STATE     CHECK     WHAT\n"
	    "2026-11-23  missing   CRITICAL  der /missing: no CRL of root "
	    "corp-root-g1: import the newest bundle\n"
	    "2027-10-19  upcoming  WARNING   the ceremony of 2027-11-02 is to "
	    "be prepared\n"
	    "2027-11-05  overdue   WARNING   the CRL of the ceremony of "
	    "2027-11-02 is overdue\n"
	    "2027-11-13  expiring  WARNING   no newer CRL is in place, and "
	    "the last one expires on 2027-12-04\n"
	    "2027-11-27  critical  CRITICAL  the CRL expires on 2027-12-04\n"
	    "2027-12-04  expired   CRITICAL  issuing-2 stops issuing: the "
	    "CRL has expired\n"
	    ENDS);
}

/* No ceremony, no subordinate, no certificate within the span. */
TEST(an_empty_plan_is_text)
{
	struct plan_scene plan;

	set_plan(&plan);
	plan.plan.day_count = 0;
	plan.plan.end_count = 0;
	plan.forecasts[0].subordinate_count = 0;
	plan.forecasts[0].events[0] = plan.forecasts[0].events[4];
	plan.forecasts[0].event_count = 1;
	assert_text(&plan,
	    "corp-root-g1: schedule test leaves no gap over 30 years\n\n"
	    "\ncorp-root-g1: if nobody acts from now on, after CRL #12\n\n"
	    "FROM        STATE    CHECK     WHAT\n"
	    "2027-06-22  expired  CRITICAL  every subordinate of "
	    "corp-root-g1 stops issuing: the CRL has expired\n"
	    "\ncorp-root-g1: no certificate expires by 2028-11-23\n");
}

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
	assert_string_equal(member(item(root, "ceremonies", 0), "standby"),
	    "null");
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
	    "issuing-1, issuing-2 stop issuing: the CRL has expired");
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
	see_forecasts(root);
	see_ends(root);
	assert_string_equal(member(item(top, "roots", 1), "root"), "other");
	json_decref(top);
}
