/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>

#include "base/printable.h"
#include "view/html.h"
#include "view/minutes/minutes_facts.h"

#define LINES_BY_HAND 3		/* for deviations that are noted with a pen */
#define LONG_NUMBER 14		/* digits that are too many for large type */
#define LONG_PATH 400		/* octets that fill more than half a column */
#define MANY_WITNESSES 3	/* from here on their boxes are narrow */

/* The text that a draft has collected, escaped. */
static void
put_collected(struct draft *draft, const struct draft *text)
{
	draft->code = text->code;
	if (draft->code == ERR_OK)
		draft->code = buffer_append(text->out, "", 1, draft->err);
	if (draft->code == ERR_OK)
		draft->code = html_append(draft->out,
		    (const char *)text->out->data, draft->err);
}

/* Text of unknown origin, of one line. */
static void
put_foreign(struct draft *draft, const char *text)
{
	html_put(draft, text[0] == '\0' ? "none" : text);
}

static void
put_value(struct draft *draft, const struct minutes *minutes,
    const struct minutes_fact *fact)
{
	RELEASE_BUFFER struct buffer clean = {0};
	struct draft value = {&clean, draft->err, draft->code};

	minutes_put_fact(&value, minutes, fact);
	put_collected(draft, &value);
}

static void
put_remark(struct draft *draft, const struct preview_entry *entry)
{
	RELEASE_BUFFER struct buffer clean = {0};
	struct draft line = {&clean, draft->err, draft->code};

	minutes_put_remark(&line, entry);
	put_collected(draft, &line);
}

/* Every printed page says what it belongs to. */
static void
put_footer(struct draft *draft, const struct minutes *minutes)
{
	draft_put(draft, "@page{@bottom-left{content:'");
	/* Nothing that could end the string or the style sheet. */
	if (draft->code == ERR_OK)
		draft->code = printable_append(draft->out,
		    minutes->preview->root, PRINTABLE_ASCII, "\\'\"<>&",
		    draft->err);
	draft_put(draft, ", CRL ");
	minutes_put_number(draft, &minutes->preview->number);
	draft_put(draft, "'}}\n");
}

static void
put_head(struct draft *draft, const struct minutes *minutes)
{
	char day[UTC_TEXT_SIZE];

	draft_put(draft, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n"
	    "<meta charset=\"utf-8\">\n"
	    "<meta http-equiv=\"Content-Security-Policy\" content=\""
	    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; "
	    "form-action 'none'\">\n"
	    "<meta name=\"viewport\" content=\"width=device-width\">\n"
	    "<title>");
	if (minutes->is_rehearsal)
		draft_put(draft, "REHEARSAL: ");
	utc_format_date(minutes->started_s, day);
	draft_put(draft, "Minutes of ");
	put_foreign(draft, minutes->preview->root);
	draft_put(draft, ", CRL ");
	minutes_put_number(draft, &minutes->preview->number);
	draft_putf(draft, ", %s</title>\n<style>\n", day);
	draft_put(draft, minutes_style);
	if (minutes->is_rehearsal)
		draft_put(draft, minutes_style_rehearsal);
	put_footer(draft, minutes);
	draft_put(draft, "</style>\n</head>\n<body>\n");
}

static void
put_banner(struct draft *draft, const struct minutes *minutes)
{
	if (!minutes->is_rehearsal)
		return;
	draft_put(draft, "<div class=\"border\"></div>\n"
	    "<div class=\"sheet\">\n<div class=\"head\"><p class=\"banner\" "
	    "role=\"note\"><b>REHEARSAL</b> ");
	draft_put(draft, minutes_rehearsal);
	draft_put(draft, "</p></div>\n");
}

static void
put_date(struct draft *draft, const char *label, int64_t at_s)
{
	char day[UTC_TEXT_SIZE];

	snprintf(day, sizeof(day), "none, the root ends");
	if (at_s != 0)
		utc_format_date(at_s, day);
	draft_putf(draft, "<li><p class=\"small\">%s</p>"
	    "<p class=\"large\">%s</p></li>\n", label, day);
}

