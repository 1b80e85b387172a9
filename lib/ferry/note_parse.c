/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "base/array.h"
#include "ferry/field.h"
#include "ferry/note_check.h"

#define FIELD_DOCUMENT "note"
#define VALUES_MAX 64	/* a note with every key and seal has 30 */

static enum err
parse_type(const struct field *field, const json_t *value, void *to,
    struct error *err)
{
	const char *text = json_string_value(value);
	struct note *note = to;
	int kind;

	for (kind = 0; text != NULL && kind < NOTE_KIND_COUNT; kind++) {
		char type[NOTE_TYPE_SIZE];

		note_type((enum note_kind)kind, type);
		if (strcmp(type, text) == 0) {
			note->kind = (enum note_kind)kind;
			return ERR_OK;
		}
	}
	return field_want(field, "the type of a note", value, err);
}

static enum err
parse_version(const struct field *field, const json_t *value, void *to,
    struct error *err)
{
	(void)to;
	return field_want_version(field, value, NOTE_VERSION, err);
}

static enum err
parse_held_number(const struct field *field, const json_t *value, void *to,
    struct error *err)
{
	struct note *note = to;

	note->has_number = true;
	return field_number(field, value, &note->number, err);
}

static enum err
parse_crl(const struct field *field, const json_t *value, void *to,
    struct error *err)
{
	struct note *note = to;
	const struct span text = {
	    (const uint8_t *)json_string_value(value),
	    json_string_length(value)};

	/* What is not there has no key. */
	if (text.size == 0 ||
	    base64_decode(text, false, &note->crl, NULL) != ERR_OK)
		return err_fail(err, ERR_FORMAT, "note: %s: want octets in "
		    "base64, have something else", field->key);
	return ERR_OK;
}

static enum err
take_text(const struct field *field, const json_t *value,
    struct buffer *out, struct error *err)
{
	if (json_string_length(value) == 0)
		return err_fail(err, ERR_FORMAT, "note: %s: want text, have "
		    "%s", field->key, json_is_string(value) ? "none" :
		    "another type");
	return buffer_append(out, json_string_value(value),
	    json_string_length(value), err);
}

static enum err
parse_manifest(const struct field *field, const json_t *value, void *to,
    struct error *err)
{
	struct note *note = to;

	return take_text(field, value, &note->manifest, err);
}

static enum err
parse_seals(const struct field *field, const json_t *value, void *to,
    struct error *err)
{
	struct note *note = to;
	enum err code;
	size_t i;

	code = field_want_array(field, value, NOTE_SEALS_MAX, err);
	for (i = 0; code == ERR_OK && i < json_array_size(value); i++) {
		code = take_text(field, json_array_get(value, i),
		    &note->seals[i], err);
		note->seal_count = i + 1;
	}
	if (code == ERR_OK && note->seal_count == 0)
		return field_want(field, "at least one", value, err);
	return code;
}

/* Type and version first: another document is refused as such. */
static const struct field note_fields[] = {
	FIELD_WHOLE("type", parse_type, false),
	FIELD_WHOLE("version", parse_version, false),
	FIELD(note, root, "root", field_text),
	FIELD(note, spki_sha256, "spki_sha256", field_digest),
	FIELD(note, subordinate, "subordinate", field_text),
	FIELD(note, sequence, "sequence", field_count),
	FIELD(note, at_s, "time", field_time),
	FIELD(note, nonce, "nonce", field_text),
	FIELD_WHOLE("number", parse_held_number, true),
	FIELD_WHOLE("crl", parse_crl, true),
	FIELD_WHOLE("manifest", parse_manifest, true),
	FIELD_WHOLE("seals", parse_seals, true),
};

enum err
note_parse(struct span json, struct note *out, struct error *err)
{
	RELEASE_NOTE struct note note = {0};
	json_auto_t *root = NULL;
	enum err code;

	code = field_load(FIELD_DOCUMENT, json, VALUES_MAX, &root, err);
	if (code == ERR_OK)
		code = field_object(root, "JSON", note_fields,
		    COUNT_OF(note_fields), &note, err);
	if (code == ERR_OK)
		code = note_check(&note, err);
	if (code != ERR_OK)
		return code;
	*out = note;
	note = (struct note){0};
	return ERR_OK;
}
