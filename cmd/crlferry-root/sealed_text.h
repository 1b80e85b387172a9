/* SPDX-License-Identifier: ISC */
/* Words of seal on a bundle or an order. */
#pragma once

#include "../rows.h"
#include "seal_candidate.h"

/*
 * Show one that is about to be sealed: a bundle for comparing with the minutes,
 * an order as reset-order does; appended.
 */
MUST_CHECK enum err sealed_show(const struct sealing *sealing,
    struct buffer *out, struct error *err);

/* Tell how that went; appended. */
MUST_CHECK enum err sealed_tell(const struct candidate *candidate,
    const struct sealkeys_secret *secrets, struct buffer *out,
    struct error *err);

/* The same as a row of JSON, of bundles or of orders. */
void sealed_row(const struct candidate *candidate,
    const struct sealkeys_secret *secrets, struct rows *bundles,
    struct rows *orders);
