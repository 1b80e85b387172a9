/* SPDX-License-Identifier: ISC */
/* What is to be done next for a root with several subordinates. */
#include "agenda_fixture.h"
#include "test.h"

#define PAIRS 7

/* Pairs of one root, of which each test arranges some. */
struct pairs {
	struct scene scenes[PAIRS];
	struct standing standings[PAIRS];
	struct agenda_stop stops[PAIRS];
	struct agenda agenda;
};

static void
set_pairs(struct pairs *pairs, arrange *each)
{
	size_t i;

	for (i = 0; i < PAIRS; i++) {
		set_scene(&pairs->scenes[i]);
		snprintf(pairs->scenes[i].facts.subordinate, 33, "s%zu", i);
		each(&pairs->scenes[i]);
	}
}

static void
decide_pairs(struct pairs *pairs, const char *now, const char *want)
{
	char have[512] = "";
	size_t i;

	for (i = 0; i < PAIRS; i++)
		standing_decide(&pairs->scenes[i].facts, instant(now),
		    &pairs->standings[i]);
	agenda_make(pairs->standings, PAIRS, instant(now), pairs->stops,
	    &pairs->agenda);
	agenda_text(&pairs->agenda, have, sizeof(have));
	assert_string_equal(have, want);
}

/* The first that stops says by when; retired ones count for nothing. */
TEST(pairs_stop_in_order)
{
	struct pairs pairs;

	set_pairs(&pairs, nothing);
	shorter_in_one_store(&pairs.scenes[5]);
	retired(&pairs.scenes[2]);
	shorter_in_one_store(&pairs.scenes[2]);
	pairs.scenes[2].places[1].next_update_s = instant("2027-01-05");
	decide_pairs(&pairs, "2027-01-31", "hold-ceremony by 2027-02-21; s5 "
	    "2027-02-22; s0 2027-06-22; s1 2027-06-22; s3 2027-06-22; s4 "
	    "2027-06-22; s6 2027-06-22");
}

/* The worst goes first. */
TEST(states_that_no_date_brings_come_first)
{
	struct pairs pairs;

	set_pairs(&pairs, nothing);
	missing_in_one_store(&pairs.scenes[1]);
	unreadable(&pairs.scenes[0]);
	revoked(&pairs.scenes[4]);
	missing_in_one_store(&pairs.scenes[3]);
	decide_pairs(&pairs, "2026-11-23", "first s4 revoked; first s1 "
	    "missing; first s3 missing; first s0 unreadable; wait by "
	    "2027-05-04; s0 2027-06-22; s1 2027-06-22; s2 2027-06-22; s3 "
	    "2027-06-22; s5 2027-06-22; s6 2027-06-22");
	assert_int_equal(pairs.agenda.mends_left, 0);
}

/* Only some are named: the worst, and how many are left. */
TEST(many_states_are_counted)
{
	struct pairs pairs;
	size_t i;

	set_pairs(&pairs, unreadable);
	for (i = 0; i < PAIRS; i++)
		snprintf(pairs.scenes[i].places[1].detail, 512, "why %zu", i);
	revoked(&pairs.scenes[6]);
	decide_pairs(&pairs, "2026-11-23", "first s6 revoked; first s0 "
	    "unreadable; first s1 unreadable; first s2 unreadable; wait by "
	    "2027-05-04; s0 2027-06-22; s1 2027-06-22; s2 2027-06-22; s3 "
	    "2027-06-22; s4 2027-06-22; s5 2027-06-22");
	assert_int_equal(pairs.agenda.mends_left, 3);
}

/* The archive's trouble is the root's, and no subordinate's. */
TEST(the_root_speaks_for_all)
{
	struct pairs pairs;

	set_pairs(&pairs, on_the_root);
	revoked(&pairs.scenes[1]);
	pairs.scenes[0].places[0].is_valid = false;
	pairs.scenes[2].places[0].is_valid = false;
	decide_pairs(&pairs, "2026-11-23", "first s1 revoked; first  invalid; "
	    "wait by 2027-05-04; s3 2027-06-22; s4 2027-06-22; s5 2027-06-22; "
	    "s6 2027-06-22");
	assert_true(pairs.agenda.is_root);
	assert_int_equal(pairs.agenda.mends[1].others, 1);
}

/* An emergency CRL's date is one of the schedule, though an earlier one. */
TEST(another_schedule_is_told)
{
	static const struct {
		const char *manifest;
		bool differs;
	} dates[] = {{"2027-05-04", false}, {"2026-11-03", false},
	    {"2027-05-11", true}, {"2027-03-02", true},
	    {"2027-11-02", true}};
	size_t i;

	for (i = 0; i < COUNT_OF(dates); i++) {
		struct agenda_stop stops[1];
		struct scene scene;
		struct standing standing;
		struct agenda agenda;

		set_live(&scene);
		accept_the_same(&scene);
		scene.facts.has_next_ceremony = true;
		scene.facts.next_ceremony_s = instant(dates[i].manifest);
		standing_decide(&scene.facts, instant("2026-11-23"),
		    &standing);
		agenda_make(&standing, 1, instant("2026-11-23"), stops,
		    &agenda);
		assert_int_equal(agenda.differs, dates[i].differs);
		assert_int_equal(agenda.ceremony_s,
		    instant(dates[i].manifest));
		if (!dates[i].differs)
			continue;
		assert_int_equal(agenda.manifest_s,
		    instant(dates[i].manifest));
		assert_int_equal(agenda.scheduled_s, instant("2027-05-04"));
	}
}

/* Only the date of the manifest can be known to have been missed. */
TEST(another_schedule_misses_one)
{
	struct agenda_stop stops[1];
	struct scene scene;
	struct standing standing;
	struct agenda agenda;
	const int64_t now_s = instant("2027-05-20");

	set_live(&scene);
	accept_the_same(&scene);
	manifest_names_march(&scene);
	standing_decide(&scene.facts, now_s, &standing);
	agenda_make(&standing, 1, now_s, stops, &agenda);
	assert_true(agenda.differs);
	assert_int_equal(agenda.missed_count, 1);
	assert_int_equal(agenda.missed[0], instant("2027-03-02"));
	assert_false(agenda.has_coming);
}

/* By its notes; of one that sends none nothing is known. */
TEST(receipts_are_asked_for)
{
	struct pairs pairs;
	size_t i;

	set_pairs(&pairs, on_the_root);
	for (i = 0; i < 3; i++) {
		struct standing_news *news = &pairs.scenes[i].facts.news;

		news->has_receipt = true;
		news->installed_has_number = true;
		news->installed_number = number_from_u64(11 + i);
	}
	pairs.scenes[3].facts.news.has_request = true;
	pairs.scenes[4].facts.news.has_receipt = true;
	pairs.scenes[4].facts.news.installed_s = instant("2026-11-22");
	decide_pairs(&pairs, "2026-11-23", "wait by 2027-05-04; s0 2027-06-22; "
	    "s1 2027-06-22; s2 2027-06-22; s3 2027-06-22; s4 2027-06-22; s5 "
	    "2027-06-22; s6 2027-06-22");
	assert_int_equal(pairs.agenda.unconfirmed_count, 2);
	assert_string_equal(pairs.agenda.unconfirmed[0], "s0");
	assert_string_equal(pairs.agenda.unconfirmed[1], "s3");
}

TEST(without_pairs_nothing_is_done)
{
	struct agenda agenda;

	agenda_make(NULL, 0, 0, NULL, &agenda);
	assert_int_equal(agenda.what, AGENDA_NOTHING);
	assert_int_equal(agenda.stop_count, 0);
}
