/* SPDX-License-Identifier: ISC */
#include "base/array.h"
#include "base/printable.h"
#include "view/html.h"

static const struct {
	uint8_t octet;
	const char *reference;
} escapes[] = {
	{ '&', "&amp;" },
	{ '<', "&lt;" },
	{ '>', "&gt;" },
	{ '"', "&quot;" },
	{ '\'', "&#39;" },
	{ '\n', "<br>" },
};

enum err
html_append(struct buffer *out, const char *text, struct error *err)
{
	RELEASE_BUFFER struct buffer clean = {0};
	size_t j;

	TRY(printable_append(&clean, text, PRINTABLE_TEXT, "", err));
	for (size_t i = 0; i < clean.size; i++) {
		for (j = 0; j < COUNT_OF(escapes); j++) {
			if (escapes[j].octet == clean.data[i])
				break;
		}
		TRY(j < COUNT_OF(escapes) ?
		    buffer_append_text(out, escapes[j].reference, err) :
		    buffer_append(out, &clean.data[i], 1, err));
	}
	return ERR_OK;
}

void
html_put(struct draft *draft, const char *text)
{
	RELEASE_BUFFER struct buffer line = {0};

	if (draft->code == ERR_OK)
		draft->code = printable_append(&line, text, PRINTABLE_LINE, "",
		    draft->err);
	if (draft->code == ERR_OK)
		draft->code = buffer_append(&line, "", 1, draft->err);
	if (draft->code == ERR_OK)
		draft->code = html_append(draft->out, (const char *)line.data,
		    draft->err);
}
