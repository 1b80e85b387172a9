/* SPDX-License-Identifier: ISC */
/* The sentences of a pair on the root's machine. */
#include "standing_fixture.h"
#include "test.h"

/* On the root the remedy is to sign, not to fetch. */
static const struct {
	const char *now;
	const char *detail;
} root_rows[] = {
    {"2026-11-22", "CRL #12 ends 2027-06-22 (in 212 days), next ceremony "
	"2027-05-04"},
    {"2027-05-02", "a ceremony is planned for 2027-05-04 (in 2 days); without "
	"its CRL issuing-1 stops on 2027-06-22 (in 51 days): prepare the "
	"ceremony and export its bundle before 2027-05-07"},
    {"2027-05-06", "a ceremony was planned for 2027-05-04 (2 days ago) and "
	"was not held yet; without its CRL issuing-1 stops on 2027-06-22 (in "
	"47 days): hold a ceremony and export its bundle before 2027-05-07"},
    {"2027-05-08", "the ceremony of 2027-05-04 is overdue since 2027-05-07; "
	"issuing-1 stops on 2027-06-22 (in 45 days): hold a ceremony and "
	"export its bundle"},
    {"2027-06-12", "CRL #12 ends on 2027-06-22 (in 10 days) and issuing-1 "
	"stops then; the ceremony of 2027-05-04 is overdue since 2027-05-07: "
	"hold a ceremony now and export its bundle"},
    {"2027-07-02", "CRL #12 ended on 2027-06-22 (10 days ago) and issuing-1 "
	"has stopped; the ceremony of 2027-05-04 is overdue since 2027-05-07: "
	"hold a ceremony at once and export its bundle"},
};

TEST(the_root_is_told_what_it_can_do)
{
	struct standing standing;
	struct scene scene;

	set_scene(&scene);
	strcpy(scene.places[0].kind, "archive");
	scene.facts.place_count = 1;
	for (size_t i = 0; i < COUNT_OF(root_rows); i++) {
		standing_decide(&scene.facts, instant(root_rows[i].now),
		    &standing);
		assert_string_equal(standing.detail, root_rows[i].detail);
	}
	unpublished(&scene);
	standing_decide(&scene.facts, instant("2026-11-23T13:00:00Z"),
	    &standing);
	assert_string_equal(standing.detail, "3 revocations, the oldest of "
	    "2026-11-23 12:00 UTC, are on no CRL yet: issue a CRL and export "
	    "its bundle");
	scene.facts.unpublished = 1;
	standing_decide(&scene.facts, instant("2026-11-26"), &standing);
	assert_string_equal(standing.detail, "1 revocation, of 2026-11-23, is "
	    "on no CRL yet: issue a CRL and export its bundle");
	scene.facts.subordinate[0] = '\0';
	scene.places[0].is_present = false;
	scene.places[0].path[0] = '\0';
	standing_decide(&scene.facts, instant("2026-11-23"), &standing);
	assert_string_equal(standing.detail, "the archive holds no CRL of "
	    "corp-root-g1, and whoever depends on corp-root-g1 needs one: "
	    "issue or adopt one");
}
