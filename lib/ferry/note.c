/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>

#include "ferry/json_text.h"
#include "ferry/note_check.h"
#include "ferry/seals.h"

/* Octets of a note beside CRL, manifest and seals, generously. */
#define NOTE_FRAME_MAX 4096

/* In JSON a text grows to twice its size if it is all quotes. */
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
	json_auto_t *list = json_array();
	int failures = 0;
	size_t i;

	for (i = 0; i < note->seal_count; i++)
		failures += json_array_append_new(list,
		    encode_text(&note->seals[i])) != 0;
	return failures == 0 ? json_incref(list) : NULL;
}

static json_t *
encode_stores(const struct note *note)
{
	json_auto_t *list = json_array();
	int failures = 0;
	size_t i;

	for (i = 0; i < note_store_count(note); i++) {
		const struct note_store *store = note_store_at(note, i);

		failures += json_array_append_new(list, json_pack(
		    "{s:s, s:s, s:s}", "type", store->type, "path",
		    store->path, "outcome",
		    note_outcome_word(store->outcome))) != 0;
	}
	return failures == 0 ? json_incref(list) : NULL;
}

/* The CRL that was installed, and its stores. */
static json_t *
encode_installed(const struct note *note)
{
	char digest[SHA256_HEX_SIZE];
	char begins[UTC_TEXT_SIZE], ends[UTC_TEXT_SIZE];

	sha256_hex(note->sha256, digest);
	utc_format(note->this_update_s, begins);
	utc_format(note->next_update_s, ends);
	return json_pack("{s:s, s:s, s:s, s:o}", "sha256", digest,
	    "this_update", begins, "next_update", ends, "stores",
	    encode_stores(note));
}

/* The CRL that the subordinate holds, and what vouched for it. */
static json_t *
encode_held(const struct note *note)
{
	RELEASE_BUFFER struct buffer crl = {0};

	if (note->crl.size == 0)
		return json_object();
	if (base64_encode(span_of_buffer(&note->crl), &crl, NULL) != ERR_OK)
		return NULL;
	return note->manifest.size == 0 ?
	    json_pack("{s:o}", "crl", encode_text(&crl)) :
	    json_pack("{s:o, s:o, s:o}", "crl", encode_text(&crl), "manifest",
	    encode_text(&note->manifest), "seals", encode_seals(note));
}

/* NULL without memory, or for text that is not UTF-8. */
static json_t *
encode_object(const struct note *note)
{
	char number[NUMBER_TEXT_SIZE], spki[SHA256_HEX_SIZE];
	char type[NOTE_TYPE_SIZE], time[UTC_TEXT_SIZE];
	json_auto_t *json = NULL;

	note_type(note->kind, type);
	sha256_hex(note->spki_sha256, spki);
	utc_format(note->at_s, time);
	number_format(&note->number, 0, number);
	json = json_pack("{s:s, s:i, s:s, s:s, s:s, s:I, s:s, s:s, s:s*}",
	    "type", type, "version", NOTE_VERSION, "root", note->root,
	    "spki_sha256", spki, "subordinate", note->subordinate,
	    "sequence", (json_int_t)note->sequence, "time", time,
	    "nonce", note->nonce, "number", note->has_number ? number : NULL);
	return json_object_update_new(json, note->kind == NOTE_RECEIPT ?
	    encode_installed(note) : encode_held(note)) == 0 ?
	    json_incref(json) : NULL;
}

enum err
note_encode(const struct note *note, struct buffer *out, struct error *err)
{
	json_auto_t *json = NULL;

	TRY(note_check(note, err));
	json = encode_object(note);
	if (json == NULL)
		return err_fail(err, ERR_FORMAT,
		    "note: a text is not UTF-8, or memory ran out");
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
	TRY(seals_check_comment(want, have, err));
	*out = note;
	note = (struct note){0};
	return ERR_OK;
}
