/* SPDX-License-Identifier: ISC */
/* Bounded bytes: borrowed spans, growing buffers, hex and base64. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* Borrowed bytes; data may be NULL only if size is 0. */
struct span {
	const uint8_t *data;
	size_t size;
};

/* Owned bytes that grow; start from {0}.  A failed growth leaves it as is. */
struct buffer {
	uint8_t *data;
	size_t size;
	size_t capacity;
};

/* Scoped cleanup: `RELEASE_BUFFER struct buffer b = {0};` */
#define RELEASE_BUFFER __attribute__((cleanup(buffer_release)))

struct span span_of_text(const char *text);
struct span span_of_buffer(const struct buffer *buffer);
bool span_equals(struct span a, struct span b);

/* Order as strings of unsigned bytes, the shorter first: <0, 0, >0. */
int span_compare(struct span a, struct span b);

/* Does s begin with text? */
bool span_starts_with(struct span s, const char *text);

/* Does text appear in s?  (memmem) */
bool span_contains(struct span s, const char *text);

/*
 * Take the octets up to the end of a line, without it, off rest; all there are
 * if it has none.  Had it one?
 */
bool span_take_line(struct span *rest, struct span *line);

/* Room for `more` bytes beyond size.  ERR_IO when memory is exhausted. */
MUST_CHECK enum err buffer_reserve(struct buffer *buffer, size_t more,
    struct error *err);
MUST_CHECK enum err buffer_append(struct buffer *buffer, const void *data,
    size_t size, struct error *err);
MUST_CHECK enum err buffer_append_text(struct buffer *buffer, const char *text,
    struct error *err);
MUST_CHECK enum err buffer_appendf(struct buffer *buffer, struct error *err,
    const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/* Free the bytes and make it {0} again. */
void buffer_release(struct buffer *buffer);

/*
 * Lower-case hex with a final NUL.  capacity is that of out and must hold
 * 2 * in.size + 1; what does not fit is left out, whole octets at a time.
 */
void hex_encode(struct span in, char *out, size_t capacity);

/*
 * Decode an even number of hex digits of either case.  False, with *out
 * undefined, for anything else or for more than capacity octets.
 */
bool hex_decode(struct span text, uint8_t *out, size_t capacity,
    size_t *size);

/* Standard base64 with padding, no line breaks (RFC 4648 4), appended. */
MUST_CHECK enum err base64_encode(struct span in, struct buffer *out,
    struct error *err);

/*
 * Decode standard base64, appended to out.  Padding is required, unused bits
 * must be zero (RFC 4648 3.5).  With skip_space, white space is passed over,
 * as PEM has it (RFC 7468).  ERR_FORMAT, with out as it was, otherwise.
 */
MUST_CHECK enum err base64_decode(struct span text, bool skip_space,
    struct buffer *out, struct error *err);
