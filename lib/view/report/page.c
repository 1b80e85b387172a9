/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "view/plan/paragraphs.h"
#include "view/report/parts.h"

#define AGENDAS_MAX 5	/* roots that are spoken of before the table */
#define WIDE 65536	/* columns: no paragraph has as many */

static void
free_pairs(struct report_pair **pairs)
{
	free(*pairs);
}

/* Worst first, then those that expire first; retired ones last. */
static int
compare_pairs(const void *a, const void *b)
{
	const struct report_pair *left = a, *right = b;
	const struct standing *one = left->standing, *other = right->standing;
	const int order = severity_compare(one->severity, other->severity);

	if (one->facts->is_retired != other->facts->is_retired)
		return one->facts->is_retired ? 1 : -1;
	if (order != 0)
		return order;
	if (one->next_update_s != other->next_update_s)
		return one->next_update_s < other->next_update_s ? -1 : 1;
	return left->id < right->id ? -1 : left->id > right->id;
}

static const struct report_root *
find_root(const struct report *report, const char *name)
{
	for (size_t i = 0; i < report->root_count; i++) {
		if (strcmp(report->roots[i].plan->root, name) == 0)
			return &report->roots[i];
	}
	return NULL;
}

/* Those whose root the report has, in the order of the page. */
static size_t
sort_pairs(const struct report *report, struct report_pair *pairs)
{
	size_t count = 0;

	for (size_t i = 0; i < report->standing_count; i++) {
		const struct standing *standing = &report->standings[i];
		struct report_pair *pair = &pairs[count];

		pair->standing = standing;
		pair->root = find_root(report, standing->facts->root);
		pair->id = count;
		forecast_make(standing, report->span.now_s, &pair->forecast);
		if (pair->root != NULL)
			count++;
	}
	qsort(pairs, count, sizeof(*pairs), compare_pairs);
	for (size_t i = 0; i < count; i++)
		pairs[i].id = i + 1;
	return count;
}

static void
put_fact(struct draft *draft, const char *label, const char *text)
{
	draft_putf(draft, "<div><dt>%s</dt><dd>", label);
	report_put_text(draft, text);
	draft_put(draft, "</dd></div>\n");
}

static void
put_head(struct draft *draft, const struct report *report)
{
	char date[UTC_TEXT_SIZE], made[UTC_TEXT_SIZE];

	utc_format_date(report->span.now_s, date);
	utc_format(report->made_s, made);
	draft_put(draft, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n"
	    "<meta charset=\"utf-8\">\n"
	    "<meta http-equiv=\"Content-Security-Policy\" content=\""
	    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; "
	    "base-uri 'none'; form-action 'none'\">\n"
	    "<meta name=\"viewport\" content=\"width=device-width, "
	    "initial-scale=1\">\n"
	    "<meta name=\"color-scheme\" content=\"light dark\">\n"
	    "<link rel=\"icon\" href=\"data:,\">\n");
	draft_putf(draft, "<title>Revocation lists on %s</title>\n<style>\n",
	    date);
	draft_put(draft, report_style);
	draft_put(draft, "</style>\n</head>\n<body>\n<a class=\"skip\" "
	    "href=\"#main\">Skip to what is to be done</a>\n<header>\n");
	draft_putf(draft, "<h1>Revocation lists on <time datetime=\"%s\">%s"
	    "</time></h1>\n<dl class=\"made\">\n", date, date);
	put_fact(draft, "Made at", made);
	put_fact(draft, "By", report->who);
	put_fact(draft, "With", report->program);
	put_fact(draft, "Seen from", report->is_on_root ?
	    "the root's archive" : "the subordinate's stores");
	draft_put(draft, "</dl>\n");
	if (utc_day_start(report->made_s) != utc_day_start(report->span.now_s))
		draft_putf(draft, "<p>As things would stand on %s, if nothing "
		    "were done until then.</p>\n", date);
	draft_put(draft, "</header>\n<main id=\"main\" "
	    "tabindex=\"-1\">\n");
}

static bool
is_alike(const struct standing *a, const struct standing *b)
{
	return a->facts->is_retired == b->facts->is_retired &&
	    (a->facts->is_retired || (a->state == b->state &&
	    a->state_severity == b->state_severity &&
	    a->severity == b->severity));
}

/* "2 expired", "197 fresh", the worst first. */
static void
put_counts(struct draft *draft, const struct report_pair *pairs,
    size_t pair_count)
{
	draft_put(draft, "<ul class=\"counts\">\n");
	for (size_t i = 0; i < pair_count; i++) {
		const struct standing *standing = pairs[i].standing;
		size_t alike = 0;

		for (size_t k = 0; k < pair_count; k++) {
			const struct standing *other = pairs[k].standing;

			if (!is_alike(other, standing))
				continue;
			if (k < i)
				break;
			alike++;
		}
		if (alike == 0)
			continue;
		draft_putf(draft, "<li>%zu ", alike);
		report_put_state(draft, standing);
		draft_put(draft, "</li>\n");
	}
	draft_put(draft, "</ul>\n");
}

