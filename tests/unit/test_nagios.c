/* SPDX-License-Identifier: ISC */
/* What a monitoring daemon reads. */
#include <stdio.h>
#include <stdlib.h>

#include "test.h"
#include "view/nagios.h"
#include "views_fixture.h"

#define TWO_TEXT "corp-root-g1/issuing-2 expiring: CRL #12 in pem " \
    "/a \"b\"\\c?d?? ends on 2026-12-05 (in 12 days), and another store " \
    "holds a later one: import the newest bundle: crlferry-sub import MEDIUM"
#define THREE_TEXT "corp-root-g1 missing: der /missing holds no CRL of " \
    "corp-root-g1, and whoever depends on corp-root-g1 needs one: import " \
    "the newest bundle: crlferry-sub import MEDIUM"
#define ONE_DATA "'corp-root-g1/issuing-1'=18230400s;1814400:;604800:"
#define TWO_DATA "'corp-root-g1/issuing-2'=1036800s;1814400:;604800:"
#define THREE_DATA "'corp-root-g1'=U"

/* For the pairs first..first+count-1 of the scene. */
static const struct {
	const char *name;
	size_t first, count;
	const char *want;
} rows[] = {
    {"none", 0, 0, "CRLFERRY UNKNOWN - no pair is configured: name a "
	"subordinate in the configuration, as crlferry-sub init writes it\n"},
    {"one, fresh", 0, 1, "CRLFERRY OK - corp-root-g1/issuing-1 fresh: CRL "
	"#12 ends 2027-06-22 (in 211 days), next ceremony 2027-05-04 | "
	ONE_DATA "\n"},
    {"a bar in the path", 1, 1, "CRLFERRY WARNING - " TWO_TEXT " | "
	TWO_DATA "\n"},
    {"nothing to measure", 2, 1, "CRLFERRY CRITICAL - " THREE_TEXT " | "
	THREE_DATA "\n"},
    {"two", 0, 2, "CRLFERRY WARNING - 1 of 2 pairs warning: " TWO_TEXT " | "
	ONE_DATA " " TWO_DATA "\nWARNING - " TWO_TEXT "\n"},
    {"three, the worst first", 0, 3, "CRLFERRY CRITICAL - 1 of 3 pairs "
	"critical, 1 warning: " THREE_TEXT "; also corp-root-g1/issuing-2 "
	"expiring | " ONE_DATA " " TWO_DATA " " THREE_DATA "\n"
	"CRITICAL - " THREE_TEXT "\nWARNING - " TWO_TEXT "\n"},
};

TEST(monitoring_lines_follow_the_guidelines)
{
	struct scene scene;

	set_scene(&scene);
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		RELEASE_BUFFER struct buffer out = {0};
		struct error err = {0};

		print_message("%s\n", rows[i].name);
		FINE(nagios_standings(&scene.standings[rows[i].first],
		    rows[i].count, scene.now_s, &out, &err));
		assert_string_equal(text_of(&out), rows[i].want);
	}
	assert_int_equal(standings_worst(NULL, 0), SEVERITY_UNKNOWN);
	assert_int_equal(standings_worst(scene.standings, 1), SEVERITY_OK);
	assert_int_equal(standings_worst(scene.standings, 3),
	    SEVERITY_CRITICAL);
}

/* Months count backwards from nextUpdate, and what is late is negative. */
TEST(thresholds_follow_the_calendar)
{
	RELEASE_BUFFER struct buffer out = {0};
	struct error err = {0};
	struct scene scene;

	set_scene(&scene);
	scene.schedule.cushion = (struct duration){.months = 1};
	scene.places[0].next_update_s = instant("2027-03-31");
	scene.now_s = instant("2027-03-31T00:01:00Z");
	standing_decide(&scene.facts[0], scene.now_s, &scene.standings[0]);
	FINE(nagios_standings(scene.standings, 1, scene.now_s, &out, &err));
	/* From 28 February to 31 March it is 31 days. */
	assert_non_null(strstr(text_of(&out), "=-60s;2678400:;604800:\n"));
}

