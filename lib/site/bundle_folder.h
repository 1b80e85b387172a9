/* SPDX-License-Identifier: ISC */
/*
 * A folder of a medium, file by file.  Inside site/bundle and site/mailbox
 * only.
 */
#pragma once

#include "site/bundle.h"

/*
 * Open a folder (O_DIRECTORY) or a regular file beneath a folder: no links, no
 * way out, no other filesystem.  Anything else of that name is looked at, not
 * opened (file_reopen).  The descriptor, or -1 with errno.
 */
int bundle_open_beneath(int folder, const char *name, int flags);

/*
 * Why a folder could not be opened beneath another, from errno: ERR_FORMAT if
 * there is something else, or nothing; ERR_IO or ERR_PERMISSIONS if that cannot
 * be seen.
 */
enum err bundle_fail_beneath(const char *path, struct error *err);

/* "bundle.json.<16 hex digits>.minisig" */
bool bundle_is_seal_name(const char *name);

/* ".<name>.crlferry-new", which a writer leaves only where it is killed. */
bool bundle_is_temporary_name(const char *name);

/* Is it the name of a part of this root's bundles? */
bool bundle_is_part_name(const char *root, const char *name);

/*
 * Read an open file once, into memory that nobody can change any more.
 * ERR_FORMAT where it is no regular file, has several links, or is larger
 * than max_bytes.
 */
MUST_CHECK enum err bundle_load_file(int fd, const char *folder,
    const char *name, uint64_t max_bytes, struct bundle_member *out,
    struct error *err);

/*
 * The same for a file of a folder, opened beneath it.  ERR_MISSING where there
 * is none; ERR_FORMAT also for a link.
 *
 * path  the folder's, for messages
 */
MUST_CHECK enum err bundle_load_named(int folder, const char *path,
    const char *name, uint64_t max_bytes, struct bundle_member *out,
    struct error *err);

/*
 * The numbers of all of a root's folders, highest first, as struct number
 * appended to out.  path is for messages.  ERR_FORMAT where they are too many.
 */
MUST_CHECK enum err bundle_list_numbers(int folder, const char *path,
    struct buffer *out, struct error *err);

/* Has the bundle in this folder a seal, whoever made it? */
MUST_CHECK enum err bundle_has_seal(int folder, const char *path,
    bool *found, struct error *err);

/* Is the bundle in this folder complete: has it a seal, and what it seals? */
MUST_CHECK enum err bundle_is_complete(int folder, const char *path,
    bool *found, struct error *err);

/* Every part and seal of the bundle in a folder; a stranger is ERR_FORMAT. */
MUST_CHECK enum err bundle_load_folder(int folder, const char *root,
    uint64_t max_crl_bytes, struct bundle *bundle, struct error *err);
