/* SPDX-License-Identifier: ISC */
/* One note from the medium.  Inside evidence/collect only. */
#pragma once

#include "pki/cert.h"
#include "root/evidence/collect.h"

/* The root whose notes are looked at. */
struct collecting {
	struct history *history;
	const struct collect_options *options;
	const struct config_root *root;
	struct cert *cert;
	bool has_last;			/* the archive holds a CRL */
	struct number last;		/* the highest of them */
	struct notices *notices;
};

/*
 * Look for the note of this kind and subordinate, and take it in.
 *
 * out        what came of it; out->fate COLLECTED_ASIDE with the reason
 * is_ahead   its clock was ahead of ours, and nobody discarded it
 * found      false, with ERR_OK, if there is none
 *
 * An error is one of this machine, not of the note.
 */
MUST_CHECK enum err collect_note(const struct collecting *collecting,
    const struct config_subordinate *subordinate, enum note_kind kind,
    struct collected_note *out, bool *is_ahead, bool *found,
    struct error *err);
