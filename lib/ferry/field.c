/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "base/digest.h"
#include "base/number.h"
#include "base/utc.h"
#include "ferry/field.h"
#include "ferry/json_text.h"

/* At least as many as there are values, for text that is JSON. */
static size_t
count_values(struct span text)
{
	bool is_string = false;
	size_t count = 1;

	for (size_t i = 0; i < text.size; i++) {
		const uint8_t octet = text.data[i];

		if (is_string && octet == '\\')
			i++;
		else if (octet == '"')
			is_string = !is_string;
		else if (!is_string)
			count += octet == ',' || octet == '[' || octet == '{';
	}
	return count;
}

enum err
field_load(const char *document, struct span text, size_t values_max,
    json_t **out, struct error *err)
{
	json_error_t why;

	if (text.size == 0)
		return err_fail(err, ERR_FORMAT, "%s: empty, not JSON",
		    document);
	/* Three octets, "{},", become two hundred once they are read. */
	if (count_values(text) > values_max)
		return err_fail(err, ERR_FORMAT,
		    "%s: more than %zu values of JSON", document, values_max);
	*out = json_loadb((const char *)text.data, text.size,
	    JSON_REJECT_DUPLICATES, &why);
	if (*out == NULL)
		return err_fail(err, ERR_FORMAT, "%s: not JSON: line %d, "
		    "column %d: %s", document, why.line, why.column,
		    why.text);
	return ERR_OK;
}

static bool
has_field(const struct field *fields, size_t count, const char *key)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(fields[i].key, key) == 0)
			return true;
	return false;
}

static enum err
take_member(const struct field *field, const json_t *value, const char *what,
    void *to, struct error *err)
{
	if (value == NULL && (field->presence == FIELD_OPTIONAL ||
	    field->presence == FIELD_FLAGGED))
		return ERR_OK;
	if (value == NULL)
		return err_fail(err, ERR_FORMAT, "%s: %s: the key %s is "
		    "missing", field->document, what, field->key);
	if (json_is_null(value) && field->presence == FIELD_NULLABLE)
		return ERR_OK;
	TRY(field->parse(field, value, (char *)to + field->offset, err));
	if (field->presence == FIELD_FLAGGED ||
	    field->presence == FIELD_NULLABLE)
		*(bool *)((char *)to + field->flag_offset) = true;
	return ERR_OK;
}

enum err
field_members(const json_t *json, const char *what,
    const struct field *fields, size_t count, void *to, struct error *err)
{
	if (!json_is_object(json))
		return err_fail(err, ERR_FORMAT, "%s: %s is not an object",
		    fields[0].document, what);
	for (size_t i = 0; i < count; i++)
		TRY(take_member(&fields[i], json_object_get(json,
		    fields[i].key), what, to, err));
	return ERR_OK;
}

enum err
field_object(const json_t *json, const char *what,
    const struct field *fields, size_t count, void *to, struct error *err)
{
	void *at;

	TRY(field_members(json, what, fields, count, to, err));
	for (at = json_object_iter((json_t *)json); at != NULL;
	    at = json_object_iter_next((json_t *)json, at))
		if (!has_field(fields, count, json_object_iter_key(at)))
			return err_fail(err, ERR_FORMAT, "%s: %s: unknown key "
			    "\"%.200s\"", fields[0].document, what,
			    json_object_iter_key(at));
	return ERR_OK;
}

enum err
field_want(const struct field *field, const char *what, const json_t *value,
    struct error *err)
{
	const char *text = json_string_value(value);

	return text == NULL ?
	    err_fail(err, ERR_FORMAT, "%s: %s is not %s", field->document,
	    field->key, what) :
	    err_fail(err, ERR_FORMAT, "%s: %s: \"%.200s\" is not %s",
	    field->document, field->key, text, what);
}

enum err
field_text(const struct field *field, const json_t *value, void *to,
    struct error *err)
{
	const char *text = json_string_value(value);

