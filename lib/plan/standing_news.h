/* SPDX-License-Identifier: ISC */
/* The sentence of what a pair's notes say; not for other rooms. */
#pragma once

#include "plan/standing.h"

/*
 * "asked on 2026-11-20 with #11, installed #12 on 2026-11-22", and whether
 * that was the last that was heard of it; empty without notes.
 *
 * standing  its number and dates are set
 */
void standing_news_text(const struct standing *standing, char *out,
    size_t capacity);
