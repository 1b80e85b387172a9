/* SPDX-License-Identifier: ISC */
/*
 * Change OpenSSL's index.txt.  The file is replaced whole; a line that is not
 * changed keeps its octets, line end included.
 */
#pragma once

#include "ca/index.h"

struct index_written {
	size_t changed;		/* lines that were V or E and are R now */
	size_t added;		/* serials that the index did not know */
};

/*
 * Mark serials as revoked.  One that is revoked already is left as it is; one
 * that the index does not know gets a line of its own, with the subject
 * "/CN=unknown" and an expiry beyond all CRLs.  Nothing is written if
 * nothing changes.
 *
 * list  count revocations in any order, no serial twice; reason 0 is written
 *       as "unspecified", -1 as no reason
 *
 * ERR_FORMAT as index_load, if a serial of the list has two lines, and for
 * what the index has no word for: reasons 7 to 10, an invalidity date beside
 * any reason but 1 and 2.  ERR_LOCKED if another program replaced the index
 * meanwhile; ERR_IO, ERR_NO_SPACE.  The file is as it was then.
 */
MUST_CHECK enum err index_revoke(const char *path,
    const struct revocation *list, size_t count, struct index_written *out,
    struct error *err);

/* What a line says of its certificate. */
struct index_certificate {
	int64_t not_after_s;
	const char *subject;	/* as cert_subject_oneline gives it */
};

/*
 * The same, with what a line that is added says of its certificate; NULL: it
 * is not at hand.
 */
MUST_CHECK enum err index_revoke_certificate(const char *path,
    const struct revocation *list, size_t count,
    const struct index_certificate *certificate, struct index_written *out,
    struct error *err);
