/* SPDX-License-Identifier: ISC */
/*
 * Written by hand, in the form that jansson gives to the other documents: an
 * object of its own for each of a million entries would take a gigabyte.
 */
#include <stdio.h>

#include "view/json_document.h"
#include "view/preview.h"

/* One member, whose value is taken over, and its comma. */
static enum err
put(struct buffer *out, const char *indent, const char *key, json_t *value,
    struct error *err)
{
	json_auto_t *owned = value;

	TRY(buffer_appendf(out, err, "%s\"%s\": ", indent, key));
	TRY(json_append(owned, out, err));
	return buffer_append_text(out, ",\n", err);
}

/* The comma behind the last member is one too many. */
static enum err
close_object(struct buffer *out, const char *indent, struct error *err)
{
	out->size -= 2;
	return buffer_appendf(out, err, "\n%s}", indent);
}

/* The value of a member that needs no escape; empty for null. */
static const char *
quote(char out[80], const char *text)
{
	if (text[0] == '\0')
		return "null";
	snprintf(out, 80, "\"%s\"", text);
	return out;
}

/* Hex digits, times and words of our own need no escape, and no object. */
enum err
preview_entry_json(const struct preview_entry *entry, struct buffer *list,
    struct error *err)
{
	char revoked_at[UTC_TEXT_SIZE], invalidity[UTC_TEXT_SIZE] = "";
	char quoted[3][80];
	json_auto_t *subject = json_shown(entry->subject[0] == '\0' ? NULL :
	    entry->subject);

	utc_format(entry->revoked_at_s, revoked_at);
	if (entry->has_invalidity)
		utc_format(entry->invalidity_s, invalidity);
	TRY(buffer_appendf(list, err, "%s        {\n"
	    "          \"invalidity\": %s,\n"
	    "          \"reason\": %s,\n"
	    "          \"revoked_at\": \"%s\",\n"
	    "          \"serial\": \"%s\",\n"
	    "          \"subject\": ", list->size > 0 ? ",\n" : "",
	    quote(quoted[0], invalidity),
	    quote(quoted[1], entry->reason_name == NULL ? "" :
	    entry->reason_name), revoked_at, entry->serial));
	TRY(json_append(subject, list, err));
	return buffer_appendf(list, err, ",\n          \"why\": %s\n"
	    "        }", quote(quoted[2], entry->change == PREVIEW_REMOVED ?
	    entry->why : ""));
}

/* "key": [ list ], as jansson breaks its lines */
static enum err
put_list(struct buffer *out, const char *indent, const char *key,
    struct span list, struct error *err)
{
	if (list.size == 0)
		return buffer_appendf(out, err, "%s\"%s\": [],\n", indent,
		    key);
	TRY(buffer_appendf(out, err, "%s\"%s\": [\n", indent, key));
	TRY(buffer_append(out, list.data, list.size, err));
	return buffer_appendf(out, err, "\n%s],\n", indent);
}

static enum err
put_last(const struct preview *preview, struct buffer *out,
    struct error *err)
{
	static const char indent[] = "        ";

	if (!preview->has_last)
		return put(out, "      ", "last", json_null(), err);
	TRY(buffer_append_text(out, "      \"last\": {\n", err));
	TRY(put(out, indent, "next_update", json_instant(
	    preview->last_next_update_s != 0, preview->last_next_update_s),
	    err));
	TRY(put(out, indent, "number", json_decimal(preview->last_has_number,
	    &preview->last_number), err));
	TRY(put(out, indent, "this_update", json_instant(true,
	    preview->last_this_update_s), err));
	TRY(close_object(out, "      ", err));
	return buffer_append_text(out, ",\n", err);
}

/* The members from `emergency` to `number`, in their order. */
static enum err
put_middle(const struct preview *preview, struct buffer *out,
    struct error *err)
{
	static const char indent[] = "      ";

	TRY(put(out, indent, "emergency", json_boolean(preview->is_emergency),
	    err));
	TRY(put(out, indent, "issuer", json_shown(preview->issuer), err));
	TRY(put_last(preview, out, err));
	TRY(put(out, indent, "next_ceremony", json_date(
	    preview->next_ceremony_s != 0, preview->next_ceremony_s), err));
	TRY(put(out, indent, "next_update", json_instant(true,
	    preview->next_update_s), err));
	return put(out, indent, "number", json_decimal(true, &preview->number),
	    err);
}

enum err
preview_json(const struct preview *preview, struct span added,
    struct span removed, struct buffer *list, struct error *err)
{
	static const char indent[] = "      ";

	TRY(buffer_appendf(list, err, "%s    {\n",
	    list->size > 0 ? ",\n" : ""));
	TRY(put_list(list, indent, "added", added, err));
	TRY(put(list, indent, "algorithm", json_shown(preview->algorithm),
	    err));
	TRY(put_middle(preview, list, err));
	TRY(put_list(list, indent, "removed", removed, err));
	TRY(put(list, indent, "revoked",
	    json_integer((json_int_t)preview->revoked_count), err));
	TRY(put(list, indent, "root", json_shown(preview->root), err));
	TRY(put(list, indent, "this_update", json_instant(true,
	    preview->this_update_s), err));
	TRY(put(list, indent, "why", json_shown(preview->is_emergency ?
	    preview->why : NULL), err));
	return close_object(list, "    ", err);
}

enum err
preview_document(struct span list, struct buffer *out, struct error *err)
{
	TRY(buffer_append_text(out, "{\n", err));
	TRY(put_list(out, "  ", "roots", list, err));
	return buffer_append_text(out,
	    "  \"type\": \"crlferry-preview\",\n  \"version\": 1\n}\n", err);
}
