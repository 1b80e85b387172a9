/* SPDX-License-Identifier: ISC */
/* What seal says of an order. */
#pragma once

#include "../rows.h"
#include "root/export/seal_order.h"

/* What is about to be sealed, as reset-order shows it; appended. */
MUST_CHECK enum err sealed_order_show(const struct order_sealing *sealing,
    struct buffer *out, struct error *err);

/* What came of it; appended. */
MUST_CHECK enum err sealed_order_tell(const struct order_sealing *sealing,
    const struct sealkeys_secret *secrets, size_t added, struct buffer *out,
    struct error *err);

/* The same as a row of JSON. */
void sealed_order_row(const struct order_sealing *sealing,
    const struct sealkeys_secret *secrets, size_t added, struct rows *rows);

/* A row for a subordinate whose order was not sealed. */
void sealed_order_row_failed(const struct config_root *root,
    const struct config_subordinate *subordinate, const struct error *why,
    struct rows *rows);
