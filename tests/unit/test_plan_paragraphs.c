/* SPDX-License-Identifier: ISC */
/* What goes before and behind the sentence that says what is to be done. */
#include "plan_stage_fixture.h"
#include "test.h"

static void
assert_paragraphs(struct stage *stage, const char *now, const char *want)
{
	RELEASE_BUFFER struct buffer out = {0};
	struct error err = {0};

	decide(stage, now);
	FINE(plan_agenda_paragraphs(&stage->plan, instant(now), plan_width(0),
	    &out, &err));
	assert_line(&out, want);
}

#define WAIT \
	"corp: The next ceremony is on Tuesday 2027-05-04 (in 154 days), " \
	"10:00 local\n"
#define IT_WAITS WAIT \
	"  time; it need not be prepared before 2027-04-20, when reminders " \
	"begin.\n"

/* What no ceremony mends goes first, and nothing is said to be left alone. */
TEST(what_to_mend_comes_first)
{
	struct stage stage;
	size_t i;

	set_stage(&stage);
	stage.used = PAIRS;
	stage.scenes[0].places[0].is_present = false;
	stage.scenes[3].places[0].is_present = false;
	revoked(&stage.scenes[1]);
	assert_paragraphs(&stage, "2026-12-01",
	    "corp: First: the certificate of issuing-2 is on the CRL "
	    "(keyCompromise) and is\n"
	    "  rejected: replace it, or mark the subordinate as retired.\n"
	    "corp: Then: hashdir /etc/ssl/crls holds no CRL of corp-root-g1, "
	    "and issuing-1\n"
	    "  needs one: import the newest bundle: crlferry-sub import "
	    "MEDIUM.\n"
	    "corp: Then: hashdir /etc/ssl/crls holds no CRL of corp-root-g1, "
	    "and issuing-4\n"
	    "  needs one: import the newest bundle: crlferry-sub import "
	    "MEDIUM.\n" IT_WAITS);
	for (i = 0; i < PAIRS; i++) {
		stage.scenes[i].places[1].is_unreadable = true;
		snprintf(stage.scenes[i].places[1].detail, 512, "why\n%zu", i);
	}
	decide(&stage, "2026-12-01");
	assert_int_equal(stage.plan.agenda.mend_count, 4);
	assert_int_equal(stage.plan.agenda.mends_left, 3);
}

static void
lose(struct stage *stage, size_t at)
{
	struct scene *scene = &stage->scenes[at];

	accept_the_same(scene);
	scene->facts.accepted_has_next_update = true;
	scene->facts.accepted_next_update_s = scene->places[0].next_update_s;
	missing_everywhere(scene);
}

/* Who has stopped is said first, and is no reason for a ceremony. */
TEST(who_lacks_the_crl_has_stopped)
{
	struct stage stage;

	set_stage(&stage);
	stage.used = 3;
	lose(&stage, 1);
	assert_paragraphs(&stage, "2027-06-11",
	    "corp: issuing-2 has stopped: it lacks the CRL that was "
	    "accepted.\n"
	    "corp: First: hashdir /etc/ssl/crls holds no CRL of corp-root-g1, "
	    "and issuing-2\n"
	    "  has stopped: import the newest bundle: crlferry-sub import "
	    "MEDIUM.\n"
	    "corp: Hold a ceremony by 2027-06-21 (in 10 days): the one of "
	    "2027-05-04 was\n"
	    "  missed, or its stick has not come; without it issuing-1 and "
	    "issuing-3 stop on\n"
	    "  2027-06-22.\n");
	set_stage(&stage);
	stage.used = PAIRS;
	for (size_t i = 0; i < 5; i++)
		lose(&stage, i);
	decide(&stage, "2026-12-01");
	assert_int_equal(stage.plan.agenda.lacking_count, 5);
	assert_string_equal(stage.plan.agenda.stops[0].subordinate,
	    "issuing-6");
	assert_string_equal(stage.plan.agenda.stops[6].subordinate,
	    "issuing-5");
}

/* The archive's trouble names no subordinate. */
TEST(the_root_mends_its_archive)
{
	struct stage stage;

	set_stage(&stage);
	seen_by_the_root(&stage);
	stage.used = 2;
	stage.scenes[0].places[0].is_present = false;
	stage.scenes[1].places[0].is_present = false;
	strcpy(stage.scenes[0].places[0].path, "");
	strcpy(stage.scenes[1].places[0].path, "");
	assert_paragraphs(&stage, "2026-12-01", "corp: First: the archive "
	    "holds no CRL of corp-root-g1, and whoever depends on\n"
	    "  corp-root-g1 needs one: issue or adopt one.\n" IT_WAITS);
}

