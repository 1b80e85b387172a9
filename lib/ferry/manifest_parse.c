/* SPDX-License-Identifier: ISC */
#include <stddef.h>
#include <string.h>

#include <jansson.h>

#include "ferry/manifest.h"
#include "ferry/manifest_check.h"

/*
 * One key of an object: how its value is read, where it goes in the struct,
 * and the octets that are there.
 */
struct field {
	const char *key;
	enum err (*parse)(const struct field *field, const json_t *value,
	    void *to, struct error *err);
	size_t offset;
	size_t size;
	bool is_optional;
};

#define FIELD(type, member, key, parse) \
	{key, parse, offsetof(struct type, member), \
	    sizeof(((struct type *)NULL)->member), false}

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

static const struct field *
find_field(const struct field *fields, size_t count, const char *key)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (strcmp(fields[i].key, key) == 0)
			return &fields[i];
	return NULL;
}

/*
 * Every mandatory key there, every value as it should be, in the order of the
 * table; then, so that another type or version is refused as such, no others.
 */
static enum err
parse_object(const json_t *json, const char *what,
    const struct field *fields, size_t count, void *to, struct error *err)
{
	void *at;
	enum err code;
	size_t i;

	if (!json_is_object(json))
		return err_fail(err, ERR_FORMAT,
		    "manifest: %s: want an object, have something else",
		    what);
	for (i = 0; i < count; i++) {
		const json_t *value = json_object_get(json, fields[i].key);

		if (value == NULL && fields[i].is_optional)
			continue;
		if (value == NULL)
			return err_fail(err, ERR_FORMAT, "manifest: %s: want "
			    "the key %s, have none", what, fields[i].key);
		code = fields[i].parse(&fields[i], value,
		    (char *)to + fields[i].offset, err);
		if (code != ERR_OK)
			return code;
	}
	for (at = json_object_iter((json_t *)json); at != NULL;
	    at = json_object_iter_next((json_t *)json, at))
		if (find_field(fields, count, json_object_iter_key(at)) ==
		    NULL)
			return err_fail(err, ERR_FORMAT, "manifest: %s: want "
			    "only known keys, have \"%.200s\"", what,
			    json_object_iter_key(at));
	return ERR_OK;
}

static enum err
want(const struct field *field, const char *what, const json_t *value,
    struct error *err)
{
	const char *text = json_string_value(value);

	return err_fail(err, ERR_FORMAT, "manifest: %s: want %s, have %.200s",
	    field->key, what, text != NULL ? text : "another type");
}

static enum err
parse_text(const struct field *field, const json_t *value, void *to,
    struct error *err)
{
	const char *text = json_string_value(value);

	if (text == NULL || json_string_length(value) >= field->size)
		return err_fail(err, ERR_FORMAT, "manifest: %s: want a string "
		    "of less than %zu octets, have %s", field->key,
		    field->size, text != NULL ? "more" : "another type");
	memcpy(to, text, json_string_length(value) + 1);
	return ERR_OK;
}

static enum err
parse_digest(const struct field *field, const json_t *value, void *to,
    struct error *err)
{
	const char *text = json_string_value(value);
	size_t size;

	if (text == NULL || strspn(text, "0123456789abcdef") !=
	    SHA256_HEX_SIZE - 1 || strlen(text) != SHA256_HEX_SIZE - 1 ||
	    !hex_decode(span_of_text(text), to, SHA256_SIZE, &size))
		return want(field, "64 lower-case hex digits", value, err);
	return ERR_OK;
}

/* Decimal and canonical, so that equal numbers are equal strings. */
static enum err
parse_number(const struct field *field, const json_t *value, void *to,
    struct error *err)
{
	const char *text = json_string_value(value);
	char canonical[NUMBER_TEXT_SIZE];
	struct number number;

	if (text == NULL || !number_from_decimal(text, &number))
		return want(field, "a decimal string of 0 to 2^159-1", value,
		    err);
	number_format(&number, 0, canonical);
	if (strcmp(text, canonical) != 0)
		return want(field, "a decimal string without leading zeros",
		    value, err);
	memcpy(to, &number, sizeof(number));
	return ERR_OK;
}

static enum err
parse_time(const struct field *field, const json_t *value, void *to,
    struct error *err)
{
	const char *text = json_string_value(value);
	int64_t at_s;

	if (text == NULL || strlen(text) != strlen("2026-11-22T10:00:00Z") ||
	    !utc_parse(text, &at_s))
		return want(field, "a time like 2026-11-22T10:00:00Z", value,
		    err);
	memcpy(to, &at_s, sizeof(at_s));
	return ERR_OK;
}

static enum err
parse_next_ceremony(const struct field *field, const json_t *value, void *to,
    struct error *err)
{
	struct manifest *manifest = to;
	const char *text = json_string_value(value);

	if (text == NULL || strlen(text) != strlen("2026-11-22") ||
	    !utc_parse(text, &manifest->next_ceremony_s))
		return want(field, "a date like 2026-11-22", value, err);
	manifest->has_next_ceremony = true;
	return ERR_OK;
}

static enum err
parse_count(const struct field *field, const json_t *value, void *to,
    struct error *err)
{
	uint64_t count;

	if (!json_is_integer(value) || json_integer_value(value) < 0)
		return want(field, "an integer of 0 or more", value, err);
	count = (uint64_t)json_integer_value(value);
	memcpy(to, &count, sizeof(count));
	return ERR_OK;
}

static enum err
parse_boolean(const struct field *field, const json_t *value, void *to,
    struct error *err)
{
	bool is_true = json_is_true(value);

	if (!json_is_boolean(value))
		return want(field, "true or false", value, err);
	memcpy(to, &is_true, sizeof(is_true));
	return ERR_OK;
}

