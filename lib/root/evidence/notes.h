/* SPDX-License-Identifier: ISC */
/*
 * The notes that were taken in: STATE/<root>/notes/<stem>-<sequence>.json and
 * .json.minisig.  The newest of each kind and subordinate is kept.  A CRL that
 * a request proved to be this root's, with a number above the archive's, lies
 * beside them (evidence/proven_crl).
 */
#pragma once

#include "base/notice.h"
#include "ferry/note.h"
#include "site/config.h"

/* A note whose seal has been verified again. */
struct kept_note {
	char id[NOTE_ID_SIZE];	/* "request-issuing-1-17", as evidence */
	char path[4096];
	struct note note;
};

/*
 * Keep a note, durably, and drop the one that it follows.  Its seal, its root
 * and its subordinate were checked.
 *
 * ERR_ROLLBACK if a note of this kind and subordinate with the same or a
 * higher sequence is there already, and it is not the same octets.
 * *is_known is true if it is.  A kept note whose seal does not verify any
 * more is no bar: a new key may begin anew.
 */
MUST_CHECK enum err notes_keep(const struct config *config,
    const struct config_root *root, const struct note *note,
    struct span json, struct span seal, bool *is_known, struct error *err);

/*
 * Show the newest kept note of each kind and subordinate of a root.  One whose
 * seal does not verify any more (its key was replaced, or somebody changed it)
 * is passed over with a notice.
 *
 * visit  an error from it ends the walk
 */
MUST_CHECK enum err notes_visit(const struct config *config,
    const struct config_root *root, enum err (*visit)(void *context,
    const struct kept_note *note, struct error *err), void *context,
    struct notices *notices, struct error *err);

/* A note's id: "request-issuing-1-17". */
void notes_id(const struct note *note, char out[NOTE_ID_SIZE]);
