/* SPDX-License-Identifier: ISC */
/* Which pairs are asked for: "ROOT" or "ROOT/SUB" each; none asks for all. */
#pragma once

#include "site/config.h"

/* subordinate  NULL: for the root as a whole */
bool names_have_pair(const struct config_words *names, const char *root,
    const char *subordinate);

/* For the root, or any pair of it. */
bool names_have_root(const struct config_words *names,
    const struct config_root *root);

/* ERR_MISSING for a name that the configuration does not have. */
MUST_CHECK enum err names_check(const struct config_words *names,
    const struct config *config, struct error *err);
