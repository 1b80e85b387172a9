/* SPDX-License-Identifier: ISC */
/* The folders of a root's bundles, inside site/bundle only. */
#pragma once

#include "site/bundle.h"

/*
 * The numbers of all bundles in a root's folder, highest first, as struct
 * number appended to out.  ERR_FORMAT if they are too many.
 */
MUST_CHECK enum err bundle_list_numbers(const struct medium_folder *folder,
    struct buffer *out, struct error *err);

/* Has the bundle in this folder a seal, whoever made it? */
MUST_CHECK enum err bundle_has_seal(const struct medium_folder *folder,
    bool *found, struct error *err);

/* Is the bundle in this folder complete: has it a seal, and what it seals? */
MUST_CHECK enum err bundle_is_complete(const struct medium_folder *folder,
    bool *found, struct error *err);

/*
 * Remove every seal, and what a killed writer left, and sync the folder:
 * without its seals a bundle is none.
 */
MUST_CHECK enum err bundle_remove_seals(const struct medium_folder *folder,
    struct error *err);
