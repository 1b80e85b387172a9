/* SPDX-License-Identifier: ISC */
#include "standing_fixture.h"
#include "test.h"

/* The other store had no new CRL: its own next ceremony is an earlier one. */
static void
older_in_one_store(struct scene *scene)
{
	scene->places[1].this_update_s = instant("2026-10-01");
}

static void
clock_and_revoked(struct scene *scene)
{
	accept_the_same(scene);
	revoked(scene);
}

/* One second before the edge, on it, one second after. */
static void
no_reminder(struct scene *scene)
{
	scene->schedule.remind = (struct duration){0};
}

static void
root_ends_in_april(struct scene *scene)
{
	scene->facts.has_root_not_after = true;
	scene->facts.root_not_after_s = instant("2027-04-28");
}

static const struct {
	const char *name;
	arrange *arrange;
	const char *edge;
	enum pair_state before, at, after;
	enum severity severity_before, severity_after;
} edge_rows[] = {
#define OK SEVERITY_OK
#define WARN SEVERITY_WARNING
#define CRIT SEVERITY_CRITICAL
    {"upcoming", nothing, "2027-04-20T00:00:00Z", PAIR_FRESH,
	PAIR_UPCOMING, PAIR_UPCOMING, OK, WARN},
    {"upcoming after the date", nothing, "2027-05-04T00:00:00Z",
	PAIR_UPCOMING, PAIR_UPCOMING, PAIR_UPCOMING, WARN, WARN},
    {"nobody is to be told", no_reminder, "2027-05-07T00:00:00Z",
	PAIR_FRESH, PAIR_OVERDUE, PAIR_OVERDUE, OK, WARN},
    {"overdue at the deadline", nothing, "2027-05-07T00:00:00Z",
	PAIR_UPCOMING, PAIR_OVERDUE, PAIR_OVERDUE, WARN, WARN},
    {"the manifest outranks the schedule", manifest_names_march,
	"2027-02-16T00:00:00Z", PAIR_FRESH, PAIR_UPCOMING, PAIR_UPCOMING, OK,
	WARN},
    {"overdue by the manifest", manifest_names_march,
	"2027-03-05T00:00:00Z", PAIR_UPCOMING, PAIR_OVERDUE, PAIR_OVERDUE,
	WARN, WARN},
    {"no ceremony once the root has ended", root_ends_in_april,
	"2027-05-07T00:00:00Z", PAIR_FRESH, PAIR_FRESH, PAIR_FRESH, CRIT,
	CRIT},
    {"expiring", nothing, "2027-06-01T00:00:00Z", PAIR_OVERDUE,
	PAIR_EXPIRING, PAIR_EXPIRING, WARN, WARN},
    {"expiring in the store that ends first", shorter_in_one_store,
	"2027-02-01T00:00:00Z", PAIR_FRESH, PAIR_EXPIRING, PAIR_EXPIRING, OK,
	WARN},
    {"critical", nothing, "2027-06-15T00:00:00Z", PAIR_EXPIRING,
	PAIR_CRITICAL, PAIR_CRITICAL, WARN, CRIT},
    {"critical in one store", shorter_in_one_store, "2027-02-15T00:00:00Z",
	PAIR_EXPIRING, PAIR_CRITICAL, PAIR_CRITICAL, WARN, CRIT},
    {"expired", nothing, "2027-06-22T00:00:00Z", PAIR_CRITICAL,
	PAIR_EXPIRED, PAIR_EXPIRED, CRIT, CRIT},
    {"expired in one store", shorter_in_one_store, "2027-02-22T00:00:00Z",
	PAIR_CRITICAL, PAIR_EXPIRED, PAIR_EXPIRED, CRIT, CRIT},
    {"valid five minutes early", nothing, "2026-11-21T23:55:00Z",
	PAIR_NOT_YET_VALID, PAIR_FRESH, PAIR_FRESH, CRIT, OK},
    {"the clock may be five minutes late", accept_the_same,
	"2026-11-21T23:55:00Z", PAIR_CLOCK_SUSPECT, PAIR_FRESH, PAIR_FRESH,
	CRIT, OK},
    {"the clock outranks revocation", clock_and_revoked,
	"2026-11-21T23:55:00Z", PAIR_CLOCK_SUSPECT, PAIR_REVOKED,
	PAIR_REVOKED, CRIT, CRIT},
    {"unpublished for 24 hours", unpublished, "2026-11-24T12:00:00Z",
	PAIR_UNPUBLISHED, PAIR_UNPUBLISHED, PAIR_UNPUBLISHED, WARN, CRIT},
    {"unpublished critical outranks overdue", unpublished,
	"2027-05-07T00:00:00Z", PAIR_UNPUBLISHED, PAIR_UNPUBLISHED,
	PAIR_UNPUBLISHED, CRIT, CRIT},
    {"critical outranks unpublished", unpublished, "2027-06-15T00:00:00Z",
	PAIR_UNPUBLISHED, PAIR_CRITICAL, PAIR_CRITICAL, CRIT, CRIT},
};

