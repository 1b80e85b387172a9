/* SPDX-License-Identifier: ISC */
/*
 * Has the ledger a line for the root's current CRL?  A crash between the
 * archive and the ledger costs it; the next verb that writes makes up for it.
 * No crash costs the intent before it: if that is gone too, the ledger was
 * cut or rewritten.
 */
#pragma once

#include "root/history/archive.h"
#include "root/history/history.h"

/* How a line says that it was made up, and that even its intent was gone. */
#define RECORDED_FROM_NOWHERE "late, the ledger had no intent"

struct recorded {
	const char *root;
	const struct archived *last;	/* NULL: there is none */
	bool is_entered;
	bool is_intended;	/* the intent is there */
	bool is_adopted;	/* by its intent: another program signed it */
	bool is_emergency;	/* by its intent: outside the calendar */
	char why[256];		/* of an emergency */
};

/* root and last are borrowed. */
void recorded_find(const struct history *history, const char *root,
    const struct archived *last, struct recorded *out);

/* Give notice if a CRL has come from nowhere. */
void recorded_warn(const struct recorded *recorded, struct notices *notices);

/* Enter what is lacking, with a notice. */
MUST_CHECK enum err recorded_make_up(const struct recorded *recorded,
    struct history *history, int64_t now_s, const char *who,
    struct notices *notices, struct error *err);

/*
 * Show each serial that a CRL in the archive has dropped, with its number; an
 * error from visit ends the walk.
 */
MUST_CHECK enum err recorded_visit_drops(const struct history *history,
    const char *root, enum err (*visit)(void *context,
    const struct number *number, const struct ledger_drop *drop,
    struct error *err), void *context, struct error *err);
