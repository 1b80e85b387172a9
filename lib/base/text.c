/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "base/text.h"

bool
text_begins_with(const char *text, const char *word)
{
	return strncmp(text, word, strlen(word)) == 0;
}

bool
utf8_is_within(char octet)
{
	return ((unsigned char)octet & 0xc0) == 0x80;
}

/* The octets of the first character; 0 if they are no UTF-8. */
static size_t
decode(struct span text, uint32_t *point)
{
	static const struct {
		uint8_t mask;
		uint8_t mark;
		uint32_t least;
	} forms[] = {{0x80, 0x00, 0}, {0xe0, 0xc0, 0x80},
	    {0xf0, 0xe0, 0x800}, {0xf8, 0xf0, 0x10000}};
	size_t more;

	for (more = 0; text.size > 0 && more < 4; more++) {
		if ((text.data[0] & forms[more].mask) == forms[more].mark)
			break;
	}
	if (more >= text.size || more == 4)
		return 0;
	*point = text.data[0] & (uint8_t)~forms[more].mask;
	for (size_t i = 1; i <= more; i++) {
		if (!utf8_is_within((char)text.data[i]))
			return 0;
		*point = *point << 6 | (text.data[i] & 0x3f);
	}
	if (*point < forms[more].least || *point > 0x10ffff ||
	    (*point >= 0xd800 && *point <= 0xdfff))
		return 0;
	return more + 1;
}

bool
utf8_is_control(uint32_t point)
{
	return point < 0x20 || (point >= 0x7f && point < 0xa0) ||
	    point == 0x061c || point == 0x200e || point == 0x200f ||
	    (point >= 0x2028 && point <= 0x202e) ||
	    (point >= 0x2066 && point <= 0x2069);
}

bool
utf8_next(struct span *rest, struct span *character, uint32_t *point)
{
	const size_t size = decode(*rest, point);

	*character = (struct span){rest->data, size > 0 ? size : 1};
	rest->data += character->size;
	rest->size -= character->size;
	return size > 0;
}

/* Take the next character off rest: can it be shown? */
static bool
next_is_shown(struct span *rest, struct span *character)
{
	uint32_t point;

	return utf8_next(rest, character, &point) && !utf8_is_control(point);
}

bool
text_skip_mark(struct span *text)
{
	if (text->size < 3 || memcmp(text->data, "\xef\xbb\xbf", 3) != 0)
		return false;
	*text = (struct span){text->data + 3, text->size - 3};
	return true;
}

bool
text_is_utf16(struct span text)
{
	return text.size >= 2 && (memcmp(text.data, "\xff\xfe", 2) == 0 ||
	    memcmp(text.data, "\xfe\xff", 2) == 0);
}

void
text_make_printable(char *text, char with)
{
	struct span rest = {(const uint8_t *)text, strlen(text)}, character;

	for (; rest.size > 0; text += character.size) {
		if (!next_is_shown(&rest, &character))
			memset(text, with, character.size);
	}
}

bool
text_is_printable(const char *text, size_t size)
{
	struct span rest = {(const uint8_t *)text, strnlen(text, size)};
	struct span character;

	if (rest.size == size)
		return false;
	while (rest.size > 0) {
		if (!next_is_shown(&rest, &character))
			return false;
	}
	return true;
}

void
buffer_make_printable(struct buffer *text)
{
	struct span rest = {text->data, text->size}, character;
	uint8_t *at = text->data;

	for (; rest.size > 0; at += character.size) {
		const bool is_layout = *at == '\n' || *at == '\t' ||
		    (*at == '\r' && rest.size > 1 && at[1] == '\n');

		if (!next_is_shown(&rest, &character) && !is_layout)
			memset(at, '?', character.size);
	}
}
