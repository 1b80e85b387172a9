/* SPDX-License-Identifier: ISC */
/* What the rules and the sentences of a standing share; inside lib/plan. */
#pragma once

#include "plan/standing.h"

/* A judgement in the making. */
struct judgement {
	const struct standing_facts *facts;
	const struct standing *standing;	/* its dates are set */
	int64_t now_s;
	const struct standing_place *place;	/* that a rule found, or NULL */
};

/* Does a replica hold nothing, though there is something to replicate? */
bool standing_is_unreplicated(const struct standing_facts *facts,
    const struct standing_place *place);

/*
 * Is the CRL of a place older than what was accepted (-1), as old (0) or newer
 * (1)?  By number, or by thisUpdate if not both have one.
 */
int standing_compare_accepted(const struct standing_facts *facts,
    const struct standing_place *place);
