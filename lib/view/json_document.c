/* SPDX-License-Identifier: ISC */
#include "base/printable.h"
#include "base/utc.h"
#include "view/json_document.h"

json_t *
json_shown(const char *text)
{
	RELEASE_BUFFER struct buffer clean = {0};

	if (text == NULL)
		return json_null();
	if (printable_append(&clean, text, PRINTABLE_TEXT, "", NULL) != ERR_OK)
		return NULL;
	return json_stringn(clean.size == 0 ? "" : (const char *)clean.data,
	    clean.size);
}

json_t *
json_instant(bool is_known, int64_t at_s)
{
	char text[UTC_TEXT_SIZE];

	utc_format(at_s, text);
	return json_shown(is_known ? text : NULL);
}

json_t *
json_date(bool is_known, int64_t at_s)
{
	char text[UTC_TEXT_SIZE];

	utc_format_date(at_s, text);
	return json_shown(is_known ? text : NULL);
}

json_t *
json_decimal(bool is_known, const struct number *number)
{
	char text[NUMBER_TEXT_SIZE];

	number_format(number, 0, text);
	return json_shown(is_known ? text : NULL);
}

void
json_set(json_t **object, const char *key, json_t *value)
{
	if (json_object_set_new(*object, key, value) == 0)
		return;
	json_decref(*object);
	*object = NULL;
}

void
json_add(json_t **array, json_t *value)
{
	if (json_array_append_new(*array, value) == 0)
		return;
	json_decref(*array);
	*array = NULL;
}

static int
append(const char *text, size_t size, void *context)
{
	return buffer_append(context, text, size, NULL) == ERR_OK ? 0 : -1;
}

enum err
json_append(const json_t *value, struct buffer *out, struct error *err)
{
	return json_dump_callback(value, append, out, JSON_ENCODE_ANY |
	    JSON_INDENT(2) | JSON_SORT_KEYS | JSON_ENSURE_ASCII) == 0 ?
	    ERR_OK : err_no_memory(err);
}

enum err
json_document(const char *type, json_t *body, struct buffer *out,
    struct error *err)
{
	json_auto_t *json = NULL;

	json_set(&body, "type", json_string(type));
	json_set(&body, "version", json_integer(1));
	json = body;
	if (json == NULL)
		return err_no_memory(err);
	TRY(json_append(json, out, err));
	return buffer_append_text(out, "\n", err);
}
