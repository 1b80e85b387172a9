/* SPDX-License-Identifier: ISC */
/* A bundle on its way in: what becomes of it, and what is kept of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "subordinate_fixture.h"
#include "sub/import.h"
#include "sub/mark.h"

#define ALL_HOOKS "reload\nverify\nother\n"

/* #12, #13 and #14; the last has lost an entry of the one before. */
static const struct recipe older = { .serials = { 7 } };
static const struct recipe newer = { .number = 13, .this_later_s = 60,
	.serials = { 7, 8 } };
static const struct recipe shrunk = { .number = 14, .this_later_s = 120,
	.serials = { 7 } };

struct attempt {
	enum err code;
	struct error err;
	struct imported imported;
	struct notices notices;
};

static void
attempt_release(struct attempt *attempt)
{
	notices_release(&attempt->notices);
}

#define RELEASE_ATTEMPT __attribute__((cleanup(attempt_release)))

/* What lies on the medium, or at a path. */
static void
import_from(const char *path, const struct import_options *options,
    struct attempt *out)
{
	RELEASE_SOURCE struct source source = { .fd = -1 };
	struct import_options with = *options;

	*out = (struct attempt){ .code = ERR_OK };
	if (with.now_s == 0)
		with.now_s = NOW;
	assert_fine(path, source_open(path, &source, &out->err), &out->err);
	out->code = import_root(config, &config->roots[0], &source, &with,
	    &out->imported, &out->notices, &out->err);
	assert_no_children();
}

static void
import(const struct import_options *options, struct attempt *out)
{
	import_from(medium, options, out);
}

/* A medium with this one bundle; its CRL in DER. */
static void
carry(const struct recipe *recipe, struct buffer *der)
{
	char path[PATH_SIZE];

	fixture_remove_folder(medium);
	fixture_make_folder(medium);
	der->size = 0;
	write_recipe(recipe, der, path);
}

static void
import_well(const char *name, const struct import_options *options,
    enum import_outcome want, size_t changed)
{
	RELEASE_ATTEMPT struct attempt attempt;

	import(options, &attempt);
	assert_fine(name, attempt.code, &attempt.err);
	if (attempt.imported.outcome != want)
		fail_msg("%s: want outcome %d, have %d", name, want,
		    attempt.imported.outcome);
	assert_int_equal(attempt.imported.stores_changed, changed);
	if (want != IMPORT_NOTHING)
		assert_int_equal(attempt.imported.stores, STORES);
}

/* What is kept of it is what was verified, and the import has ended. */
static void
assert_accepted(const char *name, const struct buffer *der,
    const char *number)
{
	RELEASE_BUFFER struct buffer json = {0};
	char says[64];

	assert_file_equals(place, "state/r/accepted.crl",
	    span_of_buffer(der));
	fixture_read(place, "state/r/accepted.json", &json);
	snprintf(says, sizeof(says), "\"number\": \"%s\"", number);
	if (!span_contains(span_of_buffer(&json), says))
		fail_msg("%s: want %s accepted, have %.*s", name, says,
		    (int)json.size, (const char *)json.data);
	assert_true(is_there("state/r/accepted.sealed.json"));
}

static bool
is_marked(void)
{
	return mark_stands(&(struct mark){ config, "r", NULL });
}

/* #13 is everywhere. */
static void
begin(struct buffer *der)
{
	carry(&newer, der);
	import_well("begin", &(struct import_options){0}, IMPORT_INSTALLED,
	    STORES);
	assert_hooks("begin", ALL_HOOKS);
}

