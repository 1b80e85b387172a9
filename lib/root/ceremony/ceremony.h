/* SPDX-License-Identifier: ISC */
/*
 * The guided ceremony: a table of steps, each of which says, asks and does one
 * thing.  Where it stands is kept in STATE/ceremony.json, so that after a
 * power cut it goes on at the step that was reached.
 */
#pragma once

#include "root/issue/issue.h"
#include "site/config.h"

struct medium_progress;

/* The people in the room, and the clock on the wall. */
struct ceremony_io {
	void *context;

	/* Show text, which ends with a LF. */
	enum err (*say)(void *context, const char *text, struct error *err);

	/*
	 * Ask for a line; the answer has no LF.  ERR_DECLINED if the operator
	 * interrupted, or the terminal is gone.
	 */
	enum err (*ask)(void *context, const char *prompt, char *out,
	    size_t capacity, struct error *err);

	/* Unix seconds, UTC. */
	int64_t (*now)(void *context);

	/* Lines that can be seen at a time; 0: nobody knows. */
	unsigned int rows;

	bool shows_utf8;	/* else such letters are shown as '?' */
};

struct ceremony_options {
	const char *medium;		/* folder of the stick */
	bool is_fixed_disk_allowed;
	const struct config *real;	/* config is a rehearsal's of this
					 * one, which keeps its minutes; or
					 * NULL */
	const char *real_medium;	/* of a rehearsal: has the notes */
	bool is_dry_run;		/* ends before the question */
	const struct medium_progress *progress;	/* of the export, or NULL */
	/* now_s and confirmed_s are set anew from io and the typed date */
	struct issue_options issue;
};

/*
 * Hold one for every root that has a `signing` group; the others are exported
 * only.  The caller holds the state lock, but for a rehearsal or a dry run.
 * Notices go to io at once.  If an earlier one was interrupted after the
 * consent, it goes on, with the options of then.
 *
 * ERR_DECLINED: an answer other than `Yes`, or an interrupt; io was told
 * whether anything is signed.  ERR_CLOCK also if the date that is typed is not
 * today's, ERR_CONFIG if no root signs here.  Errors of collect, issue and
 * export otherwise; what was reached stays reached.
 */
MUST_CHECK enum err ceremony_hold(const struct config *config,
    const struct ceremony_options *options, const struct ceremony_io *io,
    struct error *err);