	if (text == NULL)
		return field_want(field, "a string", value, err);
	if (json_string_length(value) >= field->size)
		return err_fail(err, ERR_FORMAT, "%s: %s: want at most %zu "
		    "octets, have %zu", field->document, field->key,
		    field->size - 1, json_string_length(value));
	memcpy(to, text, json_string_length(value) + 1);
	return ERR_OK;
}

enum err
field_buffer(const struct field *field, const json_t *value, void *to,
    struct error *err)
{
	if (json_string_length(value) == 0)
		return field_want(field, "a string that is not empty", value,
		    err);
	return buffer_append(to, json_string_value(value),
	    json_string_length(value), err);
}

enum err
field_digest(const struct field *field, const json_t *value, void *to,
    struct error *err)
{
	const char *text = json_string_value(value);
	size_t size;

	if (text == NULL || strspn(text, "0123456789abcdef") !=
	    SHA256_HEX_SIZE - 1 || strlen(text) != SHA256_HEX_SIZE - 1 ||
	    !hex_decode(span_of_text(text), to, SHA256_SIZE, &size))
		return field_want(field, "64 lower-case hex digits", value,
		    err);
	return ERR_OK;
}

/* Decimal and canonical, so that equal numbers are equal strings. */
enum err
field_number(const struct field *field, const json_t *value, void *to,
    struct error *err)
{
	const char *text = json_string_value(value);
	char canonical[NUMBER_TEXT_SIZE];
	struct number number;

	if (text == NULL || !number_from_decimal(text, &number))
		return field_want(field, "a decimal string of 0 to 2^159-1",
		    value, err);
	number_format(&number, 0, canonical);
	if (strcmp(text, canonical) != 0)
		return field_want(field,
		    "a decimal string without leading zeros", value, err);
	memcpy(to, &number, sizeof(number));
	return ERR_OK;
}

static enum err
parse_time(const struct field *field, const json_t *value,
    const char *example, const char *what, void *to, struct error *err)
{
	const char *text = json_string_value(value);
	int64_t at_s;

	if (text == NULL || strlen(text) != strlen(example) ||
	    !utc_parse(text, &at_s))
		return field_want(field, what, value, err);
	memcpy(to, &at_s, sizeof(at_s));
	return ERR_OK;
}

enum err
field_time(const struct field *field, const json_t *value, void *to,
    struct error *err)
{
	return parse_time(field, value, "2026-11-22T10:00:00Z",
	    "a time like 2026-11-22T10:00:00Z", to, err);
}

enum err
field_date(const struct field *field, const json_t *value, void *to,
    struct error *err)
{
	return parse_time(field, value, "2026-11-22", "a date like 2026-11-22",
	    to, err);
}

enum err
field_seconds(const struct field *field, const json_t *value, void *to,
    struct error *err)
{
	int64_t at_s = json_integer_value(value);

	if (!json_is_integer(value) || at_s < UTC_MIN_S || at_s > UTC_MAX_S)
		return field_want(field, "seconds of the years 0 to 9999",
		    value, err);
	memcpy(to, &at_s, sizeof(at_s));
	return ERR_OK;
}

enum err
field_count(const struct field *field, const json_t *value, void *to,
    struct error *err)
{
	uint64_t count;

	if (!json_is_integer(value) || json_integer_value(value) < 0)
		return field_want(field, "an integer of 0 or more", value,
		    err);
	count = (uint64_t)json_integer_value(value);
	memcpy(to, &count, sizeof(count));
	return ERR_OK;
}

enum err
field_boolean(const struct field *field, const json_t *value, void *to,
    struct error *err)
{
	bool is_true = json_is_true(value);

	if (!json_is_boolean(value))
		return field_want(field, "true or false", value, err);
	memcpy(to, &is_true, sizeof(is_true));
	return ERR_OK;
}

