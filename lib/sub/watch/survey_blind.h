/* SPDX-License-Identifier: ISC */
/* What a survey says of pairs that it could not look at. */
#pragma once

#include "plan/standing.h"
#include "site/config.h"
#include "sub/import/pair_stores.h"

/*
 * A store that cannot be read.  If only this user may not, the store's own
 * user may well find there what he needs.
 */
void survey_unreadable(const struct pair_store *pair,
    struct standing_place *place);

/* Keep why something could not be loaded, and the remedy; for ERR_OK nothing. */
void survey_unseen(const struct error *why, struct standing_facts *facts);

/* Nothing is known of the pair but why: `unreadable`. */
void survey_blind(const struct config_root *root,
    const struct config_subordinate *subordinate, int64_t now_s,
    const struct error *why, struct standing_facts *facts,
    struct standing *out);
