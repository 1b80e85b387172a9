/* SPDX-License-Identifier: ISC */
/*
 * Evidence that an operator discarded, as the ledger records it: a line of the
 * event "discard-evidence" has the evidence's `id`, and `why`.
 *
 * Ids: "crl-<number>", "ledger-<sequence>", "ledger-head-<16 hex digits>",
 * "note-crl-<16 hex digits>", "archive-crl-<16 hex digits>" (root/vanished) and
 * a note's own, "request-issuing-1-17".
 */
#pragma once

#include "base/bytes.h"
#include "site/config.h"

#define DISCARD_EVENT "discard-evidence"

/* Start from {0}. */
struct discards {
	struct buffer ids;	/* texts, each with its NUL */
};

#define RELEASE_DISCARDS __attribute__((cleanup(discards_release)))

/*
 * Read what was discarded of a root's evidence.  A line counts for the root
 * that it names; the ledger is all roots', and so are its ids.
 */
MUST_CHECK enum err discards_read(const struct config *config,
    const struct config_root *root, struct discards *out, struct error *err);

bool discards_has(const struct discards *discards, const char *id);
void discards_release(struct discards *discards);
