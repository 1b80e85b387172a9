/* SPDX-License-Identifier: ISC */
/* What the notes that were taken in say of where the root's CRLs are. */
#pragma once

#include "base/notice.h"
#include "plan/standing.h"
#include "site/config.h"

/*
 * One that is damaged, or that this user may not read, is a notice, and no
 * news.
 *
 * news  of each subordinate of the root, zeroed by the caller
 */
MUST_CHECK enum err news_read(const struct config *config,
    const struct config_root *root, struct standing_news *news,
    struct notices *notices, struct error *err);
