/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <string.h>

#include "base/printable.h"
#include "ferry/json_text.h"

enum err
json_text(const json_t *json, struct buffer *out, struct error *err)
{
	char *text = json_dumps(json, JSON_SORT_KEYS | JSON_INDENT(2));
	enum err code;

	if (text == NULL)
		return err_fail(err, ERR_IO, "memory: want more, have none");
	/* At once, so that a failure leaves what was there. */
	code = buffer_reserve(out, strlen(text) + 1, err);
	if (code == ERR_OK)
		code = buffer_append_text(out, text, err);
	if (code == ERR_OK)
		code = buffer_append_text(out, "\n", err);
	free(text);
	return code;
}

json_t *
json_printable(const char *text)
{
	RELEASE_BUFFER struct buffer line = {0};

	if (printable_append(&line, text, PRINTABLE_LINE, "", NULL) !=
	    ERR_OK || buffer_append(&line, "", 1, NULL) != ERR_OK)
		return NULL;
	return json_string((const char *)line.data);
}
