/* SPDX-License-Identifier: ISC */
/* The sentences that go with a standing; inside lib/plan. */
#pragma once

#include "plan/standing_judgement.h"

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
