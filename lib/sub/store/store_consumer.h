/* SPDX-License-Identifier: ISC */
/*
 * A PEM file as the programs read it that are built on OpenSSL: nginx,
 * Apache, PostgreSQL, Python's ssl, `openssl verify`.  Inside sub/store_* only.
 */
#pragma once

#include "sub/store/store_lookup.h"

enum consumer_kind {
	/* X509_LOOKUP_file: one damaged block, and nothing is loaded. */
	CONSUMER_FILE,
	/* X509_LOOKUP_hash_dir: CRLs only, up to one that is damaged. */
	CONSUMER_SLOT,
};

/* What the consumer makes of a file. */
struct consumer_view {
	size_t crl_count;	/* that it found */
	bool is_damaged;	/* and it stops there */
	bool is_hidden;		/* one of ours is there that it does not find */
	bool is_plain;		/* all are ours, and read alike by all */
	char what[160];		/* which block is in the way, and why */
	const char *remedy;	/* static; NULL: an import replaces it */
};

/*
 * Judge every CRL that the consumer finds in the file; of a CONSUMER_FILE also
 * those behind a damaged block, because they count as seen.
 */
MUST_CHECK enum err consumer_read(const struct store *store, struct span file,
    enum consumer_kind kind, struct store_reading *reading,
    struct consumer_view *view, struct error *err);

/*
 * After the last file: would the consumer use the newest CRL of this root?  It
 * is asked itself, by its own lookup.  If not, the reading is spoilt
 * (store_reading_spoil).
 *
 * view  of a CONSUMER_FILE; NULL for a folder
 */
MUST_CHECK enum err consumer_choose(const struct store *store,
    struct lookup *lookup, const struct consumer_view *view,
    struct store_reading *reading, struct error *err);

/*
 * Read the store back.  ERR_STORE, with the reason and what to do, unless a
 * consumer would use this CRL: OpenSSL verifies the subordinate's certificate
 * with what was read, as a CA service does when it starts.  Of a larger CRL
 * than STORE_CONFIRMED_MAX it is not asked.
 */
MUST_CHECK enum err consumer_confirm(const struct store *store,
    const struct store_crl *crl, struct error *err);
