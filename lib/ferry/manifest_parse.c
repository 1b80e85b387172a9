/* SPDX-License-Identifier: ISC */
#include "ferry/field.h"
#include "ferry/manifest_check.h"

#define FIELD_DOCUMENT "manifest"

/* The encoder puts no more than one value into 20 octets of a list. */
#define VALUES_MAX(size_bytes) (64 + (size_bytes) / 16)

static const struct field file_fields[] = {
	FIELD(manifest_file, name, "name", field_text),
	FIELD(manifest_file, size_bytes, "size", field_count),
	FIELD(manifest_file, sha256, "sha256", field_digest),
};

static enum err
take_file(const struct field *field, const json_t *value, void *to,
    struct error *err)
{
	struct manifest *manifest = to;

	return field_object(value, field->key, FIELD_TABLE(file_fields),
	    &manifest->files[manifest->file_count++], err);
}

static const struct field dropped_fields[] = {
	FIELD(manifest_dropped, serial, "serial", field_text),
	FIELD(manifest_dropped, why, "why", field_text),
	FIELD(manifest_dropped, number, "number", field_number),
};

static enum err
take_dropped(const struct field *field, const json_t *value, void *to,
    struct error *err)
{
	struct manifest_dropped dropped = {0};

	TRY(field_object(value, field->key, FIELD_TABLE(dropped_fields),
	    &dropped, err));
	return manifest_add_dropped(to, &dropped, err);
}

static enum err
take_answer(const struct field *field, const json_t *value, void *to,
    struct error *err)
{
	if (!json_is_string(value))
		return field_want(field, "a list of strings", value, err);
	return manifest_add_answer(to, json_string_value(value), err);
}

static const struct field manifest_fields[] = {
	FIELD_TYPE(MANIFEST_TYPE),
	FIELD_VERSION(MANIFEST_VERSION),
	FIELD(manifest, root, "root", field_text),
	FIELD(manifest, spki_sha256, "spki_sha256", field_digest),
	FIELD(manifest, number, "number", field_number),
	FIELD(manifest, created_s, "created", field_time),
	FIELD(manifest, this_update_s, "this_update", field_time),
	FIELD(manifest, next_update_s, "next_update", field_time),
	FIELD_IF(manifest, next_ceremony_s, has_next_ceremony,
	    "next_ceremony", field_date),
	FIELD(manifest, is_emergency, "emergency", field_boolean),
	FIELD(manifest, why, "why", field_text),
	FIELD(manifest, published_as, "published_as", field_text),
	FIELD(manifest, revoked_count, "revoked_count", field_count),
	FIELD(manifest, ledger_head, "ledger_head", field_text),
	FIELD_LIST("files", MANIFEST_FILES_MAX, take_file),
	FIELD_LIST("dropped", MANIFEST_DROPPED_MAX, take_dropped),
	FIELD_LIST("answers", MANIFEST_ANSWERS_MAX, take_answer),
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
	TRY(field_object(root, "bundle.json", FIELD_TABLE(manifest_fields),
	    &manifest, err));
	TRY(manifest_check(&manifest, err));
	*out = manifest;
	manifest = (struct manifest){0};
	return ERR_OK;
}
