/* SPDX-License-Identifier: ISC */
#include "plan_scene_fixture.h"
#include "test.h"

static void
assert_text(const struct plan_scene *plan, const char *want)
{
	RELEASE_BUFFER struct buffer out = {0};
	struct error err = {0};
	const char *have;
	size_t at;

	FINE(plan_text(&plan->plan, 1, &plan->span, 0, &out, &err));
	have = text_of(&out);
	for (at = 0; have[at] != '\0' && have[at] == want[at];)
		at++;
	if (have[at] != want[at])
		fail_msg("want: %.400s\nhave: %.400s", want + at, have + at);
}

#define NEXT \
	"corp-root-g1: The next ceremony is on Tuesday 2027-05-04 (in 162 " \
	"days), 10:00\n" \
	"  local time; nothing is to be done before 2027-04-20, when " \
	"reminders begin.\n\n"
#define HEADINGS \
	"corp-root-g1: ceremonies, at 10:00 local time\n" \
	"CEREMONY        STATE  PREPARE FROM  OVERDUE FROM  LATEST DAY  CRL " \
	"EXPIRES\n"
#define DAYS NEXT HEADINGS \
	"2026-05-05 Tue  held   -             -             -           " \
	"-\n" \
	"2026-11-03 Tue  held   -             -             -           " \
	"-\n" \
	"2027-05-04 Tue  next   2027-04-20    2027-05-07    2027-05-10  " \
	"2027-12-04\n" \
	"  Ceremonies that may fail in a row: none; make up for one that " \
	"fails.\n"
#define ENDS \
	"\ncorp-root-g1: certificates that end by 2028-11-23, and the " \
	"root's own\n" \
	"ENDS        OF           NAME          REMARK\n" \
	"2026-11-23  subordinate  issuing-1     renew it now\n" \
	"2028-11-23  root         corp-root-g1  no CRL lasts beyond it\n" \
	"\n  held          a CRL counts for it already\n" \
	"  stops         is refused by whatever checks revocation\n" \
	"  CEREMONY      on the root: crlferry-root ceremony MEDIUM; then " \
	"where its\n" \
	"                subordinates are: crlferry-sub import MEDIUM\n" \
	"  PREPARE FROM  reminders begin: call the operator, the witnesses " \
	"and the keeper\n" \
	"                of the safe\n" \
	"  OVERDUE FROM  it was missed, if its CRL is not in place by then\n" \
	"  LATEST DAY    it can be made up for until then without harm; " \
	"\"-\" if no such\n" \
	"                day is left\n" \
	"  CRL EXPIRES   the CRL that is signed on that day; whoever has no " \
	"newer one\n" \
	"                stops\n" \
	"\ncorp-root-g1: If every ceremony is held, schedule test leaves no " \
	"gap over 30\n  years.\n"

/* A retired subordinate's certificate is nobody's concern. */
TEST(a_plan_is_text)
{
	struct plan_scene plan;

	set_plan(&plan);
	assert_text(&plan, DAYS
	    "\ncorp-root-g1: if nobody acts from now on, after CRL #12\n"
	    "FROM        STATE     CHECK     WHAT\n"
	    "2027-04-20  upcoming  WARNING   the ceremony of 2027-05-04 is to "
	    "be prepared\n"
	    "2027-05-07  overdue   WARNING   the CRL of the ceremony of "
	    "2027-05-04 is overdue\n"
	    "2027-06-01  expiring  WARNING   no newer CRL is in place, and "
	    "the last one\n"
	    "                                expires on 2027-06-22\n"
	    "2027-06-15  critical  CRITICAL  the CRL expires on 2027-06-22\n"
	    "2027-06-22  expired   CRITICAL  issuing-1 and issuing-2 stop: "
	    "the CRL has\n"
	    "                                expired\n"
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
	    "\ncorp-root-g1/issuing-1: if nobody acts from now on\n"
	    "FROM        STATE     CHECK     WHAT\n"
	    "2027-04-20  upcoming  WARNING   the ceremony of 2027-05-04 is to "
	    "be prepared\n"
	    "\ncorp-root-g1/issuing-2: no CRL yet; if the ceremony of "
	    "2027-05-04 is held, and\n"
	    "  none after it\n"
	    "FROM        STATE     CHECK     WHAT\n"
	    "2026-11-23  missing   CRITICAL  der /missing holds no CRL of "
	    "corp-root-g1, and\n"
	    "                                whoever depends on corp-root-g1 "
	    "needs one:\n"
	    "                                import the newest bundle: "
	    "crlferry-sub import\n"
	    "                                MEDIUM\n"
	    "2027-10-19  upcoming  WARNING   the ceremony of 2027-11-02 is to "
	    "be prepared\n"
	    "2027-11-05  overdue   WARNING   the CRL of the ceremony of "
	    "2027-11-02 is overdue\n"
	    "2027-11-13  expiring  WARNING   no newer CRL is in place, and "
	    "the last one\n"
	    "                                expires on 2027-12-04\n"
	    "2027-11-27  critical  CRITICAL  the CRL expires on 2027-12-04\n"
	    "2027-12-04  expired   CRITICAL  issuing-2 stops: the CRL has "
	    "expired\n"
	    ENDS);
}

