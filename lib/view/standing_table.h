/* SPDX-License-Identifier: ISC */
/* The table of `status`: a line for each pair. */
#pragma once

#include "base/bytes.h"
#include "plan/standing.h"

/* How it is to look. */
struct standing_look {
	size_t width;		/* of a line; 0 for as wide as it takes */
	bool has_colours;	/* escape sequences of a terminal */
};

/*
 * ROOT SUBORDINATE STATE NUMBER NEXT-UPDATE NEXT-CEREMONY; sentences on each
 * pair that is not fresh, whose certificates end soon, or that sent notes;
 * ROOT STORE HOLDS WHERE; and a legend.  A retired pair is only called so.
 *
 * Days are left out if the width is too small for them, names are broken,
 * and paths lose their beginning.
 */
MUST_CHECK enum err standing_table(const struct standing *standings,
    size_t count, int64_t now_s, const struct standing_look *look,
    struct buffer *out, struct error *err);