/* Keep an instant if it is the first after now. */
static void
keep_first(int64_t at_s, int64_t now_s, int64_t *first_s)
{
	if (at_s > now_s && at_s < *first_s)
		*first_s = at_s;
}

static void
keep_end(bool is_known, int64_t not_after_s, const struct schedule *schedule,
    int64_t now_s, int64_t *first_s)
{
	if (!is_known)
		return;
	keep_first(utc_subtract(not_after_s, &schedule->renew), now_s,
	    first_s);
	keep_first(utc_subtract(not_after_s, &schedule->renew_critical), now_s,
	    first_s);
	keep_first(not_after_s, now_s, first_s);
}

/* The first instant at which time alone changes how a pair stands. */
static void
keep_change(const struct report_pair *pair, int64_t now_s, int64_t *first_s)
{
	const struct standing_facts *facts = pair->standing->facts;
	const struct forecast *forecast = &pair->forecast;

	/* Dates that are assumed need somebody who acts. */
	for (size_t i = 0; i < forecast->event_count && !forecast->is_assumed;
	    i++)
		keep_first(forecast->events[i].at_s, now_s, first_s);
	/* Then the state stays, and what is to be done changes. */
	if (forecast->is_assumed) {
		keep_first(pair->standing->upcoming_s, now_s, first_s);
		keep_first(pair->standing->next_ceremony_s, now_s, first_s);
	}
	if (facts->unpublished > 0)
		keep_first(facts->unpublished_since_s + DAY_S, now_s, first_s);
	keep_end(facts->has_root_not_after, facts->root_not_after_s,
	    facts->schedule, now_s, first_s);
	keep_end(facts->has_subordinate_not_after,
	    facts->subordinate_not_after_s, facts->schedule, now_s, first_s);
}

/* A root's worst pair: they are in the order of the page. */
static const struct standing *
find_worst(const struct report_pair *pairs, size_t pair_count,
    const struct report_root *root)
{
	for (size_t i = 0; i < pair_count; i++) {
		if (pairs[i].root == root)
			return pairs[i].standing;
	}
	return NULL;
}

/* What a plan says first, a paragraph each. */
static void
put_agenda(struct draft *draft, const struct plan *plan, int64_t now_s,
    enum severity severity)
{
	RELEASE_BUFFER struct buffer lines = {0};
	char *line, *end;

	if (draft->code == ERR_OK)
		draft->code = plan_agenda_paragraphs(plan, now_s, WIDE, &lines,
		    draft->err);
	if (draft->code == ERR_OK)
		draft->code = buffer_append(&lines, "", 1, draft->err);
	if (draft->code != ERR_OK)
		return;
	draft_putf(draft, "<div class=\"next s%d\">\n", (int)severity);
	for (line = (char *)lines.data; (end = strchr(line, '\n')) != NULL;
	    line = end + 1) {
		*end = '\0';
		draft_put(draft, "<p>");
		report_put_text(draft, line);
		draft_put(draft, "</p>\n");
	}
	draft_put(draft, "</div>\n");
}

/*
 * Of the roots of the pairs, which are in order, those that want something; if
 * none does, the one whose ceremony comes first.
 */
static void
put_agendas(struct draft *draft, const struct report *report,
    const struct report_pair *pairs, size_t pair_count)
{
	const struct report_root *first = NULL;
	size_t count = 0;

	for (size_t i = 0; i < pair_count; i++) {
		const struct report_pair *pair = &pairs[i];
		const struct agenda *agenda = &pair->root->plan->agenda;

		if (find_worst(pairs, pair_count, pair->root) != pair->standing)
			continue;
		if (first == NULL ||
		    agenda_goes_before(agenda, &first->plan->agenda))
			first = pair->root;
		if (pair->standing->severity == SEVERITY_OK &&
		    agenda->what <= AGENDA_WAIT)
			continue;
		if (++count <= AGENDAS_MAX)
			put_agenda(draft, pair->root->plan, report->span.now_s,
			    pair->standing->severity);
	}
	if (count > AGENDAS_MAX)
		draft_putf(draft, "<p>%zu more roots need attention: see the "
		    "table.</p>\n", count - AGENDAS_MAX);
	if (first == NULL)
		draft_put(draft, "<p class=\"next s0\">No pair is configured."
		    "</p>\n");
	else if (count == 0) {
		if (first->plan->agenda.what != AGENDA_NOTHING)
			draft_put(draft, "<p><strong>All is well.</strong> "
			    "No pair needs anything now.</p>\n");
		put_agenda(draft, first->plan, report->span.now_s,
		    SEVERITY_OK);
	}
}

