/* SPDX-License-Identifier: ISC */
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "base/printable.h"
#include "plan/overlap.h"
#include "plan/when.h"
#include "view/nagios.h"
#include "view/standing_table.h"
#include "view/table.h"
#include "view/wrap.h"

#define DATE_CELL_SIZE 48
#define NOTHING "-"
#define INDENT 4		/* of what is left of a sentence */
#define STATE_COLUMN 2
#define LEGEND "NEXT-UPDATE: the CRL in place expires.  " \
    "NEXT-CEREMONY: the root signs the next."

/* One run of standing_table. */
struct showing {
	const struct standing *standings;
	size_t count;
	int64_t now_s;
	const struct standing_look *look;
	bool has_days;		/* behind the dates */
};

/* "2027-06-22 (211 d)", from date to date */
static void
date_cell(const struct showing *showing, int64_t at_s,
    char out[DATE_CELL_SIZE])
{
	char date[UTC_TEXT_SIZE];

	utc_format_date(at_s, date);
	if (showing->has_days)
		snprintf(out, DATE_CELL_SIZE, "%s (%lld d)", date,
		    when_days(at_s, showing->now_s));
	else
		snprintf(out, DATE_CELL_SIZE, "%s", date);
}

static enum err
paint(struct table *table, enum severity severity, struct error *err)
{
	/* libsmartcols' names; its "yellow" is bold. */
	static const char *const colours[] = {
	    [SEVERITY_OK] = "green", [SEVERITY_WARNING] = "brown",
	    [SEVERITY_CRITICAL] = "red", [SEVERITY_UNKNOWN] = "magenta"};

	return table_paint(table, STATE_COLUMN, colours[severity], err);
}

static enum err
add_standing(struct table *table, const struct standing *standing,
    const struct showing *showing, struct error *err)
{
	const struct standing_facts *facts = standing->facts;
	char number[NUMBER_TEXT_SIZE] = NOTHING;
	char next_update[DATE_CELL_SIZE] = NOTHING;
	char next_ceremony[DATE_CELL_SIZE] = NOTHING;

	if (standing->has_number)
		number_format(&standing->number, 0, number);
	if (standing->has_next_update)
		date_cell(showing, standing->next_update_s, next_update);
	if (standing->has_next_ceremony)
		date_cell(showing, standing->next_ceremony_s, next_ceremony);
	TRY(table_add(table, (const char *const[]){facts->root,
	    facts->subordinate[0] == '\0' ? NOTHING : facts->subordinate,
	    facts->is_retired ? "retired" : pair_state_word(standing->state),
	    number, next_update, next_ceremony}, err));
	if (!showing->look->has_colours || facts->is_retired)
		return ERR_OK;
	return paint(table, standing->severity, err);
}

/* Without the days, if they are too much for the width. */
static enum err
append_pairs(struct showing *showing, struct buffer *out, struct error *err)
{
	static const char *const headings[] = {"~ROOT", "~SUBORDINATE",
	    "STATE", "~>NUMBER", "NEXT-UPDATE", "NEXT-CEREMONY", NULL};

	for (showing->has_days = true;; showing->has_days = false) {
		FREE_TABLE struct table *table = NULL;

		TRY(table_new(headings, showing->look->width, &table, err));
		for (size_t i = 0; i < showing->count; i++)
			TRY(add_standing(table, &showing->standings[i],
			    showing, err));
		if (table_fits(table) || !showing->has_days)
			return table_print(table, out, err);
	}
}

static enum err
append_wrapped(const struct showing *showing, const char *text,
    struct buffer *out, struct error *err)
{
	const struct wrapping wrapping = {.indent = INDENT,
	    .width = showing->look->width == 0 ? INT_MAX :
	    showing->look->width};

	return wrap_append(out, text, &wrapping, err);
}

/* "corp-root-g1/issuing-1: text" */
static enum err
append_line(const struct showing *showing, const struct standing *standing,
    const char *text, struct buffer *out, struct error *err)
{
	RELEASE_BUFFER struct buffer line = {0};

	TRY(printable_append_pair(&line, standing->facts, "", err));
	TRY(buffer_append_text(&line, ": ", err));
	TRY(printable_append(&line, text, PRINTABLE_LINE, "", err));
	TRY(buffer_append(&line, "", 1, err));
	return append_wrapped(showing, (const char *)line.data, out, err);
}

static enum err
append_concerns(const struct showing *showing,
    const struct standing *standing, struct buffer *out, struct error *err)
{
	for (size_t i = 0; i < standing->concern_count; i++) {
		const struct standing_concern *concern =
		    &standing->concerns[i];
		char line[320];

		snprintf(line, sizeof(line), "%s%s%s",
		    concern->severity == SEVERITY_OK ? "" :
		    severity_word(concern->severity),
		    concern->severity == SEVERITY_OK ? "" : ": ",
		    concern->text);
		TRY(append_line(showing, standing, line, out, err));
	}
	return ERR_OK;
}

