/* SPDX-License-Identifier: ISC */
/* Text from files and media: its marks, and how it is shown. */
#pragma once

#include "base/bytes.h"

bool text_begins_with(const char *text, const char *word);

/*
 * Take the next character off rest, which must not be empty.  False if that is
 * no UTF-8 (RFC 3629: no overlong form, no surrogate, at most U+10FFFF, nothing
 * that is cut): then *character is one octet, and *point is not to be used.
 */
bool utf8_next(struct span *rest, struct span *character, uint32_t *point);

/* Is it a later octet of a character, and so no place to cut a text? */
bool utf8_is_within(char octet);

/* Take UTF-8's byte order mark off the front.  Was there one? */
bool text_skip_mark(struct span *text);

/* Does it begin with UTF-16's, of either order? */
bool text_is_utf16(struct span text);

/*
 * Does a character steer the terminal it is shown on?  C0, DEL, C1
 * (U+0080..U+009F), and those that turn or break a line.  This is the only
 * judge of it: what is shown goes through one of the functions below, or
 * through base/printable.h.
 */
bool utf8_is_control(uint32_t point);

/*
 * Put `with` in place of every octet that is no UTF-8 (a bare 0x9b is a
 * terminal's CSI) and of every control character.  Text from files and media
 * must not steer the terminal that it is shown on.
 */
void text_make_printable(char *text, char with);

/* The same of several lines, with '?': LF, CR LF and TAB stay. */
void buffer_make_printable(struct buffer *text);

/* Does it end before size, and would text_make_printable leave it alone? */
bool text_is_printable(const char *text, size_t size);
