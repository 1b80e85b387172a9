/* SPDX-License-Identifier: ISC */
/* Whose CRL a store holds.  Inside sub/store_* only. */
#pragma once

#include "pki/pem.h"
#include "sub/store/store.h"

/* Whose CRL some octets are. */
enum store_owner {
	STORE_GARBAGE,		/* no CRL */
	STORE_OTHER,		/* another CA's: leave it alone */
	STORE_INVALID,		/* this root's, but admission refuses it */
	STORE_VALID,		/* this root's */
};

/* One of the different CRLs with this root's name, as OpenSSL compares it. */
struct store_held {
	uint8_t sha256[SHA256_SIZE];	/* of its DER */
	enum store_owner owner;		/* not STORE_GARBAGE */
	struct buffer der;
	char why[160];			/* if it is STORE_INVALID */
	char where[32];			/* its file, in a folder of several */
};

/*
 * Of each of them a signature is verified; copies cost a digest.  With a limit
 * to them a store costs no more than its size.
 */
#define STORE_HELD_MAX 256

/*
 * Judge DER octets.  A CRL is this root's if it has its name and verifies under
 * its key, whatever key id its AKI holds; or if its AKI holds this root's key
 * id, though it was forged or damaged.  A CRL that has only the name is
 * another's: of a root that was re-keyed.
 *
 * reading  receives the CRL if it is STORE_VALID and newer than what is there,
 *          place.detail if it is STORE_INVALID and nothing is there
 *
 * ERR_STORE for more than STORE_HELD_MAX with this root's name.
 */
MUST_CHECK enum err store_judge(const struct store *store, struct span der,
    struct store_reading *reading, enum store_owner *out, struct error *err);

/* The same of a block of a PEM file; one that is no CRL is STORE_GARBAGE. */
MUST_CHECK enum err store_judge_block(const struct store *store,
    const struct pem_block *block, struct store_reading *reading,
    enum store_owner *out, struct error *err);

/*
 * The same of all PEM blocks of a text from `at` on: this root's if one of them
 * is, else another's if one is a CRL.
 */
MUST_CHECK enum err store_judge_text(const struct store *store,
    struct span text, size_t at, struct store_reading *reading,
    enum store_owner *out, struct error *err);

/*
 * What a store with one CRL has, if that is STORE_OTHER: "another CA's CRL", or
 * that of another key with the root's name.
 */
const char *store_name_other(const struct store_reading *reading);

/* Is it this root's, be it valid or not? */
bool store_is_ours(enum store_owner owner);

/* Start a reading: kind and path, nothing present. */
void store_reading_start(const struct store *store,
    struct store_reading *out);

/* The consumer would not use it: something is in the way. */
void store_reading_spoil(struct store_reading *reading, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* For struct store_saved: the last that is STORE_INVALID, and why it is. */
void store_note_invalid(const struct store_reading *reading,
    char lost[STORE_LOST_SIZE]);

/* What is held, count of them. */
struct store_held *store_reading_held(const struct store_reading *reading,
    size_t *count);
