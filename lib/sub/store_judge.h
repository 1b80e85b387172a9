/* SPDX-License-Identifier: ISC */
/* Whose CRL a store holds.  Inside sub/store_* only. */
#pragma once

#include "sub/store.h"

/* Whose CRL some octets are. */
enum store_owner {
	STORE_GARBAGE,		/* no CRL */
	STORE_OTHER,		/* another CA's: leave it alone */
	STORE_INVALID,		/* names this root, does not verify */
	STORE_VALID,		/* this root's */
};

/*
 * Judge DER octets.  A CRL whose AKI holds another key id is another CA's,
 * though the name be the same: a root that was re-keyed.
 *
 * reading  receives place, facts and der where it is STORE_VALID and newer
 *          than what is there, place.detail where it is STORE_INVALID
 */
MUST_CHECK enum err store_judge(const struct store *store, struct span der,
    struct store_reading *reading, enum store_owner *out, struct error *err);

/* Start a reading: kind and path, nothing present. */
void store_reading_start(const struct store *store,
    struct store_reading *out);

/* Something is in the way that is no valid CRL of this root. */
void store_reading_spoil(struct store_reading *reading, const char *detail);
