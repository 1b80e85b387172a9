/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ferry/field.h"
#include "ferry/json_text.h"
#include "ferry/manifest.h"
#include "ferry/seals.h"

#define FIELD_DOCUMENT "manifest"

/* The encoder puts no more than one value into 20 octets of a list. */
#define VALUES_MAX(size_bytes) (64 + (size_bytes) / 16)

void
manifest_start(void)
{
	json_object_seed(0);
}

void
manifest_release(struct manifest *manifest)
{
	free(manifest->dropped);
	free(manifest->answers);
	*manifest = (struct manifest){0};
}

/*
 * Room for one more element.  The arrays hold a power of two of them, so
 * that the count alone says when they are full.
 */
static enum err
grow(void **array, size_t count, size_t element_size, size_t max,
    const char *what, struct error *err)
{
	void *grown;

	if (count >= max)
		return err_fail(err, ERR_FORMAT,
		    "manifest: %s: more than %zu", what, max);
	if (count != 0 && (count & (count - 1)) != 0)
		return ERR_OK;
	grown = reallocarray(*array, count == 0 ? 1 : 2 * count,
	    element_size);
	if (grown == NULL)
		return err_no_memory(err);
	*array = grown;
	return ERR_OK;
}

enum err
manifest_add_dropped(struct manifest *manifest,
    const struct manifest_dropped *dropped, struct error *err)
{
	void *array = manifest->dropped;

	TRY(manifest_check_dropped(dropped, err));
	TRY(grow(&array, manifest->dropped_count, sizeof(*manifest->dropped),
	    MANIFEST_DROPPED_MAX, "dropped", err));
	manifest->dropped = array;
	manifest->dropped[manifest->dropped_count++] = *dropped;
	return ERR_OK;
}

enum err
manifest_add_answer(struct manifest *manifest, const char *nonce,
    struct error *err)
{
	void *array = manifest->answers;

	TRY(manifest_check_answer(nonce, err));
	TRY(grow(&array, manifest->answer_count, sizeof(*manifest->answers),
	    MANIFEST_ANSWERS_MAX, "answers", err));
	manifest->answers = array;
	memcpy(manifest->answers[manifest->answer_count++], nonce,
	    sizeof(*manifest->answers));
	return ERR_OK;
}

void
manifest_comment(const struct manifest *manifest, char *out, size_t capacity)
{
	char number[NUMBER_TEXT_SIZE], created[UTC_TEXT_SIZE];

	number_format(&manifest->number, 0, number);
	utc_format(manifest->created_s, created);
	snprintf(out, capacity, "type:" MANIFEST_TYPE " root:%s number:%s "
	    "time:%s", manifest->root, number, created);
}

enum err
manifest_check_comment(const struct manifest *manifest, const char *comment,
    struct error *err)
{
	char want[256];

	manifest_comment(manifest, want, sizeof(want));
	return seals_check_comment(want, comment, err);
}

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

static json_t *
write_files(const void *from)
{
	const struct manifest *manifest = from;

	return field_encode_list(FIELD_TABLE(file_fields), manifest->files,
	    manifest->file_count, sizeof(manifest->files[0]));
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

static json_t *
write_dropped(const void *from)
{
	const struct manifest *manifest = from;

	return field_encode_list(FIELD_TABLE(dropped_fields),
	    manifest->dropped, manifest->dropped_count,
	    sizeof(manifest->dropped[0]));
}

static enum err
take_answer(const struct field *field, const json_t *value, void *to,
    struct error *err)
{
	if (!json_is_string(value))
		return field_want(field, "a list of strings", value, err);
	return manifest_add_answer(to, json_string_value(value), err);
}

static json_t *
write_answers(const void *from)
{
	const struct manifest *manifest = from;

	return field_encode_texts(manifest->answers, manifest->answer_count,
	    sizeof(manifest->answers[0]));
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
	FIELD_LIST("files", MANIFEST_FILES_MAX, take_file, write_files),
	FIELD_LIST("dropped", MANIFEST_DROPPED_MAX, take_dropped,
	    write_dropped),
	FIELD_LIST("answers", MANIFEST_ANSWERS_MAX, take_answer,
	    write_answers),
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

enum err
manifest_encode(const struct manifest *manifest, struct buffer *out,
    struct error *err)
{
	json_auto_t *json = NULL;

	TRY(manifest_check(manifest, err));
	json = field_encode(FIELD_TABLE(manifest_fields), manifest);
	return json_text_limited(json, FIELD_DOCUMENT, MANIFEST_MAX_BYTES,
	    out, err);
}
