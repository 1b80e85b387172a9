/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "instant.h"
#include "plan/standing.h"

#define ROWS(table) (sizeof(table) / sizeof((table)[0]))

/*
 * A pair that is fresh on 2026-11-22: #12 in two stores, until 2027-06-22.
 * The next ceremony is on 2027-05-04, its deadline three days later.
 */
struct scene {
	struct schedule schedule;
	struct standing_place places[2];
	struct standing_facts facts;
};

typedef void arrange(struct scene *scene);

static void
set_scene(struct scene *scene)
{
	const struct schedule_text text = {.every = "6 months",
	    .from = "2026-05", .on = "first tuesday",
	    .validity = "7 months", .cushion = "3 weeks"};
	struct standing_place place = {.is_present = true, .is_valid = true,
	    .has_number = true, .has_next_update = true};
	struct error err = {0};

	*scene = (struct scene){0};
	if (schedule_parse("test", &text, &scene->schedule, &err) != ERR_OK)
		fail_msg("%s", err.what);
	place.number = number_from_u64(12);
	place.this_update_s = instant("2026-11-22");
	place.next_update_s = instant("2027-06-22");
	strcpy(place.kind, "hashdir");
	strcpy(place.path, "/etc/ssl/crls");
	scene->places[0] = place;
	strcpy(place.kind, "der");
	strcpy(place.path, "/var/www/pki/r.crl");
	scene->places[1] = place;
	strcpy(scene->facts.root, "corp-root-g1");
	strcpy(scene->facts.subordinate, "issuing-1");
	scene->facts.schedule = &scene->schedule;
	scene->facts.places = scene->places;
	scene->facts.place_count = 2;
}

static void
accept_the_same(struct scene *scene)
{
	scene->facts.has_accepted = true;
	scene->facts.accepted_has_number = true;
	scene->facts.accepted_number = number_from_u64(12);
	scene->facts.accepted_this_update_s =
	    scene->places[0].this_update_s;
}

static void
nothing(struct scene *scene)
{
}

static void
manifest_names_march(struct scene *scene)
{
	scene->facts.has_next_ceremony = true;
	scene->facts.next_ceremony_s = instant("2027-03-02");
}

/* The other store had no new CRL: its own next ceremony is an earlier one. */
static void
older_in_one_store(struct scene *scene)
{
	scene->places[1].this_update_s = instant("2026-10-01");
}

static void
shorter_in_one_store(struct scene *scene)
{
	scene->places[1].next_update_s = instant("2027-02-22");
	scene->places[1].number = number_from_u64(11);
}

static void
unpublished(struct scene *scene)
{
	scene->facts.unpublished = 3;
	scene->facts.unpublished_since_s = instant("2026-11-23T12:00:00Z");
}

static void
missing_in_one_store(struct scene *scene)
{
	scene->places[1].is_present = false;
}

static void
missing_everywhere(struct scene *scene)
{
	scene->places[0].is_present = false;
	scene->places[1].is_present = false;
}

static void
no_stores(struct scene *scene)
{
	scene->facts.place_count = 0;
	scene->facts.places = NULL;
}

static void
invalid_in_one_store(struct scene *scene)
{
	scene->places[1].is_valid = false;
	strcpy(scene->places[1].detail, "signature: want the root's");
}

static void
without_next_update(struct scene *scene)
{
	scene->places[1].has_next_update = false;
}

/* Its dates must not count. */
static void
invalid_and_ended(struct scene *scene)
{
	invalid_in_one_store(scene);
	scene->places[1].next_update_s = instant("2026-01-01");
	scene->places[1].this_update_s = instant("2025-01-01");
}

static void
behind_by_number(struct scene *scene)
{
	accept_the_same(scene);
	scene->facts.accepted_number = number_from_u64(13);
}

static void
ahead_by_number(struct scene *scene)
{
	accept_the_same(scene);
	scene->facts.accepted_number = number_from_u64(11);
}

