/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <string.h>

#include "ferry/field.h"
#include "ferry/json_text.h"
#include "pki/crl.h"
#include "root/ceremony/journal.h"

#define JOURNAL_TYPE "crlferry-ceremony"
#define FIELD_DOCUMENT "ceremony"
#define REASON_MAX 10

static json_t *
encode_number(bool has_number, const struct number *number)
{
	char digits[NUMBER_TEXT_SIZE];

	if (!has_number)
		return json_null();
	number_format(number, 0, digits);
	return json_string(digits);
}

static json_t *
encode_preview(const struct preview *preview)
{
	return json_pack("{s:s, s:o, s:s, s:o, s:I, s:I, s:I, s:b, s:o, s:b,"
	    " s:o, s:I, s:I, s:I, s:I, s:I}", "root", preview->root,
	    "issuer", json_printable(preview->issuer), "algorithm",
	    preview->algorithm, "number",
	    encode_number(true, &preview->number), "this_update",
	    (json_int_t)preview->this_update_s, "next_update",
	    (json_int_t)preview->next_update_s, "next_ceremony",
	    (json_int_t)preview->next_ceremony_s, "emergency",
	    preview->is_emergency, "why", json_printable(preview->why),
	    "last", preview->has_last, "last_number",
	    encode_number(preview->last_has_number, &preview->last_number),
	    "last_this_update", (json_int_t)preview->last_this_update_s,
	    "last_next_update", (json_int_t)preview->last_next_update_s,
	    "revoked", (json_int_t)preview->revoked_count, "added",
	    (json_int_t)preview->added_count, "removed",
	    (json_int_t)preview->removed_count);
}

static json_t *
encode_entry(const struct preview_entry *entry)
{
	return json_pack("{s:i, s:s, s:I, s:i, s:b, s:I, s:o}", "change",
	    (int)entry->change, "serial", entry->serial, "revoked_at",
	    (json_int_t)entry->revoked_at_s, "reason", (int)entry->reason,
	    "has_invalidity", entry->has_invalidity, "invalidity",
	    (json_int_t)entry->invalidity_s, "why",
	    json_printable(entry->why));
}

static json_t *
encode_root(const struct journal_root *root)
{
	json_t *entries = json_array();
	int failures = 0;
	size_t i;

	for (i = 0; i < root->entry_count; i++)
		failures += json_array_append_new(entries,
		    encode_entry(&root->entries[i])) != 0;
	if (failures > 0) {
		json_decref(entries);
		return NULL;
	}
	return json_pack("{s:s, s:b, s:o, s:o, s:o, s:I, s:s, s:o, s:s,"
	    " s:s}", "name", root->name, "consent", root->is_agreed, "before",
	    encode_number(root->has_before, &root->before), "preview",
	    root->has_preview ? encode_preview(&root->preview) : json_null(),
	    "entries", entries, "left_out", (json_int_t)root->left_out,
	    "agreed", root->agreed, "bundle",
	    json_printable(root->bundle), "ledger_head", root->ledger_head,
	    "key_ids", root->key_ids);
}

/* The four lists of a journal; NULL without memory. */
static json_t *
encode_lists(const struct journal *journal)
{
	const struct journal_step *steps = (const void *)journal->steps.data;
	const struct journal_deviation *deviations =
	    (const void *)journal->deviations.data;
	json_t *json = json_pack("{s:[], s:[], s:[], s:[]}", "witnesses",
	    "steps", "deviations", "roots");
	json_t *list = json_object_get(json, "witnesses");
	int failures = 0;
	size_t i;

	for (i = 0; i < journal->witness_count; i++)
		failures += json_array_append_new(list,
		    json_printable(journal->witnesses[i])) != 0;
	list = json_object_get(json, "steps");
	for (i = 0; i < journal->steps.size / sizeof(*steps); i++)
		failures += json_array_append_new(list, json_pack(
		    "{s:s, s:I, s:s, s:o}", "name", steps[i].name, "at",
		    (json_int_t)steps[i].step.at_s, "title",
		    steps[i].step.title, "text",
		    json_printable(steps[i].step.text))) != 0;
	list = json_object_get(json, "deviations");
	for (i = 0; i < journal->deviations.size / sizeof(*deviations); i++)
		failures += json_array_append_new(list,
		    json_printable(deviations[i].text)) != 0;
	list = json_object_get(json, "roots");
	for (i = 0; i < journal->root_count; i++)
		failures += json_array_append_new(list,
		    encode_root(&journal->roots[i])) != 0;
	if (json != NULL && failures == 0)
		return json;
	json_decref(json);
	return NULL;
}

