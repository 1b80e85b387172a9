/* SPDX-License-Identifier: ISC */
#include "base/printable.h"
#include "base/utc.h"
#include "view/json_document.h"

struct json_draft
json_draft_begin(const char *type)
{
	struct json_draft draft = {.top = json_object()};

	draft.has_failed = draft.top == NULL;
	json_put_text(&draft, draft.top, "type", type);
	json_put_integer(&draft, draft.top, "version", 1);
	return draft;
}

void
json_draft_release(struct json_draft *draft)
{
	json_decref(draft->top);
	draft->top = NULL;
}

void
json_put(struct json_draft *draft, json_t *object, const char *key,
    json_t *value)
{
	if (json_object_set_new(object, key, value) != 0)
		draft->has_failed = true;
}

void
json_put_text(struct json_draft *draft, json_t *object, const char *key,
    const char *text)
{
	RELEASE_BUFFER struct buffer clean = {0};

	if (text == NULL) {
		json_put(draft, object, key, json_null());
		return;
	}
	if (printable_append(&clean, text, PRINTABLE_TEXT, "", NULL) != ERR_OK)
		draft->has_failed = true;
	json_put(draft, object, key, clean.size == 0 ? json_string("") :
	    json_stringn((const char *)clean.data, clean.size));
}

void
json_put_integer(struct json_draft *draft, json_t *object, const char *key,
    int64_t value)
{
	json_put(draft, object, key, json_integer(value));
}

void
json_put_boolean(struct json_draft *draft, json_t *object, const char *key,
    bool value)
{
	json_put(draft, object, key, json_boolean(value));
}

void
json_put_instant(struct json_draft *draft, json_t *object, const char *key,
    bool is_known, int64_t at_s)
{
	char text[UTC_TEXT_SIZE];

	utc_format(at_s, text);
	json_put_text(draft, object, key, is_known ? text : NULL);
}

void
json_put_date(struct json_draft *draft, json_t *object, const char *key,
    bool is_known, int64_t at_s)
{
	char text[UTC_TEXT_SIZE];

	utc_format_date(at_s, text);
	json_put_text(draft, object, key, is_known ? text : NULL);
}

void
json_put_number(struct json_draft *draft, json_t *object, const char *key,
    bool is_known, const struct number *number)
{
	char text[NUMBER_TEXT_SIZE];

	number_format(number, 0, text);
	json_put_text(draft, object, key, is_known ? text : NULL);
}

json_t *
json_put_array(struct json_draft *draft, json_t *object, const char *key)
{
	json_put(draft, object, key, json_array());
	return json_object_get(object, key);
}

json_t *
json_add_object(struct json_draft *draft, json_t *array)
{
	if (json_array_append_new(array, json_object()) != 0) {
		draft->has_failed = true;
		return NULL;
	}
	return json_array_get(array, json_array_size(array) - 1);
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
json_print(const struct json_draft *draft, struct buffer *out,
    struct error *err)
{
	if (draft->has_failed)
		return err_no_memory(err);
	TRY(json_append(draft->top, out, err));
	return buffer_append_text(out, "\n", err);
}
