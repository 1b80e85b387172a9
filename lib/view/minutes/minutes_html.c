/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>

#include "view/minutes/minutes_page.h"

#define LONG_NUMBER 14		/* digits that are too many for large type */
#define LONG_PATH 400		/* octets that fill more than half a column */

static void
put_value(struct draft *draft, const struct minutes *minutes,
    const struct minutes_fact *fact)
{
	RELEASE_BUFFER struct buffer clean = {0};
	struct draft value = {&clean, draft->err, draft->code};

	minutes_put_fact(&value, minutes, fact);
	minutes_page_collected(draft, &value);
}

static void
put_remark(struct draft *draft, const struct preview_entry *entry)
{
	RELEASE_BUFFER struct buffer clean = {0};
	struct draft line = {&clean, draft->err, draft->code};

	minutes_put_remark(&line, entry);
	minutes_page_collected(draft, &line);
}

static void
put_head(struct draft *draft, const struct minutes *minutes)
{
	draft_put(draft, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n"
	    "<meta charset=\"utf-8\">\n"
	    "<meta http-equiv=\"Content-Security-Policy\" content=\""
	    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; "
	    "form-action 'none'\">\n"
	    "<meta name=\"viewport\" content=\"width=device-width\">\n"
	    "<title>");
	if (minutes->is_rehearsal)
		draft_put(draft, "REHEARSAL: ");
	minutes_page_write(draft, minutes, minutes_put_identity);
	draft_put(draft, "</title>\n<style>\n");
	draft_put(draft, minutes_style);
	if (minutes->is_rehearsal)
		draft_put(draft, minutes_style_rehearsal);
	draft_put(draft, "</style>\n</head>\n<body>\n");
}

/*
 * What every printed page begins and ends with.  The sheet is a table, whose
 * head is repeated on each page; what stands at the foot is fixed there, and
 * the table's own foot keeps its room free.
 */
static void
put_running(struct draft *draft, const struct minutes *minutes)
{
	draft_put(draft, "<div class=\"running\"><p>");
	minutes_page_write(draft, minutes, minutes_put_identity);
	draft_put(draft, "</p><p>SHA-256 of the CRL <code>");
	minutes_put_crl_digest(draft, minutes, " ");
	draft_put(draft, "</code></p></div>\n");
	if (minutes->is_rehearsal)
		draft_putf(draft, "<div class=\"border\"></div>\n");
	draft_put(draft, "<div class=\"sheet\">\n");
	if (!minutes->is_rehearsal)
		return;
	draft_put(draft, "<div class=\"head\"><p class=\"banner\" "
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
	minutes_page_put(draft, preview->root);
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
	minutes_page_put(draft, preview->why);
	draft_put(draft, "</p>\n");
}

/* By the letters that head their boxes for initials. */
static void
put_people(struct draft *draft, const struct minutes *minutes)
{
	draft_putf(draft, "<section>\n<h2>%s <small>O operator, W witness"
	    "</small></h2>\n<ul class=\"people\">\n<li><b>O</b>",
	    minutes_people.title);
	minutes_page_put(draft, minutes->operator_name);
	draft_put(draft, "</li>\n");
	for (size_t i = 0; i < minutes->witness_count; i++) {
		draft_putf(draft, "<li><b>W%zu</b>", i + 1);
		minutes_page_put(draft, minutes->witnesses[i]);
		draft_put(draft, "</li>\n");
	}
	if (minutes->witness_count == 0)
		draft_put(draft, "<li><b>W</b>none</li>\n");
	draft_put(draft, "</ul>\n</section>\n");
}

static void
put_section(struct draft *draft, const struct minutes *minutes,
    const struct minutes_section *section)
{
	draft_putf(draft, "<section>\n<h2>%s</h2>\n<dl>\n", section->title);
	for (size_t i = 0; i < section->count; i++) {
		if (section->facts[i].is_in_head)
			continue;
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
	const bool has_subject = entry->subject[0] != '\0';

	draft_putf(draft, "<tbody>\n<tr%s><td class=\"sign\">%s</td>"
	    "<td><code>", has_subject ? " class=\"named\"" : "",
	    entry->change == PREVIEW_REMOVED ? "&minus;" :
	    minutes_sign(entry));
	minutes_page_put(draft, entry->serial);
	draft_put(draft, "</code></td><td>");
	minutes_put_instant(draft, entry->revoked_at_s);
	draft_put(draft, "</td><td>");
	minutes_page_put(draft, entry->reason_name == NULL ? "none" :
	    entry->reason_name);
	draft_put(draft, "</td><td>");
	put_remark(draft, entry);
	draft_put(draft, "</td></tr>\n");
	if (has_subject) {
		draft_put(draft, "<tr><td></td><td colspan=\"4\">");
		minutes_page_put(draft, entry->subject);
		draft_put(draft, "</td></tr>\n");
	}
	draft_put(draft, "</tbody>\n");
}

static void
put_agreed(struct draft *draft, const struct minutes *minutes)
{
	draft_putf(draft, "<section>\n<h2>%s</h2>\n<p>", MINUTES_AGREED);
	minutes_page_write(draft, minutes, minutes_put_agreed);
	draft_put(draft, "</p>\n");
	if (minutes->entry_count > 0)
		draft_put(draft, "<table class=\"changes\">\n<thead><tr>"
		    "<th class=\"sign\">+/&minus;</th>"
		    "<th class=\"serial\">Serial, hexadecimal; below it "
		    "the subject</th>"
		    "<th class=\"moment\">Revoked at</th>"
		    "<th class=\"reason\">Reason</th><th>Remark</th>"
		    "</tr></thead>\n");
	for (size_t i = 0; i < minutes->entry_count; i++)
		put_entry(draft, &minutes->entries[i]);
	if (minutes->entry_count > 0)
		draft_put(draft, "</table>\n");
	draft_put(draft, "<p class=\"note\">");
	minutes_put_left_out(draft, minutes);
	draft_put(draft, "</p>\n</section>\n");
}

enum err
minutes_html(const struct minutes *minutes, struct buffer *out,
    struct error *err)
{
	struct draft draft = {out, err, ERR_OK};

	put_head(&draft, minutes);
	put_running(&draft, minutes);
	draft_put(&draft, "<main>\n");
	put_title(&draft, minutes);
	put_people(&draft, minutes);
	draft_putf(&draft, "<div class=\"facts%s\">\n",
	    strlen(minutes->bundle) > LONG_PATH ? " long" : "");
	put_section(&draft, minutes, &minutes_room);
	put_section(&draft, minutes, &minutes_bundle);
	put_section(&draft, minutes, &minutes_crl);
	draft_put(&draft, "</div>\n");
	put_digests(&draft, minutes);
	put_agreed(&draft, minutes);
	minutes_page_record(&draft, minutes);
	minutes_page_signatures(&draft, minutes);
	draft_put(&draft, "</main>\n<div class=\"foot\"></div>\n</div>\n"
	    "</body>\n</html>\n");
	return draft.code;
}
