/* SPDX-License-Identifier: ISC */
/* The sentence that goes with a state; not for other rooms. */
#pragma once

#include "plan/standing.h"

/* A judgement in the making. */
struct judgement {
	const struct standing_facts *facts;
	const struct standing *standing;	/* its dates are set */
	int64_t now_s;
	const struct standing_place *place;	/* that a rule found, or NULL */
};

/* Say why `state` holds and what to do about it, into out. */
void standing_detail(enum pair_state state, const struct judgement *judgement,
    char *out, size_t capacity);
