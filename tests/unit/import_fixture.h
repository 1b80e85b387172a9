/* SPDX-License-Identifier: ISC */
/*
 * Imports from a medium with one bundle, by the subordinate of
 * subordinate_fixture.h.
 */
#pragma once

#include "sub/import/import.h"
#include "subordinate_fixture.h"
#include "test.h"

#define ALL_HOOKS "reload\nverify\nother\n"

/* #12 and #13. */
static const struct recipe older = { .serials = { 7 } };
static const struct recipe newer = { .number = 13, .this_later_s = 60,
	.serials = { 7, 8 } };

struct attempt {
	enum err code;
	struct error err;
	struct imported imported;
	struct notices notices;
};

static inline void
attempt_release(struct attempt *attempt)
{
	notices_release(&attempt->notices);
	imported_release(&attempt->imported);
}

#define RELEASE_ATTEMPT __attribute__((cleanup(attempt_release)))

/* What lies on the medium, or at a path. */
static inline void
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

static inline void
import(const struct import_options *options, struct attempt *out)
{
	import_from(medium, options, out);
}

/* A medium with this one bundle; its CRL in DER. */
static inline void
carry(const struct recipe *recipe, struct buffer *der)
{
	char path[PATH_SIZE];

	fixture_remove_folder(medium);
	fixture_make_folder(medium);
	der->size = 0;
	write_recipe(recipe, der, path);
}

static inline void
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

/* #13 is everywhere. */
static inline void
begin(struct buffer *der)
{
	carry(&newer, der);
	import_well("begin", &(struct import_options){0}, IMPORT_INSTALLED,
	    STORES);
	assert_hooks("begin", ALL_HOOKS);
}
