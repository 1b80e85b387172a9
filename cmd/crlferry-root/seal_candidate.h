/* SPDX-License-Identifier: ISC */
/* Bundles and orders that lie on a medium for seal, one after another. */
#pragma once

#include "root/export/sealing.h"

/* A root's bundle or a subordinate's order, and how far it came. */
struct candidate {
	struct sealing *sealing;	/* owned */
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
 * does not keep the others back, and has a `why`.
 *
 * roots     end with NULL
 * is_named  each of them must have something there
 *
 * ERR_MISSING if there is nothing at all; ERR_IO.
 */
MUST_CHECK enum err candidates_open(struct history *history,
    const struct config_root **roots, bool is_named,
    const struct source *source, int64_t now_s, struct candidates *out,
    struct notices *notices, struct error *err);
void candidates_release(struct candidates *candidates);
