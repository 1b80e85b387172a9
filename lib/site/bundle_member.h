/* SPDX-License-Identifier: ISC */
/*
 * A file of a medium as it was read: once, into memory that nobody can change.
 */
#pragma once

#include "ferry/manifest.h"
#include "site/medium_folder.h"

/* A file as it was read, once: a memfd sealed against any change. */
struct bundle_member {
	char name[MANIFEST_NAME_SIZE];
	int fd;			/* -1: there is none */
	uint64_t size_bytes;
};

#define BUNDLE_MEMBER_NONE {.fd = -1}
#define RELEASE_BUNDLE_MEMBER \
	__attribute__((cleanup(bundle_member_release)))

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
