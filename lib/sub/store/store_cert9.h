/* SPDX-License-Identifier: ISC */
/*
 * What an NSS database holds under a root's name.  No tool of NSS prints the
 * octets of a CRL, so the file in which they stand is asked itself: cert9.db is
 * SQLite's, and certificates and CRLs are not encrypted in it.  Inside
 * sub/store_* only.
 */
#pragma once

#include "sub/nss/nss_listing.h"
#include "sub/store/store.h"

/* "sql:/etc/pki/nssdb", as the tools of NSS want it. */
#define CERT9_PLACE_SIZE (PATH_MAX + 4)

void cert9_place(const struct store *store, char out[CERT9_PLACE_SIZE]);

/*
 * List them.  ERR_STORE if there is no database, or it cannot be read;
 * ERR_PERMISSIONS if this user may not.  Nothing is ever made.
 */
MUST_CHECK enum err cert9_list(const struct store *store,
    struct nss_database *out, struct error *err);

/* The octets of a CRL, appended to out. */
MUST_CHECK enum err cert9_read_crl(const struct store *store,
    const struct nss_object *object, struct buffer *out, struct error *err);