static void
the_first_one_is_installed_and_the_next_one_after_it(void **state)
{
	RELEASE_BUFFER struct buffer der = {0};

	carry(&older, &der);
	import_well("first", &(struct import_options){0}, IMPORT_INSTALLED,
	    STORES);
	assert_hooks("first", ALL_HOOKS);
	assert_all_hold("first", &der);
	assert_accepted("first", &der, "12");
	assert_false(is_marked());
	carry(&newer, &der);
	import_well("next", &(struct import_options){0}, IMPORT_INSTALLED,
	    STORES);
	assert_hooks("next", ALL_HOOKS);
	assert_all_hold("next", &der);
	assert_accepted("next", &der, "13");
	assert_false(is_marked());
	assert_no_temporaries("next", place);
}

static void
the_same_one_again_changes_no_octet(void **state)
{
	RELEASE_BUFFER struct buffer before = {0};
	RELEASE_BUFFER struct buffer der = {0};

	begin(&der);
	take_snapshot(place, &before);
	import_well("same", &(struct import_options){ .now_s = NOW + 60 },
	    IMPORT_SAME, 0);
	assert_unchanged("same", place, &before);
	/* But a copy that was lost comes back. */
	remove_there("state/r/accepted.crl");
	import_well("lost", &(struct import_options){0}, IMPORT_SAME, 0);
	assert_accepted("lost", &der, "13");
	assert_hooks("lost", "");
}

static void
a_store_that_drifted_is_repaired(void **state)
{
	RELEASE_BUFFER struct buffer json = {0};
	RELEASE_BUFFER struct buffer old = {0};
	RELEASE_BUFFER struct buffer der = {0};

	make_crl(&older, &old);
	begin(&der);
	fixture_read(place, "state/r/accepted.json", &json);
	fixture_write(place, DER_STORE, span_of_buffer(&old));
	import_well("drifted", &(struct import_options){ .now_s = NOW + 60 },
	    IMPORT_REPAIRED, 1);
	assert_hooks("drifted", "other\n");
	assert_all_hold("drifted", &der);
	assert_false(is_marked());
	/* When it was accepted is not said anew. */
	assert_file_equals(place, "state/r/accepted.json",
	    span_of_buffer(&json));
}

static void
an_import_that_was_cut_off_is_ended_with_its_hooks(void **state)
{
	const uint8_t digest[SHA256_SIZE] = {1};
	const struct mark mark = { config, "r", digest };
	RELEASE_BUFFER struct buffer der = {0};
	struct error err = {0};

	begin(&der);
	assert_fine("mark", mark_begin(&mark, false, &err), &err);
	import_well("cut off", &(struct import_options){0}, IMPORT_REPAIRED,
	    0);
	assert_hooks("cut off", ALL_HOOKS);
	assert_false(is_marked());
	assert_all_hold("cut off", &der);
}

static void
looking_changes_nothing(void **state)
{
	RELEASE_BUFFER struct buffer before = {0};
	RELEASE_BUFFER struct buffer der = {0};

	begin(&der);
	take_snapshot(place, &before);
	import_well("dry run", &(struct import_options){
	    .is_dry_run = true }, IMPORT_JUDGED, 0);
	/* An older one is authentic, and would not be taken. */
	carry(&older, &der);
	import_well("info", &(struct import_options){
	    .is_inspection = true }, IMPORT_VERIFIED, 0);
	carry(&(struct recipe){ .number = 15, .this_later_s = 180,
	    .serials = { 7, 8 } }, &der);
	import_well("dry run of another", &(struct import_options){
	    .is_dry_run = true }, IMPORT_JUDGED, 0);
	assert_unchanged("looking", place, &before);
	assert_hooks("looking", "");
}

static void
a_medium_without_a_bundle_is_no_failure(void **state)
{
	RELEASE_BUFFER struct buffer before = {0};

	take_snapshot(place, &before);
	import_well("empty", &(struct import_options){0}, IMPORT_NOTHING, 0);
	assert_unchanged("empty", place, &before);
}

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

static void
a_refusal_changes_nothing(void **state)
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

static void
only_trusted_seals_count(void **state)
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

static void
a_bare_crl_is_taken_only_where_that_is_allowed(void **state)
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

