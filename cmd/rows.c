/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <string.h>

#include "rows.h"

void
rows_begin(struct rows *rows)
{
	rows->row_count++;
}

static void
add(struct rows *rows, const struct json_field *field)
{
	rows->has_failed = rows->has_failed || buffer_append(&rows->fields,
	    field, sizeof(*field), NULL) != ERR_OK;
}

void
rows_text(struct rows *rows, const char *key, const char *text)
{
	struct json_field field = {.key = key, .kind = FIELD_TEXT};
	char *copy = text == NULL ? NULL : strdup(text);

	if (text != NULL && (copy == NULL || buffer_append(&rows->texts,
	    &copy, sizeof(copy), NULL) != ERR_OK)) {
		free(copy);
		rows->has_failed = true;
		return;
	}
	field.text = copy;
	add(rows, &field);
}

void
rows_integer(struct rows *rows, const char *key, int64_t value)
{
	const struct json_field field = {
	    .key = key, .kind = FIELD_INTEGER, .integer = value};

	add(rows, &field);
}

void
rows_boolean(struct rows *rows, const char *key, bool value)
{
	const struct json_field field = {
	    .key = key, .kind = FIELD_BOOLEAN, .integer = value};

	add(rows, &field);
}

void
rows_known(struct rows *rows, const char *key, bool is_known, int64_t value)
{
	if (is_known)
		rows_integer(rows, key, value);
	else
		rows_text(rows, key, NULL);
}

void
rows_facts(struct rows *rows, const struct rows_fact *facts, size_t count)
{
	for (size_t i = 0; i < count; i++)
		rows_text(rows, facts[i].key, facts[i].text);
}

void
rows_failure(struct rows *rows, const struct error *why)
{
	const bool is_good = why->code == ERR_OK;

	rows_text(rows, "token", is_good ? NULL : error_token(why->code));
	rows_text(rows, "message", is_good ? NULL : why->what);
}

enum err
rows_print_lists(const struct rows_list *lists, size_t count,
    const char *type, struct buffer *out, struct error *err)
{
	struct json_list json[ROWS_LISTS_MAX];
	size_t i;

	for (i = 0; i < count && i < ROWS_LISTS_MAX; i++) {
		const struct rows *rows = lists[i].rows;
		size_t fields = rows->fields.size / sizeof(struct json_field);

		if (rows->has_failed)
			return err_no_memory(err);
		json[i] = (struct json_list){.key = lists[i].key,
		    .fields = (const void *)rows->fields.data,
		    .field_count = rows->row_count == 0 ? 0 :
		    fields / rows->row_count,
		    .row_count = rows->row_count};
	}
	return json_lists(type, json, i, out, err);
}

enum err
rows_print(const struct rows *rows, struct invocation *invocation,
    const char *type, const char *list, struct error *err)
{
	const struct rows_list lists = {list, rows};

	return invocation->is_json ? rows_print_lists(&lists, 1, type,
	    &invocation->output, err) : ERR_OK;
}

void
rows_release(struct rows *rows)
{
	char **texts = (char **)(void *)rows->texts.data;

	for (size_t i = 0; i < rows->texts.size / sizeof(char *); i++)
		free(texts[i]);
	buffer_release(&rows->texts);
	buffer_release(&rows->fields);
}
