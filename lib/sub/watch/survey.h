/* SPDX-License-Identifier: ISC */
/* How every pair stands, seen from the subordinate: dates from the stores. */
#pragma once

#include "base/notice.h"
#include "plan/standing.h"
#include "site/config.h"

/* new/free; standings point into facts and places. */
struct sub_survey {
	struct standing *standings;
	struct standing_facts *facts;
	struct standing_place *places;
	size_t count;
	size_t place_count;
};

#define RELEASE_SUB_SURVEY __attribute__((cleanup(sub_survey_release)))

/*
 * Look at the stores and at what was accepted.  Reads only.
 *
 * names  "ROOT" or "ROOT/SUB" each; empty for all.  ERR_MISSING for one that
 *        the configuration does not have
 *
 * A store that cannot be read counts as `invalid`, with the reason; one that
 * this user may not read as `unreadable`.
 */
MUST_CHECK enum err sub_survey(const struct config *config,
    const struct config_words *names, int64_t now_s, struct sub_survey *out,
    struct notices *notices, struct error *err);

/*
 * The same of all pairs, whatever becomes of one root: then its pairs are
 * `unreadable`, with the reason.
 *
 * blind  of the first root that failed; ERR_OK
 *
 * ERR_IO without memory.
 */
MUST_CHECK enum err sub_survey_all(const struct config *config, int64_t now_s,
    struct sub_survey *out, struct error *blind, struct notices *notices,
    struct error *err);
void sub_survey_release(struct sub_survey *survey);
