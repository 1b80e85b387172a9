/* SPDX-License-Identifier: ISC */
/* `plan` of both programs: text, or one JSON document for all roots. */
#pragma once

#include "cli.h"
#include "plan/forecast.h"

extern const struct cli_option plan_options[];

/* The CRLs of one root, as far as a program knows them. */
struct planning_sketch {
	struct forecast *forecasts;	/* room for each subordinate and one */
	size_t forecast_count;
	const char *const *subordinates;	/* those that are not retired */
	size_t subordinate_count;
};

/* Fill the forecasts of a root: each program looks where its CRLs are. */
typedef enum err planning_look(void *context, struct invocation *invocation,
    const struct config_root *root, int64_t now_s,
    struct planning_sketch *sketch, struct error *err);

/*
 * Prove the schedules of the roots that the arguments name, or of all, and
 * print their plans.  ERR_CONFIG for a schedule with a gap; nothing is printed
 * then.
 */
MUST_CHECK enum err planning_print(struct invocation *invocation,
    planning_look *look, void *context, struct error *err);
