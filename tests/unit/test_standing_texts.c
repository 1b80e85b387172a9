/* SPDX-License-Identifier: ISC */
/* Long texts in a standing, and the words of states and severities. */
#include "standing_fixture.h"
#include "test.h"

/* What comes from files may be as long as its field. */
TEST(long_texts_fit)
{
	struct standing standing;
	struct scene scene;

	set_scene(&scene);
	second_is_invalid(&scene);
	memset(scene.places[1].path, 'p', sizeof(scene.places[1].path) - 1);
	memset(scene.places[1].detail, 'd',
	    sizeof(scene.places[1].detail) - 1);
	standing_decide(&scene.facts, instant("2026-11-22"), &standing);
	assert_int_equal(standing.state, PAIR_INVALID);
	assert_true(strlen(standing.detail) < sizeof(standing.detail));
	assert_non_null(strstr(standing.detail, "pppp is of no use to "
	    "issuing-1, which may have stopped: dddd"));
}

/* Of two octets each: the path is cut between two of them. */
TEST(a_long_path_keeps_whole_characters)
{
	struct standing standing;
	struct scene scene;

	set_scene(&scene);
	second_is_missing(&scene);
	for (size_t i = 0; i < 200; i += 2)
		memcpy(scene.places[1].path + i, "\xc3\xa9", 3);
	standing_decide(&scene.facts, instant("2026-11-22"), &standing);
	assert_ptr_equal(strstr(standing.detail, "der ...\xc3\xa9"),
	    standing.detail);
}

/* Which server it is stands at the beginning. */
TEST(a_long_url_keeps_its_server)
{
	struct standing standing;
	struct scene scene;

	set_scene(&scene);
	second_is_missing(&scene);
	strcpy(scene.places[1].path, "ldap://dc1/");
	for (size_t i = 11; i < 200; i += 2)
		memcpy(scene.places[1].path + i, "\xc3\xa9", 3);
	standing_decide(&scene.facts, instant("2026-11-22"), &standing);
	assert_ptr_equal(strstr(standing.detail, "der ldap://dc1/\xc3\xa9"),
	    standing.detail);
	assert_non_null(strstr(standing.detail, "\xc3\xa9... "));
}

TEST(severities_are_ordered)
{
	static const enum severity order[] = {SEVERITY_OK, SEVERITY_WARNING,
	    SEVERITY_UNKNOWN, SEVERITY_CRITICAL};

	for (size_t i = 0; i < COUNT_OF(order); i++) {
		for (size_t j = 0; j < COUNT_OF(order); j++)
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
