/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "ferry/field.h"
#include "ferry/json_text.h"
#include "pki/crl.h"
#include "root/ceremony/journal.h"

#define JOURNAL_TYPE "crlferry-ceremony"
#define FIELD_DOCUMENT "ceremony"
#define REASON_MAX 10

static const struct field preview_fields[] = {
	FIELD(preview, root, "root", field_text),
	FIELD(preview, issuer, "issuer", field_text),
	FIELD(preview, algorithm, "algorithm", field_text),
	FIELD(preview, number, "number", field_number),
	FIELD(preview, this_update_s, "this_update", field_seconds),
	FIELD(preview, next_update_s, "next_update", field_seconds),
	FIELD(preview, next_ceremony_s, "next_ceremony", field_seconds),
	FIELD(preview, is_emergency, "emergency", field_boolean),
	FIELD(preview, why, "why", field_text),
	FIELD(preview, has_last, "last", field_boolean),
	FIELD_OR_NULL(preview, last_number, last_has_number,
	    "last_number", field_number),
	FIELD(preview, last_this_update_s, "last_this_update",
	    field_seconds),
	FIELD(preview, last_next_update_s, "last_next_update",
	    field_seconds),
	FIELD(preview, revoked_count, "revoked", field_count),
	FIELD(preview, added_count, "added", field_count),
	FIELD(preview, removed_count, "removed", field_count),
};

static enum err
take_preview(const struct field *field, const json_t *value, void *to,
    struct error *err)
{
	return field_members(value, field->key, FIELD_TABLE(preview_fields),
	    to, err);
}

static json_t *
write_preview(const void *from)
{
	return field_encode(FIELD_TABLE(preview_fields), from);
}

static enum err
take_change(const struct field *field, const json_t *value, void *to,
    struct error *err)
{
	const json_int_t change = json_integer_value(value);

	if (!json_is_integer(value) || change < PREVIEW_KEPT ||
	    change > PREVIEW_REMOVED)
		return field_want(field, "what becomes of an entry", value,
		    err);
	*(enum preview_change *)to = (enum preview_change)change;
	return ERR_OK;
}

static json_t *
write_change(const void *from)
{
	return json_integer(*(const enum preview_change *)from);
}

static enum err
take_reason(const struct field *field, const json_t *value, void *to,
    struct error *err)
{
	const json_int_t reason = json_integer_value(value);
	struct preview_entry *entry = to;

	if (!json_is_integer(value) || reason < REASON_NONE ||
	    reason > REASON_MAX)
		return field_want(field, "a CRLReason", value, err);
	entry->reason = (int32_t)reason;
	entry->reason_name = reason == REASON_NONE ? NULL :
	    crl_reason_name(entry->reason);
	return ERR_OK;
}

static json_t *
write_reason(const void *from)
{
	const struct preview_entry *entry = from;

	return json_integer(entry->reason);
}

static const struct field entry_fields[] = {
	{FIELD_AT(preview_entry, change, "change", take_change),
	    .write = write_change},
	FIELD_WHOLE("reason", take_reason, write_reason),
	FIELD(preview_entry, serial, "serial", field_text),
	FIELD(preview_entry, revoked_at_s, "revoked_at", field_seconds),
	FIELD(preview_entry, has_invalidity, "has_invalidity",
	    field_boolean),
	FIELD(preview_entry, invalidity_s, "invalidity", field_seconds),
	FIELD(preview_entry, why, "why", field_text),
	/* A journal from before it was kept has none. */
	FIELD_MAYBE(preview_entry, subject, "subject", field_text),
};

static enum err
take_entry(const struct field *field, const json_t *value, void *to,
    struct error *err)
{
	struct journal_root *root = to;

	return field_members(value, field->key, FIELD_TABLE(entry_fields),
	    &root->entries[root->entry_count++], err);
}

static json_t *
write_entries(const void *from)
{
	const struct journal_root *root = from;

	return field_encode_list(FIELD_TABLE(entry_fields), root->entries,
	    root->entry_count, sizeof(root->entries[0]));
}

