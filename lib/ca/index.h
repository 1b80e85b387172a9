/* SPDX-License-Identifier: ISC */
/*
 * OpenSSL's index.txt: the CA's own list of certificates, used in place.  Six
 * fields a line, divided by tabs: status (V, R, E), expiry, revocation with
 * reason, serial in hex, file, subject.
 */
#pragma once

#include "base/bytes.h"

#define INDEX_SERIAL_MAX 64	/* content octets of a serial */

/* One revocation; serial and hold point into the index. */
struct revocation {
	struct span serial;	/* DER INTEGER content octets, positive */
	int64_t revoked_at_s;
	int32_t reason;		/* CRLReason 1..10; -1: none, unspecified */
	bool has_invalidity;
	int64_t invalidity_s;
	struct span hold;	/* holdInstructionCode, OID content, or empty */
};

/*
 * The revocations in serial order, packed: what one needs in memory beyond a
 * constant.  Start from {0}.
 */
struct index {
	struct buffer records;
	struct buffer marks;	/* uint32_t offset of every 64th record */
	size_t count;
};

#define RELEASE_INDEX __attribute__((cleanup(index_release)))

/*
 * Read the R lines.  What `openssl ca` reads is read alike: CRLF, lower-case
 * hex, tabs escaped in the subject, comments.
 *
 * ERR_FORMAT with path:line: a NUL, a wrong number of fields, an unknown
 * status, reason or date, odd hex, a serial listed twice as revoked, a last
 * line without its end.  removeFromCRL is refused: a complete CRL cannot
 * hold it.
 */
MUST_CHECK enum err index_load(const char *path, struct index *out,
    struct error *err);
void index_release(struct index *index);

/* The revocation at *offset, which starts from 0; false after the last. */
bool index_next(const struct index *index, size_t *offset,
    struct revocation *out);

/* Where a search stands; start from {0}. */
struct index_search {
	size_t offset;		/* of the record that comes next */
	size_t ordinal;		/* and its place, from 0 */
};

/*
 * Look for a serial; its place goes into *ordinal.  Serials that rise from
 * call to call cost one walk over the index in all.
 */
bool index_find(const struct index *index, struct index_search *search,
    struct span serial, size_t *ordinal);
