/* SPDX-License-Identifier: ISC */
/*
 * The orders that were carried out: STATE/<root>/orders.json, each with its
 * seals as it came.  Appending one is what carries it out: from then on the
 * CRL that it gives up counts no more, and while that one is still what is
 * accepted, the CRL that the order names is taken whatever was seen before.
 */
#pragma once

#include "ferry/order.h"
#include "pki/cert.h"
#include "site/config.h"

#define ORDERS_VERSION 1

/* init {0} / release */
struct orders {
	struct order *list;	/* oldest first */
	size_t count;
};

#define RELEASE_ORDERS __attribute__((cleanup(orders_release)))

void orders_release(struct orders *orders);

/*
 * Load those about this key of the root.  ERR_FORMAT if the file is
 * damaged: what was given up must not come back unnoticed.
 */
MUST_CHECK enum err orders_load(const struct config *config,
    const char *root, const struct cert *cert, struct orders *out,
    struct error *err);

/* Append one, in one durable step. */
MUST_CHECK enum err orders_append(const struct config *config,
    const char *root, struct span json, const struct span *seals,
    size_t seal_count, struct error *err);

/*
 * The last order, if what it gives up is what is accepted now: it waits for
 * its CRL.  NULL otherwise.
 */
const struct order *orders_waiting(const struct orders *orders,
    const uint8_t accepted_sha256[SHA256_SIZE]);
