/* SPDX-License-Identifier: ISC */
/*
 * OpenSSL's index.txt: the CA's own list of certificates, used in place.  Six
 * fields a line, divided by tabs: status (V, R, E), expiry, revocation with
 * reason, serial in hex, file, subject.
 */
#pragma once

#include "base/bytes.h"
#include "pki/serial.h"

#define INDEX_HOLD_MAX 64
#define INDEX_REASON_SIZE 192	/* the longest of them, and NUL */

/* One revocation; serial and hold point into the index. */
struct revocation {
	struct span serial;	/* DER INTEGER content octets, any sign */
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

/*
 * Parse a reason as OpenSSL spells it, in any case: "superseded",
 * "keyTime,20260101000000Z", "holdInstruction,holdInstructionReject".  Nothing
 * at all means that no reason is given.
 *
 * out   reason (-1: none; 0: unspecified, said), has_invalidity,
 *       invalidity_s and hold are set, the rest is left alone
 * hold  where out->hold points
 *
 * ERR_FORMAT names the word and why it cannot be.
 */
MUST_CHECK enum err index_reason_parse(struct span text,
    struct revocation *out, uint8_t hold[INDEX_HOLD_MAX], struct error *err);

/*
 * The word for a revocation, in OpenSSL's spelling; "" if no reason is
 * given.  ERR_FORMAT if the index has none: a reason beyond 6, an
 * invalidity date beside any but 1 and 2.
 */
MUST_CHECK enum err index_reason_format(const struct revocation *revocation,
    char out[INDEX_REASON_SIZE], struct error *err);

/* What the index says of a certificate, revoked or not. */
struct index_entry {			/* start from {0}, and release */
	unsigned long line;		/* from 1 */
	char status;			/* 'V' 'R' 'E' */
	int64_t not_after_s;
	struct buffer subject;		/* as it stands there */
	struct revocation revocation;	/* of an R line; without serial */
	uint8_t hold[INDEX_HOLD_MAX];	/* where revocation.hold points */
};

/*
 * Look for a serial among all lines.  *found is false, with ERR_OK, if the
 * index does not know it.  out must stay where it is.
 *
 * ERR_FORMAT as index_load, and if two lines have this serial.
 */
MUST_CHECK enum err index_entry_find(const char *path, struct span serial,
    bool *found, struct index_entry *out, struct error *err);
void index_entry_release(struct index_entry *entry);

/* A certificate whose end is asked for. */
struct index_expiry {
	struct span serial;	/* content octets, borrowed */
	bool is_found;		/* the index knows it; set by index_expiries */
	int64_t not_after_s;	/* if it does */
	uint64_t offset;	/* of its line in the file, likewise */
};

/*
 * When certificates end, each by the first line of its serial, revoked or not:
 * one pass over the file, whatever their number and order.
 *
 * list  is_found false in each
 *
 * Errors as those of index_load; what was found before is in the list then.
 */
MUST_CHECK enum err index_expiries(const char *path,
    struct index_expiry *list, size_t count, struct error *err);

#define INDEX_SUBJECT_UNKNOWN "/CN=unknown"

struct index_written {
	size_t changed;		/* lines that were V or E and are R now */
	size_t added;		/* serials that the index did not know */
};

/* What a line says of its certificate. */
struct index_certificate {
	int64_t not_after_s;
	struct span subject;	/* as cert_subject_oneline gives it */
};

/*
 * Mark serials as revoked.  The file is replaced whole; a line that is not
 * changed keeps its octets, line end included.  One that is revoked already is
 * left as it is; one that the index does not know gets a line of its own, with
 * the subject "/CN=unknown" and an expiry beyond all CRLs.  Nothing is written
 * if nothing changes.
 *
 * list         count revocations in any order, no serial twice; reason 0 is
 *              written as "unspecified", -1 as no reason
 * certificate  what a line that is added says of it; NULL: it is not at hand
 *
 * ERR_FORMAT as index_load, if a serial of the list has two lines, and for
 * what the index has no word for: reasons 7 to 10, an invalidity date beside
 * any reason but 1 and 2.  ERR_LOCKED if another program replaced the index
 * meanwhile; ERR_IO, ERR_NO_SPACE.  The file is as it was then.
 */
MUST_CHECK enum err index_revoke(const char *path,
    const struct revocation *list, size_t count,
    const struct index_certificate *certificate, struct index_written *out,
    struct error *err);
