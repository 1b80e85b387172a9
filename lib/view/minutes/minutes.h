/* SPDX-License-Identifier: ISC */
/*
 * The minutes of one ceremony for one root: a struct in, text or a page made
 * for print out.  An auditor files them.
 */
#pragma once

#include "base/bytes.h"
#include "view/preview.h"

#define MINUTES_WITNESSES_MAX 8

/* One step, as it was carried out. */
struct minutes_step {
	int64_t at_s;
	char title[64];		/* "The date" */
	char text[512];		/* what was seen and answered, one sentence */
	unsigned number;	/* "Step 3 of 12" on the screen; 0: its place
				 * in the list */
	bool is_repetition;	/* something that the step before asked again:
				 * its text stands beneath that, it has no
				 * number, title or initials of its own */
	bool is_consent;	/* those present agreed to the signing here */
};

/* Sentences; borrowed. */
struct minutes_list {
	const char *const *texts;
	size_t count;
};

struct minutes {
	bool is_rehearsal;
	char program[64];		/* "crlferry-root 0.1.0" */
	char host[80];			/* user@host */
	char operator_name[128];
	char witnesses[MINUTES_WITNESSES_MAX][128];
	size_t witness_count;
	int64_t started_s;
	int64_t ended_s;
	int64_t utc_offset_s;		/* of local time at the start */

	/* What was shown and consented to; never NULL. */
	const struct preview *preview;
	const struct preview_entry *entries;	/* added and removed ones */
	size_t entry_count;
	uint64_t entries_left_out;	/* more of them than are listed */

	char root_certificate_sha256[65];	/* DER */
	char crl_sha256[65];		/* DER */
	char bundle[4096];		/* where it was written */
	char ledger_head[65];		/* as sealed into the manifest */
	char key_ids[256];		/* of the seals, divided by blanks */

	const struct minutes_step *steps;
	size_t step_count;		/* repetitions are counted, too */
	unsigned step_total;		/* "of 12"; 0: is not said */

	struct minutes_list deviations;	/* what did not go as planned */
	struct minutes_list changes;	/* agreed to outside the plan: an
					 * emergency, --first, evidence
					 * discarded, serials let go */
	struct minutes_list notices;	/* what the program had to say */
	struct minutes_list remarks;	/* what people said for the record */
};

/*
 * Plain text of at most 78 columns; appended.  Empty texts are shown as
 * "none"; what is not printable, in any of them, as '?'.
 */
MUST_CHECK enum err minutes_text(const struct minutes *minutes,
    struct buffer *out, struct error *err);

/*
 * One self-contained HTML page for A4 and Letter: no script, nothing loaded;
 * initials boxes at each step, signature lines at the end.  Every printed page
 * names the ceremony, the CRL and its digest, and a rehearsal's carries a
 * banner; at most three pages for MINUTES_LISTED_MAX entries, and four for a
 * rehearsal.
 */
#define MINUTES_LISTED_MAX 25
MUST_CHECK enum err minutes_html(const struct minutes *minutes,
    struct buffer *out, struct error *err);
