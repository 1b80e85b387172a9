/* SPDX-License-Identifier: ISC */
/* A root and its pairs, as the sentences of a plan speak of them. */
#pragma once

#include "standing_fixture.h"
#include "view/plan/paragraphs.h"

#define PAIRS 7

/* The root `corp`, whose first `used` pairs are decided. */
struct stage {
	struct scene scenes[PAIRS];
	struct standing standings[PAIRS];
	struct agenda_stop stops[PAIRS];
	size_t used;
	struct plan plan;
};

typedef void prepare(struct stage *stage);

static inline void
set_stage(struct stage *stage)
{
	size_t i;

	*stage = (struct stage){.used = 1};
	for (i = 0; i < PAIRS; i++) {
		set_scene(&stage->scenes[i]);
		snprintf(stage->scenes[i].facts.subordinate, 33,
		    "issuing-%zu", i + 1);
	}
	stage->plan = (struct plan){.root = "corp",
	    .schedule = &stage->scenes[0].schedule};
}

static inline void
decide(struct stage *stage, const char *now)
{
	size_t i;

	for (i = 0; i < stage->used; i++)
		standing_decide(&stage->scenes[i].facts, instant(now),
		    &stage->standings[i]);
	agenda_make(stage->standings, stage->used, instant(now), stage->stops,
	    &stage->plan.agenda);
}

static inline void
seen_by_the_root(struct stage *stage)
{
	size_t i;

	for (i = 0; i < PAIRS; i++) {
		strcpy(stage->scenes[i].places[0].kind, "archive");
		stage->scenes[i].facts.place_count = 1;
	}
}

static inline void
assert_line(struct buffer *out, const char *want)
{
	struct error err = {0};

	FINE(buffer_append(out, "", 1, &err));
	assert_string_equal((const char *)out->data, want);
}