TEST(boundaries_are_kept_to_the_second)
{
	size_t i;

	for (i = 0; i < COUNT_OF(edge_rows); i++) {
		int64_t edge_s = instant(edge_rows[i].edge);
		struct standing standing;
		struct scene scene;

		print_message("%s\n", edge_rows[i].name);
		set_scene(&scene);
		edge_rows[i].arrange(&scene);
		standing_decide(&scene.facts, edge_s - 1, &standing);
		assert_string_equal(pair_state_word(standing.state),
		    pair_state_word(edge_rows[i].before));
		assert_int_equal(standing.severity,
		    edge_rows[i].severity_before);
		assert_string_not_equal(standing.detail, "");
		standing_decide(&scene.facts, edge_s, &standing);
		assert_string_equal(pair_state_word(standing.state),
		    pair_state_word(edge_rows[i].at));
		assert_int_equal(standing.severity,
		    edge_rows[i].severity_after);
		standing_decide(&scene.facts, edge_s + 1, &standing);
		assert_string_equal(pair_state_word(standing.state),
		    pair_state_word(edge_rows[i].after));
		assert_int_equal(standing.severity,
		    edge_rows[i].severity_after);
		assert_string_not_equal(standing.detail, "");
	}
}

TEST(dates_are_of_the_place_that_ends_first)
{
	struct number eleven = number_from_u64(11);
	struct standing standing;
	struct scene scene;

	set_scene(&scene);
	shorter_in_one_store(&scene);
	scene.places[1].this_update_s = instant("2026-11-20");
	standing_decide(&scene.facts, instant("2026-11-22"), &standing);
	assert_true(standing.has_next_update);
	assert_int_equal(standing.next_update_s, instant("2027-02-22"));
	assert_int_equal(standing.this_update_s, instant("2026-11-20"));
	assert_true(standing.has_number);
	assert_int_equal(number_compare(&standing.number, &eleven), 0);
	assert_int_equal(standing.next_ceremony_s, instant("2027-05-04"));
	assert_int_equal(standing.deadline_s, instant("2027-05-07"));
}

/* From the root's end on, and for a retired pair, there is none to name. */
TEST(no_ceremony_is_wanted_from_the_root_end_on)
{
	struct standing standing;
	struct scene scene;

	set_scene(&scene);
	scene.facts.has_root_not_after = true;
	scene.facts.root_not_after_s = instant("2027-05-04T00:00:01Z");
	standing_decide(&scene.facts, instant("2026-11-22"), &standing);
	assert_true(standing.has_next_ceremony);
	scene.facts.root_not_after_s--;
	standing_decide(&scene.facts, instant("2026-11-22"), &standing);
	assert_false(standing.has_next_ceremony);
	scene.facts.has_root_not_after = false;
	scene.facts.is_retired = true;
	standing_decide(&scene.facts, instant("2026-11-22"), &standing);
	assert_false(standing.has_next_ceremony);
}

TEST(the_oldest_crl_calls_for_its_ceremony)
{
	struct standing standing;
	struct scene scene;

	/* From the 20th of October on a CRL counts for 2026-11-03. */
	set_scene(&scene);
	older_in_one_store(&scene);
	standing_decide(&scene.facts, instant("2026-11-22"), &standing);
	assert_int_equal(standing.next_ceremony_s, instant("2026-11-03"));
	assert_int_equal(standing.state, PAIR_OVERDUE);
	scene.places[1].this_update_s = instant("2026-10-20");
	standing_decide(&scene.facts, instant("2026-11-22"), &standing);
	assert_int_equal(standing.next_ceremony_s, instant("2027-05-04"));
	assert_int_equal(standing.state, PAIR_FRESH);
}

TEST(without_a_crl_the_schedule_counts)
{
	struct standing standing;
	struct scene scene;

	set_scene(&scene);
	missing_everywhere(&scene);
	standing_decide(&scene.facts, instant("2026-11-22"), &standing);
	assert_false(standing.has_next_update);
	assert_false(standing.has_number);
	assert_int_equal(standing.next_ceremony_s, instant("2027-05-04"));
	manifest_names_march(&scene);
	standing_decide(&scene.facts, instant("2026-11-22"), &standing);
	assert_int_equal(standing.next_ceremony_s, instant("2027-03-02"));
	assert_int_equal(standing.deadline_s, instant("2027-03-05"));
}

/* A CRL that is newer than the accepted one, against its manifest's date. */
TEST(a_newer_crl_may_fulfil_the_ceremony)
{
	static const struct {
		const char *name;
		uint64_t accepted;
		const char *first, *second;	/* thisUpdate of the places */
		const char *want;
	} rows[] = {
		{"the accepted one, though late enough", 12, "2027-03-02",
		    "2027-03-02", "2027-03-02"},
		{"a newer one, too early", 11, "2027-02-15", "2027-02-15",
		    "2027-03-02"},
		{"a newer one that fulfils it", 11, "2027-02-16",
		    "2027-02-16", "2027-05-04"},
		{"one of two is too early", 11, "2027-02-16", "2027-02-15",
		    "2027-03-02"},
		{"one that is behind", 13, "2027-03-02", "2027-03-02",
		    "2027-03-02"},
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct standing standing;
		struct scene scene;

		print_message("%s\n", rows[i].name);
		set_scene(&scene);
		accept_the_same(&scene);
		manifest_names_march(&scene);
		scene.facts.accepted_number =
		    number_from_u64(rows[i].accepted);
		scene.facts.accepted_this_update_s = instant("2026-11-01");
		scene.places[0].this_update_s = instant(rows[i].first);
		scene.places[1].this_update_s = instant(rows[i].second);
		standing_decide(&scene.facts, instant("2027-03-03"),
		    &standing);
		assert_int_equal(standing.next_ceremony_s,
		    instant(rows[i].want));
		assert_int_equal(standing.ahead != NULL,
		    rows[i].accepted == 11);
	}
}