enum err
journal_encode(const struct journal *journal, struct buffer *out,
    struct error *err)
{
	json_auto_t *json = encode_lists(journal);
	json_auto_t *head = json_pack("{s:s, s:i, s:I, s:I, s:o, s:O, s:o,"
	    " s:I}", "type", JOURNAL_TYPE, "version", JOURNAL_VERSION,
	    "started", (json_int_t)journal->started_s, "saved",
	    (json_int_t)journal->saved_s, "medium",
	    json_printable(journal->medium),
	    "options", journal->options, "operator",
	    json_printable(journal->operator_name),
	    "confirmed", (json_int_t)journal->confirmed_s);

	if (head == NULL || json == NULL || json_object_update(json, head) != 0)
		return err_no_memory(err);
	return json_text(json, out, err);
}

static enum err
take_preview(const struct field *field, const json_t *value, void *to,
    struct error *err)
{
	static const struct field fields[] = {
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

	return field_members(value, field->key, FIELD_TABLE(fields), to, err);
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

static enum err
take_entry(const struct field *field, const json_t *value, void *to,
    struct error *err)
{
	static const struct field fields[] = {
	    FIELD(preview_entry, change, "change", take_change),
	    FIELD_WHOLE("reason", take_reason),
	    FIELD(preview_entry, serial, "serial", field_text),
	    FIELD(preview_entry, revoked_at_s, "revoked_at", field_seconds),
	    FIELD(preview_entry, has_invalidity, "has_invalidity",
		field_boolean),
	    FIELD(preview_entry, invalidity_s, "invalidity", field_seconds),
	    FIELD(preview_entry, why, "why", field_text),
	};
	struct journal_root *root = to;

	return field_members(value, field->key, FIELD_TABLE(fields),
	    &root->entries[root->entry_count++], err);
}

static enum err
take_roots(const struct field *field, const json_t *value, void *to,
    struct error *err)
{
	static const struct field fields[] = {
	    FIELD(journal_root, name, "name", field_text),
	    FIELD(journal_root, is_agreed, "consent", field_boolean),
	    FIELD_OR_NULL(journal_root, before, has_before, "before",
		field_number),
	    FIELD_OR_NULL(journal_root, preview, has_preview, "preview",
		take_preview),
	    FIELD_LIST("entries", MINUTES_LISTED_MAX, take_entry),
	    FIELD(journal_root, left_out, "left_out", field_count),
	    FIELD(journal_root, agreed, "agreed", field_text),
	    FIELD(journal_root, bundle, "bundle", field_text),
	    FIELD(journal_root, ledger_head, "ledger_head", field_text),
	    FIELD(journal_root, key_ids, "key_ids", field_text),
	};
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
		    FIELD_TABLE(fields), &journal->roots[i], err));
	journal->root_count = i;
	return ERR_OK;
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

static enum err
take_step(const struct field *field, const json_t *value, void *to,
    struct error *err)
{
	static const struct field fields[] = {
	    FIELD(journal_step, name, "name", field_text),
	    FIELD(journal_step, step.at_s, "at", field_seconds),
	    FIELD(journal_step, step.title, "title", field_text),
	    FIELD(journal_step, step.text, "text", field_text),
	};
	struct journal_step step = {.name = ""};

	TRY(field_members(value, field->key, FIELD_TABLE(fields), &step,
	    err));
	return journal_add_step(to, &step, err);
}

static enum err
take_deviation(const struct field *field, const json_t *value, void *to,
    struct error *err)
{
	return json_is_string(value) ?
	    journal_add_deviation(to, json_string_value(value), err) :
	    field_want(field, "texts", value, err);
}

static bool
is_list_of_texts(const json_t *list)
{
	size_t i;

	for (i = 0; i < json_array_size(list); i++) {
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

enum err
journal_parse(struct span text, struct journal *out, struct error *err)
{
	/* A list is no longer than its text. */
	static const struct field fields[] = {
	    FIELD_TYPE(JOURNAL_TYPE), FIELD_VERSION(JOURNAL_VERSION),
	    FIELD(journal, started_s, "started", field_seconds),
	    FIELD(journal, saved_s, "saved", field_seconds),
	    FIELD(journal, medium, "medium", field_text),
	    FIELD(journal, operator_name, "operator", field_text),
	    FIELD(journal, confirmed_s, "confirmed", field_seconds),
	    FIELD_WHOLE("options", take_options),
	    FIELD_LIST("witnesses", MINUTES_WITNESSES_MAX, take_witness),
	    FIELD_LIST("steps", JOURNAL_MAX_BYTES, take_step),
	    FIELD_LIST("deviations", JOURNAL_MAX_BYTES, take_deviation),
	    FIELD_WHOLE("roots", take_roots),
	};
	RELEASE_JOURNAL struct journal journal = {.path = ""};
	json_auto_t *json = NULL;

	TRY(field_load(FIELD_DOCUMENT, text, JOURNAL_MAX_BYTES, &json, err));
	TRY(field_members(json, "the document", FIELD_TABLE(fields), &journal,
	    err));
	*out = journal;
	journal = (struct journal){.path = ""};
	return ERR_OK;
}
