/* SPDX-License-Identifier: ISC */
/* Is the root's machine cut off from every network? */
#pragma once

#include "base/notice.h"
#include "site/config.h"

/*
 * Look at every interface but loopback.
 *
 * ERR_NETWORK names the first that is administratively up and not in
 * air_gap_allow; with air_gap = "warn" that is a notice, with "off" nobody
 * looks.
 */
MUST_CHECK enum err airgap_check(const struct config *config,
    struct notices *notices, struct error *err);

/* The first interface that is up, none of the allowed; false if none is. */
MUST_CHECK enum err airgap_find(const struct config_words *allowed,
    char *out, size_t capacity, bool *found, struct error *err);
