/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "ferry/json_text.h"
#include "pki/crl.h"
#include "root/ceremony/journal_json.h"

bool
journal_text(const json_t *json, const char *key, char *out, size_t capacity)
{
	const char *text = json_string_value(json_object_get(json, key));

	if (text == NULL || strlen(text) >= capacity)
		return false;
	memcpy(out, text, strlen(text) + 1);
	return true;
}

bool
journal_integer(const json_t *json, const char *key, int64_t *out)
{
	const json_t *value = json_object_get(json, key);

	*out = json_integer_value(value);
	return json_is_integer(value) && *out >= UTC_MIN_S &&
	    *out <= UTC_MAX_S;
}

static bool
take_count(const json_t *json, const char *key, uint64_t *out)
{
	int64_t value;

	if (!journal_integer(json, key, &value) || value < 0)
		return false;
	*out = (uint64_t)value;
	return true;
}

static bool
take_flag(const json_t *json, const char *key, bool *out)
{
	const json_t *value = json_object_get(json, key);

	*out = json_is_true(value);
	return json_is_boolean(value);
}

static json_t *
encode_number(bool has_number, const struct number *number)
{
	char digits[NUMBER_TEXT_SIZE];

	if (!has_number)
		return json_null();
	number_format(number, 0, digits);
	return json_string(digits);
}

/* null where there is no number. */
static bool
take_number(const json_t *json, const char *key, bool *has_number,
    struct number *out)
{
	const json_t *value = json_object_get(json, key);

	*has_number = json_is_string(value);
	if (!*has_number)
		return json_is_null(value);
	return number_from_decimal(json_string_value(value), out);
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

static bool
parse_preview(const json_t *json, struct preview *out)
{
	bool has_number;

	return journal_text(json, "root", out->root, sizeof(out->root)) &&
	    journal_text(json, "issuer", out->issuer, sizeof(out->issuer)) &&
	    journal_text(json, "algorithm", out->algorithm,
		sizeof(out->algorithm)) &&
	    take_number(json, "number", &has_number, &out->number) &&
	    has_number &&
	    journal_integer(json, "this_update", &out->this_update_s) &&
	    journal_integer(json, "next_update", &out->next_update_s) &&
	    journal_integer(json, "next_ceremony", &out->next_ceremony_s) &&
	    take_flag(json, "emergency", &out->is_emergency) &&
	    journal_text(json, "why", out->why, sizeof(out->why)) &&
	    take_flag(json, "last", &out->has_last) &&
	    take_number(json, "last_number", &out->last_has_number,
		&out->last_number) &&
	    journal_integer(json, "last_this_update",
		&out->last_this_update_s) &&
	    journal_integer(json, "last_next_update",
		&out->last_next_update_s) &&
	    take_count(json, "revoked", &out->revoked_count) &&
	    take_count(json, "added", &out->added_count) &&
	    take_count(json, "removed", &out->removed_count);
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

static bool
parse_entry(const json_t *json, struct preview_entry *out)
{
	int64_t change, reason;

	if (!journal_integer(json, "change", &change) ||
	    change < PREVIEW_KEPT || change > PREVIEW_REMOVED ||
	    !journal_integer(json, "reason", &reason) ||
	    reason < REASON_NONE || reason > 10)
		return false;
	out->change = (enum preview_change)change;
	out->reason = (int32_t)reason;
	out->reason_name = reason == REASON_NONE ? NULL :
	    crl_reason_name(out->reason);
	return journal_text(json, "serial", out->serial, sizeof(out->serial)) &&
	    journal_integer(json, "revoked_at", &out->revoked_at_s) &&
	    take_flag(json, "has_invalidity", &out->has_invalidity) &&
	    journal_integer(json, "invalidity", &out->invalidity_s) &&
	    journal_text(json, "why", out->why, sizeof(out->why));
}

json_t *
journal_encode_root(const struct journal_root *root)
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

bool
journal_parse_root(const json_t *json, struct journal_root *out)
{
	const json_t *preview = json_object_get(json, "preview");
	const json_t *entries = json_object_get(json, "entries");
	size_t i;

	out->has_preview = json_is_object(preview);
	out->entry_count = json_array_size(entries);
	if (!json_is_array(entries) || out->entry_count > MINUTES_LISTED_MAX ||
	    (!out->has_preview && !json_is_null(preview)) ||
	    (out->has_preview && !parse_preview(preview, &out->preview)))
		return false;
	for (i = 0; i < out->entry_count; i++) {
		if (!parse_entry(json_array_get(entries, i),
		    &out->entries[i]))
			return false;
	}
	return journal_text(json, "name", out->name, sizeof(out->name)) &&
	    take_flag(json, "consent", &out->is_agreed) &&
	    take_number(json, "before", &out->has_before, &out->before) &&
	    take_count(json, "left_out", &out->left_out) &&
	    journal_text(json, "agreed", out->agreed, sizeof(out->agreed)) &&
	    journal_text(json, "bundle", out->bundle, sizeof(out->bundle)) &&
	    journal_text(json, "ledger_head", out->ledger_head,
		sizeof(out->ledger_head)) &&
	    journal_text(json, "key_ids", out->key_ids, sizeof(out->key_ids));
}
