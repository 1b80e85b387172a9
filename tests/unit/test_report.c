/* SPDX-License-Identifier: ISC */
/* The report: where its timeline puts things, and what text may do in it. */
#include "test.h"
#include "view/report/parts.h"
#include "views_fixture.h"

static const struct {
	const char *label;
	const char *at;
	int position;
} positions[] = {
    {"the left edge", "2026-01-01", 0},
    {"before it", "2020-01-01", 0},
    {"a quarter", "2026-04-02T06:00:00Z", 2500},
    {"the middle", "2026-07-02T12:00:00Z", 5000},
    {"the right edge", "2027-01-01", REPORT_AXIS_END},
    {"beyond it", "9999-12-31", REPORT_AXIS_END},
};

TEST(an_instant_has_a_place_on_the_axis)
{
	const struct report_axis axis = {instant("2026-01-01"),
	    instant("2027-01-01")};

	for (size_t i = 0; i < sizeof(positions) / sizeof(*positions); i++)
		assert_int_equal(report_position(&axis,
		    instant(positions[i].at)), positions[i].position);
}

TEST(an_axis_goes_from_a_year_ago_to_the_plans_end)
{
	const struct report_axis axis = report_make_axis(&(struct plan_span){
	    instant("2028-02-29"), instant("2030-02-28")});

	assert_int_equal(axis.from_s, instant("2027-02-28"));
	assert_int_equal(axis.to_s, instant("2030-02-28"));
}

TEST(an_axis_has_at_most_16_marks)
{
	struct report_axis axis = {.from_s = instant("2026-01-01")};

	for (int years = 1; years <= 51; years++) {
		axis.to_s = utc_add(axis.from_s, &(struct duration){
		    .months = 12 * years});
		assert_in_range(report_step_months(&axis), 1,
		    12 * years);
		assert_in_range(12 * years / report_step_months(&axis), 5,
		    16);
	}
}

TEST(bars_that_overlap_are_in_lanes_of_their_own)
{
	int64_t ends_s[REPORT_LANES] = {0};

	assert_int_equal(report_lane(ends_s, 0, 10), 0);
	assert_int_equal(report_lane(ends_s, 9, 20), 1);
	assert_int_equal(report_lane(ends_s, 10, 30), 0);
	assert_int_equal(report_lane(ends_s, 11, 12), 2);
	assert_int_equal(report_lane(ends_s, 11, 40), 3);
	/* No lane is free: the one that is so first. */
	assert_int_equal(report_lane(ends_s, 11, 50), 2);
	assert_int_equal(ends_s[2], 50);
}

TEST(of_a_roots_crls_the_newest_are_kept_in_order)
{
	struct report_root root = {0};
	struct report_crl crl = {0};

	/* 3, 6, ... 39, 0, 1, ... */
	for (int i = 1; i <= 40; i++) {
		crl.this_update_s = i * 3 % 40;
		report_add_crl(&root, &crl);
		report_add_crl(&root, &crl);
	}
	assert_int_equal(root.crl_count, REPORT_CRLS_MAX);
	for (int i = 0; i < REPORT_CRLS_MAX; i++)
		assert_int_equal(root.crls[i].this_update_s,
		    40 - REPORT_CRLS_MAX + i);
}

static const struct {
	const char *text;
	const char *want;
} texts[] = {
    {"", ""},
    {"</bdi><script>", "&lt;/bdi&gt;&lt;script&gt;"},
    {"\" onload='x'", "&quot; onload=&#39;x&#39;"},
    {"a\nb\x1b[31m\xff", "a?b?[31m?"},
    {"\xd7\xa9 \xe2\x80\xae", "\xd7\xa9 ?"},
    {"on 2027-06-22.", "on <time datetime=\"2027-06-22\">2027-06-22</time>."},
    {"2027-06-22T10:00:00Z", "<time datetime=\"2027-06-22T10:00:00Z\">"
	"2027-06-22T10:00:00Z</time>"},
    {"2027-06-31, 2027-6-1, 20", "2027-06-31, 2027-6-1, 20"},
};

