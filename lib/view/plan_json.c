/* SPDX-License-Identifier: ISC */
#include <stdio.h>

#include "view/json_document.h"
#include "view/plan.h"

static void
put_day(struct json_draft *draft, json_t *object,
    const struct schedule_day *day)
{
	json_put_date(draft, object, "ceremony", true, day->ceremony_s);
	json_put_date(draft, object, "standby", day->has_standby,
	    day->standby_s);
	json_put_instant(draft, object, "deadline", true, day->deadline_s);
	json_put_date(draft, object, "next_ceremony", !day->is_last,
	    day->next_ceremony_s);
	json_put_instant(draft, object, "next_update", true,
	    day->next_update_s);
	json_put_instant(draft, object, "cushion", true, day->cushion_s);
	json_put_integer(draft, object, "may_miss", day->may_miss);
}

static void
put_event(struct json_draft *draft, json_t *object, const struct plan *plan,
    const struct forecast *forecast, const struct forecast_event *event)
{
	RELEASE_BUFFER struct buffer detail = {0};

	if (plan_event_text(plan, forecast, event, &detail, NULL) != ERR_OK ||
	    buffer_append(&detail, "", 1, NULL) != ERR_OK) {
		draft->has_failed = true;
		return;
	}
	json_put_instant(draft, object, "from", true, event->at_s);
	json_put_text(draft, object, "state", pair_state_word(event->state));
	json_put_text(draft, object, "severity",
	    severity_word(event->severity));
	json_put_text(draft, object, "detail", (const char *)detail.data);
}

static void
put_forecast(struct json_draft *draft, json_t *object,
    const struct plan *plan, const struct forecast *forecast)
{
	json_t *subordinates = json_put_array(draft, object, "subordinates");
	json_t *events = json_put_array(draft, object, "events");
	size_t i;

	for (i = 0; i < forecast->subordinate_count; i++) {
		if (json_array_append_new(subordinates,
		    json_string(forecast->subordinates[i])) != 0)
			draft->has_failed = true;
	}
	json_put_number(draft, object, "number", forecast->has_number,
	    &forecast->number);
	json_put_date(draft, object, "assumed_ceremony", forecast->is_assumed &&
	    !forecast->has_ended, forecast->ceremony_s);
	json_put_instant(draft, object, "next_update", true,
	    forecast->next_update_s);
	json_put_date(draft, object, "next_ceremony", !forecast->is_last,
	    forecast->next_ceremony_s);
	for (i = 0; i < forecast->event_count; i++)
		put_event(draft, json_add_object(draft, events), plan,
		    forecast, &forecast->events[i]);
}

static void
put_end(struct json_draft *draft, json_t *object, const struct plan_end *end,
    int64_t now_s)
{
	json_put_text(draft, object, "kind",
	    end->is_root ? "root" : "subordinate");
	json_put_text(draft, object, "name", end->name);
	json_put_instant(draft, object, "not_after", true, end->not_after_s);
	json_put_boolean(draft, object, "ended", end->not_after_s < now_s);
	json_put_boolean(draft, object, "retired", end->is_retired);
}

static void
put_plan(struct json_draft *draft, json_t *object, const struct plan *plan,
    int64_t now_s)
{
	json_t *ceremonies = json_put_array(draft, object, "ceremonies");
	json_t *forecasts = json_put_array(draft, object, "if_nobody_acts");
	json_t *ends = json_put_array(draft, object, "certificates");
	char at[16];
	size_t i;

	snprintf(at, sizeof(at), "%02d:%02d",
	    plan->schedule->at_minute / 60 % 24,
	    plan->schedule->at_minute % 60);
	json_put_text(draft, object, "root", plan->root);
	json_put_text(draft, object, "schedule", plan->schedule->name);
	json_put_text(draft, object, "at", at);
	json_put_integer(draft, object, "proven_years", plan->proven_years);
	json_put_boolean(draft, object, "ends_with_root",
	    plan->ends_with_root);
	json_put_instant(draft, object, "root_not_after", true,
	    plan->root_end_s);
	for (i = 0; i < plan->day_count; i++)
		put_day(draft, json_add_object(draft, ceremonies),
		    &plan->days[i]);
	for (i = 0; i < plan->forecast_count; i++)
		put_forecast(draft, json_add_object(draft, forecasts), plan,
		    &plan->forecasts[i]);
	for (i = 0; i < plan->end_count; i++)
		put_end(draft, json_add_object(draft, ends), &plan->ends[i],
		    now_s);
}

enum err
plan_json(const struct plan *plans, size_t count,
    const struct plan_span *span, struct buffer *out, struct error *err)
{
	RELEASE_DRAFT struct json_draft draft =
	    json_draft_begin("crlferry-plan");
	json_t *roots = json_put_array(&draft, draft.top, "roots");
	size_t i;

	json_put_instant(&draft, draft.top, "now", true, span->now_s);
	json_put_instant(&draft, draft.top, "until", true, span->end_s);
	for (i = 0; i < count; i++)
		put_plan(&draft, json_add_object(&draft, roots), &plans[i],
		    span->now_s);
	return json_print(&draft, out, err);
}
