/* SPDX-License-Identifier: ISC */
/* The names in a folder, one after another, to the end or to an error. */
#pragma once

#include <dirent.h>

#include "base/error.h"

/* LISTING_NONE / release. */
struct listing {
	DIR *dir;		/* NULL: there is no folder, and no name */
	const char *path;	/* for messages; borrowed */
};

#define LISTING_NONE {.dir = NULL}
#define RELEASE_LISTING __attribute__((cleanup(listing_release)))

/* A folder that may be missing: it has no names then.  ERR_IO. */
MUST_CHECK enum err listing_open(const char *path, struct listing *out,
    struct error *err);

/*
 * A folder that is open, apart from its descriptor: several may be read at
 * once.  ERR_IO.
 */
MUST_CHECK enum err listing_open_at(int folder, const char *path,
    struct listing *out, struct error *err);

/*
 * The next name, `.` and `..` passed over, valid until the next call.  False
 * after the last, and at once if *code is not ERR_OK.
 *
 * code  becomes ERR_IO if the folder cannot be read to its end: what was
 *       seen of it then is not all that it holds
 */
bool listing_next(struct listing *listing, const char **name, enum err *code,
    struct error *err);

/* Begin again with the first. */
void listing_rewind(struct listing *listing);
void listing_release(struct listing *listing);
