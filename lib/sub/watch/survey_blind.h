/* SPDX-License-Identifier: ISC */
/* What a survey says of pairs that it could not look at. */
#pragma once

#include "base/notice.h"
#include "plan/standing.h"
#include "site/config.h"
#include "sub/import/accepted.h"
#include "sub/import/orders.h"
#include "sub/import/pair_stores.h"

/*
 * A store that cannot be read.  If only this user may not, the store's own
 * user may well find there what he needs.
 */
void survey_unreadable(const struct pair_store *pair,
    struct standing_place *place);

/* Why something could not be loaded, and the remedy; nothing for ERR_OK. */
void survey_unseen(const struct error *why, struct standing_facts *facts);

/* Nothing is known of the pair but why: `unreadable`. */
void survey_blind(const struct config_root *root,
    const struct config_subordinate *subordinate, int64_t now_s,
    const struct error *why, struct standing_facts *facts,
    struct standing *out);

/*
 * The mark is lost: accepted.crl has its place, as for an import.  If that says
 * nothing either, *lost says why nobody knows whether a store is behind.
 */
MUST_CHECK enum err survey_lost(const struct config *config,
    const struct pair_stores *stores, const struct orders *orders,
    const char *detail, struct accepted *out,
    char lost[STANDING_UNSEEN_SIZE], struct notices *notices,
    struct error *err);
