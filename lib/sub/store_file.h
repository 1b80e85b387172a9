/* SPDX-License-Identifier: ISC */
/* What the file stores have in common.  Inside sub/store_* only. */
#pragma once

#include "sub/store.h"

/*
 * Read a store's file; *found is false where there is none.  ERR_STORE, and
 * ERR_PERMISSIONS where this user may not.
 */
MUST_CHECK enum err store_read_file(const struct store *store,
    const char *path, struct buffer *out, bool *found, struct error *err);

/*
 * Keep what a file holds now, in *change and in the store's `previous`, then
 * replace it; nothing where it is equal.  A link, as `openssl rehash` makes
 * them, stays, and its target is replaced.
 */
MUST_CHECK enum err store_put(const struct store *store, const char *path,
    struct span content, struct store_change *change, struct error *err);

/* Keep what a file holds now, then remove it. */
MUST_CHECK enum err store_drop(const struct store *store, const char *path,
    struct store_change *change, struct error *err);

/* "<type> <path>" */
void store_describe(const struct store *store, char *out, size_t capacity);
