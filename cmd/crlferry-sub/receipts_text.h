/* SPDX-License-Identifier: ISC */
/* Which receipts went with an import or a request. */
#pragma once

#include "../cli.h"
#include "sub/import/receipt.h"

/* A line for each that is on the medium now. */
MUST_CHECK enum err receipts_report(struct invocation *invocation,
    const struct receipts_sent *sent, struct error *err);

/* How many are on the medium, or else wait still. */
size_t receipts_count(const struct receipts_sent *sent, bool is_written);

/* Where that of a pair is on the medium; NULL: none went. */
const char *receipts_path(const struct receipts_sent *sent,
    const char *root, const char *subordinate);
