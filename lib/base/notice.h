/* SPDX-License-Identifier: ISC */
/*
 * Things worth saying that are no failure: a clamped nextUpdate, a repaired
 * store.  Libraries collect them, commands print them.
 *
 * Nobody who fills a medium or a folder may fill the screen with that: after
 * the tenth notice of one format, further ones are only counted.
 */
#pragma once

#include "base/bytes.h"

#define NOTICES_OF_A_KIND 10

/* Start from {0}. */
struct notices {
	struct buffer lines;	/* text, each notice that is not only counted */
	struct buffer marks;	/* of notice.c: one for each line */
	struct buffer kinds;	/* of notice.c */
	size_t taken_bytes;	/* of lines, by notices_take */
	size_t taken_count;
	char more[64];		/* "... and 3990 more of this kind" */
};

#define RELEASE_NOTICES __attribute__((cleanup(notices_release)))

/*
 * Add one line.  A character that cannot be shown becomes '?'; without memory
 * the line is lost.  fmt is a literal.
 *
 * notices  NULL if nobody is to be told: then there is nothing to do, here and
 *          wherever notices are handed on to
 */
void notice(struct notices *notices, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/*
 * The same of what concerns safety: something is weak, not confined, not sealed
 * or rewritten, a further store has failed, or a subordinate's own certificate
 * is revoked.  --quiet does not silence it.
 */
void notice_safety(struct notices *notices, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/*
 * Take the next line out, without its end; after the tenth of a format, a line
 * says how many more there were.  False after the last, and *notices is empty
 * again.  *line lasts until the next call.
 */
bool notices_take(struct notices *notices, struct span *line,
    bool *is_safety);
void notices_release(struct notices *notices);
