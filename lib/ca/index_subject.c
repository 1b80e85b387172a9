/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "ca/index.h"
#include "ca/index_subject.h"

#define UTF8_MAX 4
#define BEFORE_DIFFERENCE 40	/* octets that are shown of it */

/*
 * Take off the next octet.  "\x41" is no escape, but was typed like that:
 * OpenSSL escapes nothing that is printable ASCII.
 */
static uint8_t
take_octet(struct span *rest, bool *is_escape)
{
	static const char digits[] = "0123456789ABCDEF";
	const uint8_t *at = rest->data;
	uint8_t octet = at[0];
	size_t size = 1, count;

	*is_escape = rest->size >= 4 && at[0] == '\\' && at[1] == 'x' &&
	    memchr(digits, at[2], 16) != NULL &&
	    memchr(digits, at[3], 16) != NULL &&
	    hex_decode((struct span){at + 2, 2}, &octet, 1, &count) &&
	    (octet < 0x20 || octet > 0x7e);
	if (*is_escape)
		size = 4;
	else
		octet = at[0];
	rest->data += size;
	rest->size -= size;
	return octet;
}

static enum err
put_point(struct buffer *out, uint32_t point, struct error *err)
{
	const uint8_t three[] = {(uint8_t)(0xe0 | point >> 12),
	    (uint8_t)(0x80 | (point >> 6 & 0x3f)),
	    (uint8_t)(0x80 | (point & 0x3f))};
	const uint8_t two[] = {(uint8_t)(0xc0 | point >> 6), three[2]};
	const uint8_t one = (uint8_t)point;

	return point < 0x80 ? buffer_append(out, &one, 1, err) :
	    point < 0x800 ? buffer_append(out, two, 2, err) :
	    buffer_append(out, three, 3, err);
}

/*
 * Is the value at the front a BMPString, of letters below U+2000?  It is taken
 * off then.  Its "/" may be half of a letter, and not the end of the value.
 */
static enum err
show_bmp(struct span *rest, struct buffer *out, bool *is_bmp,
    struct error *err)
{
	const size_t before = out->size;
	struct span at = *rest;
	bool is_escape;

	*is_bmp = at.size > 0 && at.data[0] != '/';
	while (*is_bmp && at.size > 0 && at.data[0] != '/') {
		uint32_t point = take_octet(&at, &is_escape);

		*is_bmp = is_escape && point < 0x20 && at.size > 0;
		if (!*is_bmp)
			break;
		point = point << 8 | take_octet(&at, &is_escape);
		*is_bmp = !utf8_is_control(point);
		TRY(put_point(out, point, err));
	}
	if (*is_bmp)
		*rest = at;
	else
		out->size = before;
	return ERR_OK;
}

/* The next character, or the one octet that is part of none. */
static enum err
show_character(struct span *rest, struct buffer *out, struct error *err)
{
	struct span after[UTF8_MAX], ahead = *rest, text, character;
	uint8_t octets[UTF8_MAX];
	bool is_escape;
	uint32_t point;
	size_t count = 0;

	while (count < UTF8_MAX && ahead.size > 0) {
		octets[count] = take_octet(&ahead, &is_escape);
		after[count++] = ahead;
	}
	text = (struct span){octets, count};
	if (utf8_next(&text, &character, &point) && !utf8_is_control(point)) {
		*rest = after[character.size - 1];
		return buffer_append(out, octets, character.size, err);
	}
	*rest = after[0];
	return buffer_appendf(out, err, "\\x%02X", octets[0]);
}

enum err
index_subject_show(struct span subject, struct buffer *out,
    struct error *err)
{
	bool is_type = true, is_bmp;

	while (subject.size > 0) {
		const uint8_t next = subject.data[0];

		TRY(show_character(&subject, out, err));
		/* "/CN=": the first "=" divides type and value. */
		if (next == '=' && is_type)
			TRY(show_bmp(&subject, out, &is_bmp, err));
		is_type = next == '/' || (is_type && next != '=');
	}
	return ERR_OK;
}

/* Back to where a character begins. */
static size_t
character_at(struct span text, size_t at)
{
	while (at > 0 && at < text.size && utf8_is_within((char)text.data[at]))
		at--;
	return at;
}

/* From an octet on, as much as fits. */
static struct index_subject_words
words_from(struct span shown, size_t from)
{
	struct index_subject_words out;
	size_t fits = sizeof(out.text) - sizeof("......");

	if (fits > shown.size - from)
		fits = shown.size - from;
	fits = character_at(shown, from + fits) - from;
	snprintf(out.text, sizeof(out.text), "%s%.*s%s", from > 0 ? "..." : "",
	    (int)fits, fits == 0 ? "" : (const char *)shown.data + from,
	    from + fits < shown.size ? "..." : "");
	return out;
}

struct index_subject_words
index_subject_words(struct span shown)
{
	return words_from(shown, 0);
}

struct index_subject_words
index_subject_apart(struct span shown, struct span other)
{
	size_t same = 0;

	while (same < shown.size && same < other.size &&
	    shown.data[same] == other.data[same])
		same++;
	return words_from(shown, same <= BEFORE_DIFFERENCE ? 0 :
	    character_at(shown, same - BEFORE_DIFFERENCE));
}

struct index_subject_words
index_subject_name(struct span subject)
{
	const struct index_subject_words none = {.text = ""};
	RELEASE_BUFFER struct buffer shown = {0};
	struct span rest;

	if (span_equals(subject, span_of_text(INDEX_SUBJECT_UNKNOWN)) ||
	    index_subject_show(subject, &shown, NULL) != ERR_OK)
		return none;
	rest = span_of_buffer(&shown);
	if (rest.size > 0 && rest.data[0] == '/') {
		rest.data++;
		rest.size--;
	}
	return index_subject_words(rest);
}
