/* SPDX-License-Identifier: ISC */
/*
 * The bundle: a folder of one CRL with what vouches for it.  The writer and
 * the reader of the format stand side by side; what the contents mean is for
 * others to say.
 *
 *	MEDIUM/crlferry/<root>/<number>/	number: decimal, >= 6 digits
 */
#pragma once

#include "base/notice.h"
#include "base/number.h"
#include "ferry/manifest.h"
#include "ferry/minisign.h"
#include "site/medium_folder.h"

struct medium_progress;

#define BUNDLE_FOLDER "crlferry"
#define BUNDLE_SEALS_MAX 16		/* at most MEDIUM_SEALS_MAX */
#define BUNDLE_SMALL_MAX (256 * 1024)	/* octets of the lesser files */

/* The manifest lists the first ones; it cannot list itself and its sums. */
enum bundle_part {
	BUNDLE_CRL,
	BUNDLE_CRL_PEM,
	BUNDLE_CERT,
	BUNDLE_README,
	BUNDLE_LISTED_COUNT,
	BUNDLE_MANIFEST = BUNDLE_LISTED_COUNT,
	BUNDLE_SUMS,
	BUNDLE_PART_COUNT
};

/* The folder of a root's beneath a medium: "crlferry/<root>". */
void bundle_root_folder(const char *root, char out[MANIFEST_NAME_SIZE]);

/* The folder of a bundle of it: "crlferry/<root>/<number>". */
#define BUNDLE_PATH_SIZE (sizeof(BUNDLE_FOLDER "//") + SITE_NAME_SIZE + \
	NUMBER_TEXT_SIZE)
void bundle_folder(const char *root, const struct number *number,
    char out[BUNDLE_PATH_SIZE]);

/* The file name of a part of this root's bundle. */
void bundle_part_name(enum bundle_part part, const char *root,
    char out[MANIFEST_NAME_SIZE]);

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

/* A file as it was read, once: a memfd sealed against any change. */
struct bundle_member {
	char name[MANIFEST_NAME_SIZE];
	int fd;			/* -1: there is none */
	uint64_t size_bytes;
};

#define BUNDLE_MEMBER_NONE {.fd = -1}
#define RELEASE_BUNDLE_MEMBER __attribute__((cleanup(bundle_member_release)))

/*
 * Read an open file once, into memory that nobody can change any more.
 * ERR_FORMAT if it is no regular file, has several links, or is larger
 * than max_bytes.
 */
MUST_CHECK enum err bundle_member_load(int fd, const char *folder,
    const char *name, uint64_t max_bytes, struct bundle_member *out,
    struct error *err);

/*
 * The same for a file of a folder, opened beneath it.  ERR_MISSING if there is
 * none; ERR_FORMAT also for a link.
 */
MUST_CHECK enum err bundle_member_load_named(
    const struct medium_folder *folder, const char *name, uint64_t max_bytes,
    struct bundle_member *out, struct error *err);

/* The same; *found is false, with ERR_OK, if there is none. */
MUST_CHECK enum err bundle_member_find(const struct medium_folder *folder,
    const char *name, uint64_t max_bytes, struct bundle_member *out,
    bool *found, struct error *err);
void bundle_member_release(struct bundle_member *member);

/* All octets of a member, appended. */
MUST_CHECK enum err bundle_member_read(const struct bundle_member *member,
    struct buffer *out, struct error *err);

/*
 * See a member where it lies: its sealed memory can neither change nor shrink.
 * *out stays as it is for one that is missing or empty.
 */
MUST_CHECK enum err bundle_member_map(const struct bundle_member *member,
    struct span *out, struct error *err);
void bundle_member_unmap(const struct span *span);

struct bundle {
	char path[4096];		/* for messages */
	struct bundle_member parts[BUNDLE_PART_COUNT];
	struct bundle_member seals[BUNDLE_SEALS_MAX];
	size_t seal_count;
	bool is_bare;			/* one CRL file, no bundle */
	bool is_chosen;			/* among a medium's, by this number */
	struct number number;		/* of its folder; to is_chosen */
};

#define RELEASE_BUNDLE __attribute__((cleanup(bundle_release)))