static void
put_next(struct draft *draft, const struct report *report,
    const struct report_pair *pairs, size_t pair_count)
{
	int64_t change_s = INT64_MAX;

	for (size_t i = 0; i < pair_count; i++) {
		if (!pairs[i].standing->facts->is_retired)
			keep_change(&pairs[i], report->span.now_s, &change_s);
	}
	draft_put(draft, "<section aria-labelledby=\"next\">\n"
	    "<h2 id=\"next\">To be done next</h2>\n");
	put_agendas(draft, report, pairs, pair_count);
	put_counts(draft, pairs, pair_count);
	draft_put(draft, "<p class=\"soft\">This page says how things stand "
	    "on ");
	report_put_date(draft, report->span.now_s);
	if (change_s != INT64_MAX) {
		draft_put(draft, ". By the calendar it holds until ");
		report_put_date(draft, change_s);
	}
	draft_put(draft, "; a ceremony, an import or a revocation changes it "
	    "at once. Its <a href=\"#words\">words</a> are explained at its "
	    "end.</p>\n</section>\n");
}

static void
put_row(struct draft *draft, const struct report *report,
    const struct report_pair *pair)
{
	const struct standing *standing = pair->standing;
	const int64_t now_s = report->span.now_s;
	bool is_first = standing->facts->is_retired ||
	    (standing->state == PAIR_FRESH && standing->ahead == NULL);

	draft_putf(draft, "<tr><th scope=\"row\" "
	    "role=\"rowheader\"><a href=\"#p%zu\">", pair->id);
	report_put_pair(draft, standing->facts);
	draft_put(draft, "</a></th><td>");
	report_put_state(draft, standing);
	draft_put(draft, standing->has_next_update ?
	    "</td><td data-l=\"Valid until\">" : "</td><td>no valid CRL");
	if (standing->has_next_update)
		report_put_when(draft, standing->next_update_s, now_s);
	draft_put(draft, "</td><td data-l=\"Next ceremony\">");
	if (standing->facts->is_retired)
		draft_put(draft, "none");
	else if (standing->next_ceremony_s < pair->root->plan->root_end_s) {
		draft_put(draft, now_s >= standing->deadline_s ? "overdue: " :
		    standing->next_ceremony_s < utc_day_start(now_s) ?
		    "late: " : "");
		report_put_when(draft, standing->next_ceremony_s, now_s);
	} else
		draft_put(draft, "none: the root ends");
	draft_put(draft, "</td><td>");
	if (!is_first)
		report_put_text(draft, standing->detail);
	else
		draft_put(draft, standing->severity == SEVERITY_OK ?
		    "nothing" : "");
	for (size_t i = 0; i < standing->concern_count; i++) {
		if (standing->concerns[i].severity == SEVERITY_OK)
			continue;
		draft_put(draft, is_first ? "" : "<br>");
		is_first = false;
		report_put_text(draft, standing->concerns[i].text);
	}
	draft_put(draft, "</td></tr>\n");
}

static void
put_overview(struct draft *draft, const struct report *report,
    const struct report_pair *pairs, size_t pair_count)
{
	draft_put(draft, "<section aria-labelledby=\"pairs\">\n"
	    "<h2 id=\"pairs\">All pairs</h2>\n");
	report_begin_table(draft, "all", "A root and a subordinate each; those "
	    "that need attention first", (const char *const[]){"Pair",
	    "State", "Valid until", "Next ceremony", "What is the matter",
	    NULL});
	for (size_t i = 0; i < pair_count; i++)
		put_row(draft, report, &pairs[i]);
	report_end_table(draft);
	draft_put(draft, "</section>\n");
}

static void
put_notices(struct draft *draft, const struct report *report)
{
	if (report->notice_count == 0)
		return;
	draft_put(draft, "<section aria-labelledby=\"noticed\">\n"
	    "<h2 id=\"noticed\">Also noticed</h2>\n<ul>\n");
	for (size_t i = 0; i < report->notice_count; i++) {
		draft_put(draft, "<li>");
		report_put_text(draft, report->notices[i]);
		draft_put(draft, "</li>\n");
	}
	draft_put(draft, "</ul>\n</section>\n");
}

enum err
report_html(const struct report *report, struct buffer *out,
    struct error *err)
{
	__attribute__((cleanup(free_pairs))) struct report_pair *pairs =
	    calloc(report->standing_count + 1, sizeof(*pairs));
	struct draft draft = {out, err, ERR_OK};
	size_t count;

	if (pairs == NULL)
		return err_no_memory(err);
	count = sort_pairs(report, pairs);
	put_head(&draft, report);
	put_next(&draft, report, pairs, count);
	put_overview(&draft, report, pairs, count);
	report_put_sections(&draft, report, pairs, count);
	report_put_tables(&draft, report);
	report_put_calendar(&draft, report, pairs, count);
	put_notices(&draft, report);
	draft_put(&draft, report_words);
	draft_put(&draft, "</main>\n</body>\n</html>\n");
	return draft.code;
}