static void
put_title(struct draft *draft, const struct minutes *minutes)
{
	const struct preview *preview = minutes->preview;
	char number[NUMBER_TEXT_SIZE];

	number_format(&preview->number, 0, number);
	draft_put(draft, "<header>\n<div><h1>Minutes of a key ceremony</h1>"
	    "<p>Root ");
	put_foreign(draft, preview->root);
	draft_putf(draft, "</p></div>\n<div><p class=\"small\">CRL number"
	    "</p><p class=\"large%s\">%s</p></div>\n</header>\n",
	    strlen(number) > LONG_NUMBER ? " long" : "", number);
	draft_put(draft, "<ul class=\"dates\">\n");
	put_date(draft, "Held on", minutes->started_s);
	put_date(draft, "This update", preview->this_update_s);
	put_date(draft, "Next update", preview->next_update_s);
	put_date(draft, "Next ceremony", preview->next_ceremony_s);
	draft_put(draft, "</ul>\n");
	if (!preview->is_emergency)
		return;
	draft_put(draft, "<p class=\"emergency\"><b>EMERGENCY</b> ");
	put_foreign(draft, preview->why);
	draft_put(draft, "</p>\n");
}

static void
put_section(struct draft *draft, const struct minutes *minutes,
    const struct minutes_section *section)
{
	draft_putf(draft, "<section>\n<h2>%s</h2>\n<dl>\n", section->title);
	for (size_t i = 0; i < section->count; i++) {
		draft_putf(draft, "<dt>%s</dt><dd>",
		    section->facts[i].label);
		put_value(draft, minutes, &section->facts[i]);
		draft_put(draft, "</dd>\n");
	}
	draft_put(draft, "</dl>\n</section>\n");
}

/* The CRL's own is read aloud: it stands first and large. */
static void
put_digests(struct draft *draft, const struct minutes *minutes)
{
	draft_putf(draft, "<section class=\"digests\">\n<h2>%s</h2>\n"
	    "<dl>\n", minutes_digests.title);
	for (size_t i = 0; i < minutes_digests.count; i++) {
		draft_putf(draft, "<div%s><dt>%s</dt><dd><code>",
		    i == 0 ? " class=\"first\"" : "",
		    minutes_digests.facts[i].label);
		put_value(draft, minutes, &minutes_digests.facts[i]);
		draft_put(draft, "</code></dd></div>\n");
	}
	draft_put(draft, "</dl>\n</section>\n");
}

static void
put_entry(struct draft *draft, const struct preview_entry *entry)
{
	draft_putf(draft, "<tr><td class=\"sign\">%s</td><td><code>",
	    entry->change == PREVIEW_REMOVED ? "&minus;" :
	    minutes_sign(entry));
	put_foreign(draft, entry->serial);
	draft_put(draft, "</code></td><td>");
	minutes_put_instant(draft, entry->revoked_at_s);
	draft_put(draft, "</td><td>");
	put_foreign(draft, entry->reason_name == NULL ? "none" :
	    entry->reason_name);
	draft_put(draft, "</td><td>");
	put_remark(draft, entry);
	draft_put(draft, "</td></tr>\n");
}

static void
put_changes(struct draft *draft, const struct minutes *minutes)
{
	draft_put(draft, "<section>\n<h2>Changes</h2>\n");
	if (minutes->entry_count > 0)
		draft_put(draft, "<table class=\"changes\">\n<thead><tr>"
		    "<th class=\"sign\">+/&minus;</th>"
		    "<th class=\"serial\">Serial, hexadecimal</th>"
		    "<th class=\"moment\">Revoked at</th>"
		    "<th class=\"reason\">Reason</th><th>Remark</th>"
		    "</tr></thead>\n<tbody>\n");
	for (size_t i = 0; i < minutes->entry_count; i++)
		put_entry(draft, &minutes->entries[i]);
	if (minutes->entry_count > 0)
		draft_put(draft, "</tbody>\n</table>\n");
	draft_put(draft, "<p class=\"note\">");
	minutes_put_left_out(draft, minutes);
	if (minutes->entry_count == 0 && minutes->entries_left_out == 0)
		draft_put(draft, "None: the list has the entries of the one "
		    "before it.");
	draft_put(draft, "</p>\n</section>\n");
}

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

