/* SPDX-License-Identifier: ISC */
#include "base/printable.h"
#include "ferry/json_text.h"

struct output {
	struct buffer *out;
	size_t size_max;	/* that out may have */
	bool is_too_large;
};

static int
append(const char *text, size_t size, void *context)
{
	struct output *output = context;

	output->is_too_large = size > output->size_max - output->out->size;
	return !output->is_too_large && buffer_append(output->out, text, size,
	    NULL) == ERR_OK ? 0 : -1;
}

enum err
json_text_limited(const json_t *json, const char *document, size_t size_max,
    struct buffer *out, struct error *err)
{
	const size_t before = out->size;
	struct output output = {out, before + size_max, false};

	if (json_dump_callback(json, append, &output,
	    JSON_SORT_KEYS | JSON_INDENT(2)) == 0 &&
	    append("\n", 1, &output) == 0)
		return ERR_OK;
	out->size = before;
	return output.is_too_large ? err_fail(err, ERR_FORMAT,
	    "%s: more than %zu octets", document, size_max) :
	    err_no_memory(err);
}

enum err
json_text(const json_t *json, struct buffer *out, struct error *err)
{
	return json_text_limited(json, "", SIZE_MAX - out->size, out, err);
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
