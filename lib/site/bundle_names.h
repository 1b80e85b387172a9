/* SPDX-License-Identifier: ISC */
/* The names of the folders and files of a bundle, and what each is. */
#pragma once

#include "ferry/manifest.h"

#define BUNDLE_FOLDER "crlferry"

/* X(name, suffix behind the root's name, or a fixed name, in the manifest) */
#define BUNDLE_PARTS(X) \
	X(CRL, ".crl", NULL, true) \
	X(CRL_PEM, ".crl.pem", NULL, true) \
	X(CERT, ".crt", NULL, true) \
	X(README, NULL, "README.txt", true) \
	X(MANIFEST, NULL, "bundle.json", false) \
	X(SUMS, NULL, "SHA256SUMS", false)

enum bundle_part {
#define X(name, suffix, fixed, listed) BUNDLE_##name,
	BUNDLE_PARTS(X)
#undef X
	BUNDLE_PART_COUNT
};

/* The folder of a root's beneath a medium: "crlferry/<root>". */
void bundle_root_folder(const char *root, char out[MANIFEST_NAME_SIZE]);

/* The file name of a part of this root's bundle. */
void bundle_part_name(enum bundle_part part, const char *root,
    char out[MANIFEST_NAME_SIZE]);

/* Is the part one of those that the manifest lists? */
bool bundle_part_is_listed(enum bundle_part part);

/* "bundle.json.<16 hex digits>.minisig" */
bool bundle_is_seal_name(const char *name);

/* ".<name>.crlferry-new", which a writer leaves only if it is killed. */
bool bundle_is_temporary_name(const char *name);

/* Is it the name of a part of this root's bundles? */
bool bundle_is_part_name(const char *root, const char *name);

/* The text of SHA256SUMS for a manifest and the digest of bundle.json. */
MUST_CHECK enum err bundle_sums(const struct manifest *manifest,
    const uint8_t manifest_sha256[SHA256_SIZE], struct buffer *out,
    struct error *err);
