/* SPDX-License-Identifier: ISC */
/*
 * Revocations that the ledger records and no CRL lists yet.  The index must
 * still have them: one that was restored, or saved by a program that had read
 * it before, has lost them without a trace of its own.
 */
#pragma once

#include "ca/index.h"
#include "root/history/ledger.h"
#include "site/config.h"

/* Fill root, the rest from {0}; release in the end. */
struct pending {
	const char *root;
	struct buffer list;	/* struct pending_serial each */
};

/* Look at a line of the ledger: each `issue` ends what was pending. */
MUST_CHECK enum err pending_see(struct pending *pending,
    const struct ledger_line *line, struct error *err);

/*
 * After the last line: the index has every one of them, but for those that the
 * operator acknowledged.  Sorts the list.
 *
 * path          of the index, for messages
 * acknowledged  hex; NULL: none
 *
 * ERR_SHRUNK names the first that is lost, and the way out.
 */
MUST_CHECK enum err pending_check(struct pending *pending, const char *path,
    const struct index *index, const struct config_words *acknowledged,
    struct error *err);
void pending_release(struct pending *pending);
