/* SPDX-License-Identifier: ISC */
/*
 * How the index and a CRL differ.  Each call costs one walk over both where
 * the CRL is in serial order, as ours are.
 */
#pragma once

#include "ca/index.h"
#include "pki/crl.h"

/*
 * Mark the revocations that the CRL lists.
 *
 * is_listed  index->count of them, in serial order, all false
 */
MUST_CHECK enum err difference_mark(const struct index *index,
    struct crl *crl, bool *is_listed, struct error *err);

/*
 * Call lost() for every entry of the CRL that the index does not list, in the
 * CRL's order.  An error from it ends the walk and is returned.
 */
MUST_CHECK enum err difference_lost(const struct index *index,
    struct crl *crl, enum err (*lost)(void *context,
    const struct crl_entry *entry, struct error *err), void *context,
    struct error *err);
