/* SPDX-License-Identifier: ISC */
/* How a pair is named wherever it is shown. */
#pragma once

#include "base/bytes.h"
#include "plan/standing.h"

/*
 * Append "root/subordinate", or "root" alone, with '?' for each character that
 * may not be shown (see printable_append) or is in `unwanted`.
 */
MUST_CHECK enum err printable_append_pair(struct buffer *out,
    const struct standing_facts *facts, const char *unwanted,
    struct error *err);
