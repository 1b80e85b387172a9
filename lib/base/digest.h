/* SPDX-License-Identifier: ISC */
/* SHA-256 for files that travel, BLAKE2b for the ledger and minisign. */
#pragma once

#include "base/bytes.h"

#define SHA256_SIZE 32
#define SHA256_HEX_SIZE (2 * SHA256_SIZE + 1)
#define BLAKE2B_256_SIZE 32
#define BLAKE2B_512_SIZE 64

/* A running SHA-256; new/free. */
struct sha256;

#define FREE_SHA256 __attribute__((cleanup(sha256_free_at)))

MUST_CHECK enum err sha256_new(struct sha256 **out, struct error *err);
MUST_CHECK enum err sha256_update(struct sha256 *hash, struct span in,
    struct error *err);
MUST_CHECK enum err sha256_final(struct sha256 *hash, uint8_t out[SHA256_SIZE],
    struct error *err);
void sha256_free(struct sha256 *hash);
void sha256_free_at(struct sha256 **hash);

MUST_CHECK enum err sha256(struct span in, uint8_t out[SHA256_SIZE],
    struct error *err);

/* Its 64 digits, lower case. */
void sha256_hex(const uint8_t sha256[SHA256_SIZE], char out[SHA256_HEX_SIZE]);

/* The same of octets. */
MUST_CHECK enum err sha256_text(struct span in, char out[SHA256_HEX_SIZE],
    struct error *err);

/*
 * Hex for people, who read it aloud: in groups of four, eight groups a line,
 * "ab12 cd34 ..."; appended.  ERR_FORMAT if it is not hex.
 *
 * divider  between two lines
 */
MUST_CHECK enum err digest_groups(const char *hex, const char *divider,
    struct buffer *out, struct error *err);

/* BLAKE2b with 32 octets of output, no key (RFC 7693). */
void blake2b_256(struct span in, uint8_t out[BLAKE2B_256_SIZE]);
