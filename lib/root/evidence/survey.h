/* SPDX-License-Identifier: ISC */
/* How every pair stands, seen from the root. */
#pragma once

#include "base/notice.h"
#include "plan/standing.h"
#include "root/history/history.h"
#include "site/config.h"

/* new/free; standings point into facts and places. */
struct root_survey {
	struct standing *standings;
	struct standing_facts *facts;
	struct standing_place *places;
	size_t count;
};

#define RELEASE_ROOT_SURVEY __attribute__((cleanup(root_survey_release)))

/*
 * Look at the archive and the index of every root: a line for each
 * subordinate, or one for a root that has none configured.  Reads only.
 */
MUST_CHECK enum err root_survey(const struct config *config, int64_t now_s,
    struct root_survey *out, struct notices *notices, struct error *err);

/* The same of one root, by a history that was read already. */
MUST_CHECK enum err root_survey_one(const struct history *history,
    const struct config_root *root, int64_t now_s, struct root_survey *out,
    struct notices *notices, struct error *err);
void root_survey_release(struct root_survey *survey);