/* No ceremony, no subordinate, no certificate but the root's. */
TEST(an_empty_plan_is_text)
{
	struct plan_scene plan;

	set_plan(&plan);
	plan.plan.day_count = 0;
	plan.plan.end_count = 0;
	plan.plan.ends_with_root = true;
	plan.forecasts[0].subordinate_count = 0;
	plan.forecasts[0].events[0] = plan.forecasts[0].events[4];
	plan.forecasts[0].event_count = 1;
	assert_text(&plan, NEXT
	    "corp-root-g1: if nobody acts from now on, after CRL #12\n"
	    "FROM        STATE    CHECK     WHAT\n"
	    "2027-06-22  expired  CRITICAL  every subordinate of corp-root-g1 "
	    "stops: the CRL\n"
	    "                               has expired\n"
	    "\ncorp-root-g1: certificates that end by 2028-11-23, and the "
	    "root's own\n"
	    "ENDS        OF    NAME          REMARK\n"
	    "2028-11-23  root  corp-root-g1  no CRL lasts beyond it\n"
	    "\n  stops         is refused by whatever checks revocation\n"
	    "\ncorp-root-g1: If every ceremony is held, schedule test leaves "
	    "no gap until the\n"
	    "  root's certificate ends on 2028-11-23; no ceremony and no CRL "
	    "after that.\n");
}

#define MISSED_MAY \
	"2027-05-04 Tue  overdue  -             2027-05-07    2027-05-25  -\n"

static const struct {
	const char *now;
	uint32_t index;		/* of the ceremony to come */
	const char *want;
} missed_rows[] = {
    {"2027-05-06", 3, "CRL EXPIRES\n"
	"2027-05-04 Tue  late     -             2027-05-07    2027-05-25  -\n"
	"2027-11-02 Tue  planned  "},
    {"2027-05-07", 3, MISSED_MAY "2027-11-02 Tue  next     2027-10-19"},
    {"2027-10-19", 3, MISSED_MAY "2027-11-02 Tue  upcoming  2027-10-19"},
    {"2027-11-02", 3, MISSED_MAY "2027-11-02 Tue  today    2027-10-19"},
    {"2027-11-04", 4, MISSED_MAY
	"2027-11-02 Tue  late     -             2027-11-05    -           -\n"
	"2028-05-02 Tue  planned  "},
    {"2027-11-05", 4, MISSED_MAY
	"2027-11-02 Tue  overdue  -             2027-11-05    -           -\n"
	"2028-05-02 Tue  next     "},
    {"2031-05-07", 11, MISSED_MAY
	"2027-11-02 Tue  overdue  -             2027-11-05    -           -\n"
	"2028-05-02 Tue  overdue  -             2028-05-05    -           -\n"
	"and 5 more      overdue  -             -             -           -\n"
	"2031-05-06 Tue  late     -             2031-05-09    -           -\n"
	"2031-11-04 Tue  planned  "},
};

