/* SPDX-License-Identifier: ISC */
/*
 * OpenSSL's own lookups, X509_LOOKUP_file and X509_LOOKUP_hash_dir, over the
 * very octets of a store that were read: never over a second reading.  Inside
 * sub/store_* only.
 */
#pragma once

#include "sub/store/store_judge.h"

struct stack_st_X509_CRL;	/* STACK_OF(X509_CRL) */

/* A store's files, one or slot by slot. */
struct lookup {
	struct buffer copies;	/* int each: a file in memory */
	bool is_off;		/* they are not, or cannot be, looked up */
};

#define RELEASE_LOOKUP __attribute__((cleanup(lookup_release)))
#define LOOKUP_OF(store) {.is_off = !(store)->asks_consumer}
void lookup_release(struct lookup *lookup);

/*
 * Keep a copy of the next file.  Of a large one that every reader takes alike,
 * and of a huge one, there is none, and the lookup is off: OpenSSL needs ten
 * times as long for it, and as much memory.  ERR_IO, ERR_NO_SPACE.
 */
MUST_CHECK enum err lookup_keep(struct lookup *lookup, struct span file,
    bool is_plain, struct error *err);

/*
 * The CRLs with the root's name that OpenSSL finds in them; to be freed.
 *
 * *crls  NULL if the lookup is off; empty if there are none
 * why    not empty if OpenSSL refuses the file
 */
MUST_CHECK enum err lookup_crls(const struct store *store,
    struct lookup *lookup, struct stack_st_X509_CRL **crls, char why[128],
    struct error *err);
