/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ferry/json_text.h"
#include "ferry/manifest_check.h"
#include "ferry/seals.h"

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
manifest_add_file(struct manifest *manifest, const char *name,
    struct span content, struct error *err)
{
	struct manifest_file file = {.size_bytes = content.size};

	TRY(manifest_check_file_name(name, err));
	if (manifest->file_count >= MANIFEST_FILES_MAX)
		return err_fail(err, ERR_FORMAT, "manifest: files: more than "
		    "%d", MANIFEST_FILES_MAX);
	if (manifest_find(manifest, name) != NULL)
		return err_fail(err, ERR_FORMAT, "manifest: files: %s is "
		    "listed twice", name);
	TRY(sha256(content, file.sha256, err));
	memcpy(file.name, name, strlen(name) + 1);
	manifest->files[manifest->file_count++] = file;
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

static json_t *
encode_files(const struct manifest *manifest)
{
	char hex[SHA256_HEX_SIZE];
	json_auto_t *list = json_array();
	int failures = 0;
	size_t i;

	for (i = 0; i < manifest->file_count; i++) {
		const struct manifest_file *file = &manifest->files[i];

		sha256_hex(file->sha256, hex);
		failures += json_array_append_new(list, json_pack(
		    "{s:s, s:I, s:s}", "name", file->name, "size",
		    (json_int_t)file->size_bytes, "sha256", hex)) != 0;
	}
	return failures == 0 ? json_incref(list) : NULL;
}

static json_t *
encode_dropped(const struct manifest *manifest)
{
	char number[NUMBER_TEXT_SIZE];
	json_auto_t *list = json_array();
	int failures = 0;
	size_t i;

	for (i = 0; i < manifest->dropped_count; i++) {
		const struct manifest_dropped *dropped = &manifest->dropped[i];

		number_format(&dropped->number, 0, number);
		failures += json_array_append_new(list, json_pack(
		    "{s:s, s:s, s:s}", "serial", dropped->serial, "why",
		    dropped->why, "number", number)) != 0;
	}
	return failures == 0 ? json_incref(list) : NULL;
}

static json_t *
encode_answers(const struct manifest *manifest)
{
	json_auto_t *list = json_array();
	int failures = 0;
	size_t i;

	for (i = 0; i < manifest->answer_count; i++)
		failures += json_array_append_new(list,
		    json_string(manifest->answers[i])) != 0;
	return failures == 0 ? json_incref(list) : NULL;
}

/* NULL without memory, or for text that is not UTF-8. */
static json_t *
encode_object(const struct manifest *manifest)
{
	char number[NUMBER_TEXT_SIZE], spki[SHA256_HEX_SIZE];
	char created[UTC_TEXT_SIZE], this_update[UTC_TEXT_SIZE];
	char next_update[UTC_TEXT_SIZE], next_ceremony[UTC_TEXT_SIZE];

	number_format(&manifest->number, 0, number);
	sha256_hex(manifest->spki_sha256, spki);
	utc_format(manifest->created_s, created);
	utc_format(manifest->this_update_s, this_update);
	utc_format(manifest->next_update_s, next_update);
	utc_format_date(manifest->next_ceremony_s, next_ceremony);
	return json_pack("{s:s, s:i, s:s, s:s, s:s, s:s, s:s, s:s, s:s*, "
	    "s:b, s:s, s:s, s:I, s:s, s:o, s:o, s:o}",
	    "type", MANIFEST_TYPE, "version", MANIFEST_VERSION,
	    "root", manifest->root, "spki_sha256", spki, "number", number,
	    "created", created, "this_update", this_update,
	    "next_update", next_update, "next_ceremony",
	    manifest->has_next_ceremony ? next_ceremony : NULL,
	    "emergency", manifest->is_emergency, "why", manifest->why,
	    "published_as", manifest->published_as,
	    "revoked_count", (json_int_t)manifest->revoked_count,
	    "ledger_head", manifest->ledger_head,
	    "files", encode_files(manifest),
	    "dropped", encode_dropped(manifest),
	    "answers", encode_answers(manifest));
}

enum err
manifest_encode(const struct manifest *manifest, struct buffer *out,
    struct error *err)
{
	json_auto_t *json = NULL;

	TRY(manifest_check(manifest, err));
	json = encode_object(manifest);
	if (json == NULL)
		return err_fail(err, ERR_FORMAT,
		    "manifest: a text is not UTF-8, or memory ran out");
	return json_text_limited(json, "manifest", MANIFEST_MAX_BYTES, out,
	    err);
}
