/* SPDX-License-Identifier: ISC */
/*
 * Change OpenSSL's index.txt.  The file is replaced whole; a line that is not
 * changed keeps its octets, line end included.
 */
#pragma once

#include "root/index.h"

struct index_written {
	size_t changed;		/* lines that were V or E and are R now */
	size_t added;		/* serials that the index did not know */
};

/*
 * Mark serials as revoked.  One that is revoked already is left as it is; one
 * that the index does not know gets a line of its own, with the subject
 * "/CN=unknown" and an expiry beyond all CRLs.  Nothing is written where
 * nothing changes.
 *
 * list  count revocations in any order, no serial twice
 *
 * ERR_FORMAT as index_load; ERR_IO, ERR_NO_SPACE with the file as it was.
 */
MUST_CHECK enum err index_revoke(const char *path,
    const struct revocation *list, size_t count, struct index_written *out,
    struct error *err);