TEST(text_is_inert_and_its_dates_are_marked)
{
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		RELEASE_BUFFER struct buffer out = {0}, want = {0};
		struct error err = {0};
		struct draft draft = {&out, &err, ERR_OK};

		report_put_text(&draft, texts[i].text);
		FINE(draft.code);
		FINE(buffer_appendf(&want, &err, "<bdi>%s</bdi>",
		    texts[i].want));
		assert_string_equal(text_of(&out), text_of(&want));
	}
}

/* A page of the fixture's pairs, whose paths and texts are hostile. */
static void
make_page(struct scene *scene, struct buffer *out)
{
	static const char hostile[] = "</title><script>alert(1)</script>";
	const struct report_certificate certificate = {.root = "corp-root-g1",
	    .is_known = true, .subject = "CN=</bdi><img src=x onerror=y>"};
	const char *const notices[] = {hostile};
	struct plan plan = {.root = "corp-root-g1",
	    .root_end_s = instant("2036-01-01")};
	struct report_root root = {.plan = &plan, .crl_count = 1};
	struct report report = {.program = "crlferry-sub 0.1.0",
	    .who = "<b>@host", .made_s = instant(NOW),
	    .span = {instant(NOW), instant("2028-11-23")}, .roots = &root,
	    .root_count = 1, .standings = scene->standings,
	    .standing_count = 3, .certificates = &certificate,
	    .certificate_count = 1, .notices = notices, .notice_count = 1};
	struct error err = {0};

	plan.schedule = &scene->schedule;
	strcpy(scene->places[0].path, hostile);
	strcpy(scene->places[3].path, hostile);
	strcpy(scene->standings[1].detail, hostile);
	strcpy(root.crls[0].place, hostile);
	strcpy(root.unknown, hostile);
	FINE(report_html(&report, out, &err));
}

TEST(no_text_is_markup)
{
	RELEASE_BUFFER struct buffer out = {0};
	struct scene scene;
	const char *page;

	set_scene(&scene);
	make_page(&scene, &out);
	page = text_of(&out);
	assert_null(strstr(page, "<script"));
	assert_null(strstr(page, "<img"));
	assert_null(strstr(page, "<b>@"));
	assert_non_null(strstr(page, "&lt;script&gt;alert(1)"));
	assert_non_null(strstr(page, "/a &quot;b&quot;\\c|d??"));
}

TEST(the_worst_pair_comes_first)
{
	RELEASE_BUFFER struct buffer out = {0};
	struct scene scene;
	const char *page, *missing, *fresh;

	set_scene(&scene);
	make_page(&scene, &out);
	page = text_of(&out);
	missing = strstr(page, ">missing</span>");
	fresh = strstr(page, "corp-root-g1 / issuing-1");
	assert_non_null(missing);
	assert_non_null(fresh);
	assert_true(missing < fresh);
}

/* A retired pair of another root before it or behind it. */
TEST(a_root_that_needs_nothing_hides_no_ceremony)
{
	for (size_t idle = 0; idle < 2; idle++) {
		RELEASE_BUFFER struct buffer out = {0};
		struct standing standings[2];
		struct plan plans[2];
		struct report_root roots[2] = {{.plan = &plans[0]},
		    {.plan = &plans[1]}};
		struct report report = {.program = "crlferry-sub",
		    .who = "a@b", .made_s = instant(NOW),
		    .span = {instant(NOW), instant("2028-11-23")},
		    .roots = roots, .root_count = 2, .standings = standings,
		    .standing_count = 2};
		struct agenda_stop stop;
		struct scene scene;
		struct error err = {0};

		set_scene(&scene);
		strcpy(scene.facts[1].root, "spare");
		scene.facts[1].is_retired = true;
		for (size_t i = 0; i < 2; i++) {
			struct standing_facts *facts = &scene.facts[i != idle ?
			    0 : 1];

			standing_decide(facts, scene.now_s, &standings[i]);
			plans[i] = (struct plan){.root = facts->root,
			    .root_end_s = instant("2036-01-01"),
			    .schedule = &scene.schedule};
			agenda_make(&standings[i], 1, scene.now_s, &stop,
			    &plans[i].agenda);
		}
		FINE(report_html(&report, &out, &err));
		assert_non_null(strstr(text_of(&out), "The next ceremony is"));
		assert_null(strstr(text_of(&out), "Nothing is to be done"));
	}
}

