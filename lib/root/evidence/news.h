/* SPDX-License-Identifier: ISC */
/* What the subordinates' notes tell of where a root's CRLs are. */
#pragma once

#include "base/notice.h"
#include "plan/standing.h"
#include "site/config.h"

/*
 * Fill the news of each subordinate of a root, in configured order; what has
 * no notes stays as it is.  A note that is damaged, or that this user may not
 * read, is a notice, and no news.  ERR_IO
 *
 * news  subordinate_count of them, all {0}
 */
MUST_CHECK enum err news_read(const struct config *config,
    const struct config_root *root, struct standing_news *news,
    struct notices *notices, struct error *err);
