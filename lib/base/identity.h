/* SPDX-License-Identifier: ISC */
/*
 * Whose rights count when a file is looked at: those of the caller, or for a
 * moment another user's.
 */
#pragma once

#include <sys/types.h>

#include "base/error.h"

#define IDENTITY_GROUPS_MAX 256
#define IDENTITY_NAME_SIZE 64
#define IDENTITY_NOBODY 65534

struct identity {
	uid_t uid;
	gid_t gid;
	gid_t groups[IDENTITY_GROUPS_MAX];	/* supplementary */
	size_t group_count;
};

/* The rights that identity_take changed, for identity_give_back. */
struct identity_before {
	uid_t uid;
	gid_t gid;
	gid_t groups[IDENTITY_GROUPS_MAX];
	size_t group_count;
	unsigned int effective;		/* capabilities 0..31 */
};

/*
 * A user with the groups of the user database; one that it does not know has
 * no group but nogroup.  More groups than fit are left out: fewer rights.
 */
void identity_of_user(uid_t uid, struct identity *out);

/* Nobody, in this one group. */
void identity_of_group(gid_t gid, struct identity *out);

/* "www-data", or "user 1234". */
void identity_name(uid_t uid, char out[IDENTITY_NAME_SIZE]);

/* Only root and the caller are, with what trust rests on. */
bool identity_is_trusted(uid_t uid);

/* Could the caller reach files that his user id alone does not let him? */
bool identity_is_privileged(void);

/*
 * From here on this thread opens files with that user's rights (setfsuid),
 * without capabilities to go round them, until it is given back; everything
 * else, signals and memory among it, stays the caller's.
 *
 * ERR_PERMISSIONS if the caller may not do that, with his own rights back.
 */
MUST_CHECK enum err identity_take(const struct identity *identity,
    struct identity_before *before, struct error *err);

/* ERR_PERMISSIONS if the caller's rights did not come back. */
MUST_CHECK enum err identity_give_back(const struct identity_before *before,
    struct error *err);
