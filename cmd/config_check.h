/* SPDX-License-Identifier: ISC */
/* What is asked of a configuration as a whole. */
#pragma once

#include "base/notice.h"
#include "site/config.h"

/*
 * Of one that init has written: is its state folder one that may be used, or
 * missing, and has the schedule of its first root no gap?
 * ERR_CONFIG, ERR_FORMAT, ERR_PERMISSIONS
 */
MUST_CHECK enum err config_check(const struct config *config, int64_t now_s,
    struct error *err);

/*
 * Has every root a crlnumber of its own?  Key, index or certificates in its
 * place would be written over.  ERR_CONFIG
 */
MUST_CHECK enum err config_check_files(const struct config *config,
    struct error *err);

/* Are they one file, by their paths or as the system sees them? */
bool config_is_same_file(const char *one, const char *other);

/*
 * Say so if others can change what stands in the configuration's folder.  Other
 * verbs look at the files in it, each on its own.
 */
void config_note_folder(const char *path, struct notices *notices);
