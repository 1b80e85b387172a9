/* SPDX-License-Identifier: ISC */
/* The sentences that go with a standing; inside lib/plan. */
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

/*
 * "asked on 2026-11-20 with #11, installed #12 on 2026-11-22", and whether
 * that was the last that was heard of it; empty without notes.
 *
 * standing  its number and dates are set
 */
void standing_news_text(const struct standing *standing, char *out,
    size_t capacity);
