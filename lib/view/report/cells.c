/* SPDX-License-Identifier: ISC */
/* What every part of the page has in it. */
#include <string.h>

#include "plan/when.h"
#include "view/report/parts.h"

#define DATE_SIZE 10	/* "2027-06-22" */

void
report_begin_table(struct draft *draft, const char *class,
    const char *caption, const char *const headings[])
{
	draft_putf(draft, "<table class=\"%s\">\n<caption>%s</caption>\n"
	    "<thead><tr>", class, caption);
	for (size_t i = 0; headings[i] != NULL; i++)
		draft_putf(draft, "<th scope=\"col\">%s</th>", headings[i]);
	draft_put(draft, "</tr></thead>\n<tbody>\n");
}

void
report_end_table(struct draft *draft)
{
	draft_put(draft, "</tbody>\n</table>\n");
}

void
report_put_date(struct draft *draft, int64_t at_s)
{
	char date[UTC_TEXT_SIZE];

	utc_format_date(at_s, date);
	draft_putf(draft, "<time datetime=\"%s\">%s</time>", date, date);
}

void
report_put_when(struct draft *draft, int64_t at_s, int64_t now_s)
{
	char when[WHEN_TEXT_SIZE];
	const char *left;

	if (at_s == utc_day_start(at_s))
		when_date_text(at_s, now_s, when);
	else
		when_left_text(at_s, now_s, when);
	left = when + strcspn(when, "(");
	report_put_date(draft, at_s);
	/* The time of day, if it matters, may stand on another line. */
	draft_putf(draft, "%.*s<span class=\"soft\">%s</span>",
	    (int)(left - when) - DATE_SIZE, when + DATE_SIZE, left);
}

void
report_put_crl(struct draft *draft, bool has_number,
    const struct number *number)
{
	char digits[NUMBER_TEXT_SIZE];

	number_format(number, 0, digits);
	if (has_number)
		draft_putf(draft, "CRL %s", digits);
	else
		draft_put(draft, "a CRL without a number");
}

void
report_put_pair(struct draft *draft, const struct standing_facts *facts)
{
	html_put(draft, facts->root);
	if (facts->subordinate[0] == '\0')
		return;
	draft_put(draft, " / ");
	html_put(draft, facts->subordinate);
}

void
report_put_state(struct draft *draft, const struct standing *standing)
{
	if (standing->facts->is_retired) {
		draft_put(draft, "<span class=\"state\">retired</span>");
		return;
	}
	draft_putf(draft, "<span class=\"state s%d\">%s</span>",
	    (int)standing->state_severity, pair_state_word(standing->state));
	if (standing->severity != standing->state_severity)
		draft_putf(draft, " <span class=\"state s%d\">certificate"
		    "</span>", (int)standing->severity);
}

/* How long is the date that a text begins with, with or without its time? */
static size_t
date_size(const char *text)
{
	static const char pattern[] = "dddd-dd-ddTdd:dd:ddZ";
	char date[sizeof(pattern)];
	size_t i;
	int64_t at_s;

	for (i = 0; i + 1 < sizeof(pattern); i++) {
		if (pattern[i] == 'd' ? text[i] < '0' || text[i] > '9' :
		    text[i] != pattern[i])
			break;
		date[i] = text[i];
	}
	if (i + 1 < sizeof(pattern))
		i = i < DATE_SIZE ? 0 : DATE_SIZE;
	date[i] = '\0';
	return i > 0 && utc_parse(date, &at_s) ? i : 0;
}

void
report_put_text(struct draft *draft, const char *text)
{
	draft_put(draft, "<bdi>");
	while (*text != '\0' && draft->code == ERR_OK) {
		RELEASE_BUFFER struct buffer part = {0};
		const size_t dated = date_size(text);
		size_t size = dated > 0 ? dated : 1;

		while (dated == 0 && text[size] != '\0' &&
		    date_size(text + size) == 0)
			size++;
		draft->code = buffer_appendf(&part, draft->err, "%.*s",
		    (int)size, text);
		if (draft->code == ERR_OK && dated > 0)
			draft_putf(draft, "<time datetime=\"%s\">%s</time>",
			    (const char *)part.data, (const char *)part.data);
		else if (draft->code == ERR_OK)
			html_put(draft, (const char *)part.data);
		text += size;
	}
	draft_put(draft, "</bdi>");
}