static void
put_step(struct draft *draft, const struct minutes *minutes, size_t i)
{
	const struct minutes_step *step = &minutes->steps[i];
	char time[UTC_TEXT_SIZE];

	minutes_step_time(minutes, step, time);
	draft_putf(draft, "<tr><td class=\"no\">%zu</td><td><time>%s</time>"
	    "<b>", i + 1, time);
	put_foreign(draft, step->title);
	draft_put(draft, "</b><p>");
	put_foreign(draft, step->text);
	draft_put(draft, "</p></td>");
	put_boxes(draft, minutes, false);
	draft_put(draft, "</tr>\n");
}

static void
put_steps(struct draft *draft, const struct minutes *minutes)
{
	char day[UTC_TEXT_SIZE];

	utc_format_date(minutes->started_s, day);
	draft_putf(draft, "<section>\n<h2>Steps</h2>\n"
	    "<table class=\"steps%s\">\n<thead><tr><th class=\"no\"></th>"
	    "<th>Carried out; times of %s, UTC. Initials: O operator, W "
	    "witness</th>",
	    minutes->witness_count > MANY_WITNESSES ? " many" : "", day);
	put_boxes(draft, minutes, true);
	draft_put(draft, "</tr></thead>\n<tbody>\n");
	for (size_t i = 0; i < minutes->step_count; i++)
		put_step(draft, minutes, i);
	draft_put(draft, "</tbody>\n</table>\n</section>\n");
}

static void
put_deviations(struct draft *draft, const struct minutes *minutes)
{
	draft_put(draft, "<section class=\"deviations\">\n"
	    "<h2>Deviations</h2>\n<ol>\n");
	for (size_t i = 0; i < minutes->deviation_count; i++) {
		draft_put(draft, "<li>");
		put_foreign(draft, minutes->deviations[i]);
		draft_put(draft, "</li>\n");
	}
	draft_put(draft, "</ol>\n<div class=\"keep\">\n<p class=\"note\">");
	if (minutes->deviation_count == 0)
		draft_put(draft, "None were recorded by the program. ");
	draft_put(draft, "Added by hand, each with initials:</p>\n");
	for (size_t i = 0; i < LINES_BY_HAND; i++)
		draft_put(draft, "<div class=\"ruled\"></div>\n");
	draft_put(draft, "</div>\n</section>\n");
}

static void
put_signature(struct draft *draft, const char *role,
    const char *name)
{
	draft_putf(draft, "<li><div><span>%s: signature</span>"
	    "<span>Date</span></div><p>", role);
	put_foreign(draft, name);
	draft_put(draft, "</p></li>\n");
}

static void
put_signatures(struct draft *draft, const struct minutes *minutes)
{
	char role[32];

	draft_put(draft, "<section class=\"keep\">\n<h2>Signatures</h2>\n"
	    "<p>");
	draft_put(draft, minutes_attestation);
	draft_putf(draft, "</p>\n<ul class=\"signatures%s\">\n",
	    minutes->witness_count > MANY_WITNESSES ? " many" : "");
	put_signature(draft, "Operator", minutes->operator_name);
	for (size_t i = 0; i < minutes->witness_count; i++) {
		snprintf(role, sizeof(role), "Witness %zu", i + 1);
		put_signature(draft, role, minutes->witnesses[i]);
	}
	draft_put(draft, "</ul>\n</section>\n");
}

enum err
minutes_html(const struct minutes *minutes, struct buffer *out,
    struct error *err)
{
	struct draft draft = {out, err, ERR_OK};

	put_head(&draft, minutes);
	put_banner(&draft, minutes);
	draft_put(&draft, "<main>\n");
	put_title(&draft, minutes);
	draft_putf(&draft, "<div class=\"facts%s\">\n",
	    strlen(minutes->bundle) > LONG_PATH ? " long" : "");
	put_section(&draft, minutes, &minutes_room);
	put_section(&draft, minutes, &minutes_bundle);
	put_section(&draft, minutes, &minutes_crl);
	draft_put(&draft, "</div>\n");
	put_digests(&draft, minutes);
	put_changes(&draft, minutes);
	put_steps(&draft, minutes);
	put_deviations(&draft, minutes);
	put_signatures(&draft, minutes);
	draft_put(&draft, "</main>\n");
	if (minutes->is_rehearsal)
		draft_put(&draft, "<div class=\"foot\"></div>\n</div>\n");
	draft_put(&draft, "</body>\n</html>\n");
	return draft.code;
}
