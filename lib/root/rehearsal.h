/* SPDX-License-Identifier: ISC */
/*
 * A rehearsal's own CA: for every root that signs here a throw-away key and a
 * certificate of the same subject, a copy of its index, a state folder, a seal
 * key and a medium, all in one temporary folder.
 */
#pragma once

#include "site/config.h"

struct rehearsal {
	char folder[4096];	/* temporary, mode 0700 */
	char medium[4096];	/* inside it */
	struct config *config;	/* of the throw-away CA */
};

#define RELEASE_REHEARSAL __attribute__((cleanup(rehearsal_release)))
#define REHEARSAL_NONE {.config = NULL}

/*
 * Make it.  Nothing of the real configuration's files is changed, and no real
 * key is opened.  The last CRLs are signed anew with the throw-away keys, so
 * that the differences shown are those that a ceremony would show.
 */
MUST_CHECK enum err rehearsal_prepare(const struct config *config,
    int64_t now_s, struct rehearsal *out, struct error *err);

/* Frees; removes the folder with its keys, but for the minutes. */
void rehearsal_release(struct rehearsal *rehearsal);
