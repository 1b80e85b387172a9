/* SPDX-License-Identifier: ISC */
/* `plan` of both programs: text, or one JSON document for all roots. */
#pragma once

#include "cli.h"
#include "view/plan.h"

extern const struct cli_option plan_options[];

/* The plan of one root in the making. */
struct planning_sketch {
	const struct config_root *root;
	const struct plan_span *span;
	struct plan *plan;
	struct planning_drawing *drawing;
	struct notices *notices;
};

/*
 * Take in how the pairs of the root stand: what is to be done, and what fails
 * when.  Nothing of the standings is borrowed.
 */
void planning_take(struct planning_sketch *sketch,
    const struct standing *standings, size_t count);

/* Look where a program's CRLs of the root are, and let the sketch take it. */
typedef enum err planning_look(void *context, struct invocation *invocation,
    const struct config_root *root, int64_t now_s,
    struct planning_sketch *sketch, struct error *err);

/* How all pairs stand, by a survey; those of a root stand together. */
struct planning_survey {
	const struct standing *standings;
	size_t count;
};

/* A look at such a survey, which is the context: nothing is read again. */
planning_look planning_look_surveyed;

/* The plans of roots; they borrow from the configuration.  new/free. */
struct planning {
	struct plan_span span;
	unsigned int years;
	const struct config_root **roots;	/* one for each plan */
	struct plan *plans;
	struct planning_drawing *drawings;	/* what the plans point to */
	size_t count;
};

#define RELEASE_PLANNING __attribute__((cleanup(planning_release)))

/*
 * Prove the schedules of the roots that the arguments name, or of all, and plan
 * from now_s on.  ERR_CONFIG for a schedule with a gap.
 *
 * years  1..50, how far to look ahead
 */
MUST_CHECK enum err planning_open(struct invocation *invocation,
    planning_look *look, void *context, int64_t now_s, unsigned int years,
    struct planning *out, struct error *err);
void planning_release(struct planning *planning);

/* The value of --years, or the default.  ERR_USAGE. */
MUST_CHECK enum err planning_years(const struct invocation *invocation,
    unsigned int *out, struct error *err);

/* The verb: open the plans, and print them. */
MUST_CHECK enum err planning_print(struct invocation *invocation,
    planning_look *look, void *context, struct error *err);
