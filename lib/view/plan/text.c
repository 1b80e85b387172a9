/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>

#include "base/array.h"
#include "base/printable.h"
#include "view/plan/ceremonies.h"
#include "view/plan/paragraphs.h"
#include "view/table.h"
#include "view/wrap.h"

#define LEGEND_COLUMN 16
#define EVENT_FORMAT "%-10s  %-*s  %-8s  "
#define EVENT_FIXED_WIDTH 24	/* all but the state's */

enum { LEGEND_HELD, LEGEND_LATE, LEGEND_STOPS, LEGEND_HEADINGS };

static const struct {
	const char *term, *meaning;
} legend[] = {
    [LEGEND_HELD] = {"held", "a CRL counts for it already"},
    [LEGEND_LATE] = {"late", "its CRL has not come, and is not overdue yet"},
    [LEGEND_STOPS] = {"stops", "is refused by whatever checks revocation"},
    [LEGEND_HEADINGS] =
    {"CEREMONY", "on the root: crlferry-root ceremony MEDIUM; then where its "
	"subordinates are: crlferry-sub import MEDIUM"},
    {"PREPARE FROM", "reminders begin: call the operator, the witnesses and "
	"the keeper of the safe"},
    {"OVERDUE FROM", "it was missed, if its CRL is not in place by then"},
    {"LATEST DAY", "it can be made up for until then without harm; \"-\" if "
	"no such day is left"},
    {"CRL EXPIRES", "the CRL that is signed on that day; whoever has no newer "
	"one stops"},
};

/* The plan of one root in the making. */
struct page {
	const struct plan *plan;
	const struct plan_span *span;
	size_t width;
	struct buffer *out;
};

/* The words of libsmartcols break anywhere: these are wrapped here. */
static enum err
append_event(const struct page *page, const struct forecast *forecast,
    const struct forecast_event *event, int state_width, struct error *err)
{
	RELEASE_BUFFER struct buffer what = {0}, shown = {0};
	const size_t column = (size_t)(EVENT_FIXED_WIDTH + state_width);
	const struct wrapping wrapping = {column, column, page->width};
	char from[UTC_TEXT_SIZE];

	TRY(plan_event_text(page->plan, forecast, event, &what, err));
	TRY(buffer_append(&what, "", 1, err));
	TRY(printable_append(&shown, (const char *)what.data, PRINTABLE_LINE,
	    "", err));
	TRY(buffer_append(&shown, "", 1, err));
	utc_format_date(event->at_s, from);
	TRY(buffer_appendf(page->out, err, EVENT_FORMAT, from, state_width,
	    pair_state_word(event->state), severity_word(event->severity)));
	return wrap_append(page->out, (const char *)shown.data, &wrapping,
	    err);
}

static int
width_of_states(const struct forecast *forecast)
{
	size_t width = strlen("STATE");

	for (size_t i = 0; i < forecast->event_count; i++) {
		size_t wants = strlen(pair_state_word(
		    forecast->events[i].state));

		if (wants > width)
			width = wants;
	}
	return (int)width;
}

/* "after CRL #12", "no CRL yet": what the dates hang on. */
static enum err
append_premise(const struct forecast *forecast, struct buffer *out,
    struct error *err)
{
	char number[NUMBER_TEXT_SIZE], ceremony[UTC_TEXT_SIZE];

	number_format(&forecast->number, 0, number);
	utc_format_date(forecast->ceremony_s, ceremony);
	if (forecast->has_ended)
		return buffer_append_text(out, "no CRL, and no ceremony "
		    "before the root's certificate ends", err);
	if (forecast->is_assumed)
		return buffer_appendf(out, err, "no %s; if the ceremony of %s "
		    "is held, and none after it",
		    forecast->event_count > 0 &&
		    forecast->events[0].state == PAIR_INVALID ? "valid CRL" :
		    "CRL yet", ceremony);
	if (forecast->is_accepted)
		return buffer_appendf(out, err, "if nobody acts from now on, "
		    "by %s%s that was accepted", forecast->has_number ?
		    "CRL #" : "the CRL", forecast->has_number ? number :
		    "");
	return buffer_appendf(out, err, "if nobody acts from now on%s%s",
	    forecast->has_number ? ", after CRL #" : "",
	    forecast->has_number ? number : "");
}

