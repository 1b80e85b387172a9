/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "view/printable.h"

/*
 * The octets of the UTF-8 character at `at` and its code point; 0 where it is
 * none (RFC 3629: no overlong form, no surrogate, at most U+10FFFF).  A NUL
 * ends every sequence.
 */
static size_t
utf8_size(const uint8_t *at, uint32_t *point)
{
	static const struct {
		uint8_t mask;
		uint8_t mark;
		uint32_t least;
	} forms[] = {{0x80, 0x00, 0}, {0xe0, 0xc0, 0x80},
	    {0xf0, 0xe0, 0x800}, {0xf8, 0xf0, 0x10000}};
	size_t size, i;

	for (size = 0; size < 4; size++) {
		if ((at[0] & forms[size].mask) == forms[size].mark)
			break;
	}
	if (size == 4)
		return 0;
	*point = at[0] & (uint8_t)~forms[size].mask;
	for (i = 1; i <= size; i++) {
		if ((at[i] & 0xc0) != 0x80)
			return 0;
		*point = *point << 6 | (at[i] & 0x3f);
	}
	if (*point < forms[size].least || *point > 0x10ffff ||
	    (*point >= 0xd800 && *point <= 0xdfff))
		return 0;
	return size + 1;
}

static bool
is_control(uint32_t point)
{
	return point < 0x20 || (point >= 0x7f && point < 0xa0) ||
	    point == 0x061c || point == 0x200e || point == 0x200f ||
	    (point >= 0x2028 && point <= 0x202e) ||
	    (point >= 0x2066 && point <= 0x2069);
}

static bool
fits(uint32_t point, enum printable kind, const char *unwanted)
{
	if (kind == PRINTABLE_TEXT && (point == '\n' || point == '\t'))
		return true;
	if (is_control(point))
		return false;
	if (point > 0x7f)
		return kind != PRINTABLE_ASCII;
	return strchr(unwanted, (int)point) == NULL;
}

enum err
printable_append(struct buffer *out, const char *text, enum printable kind,
    const char *unwanted, struct error *err)
{
	const uint8_t *at = (const uint8_t *)text;
	enum err code = buffer_reserve(out, strlen(text), err);

	while (code == ERR_OK && *at != '\0') {
		uint32_t point = 0;
		size_t size = utf8_size(at, &point);

		if (size > 0 && fits(point, kind, unwanted))
			code = buffer_append(out, at, size, err);
		else
			code = buffer_append_text(out, "?", err);
		at += size > 0 ? size : 1;
	}
	return code;
}

enum err
printable_append_pair(struct buffer *out, const struct standing_facts *facts,
    const char *unwanted, struct error *err)
{
	enum err code = printable_append(out, facts->root, PRINTABLE_LINE,
	    unwanted, err);

	if (code != ERR_OK || facts->subordinate[0] == '\0')
		return code;
	if ((code = buffer_append_text(out, "/", err)) != ERR_OK)
		return code;
	return printable_append(out, facts->subordinate, PRINTABLE_LINE,
	    unwanted, err);
}
