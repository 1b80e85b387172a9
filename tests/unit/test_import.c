/* SPDX-License-Identifier: ISC */
/* A bundle on its way in: what becomes of it, and what is kept of it. */
#include "import_fixture.h"
#include "sub/import/import_mark.h"
#include "test.h"

AROUND_ALL(set_up_reader, tear_down_reader)
AROUND_EACH(enter_place, leave_place)

/* #14 has lost an entry of #13. */
static const struct recipe shrunk = { .number = 14, .this_later_s = 120,
	.serials = { 7 } };

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
	bool stands = false;

	assert_int_equal(mark_stands(&(struct mark){ config, "r", NULL },
	    &stands, NULL), ERR_OK);
	return stands;
}

/* Is it that of a first import? */
static bool
is_first(void)
{
	bool first = false;

	assert_int_equal(mark_is_first(&(struct mark){ config, "r", NULL },
	    &first, NULL), ERR_OK);
	return first;
}

TEST(the_first_one_is_installed_and_the_next_one_after_it)
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

TEST(the_same_one_again_changes_no_octet)
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

TEST(a_store_that_drifted_is_repaired)
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

TEST(an_import_that_was_cut_off_is_ended_with_its_hooks)
{
	const uint8_t digest[SHA256_SIZE] = {1};
	const struct mark mark = { config, "r", digest };
	RELEASE_BUFFER struct buffer der = {0};
	struct error err = {0};

	begin(&der);
	FINE(mark_begin(&mark, false, &err));
	import_well("cut off", &(struct import_options){0}, IMPORT_REPAIRED,
	    0);
	assert_hooks("cut off", ALL_HOOKS);
	assert_false(is_marked());
	assert_all_hold("cut off", &der);
}

TEST(looking_changes_nothing)
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

TEST(a_medium_without_a_bundle_is_no_failure)
{
	RELEASE_BUFFER struct buffer before = {0};

	take_snapshot(place, &before);
	import_well("empty", &(struct import_options){0}, IMPORT_NOTHING, 0);
	assert_unchanged("empty", place, &before);
}

TEST(an_entry_may_go_where_the_operator_says_so)
{
	RELEASE_BUFFER struct buffer der = {0};

	begin(&der);
	carry(&shrunk, &der);
	import_well("accepted", &(struct import_options){
	    .is_removal_accepted = true }, IMPORT_INSTALLED, STORES);
	assert_all_hold("accepted", &der);
	assert_accepted("accepted", &der, "14");
}

TEST(where_a_store_failed_the_mark_stays_for_a_rerun)
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
	assert_false(is_first());
	remove_there("fail-verify");
	import_well("rerun", &(struct import_options){0}, IMPORT_REPAIRED,
	    1);
	assert_hooks("rerun", ALL_HOOKS);
	assert_all_hold("rerun", &der);
	assert_false(is_marked());
}

TEST(what_no_store_took_is_not_accepted)
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
	assert_true(is_first());
	/* So an older one may still come first. */
	make_hashdir();
	remove_there("fail-verify");
	remove_there("fail-other");
	carry(&older, &der);
	import_well("older", &(struct import_options){0}, IMPORT_INSTALLED,
	    STORES);
	assert_accepted("older", &der, "12");
}
