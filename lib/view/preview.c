/* SPDX-License-Identifier: ISC */
#include <stdio.h>

#include "base/printable.h"
#include "view/preview.h"

#define LABEL_WIDTH 14

/* "  label         value", the value made printable. */
static enum err
put_line(struct buffer *out, const char *label, const char *value,
    struct error *err)
{
	TRY(buffer_appendf(out, err, "  %-*s ", LABEL_WIDTH, label));
	TRY(printable_append(out, value, PRINTABLE_LINE, "", err));
	return buffer_append_text(out, "\n", err);
}

/* "#12, 2026-05-05T09:50:00Z to 2026-12-05T09:50:00Z" */
static enum err
put_last(const struct preview *preview, struct buffer *out,
    struct error *err)
{
	char this_update[UTC_TEXT_SIZE], next_update[UTC_TEXT_SIZE];
	char number[NUMBER_TEXT_SIZE];

	if (!preview->has_last)
		return put_line(out, "last CRL", "none", err);
	utc_format(preview->last_this_update_s, this_update);
	utc_format(preview->last_next_update_s, next_update);
	number_format(&preview->last_number, 0, number);
	return buffer_appendf(out, err, "  %-*s %s%s, %s to %s\n",
	    LABEL_WIDTH, "last CRL", preview->last_has_number ? "#" :
	    "without a number", preview->last_has_number ? number : "",
	    this_update, preview->last_next_update_s == 0 ? "no end" :
	    next_update);
}

enum err
preview_text(const struct preview *preview, struct buffer *out,
    struct error *err)
{
	char this_update[UTC_TEXT_SIZE], next_update[UTC_TEXT_SIZE];
	char ceremony[UTC_TEXT_SIZE], number[NUMBER_TEXT_SIZE];

	number_format(&preview->number, 0, number);
	utc_format(preview->this_update_s, this_update);
	utc_format(preview->next_update_s, next_update);
	snprintf(ceremony, sizeof(ceremony), "none, the root ends");
	if (preview->next_ceremony_s != 0)
		utc_format_date(preview->next_ceremony_s, ceremony);
	TRY(buffer_appendf(out, err, "%s: CRL #%s, not signed\n", preview->root,
	    number));
	TRY(put_line(out, "issuer", preview->issuer, err));
	TRY(put_line(out, "signature", preview->algorithm, err));
	TRY(put_line(out, "thisUpdate", this_update, err));
	TRY(put_line(out, "nextUpdate", next_update, err));
	TRY(put_line(out, "next ceremony", ceremony, err));
	if (preview->is_emergency)
		TRY(put_line(out, "emergency", preview->why, err));
	TRY(put_last(preview, out, err));
	return buffer_appendf(out, err, "  %-*s %llu (%llu added, %llu "
	    "removed)\n", LABEL_WIDTH, "revoked",
	    (unsigned long long)preview->revoked_count,
	    (unsigned long long)preview->added_count,
	    (unsigned long long)preview->removed_count);
}

enum err
preview_entry_text(const struct preview_entry *entry, struct buffer *out,
    struct error *err)
{
	static const char marks[] = {
	    [PREVIEW_KEPT] = ' ', [PREVIEW_ADDED] = '+',
	    [PREVIEW_REMOVED] = '-'};
	char revoked_at[UTC_TEXT_SIZE], invalidity[UTC_TEXT_SIZE];

	utc_format(entry->revoked_at_s, revoked_at);
	TRY(buffer_appendf(out, err, "%c %s  %s", marks[entry->change],
	    entry->serial, revoked_at));
	if (entry->reason_name != NULL)
		TRY(buffer_appendf(out, err, "  %s", entry->reason_name));
	if (entry->has_invalidity) {
		utc_format(entry->invalidity_s, invalidity);
		TRY(buffer_appendf(out, err, "  invalid since %s", invalidity));
	}
	if (entry->change == PREVIEW_REMOVED)
		TRY(buffer_appendf(out, err, "  (%s)", entry->why));
	if (entry->subject[0] != '\0') {
		TRY(buffer_append_text(out, "  ", err));
		TRY(printable_append(out, entry->subject, PRINTABLE_LINE, "",
		    err));
	}
	return buffer_append_text(out, "\n", err);
}
