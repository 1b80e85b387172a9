/* SPDX-License-Identifier: ISC */
/* What import refuses, and what it knows to refuse it by. */
#include "import_fixture.h"
#include "test.h"

AROUND_ALL(set_up_reader, tear_down_reader)
AROUND_EACH(enter_place, leave_place)

/* After #13, each of these is refused, and nothing changes. */
static const struct {
	const char *name;
	struct recipe recipe;
	struct import_options options;
	const char *of_root;		/* more configuration */
	enum err want;
	const char *says;
} refusals[] = {
	{ "older", { .serials = { 7 } }, {0}, "", ERR_ROLLBACK, "" },
	{ "older, tried only", { .serials = { 7 } },
	    { .is_dry_run = true }, "", ERR_ROLLBACK, "" },
	{ "same number", { .number = 13, .this_later_s = 61,
	    .serials = { 7, 8 } }, {0}, "", ERR_ROLLBACK, "" },
	{ "too far", { .number = 40, .this_later_s = 120,
	    .serials = { 7, 8 } }, {0}, "max_number_jump = \"10\";",
	    ERR_JUMP, "" },
	{ "an entry less", { .number = 14, .this_later_s = 120,
	    .serials = { 7 } }, {0}, "", ERR_SHRUNK, "" },
	{ "expired", { .number = 14, .this_later_s = 120,
	    .serials = { 7, 8 } }, { .now_s = NEXT_UPDATE + 1 }, "",
	    ERR_EXPIRED, "" },
	{ "not begun", { .number = 14, .this_later_s = 7200,
	    .serials = { 7, 8 } }, {0}, "", ERR_NOT_YET_VALID, "" },
	{ "another's key", { .number = 14, .this_later_s = 120,
	    .signer = TWIN, .serials = { 7, 8 } }, {0}, "", ERR_ISSUER,
	    "" },
	{ "another's key, without AKI", { .number = 14,
	    .this_later_s = 120, .signer = TWIN, .no_aki = true,
	    .serials = { 7, 8 } }, {0}, "", ERR_SIGNATURE, "" },
};

TEST(a_refusal_changes_nothing)
{
	RELEASE_BUFFER struct buffer before = {0};
	RELEASE_BUFFER struct buffer der = {0};

	begin(&der);
	for (size_t i = 0; i < COUNT_OF(refusals); i++) {
		RELEASE_ATTEMPT struct attempt attempt;
		const char *name = refusals[i].name;

		carry(&refusals[i].recipe, &der);
		configure(refusals[i].of_root, "");
		take_snapshot(place, &before);
		import(&refusals[i].options, &attempt);
		assert_refusal(name, refusals[i].want, refusals[i].says,
		    attempt.code, &attempt.err);
		assert_unchanged(name, place, &before);
		assert_hooks(name, "");
	}
}

TEST(only_trusted_seals_count)
{
	RELEASE_MANIFEST struct manifest manifest = {0};
	RELEASE_ATTEMPT struct attempt attempt;
	RELEASE_BUFFER struct buffer before = {0};
	RELEASE_BUFFER struct buffer der = {0};
	const struct minisign_secret trusted_one = secrets[0];
	char path[PATH_SIZE];

	make_crl(&newer, &der);
	describe_crl(&der, &manifest);
	secrets[0] = secrets[2];
	write_bundle(&manifest, &der, 1, path);
	secrets[0] = trusted_one;
	take_snapshot(place, &before);
	import(&(struct import_options){0}, &attempt);
	assert_refusal("seal", ERR_SEAL, "", attempt.code, &attempt.err);
	assert_unchanged("seal", place, &before);
}

TEST(a_bare_crl_is_taken_only_where_that_is_allowed)
{
	RELEASE_ATTEMPT struct attempt refused, taken;
	RELEASE_BUFFER struct buffer before = {0};
	RELEASE_BUFFER struct buffer der = {0};
	char path[PATH_SIZE];

	make_crl(&newer, &der);
	fixture_write(medium, "bare.crl", span_of_buffer(&der));
	path_in(path, medium, "bare.crl");
	take_snapshot(place, &before);
	import_from(path, &(struct import_options){0}, &refused);
	assert_refusal("bare", ERR_SEAL, "bare", refused.code, &refused.err);
	assert_unchanged("bare", place, &before);
	configure("bare = true;", "");
	import_from(path, &(struct import_options){0}, &taken);
	assert_fine("bare", taken.code, &taken.err);
	assert_int_equal(taken.imported.outcome, IMPORT_INSTALLED);
	assert_all_hold("bare", &der);
}

#define PLACES 5	/* where an accepted CRL lies, or is told of */

/* All of them are gone but one, or all: PLACES. */
static void
lose_all_but(size_t kept)
{
	const char *const places[PLACES] = { "state/r/accepted.json",
		"state/r/accepted.crl", find_hashed(), PEM_STORE, DER_STORE };

	for (size_t i = 0; i < PLACES; i++)
		if (i != kept && places[i] != NULL && is_there(places[i]))
			remove_there(places[i]);
}

/* An older one after that is refused, and nothing changes. */
static void
assert_older_refused(size_t kept, enum err want, const char *says)
{
	RELEASE_BUFFER struct buffer before = {0};
	RELEASE_ATTEMPT struct attempt attempt;
	char name[32];

	snprintf(name, sizeof(name), "place %zu is kept", kept);
	take_snapshot(place, &before);
	import(&(struct import_options){0}, &attempt);
	assert_refusal(name, want, says, attempt.code, &attempt.err);
	assert_says(name, &attempt.notices, want == ERR_ROLLBACK &&
	    kept > 0 ? "taken from what the stores hold" : "");
	assert_unchanged(name, place, &before);
}

TEST(what_was_accepted_is_known_from_any_place)
{
	RELEASE_BUFFER struct buffer der = {0};

	for (size_t kept = 0; kept < PLACES; kept++) {
		begin(&der);
		lose_all_but(kept);
		carry(&older, &der);
		assert_older_refused(kept, ERR_ROLLBACK, "want one above 13");
		leave_place(NULL);
		enter_place(NULL);
	}
}

TEST(where_nobody_can_tell_nothing_is_taken)
{
	RELEASE_BUFFER struct buffer der = {0};

	begin(&der);
	lose_all_but(PLACES);
	assert_older_refused(PLACES, ERR_MISSING, "what was accepted");
}