/* What is worse comes first. */
static const struct {
	const char *name;
	const char *now;
	const char *root_end, *subordinate_end;
	const char *weak;
	const char *want;
} concern_rows[] = {
    {"far away", NOW, "2036-01-01", "2036-01-01", "", "CRLFERRY OK - "
	"corp-root-g1/issuing-1 fresh: CRL #12 ends 2027-06-22 (in 211 days), "
	"next ceremony 2027-05-04 |"},
    {"the root's end, within a year", NOW, "2027-11-22", "2036-01-01", "",
	"CRLFERRY WARNING - corp-root-g1/issuing-1 fresh, but the certificate "
	"of root corp-root-g1 ends on 2027-11-22 (in 364 days), and its "
	"CRLs with it: ask the root's operator for a new one; CRL #12 "
	"ends 2027-06-22 (in 211 days), next ceremony 2027-05-04 |"},
    {"both, the subordinate's sooner", NOW, "2027-11-22", "2026-12-22", "",
	"CRLFERRY CRITICAL - corp-root-g1/issuing-1 fresh, but the "
	"certificate of issuing-1 ends on 2026-12-22 (in 29 days): have root "
	"corp-root-g1 sign a new one; CRL #12 ends 2027-06-22 (in 211 days), "
	"next ceremony 2027-05-04; the certificate of root corp-root-g1 ends "
	"on 2027-11-22 (in 364 days), and its CRLs with it: ask the "
	"root's operator for a new one |"},
    {"as bad as the state: behind it", "2027-05-08", "2036-01-01",
	"2036-01-01", "sha1WithRSAEncryption", "CRLFERRY WARNING - "
	"corp-root-g1/issuing-1 overdue: the ceremony of 2027-05-04 is "
	"overdue since 2027-05-07 and its CRL has not come; issuing-1 stops "
	"on 2027-06-22 (in 45 days): hold a ceremony and import its bundle; "
	"the certificate of issuing-1 is signed with sha1WithRSAEncryption, "
	"which many programs refuse: have root corp-root-g1 sign a new one "
	"|"},
    {"worse than it", "2027-05-08", "2027-05-07", "2036-01-01", "",
	"CRLFERRY CRITICAL - corp-root-g1/issuing-1 overdue, and the "
	"certificate of root corp-root-g1 ended on 2027-05-07 00:00 UTC (24 "
	"hours ago), and its CRLs with it: ask the root's operator "
	"for a new one; the ceremony of"},
};

TEST(concerns_are_told)
{
	for (size_t i = 0; i < COUNT_OF(concern_rows); i++) {
		RELEASE_BUFFER struct buffer out = {0};
		struct error err = {0};
		struct scene scene;
		struct standing_facts *facts = &scene.facts[0];

		print_message("%s\n", concern_rows[i].name);
		set_scene(&scene);
		scene.now_s = instant(concern_rows[i].now);
		facts->root_not_after_s = instant(concern_rows[i].root_end);
		facts->has_subordinate_not_after = true;
		facts->subordinate_not_after_s =
		    instant(concern_rows[i].subordinate_end);
		strcpy(facts->subordinate_weak, concern_rows[i].weak);
		standing_decide(facts, scene.now_s, &scene.standings[0]);
		FINE(nagios_standings(scene.standings, 1, scene.now_s, &out,
		    &err));
		assert_memory_equal(text_of(&out), concern_rows[i].want,
		    strlen(concern_rows[i].want));
	}
}

/* Pairs 0, 1, ... of which each `every`-th is missing its CRL. */
struct crowd {
	struct standing_place *places;
	struct standing_facts *facts;
	struct standing *standings;
	size_t count;
};

