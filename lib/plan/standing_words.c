/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "plan/standing_words.h"

/* Of a path; the end of a longer one, but of a URL, where the server stands. */
#define PATH_SHOWN 100

void
who_text(const struct standing_facts *facts, char out[WHO_SIZE])
{
	if (facts->subordinate[0] != '\0')
		snprintf(out, WHO_SIZE, "%s", facts->subordinate);
	else
		snprintf(out, WHO_SIZE, "whoever depends on %s", facts->root);
}

void
reader_text(const struct standing_facts *facts,
    const struct standing_place *place, char out[WHO_SIZE])
{
	if (place->copy == COPY_NONE)
		who_text(facts, out);
	else
		snprintf(out, WHO_SIZE, "whoever %s it there",
		    place->copy == COPY_PUBLISHED ? "fetches" : "reads");
}

void
place_text(const struct standing_place *place, char out[PLACE_TEXT_SIZE])
{
	const size_t size = strlen(place->path);
	const size_t kept = PATH_SHOWN - strlen("...");
	const bool is_long = size > PATH_SHOWN;
	const char *shown = place->path;
	int count = is_long ? (int)kept : (int)size;

	if (size == 0) {
		snprintf(out, PLACE_TEXT_SIZE, "the %.15s", place->kind);
	} else if (is_long && strstr(shown, "://") != NULL) {
		while (utf8_is_within(shown[count]))
			count--;
		snprintf(out, PLACE_TEXT_SIZE, "%.15s %.*s...", place->kind,
		    count, shown);
	} else {
		for (shown += size - (size_t)count; utf8_is_within(*shown);
		    shown++)
			continue;
		snprintf(out, PLACE_TEXT_SIZE, "%.15s %s%s", place->kind,
		    is_long ? "..." : "", shown);
	}
}

void
crl_text(bool has_number, const struct number *number, int64_t this_update_s,
    char out[CRL_TEXT_SIZE])
{
	char digits[NUMBER_TEXT_SIZE], date[UTC_TEXT_SIZE];

	if (has_number) {
		number_format(number, 0, digits);
		snprintf(out, CRL_TEXT_SIZE, "CRL #%s", digits);
	} else {
		utc_format(this_update_s, date);
		snprintf(out, CRL_TEXT_SIZE, "the CRL of %s", date);
	}
}

void
place_crl_text(const struct standing_place *place, char out[CRL_TEXT_SIZE])
{
	crl_text(place->has_number, &place->number, place->this_update_s, out);
}
