/* SPDX-License-Identifier: ISC */
/*
 * A folder of a medium, as it is written to.  Nothing is made through a link
 * or on another filesystem: each folder is opened beneath the one before.
 * Nothing that FAT lacks (modes, links) is asked for.
 */
#pragma once

#include "base/error.h"

struct medium_folder {
	int fd;
	char path[4096];	/* for messages */
};

#define MEDIUM_FOLDER_NONE {.fd = -1}
#define RELEASE_MEDIUM __attribute__((cleanup(medium_folder_release)))

/*
 * Open a regular file beneath a folder: no links, no way out, no other
 * filesystem.  Anything else of that name is looked at, not opened
 * (file_reopen).  The descriptor, or -1 with errno.
 */
int medium_open_beneath(int folder, const char *name, int flags);

/*
 * Open "a/b/c" beneath a medium.  Each is made if it is missing, and each
 * is synced to where it lies, whoever made it.
 *
 * ERR_MISSING without the medium; ERR_FORMAT if one of them is a link, a
 * file, or another filesystem.
 */
MUST_CHECK enum err medium_folder_make(const char *medium,
    const char *beneath, struct medium_folder *out, struct error *err);

/*
 * Look for a folder beneath a medium, without a change to either.
 *
 * out  its path in any case; its descriptor is -1 if there is none
 *
 * ERR_MISSING without the medium; ERR_FORMAT as above.
 */
MUST_CHECK enum err medium_folder_find(const char *medium,
    const char *beneath, struct medium_folder *out, struct error *err);

/* The same beneath a folder that is open; path is its own. */
MUST_CHECK enum err medium_folder_find_in(int above, const char *path,
    const char *beneath, struct medium_folder *out, struct error *err);

/* The same for one that must be there; ERR_FORMAT also if it is not. */
MUST_CHECK enum err medium_folder_enter(const struct medium_folder *above,
    const char *name, struct medium_folder *out, struct error *err);

/* Is there such a medium?  ERR_MISSING */
MUST_CHECK enum err medium_folder_check(const char *medium,
    struct error *err);

/* Open a folder that is there.  ERR_MISSING */
MUST_CHECK enum err medium_folder_open(const char *path,
    struct medium_folder *out, struct error *err);
void medium_folder_release(struct medium_folder *folder);

/*
 * Remove a file, a link itself; a missing one is fine, and *is_removed is
 * false then.  Not yet synced.
 */
MUST_CHECK enum err medium_folder_remove(const struct medium_folder *folder,
    const char *name, bool *is_removed, struct error *err);

/*
 * Remove every file that is_meant says yes to, and sync the folder; context is
 * handed to it, and the folder's descriptor.
 */
MUST_CHECK enum err medium_folder_remove_all(
    const struct medium_folder *folder,
    bool (*is_meant)(int folder, const void *context, const char *name),
    const void *context, struct error *err);

/* fsync, so that what was renamed and removed in it lasts. */
MUST_CHECK enum err medium_folder_sync(const struct medium_folder *folder,
    struct error *err);

/* syncfs: all that is cached of this filesystem goes to its device. */
MUST_CHECK enum err medium_sync(const struct medium_folder *folder,
    struct error *err);

/*
 * Is there room for files of these sizes, and some more for folders?
 * ERR_MEDIUM.  A filesystem that does not tell passes.
 */
MUST_CHECK enum err medium_check_room(const char *medium,
    const uint64_t *sizes_bytes, size_t count, struct error *err);

/*
 * file_fail for what lies in the folder: a full FAT may say EPERM, and is
 * ERR_NO_SPACE all the same.
 */
enum err medium_fail(const struct medium_folder *folder, struct error *err,
    const char *subject, const char *doing);