/*
 * Write a bundle, its seals last: they are the commit.  A bundle of the same
 * number loses its seals first.  Before the first seal appears everything else
 * is on the device, and was read back from there.
 *
 * medium     folder of the stick
 * manifest   complete but for its files, which are added here
 * crl_fd     the CRL in DER; borrowed
 * cert       the root's certificate, DER
 * advice     what README.txt ends with, on it; may be empty
 * secrets    seal_count open keys, at least one
 * progress   told how far it is, or NULL
 * path       receives the bundle's folder
 *
 * ERR_MEDIUM if there is too little room, and nothing was touched;
 * ERR_FORMAT if a folder is a link; ERR_IO or ERR_NO_SPACE leave no bundle
 * of this number.
 */
MUST_CHECK enum err bundle_write(const char *medium,
    struct manifest *manifest, int crl_fd, struct span cert,
    struct span advice, const struct minisign_secret *secrets,
    size_t seal_count, const struct medium_progress *progress, char *path,
    size_t path_size, struct error *err);

/*
 * Remove the bundles of a root that are older than the one of this number,
 * which was written, and the newest complete one before it: seals first, then
 * the rest.  Higher ones stay, and the highest is noted.  Nothing is
 * followed; a folder that has other things in it than a bundle's files stays
 * as it is, and is noted.
 *
 * On an error some of it may stay; what is left is no bundle, or a whole one.
 */
MUST_CHECK enum err bundle_prune(const char *medium, const char *root,
    const struct number *written, struct notices *notices,
    struct error *err);

/*
 * Take a bundle away whose CRL a reset order has given up: remove the seals of
 * the one of this number, durably, if it holds the CRL of this digest.  Without
 * them it is none, and an importer passes it over.
 *
 * number         with which the folder is named
 * max_crl_bytes  a larger file is not that CRL
 * retired        false, with ERR_OK, if there was nothing to remove
 *
 * ERR_IO, ERR_PERMISSIONS or ERR_NO_SPACE if it cannot be read, or its seals
 * cannot be removed.
 */
MUST_CHECK enum err bundle_retire(const char *medium, const char *root,
    const struct number *number, const uint8_t crl_sha256[SHA256_SIZE],
    uint64_t max_crl_bytes, bool *retired, struct error *err);

/* Is there a sealed bundle of this number?  ERR_IO, ERR_PERMISSIONS */
MUST_CHECK enum err bundle_is_there(const char *medium, const char *root,
    const struct number *number, bool *out, struct error *err);

/*
 * Add the seal of a key to a bundle.  It appears whole or not at all, and is
 * on the device once this returns.
 *
 * folder  of the bundle
 * json    bundle.json, of which the manifest was made
 */
MUST_CHECK enum err bundle_seal_write(const char *folder,
    const struct manifest *manifest, struct span json,
    const struct minisign_secret *secret, struct error *err);

/* Where bundles come from. */
enum source_kind {
	SOURCE_MEDIUM,		/* has a folder crlferry */
	SOURCE_BUNDLE,		/* is itself a bundle's folder */
	SOURCE_BARE,		/* is one CRL file */
};

struct source {
	enum source_kind kind;
	char path[4096];
	int fd;			/* of the folder, -1 for a file */
};

#define RELEASE_SOURCE __attribute__((cleanup(source_release)))

/* ERR_MISSING if there is nothing, ERR_FORMAT if it is none of them. */
MUST_CHECK enum err source_open(const char *path, struct source *out,
    struct error *err);
void source_release(struct source *source);

/*
 * Load the highest complete bundle of a root, or the bare file.  Nothing is
 * followed that leaves the source: no links, no other filesystems, names from
 * the configuration alone; only regular files with one link, sizes checked
 * before a byte is read, each file read once.
 *
 * max_crl_bytes  cap for the CRL; its PEM form may be half as large again
 * found          false, with ERR_OK, if there is none of this root
 */
MUST_CHECK enum err bundle_load(const struct source *source,
    const char *root, uint64_t max_crl_bytes, struct bundle *out, bool *found,
    struct notices *notices, struct error *err);
void bundle_release(struct bundle *bundle);

/*
 * Is a bundle what the name of its folder says?  By that name it was chosen on
 * the medium: an old bundle under a high one would hide all others.
 * ERR_FORMAT otherwise.
 */
MUST_CHECK enum err bundle_check_number(const struct bundle *bundle,
    const struct manifest *manifest, struct error *err);

/*
 * Is every listed file what the manifest says, is nothing else listed, and
 * does SHA256SUMS say the same to the octet?  parts are those of a bundle of
 * manifest->root.  ERR_FORMAT for the list, ERR_DIGEST for the contents.
 */
MUST_CHECK enum err bundle_check_members(const struct manifest *manifest,
    const struct span parts[BUNDLE_PART_COUNT], struct error *err);
