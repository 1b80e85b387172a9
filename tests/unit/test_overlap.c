/* SPDX-License-Identifier: ISC */
/* Does a CA that publishes then leave the cushion of three weeks? */
#include "plan/overlap.h"
#include "schedule_fixture.h"

#define END "2027-06-22T08:00:00Z"

static const struct {
	const char *next_publish;	/* NULL: not said */
	const char *want;		/* how the text begins; "" for none */
} rows[] = {
	{ NULL, "" },
	{ "2026-12-01T08:00:00Z", "" },
	{ "2027-06-01T08:00:00Z", "" },
	{ "2027-06-01T08:00:01Z", ", 20 days before this CRL ends" },
	{ "2027-06-20T08:00:00Z", ", 2 days before this CRL ends" },
	{ "2027-06-20T08:00:01Z", ", 47 hours before this CRL ends" },
	/* What AD CS does unless it is told otherwise. */
	{ "2027-06-21T20:00:00Z", ", 12 hours before this CRL ends; that "
	    "leaves no cushion, which begins on 2027-06-01: if AD CS signs "
	    "it, have it overlap for longer (certutil -setreg "
	    "CA\\CRLOverlapUnits, CA\\CRLOverlapPeriod)" },
	{ "2027-06-22T07:00:00Z", ", 1 hour before this CRL ends" },
	{ END, ", 0 hours before this CRL ends" },
};

TEST(an_overlap_that_is_too_short_is_said)
{
	const struct schedule_text text = plain_text();
	const struct schedule schedule = parsed(&text);

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		char have[OVERLAP_TEXT_SIZE] = "stale";

		overlap_text(&schedule, rows[i].next_publish == NULL ? 0 :
		    instant(rows[i].next_publish), instant(END), have);
		if (strncmp(have, rows[i].want, strlen(rows[i].want)) != 0 ||
		    (rows[i].want[0] == '\0' && have[0] != '\0'))
			fail_msg("%s: want \"%s\", have \"%s\"",
			    rows[i].next_publish, rows[i].want, have);
		assert_true(strlen(have) < OVERLAP_TEXT_SIZE - 1);
	}
}