enum err
field_list(const struct field *field, const json_t *value, void *to,
    struct error *err)
{
	if (!json_is_array(value))
		return field_want(field, "an array", value, err);
	if (json_array_size(value) > field->max)
		return err_fail(err, ERR_FORMAT,
		    "%s: %s: want at most %zu, have %zu", field->document,
		    field->key, field->max, json_array_size(value));
	for (size_t i = 0; i < json_array_size(value); i++)
		TRY(field->take(field, json_array_get(value, i), to, err));
	return ERR_OK;
}

enum err
field_type(const struct field *field, const json_t *value, void *to,
    struct error *err)
{
	const char *text = json_string_value(value);

	(void)to;
	if (text == NULL)
		return field_want(field, "a string", value, err);
	return strcmp(text, field->type) == 0 ? ERR_OK :
	    err_fail(err, ERR_FORMAT, "%s: type: want %s, have %.200s",
	    field->document, field->type, text);
}

enum err
field_version(const struct field *field, const json_t *value, void *to,
    struct error *err)
{
	(void)to;
	if (!json_is_integer(value))
		return field_want(field, "an integer", value, err);
	if (json_integer_value(value) != field->version)
		return err_fail(err, ERR_FORMAT, "%s: %s: want %d, have %lld "
		    "(is this crlferry too old?)", field->document,
		    field->key, field->version,
		    (long long)json_integer_value(value));
	return ERR_OK;
}

/* A value of the kinds above, each told by its parser. */
static json_t *
write_value(const struct field *field, const void *from)
{
	char text[NUMBER_TEXT_SIZE + SHA256_HEX_SIZE];
	const struct buffer *buffer = from;

	if (field->parse == field_type)
		return json_string(field->type);
	if (field->parse == field_version)
		return json_integer(field->version);
	if (field->parse == field_text)
		return json_printable(from);
	if (field->parse == field_buffer)
		return buffer->size == 0 ? json_null() : json_stringn(
		    (const char *)buffer->data, buffer->size);
	if (field->parse == field_seconds || field->parse == field_count)
		return json_integer(*(const int64_t *)from);
	if (field->parse == field_boolean)
		return json_boolean(*(const bool *)from);
	if (field->parse == field_digest)
		sha256_hex(from, text);
	else if (field->parse == field_number)
		number_format(from, 0, text);
	else if (field->parse == field_time)
		utc_format(*(const int64_t *)from, text);
	else
		utc_format_date(*(const int64_t *)from, text);
	return json_string(text);
}

/* null for what is not there. */
static json_t *
write_member(const struct field *field, const char *from)
{
	const bool has_flag = field->presence == FIELD_FLAGGED ||
	    field->presence == FIELD_NULLABLE;

	if (has_flag && !*(const bool *)(from + field->flag_offset))
		return json_null();
	return field->write != NULL ? field->write(from + field->offset) :
	    write_value(field, from + field->offset);
}

json_t *
field_encode(const struct field *fields, size_t count, const void *from)
{
	json_auto_t *json = json_object();
	int failures = 0;

	for (size_t i = 0; i < count; i++) {
		json_t *value = write_member(&fields[i], from);

		/* There is but one null, which nobody needs to let go of. */
		if (!json_is_null(value) ||
		    fields[i].presence == FIELD_NULLABLE)
			failures += json_object_set_new(json, fields[i].key,
			    value) != 0;
	}
	return failures == 0 ? json_incref(json) : NULL;
}

json_t *
field_encode_list(const struct field *fields, size_t count, const void *first,
    size_t length, size_t size)
{
	json_auto_t *list = json_array();
	int failures = 0;

	for (size_t i = 0; i < length; i++) {
		const char *element = (const char *)first + i * size;

		failures += json_array_append_new(list, fields == NULL ?
		    json_printable(element) : field_encode(fields, count,
		    element)) != 0;
	}
	return failures == 0 ? json_incref(list) : NULL;
}
