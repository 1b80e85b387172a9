/* SPDX-License-Identifier: ISC */
#include <string.h>
#include <strings.h>

#include "base/printable.h"
#include "base/text.h"
#include "view/ics.h"
#include "view/ics_text.h"

#define LINE_MAX_OCTETS 75	/* without its CRLF */

/* Fold what is one line of UTF-8 without control characters. */
static enum err
append_folded(struct buffer *out, struct span line, struct error *err)
{
	size_t column = 0;

	while (line.size > 0) {
		struct span character;
		uint32_t point;

		utf8_next(&line, &character, &point);
		if (column + character.size > LINE_MAX_OCTETS) {
			TRY(buffer_append_text(out, "\r\n ", err));
			column = 1;
		}
		TRY(buffer_append(out, character.data, character.size, err));
		column += character.size;
	}
	return buffer_append_text(out, "\r\n", err);
}

enum err
ics_line(struct buffer *out, const char *name, const char *value,
    struct error *err)
{
	RELEASE_BUFFER struct buffer line = {0};

	TRY(buffer_appendf(&line, err, "%s:%s", name, value));
	return append_folded(out, span_of_buffer(&line), err);
}

enum err
ics_text(struct buffer *out, const char *name, const char *value,
    struct error *err)
{
	RELEASE_BUFFER struct buffer shown = {0}, line = {0};

	TRY(printable_append(&shown, value, PRINTABLE_TEXT, "", err));
	TRY(buffer_appendf(&line, err, "%s:", name));
	for (size_t i = 0; i < shown.size; i++) {
		const char octet = (char)shown.data[i];

		if (octet == '\n' || strchr(",;\\", octet) != NULL)
			TRY(buffer_append_text(&line, "\\", err));
		TRY(buffer_append(&line, octet == '\n' ? "n" : &octet, 1,
		    err));
	}
	return append_folded(out, span_of_buffer(&line), err);
}

/* One octet of a line, folds taken out; -1 at the line's end. */
static int
next_octet(struct span *rest)
{
	size_t skip;

	for (;;) {
		if (rest->size == 0)
			return -1;
		skip = span_starts_with(*rest, "\r\n") ? 2 :
		    rest->data[0] == '\n' ? 1 : 0;
		if (skip == 0) {
			rest->data++;
			rest->size--;
			return rest->data[-1];
		}
		rest->data += skip;
		rest->size -= skip;
		if (rest->size == 0 || (rest->data[0] != ' ' &&
		    rest->data[0] != '\t'))
			return -1;
		rest->data++;
		rest->size--;
	}
}

bool
ics_next_uid(struct span *rest, char *out, size_t capacity)
{
	while (rest->size > 0) {
		size_t size = 0, colon = 0;
		bool fits = true;
		int octet;

		/* "UID:value" or "UID;X-A=b:value" */
		while ((octet = next_octet(rest)) >= 0) {
			if (octet == ':' && colon == 0)
				colon = size + 1;
			fits = fits && size + 1 < capacity;
			if (fits)
				out[size++] = (char)octet;
		}
		out[size] = '\0';
		if (!fits || colon == 0 || strncasecmp(out, "UID", 3) != 0 ||
		    strchr(":;", out[3]) == NULL)
			continue;
		memmove(out, out + colon, size - colon + 1);
		return true;
	}
	return false;
}

bool
ics_is_calendar(struct span text)
{
	static const char begin[] = "BEGIN:VCALENDAR";

	if (span_starts_with(text, "\xef\xbb\xbf")) {
		text.data += 3;
		text.size -= 3;
	}
	return text.size >= strlen(begin) && strncasecmp(
	    (const char *)text.data, begin, strlen(begin)) == 0;
}
