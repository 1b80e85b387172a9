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
	size_t seen_count;	/* roots that could be looked at */
	struct error blind;	/* of the first that could not; else ERR_OK */
};

/* What may fail and leaves the rest. */
enum sub_survey_scope {
	/* nothing; for init, which no server keeps waiting: what has a URL is
	 * not looked at */
	SURVEY_WHOLE,
	SURVEY_PAIRS,		/* a subordinate's certificate */
	SURVEY_ROOTS,		/* and all that is of one root */
};

#define RELEASE_SUB_SURVEY __attribute__((cleanup(sub_survey_release)))

/*
 * Look at the stores and at what was accepted.  Reads only.
 *
 * names  "ROOT" or "ROOT/SUB" each; empty for all.  ERR_MISSING for one that
 *        the configuration does not have
 *
 * A store that cannot be read counts as `invalid`, with the reason; one that
 * this user may not read, or that cannot be reached, as `unreadable`, and so
 * does a pair of which something failed that leaves the rest.
 */
MUST_CHECK enum err sub_survey(const struct config *config,
    const struct config_words *names, int64_t now_s,
    enum sub_survey_scope scope, struct sub_survey *out,
    struct notices *notices, struct error *err);

/* Fails as the first root did if none could be looked at. */
MUST_CHECK enum err sub_survey_check(const struct sub_survey *survey,
    struct error *err);
void sub_survey_release(struct sub_survey *survey);
