/* SPDX-License-Identifier: ISC */
/* The state folder: its version, paths inside it, and its lock. */
#pragma once

#include "site/config.h"

#define STATE_VERSION_TEXT "crlferry-state 1\n"
#define STATE_PATH_SIZE 4096

/*
 * Make the folder if it is missing, with its version, and check it.
 *
 * ERR_FORMAT for an unknown version, ERR_PERMISSIONS for a folder that others
 * may write.
 */
MUST_CHECK enum err state_prepare(const struct config *config,
    struct error *err);

/*
 * Check it for reading.  *exists is false, with ERR_OK, if nothing has been
 * written yet.  If that cannot be seen, ERR_IO, or ERR_PERMISSIONS, which says
 * who must be let in.
 */
MUST_CHECK enum err state_check(const struct config *config, bool *exists,
    struct error *err);

/*
 * Can this user see what STATE/<root> holds, and can only we or root change
 * it, its archive and its notes?  A missing folder holds nothing.
 * ERR_PERMISSIONS says who must be let in, or whose it is; ERR_IO.
 */
MUST_CHECK enum err state_check_root(const struct config *config,
    const char *root, struct error *err);

/* STATE/<root>/<name>; root NULL for STATE/<name>. */
MUST_CHECK enum err state_path(const struct config *config, const char *root,
    const char *name, char out[STATE_PATH_SIZE], struct error *err);

/* The same for a folder, which is made if it is missing. */
MUST_CHECK enum err state_folder(const struct config *config,
    const char *root, const char *name, char out[STATE_PATH_SIZE],
    struct error *err);

#define LOCK_WAIT_S 10

/*
 * Take STATE/lock.  Closing *out_fd gives it back.  ERR_LOCKED after
 * LOCK_WAIT_S seconds.
 *
 * It is the one lock, exclusive, taken by every verb that writes, before it
 * reads anything that it will decide upon, and held to the end.  Verbs that
 * only read take none: every file they read is replaced atomically.  A lock
 * that comes later is taken after this one.
 */
MUST_CHECK enum err lock_state(const struct config *config, int *out_fd,
    struct error *err);
