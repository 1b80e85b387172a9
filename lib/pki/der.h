/* SPDX-License-Identifier: ISC */
/*
 * A strict walk over DER (X.690): definite and minimal lengths, canonical
 * tags, no trailing bytes.  Nothing is copied; values point into the input.
 */
#pragma once

#include "base/bytes.h"

/* Identifier octets: class, constructed bit and number in one. */
#define DER_BOOLEAN 0x01
#define DER_INTEGER 0x02
#define DER_BIT_STRING 0x03
#define DER_OCTET_STRING 0x04
#define DER_NULL 0x05
#define DER_OID 0x06
#define DER_ENUMERATED 0x0a
#define DER_UTCTIME 0x17
#define DER_GENERALIZEDTIME 0x18
#define DER_SEQUENCE 0x30
#define DER_SET 0x31
#define DER_CONTEXT(n) (0x80 | (n))
#define DER_CONTEXT_CONSTRUCTED(n) (0xa0 | (n))

#define DER_OID_TEXT_SIZE 80

struct der_value {
	uint8_t tag;		/* identifier octet */
	struct span content;
	struct span whole;	/* identifier, length and content */
};

/*
 * Take the next value off the front of *in.  what names it in messages.
 * ERR_FORMAT for truncation, indefinite or non-minimal lengths, tag numbers
 * above 30, and primitive types marked constructed or the other way round.
 */
MUST_CHECK enum err der_next(struct span *in, const char *what,
    struct der_value *out, struct error *err);

/* The same, and its tag must be this one. */
MUST_CHECK enum err der_expect(struct span *in, uint8_t tag, const char *what,
    struct der_value *out, struct error *err);

/* Is a value of this tag next? */
bool der_is_next(struct span in, uint8_t tag);

/*
 * The size of the value that begins with these octets, header included, from
 * at least its first 10 octets or all there are.  ERR_FORMAT as der_next, but
 * the content need not be there.
 */
MUST_CHECK enum err der_measure(struct span head, const char *what,
    uint8_t *tag, size_t *header_size, uint64_t *content_size,
    struct error *err);

/* ERR_FORMAT if anything is left. */
MUST_CHECK enum err der_end(struct span in, const char *what,
    struct error *err);

/* BOOLEAN content: 00 or ff, nothing else. */
MUST_CHECK enum err der_boolean(struct span content, const char *what,
    bool *out, struct error *err);

/* INTEGER content that is minimal; of any sign and length. */
MUST_CHECK enum err der_check_integer(struct span content, const char *what,
    struct error *err);

/* INTEGER or ENUMERATED content that lies in 0..INT32_MAX. */
MUST_CHECK enum err der_small_integer(struct span content, const char *what,
    int32_t *out, struct error *err);

/* Dotted decimal text of OID content, cut if it does not fit. */
void der_oid_text(struct span content, char out[DER_OID_TEXT_SIZE]);

/*
 * Append a header for content_size octets of content: identifier, then
 * minimal length.
 */
MUST_CHECK enum err der_put_header(struct buffer *out, uint8_t tag,
    uint64_t content_size, struct error *err);

/* Append a whole value. */
MUST_CHECK enum err der_put(struct buffer *out, uint8_t tag,
    struct span content, struct error *err);
