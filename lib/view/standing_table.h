/* SPDX-License-Identifier: ISC */
/* The table of `status`: a line for each pair. */
#pragma once

#include "base/bytes.h"
#include "plan/standing.h"

/*
 * ROOT SUBORDINATE STATE NUMBER NEXT-UPDATE NEXT-CEREMONY WHERE, then a line
 * of detail for each pair that is not fresh.
 *
 * width  columns of the terminal, 0 for as wide as it takes
 */
MUST_CHECK enum err standing_table(const struct standing *standings,
    size_t count, int64_t now_s, size_t width, struct buffer *out,
    struct error *err);
