/* SPDX-License-Identifier: ISC */
/* How the index and a CRL differ, and what the index takes from a CRL. */
#pragma once

#include "base/notice.h"
#include "ca/index.h"
#include "pki/crl.h"

/* What a CRL says of a revocation; serial is borrowed. */
struct crl_entry index_crl_entry(const struct revocation *revocation);

/*
 * Compare a CRL with the index.
 *
 * is_listed  NULL, or index->count flags in serial order, all false: of the
 *            revocations that the CRL lists, those become true
 * lost       NULL, or called for every entry of the CRL that the index does
 *            not list, in the CRL's order; an error from it ends the walk and
 *            is returned
 */
MUST_CHECK enum err index_crl_compare(const struct index *index,
    struct crl *crl, bool *is_listed, enum err (*lost)(void *context,
    const struct crl_entry *entry, struct error *err), void *context,
    struct error *err);

/* What the index lacks; init {.notices}, and .beside / release. */
struct merge {
	struct buffer list;	/* struct revocation each, in the CRL's order;
				 * spans point into what the CRL stands in */
	size_t count;
	struct notices *notices;
	/* Append whose a serial is, " (CN=x)"; NULL: that is not at hand. */
	enum err (*beside)(const void *context, struct span serial,
	    struct buffer *out, struct error *err);
	const void *context;
	struct buffer entered;	/* "1000 (CN=x), 1001", the first ones, with
				 * NUL, once they are */
};

#define RELEASE_MERGE __attribute__((cleanup(merge_release)))

/*
 * Look for them; nothing is changed.  What the index cannot hold of one is
 * left out with a notice: the reasons privilegeWithdrawn and aACompromise, an
 * invalidity date beside a reason other than a compromise, a hold instruction
 * beside one other than certificateHold; and all of it if the serial does not
 * fit.  With a notice too, a date beyond UTCTime becomes the nearest that
 * openssl reads, and of a serial that comes twice the earliest is taken.
 *
 * crl    verified and surveyed, over a window on memory
 * index  path; NULL if there is none yet, which lacks all of them
 *
 * ERR_FORMAT as index_load, and for removeFromCRL, which a complete CRL cannot
 * hold (RFC 5280 5.3.1).
 */
MUST_CHECK enum err merge_find(struct crl *crl, const char *index,
    struct merge *out, struct error *err);

/* Enter them in the index; a notice tells how many, and the first ones. */
MUST_CHECK enum err merge_enter(struct merge *merge, const char *index,
    struct error *err);
void merge_release(struct merge *merge);
