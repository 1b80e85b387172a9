/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>

#include "ferry/json_text.h"
#include "ferry/note_check.h"

/* Octets of a note beside CRL, manifest and seals, generously. */
#define NOTE_FRAME_MAX 4096

/* In JSON a text grows to twice its size where it is all quotes. */
uint64_t
note_max_bytes(uint64_t max_crl_bytes)
{
	return (max_crl_bytes + 2) / 3 * 4 + 2 * MANIFEST_MAX_BYTES +
	    2 * NOTE_SEALS_MAX * MINISIGN_FILE_MAX + NOTE_FRAME_MAX;
}

void
note_release(struct note *note)
{
	size_t i;

	buffer_release(&note->crl);
	buffer_release(&note->manifest);
	for (i = 0; i < NOTE_SEALS_MAX; i++)
		buffer_release(&note->seals[i]);
	buffer_release(&note->stores);
	*note = (struct note){0};
}

static json_t *
encode_text(const struct buffer *text)
{
	return json_stringn((const char *)text->data, text->size);
}

static json_t *
encode_seals(const struct note *note)
{
	json_t *list = json_array();
	size_t i;

	for (i = 0; i < note->seal_count; i++) {
		if (json_array_append_new(list, encode_text(
		    &note->seals[i])) != 0) {
			json_decref(list);
			return NULL;
		}
	}
	return list;
}

static json_t *
encode_stores(const struct note *note)
{
	json_t *list = json_array();
	size_t i;

	for (i = 0; i < note_store_count(note); i++) {
		const struct note_store *store = note_store_at(note, i);

		if (json_array_append_new(list, json_pack("{s:s, s:s, s:s}",
		    "type", store->type, "path", store->path, "outcome",
		    note_outcome_word(store->outcome))) != 0) {
			json_decref(list);
			return NULL;
		}
	}
	return list;
}

/* What was installed; how many of the keys could not be set. */
static int
encode_installed(const struct note *note, json_t *json)
{
	char digest[SHA256_HEX_SIZE];
	char begins[UTC_TEXT_SIZE], ends[UTC_TEXT_SIZE];
	int failures = 0;

	sha256_hex(note->sha256, digest);
	utc_format(note->this_update_s, begins);
	utc_format(note->next_update_s, ends);
	failures += json_object_set_new(json, "sha256",
	    json_string(digest)) != 0;
	failures += json_object_set_new(json, "this_update",
	    json_string(begins)) != 0;
	failures += json_object_set_new(json, "next_update",
	    json_string(ends)) != 0;
	failures += json_object_set_new(json, "stores",
	    encode_stores(note)) != 0;
	return failures;
}

/* What the subordinate holds; how many of the keys could not be set. */
static int
encode_held(const struct note *note, json_t *json)
{
	RELEASE_BUFFER struct buffer crl = {0};
	int failures = 0;

	if (note->crl.size > 0) {
		failures += base64_encode(span_of_buffer(&note->crl), &crl,
		    NULL) != ERR_OK;
		failures += json_object_set_new(json, "crl",
		    encode_text(&crl)) != 0;
	}
	if (note->manifest.size > 0) {
		failures += json_object_set_new(json, "manifest",
		    encode_text(&note->manifest)) != 0;
		failures += json_object_set_new(json, "seals",
		    encode_seals(note)) != 0;
	}
	return failures;
}

/* What follows the keys of every note; how many could not be set. */
static int
encode_rest(const struct note *note, json_t *json)
{
	char number[NUMBER_TEXT_SIZE];
	int failures = 0;

	if (note->has_number) {
		number_format(&note->number, 0, number);
		failures += json_object_set_new(json, "number",
		    json_string(number)) != 0;
	}
	return failures + (note->kind == NOTE_RECEIPT ?
	    encode_installed(note, json) : encode_held(note, json));
}

/* NULL without memory, or for text that is not UTF-8. */
static json_t *
encode_object(const struct note *note)
{
	char spki[SHA256_HEX_SIZE], time[UTC_TEXT_SIZE];
	char type[NOTE_TYPE_SIZE];
	json_t *json;

	note_type(note->kind, type);
	sha256_hex(note->spki_sha256, spki);
	utc_format(note->at_s, time);
	json = json_pack("{s:s, s:i, s:s, s:s, s:s, s:I, s:s, s:s}",
	    "type", type, "version", NOTE_VERSION, "root", note->root,
	    "spki_sha256", spki, "subordinate", note->subordinate,
	    "sequence", (json_int_t)note->sequence, "time", time,
	    "nonce", note->nonce);
	if (json != NULL && encode_rest(note, json) == 0)
		return json;
	json_decref(json);
	return NULL;
}

enum err
note_encode(const struct note *note, struct buffer *out, struct error *err)
{
	json_auto_t *json = NULL;

	TRY(note_check(note, err));
	json = encode_object(note);
	if (json == NULL)
		return err_fail(err, ERR_FORMAT, "note: want text in UTF-8, "
		    "have something else (or no memory)");
	return json_text(json, out, err);
}

void
note_comment(const struct note *note, char *out, size_t capacity)
{
	char number[NUMBER_TEXT_SIZE] = "";
	char type[NOTE_TYPE_SIZE], time[UTC_TEXT_SIZE];

	note_type(note->kind, type);
	utc_format(note->at_s, time);
	if (note->has_number)
		number_format(&note->number, 0, number);
	snprintf(out, capacity, "type:%s root:%s subordinate:%s sequence:%llu "
	    "time:%s%s%s", type, note->root, note->subordinate,
	    (unsigned long long)note->sequence, time,
	    note->has_number ? " number:" : "", number);
}

enum err
note_open(struct span json, struct span seal,
    const struct minisign_public *key, struct note *out, struct error *err)
{
	RELEASE_NOTE struct note note = {0};
	char have[MINISIGN_COMMENT_SIZE], want[MINISIGN_COMMENT_SIZE];

	TRY(minisign_verify(key, json, seal, have, err));
	TRY(note_parse(json, &note, err));
	note_comment(&note, want, sizeof(want));
	if (strcmp(want, have) != 0)
		return err_fail(err, ERR_SEAL, "seal: trusted comment: want "
		    "\"%s\", have \"%.160s\"", want, have);
	*out = note;
	note = (struct note){0};
	return ERR_OK;
}
