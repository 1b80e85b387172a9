/* SPDX-License-Identifier: ISC */
/* What other verbs would refuse of a configuration that init has written. */
#pragma once

#include "base/notice.h"
#include "site/config.h"

/*
 * Is its state folder one that may be used, or missing, and has the schedule of
 * its first root no gap?  ERR_CONFIG, ERR_FORMAT, ERR_PERMISSIONS
 */
MUST_CHECK enum err config_check(const struct config *config, int64_t now_s,
    struct error *err);

/*
 * Say so if others can change what stands in the configuration's folder.  Other
 * verbs look at the files in it, each on its own.
 */
void config_note_folder(const char *path, struct notices *notices);
