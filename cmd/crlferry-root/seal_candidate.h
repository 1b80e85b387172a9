/* SPDX-License-Identifier: ISC */
/* What lies on a medium for seal: bundles and orders, one after another. */
#pragma once

#include "root/export/seal_bundle.h"
#include "root/export/seal_order.h"
#include "sealed_order_text.h"
#include "sealed_text.h"

/* A root's bundle or a subordinate's order, and how far it came. */
struct candidate {
	const struct config_root *root;		/* borrowed */
	const struct config_subordinate *subordinate;	/* of an order */
	struct sealing *bundle;			/* or NULL; owned */
	struct order_sealing *order;		/* or NULL; owned */
	struct error why;	/* code ERR_OK: nothing failed */
	size_t added;		/* seals */
};

/* Init {0} / release. */
struct candidates {
	struct candidate *list;
	size_t count;
	size_t capacity;
};

#define RELEASE_CANDIDATES __attribute__((cleanup(candidates_release)))

/*
 * Verify the bundle of each root and the orders for its subordinates: a bad one
 * does not keep the others back, and is told by its `why`.
 *
 * roots     end with NULL
 * is_named  each of them must have something there
 *
 * ERR_MISSING where there is nothing at all; ERR_IO.
 */
MUST_CHECK enum err candidates_open(const struct config *config,
    const struct config_root **roots, bool is_named,
    const struct source *source, int64_t now_s, struct candidates *out,
    struct notices *notices, struct error *err);
void candidates_release(struct candidates *candidates);

/* sealing_add, sealed_show, sealed_tell, or the same of the order. */
MUST_CHECK enum err candidate_add(const struct config *config,
    struct candidate *candidate, const struct seal_options *options,
    struct notices *notices, struct error *err);
MUST_CHECK enum err candidate_show(const struct candidate *candidate,
    struct buffer *out, struct error *err);
MUST_CHECK enum err candidate_tell(const struct candidate *candidate,
    const struct sealkeys_secret *secrets, struct buffer *out,
    struct error *err);

/* A row of bundles or of orders. */
void candidate_row(const struct candidate *candidate,
    const struct sealkeys_secret *secrets, struct rows *bundles,
    struct rows *orders);
