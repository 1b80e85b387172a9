/* SPDX-License-Identifier: ISC */
#include <stdlib.h>

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
    int64_t at_s)
{
	char text[UTC_TEXT_SIZE];

	utc_format_date(at_s, text);
	json_put_text(draft, object, key, text);
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

enum err
json_print(const struct json_draft *draft, struct buffer *out,
    struct error *err)
{
	char *text = draft->has_failed ? NULL : json_dumps(draft->top,
	    JSON_INDENT(2) | JSON_SORT_KEYS | JSON_ENSURE_ASCII);
	enum err code;

	if (text == NULL)
		return err_fail(err, ERR_IO,
		    "JSON: want memory, have none left");
	code = buffer_appendf(out, err, "%s\n", text);
	free(text);
	return code;
}
