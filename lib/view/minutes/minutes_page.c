/* SPDX-License-Identifier: ISC */
#include "view/html.h"
#include "view/minutes/minutes_page.h"

void
minutes_page_collected(struct draft *draft, const struct draft *text)
{
	draft->code = text->code;
	if (draft->code == ERR_OK)
		draft->code = buffer_append(text->out, "", 1, draft->err);
	if (draft->code == ERR_OK)
		draft->code = html_append(draft->out,
		    (const char *)text->out->data, draft->err);
}

void
minutes_page_put(struct draft *draft, const char *text)
{
	html_put(draft, text[0] == '\0' ? "none" : text);
}

void
minutes_page_write(struct draft *draft, const struct minutes *minutes,
    void (*write)(struct draft *text, const struct minutes *minutes))
{
	RELEASE_BUFFER struct buffer clean = {0};
	struct draft text = {&clean, draft->err, draft->code};

	write(&text, minutes);
	minutes_page_collected(draft, &text);
}
