/* SPDX-License-Identifier: ISC */
/* What seal says of a bundle. */
#pragma once

#include "../rows.h"
#include "root/export/seal_bundle.h"

/* What is about to be sealed, for comparing with the minutes; appended. */
MUST_CHECK enum err sealed_show(const struct sealing *sealing,
    struct buffer *out, struct error *err);

/* What came of it; appended. */
MUST_CHECK enum err sealed_tell(const struct sealing *sealing,
    const struct sealkeys_secret *secrets, size_t added, struct buffer *out,
    struct error *err);

/* The same as a row of JSON. */
void sealed_row(const struct sealing *sealing,
    const struct sealkeys_secret *secrets, size_t added, struct rows *rows);

/* A row for a root whose bundle was not sealed. */
void sealed_row_failed(const struct config_root *root,
    const struct error *why, struct rows *rows);
