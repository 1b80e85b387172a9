/* SPDX-License-Identifier: ISC */
/*
 * Which CRLs of a root were issued outside its calendar, by the ledger: an
 * emergency CRL fulfils no ceremony.
 */
#pragma once

#include "root/history/history.h"

struct calendar {
	bool is_emergency;	/* the CRL of that number */
	char why[256];
	int64_t next_ceremony_s;	/* that calls for the next CRL */
};

/*
 * number, this_update_s  of the root's current CRL
 *
 * A CRL that the ledger does not know is a regular one.  After an emergency
 * CRL the next ceremony is that of the last regular one before it, or, if
 * there is none, the first at or after its own date.
 */
void calendar_read(const struct history *history,
    const struct config_root *root, const struct number *number,
    int64_t this_update_s, struct calendar *out);

/* The next ceremony once a CRL with this thisUpdate is the current one. */
int64_t calendar_foresee(const struct history *history,
    const struct config_root *root, int64_t this_update_s, bool is_emergency);
