/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "ferry/field.h"
#include "ferry/json_text.h"
#include "ferry/manifest.h"
#include "ferry/seals.h"
#include "ferry/value.h"

#define FIELD_DOCUMENT "manifest"
#define MANIFEST_DROPPED_MAX 1000000
#define MANIFEST_ANSWERS_MAX 1024

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

const struct manifest_file *
manifest_find(const struct manifest *manifest, const char *name)
{
	for (size_t i = 0; i < manifest->file_count; i++)
		if (strcmp(manifest->files[i].name, name) == 0)
			return &manifest->files[i];
	return NULL;
}

static enum err
check_file_name(const char *name, struct error *err)
{
	if (name[0] == '.' || strstr(name, "..") != NULL ||
	    !value_consists_of(name, MANIFEST_NAME_SIZE,
	    "abcdefghijklmnopqrstuvwxyz0123456789-._"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
		return err_fail(err, ERR_FORMAT, "manifest: file name \"%s\" "
		    "is not 1 to %d of [A-Za-z0-9._-] without a leading dot "
		    "or \"..\"", name, MANIFEST_NAME_SIZE - 1);
	return ERR_OK;
}

static enum err
check_dropped(const struct manifest_dropped *dropped, struct error *err)
{
	if (!value_consists_of(dropped->serial, sizeof(dropped->serial),
	    VALUE_HEX) || strlen(dropped->serial) % 2 != 0)
		return err_fail(err, ERR_FORMAT, "manifest: dropped serial "
		    "\"%s\" is not pairs of lower-case hex digits",
		    dropped->serial);
	if (dropped->why[0] == '\0' ||
	    !text_is_printable(dropped->why, sizeof(dropped->why)))
		return err_fail(err, ERR_FORMAT, "manifest: dropped serial "
		    "%s: why is empty or not printable", dropped->serial);
	return value_check_number("manifest: dropped serial", dropped->serial,
	    &dropped->number, err);
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

	TRY(check_dropped(dropped, err));
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

	TRY(value_check_hex("manifest", "answers", nonce,
	    sizeof(*manifest->answers), err));
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

static enum err
check_texts(const struct manifest *manifest, struct error *err)
{
	const char *name = manifest->published_as;

	TRY(value_check_name("manifest", "root", manifest->root,
	    sizeof(manifest->root), err));
	if (!text_is_printable(manifest->why, sizeof(manifest->why)) ||
	    (manifest->why[0] != '\0' && !manifest->is_emergency))
		return err_fail(err, ERR_FORMAT,
		    "manifest: why: \"%s\" is "
		    "not printable UTF-8, or this is no emergency",
		    manifest->why);
	if (name[0] == '\0' || name[0] == '.' ||
	    !text_is_printable(name, sizeof(manifest->published_as)) ||
	    strpbrk(name, "/\\") != NULL)
		return err_fail(err, ERR_FORMAT,
		    "manifest: published_as: \"%s\" is no file name", name);
	return manifest->ledger_head[0] == '\0' ? ERR_OK : value_check_hex(
	    "manifest", "ledger_head", manifest->ledger_head,
	    sizeof(manifest->ledger_head), err);
}

/*
 * A seal key does not say what the calendar is: the ceremony comes before the
 * CRL ends, and after it was signed.  Only an emergency CRL may come after the
 * date of the ceremony that it does not replace.
 */
static enum err
check_next_ceremony(const struct manifest *manifest, struct error *err)
{
	char have[UTC_TEXT_SIZE], want[UTC_TEXT_SIZE];
	const int64_t at_s = manifest->next_ceremony_s;

	TRY(value_check_time("manifest", "next_ceremony", at_s, err));
	if (utc_day_start(at_s) != at_s)
		return err_fail(err, ERR_FORMAT, "manifest: next_ceremony is "
		    "not a date: it has a time of day");
	utc_format_date(at_s, have);
	utc_format(manifest->next_update_s, want);
	if (at_s > manifest->next_update_s)
		return err_fail(err, ERR_FORMAT, "manifest: next_ceremony: "
		    "want a date by the end of its CRL, %s, have %s", want,
		    have);
	utc_format(manifest->this_update_s, want);
	if (at_s <= manifest->this_update_s && !manifest->is_emergency)
		return err_fail(err, ERR_FORMAT, "manifest: next_ceremony: "
		    "want a date after its CRL's thisUpdate, %s, have %s",
		    want, have);
	return ERR_OK;
}

static enum err
check_times(const struct manifest *manifest, struct error *err)
{
	char this_update[UTC_TEXT_SIZE], next_update[UTC_TEXT_SIZE];

	TRY(value_check_time("manifest", "created", manifest->created_s, err));
	TRY(value_check_time("manifest", "this_update",
	    manifest->this_update_s, err));
	TRY(value_check_time("manifest", "next_update",
	    manifest->next_update_s, err));
	utc_format(manifest->this_update_s, this_update);
	utc_format(manifest->next_update_s, next_update);
	if (manifest->next_update_s <= manifest->this_update_s)
		return err_fail(err, ERR_FORMAT, "manifest: next_update: want "
		    "a time after %s, have %s", this_update, next_update);
	return manifest->has_next_ceremony ?
	    check_next_ceremony(manifest, err) : ERR_OK;
}

static enum err
check_files(const struct manifest *manifest, struct error *err)
{
	if (manifest->file_count > MANIFEST_FILES_MAX)
		return err_fail(err, ERR_FORMAT, "manifest: files: want at "
		    "most %d, have %zu", MANIFEST_FILES_MAX,
		    manifest->file_count);
	for (size_t i = 0; i < manifest->file_count; i++) {
		const struct manifest_file *file = &manifest->files[i];

		TRY(check_file_name(file->name, err));
		if (manifest_find(manifest, file->name) != file)
			return err_fail(err, ERR_FORMAT, "manifest: files: "
			    "%s is listed twice", file->name);
		if (file->size_bytes > INT64_MAX)
			return err_fail(err, ERR_FORMAT, "manifest: %s: size: "
			    "more than 2^63-1", file->name);
	}
	return ERR_OK;
}

/* The rest was checked as each was added; the CRL's number may come later. */
static enum err
check_dropped_numbers(const struct manifest *manifest, struct error *err)
{
	for (size_t i = 0; i < manifest->dropped_count; i++) {
		const struct manifest_dropped *dropped = &manifest->dropped[i];

		if (number_compare(&dropped->number, &manifest->number) > 0)
			return err_fail(err, ERR_FORMAT, "manifest: dropped "
			    "serial %s: its number is higher than this CRL's",
			    dropped->serial);
	}
	return ERR_OK;
}

static enum err
check(const struct manifest *manifest, struct error *err)
{
	TRY(value_check_number("manifest", "number", &manifest->number, err));
	if (manifest->revoked_count > INT64_MAX)
		return err_fail(err, ERR_FORMAT,
		    "manifest: revoked_count: more than 2^63-1");
	TRY(check_texts(manifest, err));
	TRY(check_times(manifest, err));
	TRY(check_files(manifest, err));
	return check_dropped_numbers(manifest, err);
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

	return field_encode_list(NULL, 0, manifest->answers,
	    manifest->answer_count, sizeof(manifest->answers[0]));
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
	/* The encoder puts no more than one value into 20 octets of a list. */
	TRY(field_load(FIELD_DOCUMENT, json, 64 + json.size / 16, &root, err));
	TRY(field_object(root, "bundle.json", FIELD_TABLE(manifest_fields),
	    &manifest, err));
	TRY(check(&manifest, err));
	*out = manifest;
	manifest = (struct manifest){0};
	return ERR_OK;
}

enum err
manifest_encode(const struct manifest *manifest, struct buffer *out,
    struct error *err)
{
	json_auto_t *json = NULL;

	TRY(check(manifest, err));
	json = field_encode(FIELD_TABLE(manifest_fields), manifest);
	return json_text_limited(json, FIELD_DOCUMENT, MANIFEST_MAX_BYTES,
	    out, err);
}
