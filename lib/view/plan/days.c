/* SPDX-License-Identifier: ISC */
/* How each ceremony of a plan stands, as all its views say it. */
#include "view/plan/views.h"

bool
plan_is_held(const struct agenda *agenda, int64_t ceremony_s)
{
	return agenda->what != AGENDA_NOTHING &&
	    ceremony_s < agenda->ceremony_s;
}

bool
plan_is_late(const struct agenda *agenda, int64_t now_s)
{
	return agenda->what != AGENDA_NOTHING && agenda->has_coming &&
	    agenda->coming_s < utc_day_start(now_s);
}

const char *
plan_day_state(const struct agenda *agenda, int64_t ceremony_s, int64_t now_s)
{
	const int64_t today_s = utc_day_start(now_s);

	if (plan_is_held(agenda, ceremony_s))
		return "held";
	if (agenda->has_coming && ceremony_s == agenda->coming_s)
		return ceremony_s < today_s ? "late" :
		    ceremony_s == today_s ? "today" :
		    now_s >= agenda->upcoming_s ? "upcoming" : "next";
	return ceremony_s < today_s ? "overdue" : "planned";
}

size_t
plan_passed(const struct plan *plan, int64_t now_s,
    struct schedule_day out[PLAN_PASSED_MAX])
{
	const struct agenda *agenda = &plan->agenda;
	size_t count = 0;

	for (; count < agenda->missed_count && count < AGENDA_MISSED_MAX;
	    count++)
		schedule_describe_date(plan->schedule, agenda->missed[count],
		    agenda->cushion_s, plan->root_end_s, &out[count]);
	if (plan_is_late(agenda, now_s))
		schedule_describe_date(plan->schedule, agenda->coming_s,
		    agenda->cushion_s, plan->root_end_s, &out[count++]);
	/* Whenever the first is made up for, the others are with it. */
	for (size_t i = 1; i < count; i++)
		out[i].has_standby = false;
	return count;
}
