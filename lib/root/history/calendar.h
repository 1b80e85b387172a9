/* SPDX-License-Identifier: ISC */
/*
 * Which CRLs of a root were issued outside its calendar, by the ledger: an
 * emergency CRL fulfils no ceremony.
 */
#pragma once

#include "base/number.h"
#include "site/config.h"

struct calendar {
	bool is_emergency;	/* the CRL of that number */
	char why[256];
	int64_t next_ceremony_s;	/* that calls for the next CRL */
};

/*
 * number, this_update_s  of the root's current CRL
 *
 * A CRL that the ledger does not know is a regular one.  After an emergency
 * CRL the next ceremony is that of the last regular one before it, or, where
 * there is none, the first at or after its own date.  ERR_FORMAT for a damaged
 * ledger.
 */
MUST_CHECK enum err calendar_read(const struct config *config,
    const struct config_root *root, const struct number *number,
    int64_t this_update_s, struct calendar *out, struct error *err);

/* The next ceremony once a CRL with this thisUpdate is the current one. */
MUST_CHECK enum err calendar_foresee(const struct config *config,
    const struct config_root *root, int64_t this_update_s, bool is_emergency,
    int64_t *next_ceremony_s, struct error *err);
