/* SPDX-License-Identifier: ISC */
/* What operators let go, as the ledger records it. */
#pragma once

#include "base/digest.h"
#include "root/history/history.h"

/*
 * Was this evidence discarded, by a line "discard-evidence" with its `id`?
 * A line counts for the root that it names; the ledger is all roots', and so
 * are its ids.
 *
 * Ids: "crl-<number>", "ledger-<sequence>", "ledger-head-<16 hex digits>",
 * "note-crl-<16 hex digits>", "archive-crl-<16 hex digits>"
 * (evidence/vanished) and a note's own, "request-issuing-1-17".
 *
 * discarded  those that this run discards, which count as well; NULL: none
 */
bool waived_has_evidence(const struct history *history, const char *root,
    const struct config_words *discarded, const char *id);

/*
 * Was this CRL, or one of this number, given up by a line "reset-order"?  What
 * a note proves of it does not bind this root any more: neither is the CRL
 * asked for, nor must numbers go on from its own.  That one number is used up
 * all the same.
 */
bool waived_has_crl(const struct history *history, const char *root,
    const uint8_t sha256[SHA256_SIZE]);
bool waived_has_number(const struct history *history, const char *root,
    const struct number *number);

/* ERR_FORMAT: one of this root does not say which CRL it gave up. */
MUST_CHECK enum err waived_check(const struct history *history,
    const char *root, struct error *err);