static void
behind_by_date(struct scene *scene)
{
	accept_the_same(scene);
	scene->facts.accepted_has_number = false;
	scene->facts.accepted_this_update_s++;
}

static void
same_date_without_number(struct scene *scene)
{
	accept_the_same(scene);
	scene->places[0].has_number = false;
	scene->places[1].has_number = false;
}

static void
revoked(struct scene *scene)
{
	scene->facts.is_revoked = true;
	scene->facts.revoked_reason = 1;
	strcpy(scene->facts.revoked_reason_name, "keyCompromise");
}

static void
revoked_and_retired(struct scene *scene)
{
	revoked(scene);
	scene->facts.is_retired = true;
}

static void
revoked_behind_and_broken(struct scene *scene)
{
	behind_by_number(scene);
	invalid_in_one_store(scene);
	revoked(scene);
}

static void
behind_and_missing(struct scene *scene)
{
	behind_by_number(scene);
	missing_in_one_store(scene);
}

static void
clock_and_revoked(struct scene *scene)
{
	accept_the_same(scene);
	revoked(scene);
}

/* One second before the edge, on it, one second after. */
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
    {"due at the deadline", nothing, "2027-05-07T00:00:00Z", PAIR_FRESH,
	PAIR_DUE, PAIR_DUE, OK, WARN},
    {"the manifest outranks the schedule", manifest_names_march,
	"2027-03-05T00:00:00Z", PAIR_FRESH, PAIR_DUE, PAIR_DUE, OK, WARN},
    {"cushion", nothing, "2027-06-01T00:00:00Z", PAIR_DUE, PAIR_CUSHION,
	PAIR_CUSHION, WARN, WARN},
    {"cushion of the store that ends first", shorter_in_one_store,
	"2027-02-01T00:00:00Z", PAIR_FRESH, PAIR_CUSHION, PAIR_CUSHION, OK,
	WARN},
    {"critical", nothing, "2027-06-15T00:00:00Z", PAIR_CUSHION,
	PAIR_CRITICAL, PAIR_CRITICAL, WARN, CRIT},
    {"critical in one store", shorter_in_one_store, "2027-02-15T00:00:00Z",
	PAIR_CUSHION, PAIR_CRITICAL, PAIR_CRITICAL, WARN, CRIT},
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
    {"unpublished critical outranks due", unpublished,
	"2027-05-07T00:00:00Z", PAIR_UNPUBLISHED, PAIR_UNPUBLISHED,
	PAIR_UNPUBLISHED, CRIT, CRIT},
    {"critical outranks unpublished", unpublished, "2027-06-15T00:00:00Z",
	PAIR_UNPUBLISHED, PAIR_CRITICAL, PAIR_CRITICAL, CRIT, CRIT},
};

