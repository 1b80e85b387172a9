/* SPDX-License-Identifier: ISC */
/* One note from the medium.  Inside root/collect only. */
#pragma once

#include "pki/cert.h"
#include "root/evidence/collect.h"
#include "root/history/discards.h"
#include "root/history/entered.h"
#include "root/history/given_up.h"
#include "root/history/ledger.h"

/* The root whose notes are looked at. */
struct collecting {
	const struct config *config;
	const struct collect_options *options;
	const struct config_root *root;
	struct cert *cert;
	bool has_last;			/* the archive holds a CRL */
	struct number last;		/* the highest of them */
	struct discards discards;
	struct given_up given_up;	/* by reset orders */
	struct entered entered;		/* notes, before this run */
	struct ledger_end *ledger_end;	/* of this run */
	struct notices *notices;
};

/*
 * Look for the note of this kind and subordinate, and take it in.
 *
 * out        what came of it; out->fate COLLECTED_ASIDE with the reason
 * is_ahead   its clock was ahead of ours, and nobody discarded it
 * found      false, with ERR_OK, where there is none
 *
 * An error is one of this machine, not of the note.
 */
MUST_CHECK enum err collect_note(const struct collecting *collecting,
    const struct config_subordinate *subordinate, enum note_kind kind,
    struct collected_note *out, bool *is_ahead, bool *found,
    struct error *err);
