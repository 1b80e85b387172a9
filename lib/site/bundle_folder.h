/* SPDX-License-Identifier: ISC */
/* The folders of a root's bundles.  Inside site/bundle only. */
#pragma once

#include "site/bundle.h"

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
