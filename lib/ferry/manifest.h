/* SPDX-License-Identifier: ISC */
/* bundle.json: what a bundle says of itself.  Encoder and parser. */
#pragma once

#include "base/bytes.h"
#include "base/digest.h"
#include "base/number.h"
#include "base/utc.h"

#define MANIFEST_TYPE "crlferry-bundle"
#define MANIFEST_VERSION 1
#define MANIFEST_MAX_BYTES (16 * 1024 * 1024)
#define MANIFEST_FILES_MAX 8
#define MANIFEST_NAME_SIZE 80	/* of any file on a medium */
#define SITE_NAME_SIZE 33		/* [a-z0-9-]{1,32} and NUL */

struct manifest_file {
	char name[MANIFEST_NAME_SIZE];
	uint64_t size_bytes;
	uint8_t sha256[SHA256_SIZE];
};

/* A serial that an earlier CRL listed and this one does not. */
struct manifest_dropped {
	char serial[132];	/* lower-case hex of the content octets */
	char why[64];		/* "certificate expired", "acknowledged" */
	struct number number;	/* of the CRL that dropped it */
};

/* init {0} / release. */
struct manifest {
	char root[SITE_NAME_SIZE];
	uint8_t spki_sha256[SHA256_SIZE];
	struct number number;
	int64_t created_s;
	int64_t this_update_s;
	int64_t next_update_s;
	bool has_next_ceremony;
	int64_t next_ceremony_s;	/* a date, 00:00Z */
	bool is_emergency;
	char why[256];			/* of an emergency, else empty */
	char published_as[128];		/* file name in the CDP */
	uint64_t revoked_count;
	char ledger_head[2 * BLAKE2B_256_SIZE + 1];	/* hex, or empty */
	struct manifest_file files[MANIFEST_FILES_MAX];
	size_t file_count;
	struct manifest_dropped *dropped;	/* owned; grown only by
						 * manifest_add_dropped */
	size_t dropped_count;
	char (*answers)[65];	/* owned: nonces of requests, lower-case hex;
				 * manifest_add_answer */
	size_t answer_count;
};

#define RELEASE_MANIFEST __attribute__((cleanup(manifest_release)))

/*
 * Let jansson take its random seed now: it opens /dev/urandom for that, which
 * a confined process may not.  Before manifest_parse in such a process.
 */
void manifest_start(void);

/*
 * JSON with sorted keys, two spaces of indent, a final LF; appended.
 * ERR_FORMAT for what manifest_parse would refuse.
 */
MUST_CHECK enum err manifest_encode(const struct manifest *manifest,
    struct buffer *out, struct error *err);

/*
 * Parse into *out, which is {0}.  ERR_FORMAT: not JSON, a duplicate, missing,
 * unknown or mistyped key, another type or version, a value out of range, a
 * file name that is not [A-Za-z0-9._-] or begins with a dot, or one named
 * twice.
 */
MUST_CHECK enum err manifest_parse(struct span json, struct manifest *out,
    struct error *err);
void manifest_release(struct manifest *manifest);

MUST_CHECK enum err manifest_add_dropped(struct manifest *manifest,
    const struct manifest_dropped *dropped, struct error *err);
MUST_CHECK enum err manifest_add_answer(struct manifest *manifest,
    const char *nonce, struct error *err);

/*
 * The entry of this name, NULL if there is none.  A reader asks for the
 * names that it made itself from the root's name and opens those; it never
 * opens a name because a manifest has it.
 */
const struct manifest_file *manifest_find(const struct manifest *manifest,
    const char *name);

/*
 * The seal's trusted comment: type, root, number and time repeated, so that
 * `minisign -V` shows what was sealed.
 */
void manifest_comment(const struct manifest *manifest, char *out,
    size_t capacity);

/* ERR_SEAL if a trusted comment is not the one of this manifest. */
MUST_CHECK enum err manifest_check_comment(const struct manifest *manifest,
    const char *comment, struct error *err);