TEST(the_last_ceremony_is_told)
{
	struct stage stage;

	set_stage(&stage);
	stage.scenes[0].facts.has_root_not_after = true;
	stage.scenes[0].facts.root_not_after_s = instant("2027-10-01");
	stage.scenes[0].schedule.renew = (struct duration){.seconds = DAY_S};
	assert_paragraphs(&stage, "2026-12-01", WAIT
	    "  time; nothing is to be done before 2027-04-20, when reminders "
	    "begin.\n"
	    "corp: No other ceremony follows: the root's certificate ends on "
	    "2027-10-01; put\n"
	    "  its successor in place by then.\n");
}

/* A certificate that ends is something to be done. */
TEST(certificates_that_end_are_told)
{
	struct stage stage;
	size_t i;

	set_stage(&stage);
	stage.used = 3;
	for (i = 0; i < 3; i++) {
		stage.scenes[i].facts.has_root_not_after = true;
		stage.scenes[i].facts.root_not_after_s = instant("2040-01-01");
		strcpy(stage.scenes[i].facts.root_weak, "sha1");
	}
	stage.scenes[1].facts.has_subordinate_not_after = true;
	stage.scenes[1].facts.subordinate_not_after_s = instant("2027-11-01");
	assert_paragraphs(&stage, "2026-12-01", IT_WAITS
	    "corp: Besides, the certificate of issuing-2 ends on 2027-11-01 "
	    "(in 335 days):\n"
	    "  have root corp-root-g1 sign a new one.\n");
}

/* One that has ended goes before any ceremony, the first before the others. */
TEST(certificates_that_have_ended_come_first)
{
	struct stage stage;
	size_t i;

	set_stage(&stage);
	stage.used = PAIRS;
	for (i = 0; i < PAIRS; i++)
		strcpy(stage.scenes[i].facts.subordinate_weak, "sha1");
	for (i = 4; i < 6; i++)
		stage.scenes[i].facts.has_subordinate_not_after = true;
	stage.scenes[4].facts.subordinate_not_after_s = instant("2026-11-30");
	stage.scenes[5].facts.subordinate_not_after_s = instant("2026-09-01");
	assert_paragraphs(&stage, "2026-12-01",
	    "corp: First: the certificate of issuing-6 ended on 2026-09-01 "
	    "(91 days ago):\n"
	    "  have root corp-root-g1 sign a new one.\n"
	    "corp: Then: the certificate of issuing-5 ended on 2026-11-30 "
	    "00:00 UTC (24 hours\n"
	    "  ago): have root corp-root-g1 sign a new one.\n" IT_WAITS
	    "corp: Besides, the certificate of issuing-1 is signed with sha1, "
	    "which many\n"
	    "  programs refuse: have root corp-root-g1 sign a new one.\n"
	    "corp: Besides, the certificate of issuing-2 is signed with sha1, "
	    "which many\n"
	    "  programs refuse: have root corp-root-g1 sign a new one.\n"
	    "corp: Besides, something is to be said of 5 more certificates: "
	    "see crlferry-sub\n"
	    "  status.\n");
}

TEST(another_schedule_and_receipts_are_told)
{
	struct stage stage;
	size_t i;

	set_stage(&stage);
	accept_the_same(&stage.scenes[0]);
	stage.scenes[0].facts.has_next_ceremony = true;
	stage.scenes[0].facts.next_ceremony_s = instant("2027-04-27");
	assert_paragraphs(&stage, "2026-12-01",
	    "corp: The next ceremony is on Tuesday 2027-04-27 (in 147 days), "
	    "10:00 local\n"
	    "  time; it need not be prepared before 2027-04-13, when reminders "
	    "begin.\n"
	    "corp: The root's manifest says 2027-04-27, this machine's "
	    "schedule test says\n"
	    "  2027-05-04: ask for the root's schedule file.\n");
	set_stage(&stage);
	seen_by_the_root(&stage);
	stage.used = 5;
	for (i = 0; i < 5; i++)
		stage.scenes[i].facts.news.has_request = true;
	assert_paragraphs(&stage, "2026-12-01", WAIT
	    "  time; nothing is to be done before 2027-04-20, when reminders "
	    "begin.\n"
	    "corp: No receipt of CRL #12 has come yet from issuing-1, "
	    "issuing-2, issuing-3\n"
	    "  and 2 more: the days below count if it has arrived there.\n");
}
