/* SPDX-License-Identifier: ISC */
#include <stdio.h>

#include "view/plan.h"
#include "view/table.h"

#define NOTHING "-"

static enum err
append_names(const struct plan *plan, const struct forecast *forecast,
    struct buffer *out, struct error *err)
{
	if (forecast->subordinate_count == 0)
		return buffer_appendf(out, err, "every subordinate of %s",
		    plan->root);
	for (size_t i = 0; i < forecast->subordinate_count; i++)
		TRY(buffer_appendf(out, err, "%s%s", i > 0 ? ", " : "",
		    forecast->subordinates[i]));
	return ERR_OK;
}

enum err
plan_event_text(const struct plan *plan, const struct forecast *forecast,
    const struct forecast_event *event, struct buffer *out,
    struct error *err)
{
	char ceremony[UTC_TEXT_SIZE], end[UTC_TEXT_SIZE];

	utc_format_date(forecast->next_ceremony_s, ceremony);
	utc_format_date(forecast->next_update_s, end);
	switch (event->state) {
	case PAIR_UPCOMING:
		return buffer_appendf(out, err,
		    "the ceremony of %s is to be prepared", ceremony);
	case PAIR_OVERDUE:
		return buffer_appendf(out, err,
		    "the CRL of the ceremony of %s is overdue", ceremony);
	case PAIR_EXPIRING:
		return buffer_appendf(out, err, "no newer CRL is in place, "
		    "and the last one expires on %s", end);
	case PAIR_CRITICAL:
		return buffer_appendf(out, err, "the CRL expires on %s", end);
	case PAIR_EXPIRED:
		TRY(append_names(plan, forecast, out, err));
		return buffer_append_text(out,
		    forecast->subordinate_count > 1 ?
		    " stop issuing: the CRL has expired" :
		    " stops issuing: the CRL has expired", err);
	default:
		return buffer_append_text(out, forecast->detail, err);
	}
}

static enum err
add_day(struct table *table, const struct schedule *schedule,
    const struct schedule_day *day, struct error *err)
{
	char ceremony[UTC_TEXT_SIZE], standby[UTC_TEXT_SIZE] = NOTHING;
	char deadline[UTC_TEXT_SIZE], cushion[UTC_TEXT_SIZE];
	char next_update[UTC_TEXT_SIZE];
	char at[40], may_miss[16];
	const char *cells[6] = {at, deadline, standby, cushion, next_update,
	    may_miss};

	utc_format_date(day->ceremony_s, ceremony);
	utc_format_date(day->deadline_s, deadline);
	if (day->has_standby)
		utc_format_date(day->standby_s, standby);
	utc_format_date(day->cushion_s, cushion);
	utc_format_date(day->next_update_s, next_update);
	snprintf(at, sizeof(at), "%s %02d:%02d", ceremony,
	    schedule->at_minute / 60, schedule->at_minute % 60);
	snprintf(may_miss, sizeof(may_miss), "%u", day->may_miss);
	return table_add(table, cells, err);
}

/* How far the schedule is proven, at most up to the end of the root. */
static enum err
append_proof(const struct plan *plan, struct buffer *out, struct error *err)
{
	char end[UTC_TEXT_SIZE];

	utc_format_date(plan->root_end_s, end);
	if (!plan->ends_with_root)
		return buffer_appendf(out, err, "%s: schedule %s leaves no "
		    "gap over %u years\n\n", plan->root,
		    plan->schedule->name, plan->proven_years);
	return buffer_appendf(out, err, "%s: schedule %s leaves no gap until "
	    "the root's certificate ends on %s; no ceremony and no CRL after "
	    "that\n\n", plan->root, plan->schedule->name, end);
}

static enum err
append_days(const struct plan *plan, size_t width, struct buffer *out,
    struct error *err)
{
	static const char *const headings[] = {"CEREMONY", "DUE FROM",
	    "STANDBY", "CUSHION FROM", "NEXT-UPDATE", ">MAY MISS", NULL};
	FREE_TABLE struct table *table = NULL;

	TRY(append_proof(plan, out, err));
	if (plan->day_count == 0)
		return ERR_OK;
	TRY(table_new(headings, width, &table, err));
	for (size_t i = 0; i < plan->day_count; i++)
		TRY(add_day(table, plan->schedule, &plan->days[i], err));
	return table_print(table, out, err);
}