/* What AD CS says, and whether that is in time. */
static enum err
append_publish(const struct showing *showing, const struct standing *standing,
    struct buffer *out, struct error *err)
{
	char publish[DATE_CELL_SIZE], overlap[OVERLAP_TEXT_SIZE];
	char line[128 + OVERLAP_TEXT_SIZE];

	if (standing->next_publish_s == 0)
		return ERR_OK;
	date_cell(&(const struct showing){.has_days = true,
	    .now_s = showing->now_s}, standing->next_publish_s, publish);
	overlap_text(standing->facts->schedule, standing->next_publish_s,
	    standing->next_update_s, overlap);
	snprintf(line, sizeof(line), "Next CRL Publish: the CA %s to publish "
	    "again on %s%s", standing->next_publish_s > showing->now_s ?
	    "means" : "meant", publish, overlap);
	return append_line(showing, standing, line, out, err);
}

/* What wants something done, what AD CS says, and what the notes tell. */
static enum err
append_details(const struct showing *showing, const struct standing *standing,
    struct buffer *out, struct error *err)
{
	if (standing->state != PAIR_FRESH && !standing->facts->is_retired)
		TRY(append_line(showing, standing, standing->detail, out,
		    err));
	TRY(append_concerns(showing, standing, out, err));
	TRY(append_publish(showing, standing, out, err));
	if (standing->news[0] != '\0')
		TRY(append_line(showing, standing, standing->news, out, err));
	return ERR_OK;
}

static void
holds_cell(const struct standing_place *place, char *out, size_t capacity)
{
	char number[NUMBER_TEXT_SIZE];

	number_format(&place->number, 0, number);
	if (place->is_unreadable)
		snprintf(out, capacity, "unreadable");
	else if (!place->is_present)
		snprintf(out, capacity, "nothing");
	else if (!place->is_valid)
		snprintf(out, capacity, "invalid");
	else if (place->has_number)
		snprintf(out, capacity, "#%s", number);
	else
		snprintf(out, capacity, "a CRL");
}

/* The pairs of a root share places, and follow one another. */
static bool
is_shown(const struct standing_place *place, const struct standing *standing,
    const struct standing *before)
{
	if (before == NULL ||
	    strcmp(before->facts->root, standing->facts->root) != 0)
		return false;
	for (size_t i = 0; i < before->facts->place_count; i++) {
		const struct standing_place *other =
		    &before->facts->places[i];

		if (strcmp(other->kind, place->kind) == 0 &&
		    strcmp(other->path, place->path) == 0 &&
		    other->is_unreadable == place->is_unreadable &&
		    other->is_present == place->is_present &&
		    other->is_valid == place->is_valid)
			return true;
	}
	return false;
}

static enum err
append_places(const struct showing *showing, struct buffer *out,
    struct error *err)
{
	static const char *const headings[] = {"~ROOT", "STORE", "~HOLDS",
	    "<WHERE", NULL};
	FREE_TABLE struct table *table = NULL;

	TRY(table_new(headings, showing->look->width, &table, err));
	for (size_t i = 0; i < showing->count; i++) {
		const struct standing *standing = &showing->standings[i];
		const struct standing_facts *facts = standing->facts;

		for (size_t k = 0; k < facts->place_count; k++) {
			const struct standing_place *place = &facts->places[k];
			char holds[NUMBER_TEXT_SIZE + 16];

			if (is_shown(place, standing, i == 0 ? NULL :
			    standing - 1))
				continue;
			holds_cell(place, holds, sizeof(holds));
			TRY(table_add(table, (const char *const[]){facts->root,
			    place->kind, holds, place->path[0] == '\0' ?
			    NOTHING : place->path}, err));
		}
	}
	return table_print(table, out, err);
}

/* Behind an empty line, if there is anything in it. */
static enum err
append_section(const struct buffer *section, struct buffer *out,
    struct error *err)
{
	if (section->size == 0)
		return ERR_OK;
	TRY(buffer_append_text(out, "\n", err));
	return buffer_append(out, section->data, section->size, err);
}

enum err
standing_table(const struct standing *standings, size_t count, int64_t now_s,
    const struct standing_look *look, struct buffer *out, struct error *err)
{
	struct showing showing = {standings, count, now_s, look, false};
	RELEASE_BUFFER struct buffer details = {0}, places = {0};

	if (count == 0)
		return ERR_OK;
	TRY(append_pairs(&showing, out, err));
	for (size_t i = 0; i < count; i++)
		TRY(append_details(&showing, &standings[i], &details, err));
	TRY(append_places(&showing, &places, err));
	TRY(append_section(&details, out, err));
	TRY(append_section(&places, out, err));
	TRY(buffer_append_text(out, "\n", err));
	return append_wrapped(&showing, LEGEND, out, err);
}
