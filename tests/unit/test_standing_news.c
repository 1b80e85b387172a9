/* SPDX-License-Identifier: ISC */
/* What the sentence of a pair's notes says. */
#include "standing_fixture.h"
#include "test.h"

#define NOW "2026-11-23T00:00:00Z"
#define BEFORE "2026-11-01T08:00:00Z"
#define AFTER "2026-11-22T08:00:00Z"

/* The CRL of the scene is #12, of 2026-11-22T00:00:00Z. */
static const struct {
	const char *name;
	const char *installed, *requested;	/* NULL: no such note */
	int installed_number, requested_number;	/* -1: none is known */
	unsigned int stores, failed;
	bool is_foreign;	/* the archive has not what was installed */
	const char *want;
} rows[] = {
	{ "no notes", .want = "" },
	{ "installed", AFTER, NULL, 12, -1, 3, 0, false,
	    "installed #12 on 2026-11-22" },
	{ "without a store", AFTER, NULL, 12, -1, 0, 0, false,
	    "installed #12 on 2026-11-22" },
	{ "asked before", AFTER, BEFORE, 12, 11, 3, 0, false,
	    "asked on 2026-11-01 with #11, installed #12 on 2026-11-22" },
	{ "asked after", AFTER, "2026-11-22T09:00:00Z", 12, 12, 3, 0, false,
	    "installed #12 on 2026-11-22, asked on 2026-11-22 with #12" },
	{ "at the same second", AFTER, AFTER, 12, 11, 3, 0, false,
	    "asked on 2026-11-22 with #11, installed #12 on 2026-11-22" },
	{ "an older one", BEFORE, NULL, 11, -1, 3, 0, false,
	    "installed #11 on 2026-11-01, not heard of since" },
	{ "an older one, late", AFTER, NULL, 11, -1, 3, 0, false,
	    "installed #11 on 2026-11-22, not heard of since" },
	{ "a newer one than the archive's", BEFORE, NULL, 13, -1, 3, 0, true,
	    "installed #13 on 2026-11-01, which the archive lacks" },
	{ "asked and not heard of", NULL, BEFORE, -1, 11, 0, 0, false,
	    "asked on 2026-11-01 with #11, not heard of since" },
	{ "asked, with the current one", NULL, AFTER, -1, 12, 0, 0, false,
	    "asked on 2026-11-22 with #12" },
	{ "asked before its first CRL", NULL, BEFORE, -1, -1, 0, 0, false,
	    "asked on 2026-11-01, not heard of since" },
	{ "asked without, after", NULL, AFTER, -1, -1, 0, 0, false,
	    "asked on 2026-11-22" },
	{ "no number", AFTER, NULL, -1, -1, 1, 0, false,
	    "installed a CRL on 2026-11-22" },
	{ "other octets", AFTER, NULL, 12, -1, 1, 0, true,
	    "installed #12 on 2026-11-22, which the archive lacks" },
	{ "some failed", AFTER, NULL, 12, -1, 3, 2, false,
	    "installed #12 on 2026-11-22, but not in 2 of 3 stores" },
	{ "all failed", AFTER, NULL, 12, -1, 3, 3, false,
	    "failed to install #12 on 2026-11-22" },
};

static void
set_news(struct standing_news *news, size_t i)
{
	*news = (struct standing_news){ .stores = rows[i].stores,
	    .stores_failed = rows[i].failed,
	    .is_installed_known = !rows[i].is_foreign };
	news->has_receipt = rows[i].installed != NULL;
	if (news->has_receipt)
		news->installed_s = instant(rows[i].installed);
	news->installed_has_number = rows[i].installed_number >= 0;
	if (news->installed_has_number)
		news->installed_number = number_from_u64(
		    (uint64_t)rows[i].installed_number);
	news->has_request = rows[i].requested != NULL;
	if (news->has_request)
		news->requested_s = instant(rows[i].requested);
	news->requested_has_number = rows[i].requested_number >= 0;
	if (news->requested_has_number)
		news->requested_number = number_from_u64(
		    (uint64_t)rows[i].requested_number);
}

TEST(it_tells_what_is_known)
{
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct standing standing;
		struct scene scene;

		set_scene(&scene);
		set_news(&scene.facts.news, i);
		standing_decide(&scene.facts, instant(NOW), &standing);
		print_message("%s\n", rows[i].name);
		assert_string_equal(standing.news, rows[i].want);
		/* What the others say does not change how a pair stands. */
		assert_int_equal(standing.state, PAIR_FRESH);
	}
}

/* An empty archive: what came before cannot be overtaken by it. */
TEST(nothing_is_overtaken_by_nothing)
{
	struct standing standing;
	struct scene scene;

	set_scene(&scene);
	missing_everywhere(&scene);
	set_news(&scene.facts.news, 6);
	standing_decide(&scene.facts, instant(NOW), &standing);
	assert_string_equal(standing.news, "installed #11 on 2026-11-01");
}

/* The longest that can be said is said whole. */
TEST(long_numbers_fit)
{
	struct standing standing;
	struct scene scene;
	struct number most;

	set_scene(&scene);
	assert_true(number_from_decimal(
	    "730750818665451459101842416358141509827966271487", &most));
	set_news(&scene.facts.news, 3);
	scene.facts.news.installed_number = most;
	scene.facts.news.requested_number = most;
	scene.facts.news.is_installed_known = false;
	scene.facts.news.stores = 256;
	scene.facts.news.stores_failed = 255;
	standing_decide(&scene.facts, instant(NOW), &standing);
	assert_string_equal(standing.news, "asked on 2026-11-01 with #7307508"
	    "18665451459101842416358141509827966271487, installed #7307508186"
	    "65451459101842416358141509827966271487 on 2026-11-22, but not in "
	    "255 of 256 stores, which the archive lacks");
}
