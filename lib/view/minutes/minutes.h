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
	size_t step_count;
	const char *const *deviations;	/* what did not go as planned */
	size_t deviation_count;
};

/*
 * Hex in groups of four, "ab12 cd34 ...", for reading aloud, eight of them in
 * a line; appended.  ERR_FORMAT if it is not hex.
 *
 * divider  between two lines
 */
MUST_CHECK enum err minutes_hex_groups(const char *hex, const char *divider,
    struct buffer *out, struct error *err);

/*
 * Plain text of at most 78 columns; appended.  Empty texts are shown as
 * "none"; what is not printable, in any of them, as '?'.
 */
MUST_CHECK enum err minutes_text(const struct minutes *minutes,
    struct buffer *out, struct error *err);

/*
 * One self-contained HTML page for A4 and Letter: no script, nothing loaded;
 * initials boxes at each step, signature lines at the end; a rehearsal carries
 * a banner on every printed page; at most three pages for MINUTES_LISTED_MAX
 * entries.
 */
#define MINUTES_LISTED_MAX 25
MUST_CHECK enum err minutes_html(const struct minutes *minutes,
    struct buffer *out, struct error *err);
