/* SPDX-License-Identifier: ISC */
/* A plan that the views show. */
#pragma once

#include "view/plan/views.h"
#include "views_fixture.h"

static const char *const plan_names_shown[] = {"issuing-1", "issuing-2"};

/* Two pairs with CRLs, one without, and three certificates. */
struct plan_scene {
	struct scene scene;
	struct schedule_day days[3];
	struct forecast forecasts[2];
	struct plan_end ends[3];
	struct agenda_stop stops[1];
	struct plan plan;
	struct plan_span span;
};

static inline void
set_plan(struct plan_scene *plan)
{
	struct standing *standings = plan->scene.standings;
	uint32_t i;

	*plan = (struct plan_scene){0};
	set_scene(&plan->scene);
	for (i = 0; i < 3; i++)
		schedule_describe(&plan->scene.schedule, i, &plan->days[i]);
	plan->span = (struct plan_span){instant(NOW), instant("2028-11-23")};
	forecast_make(&standings[0], plan->span.now_s, &plan->forecasts[0]);
	plan->forecasts[0].subordinates = plan_names_shown;
	plan->forecasts[0].subordinate_count = 2;
	forecast_make(&standings[2], plan->span.now_s, &plan->forecasts[1]);
	plan->forecasts[1].subordinates = &plan_names_shown[1];
	plan->forecasts[1].subordinate_count = 1;
	plan->ends[0] = (struct plan_end){.name = "old", .is_retired = true,
	    .not_after_s = instant("2026-11-22T23:59:59Z")};
	plan->ends[1] = (struct plan_end){.name = "issuing-1",
	    .not_after_s = instant(NOW)};
	plan->ends[2] = (struct plan_end){.name = "corp-root-g1",
	    .is_root = true, .not_after_s = instant("2028-11-23")};
	plan->plan = (struct plan){.root = "corp-root-g1",
	    .schedule = &plan->scene.schedule, .proven_years = 30,
	    .days = plan->days, .day_count = 3,
	    .forecasts = plan->forecasts, .forecast_count = 1,
	    .ends = plan->ends, .end_count = 3,
	    .root_end_s = instant("2028-11-23")};
	agenda_make(standings, 1, plan->span.now_s, plan->stops,
	    &plan->plan.agenda);
}