static const struct field root_fields[] = {
	FIELD(journal_root, name, "name", field_text),
	FIELD(journal_root, is_agreed, "consent", field_boolean),
	FIELD_OR_NULL(journal_root, before, has_before, "before",
	    field_number),
	{FIELD_AT(journal_root, preview, "preview", take_preview),
	    .write = write_preview, .presence = FIELD_NULLABLE,
	    .flag_offset = offsetof(struct journal_root, has_preview)},
	FIELD_LIST("entries", MINUTES_LISTED_MAX, take_entry, write_entries),
	FIELD(journal_root, left_out, "left_out", field_count),
	FIELD(journal_root, agreed, "agreed", field_text),
	FIELD(journal_root, bundle, "bundle", field_text),
	FIELD(journal_root, ledger_head, "ledger_head", field_text),
	FIELD(journal_root, key_ids, "key_ids", field_text),
	/* Not in those of 0.1.0. */
	FIELD_MAYBE(journal_root, reissue_until_s, "reissue_until",
	    field_seconds),
	FIELD_MAYBE(journal_root, reissued, "reissued", field_text),
};

static enum err
take_roots(const struct field *field, const json_t *value, void *to,
    struct error *err)
{
	struct journal *journal = to;
	size_t i;

	if (!json_is_array(value))
		return field_want(field, "an array", value, err);
	journal->roots = calloc(json_array_size(value) + 1,
	    sizeof(*journal->roots));
	if (journal->roots == NULL)
		return err_no_memory(err);
	for (i = 0; i < json_array_size(value); i++)
		TRY(field_members(json_array_get(value, i), field->key,
		    FIELD_TABLE(root_fields), &journal->roots[i], err));
	journal->root_count = i;
	return ERR_OK;
}

static json_t *
write_roots(const void *from)
{
	const struct journal *journal = from;

	return field_encode_list(FIELD_TABLE(root_fields), journal->roots,
	    journal->root_count, sizeof(journal->roots[0]));
}

static enum err
take_witness(const struct field *field, const json_t *value, void *to,
    struct error *err)
{
	struct journal *journal = to;
	char *name = journal->witnesses[journal->witness_count++];
	struct field one = *field;

	one.size = sizeof(journal->witnesses[0]);
	return field_text(&one, value, name, err);
}

static json_t *
write_witnesses(const void *from)
{
	const struct journal *journal = from;

	return field_encode_list(NULL, 0, journal->witnesses,
	    journal->witness_count, sizeof(journal->witnesses[0]));
}

static const struct field step_fields[] = {
	FIELD(journal_step, name, "name", field_text),
	FIELD(journal_step, step.at_s, "at", field_seconds),
	FIELD(journal_step, step.title, "title", field_text),
	FIELD(journal_step, step.text, "text", field_text),
	/* Not in those of 0.1.0. */
	FIELD_MAYBE(journal_step, is_void, "void", field_boolean),
	FIELD_MAYBE(journal_step, step.is_repetition, "repetition",
	    field_boolean),
};

static enum err
take_step(const struct field *field, const json_t *value, void *to,
    struct error *err)
{
	struct journal_step step = {.name = ""};

	TRY(field_members(value, field->key, FIELD_TABLE(step_fields), &step,
	    err));
	return journal_add_step(to, &step, err);
}

static json_t *
write_steps(const void *from)
{
	const struct buffer *steps = &((const struct journal *)from)->steps;
	const size_t size = sizeof(struct journal_step);

	return field_encode_list(FIELD_TABLE(step_fields), steps->data,
	    steps->size / size, size);
}

static enum err
take_record(const struct field *field, const json_t *value, void *to,
    struct error *err)
{
	return json_is_string(value) ?
	    journal_add_text(to, json_string_value(value), err) :
	    field_want(field, "texts", value, err);
}

static json_t *
write_records(const void *from)
{
	const struct buffer *texts = from;
	const size_t size = sizeof(struct journal_text);

	return field_encode_list(NULL, 0, texts->data, texts->size / size,
	    size);
}

static bool
is_list_of_texts(const json_t *list)
{
	for (size_t i = 0; i < json_array_size(list); i++) {
		if (!json_is_string(json_array_get(list, i)))
			return false;
	}
	return json_is_array(list);
}

