/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "base/printable.h"
#include "base/text.h"

static bool
fits(uint32_t point, enum printable kind, const char *unwanted)
{
	if (kind == PRINTABLE_TEXT && (point == '\n' || point == '\t'))
		return true;
	if (utf8_is_control(point))
		return false;
	if (point > 0x7f)
		return kind != PRINTABLE_ASCII;
	return strchr(unwanted, (int)point) == NULL;
}

enum err
printable_append(struct buffer *out, const char *text, enum printable kind,
    const char *unwanted, struct error *err)
{
	struct span rest = span_of_text(text);

	TRY(buffer_reserve(out, rest.size, err));
	while (rest.size > 0) {
		struct span character;
		uint32_t point;

		if (!utf8_next(&rest, &character, &point) ||
		    !fits(point, kind, unwanted))
			character = span_of_text("?");
		TRY(buffer_append(out, character.data, character.size, err));
	}
	return ERR_OK;
}
