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
	struct index_key *order;
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

/* The i-th revocation in serial order, 0 <= i < count. */
struct revocation index_at(const struct index *index, size_t i);

/* Where a serial stands among the revocations; false where it does not. */
bool index_find(const struct index *index, struct span serial, size_t *out);

/*
 * When the certificate of a serial ends, by any line of the index.  *found is
 * false where the index does not know the serial.
 */
MUST_CHECK enum err index_expiry(const char *path, struct span serial,
    bool *found, int64_t *not_after_s, struct error *err);
