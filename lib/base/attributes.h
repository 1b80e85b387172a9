/* SPDX-License-Identifier: ISC */
/* Extended attributes of files, the access control list among them. */
#pragma once

#include "base/error.h"

/*
 * Give a new file those of the one that it will replace: its ACL, none if
 * that has none, user.* and security.*.  Left out are what speaks of the
 * content (security.ima, security.evm) and what gives a program rights
 * (security.capability).  Filesystems without any are fine.  An ACL sets the
 * mode too, so the mode is set afterwards.
 *
 * path  of the file that is replaced, for messages
 *
 * ERR_PERMISSIONS, ERR_NO_SPACE or ERR_IO if one cannot be kept.
 */
MUST_CHECK enum err attributes_copy(int from, int to, const char *path,
    struct error *err);
