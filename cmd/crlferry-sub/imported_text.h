/* SPDX-License-Identifier: ISC */
/* A bundle, and how it fared, for info and import. */
#pragma once

#include "../rows.h"
#include "sub/import/import.h"
#include "sub/import/receipt.h"

/*
 * As text into the invocation's output, or as a row of JSON.
 *
 * receipts  that went along; NULL if none could
 */
MUST_CHECK enum err imported_report(struct invocation *invocation,
    const struct config_root *root, const struct imported *imported,
    const struct receipts_sent *receipts, struct rows *rows,
    struct error *err);

/*
 * The row of JSON for a root whose import failed; as text, how each store
 * fared, if some of them were to have the CRL.
 */
MUST_CHECK enum err imported_failed(struct invocation *invocation,
    const struct config_root *root, const struct imported *imported,
    const struct error *why, const struct receipts_sent *receipts,
    struct rows *rows, struct error *err);
