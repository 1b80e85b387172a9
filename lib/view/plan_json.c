/* SPDX-License-Identifier: ISC */
#include <stdio.h>

#include "view/json_document.h"
#include "view/plan.h"

static json_t *
day_json(const struct schedule_day *day)
{
	return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:I}",
	    "ceremony", json_date(true, day->ceremony_s),
	    "standby", json_date(day->has_standby, day->standby_s),
	    "deadline", json_instant(true, day->deadline_s), "next_ceremony",
	    json_date(!day->is_last, day->next_ceremony_s), "next_update",
	    json_instant(true, day->next_update_s), "cushion",
	    json_instant(true, day->cushion_s), "may_miss",
	    (json_int_t)day->may_miss);
}

static json_t *
event_json(const struct plan *plan, const struct forecast *forecast,
    const struct forecast_event *event)
{
	RELEASE_BUFFER struct buffer detail = {0};

	if (plan_event_text(plan, forecast, event, &detail, NULL) != ERR_OK ||
	    buffer_append(&detail, "", 1, NULL) != ERR_OK)
		return NULL;
	return json_pack("{s:o, s:s, s:s, s:o}", "from",
	    json_instant(true, event->at_s), "state",
	    pair_state_word(event->state), "severity",
	    severity_word(event->severity), "detail",
	    json_shown((const char *)detail.data));
}

static json_t *
forecast_json(const struct plan *plan, const struct forecast *forecast)
{
	json_t *subordinates = json_array(), *events = json_array();

	for (size_t i = 0; i < forecast->subordinate_count; i++)
		json_add(&subordinates,
		    json_string(forecast->subordinates[i]));
	for (size_t i = 0; i < forecast->event_count; i++)
		json_add(&events, event_json(plan, forecast,
		    &forecast->events[i]));
	return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o}",
	    "subordinates", subordinates, "events", events, "number",
	    json_decimal(forecast->has_number, &forecast->number),
	    "assumed_ceremony", json_date(forecast->is_assumed &&
	    !forecast->has_ended, forecast->ceremony_s), "next_update",
	    json_instant(true, forecast->next_update_s), "next_ceremony",
	    json_date(!forecast->is_last, forecast->next_ceremony_s));
}

static json_t *
end_json(const struct plan_end *end, int64_t now_s)
{
	return json_pack("{s:s, s:o, s:o, s:b, s:b}", "kind",
	    end->is_root ? "root" : "subordinate", "name",
	    json_shown(end->name), "not_after",
	    json_instant(true, end->not_after_s), "ended",
	    end->not_after_s < now_s, "retired", end->is_retired);
}

static json_t *
root_json(const struct plan *plan, int64_t now_s)
{
	json_t *ceremonies = json_array(), *forecasts = json_array();
	json_t *ends = json_array();
	char at[16];

	snprintf(at, sizeof(at), "%02d:%02d",
	    plan->schedule->at_minute / 60 % 24,
	    plan->schedule->at_minute % 60);
	for (size_t i = 0; i < plan->day_count; i++)
		json_add(&ceremonies, day_json(&plan->days[i]));
	for (size_t i = 0; i < plan->forecast_count; i++)
		json_add(&forecasts, forecast_json(plan, &plan->forecasts[i]));
	for (size_t i = 0; i < plan->end_count; i++)
		json_add(&ends, end_json(&plan->ends[i], now_s));
	return json_pack("{s:o, s:o, s:s, s:I, s:b, s:o, s:o, s:o, s:o}",
	    "root", json_shown(plan->root), "schedule",
	    json_shown(plan->schedule->name), "at", at, "proven_years",
	    (json_int_t)plan->proven_years, "ends_with_root",
	    plan->ends_with_root, "root_not_after",
	    json_instant(true, plan->root_end_s), "ceremonies", ceremonies,
	    "if_nobody_acts", forecasts, "certificates", ends);
}

enum err
plan_json(const struct plan *plans, size_t count,
    const struct plan_span *span, struct buffer *out, struct error *err)
{
	json_t *roots = json_array();

	for (size_t i = 0; i < count; i++)
		json_add(&roots, root_json(&plans[i], span->now_s));
	return json_document("crlferry-plan", json_pack("{s:o, s:o, s:o}",
	    "now", json_instant(true, span->now_s), "until",
	    json_instant(true, span->end_s), "roots", roots), out, err);
}