/* What a table says but for how wide its columns are. */
static bool
has_words(const char *text, const char *want)
{
	for (; *text != '\0'; text++) {
		const char *at = text, *word = want;

		while (*word != '\0' && *at == *word) {
			at += *at == ' ' ? strspn(at, " ") : 1;
			word += *word == ' ' ? strspn(word, " ") : 1;
		}
		if (*word == '\0')
			return true;
	}
	return false;
}

static void
set_day(struct plan_scene *plan, const char *now, uint32_t index)
{
	struct standing standing;

	set_plan(plan);
	plan->span.now_s = instant(now);
	standing_decide(&plan->scene.facts[0], plan->span.now_s, &standing);
	agenda_make(&standing, 1, plan->span.now_s, plan->stops,
	    &plan->plan.agenda);
	schedule_describe(&plan->scene.schedule, index, &plan->days[0]);
	plan->plan.day_count = 1;
}

/* What was missed goes first; not all of them, if there are many. */
TEST(a_missed_ceremony_is_the_first_row)
{
	size_t i;

	for (i = 0; i < COUNT_OF(missed_rows); i++) {
		RELEASE_BUFFER struct buffer out = {0};
		struct error err = {0};
		struct plan_scene plan;

		set_day(&plan, missed_rows[i].now, missed_rows[i].index);
		FINE(plan_text(&plan.plan, 1, &plan.span, 0, &out, &err));
		if (!has_words(text_of(&out), missed_rows[i].want))
			fail_msg("%s: %s", missed_rows[i].now,
			    (const char *)out.data);
	}
}

/* Of another schedule than this machine's only one date is known. */
TEST(the_dates_of_another_schedule_are_told)
{
	RELEASE_BUFFER struct buffer out = {0};
	struct error err = {0};
	struct plan_scene plan;
	const char *have;

	set_plan(&plan);
	plan.plan.agenda.differs = true;
	plan.plan.agenda.manifest_s = instant("2027-05-04");
	FINE(plan_text(&plan.plan, 1, &plan.span, 0, &out, &err));
	have = text_of(&out);
	assert_non_null(strstr(have, "\n  Only 2027-05-04 is the root's: every "
	    "other date is by schedule test of this\n  machine.\n"));
	assert_non_null(strstr(have, "If every ceremony is held, schedule "
	    "test, which is this machine's\n  and not the root's, leaves no "
	    "gap over 30 years.\n"));
	assert_null(strstr(have, "may fail in a row"));
}

static size_t
count_of(const char *text, const char *word)
{
	size_t count = 0;

	for (; (text = strstr(text, word)) != NULL; text++)
		count++;
	return count;
}

/* What is to be done for each root goes before all tables; one legend. */
TEST(every_root_has_its_sentence_first)
{
	RELEASE_BUFFER struct buffer out = {0};
	struct error err = {0};
	struct plan_scene plan;
	struct plan plans[2];
	const char *have, *second, *table;

	set_plan(&plan);
	plans[0] = plans[1] = plan.plan;
	plans[1].root = "other";
	FINE(plan_text(plans, 2, &plan.span, 0, &out, &err));
	have = text_of(&out);
	second = strstr(have, "\nother: The next ceremony is on Tuesday");
	table = strstr(have, "CEREMONY ");
	assert_true(second != NULL && table != NULL && second < table);
	assert_int_equal(count_of(have, "\nCEREMONY "), 2);
	assert_int_equal(count_of(have, "\n  LATEST DAY "), 1);
	assert_int_equal(count_of(have, "may fail in a row"), 2);
	assert_non_null(strstr(have, "\nother: ceremonies, at 10:00"));
}

/* Without a term to explain there is no legend, and no blank line for it. */
TEST(a_legend_needs_terms)
{
	RELEASE_BUFFER struct buffer out = {0};
	struct error err = {0};
	struct plan_scene plan;

	set_plan(&plan);
	plan.plan.day_count = 0;
	plan.plan.forecast_count = 0;
	FINE(plan_text(&plan.plan, 1, &plan.span, 0, &out, &err));
	assert_null(strstr(text_of(&out), "\n\n\n"));
}