static void
boundaries_are_kept_to_the_second(void **state)
{
	size_t i;

	for (i = 0; i < ROWS(edge_rows); i++) {
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

static const struct {
	const char *name;
	arrange *arrange;
	const char *now;
	enum pair_state want;
	const char *detail;
} state_rows[] = {
    {"fresh", accept_the_same, "2026-11-22", PAIR_FRESH,
	"the next ceremony is on 2027-05-04"},
    {"due", nothing, "2027-05-08", PAIR_DUE, "no CRL of the ceremony of "
	"2027-05-04 by its deadline 2027-05-07: fetch the stick"},
    {"cushion", nothing, "2027-06-13", PAIR_CUSHION, "hashdir "
	"/etc/ssl/crls: nextUpdate 2027-06-22T00:00:00Z is 9 days away: fetch "
	"a new CRL"},
    {"critical", shorter_in_one_store, "2027-02-21T00:00:00Z",
	PAIR_CRITICAL, "der /var/www/pki/r.crl: nextUpdate "
	"2027-02-22T00:00:00Z is 24 hours away: fetch a new CRL now"},
    {"expired", nothing, "2027-06-22T00:00:01Z", PAIR_EXPIRED, "hashdir "
	"/etc/ssl/crls: nextUpdate 2027-06-22T00:00:00Z passed 1 second ago: "
	"fetch a new CRL at once"},
    {"unpublished", unpublished, "2026-11-23", PAIR_UNPUBLISHED, "3 "
	"revocations not on the CRL, since 2026-11-23T12:00:00Z: fetch a new "
	"CRL"},
    {"missing in one", missing_in_one_store, "2026-11-22", PAIR_MISSING,
	"der /var/www/pki/r.crl: no CRL of root corp-root-g1: import the "
	"newest bundle"},
    {"missing everywhere", missing_everywhere, "2026-11-22", PAIR_MISSING,
	"hashdir /etc/ssl/crls: no CRL of root corp-root-g1: import the "
	"newest bundle"},
    {"no stores", no_stores, "2026-11-22", PAIR_MISSING, "no CRL of root "
	"corp-root-g1: configure a store"},
    {"invalid", invalid_in_one_store, "2026-11-22", PAIR_INVALID, "der "
	"/var/www/pki/r.crl: signature: want the root's: import the newest "
	"bundle"},
    {"invalid, its dates do not count", invalid_and_ended, "2026-11-22",
	PAIR_INVALID, NULL},
    {"no nextUpdate is invalid", without_next_update, "2026-11-22",
	PAIR_INVALID, "der /var/www/pki/r.crl: want nextUpdate, have none: "
	"import the newest bundle"},
    {"not yet valid", nothing, "2026-11-21T23:00:00Z", PAIR_NOT_YET_VALID,
	"hashdir /etc/ssl/crls: thisUpdate 2026-11-22T00:00:00Z is 60 minutes "
	"ahead: set the clock"},
    {"behind by number", behind_by_number, "2026-11-22", PAIR_BEHIND,
	"hashdir /etc/ssl/crls: want #13, the CRL of 2026-11-22T00:00:00Z, "
	"have #12, the CRL of 2026-11-22T00:00:00Z: import the newest "
	"bundle"},
    {"a newer number is fine", ahead_by_number, "2026-11-22", PAIR_FRESH,
	NULL},
    {"behind by date", behind_by_date, "2026-11-22", PAIR_BEHIND, NULL},
    {"the same date", same_date_without_number, "2026-11-22", PAIR_FRESH,
	NULL},
    {"behind, and missing", behind_and_missing, "2026-11-22", PAIR_BEHIND,
	NULL},
    {"revoked", revoked, "2026-11-22", PAIR_REVOKED, "issuing-1 is on the "
	"CRL of corp-root-g1 (keyCompromise): replace its certificate, or "
	"mark it retired"},
    {"retired", revoked_and_retired, "2026-11-22", PAIR_FRESH, NULL},
    {"revoked wins", revoked_behind_and_broken, "2027-12-01", PAIR_REVOKED,
	NULL},
    {"clock suspect", accept_the_same, "2026-11-01", PAIR_CLOCK_SUSPECT,
	"the clock says 2026-11-01T00:00:00Z, but a CRL of "
	"2026-11-22T00:00:00Z was accepted before: set the clock"},
};

static void
the_worst_state_wins(void **state)
{
	size_t i;

	for (i = 0; i < ROWS(state_rows); i++) {
		struct standing standing;
		struct scene scene;

		print_message("%s\n", state_rows[i].name);
		set_scene(&scene);
		state_rows[i].arrange(&scene);
		standing_decide(&scene.facts, instant(state_rows[i].now),
		    &standing);
		assert_string_equal(pair_state_word(standing.state),
		    pair_state_word(state_rows[i].want));
		assert_int_equal(standing.severity,
		    pair_state_severity(state_rows[i].want));
		if (state_rows[i].detail != NULL)
			assert_string_equal(standing.detail,
			    state_rows[i].detail);
		assert_ptr_equal(standing.facts, &scene.facts);
	}
}

static void
dates_are_of_the_place_that_ends_first(void **state)
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

static void
the_oldest_crl_calls_for_its_ceremony(void **state)
{
	struct standing standing;
	struct scene scene;

	/* From the 20th of October on a CRL counts for 2026-11-03. */
	set_scene(&scene);
	older_in_one_store(&scene);
	standing_decide(&scene.facts, instant("2026-11-22"), &standing);
	assert_int_equal(standing.next_ceremony_s, instant("2026-11-03"));
	assert_int_equal(standing.state, PAIR_DUE);
	scene.places[1].this_update_s = instant("2026-10-20");
	standing_decide(&scene.facts, instant("2026-11-22"), &standing);
	assert_int_equal(standing.next_ceremony_s, instant("2027-05-04"));
	assert_int_equal(standing.state, PAIR_FRESH);
}

static void
without_a_crl_the_schedule_counts(void **state)
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

/* On the root the remedy is to sign, not to fetch. */
static void
the_root_is_told_what_it_can_do(void **state)
{
	struct standing standing;
	struct scene scene;

	set_scene(&scene);
	strcpy(scene.places[0].kind, "archive");
	scene.facts.place_count = 1;
	standing_decide(&scene.facts, instant("2027-05-08"), &standing);
	assert_non_null(strstr(standing.detail, ": hold it"));
	unpublished(&scene);
	standing_decide(&scene.facts, instant("2026-11-23T13:00:00Z"),
	    &standing);
	assert_string_equal(standing.detail, "3 revocations not on the CRL, "
	    "since 2026-11-23T12:00:00Z: issue and export one");
	scene.places[0].is_present = false;
	scene.places[0].path[0] = '\0';
	standing_decide(&scene.facts, instant("2026-11-23"), &standing);
	assert_string_equal(standing.detail, "archive: no CRL of root "
	    "corp-root-g1: issue the first");
}

/* What comes from files may be as long as its field. */
static void
long_texts_fit(void **state)
{
	struct standing standing;
	struct scene scene;

	set_scene(&scene);
	invalid_in_one_store(&scene);
	memset(scene.places[1].path, 'p', sizeof(scene.places[1].path) - 1);
	memset(scene.places[1].detail, 'd',
	    sizeof(scene.places[1].detail) - 1);
	standing_decide(&scene.facts, instant("2026-11-22"), &standing);
	assert_int_equal(standing.state, PAIR_INVALID);
	assert_true(strlen(standing.detail) < sizeof(standing.detail));
	assert_non_null(strstr(standing.detail, "pppp: dddd"));
}

static void
severities_are_ordered(void **state)
{
	static const enum severity order[] = {SEVERITY_OK, SEVERITY_WARNING,
	    SEVERITY_UNKNOWN, SEVERITY_CRITICAL};
	size_t i, j;

	for (i = 0; i < ROWS(order); i++) {
		for (j = 0; j < ROWS(order); j++)
			assert_int_equal(severity_worse(order[i], order[j]),
			    order[i > j ? i : j]);
	}
	assert_string_equal(severity_word(SEVERITY_UNKNOWN), "UNKNOWN");
	assert_string_equal(severity_word(SEVERITY_CRITICAL), "CRITICAL");
	assert_string_equal(pair_state_word(PAIR_NOT_YET_VALID),
	    "not-yet-valid");
	assert_int_equal(pair_state_severity(PAIR_UNPUBLISHED),
	    SEVERITY_WARNING);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(boundaries_are_kept_to_the_second),
	    cmocka_unit_test(the_worst_state_wins),
	    cmocka_unit_test(dates_are_of_the_place_that_ends_first),
	    cmocka_unit_test(the_oldest_crl_calls_for_its_ceremony),
	    cmocka_unit_test(without_a_crl_the_schedule_counts),
	    cmocka_unit_test(the_root_is_told_what_it_can_do),
	    cmocka_unit_test(long_texts_fit),
	    cmocka_unit_test(severities_are_ordered),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
