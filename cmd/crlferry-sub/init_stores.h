/* SPDX-License-Identifier: ISC */
/* The stores of a configuration that init drafts. */
#pragma once

#include "../config_draft.h"
#include "plan/standing.h"

/*
 * Are the values of --store such that they can be written?  No two are one
 * place, and none is a certificate of ours.  ERR_USAGE.
 */
MUST_CHECK enum err init_stores_reserve(const struct invocation *invocation,
    struct config_draft *draft, struct error *err);

/*
 * Append the key `stores` of a subordinate: those of --store, then a store of
 * the type url for each distribution point that its certificate names and that
 * can be fetched from here.
 */
MUST_CHECK enum err init_stores_add(struct invocation *invocation,
    const struct cert *cert, struct buffer *text, struct error *err);

/*
 * What `import` would say of the places only when the first bundle is there,
 * and what `check` would.
 *
 * places  of this subordinate's stores, one each
 */
void init_stores_note(const struct config_subordinate *subordinate,
    const struct standing_place *places, struct notices *notices);
