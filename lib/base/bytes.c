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
span_starts_with(struct span s, const char *text)
{
	const size_t size = strlen(text);

	return s.size >= size && memcmp(s.data, text, size) == 0;
}

bool
span_contains(struct span s, const char *text)
{
	return s.size > 0 &&
	    memmem(s.data, s.size, text, strlen(text)) != NULL;
}

bool
span_take_line(struct span *rest, struct span *line)
{
	const uint8_t *end = rest->size == 0 ? NULL :
	    memchr(rest->data, '\n', rest->size);

	*line = *rest;
	if (end == NULL) {
		rest->size = 0;
		return false;
	}
	line->size = (size_t)(end - rest->data);
	rest->data = end + 1;
	rest->size -= line->size + 1;
	return true;
}

enum err
buffer_reserve(struct buffer *buffer, size_t more, struct error *err)
{
	size_t capacity = buffer->capacity;
	uint8_t *data;

	if (more <= capacity - buffer->size)
		return ERR_OK;
	if (more > SIZE_MAX / 2 - buffer->size)
		return err_fail(err, ERR_IO,
		    "out of memory: %zu more octets are needed", more);
	capacity += capacity / 2;
	if (capacity < buffer->size + more)
		capacity = buffer->size + more;
	data = realloc(buffer->data, capacity);
	if (data == NULL)
		return err_fail(err, ERR_IO,
		    "out of memory: %zu octets are needed", capacity);
	buffer->data = data;
	buffer->capacity = capacity;
	return ERR_OK;
}

enum err
buffer_append(struct buffer *buffer, const void *data, size_t size,
    struct error *err)
{
	if (size == 0)
		return ERR_OK;
	TRY(buffer_reserve(buffer, size, err));
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
	int size;

	va_start(args, fmt);
	size = vsnprintf(NULL, 0, fmt, args);
	va_end(args);
	if (size < 0)
		return err_fail(err, ERR_IO,
		    "text: \"%s\" is no format that this system knows", fmt);
	TRY(buffer_reserve(buffer, (size_t)size + 1, err));
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
	if (text.size % 2 != 0 || text.size / 2 > capacity)
		return false;
	for (size_t i = 0; i < text.size / 2; i++) {
		unsigned int high = hex_values[text.data[2 * i]];
		unsigned int low = hex_values[text.data[2 * i + 1]];

		if (high == 0 || low == 0)
			return false;
		out[i] = (uint8_t)((high - 1) << 4 | (low - 1));
	}
	*size = text.size / 2;
	return true;
}