/* "corp: if ...", "corp/issuing-1: if ..." */
static enum err
append_title(const struct page *page, const struct forecast *forecast,
    struct error *err)
{
	const struct plan *plan = page->plan;
	RELEASE_BUFFER struct buffer name = {0}, text = {0};

	TRY(buffer_append_text(&name, plan->root, err));
	if (plan->forecast_count > 1) {
		TRY(buffer_append_text(&name, "/", err));
		TRY(plan_names(forecast->subordinates,
		    forecast->subordinate_count, &name, err));
	}
	TRY(buffer_append(&name, "", 1, err));
	TRY(append_premise(forecast, &text, err));
	TRY(buffer_append_text(page->out, "\n", err));
	return plan_paragraph((const char *)name.data, &text, page->width,
	    page->out, err);
}

static enum err
append_forecast(const struct page *page, const struct forecast *forecast,
    struct error *err)
{
	const int width = width_of_states(forecast);

	TRY(append_title(page, forecast, err));
	TRY(buffer_appendf(page->out, err, EVENT_FORMAT "%s\n", "FROM", width,
	    "STATE", "CHECK", "WHAT"));
	for (size_t i = 0; i < forecast->event_count; i++)
		TRY(append_event(page, forecast, &forecast->events[i], width,
		    err));
	return ERR_OK;
}

static enum err
add_end(struct table *table, const struct plan *plan,
    const struct plan_end *end, int64_t now_s, struct error *err)
{
	const bool is_near = now_s >= utc_subtract(end->not_after_s,
	    &plan->schedule->renew);
	const char *remark = is_near ? "renew it now" : "renew it before then";
	char date[UTC_TEXT_SIZE];

	if (end->not_after_s < now_s)
		remark = "it has ended";
	else if (end->is_root)
		remark = is_near ? "plan its successor now" :
		    "no CRL lasts beyond it";
	utc_format_date(end->not_after_s, date);
	return table_add(table, (const char *const[]){date,
	    end->is_root ? "root" : "subordinate", end->name, remark}, err);
}

/* The root's always, a subordinate's if it ends within the span. */
static enum err
append_ends(const struct page *page, struct error *err)
{
	static const char *const headings[] = {"ENDS", "OF", "NAME",
	    "~REMARK", NULL};
	const struct plan *plan = page->plan;
	const struct plan_end root = {.is_root = true, .name = plan->root,
	    .not_after_s = plan->root_end_s};
	FREE_TABLE struct table *table = NULL;
	RELEASE_BUFFER struct buffer title = {0};
	bool is_root_shown = false;
	char until[UTC_TEXT_SIZE];

	utc_format_date(page->span->end_s, until);
	TRY(buffer_appendf(&title, err, "certificates that end by %s, and the "
	    "root's own", until));
	TRY(buffer_append_text(page->out, "\n", err));
	TRY(plan_paragraph(plan->root, &title, page->width, page->out, err));
	TRY(table_new(headings, page->width, &table, err));
	for (size_t i = 0; i < plan->end_count; i++) {
		is_root_shown = is_root_shown || plan->ends[i].is_root;
		if (!plan->ends[i].is_retired)
			TRY(add_end(table, plan, &plan->ends[i],
			    page->span->now_s, err));
	}
	if (!is_root_shown)
		TRY(add_end(table, plan, &root, page->span->now_s, err));
	return table_print(table, page->out, err);
}

/* The proof is of CRLs that ceremonies make: the one in use may be shorter. */
static enum err
append_gap(const struct plan *plan, struct buffer *out, struct error *err)
{
	const struct agenda *agenda = &plan->agenda;
	char end[UTC_TEXT_SIZE], deadline[UTC_TEXT_SIZE];

	if (agenda->stop_count == 0 || !agenda->has_coming ||
	    agenda->stops[0].on_s >= agenda->deadline_s)
		return ERR_OK;
	utc_format_date(agenda->stops[0].on_s, end);
	utc_format_date(agenda->deadline_s, deadline);
	return buffer_appendf(out, err, " But the CRL in use ends on %s, "
	    "before %s, the deadline of the next ceremony.", end, deadline);
}