/* The proof is of the schedule's CRLs, and not of a shorter one in use. */
TEST(a_gap_is_no_part_of_the_proof)
{
	static const struct {
		const char *end;
		bool is_gap;
	} rows[] = {{"2027-05-06T23:59:59Z", true}, {"2027-05-07", false}};
	static const char gap[] = "over 30\n  years. But the CRL in use ends "
	    "on 2027-05-06, before 2027-05-07, the deadline\n  of the next "
	    "ceremony.\n";
	size_t i;

	for (i = 0; i < COUNT_OF(rows); i++) {
		RELEASE_BUFFER struct buffer out = {0};
		struct error err = {0};
		struct plan_scene plan;

		set_plan(&plan);
		plan.stops[0].on_s = instant(rows[i].end);
		FINE(plan_text(&plan.plan, 1, &plan.span, 0, &out, &err));
		assert_int_equal(strstr(text_of(&out), gap) != NULL,
		    rows[i].is_gap);
	}
}

static const char *const urgent[] = {"2026-12-01", "2027-04-20", "2027-05-01",
    "2027-05-07", "2027-06-22"};

/* Who has stopped, then by the day on which to act; not as configured. */
TEST(the_most_urgent_root_is_first)
{
	RELEASE_BUFFER struct buffer out = {0};
	struct error err = {0};
	struct plan_scene scenes[COUNT_OF(urgent) + 1];
	struct plan plans[COUNT_OF(urgent) + 1];
	static const char *const wants[] = {"\nr4: Hold a ceremony now",
	    "\nr5: First: ", "\nr1: Prepare", "\nr2: Prepare",
	    "\nr3: Hold a ceremony by", "\nr0: The next", "\nr4: ceremonies",
	    "\nr5: ceremonies", "\nr0: ceremonies", "\nr4: If every",
	    "\nr0: If every"};
	static const char *const names[] = {"r0", "r1", "r2", "r3", "r4",
	    "r5"};
	const char *at;
	size_t i;

	FINE(buffer_append_text(&out, "\n", &err));
	for (i = 0; i < COUNT_OF(plans); i++) {
		struct plan_scene *scene = &scenes[i];

		set_plan(scene);
		if (i < COUNT_OF(urgent))
			set_day(scene, urgent[i], 3);
		else
			agenda_make(&scene->scene.standings[2], 1,
			    scene->span.now_s, scene->stops,
			    &scene->plan.agenda);
		plans[i] = scene->plan;
		plans[i].root = names[i];
	}
	FINE(plan_text(plans, COUNT_OF(plans), &scenes[0].span, 0, &out,
	    &err));
	at = text_of(&out);
	for (i = 0; i < COUNT_OF(wants); i++) {
		at = strstr(at, wants[i]);
		if (at == NULL)
			fail_msg("%s: %s", wants[i], (const char *)out.data);
	}
}

/* However wide the terminal is: no line is wider. */
TEST(a_plan_fits_its_width)
{
	static const size_t widths[] = {0, 80, 100, 120};
	size_t i;

	for (i = 0; i < COUNT_OF(widths); i++) {
		size_t limit = widths[i] == 0 ? 80 : widths[i];
		RELEASE_BUFFER struct buffer out = {0};
		struct error err = {0};
		struct plan_scene plan;
		const char *line;

		set_plan(&plan);
		plan.plan.forecast_count = 2;
		plan.plan.root = "abcdefghij-abcdefghij-abcdefghij";
		plan.plan.end_count = 2;
		plan.ends[1].name = "issuing-ca-for-servers-emea-2026";
		FINE(plan_text(&plan.plan, 1, &plan.span, widths[i], &out,
		    &err));
		for (line = text_of(&out); *line != '\0';
		    line += strcspn(line, "\n") + 1)
			assert_true(strcspn(line, "\n") <= limit);
	}
}
