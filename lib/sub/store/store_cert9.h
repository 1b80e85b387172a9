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
 * List them.  Nothing is ever made.
 *
 * ERR_MISSING     there is no database
 * ERR_FORMAT      it is damaged, or holds too much
 * ERR_PERMISSIONS this user may not read it, or others can change it
 * ERR_STORE       nobody knows what it holds: the program failed
 */
MUST_CHECK enum err cert9_list(const struct store *store,
    struct nss_database *out, struct error *err);

/* The octets of a CRL, appended to out.  The same. */
MUST_CHECK enum err cert9_read_crl(const struct store *store,
    const struct nss_object *object, struct buffer *out, struct error *err);
