/* SPDX-License-Identifier: ISC */
#include "standing_fixture.h"
#include "test.h"

static void
missing_in_one_store(struct scene *scene)
{
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
another_of_that_number(struct scene *scene)
{
	accept_the_same(scene);
	scene->facts.accepted_sha256[31] = 1;
	scene->places[1].sha256[31] = 1;
}

static void
another_of_that_date(struct scene *scene)
{
	another_of_that_number(scene);
	scene->facts.accepted_has_number = false;
}

/* What is higher need not be the same. */
static void
another_ahead(struct scene *scene)
{
	another_of_that_number(scene);
	scene->facts.accepted_number = number_from_u64(11);
}

static void
unreadable_store(struct scene *scene)
{
	scene->places[0].is_present = false;
	scene->places[0].is_unreadable = true;
	strcpy(scene->places[0].detail, "cannot read hashdir /etc/ssl/crls as "
	    "nobody: Permission denied");
}

static void
unreadable_and_missing(struct scene *scene)
{
	unreadable_store(scene);
	missing_in_one_store(scene);
}

static void
mended_by_hand_only(struct scene *scene)
{
	invalid_in_one_store(scene);
	scene->places[1].remedy = "mend or remove that block";
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

static const struct {
	const char *name;
	arrange *arrange;
	const char *now;
	enum pair_state want;
	const char *detail;
} state_rows[] = {
    {"fresh", accept_the_same, "2026-11-22", PAIR_FRESH,
	"the next ceremony is on 2027-05-04"},
    {"overdue", nothing, "2027-05-08", PAIR_OVERDUE, "the CRL of the "
	"ceremony of 2027-05-04 is overdue since 2027-05-07: fetch the stick"},
    {"expiring", nothing, "2027-06-13", PAIR_EXPIRING, "hashdir "
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
	PAIR_INVALID, "der /var/www/pki/r.crl: the CRL has no nextUpdate: "
	"import the newest bundle"},
    {"not yet valid", nothing, "2026-11-21T23:00:00Z", PAIR_NOT_YET_VALID,
	"hashdir /etc/ssl/crls: thisUpdate 2026-11-22T00:00:00Z is 60 minutes "
	"ahead: set the clock"},
    {"behind by number", behind_by_number, "2026-11-22", PAIR_BEHIND,
	"hashdir /etc/ssl/crls: want #13, the CRL of 2026-11-22T00:00:00Z, "
	"have #12, the CRL of 2026-11-22T00:00:00Z: import the newest "
	"bundle"},
    {"a newer number is fine", ahead_by_number, "2026-11-22", PAIR_FRESH,
	"the next ceremony is on 2027-05-04; hashdir /etc/ssl/crls: #12, the "
	"CRL of 2026-11-22T00:00:00Z is newer than what was accepted: import "
	"its bundle"},
    {"another of that number", another_of_that_number, "2026-11-22",
	PAIR_BEHIND, "hashdir /etc/ssl/crls: not the CRL that was accepted: "
	"accepted was #12, the CRL of 2026-11-22T00:00:00Z, and here is "
	"another, #12, the CRL of 2026-11-22T00:00:00Z: import the newest "
	"bundle"},
    {"another of that date", another_of_that_date, "2026-11-22",
	PAIR_BEHIND, NULL},
    {"another with a higher number", another_ahead, "2026-11-22",
	PAIR_FRESH, NULL},
    {"unreadable", unreadable_store, "2026-11-22", PAIR_UNREADABLE,
	"cannot read hashdir /etc/ssl/crls as nobody: Permission denied: give "
	"it read access"},
    {"unreadable outranks overdue", unreadable_store, "2027-05-08",
	PAIR_UNREADABLE, NULL},
    {"missing outranks unreadable", unreadable_and_missing, "2026-11-22",
	PAIR_MISSING, NULL},
    {"a remedy of its own", mended_by_hand_only, "2026-11-22", PAIR_INVALID,
	"der /var/www/pki/r.crl: signature: want the root's: mend or remove "
	"that block"},
    {"behind by date", behind_by_date, "2026-11-22", PAIR_BEHIND, NULL},
    {"the same date", same_date_without_number, "2026-11-22", PAIR_FRESH,
	NULL},
    {"behind, and missing", behind_and_missing, "2026-11-22", PAIR_BEHIND,
	NULL},
    {"revoked", revoked, "2026-11-22", PAIR_REVOKED, "its "
	"certificate is on the CRL (keyCompromise): replace its certificate, "
	"or mark it retired"},
    {"retired", revoked_and_retired, "2026-11-22", PAIR_FRESH, NULL},
    {"revoked wins", revoked_behind_and_broken, "2027-12-01", PAIR_REVOKED,
	NULL},
    {"clock suspect", accept_the_same, "2026-11-01", PAIR_CLOCK_SUSPECT,
	"the clock says 2026-11-01T00:00:00Z, but a CRL of "
	"2026-11-22T00:00:00Z was accepted before: set the clock"},
};

TEST(the_worst_state_wins)
{
	size_t i;

	for (i = 0; i < COUNT_OF(state_rows); i++) {
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

/* On the root the remedy is to sign, not to fetch. */
TEST(the_root_is_told_what_it_can_do)
{
	struct standing standing;
	struct scene scene;

	set_scene(&scene);
	strcpy(scene.places[0].kind, "archive");
	scene.facts.place_count = 1;
	standing_decide(&scene.facts, instant("2027-05-08"), &standing);
	assert_non_null(strstr(standing.detail, ": hold a ceremony now"));
	unpublished(&scene);
	standing_decide(&scene.facts, instant("2026-11-23T13:00:00Z"),
	    &standing);
	assert_string_equal(standing.detail, "3 revocations not on the CRL, "
	    "since 2026-11-23T12:00:00Z: issue and export one");
	scene.places[0].is_present = false;
	scene.places[0].path[0] = '\0';
	standing_decide(&scene.facts, instant("2026-11-23"), &standing);
	assert_string_equal(standing.detail, "archive: no CRL of root "
	    "corp-root-g1: issue or adopt one");
}

/* What comes from files may be as long as its field. */
TEST(long_texts_fit)
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

TEST(severities_are_ordered)
{
	static const enum severity order[] = {SEVERITY_OK, SEVERITY_WARNING,
	    SEVERITY_UNKNOWN, SEVERITY_CRITICAL};
	size_t i, j;

	for (i = 0; i < COUNT_OF(order); i++) {
		for (j = 0; j < COUNT_OF(order); j++)
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