static void
gather(struct crowd *crowd, struct scene *scene, size_t count, size_t every)
{
	*crowd = (struct crowd){.count = count,
	    .places = calloc(count, sizeof(*crowd->places)),
	    .facts = calloc(count, sizeof(*crowd->facts)),
	    .standings = calloc(count, sizeof(*crowd->standings))};
	set_scene(scene);
	for (size_t i = 0; i < count; i++) {
		crowd->places[i] = scene->places[0];
		crowd->places[i].is_present = (i + 1) % every != 0;
		/* The later ones end sooner. */
		crowd->places[i].next_update_s -= (int64_t)i;
		crowd->facts[i] = scene->facts[0];
		crowd->facts[i].places = &crowd->places[i];
		snprintf(crowd->facts[i].subordinate, 33, "sub-%zu", i);
		standing_decide(&crowd->facts[i], scene->now_s,
		    &crowd->standings[i]);
	}
}

static void
disperse(struct crowd *crowd)
{
	free(crowd->places);
	free(crowd->facts);
	free(crowd->standings);
}

/* Nobody is told "fresh" of what needs attention. */
TEST(others_are_named_by_what_is_wrong)
{
	RELEASE_BUFFER struct buffer out = {0}, later = {0};
	struct error err = {0};
	struct crowd crowd;
	struct scene scene;

	gather(&crowd, &scene, 5, 9);
	for (size_t i = 0; i < 5; i++) {
		struct standing_facts *facts = &crowd.facts[i];

		facts->has_subordinate_not_after = true;
		facts->subordinate_not_after_s = i == 0 ?
		    scene.now_s - 9 * DAY_S : i == 1 ? scene.now_s + DAY_S :
		    instant("2036-01-01");
		if (i == 2)
			strcpy(facts->subordinate_weak, "ecdsa-with-SHA1");
		if (i == 3)
			facts->root_not_after_s = scene.now_s + 200 * DAY_S;
		standing_decide(facts, scene.now_s, &crowd.standings[i]);
	}
	FINE(nagios_standings(crowd.standings, 5, scene.now_s, &out, &err));
	assert_non_null(strstr(text_of(&out), "2 of 5 pairs critical, 2 "
	    "warning: corp-root-g1/sub-1 fresh, but the certificate of "));
	assert_non_null(strstr((char *)out.data, "; also corp-root-g1/sub-0: "
	    "certificate ended, corp-root-g1/sub-3: root ends soon, "
	    "corp-root-g1/sub-2: certificate with a weak signature | "));
	/* When the CRLs themselves are late, both are said. */
	scene.now_s = instant("2027-05-08");
	for (size_t i = 0; i < 5; i++)
		standing_decide(&crowd.facts[i], scene.now_s,
		    &crowd.standings[i]);
	FINE(nagios_standings(crowd.standings, 5, scene.now_s, &later, &err));
	assert_non_null(strstr(text_of(&later), "corp-root-g1/sub-0 overdue "
	    "and certificate ended, "));
	disperse(&crowd);
}

/* A day after it, with nobody to be told; and after the roots' end. */
TEST(pairs_that_are_well_name_no_ceremony_that_is_past)
{
	RELEASE_BUFFER struct buffer out = {0}, none = {0};
	struct error err = {0};
	struct crowd crowd;
	struct scene scene;

	gather(&crowd, &scene, 2, 9);
	scene.schedule.remind = (struct duration){0};
	scene.now_s = instant("2027-05-05");
	for (size_t i = 0; i < 2; i++)
		standing_decide(&crowd.facts[i], scene.now_s,
		    &crowd.standings[i]);
	FINE(nagios_standings(crowd.standings, 2, scene.now_s, &out, &err));
	assert_non_null(strstr(text_of(&out), "2 pairs fresh: the ceremony of "
	    "corp-root-g1, planned for 2027-05-04 (yesterday), is overdue "
	    "from 2027-05-07 on, and corp-root-g1/sub-1 would stop first, "));
	scene.schedule.renew = (struct duration){0};
	scene.schedule.renew_critical = (struct duration){0};
	for (size_t i = 0; i < 2; i++) {
		crowd.facts[i].root_not_after_s = scene.now_s - DAY_S;
		crowd.facts[i].has_root_not_after = true;
		standing_decide(&crowd.facts[i], instant("2026-11-23"),
		    &crowd.standings[i]);
	}
	FINE(nagios_standings(crowd.standings, 2, instant("2026-11-23"),
	    &none, &err));
	assert_non_null(strstr(text_of(&none), "2 pairs fresh: no ceremony "
	    "follows before their roots end, and "));
	disperse(&crowd);
}

