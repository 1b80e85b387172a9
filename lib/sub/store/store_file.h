/* SPDX-License-Identifier: ISC */
/* What the file stores have in common.  Inside sub/store_* only. */
#pragma once

#include "sub/store/store.h"

/* A file that is to be changed: its folder, held open, and what it holds. */
struct store_target {
	struct folder folder;
	struct folder_file file;
	char lost[STORE_LOST_SIZE];	/* for struct store_saved */
};

#define STORE_TARGET_NONE \
	{.folder = FOLDER_NONE, .file = FOLDER_FILE_NONE}
#define RELEASE_TARGET __attribute__((cleanup(store_target_release)))

/* By its path, or by its name in a folder.  ERR_STORE, ERR_PERMISSIONS. */
MUST_CHECK enum err store_target_open(const struct store *store,
    const char *path, struct store_target *out, struct error *err);
MUST_CHECK enum err store_target_open_in(const struct store *store,
    const struct folder *folder, const char *name, struct store_target *out,
    struct error *err);

/*
 * The same of the store's own path, only to be looked at; *found is false if
 * there is none.
 */
MUST_CHECK enum err store_target_look(const struct store *store,
    struct store_target *out, bool *found, struct error *err);
void store_target_release(struct store_target *target);

struct span store_target_content(const struct store_target *target);

/*
 * May this file, in which no CRL was found, be replaced?  It is empty, or one
 * of this root stood there, and it holds nothing that is known to be another
 * thing.  ERR_STORE otherwise, with what was found.
 *
 * *keeps  blocks of others are in it, and have to stay; NULL: they are refused
 */
MUST_CHECK enum err store_check_garbage(const struct store *store,
    struct store_target *target, bool *keeps, struct error *err);

#define STORE_MOVE_FILE "correct the path in the configuration, or move that " \
    "file away"

/* Give the reading a remedy of its own if that is refused. */
void store_advise_garbage(const struct store *store,
    struct store_target *target, bool *keeps, struct store_reading *reading);

/*
 * A file that begins with DER: is anything behind the first value, but blanks,
 * zeros and the same again?
 */
bool store_has_more(struct span content);

/*
 * The file of a PEM store, in which there are CRLs or certificates: ERR_STORE
 * if there is a private key as well, and no CRL of this root stood there.
 */
MUST_CHECK enum err store_check_key(const struct store *store,
    const struct store_target *target, struct error *err);

/* The remedy: correct the path, or mv PATH PATH.old; returns code. */
enum err store_advise_move(struct error *err, enum err code,
    const char *path);

/* Did a CRL of this root stand there? */
MUST_CHECK enum err store_had_ours(const struct store *store,
    const struct store_target *target, bool *out, struct error *err);

/*
 * Keep what a file holds now, in *change, which takes the target over, and in
 * the store's `previous`, then replace it; nothing if it is equal.  A link,
 * as `openssl rehash` makes them, stays, and its target is replaced.
 */
MUST_CHECK enum err store_put(const struct store *store,
    struct store_target *target, struct span content,
    struct store_change *change, struct error *err);

/*
 * Keep a file of the folder, then remove it: the last one takes its place
 * if that is another.
 */
MUST_CHECK enum err store_drop(const struct store *store,
    const struct folder *folder, const char *name, const char *last,
    struct store_target *target, struct store_change *change,
    struct error *err);

/* The file that holds the CRL from now on, for store_record. */
MUST_CHECK enum err store_place(const struct store_target *target,
    struct store_change *change, struct error *err);

/*
 * A PEM file with the CRL in place of the root's first one, its further ones
 * left out, and every other octet as it was.  Without a CRL, if pem is
 * empty.
 *
 * lost  is told of those that were not valid
 */
MUST_CHECK enum err store_replace_blocks(const struct store *store,
    struct span file, struct span pem, struct buffer *out,
    char lost[STORE_LOST_SIZE], struct error *err);

/* Is there a PEM block that belongs in a file of CRLs or certificates? */
bool store_has_list(struct span file);

/* Nothing but blanks and the ends of lines? */
bool store_is_blank(struct span text);

/* Nothing but that, and lines that begin with "#"? */
bool store_is_remark(struct span text);

/* "<type> <path>" */
void store_describe(const struct store *store, char *out, size_t capacity);

/*
 * An obstacle at a file store is the store's trouble, a full disk is not: the
 * failure, which then names the path, and its code.  Nothing on ERR_OK.
 */
MUST_CHECK enum err store_trouble(struct error *err, enum err code,
    const char *path);
