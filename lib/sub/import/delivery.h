/* SPDX-License-Identifier: ISC */
/*
 * Places that others fill, as a CDP or a server that replicates: do they have
 * the CRL that was accepted?  Inside sub/import only.
 */
#pragma once

#include "sub/import/pair_stores.h"

/* What they should have by now; all borrowed. */
struct delivery {
	const char *root;
	const struct crl_facts *facts;	/* of the CRL that was accepted */
	const char *file;		/* that has it, to be published */
};

/*
 * Read each of them again, but for those that could not be read before, and
 * say of each that has an older CRL, or none, what it has and what to do about
 * it.  That is no failure: they follow in their own time.
 */
void deliveries_tell(const struct pair_stores *stores,
    const struct delivery *wanted, struct notices *notices);