static enum err
take_options(const struct field *field, const json_t *value, void *to,
    struct error *err)
{
	json_t *discarded, *acknowledged, *options = (json_t *)value;
	struct journal *journal = to;
	int is_first, is_emergency;
	const char *why;

	if (json_unpack_ex(options, NULL, JSON_STRICT, "{s:b, s:b, s:s, s:o,"
	    " s:o}", "first", &is_first, "emergency", &is_emergency, "why",
	    &why, "discarded", &discarded, "acknowledged",
	    &acknowledged) != 0 || !is_list_of_texts(discarded) ||
	    !is_list_of_texts(acknowledged))
		return field_want(field, "the options of an issue", value,
		    err);
	journal->options = json_incref(options);
	return ERR_OK;
}

static json_t *
write_options(const void *from)
{
	return json_incref(((const struct journal *)from)->options);
}

/* A list is no longer than its text. */
#define RECORDS(name, kind, whether) \
	{FIELD_AT(journal, records[kind], name, field_list), \
	    .max = JOURNAL_MAX_BYTES, .take = take_record, \
	    .write = write_records, .presence = (whether)}

static const struct field journal_fields[] = {
	FIELD_TYPE(JOURNAL_TYPE), FIELD_VERSION(JOURNAL_VERSION),
	FIELD(journal, started_s, "started", field_seconds),
	FIELD(journal, saved_s, "saved", field_seconds),
	FIELD(journal, medium, "medium", field_text),
	FIELD(journal, operator_name, "operator", field_text),
	FIELD(journal, confirmed_s, "confirmed", field_seconds),
	FIELD_WHOLE("options", take_options, write_options),
	FIELD_LIST("witnesses", MINUTES_WITNESSES_MAX, take_witness,
	    write_witnesses),
	FIELD_LIST("steps", JOURNAL_MAX_BYTES, take_step, write_steps),
	RECORDS("deviations", JOURNAL_DEVIATION, FIELD_WANTED),
	/* Not in those of 0.1.0. */
	RECORDS("changes", JOURNAL_CHANGE, FIELD_OPTIONAL),
	RECORDS("notices", JOURNAL_NOTICE, FIELD_OPTIONAL),
	RECORDS("remarks", JOURNAL_REMARK, FIELD_OPTIONAL),
	FIELD_WHOLE("roots", take_roots, write_roots),
};

enum err
journal_encode(const struct journal *journal, struct buffer *out,
    struct error *err)
{
	json_auto_t *json = field_encode(FIELD_TABLE(journal_fields), journal);

	return json_text(json, out, err);
}

enum err
journal_parse(struct span text, struct journal *out, struct error *err)
{
	RELEASE_JOURNAL struct journal journal = {.path = ""};
	json_auto_t *json = NULL;

	TRY(field_load(FIELD_DOCUMENT, text, JOURNAL_MAX_BYTES, &json, err));
	TRY(field_members(json, "the document", FIELD_TABLE(journal_fields),
	    &journal, err));
	*out = journal;
	journal = (struct journal){.path = ""};
	return ERR_OK;
}

enum err
journal_load(const char *path, struct journal *out, bool *found,
    struct error *err)
{
	RELEASE_BUFFER struct buffer text = {0};

	TRY(file_find(path, found, err));
	if (!*found)
		return ERR_OK;
	TRY(file_read(path, FILE_OURS, JOURNAL_MAX_BYTES, &text, err));
	TRY(err_about(err, journal_parse(span_of_buffer(&text), out, err),
	    path));
	snprintf(out->path, sizeof(out->path), "%s", path);
	return ERR_OK;
}

enum err
journal_save(struct journal *journal, int64_t now_s, struct error *err)
{
	RELEASE_BUFFER struct buffer text = {0};

	if (journal->path[0] == '\0')
		return ERR_OK;
	journal->saved_s = now_s;
	TRY(journal_encode(journal, &text, err));
	return file_replace(journal->path, span_of_buffer(&text), 0644, err);
}

enum err
journal_remove(const struct journal *journal, struct error *err)
{
	return journal->path[0] == '\0' ? ERR_OK :
	    file_remove(journal->path, err);
}
