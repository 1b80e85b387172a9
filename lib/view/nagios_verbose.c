/* SPDX-License-Identifier: ISC */
#include "base/printable.h"
#include "view/nagios_parts.h"

/* "CRL #12 of 2026-11-22 ends 2027-06-22 (in 211 days)" */
static enum err
append_crl(const struct standing_place *place, int64_t now_s,
    struct buffer *out, struct error *err)
{
	char number[NUMBER_TEXT_SIZE], date[UTC_TEXT_SIZE];
	char end[WHEN_TEXT_SIZE];

	TRY(buffer_append_text(out, "CRL ", err));
	if (place->has_number) {
		number_format(&place->number, 0, number);
		TRY(buffer_appendf(out, err, "#%s ", number));
	}
	utc_format_date(place->this_update_s, date);
	when_left_text(place->next_update_s, now_s, end);
	if (!place->has_next_update)
		return buffer_appendf(out, err, "of %s has no nextUpdate",
		    date);
	return buffer_appendf(out, err, "of %s %s %s", date,
	    place->next_update_s > now_s ? "ends" : "ended", end);
}

/* "  hashdir /etc/ssl/crls: CRL #12 of ..." */
static enum err
append_place(const struct standing_facts *facts,
    const struct standing_place *place, int64_t now_s, struct buffer *out,
    struct error *err)
{
	TRY(buffer_append_text(out, "  ", err));
	TRY(printable_append(out, place->kind, PRINTABLE_LINE, "|", err));
	if (place->path[0] != '\0')
		TRY(buffer_append_text(out, " ", err));
	TRY(printable_append(out, place->path, PRINTABLE_LINE, "|", err));
	TRY(buffer_append_text(out, ": ", err));
	if (place->is_present && place->is_valid)
		TRY(append_crl(place, now_s, out, err));
	else if (place->is_present || place->is_unreadable)
		TRY(printable_append(out, place->detail, PRINTABLE_LINE, "|",
		    err));
	else
		TRY(buffer_appendf(out, err, "no CRL of %s", facts->root));
	return buffer_append_text(out, "\n", err);
}

/* "  the certificate of root corp-root-g1 ends 2046-11-22 (in 7299 days)" */
static enum err
append_end(const char *kind, const char *name, int64_t not_after_s,
    int64_t now_s, struct buffer *out, struct error *err)
{
	char end[WHEN_TEXT_SIZE];

	when_left_text(not_after_s, now_s, end);
	TRY(buffer_appendf(out, err, "  the certificate of %s", kind));
	TRY(printable_append(out, name, PRINTABLE_LINE, "|", err));
	return buffer_appendf(out, err, " %s %s\n", not_after_s > now_s ?
	    "ends" : "ended", end);
}

static enum err
append_certificates(const struct standing_facts *facts, int64_t now_s,
    struct buffer *out, struct error *err)
{
	if (facts->has_root_not_after)
		TRY(append_end("root ", facts->root, facts->root_not_after_s,
		    now_s, out, err));
	if (facts->has_subordinate_not_after)
		TRY(append_end("", facts->subordinate,
		    facts->subordinate_not_after_s, now_s, out, err));
	return ERR_OK;
}

static enum err
append_pair(const struct standing *standing, int64_t now_s,
    struct buffer *out, struct error *err)
{
	const struct standing_facts *facts = standing->facts;

	TRY(buffer_appendf(out, err, "%s - ",
	    severity_word(standing->severity)));
	if (facts->is_retired) {
		TRY(printable_append_pair(out, facts, "|", err));
		return buffer_append_text(out, " retired\n", err);
	}
	TRY(nagios_append_text(out, standing, err));
	TRY(buffer_append_text(out, "\n", err));
	for (size_t i = 0; i < facts->place_count; i++)
		TRY(append_place(facts, &facts->places[i], now_s, out, err));
	TRY(append_certificates(facts, now_s, out, err));
	/* The others are in the pair's own line. */
	for (size_t i = 0; i < standing->concern_count; i++) {
		if (standing->concerns[i].severity != SEVERITY_OK)
			continue;
		TRY(buffer_append_text(out, "  ", err));
		TRY(printable_append(out, standing->concerns[i].text,
		    PRINTABLE_LINE, "|", err));
		TRY(buffer_append_text(out, "\n", err));
	}
	return ERR_OK;
}

enum err
nagios_append_all(const struct watch *watch, struct buffer *out,
    struct error *err)
{
	for (size_t i = 0; i < watch->count; i++)
		TRY(append_pair(watch->order[i], watch->now_s, out, err));
	for (size_t i = 0; i < watch->all; i++) {
		if (watch->standings[i].facts->is_retired)
			TRY(append_pair(&watch->standings[i], watch->now_s,
			    out, err));
	}
	return ERR_OK;
}
