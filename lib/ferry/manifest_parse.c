/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "base/array.h"
#include "ferry/field.h"
#include "ferry/manifest.h"
#include "ferry/manifest_check.h"

#define FIELD_DOCUMENT "manifest"

/* The encoder puts no more than one value into 20 octets of a list. */
#define VALUES_MAX(size_bytes) (64 + (size_bytes) / 16)

static enum err
parse_next_ceremony(const struct field *field, const json_t *value, void *to,
    struct error *err)
{
	struct manifest *manifest = to;
	const char *text = json_string_value(value);

	if (text == NULL || strlen(text) != strlen("2026-11-22") ||
	    !utc_parse(text, &manifest->next_ceremony_s))
		return field_want(field, "a date like 2026-11-22", value, err);
	manifest->has_next_ceremony = true;
	return ERR_OK;
}

static enum err
parse_type(const struct field *field, const json_t *value, void *to,
    struct error *err)
{
	(void)to;
	return field_want_type(field, value, MANIFEST_TYPE, err);
}

static enum err
parse_version(const struct field *field, const json_t *value, void *to,
    struct error *err)
{
	(void)to;
	return field_want_version(field, value, MANIFEST_VERSION, err);
}

static const struct field file_fields[] = {
	FIELD(manifest_file, name, "name", field_text),
	FIELD(manifest_file, size_bytes, "size", field_count),
	FIELD(manifest_file, sha256, "sha256", field_digest),
};

static enum err
parse_files(const struct field *field, const json_t *value, void *to,
    struct error *err)
{
	struct manifest *manifest = to;
	size_t i;

	TRY(field_want_array(field, value, MANIFEST_FILES_MAX, err));
	for (i = 0; i < json_array_size(value); i++)
		TRY(field_object(json_array_get(value, i), field->key,
		    file_fields, COUNT_OF(file_fields), &manifest->files[i],
		    err));
	manifest->file_count = i;
	return ERR_OK;
}

static const struct field dropped_fields[] = {
	FIELD(manifest_dropped, serial, "serial", field_text),
	FIELD(manifest_dropped, why, "why", field_text),
	FIELD(manifest_dropped, number, "number", field_number),
};

static enum err
parse_dropped(const struct field *field, const json_t *value, void *to,
    struct error *err)
{
	struct manifest_dropped dropped;
	size_t i;

	TRY(field_want_array(field, value, MANIFEST_DROPPED_MAX, err));
	for (i = 0; i < json_array_size(value); i++) {
		dropped = (struct manifest_dropped){0};
		TRY(field_object(json_array_get(value, i), field->key,
		    dropped_fields, COUNT_OF(dropped_fields), &dropped, err));
		TRY(manifest_add_dropped(to, &dropped, err));
	}
	return ERR_OK;
}

static enum err
parse_answers(const struct field *field, const json_t *value, void *to,
    struct error *err)
{
	size_t i;

	TRY(field_want_array(field, value, MANIFEST_ANSWERS_MAX, err));
	for (i = 0; i < json_array_size(value); i++) {
		const json_t *nonce = json_array_get(value, i);

		if (!json_is_string(nonce))
			return field_want(field, "strings", nonce, err);
		TRY(manifest_add_answer(to, json_string_value(nonce), err));
	}
	return ERR_OK;
}

/* Type and version first: another document is refused as such. */
static const struct field manifest_fields[] = {
	FIELD_WHOLE("type", parse_type, false),
	FIELD_WHOLE("version", parse_version, false),
	FIELD(manifest, root, "root", field_text),
	FIELD(manifest, spki_sha256, "spki_sha256", field_digest),
	FIELD(manifest, number, "number", field_number),
	FIELD(manifest, created_s, "created", field_time),
	FIELD(manifest, this_update_s, "this_update", field_time),
	FIELD(manifest, next_update_s, "next_update", field_time),
	FIELD_WHOLE("next_ceremony", parse_next_ceremony, true),
	FIELD(manifest, is_emergency, "emergency", field_boolean),
	FIELD(manifest, why, "why", field_text),
	FIELD(manifest, published_as, "published_as", field_text),
	FIELD(manifest, revoked_count, "revoked_count", field_count),
	FIELD(manifest, ledger_head, "ledger_head", field_text),
	FIELD_WHOLE("files", parse_files, false),
	FIELD_WHOLE("dropped", parse_dropped, false),
	FIELD_WHOLE("answers", parse_answers, false),
};

enum err
manifest_parse(struct span json, struct manifest *out, struct error *err)
{
	RELEASE_MANIFEST struct manifest manifest = {0};
	json_auto_t *root = NULL;

	if (json.size > MANIFEST_MAX_BYTES)
		return err_fail(err, ERR_FORMAT, "manifest: want at most %d "
		    "octets, have %zu", MANIFEST_MAX_BYTES, json.size);
	TRY(field_load(FIELD_DOCUMENT, json, VALUES_MAX(json.size), &root,
	    err));
	TRY(field_object(root, "bundle.json", manifest_fields,
	    COUNT_OF(manifest_fields), &manifest, err));
	TRY(manifest_check(&manifest, err));
	*out = manifest;
	manifest = (struct manifest){0};
	return ERR_OK;
}
