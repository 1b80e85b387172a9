/* SPDX-License-Identifier: ISC */
/*
 * Read an order from a medium: its seals and its JSON are parsed in a confined
 * process, as a bundle's are.
 */
#pragma once

#include "ferry/order.h"
#include "site/sealkeys.h"
#include "sub/reader/sandbox.h"

/* What the confined process says of it; its writer may be taken over. */
struct order_verdict {
	struct confined_answer answer;
	struct order order;
	struct seals seals;
};

/*
 * ERR_FORMAT if any field is out of its range; what passes may be shown,
 * compared and kept.
 *
 * seal_count  how many it was given
 */
MUST_CHECK enum err order_verdict_check(const struct order_verdict *verdict,
    size_t seal_count, struct error *err);

/*
 * Verify the seals by the trusted keys, then parse.  The refusals of
 * order_open; ERR_FORMAT if the process died; ERR_PERMISSIONS if
 * sandbox = "require" and it cannot be confined.
 *
 * path  of the order, for messages
 */
MUST_CHECK enum err order_read(const struct config *config, const char *path,
    struct span json, const struct span *seals, size_t seal_count,
    const struct sealkeys_trusted *trusted, struct order *out,
    struct seals *sealed, struct notices *notices, struct error *err);
