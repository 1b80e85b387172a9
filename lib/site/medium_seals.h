/* SPDX-License-Identifier: ISC */
/* The seals beside a file of a medium: how they are named, made and put. */
#pragma once

#include "ferry/minisign.h"
#include "site/medium_file.h"

#define MEDIUM_SEAL_SUFFIX ".minisig"

/*
 * "<file>.<key id>.minisig", the key id in lower case; for key NULL
 * "<file>.minisig", where minisign(1) looks for a seal.
 *
 * file  a name that leaves room for that
 */
void medium_seal_name(const char *file, const struct minisign_public *key,
    char out[MANIFEST_NAME_SIZE]);

/* A file that is to be sealed; all borrowed. */
struct medium_sealed {
	const char *name;
	struct span content;
	const char *comment;	/* the trusted comment of every seal */
	bool has_plain_name;	/* the first seal is "<file>.minisig" */
};

/* Init {0} / release. */
struct medium_seals {
	struct buffer files[MEDIUM_SEALS_MAX];
	char names[MEDIUM_SEALS_MAX][MANIFEST_NAME_SIZE];
	size_t count;
};

#define RELEASE_MEDIUM_SEALS __attribute__((cleanup(medium_seals_release)))

/*
 * Seal with count open keys, 1 to MEDIUM_SEALS_MAX.  Errors: minisign_sign.
 *
 * files  receives the count files for medium_put_all, borrowed from *out
 */
MUST_CHECK enum err medium_seals_make(const struct medium_sealed *sealed,
    const struct minisign_secret *secrets, size_t count,
    struct medium_seals *out, struct medium_content *files,
    struct error *err);
void medium_seals_release(struct medium_seals *seals);

/*
 * Seal with count open keys and put the seals beside the file: each appears
 * whole or not at all, and is on the device once this returns.  Errors:
 * medium_seals_make, medium_put_all.
 */
MUST_CHECK enum err medium_seals_put(const struct medium_folder *folder,
    const struct medium_sealed *sealed, const struct minisign_secret *secrets,
    size_t count, struct error *err);