/* How far the schedule is proven, at most up to the end of the root. */
static enum err
append_proof(const struct page *page, struct error *err)
{
	const struct plan *plan = page->plan;
	RELEASE_BUFFER struct buffer text = {0};
	char end[UTC_TEXT_SIZE];

	utc_format_date(plan->root_end_s, end);
	TRY(buffer_appendf(&text, err, "If every ceremony is held, schedule "
	    "%s%s leaves no gap ", plan->schedule->name, plan->agenda.differs ?
	    ", which is this machine's and not the root's," : ""));
	if (plan->ends_with_root)
		TRY(buffer_appendf(&text, err, "until the root's certificate "
		    "ends on %s; no ceremony and no CRL after that.", end));
	else
		TRY(buffer_appendf(&text, err, "over %u years.",
		    plan->proven_years));
	TRY(append_gap(plan, &text, err));
	return plan_paragraph(plan->root, &text, page->width, page->out, err);
}

/* Terms that the tables of any root use. */
static enum err
append_legend(const struct plan *const *plans, size_t count, int64_t now_s,
    size_t width, struct buffer *out, struct error *err)
{
	bool is_used[COUNT_OF(legend)] = {false}, has_term = false;
	const struct wrapping wrapping = {LEGEND_COLUMN, LEGEND_COLUMN, width};

	for (size_t i = 0; i < count; i++) {
		const struct plan *plan = plans[i];

		for (size_t k = LEGEND_HEADINGS; k < COUNT_OF(legend) &&
		    plan_has_ceremonies(plan, now_s); k++)
			is_used[k] = true;
		if (plan_is_late(&plan->agenda, now_s))
			is_used[LEGEND_LATE] = true;
		if (plan->day_count > 0 && plan_is_held(&plan->agenda,
		    plan->days[0].ceremony_s))
			is_used[LEGEND_HELD] = true;
		if (plan->forecast_count > 0)
			is_used[LEGEND_STOPS] = true;
	}
	for (size_t i = 0; i < COUNT_OF(legend); i++) {
		if (!is_used[i])
			continue;
		TRY(buffer_appendf(out, err, "%s  %-*s", has_term ? "" : "\n",
		    LEGEND_COLUMN - 2, legend[i].term));
		has_term = true;
		TRY(wrap_append(out, legend[i].meaning, &wrapping, err));
	}
	return buffer_append_text(out, "\n", err);
}

static enum err
append_tables(const struct page *page, struct error *err)
{
	TRY(plan_ceremonies(page->plan, page->span->now_s, page->width,
	    page->out, err));
	for (size_t i = 0; i < page->plan->forecast_count; i++)
		TRY(append_forecast(page, &page->plan->forecasts[i], err));
	return append_ends(page, err);
}

/* The most urgent first; of equals, as configured.  Pointers in *out. */
static enum err
sort_plans(const struct plan *plans, size_t count, struct buffer *out,
    struct error *err)
{
	const struct plan **order;

	for (size_t i = 0; i < count; i++) {
		const struct plan *plan = &plans[i];
		size_t at = i;

		TRY(buffer_append(out, &plan, sizeof(plan), err));
		order = (void *)out->data;
		for (; at > 0 && agenda_goes_before(&plan->agenda,
		    &order[at - 1]->agenda); at--)
			order[at] = order[at - 1];
		order[at] = plan;
	}
	return ERR_OK;
}

enum err
plan_text(const struct plan *plans, size_t count,
    const struct plan_span *span, size_t width, struct buffer *out,
    struct error *err)
{
	const size_t columns = plan_width(width);
	RELEASE_BUFFER struct buffer sorted = {0};
	struct page page = {NULL, span, columns, out};
	const struct plan *const *order;

	TRY(sort_plans(plans, count, &sorted, err));
	order = (const void *)sorted.data;
	for (size_t i = 0; i < count; i++)
		TRY(plan_agenda_paragraphs(order[i], span->now_s, columns, out,
		    err));
	for (size_t i = 0; i < count; i++) {
		page.plan = order[i];
		TRY(append_tables(&page, err));
	}
	TRY(append_legend(order, count, span->now_s, columns, out, err));
	for (size_t i = 0; i < count; i++) {
		page.plan = order[i];
		TRY(append_proof(&page, err));
	}
	return ERR_OK;
}
