/* SPDX-License-Identifier: ISC */
/* What seal says of a bundle or an order. */
#pragma once

#include "../rows.h"
#include "seal_candidate.h"

/*
 * What is about to be sealed: a bundle for comparing with the minutes, an order
 * as reset-order shows it; appended.
 */
MUST_CHECK enum err sealed_show(const struct sealing *sealing,
    struct buffer *out, struct error *err);

/* What came of it; appended. */
MUST_CHECK enum err sealed_tell(const struct candidate *candidate,
    const struct sealkeys_secret *secrets, struct buffer *out,
    struct error *err);

/* The same as a row of JSON, of bundles or of orders. */
void sealed_row(const struct candidate *candidate,
    const struct sealkeys_secret *secrets, struct rows *bundles,
    struct rows *orders);
