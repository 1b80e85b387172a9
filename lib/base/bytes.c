/* SPDX-License-Identifier: ISC */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"

struct span
span_of_text(const char *text)
{
	return (struct span){(const uint8_t *)text, strlen(text)};
}

struct span
span_of_buffer(const struct buffer *buffer)
{
	return (struct span){buffer->data, buffer->size};
}

bool
span_equals(struct span a, struct span b)
{
	return a.size == b.size &&
	    (a.size == 0 || memcmp(a.data, b.data, a.size) == 0);
}

int
span_compare(struct span a, struct span b)
{
	if (a.size != b.size)
		return a.size < b.size ? -1 : 1;
	return a.size == 0 ? 0 : memcmp(a.data, b.data, a.size);
}

bool
span_contains(struct span s, const char *text)
{
	return s.size > 0 &&
	    memmem(s.data, s.size, text, strlen(text)) != NULL;
}

size_t
utf8_decode(struct span text, uint32_t *point)
{
	static const struct {
		uint8_t mask;
		uint8_t mark;
		uint32_t least;
	} forms[] = {{0x80, 0x00, 0}, {0xe0, 0xc0, 0x80},
	    {0xf0, 0xe0, 0x800}, {0xf8, 0xf0, 0x10000}};
	size_t more, i;

	for (more = 0; text.size > 0 && more < 4; more++) {
		if ((text.data[0] & forms[more].mask) == forms[more].mark)
			break;
	}
	if (more >= text.size || more == 4)
		return 0;
	*point = text.data[0] & (uint8_t)~forms[more].mask;
	for (i = 1; i <= more; i++) {
		if ((text.data[i] & 0xc0) != 0x80)
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

/* How many octets at the beginning cannot be shown; 0 for none, and *size. */
static size_t
unprintable_size(struct span text, size_t *size)
{
	uint32_t point = 0;

	*size = utf8_decode(text, &point);
	if (*size == 0)
		*size = 1;
	else if (!utf8_is_control(point))
		return 0;
	return *size;
}

void
text_make_printable(char *text, char with)
{
	const size_t length = strlen(text);
	size_t at, size;

	for (at = 0; at < length; at += size) {
		const struct span rest = {(const uint8_t *)text + at,
		    length - at};

		if (unprintable_size(rest, &size) > 0)
			memset(text + at, with, size);
	}
}

bool
text_is_printable(const char *text, size_t size)
{
	struct span rest = {(const uint8_t *)text, strnlen(text, size)};
	size_t step;

	if (rest.size == size)
		return false;
	for (; rest.size > 0; rest.data += step, rest.size -= step) {
		if (unprintable_size(rest, &step) > 0)
			return false;
	}
	return true;
}

void
buffer_make_printable(struct buffer *text)
{
	size_t at, size;

	for (at = 0; at < text->size; at += size) {
		const struct span rest = {text->data + at, text->size - at};
		const bool is_break = rest.data[0] == '\n' ||
		    (rest.data[0] == '\r' && rest.size > 1 &&
		    rest.data[1] == '\n');

		if (unprintable_size(rest, &size) > 0 && !is_break &&
		    rest.data[0] != '\t')
			memset(text->data + at, '?', size);
	}
}

enum err
buffer_reserve(struct buffer *buffer, size_t more, struct error *err)
{
	size_t capacity = buffer->capacity;
	uint8_t *data;

	if (more <= capacity - buffer->size)
		return ERR_OK;
	if (more > SIZE_MAX / 2 - buffer->size)
		return err_fail(err, ERR_IO, "memory: want %zu more octets",
		    more);
	capacity += capacity / 2;
	if (capacity < buffer->size + more)
		capacity = buffer->size + more;
	data = realloc(buffer->data, capacity);
	if (data == NULL)
		return err_fail(err, ERR_IO,
		    "memory: want %zu octets, have none left", capacity);
	buffer->data = data;
	buffer->capacity = capacity;
	return ERR_OK;
}

enum err
buffer_append(struct buffer *buffer, const void *data, size_t size,
    struct error *err)
{
	enum err code;

	if (size == 0)
		return ERR_OK;
	code = buffer_reserve(buffer, size, err);
	if (code != ERR_OK)
		return code;
	memcpy(buffer->data + buffer->size, data, size);
	buffer->size += size;
	return ERR_OK;
}

enum err
buffer_append_text(struct buffer *buffer, const char *text, struct error *err)
{
	return buffer_append(buffer, text, strlen(text), err);
}

enum err
buffer_appendf(struct buffer *buffer, struct error *err, const char *fmt, ...)
{
	va_list args;
	enum err code;
	int size;

	va_start(args, fmt);
	size = vsnprintf(NULL, 0, fmt, args);
	va_end(args);
	if (size < 0)
		return err_fail(err, ERR_IO, "text: want a format, have %s",
		    fmt);
	code = buffer_reserve(buffer, (size_t)size + 1, err);
	if (code != ERR_OK)
		return code;
	va_start(args, fmt);
	vsnprintf((char *)buffer->data + buffer->size, (size_t)size + 1, fmt,
	    args);
	va_end(args);
	buffer->size += (size_t)size;
	return ERR_OK;
}

void
buffer_release(struct buffer *buffer)
{
	free(buffer->data);
	*buffer = (struct buffer){0};
}

void
hex_encode(struct span in, char *out, size_t capacity)
{
	static const char digits[] = "0123456789abcdef";
	size_t i;

	if (capacity == 0)
		return;
	for (i = 0; i < in.size && 2 * i + 2 < capacity; i++) {
		out[2 * i] = digits[in.data[i] >> 4];
		out[2 * i + 1] = digits[in.data[i] & 0xf];
	}
	out[2 * i] = '\0';
}

/* Values of the hex digits plus one; 0 for all other octets. */
static const uint8_t hex_values[256] = {
    ['0'] = 1, 2, 3, 4, 5, 6, 7, 8, 9, 10,
    ['A'] = 11, 12, 13, 14, 15, 16, ['a'] = 11, 12, 13, 14, 15, 16,
};

bool
hex_decode(struct span text, uint8_t *out, size_t capacity, size_t *size)
{
	size_t i;

	if (text.size % 2 != 0 || text.size / 2 > capacity)
		return false;
	for (i = 0; i < text.size / 2; i++) {
		unsigned int high = hex_values[text.data[2 * i]];
		unsigned int low = hex_values[text.data[2 * i + 1]];

		if (high == 0 || low == 0)
			return false;
		out[i] = (uint8_t)((high - 1) << 4 | (low - 1));
	}
	*size = text.size / 2;
	return true;
}
