/* SPDX-License-Identifier: ISC */
#include <stdio.h>

#include "view/json_document.h"
#include "view/plan/views.h"

/* null if it is about the root, or about all of its subordinates */
static json_t *
name_json(const char *subordinate)
{
	return json_shown(subordinate[0] == '\0' ? NULL : subordinate);
}

static json_t *
stops_json(const struct agenda *agenda, int64_t now_s)
{
	json_t *stops = json_array();

	for (size_t i = 0; i < agenda->stop_count; i++)
		json_add(&stops, json_pack("{s:o, s:o, s:b}", "subordinate",
		    name_json(agenda->stops[i].subordinate), "on",
		    json_instant(true, agenda->stops[i].on_s), "stopped",
		    agenda->stops[i].has_stopped ||
		    agenda->stops[i].on_s <= now_s));
	return stops;
}

static json_t *
mends_json(const struct agenda *agenda)
{
	json_t *mends = json_array();

	for (size_t i = 0; i < agenda->mend_count; i++) {
		const struct agenda_mend *mend = &agenda->mends[i];

		json_add(&mends, json_pack("{s:o, s:I, s:s, s:o}",
		    "subordinate", name_json(mend->subordinate), "others",
		    (json_int_t)mend->others, "state",
		    pair_state_word(mend->state), "detail",
		    json_shown(mend->detail)));
	}
	return mends;
}

static json_t *
missed_json(const struct agenda *agenda)
{
	json_t *missed = json_array();

	for (size_t i = 0; i < agenda->missed_count &&
	    i < AGENDA_MISSED_MAX; i++)
		json_add(&missed, json_date(true, agenda->missed[i]));
	return missed;
}

static json_t *
concerns_json(const struct agenda *agenda)
{
	json_t *concerns = json_array();

	for (size_t i = 0; i < agenda->concern_count; i++)
		json_add(&concerns, json_shown(agenda->concerns[i].text));
	return concerns;
}

static json_t *
difference_json(const struct agenda *agenda)
{
	if (!agenda->differs)
		return json_null();
	return json_pack("{s:o, s:o}", "manifest",
	    json_date(true, agenda->manifest_s), "schedule",
	    json_date(true, agenda->scheduled_s));
}

static json_t *
action_json(const struct plan *plan, int64_t now_s)
{
	const struct agenda *agenda = &plan->agenda;
	const bool has_by = agenda->what != AGENDA_NOTHING &&
	    agenda->what != AGENDA_ENDED;
	RELEASE_BUFFER struct buffer text = {0};

	if (plan_agenda_text(plan, now_s, &text, NULL) != ERR_OK ||
	    buffer_append(&text, "", 1, NULL) != ERR_OK)
		return NULL;
	return json_pack("{s:s, s:o, s:o, s:o, s:b, s:o, s:I, s:o, s:o, s:o, "
	    "s:I, s:b, s:o}", "what", agenda_word(agenda->what), "text",
	    json_shown((const char *)text.data),
	    "by", json_date(has_by, agenda->by_s), "ceremony",
	    json_date(has_by && agenda->has_ceremony, agenda->ceremony_s),
	    "last", agenda->is_last, "missed", missed_json(agenda),
	    "missed_count", (json_int_t)agenda->missed_count,
	    "stops", stops_json(agenda, now_s), "first", mends_json(agenda),
	    "concerns", concerns_json(agenda), "unconfirmed",
	    (json_int_t)agenda->unconfirmed_count, "clock_suspect",
	    agenda->is_blind, "schedule_differs", difference_json(agenda));
}

static json_t *
day_json(const struct plan *plan, const struct schedule_day *day,
    int64_t now_s)
{
	return json_pack("{s:o, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:I}",
	    "ceremony", json_date(true, day->ceremony_s), "state",
	    plan_day_state(&plan->agenda, day->ceremony_s, now_s),
	    "prepare", json_date(schedule_reminds(plan->schedule),
	    day->upcoming_s), "standby", json_date(day->has_standby,
	    day->standby_s),
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
	struct schedule_day passed[PLAN_PASSED_MAX];
	const size_t passed_count = plan_passed(plan, now_s, passed);
	char at[16];

	snprintf(at, sizeof(at), "%02d:%02d",
	    plan->schedule->at_minute / 60 % 24,
	    plan->schedule->at_minute % 60);
	for (size_t i = 0; i < passed_count; i++)
		json_add(&ceremonies, day_json(plan, &passed[i], now_s));
	for (size_t i = 0; i < plan->day_count; i++)
		json_add(&ceremonies, day_json(plan, &plan->days[i], now_s));
	for (size_t i = 0; i < plan->forecast_count; i++)
		json_add(&forecasts, forecast_json(plan, &plan->forecasts[i]));
	for (size_t i = 0; i < plan->end_count; i++)
		json_add(&ends, end_json(&plan->ends[i], now_s));
	return json_pack("{s:o, s:o, s:o, s:s, s:I, s:b, s:o, s:o, s:o, s:o}",
	    "next_action", action_json(plan, now_s), "root",
	    json_shown(plan->root), "schedule",
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