/* Neither counted nor named. */
TEST(retired_pairs_are_silent)
{
	RELEASE_BUFFER struct buffer all = {0};
	struct scene scene;
	struct error err = {0};

	set_scene(&scene);
	scene.facts[1].is_retired = true;
	standing_decide(&scene.facts[1], scene.now_s, &scene.standings[1]);
	for (size_t i = 0; i < 2; i++) {
		RELEASE_BUFFER struct buffer out = {0};

		FINE(nagios_standings(&scene.standings[i], 2 - i, scene.now_s,
		    &out, &err));
		assert_string_equal(text_of(&out), i == 0 ? rows[1].want :
		    "CRLFERRY OK - corp-root-g1/issuing-2 is retired: it is "
		    "not watched\n");
	}
	for (size_t i = 0; i < 3; i++) {
		scene.facts[i].is_retired = true;
		standing_decide(&scene.facts[i], scene.now_s,
		    &scene.standings[i]);
	}
	FINE(nagios_standings(scene.standings, 3, scene.now_s, &all, &err));
	assert_string_equal(text_of(&all), "CRLFERRY OK - all 3 pairs are "
	    "retired: none is watched\n");
}

TEST(verbose_shows_stores_and_certificates)
{
	RELEASE_BUFFER struct buffer out = {0};
	struct error err = {0};
	struct scene scene;

	set_scene(&scene);
	scene.facts[0].has_subordinate_not_after = true;
	scene.facts[0].subordinate_not_after_s = instant("2031-01-01");
	strcpy(scene.facts[0].root_weak, "sha1WithRSAEncryption");
	scene.facts[2].is_retired = true;
	standing_decide(&scene.facts[0], scene.now_s, &scene.standings[0]);
	standing_decide(&scene.facts[2], scene.now_s, &scene.standings[2]);
	FINE(nagios_verbose(scene.standings, 3, scene.now_s, &out, &err));
	assert_string_equal(text_of(&out), "CRLFERRY WARNING - 1 of 2 pairs "
	    "warning: " TWO_TEXT " | " ONE_DATA " " TWO_DATA "\n"
	    "WARNING - " TWO_TEXT "\n"
	    "  pem /a \"b\"\\c?d??: CRL #12 of 2026-11-22 ends 2026-12-05 (in "
	    "12 days)\n"
	    "  der /var/r.crl: CRL of 2026-11-22 ends 2027-06-22 (in 211 "
	    "days)\n"
	    "OK - corp-root-g1/issuing-1 fresh: CRL #12 ends 2027-06-22 (in "
	    "211 days), next ceremony 2027-05-04\n"
	    "  hashdir /etc/ssl/crls: CRL #12 of 2026-11-22 ends 2027-06-22 "
	    "(in 211 days)\n"
	    "  the certificate of root corp-root-g1 ends 2036-01-01 (in 3326 "
	    "days)\n"
	    "  the certificate of issuing-1 ends 2031-01-01 (in 1500 days)\n"
	    "  the self-signature of root corp-root-g1 uses "
	    "sha1WithRSAEncryption, which does no harm\n"
	    "OK - corp-root-g1 retired\n");
}

