/* SPDX-License-Identifier: ISC */
/* A section for each pair, and the tables of roots and certificates. */
#include <stdio.h>
#include <string.h>

#include "view/plan/views.h"
#include "view/report/parts.h"

#define OPEN_MAX 12	/* up to so many pairs, none is folded */

/* What the dates of a forecast hang on. */
static void
describe_premise(const struct forecast *forecast, char *out, size_t capacity)
{
	char date[UTC_TEXT_SIZE];

	utc_format_date(forecast->ceremony_s, date);
	if (forecast->has_ended)
		snprintf(out, capacity, "No ceremony is held before the "
		    "root's certificate ends");
	else if (forecast->is_assumed)
		snprintf(out, capacity, "If the ceremony of %s is held, and "
		    "none after it", date);
	else
		snprintf(out, capacity, "If nobody acts");
}

static void
put_event(struct draft *draft, const struct report *report,
    const struct plan *plan, const struct forecast *forecast,
    const struct forecast_event *event)
{
	RELEASE_BUFFER struct buffer text = {0};

	if (draft->code == ERR_OK)
		draft->code = plan_event_text(plan, forecast, event, &text,
		    draft->err);
	if (draft->code == ERR_OK)
		draft->code = buffer_append(&text, "", 1, draft->err);
	if (draft->code != ERR_OK)
		return;
	draft_put(draft, "<tr><td>");
	report_put_when(draft, event->at_s, report->span.now_s);
	draft_putf(draft, "</td><td>%s</td><td>",
	    pair_state_word(event->state));
	report_put_text(draft, strcmp((const char *)text.data,
	    forecast->detail) == 0 ? "as is said above" :
	    (const char *)text.data);
	draft_put(draft, "</td></tr>\n");
}

static void
put_events(struct draft *draft, const struct report *report,
    const struct report_pair *pair)
{
	const char *names[] = {pair->standing->facts->subordinate};
	struct forecast forecast = pair->forecast;
	char premise[96];

	forecast.subordinates = names;
	forecast.subordinate_count = names[0][0] == '\0' ? 0 : 1;
	describe_premise(&forecast, premise, sizeof(premise));
	report_begin_table(draft, "", premise, (const char *const[]){"From",
	    "State", "Meaning", NULL});
	for (size_t i = 0; i < forecast.event_count; i++)
		put_event(draft, report, pair->root->plan, &forecast,
		    &forecast.events[i]);
	report_end_table(draft);
}

static void
put_place_remark(struct draft *draft, const struct standing_place *place)
{
	if (place->is_unreadable)
		report_put_text(draft, place->detail[0] == '\0' ?
		    "cannot be read" : place->detail);
	else if (!place->is_present)
		draft_put(draft, "no CRL of this root");
	else if (!place->is_valid)
		report_put_text(draft, place->detail[0] == '\0' ?
		    "not a CRL that the root signed" : place->detail);
	else if (!place->has_next_update)
		draft_put(draft, "has no end");
	else
		report_put_date(draft, place->next_update_s);
}

static void
put_places(struct draft *draft, const struct report *report,
    const struct report_pair *pair)
{
	const struct standing_facts *facts = pair->standing->facts;

	report_begin_table(draft, "", report->is_on_root ?
	    "Where the root keeps its CRL" : "Stores", (const char *const[]){
	    "Kind", "Path", "CRL", "Valid until", NULL});
	for (size_t i = 0; i < facts->place_count; i++) {
		const struct standing_place *place = &facts->places[i];
		char digits[NUMBER_TEXT_SIZE] = "none";

		if (place->is_unreadable)
			snprintf(digits, sizeof(digits), "not known");
		else if (place->is_present && place->has_number)
			number_format(&place->number, 0, digits);
		draft_put(draft, "<tr><td>");
		html_put(draft, place->kind);
		draft_put(draft, "</td><td><code>");
		report_put_text(draft, place->path);
		draft_putf(draft, "</code></td><td>%s</td><td>",
		    digits);
		put_place_remark(draft, place);
		draft_put(draft, "</td></tr>\n");
	}
	if (facts->place_count == 0)
		draft_put(draft, "<tr><td colspan=\"4\">none is configured"
		    "</td></tr>\n");
	report_end_table(draft);
}

static void
put_sentence(struct draft *draft, const char *text)
{
	if (text[0] == '\0')
		return;
	draft_put(draft, "<p>");
	report_put_text(draft, text);
	draft_put(draft, "</p>\n");
}

static void
put_section(struct draft *draft, const struct report *report,
    const struct report_pair *pair, bool is_open)
{
	const struct standing *standing = pair->standing;

	draft_putf(draft, "<details%s>\n<summary><h3>", is_open ? " open" :
	    "");
	report_put_pair(draft, standing->facts);
	draft_put(draft, "</h3> ");
	report_put_state(draft, standing);
	if (standing->has_next_update) {
		draft_put(draft, " ");
		report_put_crl(draft, standing->has_number,
		    &standing->number);
		draft_put(draft, " until ");
		report_put_date(draft, standing->next_update_s);
	}
	draft_putf(draft, "</summary>\n<div class=\"pair\" id=\"p%zu\">\n",
	    pair->id);
	put_sentence(draft, standing->facts->is_retired ? "It is retired, and "
	    "needs no CRL any more." : standing->detail);
	put_sentence(draft, standing->news);
	for (size_t i = 0; i < standing->concern_count; i++)
		put_sentence(draft, standing->concerns[i].text);
	report_put_timeline(draft, report, pair);
	draft_put(draft, "<div class=\"grid\">\n");
	if (!standing->facts->is_retired)
		put_events(draft, report, pair);
	put_places(draft, report, pair);
	draft_put(draft, "</div>\n</div>\n</details>\n");
}

