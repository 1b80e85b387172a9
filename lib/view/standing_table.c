/* SPDX-License-Identifier: ISC */
#include <stdio.h>

#include "base/printable.h"
#include "view/nagios.h"
#include "view/standing_table.h"
#include "view/table.h"

#define DATE_CELL_SIZE 48
#define NOTHING "-"

/* "2027-06-22 (211 d)", days rounded down: -1 for any time past. */
static void
date_cell(int64_t at_s, int64_t now_s, char out[DATE_CELL_SIZE])
{
	int64_t left_s = utc_day_start(at_s - now_s);
	char date[UTC_TEXT_SIZE];

	utc_format_date(at_s, date);
	snprintf(out, DATE_CELL_SIZE, "%s (%lld d)", date,
	    (long long)(left_s / DAY_S));
}

/* Where the CRL is: "hashdir:/etc/ssl/crls, der:/var/www/r.crl". */
static enum err
where_cell(const struct standing_facts *facts, struct buffer *out,
    struct error *err)
{
	for (size_t i = 0; i < facts->place_count; i++) {
		const struct standing_place *place = &facts->places[i];

		TRY(buffer_appendf(out, err, "%s%s%s%s", i > 0 ? ", " : "",
		    place->kind, place->path[0] == '\0' ? "" : ":",
		    place->path));
	}
	if (facts->place_count == 0)
		TRY(buffer_append_text(out, NOTHING, err));
	return buffer_append(out, "", 1, err);
}

static enum err
add_standing(struct table *table, const struct standing *standing,
    int64_t now_s, struct error *err)
{
	const struct standing_facts *facts = standing->facts;
	RELEASE_BUFFER struct buffer where = {0};
	char number[NUMBER_TEXT_SIZE] = NOTHING;
	char next_update[DATE_CELL_SIZE] = NOTHING;
	char next_ceremony[DATE_CELL_SIZE];

	TRY(where_cell(facts, &where, err));
	if (standing->has_number)
		number_format(&standing->number, 0, number);
	if (standing->has_next_update)
		date_cell(standing->next_update_s, now_s, next_update);
	/* A ceremony is a date: today is 0 days away until midnight. */
	date_cell(standing->next_ceremony_s, utc_day_start(now_s),
	    next_ceremony);
	return table_add(table, (const char *const[]){facts->root,
	    facts->subordinate[0] == '\0' ? NOTHING : facts->subordinate,
	    pair_state_word(standing->state), number, next_update,
	    next_ceremony, (const char *)where.data}, err);
}

/* "corp-root-g1/issuing-1: text" */
static enum err
append_line(struct buffer *out, const struct standing *standing,
    const char *text, struct error *err)
{
	TRY(printable_append_pair(out, standing->facts, "", err));
	TRY(buffer_append_text(out, ": ", err));
	TRY(printable_append(out, text, PRINTABLE_LINE, "", err));
	return buffer_append_text(out, "\n", err);
}

/* What wants something done, what AD CS says, and what the notes tell. */
static enum err
append_details(struct buffer *out, const struct standing *standing,
    int64_t now_s, struct error *err)
{
	char publish[DATE_CELL_SIZE];
	char line[128];

	if (standing->state != PAIR_FRESH)
		TRY(append_line(out, standing, standing->detail, err));
	if (standing->next_publish_s != 0) {
		date_cell(standing->next_publish_s, now_s, publish);
		snprintf(line, sizeof(line), "Next CRL Publish: the CA %s to "
		    "publish again on %s", standing->next_publish_s > now_s ?
		    "means" : "meant", publish);
		TRY(append_line(out, standing, line, err));
	}
	if (standing->news[0] != '\0')
		TRY(append_line(out, standing, standing->news, err));
	return ERR_OK;
}

enum err
standing_table(const struct standing *standings, size_t count, int64_t now_s,
    size_t width, struct buffer *out, struct error *err)
{
	static const char *const headings[] = {"ROOT", "SUBORDINATE", "STATE",
	    ">NUMBER", "NEXT-UPDATE", "NEXT-CEREMONY", "~WHERE", NULL};
	FREE_TABLE struct table *table = NULL;

	TRY(table_new(headings, width, &table, err));
	for (size_t i = 0; i < count; i++)
		TRY(add_standing(table, &standings[i], now_s, err));
	TRY(table_print(table, out, err));
	for (size_t i = 0; i < count; i++)
		TRY(append_details(out, &standings[i], now_s, err));
	return ERR_OK;
}