TEST(every_missed_ceremony_is_on_the_timeline)
{
	RELEASE_BUFFER struct buffer out = {0};
	struct draft draft = {&out, NULL, ERR_OK};
	const struct report_axis axis = {instant("2026-11-23"),
	    instant("2028-11-23")};
	struct plan plan = {.root_end_s = instant("2036-01-01")};
	struct report_root root = {.plan = &plan};
	struct report_pair pair = {.root = &root};
	struct agenda_stop stop;
	struct standing late;
	struct scene scene;

	set_scene(&scene);
	standing_decide(&scene.facts[0], instant("2028-01-01"), &late);
	agenda_make(&late, 1, instant("2028-01-01"), &stop, &plan.agenda);
	pair.standing = &late;
	report_put_words(&draft, &axis, &pair, instant("2028-01-01"));
	assert_non_null(strstr(text_of(&out), "The ceremony of 2027-05-04 is "
	    "overdue. The ceremony of 2027-11-02 is overdue. Today is "));
}

/* Says the page that it holds until then? */
static void
assert_holds_until(struct scene *scene, const char *date)
{
	RELEASE_BUFFER struct buffer out = {0}, want = {0};
	struct error err = {0};

	FINE(buffer_appendf(&want, &err, "it holds until <time datetime=\""
	    "%s\">", date));
	make_page(scene, &out);
	assert_non_null(strstr(text_of(&out), text_of(&want)));
}

TEST(a_page_says_until_when_the_calendar_leaves_it_true)
{
	struct scene scene;

	set_scene(&scene);
	/* issuing-2 becomes critical. */
	assert_holds_until(&scene, "2026-11-28");
	/* issuing-1's certificate comes within a year of its end. */
	scene.facts[0].has_subordinate_not_after = true;
	scene.facts[0].subordinate_not_after_s = instant("2027-11-25");
	scene.schedule.renew = (struct duration){.months = 12};
	assert_holds_until(&scene, "2026-11-25");
	/* A retired one changes nothing. */
	scene.facts[0].is_retired = true;
	assert_holds_until(&scene, "2026-11-28");
	scene.facts[2].unpublished = 1;
	scene.facts[2].unpublished_since_s = scene.now_s;
	assert_holds_until(&scene, "2026-11-24");
}

static const struct {
	const char *now, *root_end, *want;
} descriptions[] = {
    {"2027-05-04", "2036-01-01", "The next ceremony is on 2027-05-04. "},
    {"2027-05-06", "2036-01-01", "The ceremony of 2027-05-04 is late. "},
    {"2027-05-07", "2036-01-01", "The ceremony of 2027-05-04 is overdue. "},
    {"2027-05-04", "2027-05-04", "No ceremony follows before the root ends. "},
};

TEST(a_timeline_says_which_ceremony_is_next)
{
	for (size_t i = 0; i < sizeof(descriptions) / sizeof(*descriptions);
	    i++) {
		RELEASE_BUFFER struct buffer out = {0};
		const int64_t now_s = instant(descriptions[i].now);
		const struct report report = {
		    .span = {now_s, instant("2029-01-01")}};
		struct error err = {0};
		struct draft draft = {&out, &err, ERR_OK};
		struct standing standing;
		struct plan plan = {.root = "corp-root-g1"};
		const struct report_root root = {.plan = &plan};
		const struct report_pair pair = {.standing = &standing,
		    .root = &root, .id = 1};
		struct scene scene;

		set_scene(&scene);
		plan.root_end_s = scene.facts[0].root_not_after_s =
		    instant(descriptions[i].root_end);
		standing_decide(&scene.facts[0], now_s, &standing);
		report_put_timeline(&draft, &report, &pair);
		FINE(draft.code);
		assert_non_null(strstr(text_of(&out), descriptions[i].want));
	}
}
