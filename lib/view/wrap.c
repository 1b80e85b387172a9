/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "view/wrap.h"

/* Unicode's East Asian Wide and Fullwidth, by whole blocks. */
static size_t
columns_of(uint32_t point)
{
	static const struct {
		uint32_t first, last;
	} wide[] = {{0x1100, 0x115f}, {0x2e80, 0xa4cf}, {0xac00, 0xd7a3},
	    {0xf900, 0xfaff}, {0xfe30, 0xfe6f}, {0xff00, 0xff60},
	    {0xffe0, 0xffe6}, {0x1f300, 0x1faff}, {0x20000, 0x3fffd}};

	for (size_t i = 0; i < COUNT_OF(wide); i++) {
		if (point >= wide[i].first && point <= wide[i].last)
			return 2;
	}
	return 1;
}

size_t
wrap_columns(const char *text)
{
	struct span rest = span_of_text(text), character;
	size_t columns = 0;
	uint32_t point;

	while (rest.size > 0)
		columns += utf8_next(&rest, &character, &point) ?
		    columns_of(point) : 1;
	return columns;
}

/*
 * How many octets of the text fit into columns, without blanks at the end;
 * *next is where the next line begins.
 */
static size_t
fit_line(const char *text, size_t columns, size_t *next)
{
	struct span rest = span_of_text(text), character;
	size_t at = 0, used = 0, blank = 0, shown;
	uint32_t point;

	for (; text[at] != '\0' && text[at] != '\n'; at += character.size) {
		used += utf8_next(&rest, &character, &point) ?
		    columns_of(point) : 1;
		/* A blank may lie beyond the last column: it is not shown. */
		if (text[at] == ' ')
			blank = at;
		else if (used > columns)
			break;
	}
	if (text[at] != '\0' && text[at] != '\n' && blank > 0)
		at = blank;
	for (shown = at; shown > 0 && text[shown - 1] == ' ';)
		shown--;
	*next = at + (text[at] == '\n' ? 1 : strspn(&text[at], " "));
	return shown;
}

enum err
wrap_append(struct buffer *out, const char *text,
    const struct wrapping *wrapping, struct error *err)
{
	size_t column = wrapping->column;

	for (;;) {
		size_t next;
		size_t shown = fit_line(text, wrapping->width - column, &next);

		TRY(buffer_append(out, text, shown, err));
		TRY(buffer_append_text(out, "\n", err));
		text += next;
		if (*text == '\0')
			return ERR_OK;
		if (*text != '\n')
			TRY(buffer_appendf(out, err, "%*s",
			    (int)wrapping->indent, ""));
		column = wrapping->indent;
	}
}