static enum err
parse_type(const struct field *field, const json_t *value, void *to,
    struct error *err)
{
	const char *text = json_string_value(value);

	(void)to;
	if (text == NULL || strcmp(text, MANIFEST_TYPE) != 0)
		return want(field, MANIFEST_TYPE, value, err);
	return ERR_OK;
}

static enum err
parse_version(const struct field *field, const json_t *value, void *to,
    struct error *err)
{
	(void)to;
	if (!json_is_integer(value))
		return want(field, "an integer", value, err);
	if (json_integer_value(value) != MANIFEST_VERSION)
		return err_fail(err, ERR_FORMAT, "manifest: version: want %d, "
		    "have %lld (is this crlferry too old?)", MANIFEST_VERSION,
		    (long long)json_integer_value(value));
	return ERR_OK;
}

static enum err
want_array(const struct field *field, const json_t *value, size_t max,
    struct error *err)
{
	if (!json_is_array(value))
		return want(field, "an array", value, err);
	if (json_array_size(value) > max)
		return err_fail(err, ERR_FORMAT,
		    "manifest: %s: want at most %zu, have %zu", field->key,
		    max, json_array_size(value));
	return ERR_OK;
}

static const struct field file_fields[] = {
	FIELD(manifest_file, name, "name", parse_text),
	FIELD(manifest_file, size_bytes, "size", parse_count),
	FIELD(manifest_file, sha256, "sha256", parse_digest),
};

static enum err
parse_files(const struct field *field, const json_t *value, void *to,
    struct error *err)
{
	struct manifest *manifest = to;
	enum err code;
	size_t i;

	code = want_array(field, value, MANIFEST_FILES_MAX, err);
	for (i = 0; code == ERR_OK && i < json_array_size(value); i++) {
		code = parse_object(json_array_get(value, i), field->key,
		    file_fields, COUNT_OF(file_fields), &manifest->files[i],
		    err);
		manifest->file_count = i + 1;
	}
	return code;
}

static const struct field dropped_fields[] = {
	FIELD(manifest_dropped, serial, "serial", parse_text),
	FIELD(manifest_dropped, why, "why", parse_text),
	FIELD(manifest_dropped, number, "number", parse_number),
};

static enum err
parse_dropped(const struct field *field, const json_t *value, void *to,
    struct error *err)
{
	struct manifest_dropped dropped;
	enum err code;
	size_t i;

	code = want_array(field, value, MANIFEST_DROPPED_MAX, err);
	for (i = 0; code == ERR_OK && i < json_array_size(value); i++) {
		dropped = (struct manifest_dropped){0};
		code = parse_object(json_array_get(value, i), field->key,
		    dropped_fields, COUNT_OF(dropped_fields), &dropped, err);
		if (code == ERR_OK)
			code = manifest_add_dropped(to, &dropped, err);
	}
	return code;
}

static enum err
parse_answers(const struct field *field, const json_t *value, void *to,
    struct error *err)
{
	enum err code;
	size_t i;

	code = want_array(field, value, MANIFEST_ANSWERS_MAX, err);
	for (i = 0; code == ERR_OK && i < json_array_size(value); i++) {
		const json_t *nonce = json_array_get(value, i);

		if (!json_is_string(nonce))
			return want(field, "strings", nonce, err);
		code = manifest_add_answer(to, json_string_value(nonce),
		    err);
	}
	return code;
}

/* Type and version first: another document is refused as such. */
static const struct field manifest_fields[] = {
	{"type", parse_type, 0, 0, false},
	{"version", parse_version, 0, 0, false},
	FIELD(manifest, root, "root", parse_text),
	FIELD(manifest, spki_sha256, "spki_sha256", parse_digest),
	FIELD(manifest, number, "number", parse_number),
	FIELD(manifest, created_s, "created", parse_time),
	FIELD(manifest, this_update_s, "this_update", parse_time),
	FIELD(manifest, next_update_s, "next_update", parse_time),
	{"next_ceremony", parse_next_ceremony, 0, 0, true},
	FIELD(manifest, is_emergency, "emergency", parse_boolean),
	FIELD(manifest, why, "why", parse_text),
	FIELD(manifest, published_as, "published_as", parse_text),
	FIELD(manifest, revoked_count, "revoked_count", parse_count),
	FIELD(manifest, ledger_head, "ledger_head", parse_text),
	{"files", parse_files, 0, 0, false},
	{"dropped", parse_dropped, 0, 0, false},
	{"answers", parse_answers, 0, 0, false},
};

enum err
manifest_parse(struct span json, struct manifest *out, struct error *err)
{
	RELEASE_MANIFEST struct manifest manifest = {0};
	json_auto_t *root = NULL;
	json_error_t why;
	enum err code;

	if (json.size > MANIFEST_MAX_BYTES)
		return err_fail(err, ERR_FORMAT, "manifest: want at most %d "
		    "octets, have %zu", MANIFEST_MAX_BYTES, json.size);
	if (json.size == 0)
		return err_fail(err, ERR_FORMAT,
		    "manifest: want JSON, have nothing");
	root = json_loadb((const char *)json.data, json.size,
	    JSON_REJECT_DUPLICATES, &why);
	if (root == NULL)
		return err_fail(err, ERR_FORMAT, "manifest: want JSON, have "
		    "line %d column %d: %s", why.line, why.column, why.text);
	code = parse_object(root, "bundle.json", manifest_fields,
	    COUNT_OF(manifest_fields), &manifest, err);
	if (code == ERR_OK)
		code = manifest_check(&manifest, err);
	if (code != ERR_OK)
		return code;
	*out = manifest;
	manifest = (struct manifest){0};
	return ERR_OK;
}
