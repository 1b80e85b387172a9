/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "ferry/field.h"
#include "ferry/json_text.h"
#include "ferry/note.h"
#include "ferry/seals.h"

#define FIELD_DOCUMENT "note"
/* A request with every key and seal has 30; a store takes 4. */
#define VALUES_MAX (64 + 4 * NOTE_STORES_MAX)

static enum err
parse_type(const struct field *field, const json_t *value, void *to,
    struct error *err)
{
	const char *text = json_string_value(value);
	struct note *note = to;

	for (int kind = 0; text != NULL && kind < NOTE_KIND_COUNT; kind++) {
		char type[NOTE_TYPE_SIZE];

		note_type((enum note_kind)kind, type);
		if (strcmp(type, text) == 0) {
			note->kind = (enum note_kind)kind;
			return ERR_OK;
		}
	}
	return field_want(field, "the type of a note", value, err);
}

static json_t *
write_type(const void *from)
{
	const struct note *note = from;
	char type[NOTE_TYPE_SIZE];

	note_type(note->kind, type);
	return json_string(type);
}

static enum err
parse_crl(const struct field *field, const json_t *value, void *to,
    struct error *err)
{
	const struct span text = {
	    (const uint8_t *)json_string_value(value),
	    json_string_length(value)};

	if (text.size == 0 ||
	    base64_decode(text, false, to, NULL) != ERR_OK)
		return err_fail(err, ERR_FORMAT, "note: %s: not octets in "
		    "base64, or none", field->key);
	return ERR_OK;
}

/* A request without a CRL lacks the key. */
static json_t *
write_crl(const void *from)
{
	RELEASE_BUFFER struct buffer text = {0};

	if (base64_encode(span_of_buffer(from), &text, NULL) != ERR_OK)
		return NULL;
	return text.size == 0 ? json_null() :
	    json_stringn((const char *)text.data, text.size);
}

static enum err
take_seal(const struct field *field, const json_t *value, void *to,
    struct error *err)
{
	struct note *note = to;

	return field_buffer(field, value, &note->seals[note->seal_count++],
	    err);
}

/* A request without a manifest lacks the key. */
static enum err
parse_seals(const struct field *field, const json_t *value, void *to,
    struct error *err)
{
	TRY(field_list(field, value, to, err));
	return json_array_size(value) > 0 ? ERR_OK :
	    err_fail(err, ERR_FORMAT, "note: seals: an empty list");
}

static json_t *
write_seals(const void *from)
{
	const struct note *note = from;
	json_auto_t *list = json_array();
	int failures = 0;

	for (size_t i = 0; i < note->seal_count; i++)
		failures += json_array_append_new(list, json_stringn(
		    (const char *)note->seals[i].data,
		    note->seals[i].size)) != 0;
	if (failures > 0)
		return NULL;
	return note->seal_count == 0 ? json_null() : json_incref(list);
}

static enum err
parse_outcome(const struct field *field, const json_t *value, void *to,
    struct error *err)
{
	const char *text = json_string_value(value);
	enum note_outcome *out = to;

	for (int outcome = 0; text != NULL && outcome < NOTE_OUTCOME_COUNT;
	    outcome++) {
		*out = (enum note_outcome)outcome;
		if (strcmp(note_outcome_word(*out), text) == 0)
			return ERR_OK;
	}
	return field_want(field, "the outcome of a store", value, err);
}

static json_t *
write_outcome(const void *from)
{
	return json_string(note_outcome_word(*(const enum note_outcome *)from));
}

static const struct field store_fields[] = {
	FIELD(note_store, type, "type", field_text),
	FIELD(note_store, path, "path", field_text),
	{FIELD_AT(note_store, outcome, "outcome", parse_outcome),
	    .write = write_outcome},
};

static enum err
take_store(const struct field *field, const json_t *value, void *to,
    struct error *err)
{
	struct note_store store = {.type = ""};
	struct note *note = to;

	TRY(field_object(value, field->key, FIELD_TABLE(store_fields), &store,
	    err));
	return buffer_append(&note->stores, &store, sizeof(store), err);
}

static json_t *
write_stores(const void *from)
{
	const struct note *note = from;

	return field_encode_list(FIELD_TABLE(store_fields), note->stores.data,
	    note_store_count(note), sizeof(struct note_store));
}

#define NOTE_FIELDS \
	FIELD_WHOLE("type", parse_type, write_type), \
	FIELD_VERSION(NOTE_VERSION), \
	FIELD(note, root, "root", field_text), \
	FIELD(note, spki_sha256, "spki_sha256", field_digest), \
	FIELD(note, subordinate, "subordinate", field_text), \
	FIELD(note, sequence, "sequence", field_count), \
	FIELD(note, at_s, "time", field_time), \
	FIELD(note, nonce, "nonce", field_text), \
	FIELD_IF(note, number, has_number, "number", field_number)

static const struct field request_fields[] = {
	NOTE_FIELDS,
	{FIELD_AT(note, crl, "crl", parse_crl), .write = write_crl,
	    .presence = FIELD_OPTIONAL},
	FIELD_MAYBE(note, manifest, "manifest", field_buffer),
	{.document = FIELD_DOCUMENT, .key = "seals", .parse = parse_seals,
	    .presence = FIELD_OPTIONAL, .max = NOTE_SEALS_MAX,
	    .take = take_seal, .write = write_seals},
};

static const struct field receipt_fields[] = {
	NOTE_FIELDS,
	FIELD(note, sha256, "sha256", field_digest),
	FIELD(note, this_update_s, "this_update", field_time),
	FIELD(note, next_update_s, "next_update", field_time),
	FIELD_LIST("stores", NOTE_STORES_MAX, take_store, write_stores),
};

/* The keys of each kind. */
static const struct {
	const struct field *fields;
	size_t count;
} documents[NOTE_KIND_COUNT] = {
	[NOTE_REQUEST] = {request_fields, COUNT_OF(request_fields)},
	[NOTE_RECEIPT] = {receipt_fields, COUNT_OF(receipt_fields)},
};

enum err
note_parse(struct span json, struct note *out, struct error *err)
{
	RELEASE_NOTE struct note note = {0};
	json_auto_t *root = NULL;

	TRY(field_load(FIELD_DOCUMENT, json, VALUES_MAX, &root, err));
	/* Which keys to expect; what is neither kind is refused by its type. */
	(void)parse_type(request_fields, json_object_get(root, "type"), &note,
	    NULL);
	TRY(field_object(root, "JSON", documents[note.kind].fields,
	    documents[note.kind].count, &note, err));
	TRY(note_check(&note, err));
	*out = note;
	note = (struct note){0};
	return ERR_OK;
}

enum err
note_encode(const struct note *note, struct buffer *out, struct error *err)
{
	json_auto_t *json = NULL;

	TRY(note_check(note, err));
	json = field_encode(documents[note->kind].fields,
	    documents[note->kind].count, note);
	if (json == NULL)
		return err_fail(err, ERR_FORMAT,
		    "note: a text is not UTF-8, or memory ran out");
	return json_text(json, out, err);
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
