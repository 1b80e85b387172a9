/* SPDX-License-Identifier: ISC */
#include <stdio.h>

#include "view/minutes/minutes_page.h"

#define LINES_BY_HAND 3		/* for deviations that are noted with a pen */

/* One box for the operator and one for each witness. */
static void
put_boxes(struct draft *draft, const struct minutes *minutes,
    bool is_heading)
{
	const char *tag = is_heading ? "th" : "td";

	for (size_t i = 0; i <= minutes->witness_count; i++) {
		draft_putf(draft, "<%s class=\"box\">", tag);
		if (is_heading && i == 0)
			draft_put(draft, "O");
		else if (is_heading)
			draft_putf(draft, "W%zu", i);
		draft_putf(draft, "</%s>", tag);
	}
}

/* What the step at i asked again. */
static void
put_repetitions(struct draft *draft, const struct minutes *minutes, size_t i)
{
	char time[UTC_TEXT_SIZE];

	if (!minutes_is_repetition(minutes, i + 1))
		return;
	draft_put(draft, "<ul class=\"again\">\n");
	while (minutes_is_repetition(minutes, ++i)) {
		minutes_step_time(minutes, &minutes->steps[i], time);
		draft_putf(draft, "<li><time>%s</time>", time);
		minutes_page_put(draft, minutes->steps[i].text);
		draft_put(draft, "</li>\n");
	}
	draft_put(draft, "</ul>");
}

/* Across the whole page: there are many names, maybe. */
static void
put_consent(struct draft *draft, const struct minutes *minutes)
{
	draft_putf(draft, "<tr class=\"consent\"><td></td><td colspan=\"%zu\">"
	    "<p>", minutes->witness_count + 2);
	minutes_page_write(draft, minutes, minutes_put_consent);
	draft_put(draft, "</p></td></tr>\n");
}

static void
put_step(struct draft *draft, const struct minutes *minutes, size_t i)
{
	const struct minutes_step *step = &minutes->steps[i];
	char time[UTC_TEXT_SIZE];

	minutes_step_time(minutes, step, time);
	draft_putf(draft, "<tr><td class=\"no\">%u</td><td><time>%s</time>"
	    "<b>", minutes_step_number(minutes, i), time);
	minutes_page_put(draft, step->title);
	draft_put(draft, "</b><p>");
	minutes_page_put(draft, step->text);
	draft_put(draft, "</p>");
	put_repetitions(draft, minutes, i);
	draft_put(draft, "</td>");
	put_boxes(draft, minutes, false);
	draft_put(draft, "</tr>\n");
	if (step->is_consent)
		put_consent(draft, minutes);
}

static void
put_steps(struct draft *draft, const struct minutes *minutes)
{
	draft_putf(draft, "<section>\n<h2>Steps</h2>\n"
	    "<table class=\"steps%s\">\n<thead><tr><th class=\"no\"></th>"
	    "<th>", minutes->witness_count > MANY_WITNESSES ? " many" : "");
	minutes_page_write(draft, minutes, minutes_put_steps_lead);
	draft_put(draft, " In the boxes: initials</th>");
	put_boxes(draft, minutes, true);
	draft_put(draft, "</tr></thead>\n<tbody>\n");
	for (size_t i = 0; i < minutes->step_count; i++) {
		if (!minutes_is_repetition(minutes, i))
			put_step(draft, minutes, i);
	}
	draft_put(draft, "</tbody>\n</table>\n</section>\n");
}

static void
put_lines_by_hand(struct draft *draft, bool is_none)
{
	draft_put(draft, "<div class=\"keep\">\n<p class=\"note\">");
	if (is_none)
		draft_put(draft, "None were recorded by the program. ");
	draft_put(draft, "Added by hand, each with initials:</p>\n");
	for (size_t i = 0; i < LINES_BY_HAND; i++)
		draft_put(draft, "<div class=\"ruled\"></div>\n");
	draft_put(draft, "</div>\n");
}

static void
put_list(struct draft *draft, const struct minutes *minutes,
    const struct minutes_heading *heading)
{
	const struct minutes_list *list = minutes_list_of(minutes, heading);

	draft_putf(draft, "<section class=\"list\">\n<h2>%s</h2>\n%s",
	    heading->title, list->count > 0 ? "<ol>\n" : "");
	for (size_t i = 0; i < list->count; i++) {
		draft_put(draft, "<li>");
		minutes_page_put(draft, list->texts[i]);
		draft_put(draft, "</li>\n");
	}
	draft_put(draft, list->count > 0 ? "</ol>\n" : "");
	if (list == &minutes->deviations)
		put_lines_by_hand(draft, list->count == 0);
	draft_put(draft, "</section>\n");
}

void
minutes_page_record(struct draft *draft, const struct minutes *minutes)
{
	put_steps(draft, minutes);
	for (size_t i = 0; i < minutes_list_count; i++) {
		if (minutes_has_list(minutes, &minutes_lists[i]))
			put_list(draft, minutes, &minutes_lists[i]);
	}
}

static void
put_signature(struct draft *draft, const char *role,
    const char *name)
{
	draft_put(draft, "<li><div><span>Signature</span>"
	    "<span>Date</span></div><p><b>");
	minutes_page_put(draft, name);
	draft_putf(draft, "</b>, %s</p></li>\n", role);
}

void
minutes_page_signatures(struct draft *draft, const struct minutes *minutes)
{
	char role[32];

	draft_put(draft, "<section class=\"keep\">\n<h2>Signatures</h2>\n"
	    "<p>");
	minutes_page_write(draft, minutes, minutes_put_attestation);
	draft_put(draft, "</p>\n<p class=\"attested\"><code>");
	minutes_put_crl_digest(draft, minutes, " ");
	draft_putf(draft, "</code></p>\n<p>%s</p>\n"
	    "<p class=\"place\">Place</p>\n<ul class=\"signatures%s\">\n",
	    minutes_attestation_end,
	    minutes->witness_count > MANY_WITNESSES ? " many" : "");
	put_signature(draft, "operator", minutes->operator_name);
	for (size_t i = 0; i < minutes->witness_count; i++) {
		snprintf(role, sizeof(role), "witness %zu", i + 1);
		put_signature(draft, role, minutes->witnesses[i]);
	}
	draft_put(draft, "</ul>\n</section>\n");
}