static enum err
add_event(struct table *table, const struct plan *plan,
    const struct forecast *forecast, const struct forecast_event *event,
    struct error *err)
{
	RELEASE_BUFFER struct buffer what = {0};
	char from[UTC_TEXT_SIZE];

	TRY(plan_event_text(plan, forecast, event, &what, err));
	TRY(buffer_append(&what, "", 1, err));
	utc_format_date(event->at_s, from);
	return table_add(table, (const char *const[]){from,
	    pair_state_word(event->state), severity_word(event->severity),
	    (const char *)what.data}, err);
}

/* "corp, #12", "corp/issuing-1, no CRL": what the dates hang on. */
static enum err
append_premise(const struct plan *plan, const struct forecast *forecast,
    struct buffer *out, struct error *err)
{
	bool is_pair = plan->forecast_count > 1 &&
	    forecast->subordinate_count == 1;
	char number[NUMBER_TEXT_SIZE], ceremony[UTC_TEXT_SIZE];

	number_format(&forecast->number, 0, number);
	utc_format_date(forecast->ceremony_s, ceremony);
	TRY(buffer_appendf(out, err, "\n%s%s%s: ", plan->root,
	    is_pair ? "/" : "", is_pair ? forecast->subordinates[0] : ""));
	if (forecast->has_ended)
		return buffer_appendf(out, err, "no CRL, and no ceremony "
		    "before the root's certificate ends\n\n");
	if (forecast->is_assumed)
		return buffer_appendf(out, err, "no %s; if the ceremony of %s "
		    "is held, and none after it\n\n",
		    forecast->event_count > 0 &&
		    forecast->events[0].state == PAIR_INVALID ? "valid CRL" :
		    "CRL yet", ceremony);
	return buffer_appendf(out, err, "if nobody acts from now on%s%s\n\n",
	    forecast->has_number ? ", after CRL #" : "",
	    forecast->has_number ? number : "");
}

static enum err
append_forecast(const struct plan *plan, const struct forecast *forecast,
    size_t width, struct buffer *out, struct error *err)
{
	static const char *const headings[] = {"FROM", "STATE", "CHECK",
	    "~WHAT", NULL};
	FREE_TABLE struct table *table = NULL;

	TRY(append_premise(plan, forecast, out, err));
	TRY(table_new(headings, width, &table, err));
	for (size_t i = 0; i < forecast->event_count; i++)
		TRY(add_event(table, plan, forecast, &forecast->events[i],
		    err));
	return table_print(table, out, err);
}

static enum err
add_end(struct table *table, const struct plan_end *end, int64_t now_s,
    struct error *err)
{
	const char *remark = end->is_root ? "no CRL lasts beyond it" :
	    "renew it before then";
	char date[UTC_TEXT_SIZE];

	if (end->not_after_s < now_s)
		remark = "it has ended";
	else if (end->is_retired)
		remark = "retired";
	utc_format_date(end->not_after_s, date);
	return table_add(table, (const char *const[]){date,
	    end->is_root ? "root" : "subordinate", end->name, remark}, err);
}

static enum err
append_ends(const struct plan *plan, const struct plan_span *span,
    size_t width, struct buffer *out, struct error *err)
{
	static const char *const headings[] = {"ENDS", "OF", "NAME", "REMARK",
	    NULL};
	FREE_TABLE struct table *table = NULL;
	char until[UTC_TEXT_SIZE];

	utc_format_date(span->end_s, until);
	if (plan->end_count == 0)
		return buffer_appendf(out, err,
		    "\n%s: no certificate expires by %s\n", plan->root, until);
	TRY(buffer_appendf(out, err, "\n%s: certificates that expire by %s\n\n",
	    plan->root, until));
	TRY(table_new(headings, width, &table, err));
	for (size_t i = 0; i < plan->end_count; i++)
		TRY(add_end(table, &plan->ends[i], span->now_s, err));
	return table_print(table, out, err);
}

enum err
plan_text(const struct plan *plan, const struct plan_span *span, size_t width,
    struct buffer *out, struct error *err)
{
	TRY(append_days(plan, width, out, err));
	for (size_t i = 0; i < plan->forecast_count; i++)
		TRY(append_forecast(plan, &plan->forecasts[i], width, out,
		    err));
	return append_ends(plan, span, width, out, err);
}
