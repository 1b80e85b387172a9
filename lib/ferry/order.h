/* SPDX-License-Identifier: ISC */
/*
 * An order travels from a root to one subordinate, to lower what that accepted.
 * It names the CRL that is given up, the one that takes its place, and
 * by the nonce the request that it answers, so that it serves once.  Encoder
 * and parser of the JSON; the seals over it are minisign's.
 */
#pragma once

#include "ferry/note.h"
#include "ferry/seals.h"

#define ORDER_TYPE "crlferry-reset"
#define ORDER_VERSION 1
#define ORDER_MAX_BYTES 8192
#define ORDER_SEALS_MAX SEALS_MAX
#define ORDER_WHY_SIZE 256

/* Of fixed size and without pointers. */
struct order {
	char root[SITE_NAME_SIZE];
	uint8_t spki_sha256[SHA256_SIZE];	/* of the root's key */
	char subordinate[SITE_NAME_SIZE];
	uint64_t sequence;		/* of the request that it answers */
	char nonce[NOTE_NONCE_SIZE];	/* of the same, lower-case hex */
	int64_t at_s;			/* by the root's clock */
	uint8_t accepted_sha256[SHA256_SIZE];	/* the CRL that is given up */
	uint8_t sha256[SHA256_SIZE];	/* the CRL that takes its place */
	bool has_number;
	struct number number;		/* of that */
	char why[ORDER_WHY_SIZE];
};

/* ERR_FORMAT, naming the first value that is out of its range. */
MUST_CHECK enum err order_check(const struct order *order,
    struct error *err);

/*
 * JSON with sorted keys, two spaces of indent, a final LF; appended.
 * ERR_FORMAT for what order_parse would refuse.
 */
MUST_CHECK enum err order_encode(const struct order *order,
    struct buffer *out, struct error *err);

/*
 * ERR_FORMAT: not JSON, a duplicate, missing, unknown or mistyped key, another
 * type or version, a value out of range.
 */
MUST_CHECK enum err order_parse(struct span json, struct order *out,
    struct error *err);

/*
 * Is the order's file, octet for octet, what order_encode writes of it?
 * ERR_FORMAT.
 */
MUST_CHECK enum err order_check_canonical(const struct order *order,
    struct span json, struct error *err);

/* Whom an order must be for and from; all borrowed. */
struct order_addressee {
	const char *root;
	const char *subordinate;
	const char *certificate;	/* path of the root's, for messages */
	const uint8_t *spki_sha256;	/* SHA256_SIZE octets, of its key */
};

/* ERR_ISSUER for another root, key or subordinate. */
MUST_CHECK enum err order_check_addressee(const struct order *order,
    const struct order_addressee *want, struct error *err);

/*
 * The seals' trusted comment: type, root, subordinate, sequence, time and,
 * if the new CRL has one, its number repeated.
 */
void order_comment(const struct order *order, char *out, size_t capacity);

/*
 * Verify the seals, then parse: nothing of an order that too few have sealed
 * is looked at.  ERR_SEAL, also if a seal's comment is another's;
 * ERR_FORMAT.
 *
 * seals  .minisig files; each key counts once
 */
MUST_CHECK enum err order_open(struct span json, const struct span *seals,
    size_t seal_count, const struct seals_trust *trust, struct order *out,
    struct seals *sealed, struct error *err);

/* Do two orders say the same? */
bool order_equals(const struct order *a, const struct order *b);

/*
 * Of orders that were carried out, oldest first: was this CRL given up?  One
 * that a later order names as the new one was not.
 */
bool orders_gave_up(const struct order *orders, size_t count,
    const uint8_t crl_sha256[SHA256_SIZE]);