static void
an_entry_may_go_where_the_operator_says_so(void **state)
{
	RELEASE_BUFFER struct buffer der = {0};

	begin(&der);
	carry(&shrunk, &der);
	import_well("accepted", &(struct import_options){
	    .is_removal_accepted = true }, IMPORT_INSTALLED, STORES);
	assert_all_hold("accepted", &der);
	assert_accepted("accepted", &der, "14");
}

static void
where_a_store_failed_the_mark_stays_for_a_rerun(void **state)
{
	RELEASE_ATTEMPT struct attempt attempt;
	RELEASE_BUFFER struct buffer der = {0};

	fixture_write_text(place, "fail-verify", "");
	carry(&newer, &der);
	import(&(struct import_options){0}, &attempt);
	assert_refusal("hook", ERR_HOOK, "verify", attempt.code,
	    &attempt.err);
	assert_int_equal(attempt.imported.stores_changed, 2);
	assert_hooks("hook", "reload\nverify\nreload\nother\n");
	assert_accepted("hook", &der, "13");
	assert_true(is_marked());
	assert_false(mark_is_first(&(struct mark){ config, "r", NULL }));
	remove_there("fail-verify");
	import_well("rerun", &(struct import_options){0}, IMPORT_REPAIRED,
	    1);
	assert_hooks("rerun", ALL_HOOKS);
	assert_all_hold("rerun", &der);
	assert_false(is_marked());
}

static void
what_no_store_took_is_not_accepted(void **state)
{
	RELEASE_ATTEMPT struct attempt attempt;
	RELEASE_BUFFER struct buffer der = {0};

	remove_there("hash");
	fixture_write_text(place, "fail-verify", "");
	fixture_write_text(place, "fail-other", "");
	carry(&newer, &der);
	import(&(struct import_options){0}, &attempt);
	assert_refusal("none", ERR_STORE, "hash", attempt.code,
	    &attempt.err);
	assert_int_equal(attempt.imported.stores_changed, 0);
	assert_false(is_there("state/r/accepted.json"));
	assert_false(is_there(PEM_STORE) || is_there(DER_STORE));
	assert_true(mark_is_first(&(struct mark){ config, "r", NULL }));
	/* So an older one may still come first. */
	make_hashdir();
	remove_there("fail-verify");
	remove_there("fail-other");
	carry(&older, &der);
	import_well("older", &(struct import_options){0}, IMPORT_INSTALLED,
	    STORES);
	assert_accepted("older", &der, "12");
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

static void
what_was_accepted_is_known_from_any_place(void **state)
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

static void
where_nobody_can_tell_nothing_is_taken(void **state)
{
	RELEASE_BUFFER struct buffer der = {0};

	begin(&der);
	lose_all_but(PLACES);
	assert_older_refused(PLACES, ERR_MISSING, "what was accepted");
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, enter_place, \
	leave_place)
	const struct CMUnitTest tests[] = {
		TEST(the_first_one_is_installed_and_the_next_one_after_it),
		TEST(the_same_one_again_changes_no_octet),
		TEST(a_store_that_drifted_is_repaired),
		TEST(an_import_that_was_cut_off_is_ended_with_its_hooks),
		TEST(looking_changes_nothing),
		TEST(a_medium_without_a_bundle_is_no_failure),
		TEST(a_refusal_changes_nothing),
		TEST(only_trusted_seals_count),
		TEST(a_bare_crl_is_taken_only_where_that_is_allowed),
		TEST(an_entry_may_go_where_the_operator_says_so),
		TEST(where_a_store_failed_the_mark_stays_for_a_rerun),
		TEST(what_no_store_took_is_not_accepted),
		TEST(what_was_accepted_is_known_from_any_place),
		TEST(where_nobody_can_tell_nothing_is_taken),
	};

	return cmocka_run_group_tests_name("import", tests, set_up_reader,
	    tear_down_reader);
}
