/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <string.h>

#include "rows.h"

void
rows_begin(struct rows *rows)
{
	rows->row_count++;
}

static enum err
add(struct rows *rows, const struct json_field *field, struct error *err)
{
	return buffer_append(&rows->fields, field, sizeof(*field), err);
}

enum err
rows_text(struct rows *rows, const char *key, const char *text,
    struct error *err)
{
	struct json_field field = {.key = key, .kind = FIELD_TEXT};
	char *copy;
	enum err code;

	if (text == NULL)
		return add(rows, &field, err);
	copy = strdup(text);
	if (copy == NULL)
		return err_fail(err, ERR_IO, "memory: want more, have none");
	code = buffer_append(&rows->texts, &copy, sizeof(copy), err);
	if (code != ERR_OK) {
		free(copy);
		return code;
	}
	field.text = copy;
	return add(rows, &field, err);
}

enum err
rows_integer(struct rows *rows, const char *key, int64_t value,
    struct error *err)
{
	const struct json_field field = {
	    .key = key, .kind = FIELD_INTEGER, .integer = value};

	return add(rows, &field, err);
}

enum err
rows_boolean(struct rows *rows, const char *key, bool value,
    struct error *err)
{
	const struct json_field field = {
	    .key = key, .kind = FIELD_BOOLEAN, .integer = value};

	return add(rows, &field, err);
}

enum err
rows_print(const struct rows *rows, const char *type, const char *list,
    struct buffer *out, struct error *err)
{
	size_t fields = rows->fields.size / sizeof(struct json_field);

	return json_rows(type, list, (const void *)rows->fields.data,
	    rows->row_count == 0 ? 0 : fields / rows->row_count,
	    rows->row_count, out, err);
}

void
rows_release(struct rows *rows)
{
	char **texts = (char **)(void *)rows->texts.data;
	size_t i;

	for (i = 0; i < rows->texts.size / sizeof(char *); i++)
		free(texts[i]);
	buffer_release(&rows->texts);
	buffer_release(&rows->fields);
}