void
report_put_sections(struct draft *draft, const struct report *report,
    const struct report_pair *pairs, size_t pair_count)
{
	const bool is_few = pair_count <= OPEN_MAX;

	draft_put(draft, "<section aria-labelledby=\"lines\">\n"
	    "<h2 id=\"lines\">Timelines</h2>\n");
	draft_put(draft, report_legend);
	if (!is_few)
		draft_put(draft, "<p class=\"soft\">Pairs that need no "
		    "attention are folded; open one to see or to print its "
		    "timeline.</p>\n");
	for (size_t i = 0; i < pair_count; i++)
		put_section(draft, report, &pairs[i], is_few ||
		    (pairs[i].standing->severity != SEVERITY_OK &&
		    !pairs[i].standing->facts->is_retired));
	draft_put(draft, "</section>\n");
}

static void
put_known(struct draft *draft, const struct report_root *root)
{
	draft_put(draft, "<h3>");
	html_put(draft, root->plan->root);
	draft_put(draft, "</h3>\n");
	put_sentence(draft, root->unknown);
	if (root->crl_count == 0)
		return;
	report_begin_table(draft, "", "Each verified with the root's key; the "
	    "newest first", (const char *const[]){"CRL", "Signed",
	    "Valid until", "Where it lies", NULL});
	for (size_t i = root->crl_count; i > 0; i--) {
		const struct report_crl *crl = &root->crls[i - 1];

		draft_put(draft, "<tr><td>");
		report_put_crl(draft, crl->has_number, &crl->number);
		draft_putf(draft, "%s</td><td>", crl->is_emergency ?
		    ", an emergency" : "");
		report_put_date(draft, crl->this_update_s);
		draft_put(draft, "</td><td>");
		if (crl->has_next_update)
			report_put_date(draft, crl->next_update_s);
		else
			draft_put(draft, "has no end");
		draft_put(draft, "</td><td>");
		report_put_text(draft, crl->place);
		draft_put(draft, "</td></tr>\n");
	}
	report_end_table(draft);
}

static void
put_certificate(struct draft *draft, const struct report *report,
    const struct report_certificate *certificate)
{
	draft_put(draft, "<tr><th scope=\"row\">");
	html_put(draft, certificate->root);
	if (certificate->subordinate != NULL) {
		draft_put(draft, " / ");
		html_put(draft, certificate->subordinate);
	}
	draft_putf(draft, "%s</th><td>", certificate->is_retired ?
	    ", retired" : "");
	report_put_text(draft, certificate->is_known ? certificate->subject :
	    certificate->why);
	draft_put(draft, "</td><td>");
	if (certificate->is_known)
		report_put_when(draft, certificate->not_after_s,
		    report->span.now_s);
	else
		draft_put(draft, "not known");
	draft_put(draft, "</td></tr>\n");
}

static void
put_schedule(struct draft *draft, const struct plan *plan)
{
	draft_put(draft, "<tr><th scope=\"row\">");
	html_put(draft, plan->root);
	draft_put(draft, "</th><td>");
	html_put(draft, plan->schedule->name);
	if (plan->ends_with_root)
		draft_put(draft, "</td><td>leaves no gap until the root's "
		    "certificate ends</td><td>");
	else
		draft_putf(draft, "</td><td>leaves no gap over %u years</td>"
		    "<td>", plan->proven_years);
	if (plan->day_count > 0)
		draft_putf(draft, "%u", plan_may_miss(plan));
	draft_put(draft, "</td></tr>\n");
}

void
report_put_tables(struct draft *draft, const struct report *report)
{
	draft_put(draft, "<section aria-labelledby=\"crls\">\n"
	    "<h2 id=\"crls\">CRLs that are known here</h2>\n");
	for (size_t i = 0; i < report->root_count; i++)
		put_known(draft, &report->roots[i]);
	draft_put(draft, "</section>\n<section aria-labelledby=\"ends\">\n"
	    "<h2 id=\"ends\">Certificates</h2>\n");
	report_begin_table(draft, "", "When they end; no CRL lasts beyond its "
	    "root's", (const char *const[]){"Of", "Subject", "Ends", NULL});
	for (size_t i = 0; i < report->certificate_count; i++)
		put_certificate(draft, report, &report->certificates[i]);
	report_end_table(draft);
	draft_put(draft, "</section>\n<section aria-labelledby=\"schedules\">"
	    "\n<h2 id=\"schedules\">Schedules</h2>\n");
	report_begin_table(draft, "", "Proven for every coming ceremony, if "
	    "each is held in time", (const char *const[]){"Root", "Schedule",
	    "Proof", "Ceremonies in a row that may be missed", NULL});
	for (size_t i = 0; i < report->root_count; i++)
		put_schedule(draft, report->roots[i].plan);
	report_end_table(draft);
	draft_put(draft, "</section>\n");
}

void
report_add_crl(struct report_root *root, const struct report_crl *crl)
{
	size_t at = root->crl_count;

	while (at > 0 && root->crls[at - 1].this_update_s >
	    crl->this_update_s)
		at--;
	if (at > 0 && root->crls[at - 1].this_update_s == crl->this_update_s)
		return;
	if (root->crl_count == REPORT_CRLS_MAX) {
		/* The oldest goes, unless it is this one. */
		if (at-- == 0)
			return;
		memmove(&root->crls[0], &root->crls[1],
		    at * sizeof(root->crls[0]));
	} else {
		memmove(&root->crls[at + 1], &root->crls[at],
		    (root->crl_count++ - at) * sizeof(root->crls[0]));
	}
	root->crls[at] = *crl;
}
