/* SPDX-License-Identifier: ISC */
/* A judgement, and the sentence that goes with a state; inside lib/plan. */
#pragma once

#include "plan/standing.h"

/* A judgement in the making. */
struct judgement {
	const struct standing_facts *facts;
	const struct standing *standing;	/* its dates are set */
	int64_t now_s;
	const struct standing_place *place;	/* that a rule found, or NULL */
};

/*
 * Is the CRL of a place older than what was accepted (-1), as old (0) or newer
 * (1)?  By number, or by thisUpdate if not both have one.
 */
int standing_compare_accepted(const struct standing_facts *facts,
    const struct standing_place *place);

/* Say why `state` holds and what to do about it, into out. */
void standing_detail(enum pair_state state, const struct judgement *judgement,
    char *out, size_t capacity);
