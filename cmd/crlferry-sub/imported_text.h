/* SPDX-License-Identifier: ISC */
/* What a bundle is and what became of it, for info and import. */
#pragma once

#include "../rows.h"
#include "sub/import.h"

/* As text into the invocation's output, or as a row of JSON. */
MUST_CHECK enum err imported_report(struct invocation *invocation,
    const struct config_root *root, const struct imported *imported,
    struct rows *rows, struct error *err);

/* The row of JSON for a root whose import failed. */
MUST_CHECK enum err imported_failed(const struct config_root *root,
    const struct error *why, struct rows *rows, struct error *err);