static size_t
count_lines(const char *text)
{
	size_t count = 0;

	for (; *text != '\0'; text++)
		count += *text == '\n';
	return count;
}

TEST(many_pairs_are_counted)
{
	RELEASE_BUFFER struct buffer out = {0}, all = {0};
	struct error err = {0};
	struct crowd crowd;
	struct scene scene;

	gather(&crowd, &scene, 200, 6);
	FINE(nagios_standings(crowd.standings, 200, scene.now_s, &out, &err));
	assert_non_null(strstr(text_of(&out), "CRLFERRY CRITICAL - 33 of 200 "
	    "pairs critical: corp-root-g1/sub-5 missing: "));
	assert_non_null(strstr((char *)out.data, "; also corp-root-g1/sub-11 "
	    "missing, corp-root-g1/sub-17 missing, corp-root-g1/sub-23 "
	    "missing, corp-root-g1/sub-29 missing, corp-root-g1/sub-35 "
	    "missing, and 27 more | 'ok'=167 'warning'=0 'critical'=33 "
	    "'unknown'=0 'first_end'=18230201s;1814400:;604800:\n"
	    "CRITICAL - corp-root-g1/sub-5 missing: "));
	assert_int_equal(count_lines((char *)out.data), 22);
	assert_non_null(strstr((char *)out.data,
	    "\nand 13 more: --verbose lists all\n"));
	FINE(nagios_verbose(crowd.standings, 200, scene.now_s, &all, &err));
	/* Each has a store and the root's certificate. */
	assert_int_equal(count_lines(text_of(&all)), 1 + 3 * 200);
	disperse(&crowd);
}

TEST(many_that_are_well_are_one_line)
{
	RELEASE_BUFFER struct buffer out = {0};
	struct error err = {0};
	struct crowd crowd;
	struct scene scene;

	gather(&crowd, &scene, 50, 51);
	FINE(nagios_standings(crowd.standings, 50, scene.now_s, &out, &err));
	assert_non_null(strstr(text_of(&out), "CRLFERRY OK - 50 pairs fresh: "
	    "the next ceremony is that of corp-root-g1 on 2027-05-04 (in 162 "
	    "days), and corp-root-g1/sub-49 would stop first, on 2027-06-21 "
	    "(in 210 days) | 'corp-root-g1/sub-0'=18230400s;1814400:;604800: "
	    "'corp-root-g1/sub-1'=18230399s;"));
	assert_non_null(strstr((char *)out.data, " 'corp-root-g1/sub-49'="));
	assert_int_equal(count_lines((char *)out.data), 1);
	disperse(&crowd);
}

/* Nagios cuts at 8 KB; then the end of the list is not what is lost. */
TEST(the_output_is_bounded)
{
	RELEASE_BUFFER struct buffer out = {0};
	struct error err = {0};
	struct crowd crowd;
	struct scene scene;
	const char *first_end;

	gather(&crowd, &scene, 50, 1);
	for (size_t i = 0; i < 50; i++) {
		memset(crowd.facts[i].root, 'r', 32);
		memset(crowd.places[i].path, 'p', 511);
		crowd.places[i].is_present = true;
		crowd.places[i].is_valid = false;
		memset(crowd.places[i].detail, '|', 511);
		standing_decide(&crowd.facts[i], scene.now_s,
		    &crowd.standings[i]);
	}
	FINE(nagios_standings(crowd.standings, 50, scene.now_s, &out, &err));
	assert_in_range(out.size, 4000, 8191);
	text_of(&out);
	assert_string_equal((char *)out.data + out.size - 1 -
	    strlen(" more: --verbose lists all\n"),
	    " more: --verbose lists all\n");
	/* One bar: before the performance data. */
	first_end = strchr((char *)out.data, '|');
	assert_non_null(first_end);
	assert_memory_equal(first_end, "| 'rrrr", 7);
	assert_null(strchr(first_end + 1, '|'));
	disperse(&crowd);
}
