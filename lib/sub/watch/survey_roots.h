/* SPDX-License-Identifier: ISC */
/*
 * All pairs, whatever becomes of one root: then its pairs are `unreadable`,
 * with the reason, and the others are judged.
 */
#pragma once

#include "base/notice.h"
#include "sub/watch/survey.h"

/* Start from {0}; standings point into the rest. */
struct survey_roots {
	struct standing *standings;
	size_t count;
	struct error blind;	/* of the first root that failed; ERR_OK */
	struct sub_survey *surveys;
	size_t survey_count;
	struct standing_facts *facts;	/* of pairs that could not be seen */
};

#define RELEASE_SURVEY_ROOTS __attribute__((cleanup(survey_roots_release)))

/* ERR_IO without memory; what fails beyond that is in out->blind. */
MUST_CHECK enum err survey_roots(const struct config *config, int64_t now_s,
    struct survey_roots *out, struct notices *notices, struct error *err);
void survey_roots_release(struct survey_roots *roots);
