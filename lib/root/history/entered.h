/* SPDX-License-Identifier: ISC */
/* The notes that the ledger has, by its "collect" lines. */
#pragma once

#include "base/bytes.h"
#include "site/config.h"

/* init {0} / release */
struct entered {
	struct buffer list;	/* LF, and "id sha256" LF each */
};

#define RELEASE_ENTERED __attribute__((cleanup(entered_release)))

/* Those of one root, read from the whole ledger. */
MUST_CHECK enum err entered_read(const struct config *config,
    const char *root, struct entered *out, struct error *err);

/* sha256  in hex, of the note's JSON */
bool entered_has(const struct entered *entered, const char *id,
    const char *sha256);
void entered_release(struct entered *entered);
