/* SPDX-License-Identifier: ISC */
/*
 * The page for managers and auditors: every pair's past and future on one
 * self-contained HTML page, for the screen and for paper.
 */
#pragma once

#include "view/plan.h"

#define REPORT_CRLS_MAX 12	/* of a root's past */

/* A CRL that verifies under the root's key. */
struct report_crl {
	bool has_number;
	struct number number;
	int64_t this_update_s;
	bool has_next_update;
	int64_t next_update_s;
	bool is_emergency;	/* outside the calendar, by the ledger */
	char place[544];	/* where it lies: "archive" */
};

/* A root's or a subordinate's. */
struct report_certificate {
	const char *root;	/* as configured; borrowed */
	const char *subordinate;	/* NULL: it is the root's */
	bool is_retired;
	bool is_known;		/* else why */
	int64_t not_after_s;
	char subject[256];
	char why[512];
};

struct report_root {
	const struct plan *plan;
	struct report_crl crls[REPORT_CRLS_MAX];	/* oldest first */
	size_t crl_count;
	char unknown[512];	/* of its past; a sentence, or empty */
};

/* All that is in it is borrowed. */
struct report {
	const char *program;	/* "crlferry-root 0.1.0" */
	const char *who;	/* user@host */
	int64_t made_s;
	bool is_on_root;	/* the machine's part */
	struct plan_span span;	/* now_s: as things stand then */
	const struct report_root *roots;
	size_t root_count;
	const struct standing *standings;
	size_t standing_count;
	const struct report_certificate *certificates;
	size_t certificate_count;
	const char *const *notices;	/* whatever else was noticed */
	size_t notice_count;
};

/*
 * Keep a CRL among the newest REPORT_CRLS_MAX, in order of thisUpdate, each
 * thisUpdate once.
 */
void report_add_crl(struct report_root *root, const struct report_crl *crl);

/*
 * The page; appended.  It loads nothing and runs nothing.  Pairs that need
 * attention come first.
 */
MUST_CHECK enum err report_html(const struct report *report,
    struct buffer *out, struct error *err);
