/* SPDX-License-Identifier: ISC */
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include <openssl/asn1.h>
#include <openssl/err.h>
#include <openssl/objects.h>

#include "base/array.h"
#include "pki/der.h"

#define CLASS_MASK 0xc0
#define CONSTRUCTED 0x20
#define NUMBER_MASK 0x1f
#define LONG_FORM 0x80

/* Identifier, first length octet, then at most eight more. */
#define HEADER_MAX 10

/* EXTERNAL, EMBEDDED PDV, SEQUENCE, SET and CHARACTER STRING. */
#define UNIVERSAL_CONSTRUCTED \
	(1U << 8 | 1U << 11 | 1U << 16 | 1U << 17 | 1U << 29)

struct header {
	uint8_t tag;
	size_t size;
	uint64_t content_size;
};

static const struct {
	uint8_t tag;
	const char *name;
} tag_names[] = {
	{DER_BOOLEAN, "BOOLEAN"},
	{DER_INTEGER, "INTEGER"},
	{DER_BIT_STRING, "BIT STRING"},
	{DER_OCTET_STRING, "OCTET STRING"},
	{DER_NULL, "NULL"},
	{DER_OID, "OBJECT IDENTIFIER"},
	{DER_ENUMERATED, "ENUMERATED"},
	{DER_UTCTIME, "UTCTime"},
	{DER_GENERALIZEDTIME, "GeneralizedTime"},
	{DER_SEQUENCE, "SEQUENCE"},
	{DER_SET, "SET"},
};

static const char *
tag_name(uint8_t tag)
{
	for (size_t i = 0; i < COUNT_OF(tag_names); i++)
		if (tag_names[i].tag == tag)
			return tag_names[i].name;
	return "tag";
}

/*
 * One identifier octet, not 0 (end of contents), and in universal types the
 * form that DER leaves: strings are never constructed (X.690 10.2).
 */
static inline bool
tag_is_canonical(uint8_t tag)
{
	unsigned int number = tag & NUMBER_MASK;
	bool is_constructed = (tag & CONSTRUCTED) != 0;

	if (number == NUMBER_MASK || tag == 0)
		return false;
	if ((tag & CLASS_MASK) != 0)
		return true;
	return is_constructed == ((UNIVERSAL_CONSTRUCTED >> number & 1) != 0);
}

static enum err
fail_tag(uint8_t tag, const char *what, struct error *err)
{
	if ((tag & NUMBER_MASK) == NUMBER_MASK)
		return err_fail(err, ERR_FORMAT, "%s: want a tag number up to "
		    "30, have identifier %02x (X.690 8.1.2)", what, tag);
	if (tag == 0)
		return err_fail(err, ERR_FORMAT,
		    "%s: end-of-contents in place of a value (X.690 10.1)",
		    what);
	return err_fail(err, ERR_FORMAT, "%s: identifier %02x is not of %s "
	    "form (X.690 10.2)", what, tag,
	    (tag & CONSTRUCTED) != 0 ? "primitive" : "constructed");
}

/*
 * A header whose length has the long form.  ASN1_get_object takes more than
 * DER allows, so what it must not see is refused before, and what it lets
 * pass after.
 */
static enum err
read_long_header(struct span in, const char *what, struct header *out,
    struct error *err)
{
	/* It wants an octet of content at hand: room for one that is not. */
	uint8_t octets[HEADER_MAX + 1] = {0};
	const unsigned char *cursor = octets;
	unsigned int length_size = in.data[1] & ~(unsigned int)LONG_FORM;
	long content_size = 0;
	int tag, class, flags;

	if (length_size == 0)
		return err_fail(err, ERR_FORMAT, "%s: its length is "
		    "indefinite (X.690 10.1)", what);
	if (length_size > HEADER_MAX - 2)
		return err_fail(err, ERR_FORMAT, "%s: want a length of up to 8 "
		    "octets, have %u", what, length_size);
	if (in.size < 2 + length_size)
		return err_fail(err, ERR_FORMAT, "%s: want a length of %u "
		    "octets, have %zu", what, length_size, in.size - 2);
	memcpy(octets, in.data, 2 + length_size);
	ERR_set_mark();
	flags = ASN1_get_object(&cursor, &content_size, &tag, &class, LONG_MAX);
	ERR_pop_to_mark();
	if ((flags & 0x80) != 0 || content_size < 0)
		return err_fail(
		    err, ERR_FORMAT, "%s: a size beyond 63 bits", what);
	if (octets[2] == 0 || content_size < LONG_FORM)
		return err_fail(err, ERR_FORMAT,
		    "%s: the length is not minimal: %u octets for %ld (X.690 "
		    "10.1)",
		    what, length_size, content_size);
	out->tag = in.data[0];
	out->size = 2 + length_size;
	out->content_size = (uint64_t)content_size;
	return ERR_OK;
}

static inline enum err
read_header(struct span in, const char *what, struct header *out,
    struct error *err)
{
	if (in.size < 2)
		return err_fail(err, ERR_FORMAT, "%s: no value, but %s",
		    what, in.size == 0 ? "nothing" : "one octet");
	if (!tag_is_canonical(in.data[0]))
		return fail_tag(in.data[0], what, err);
	if (in.data[1] >= LONG_FORM)
		return read_long_header(in, what, out, err);
	out->tag = in.data[0];
	out->size = 2;
	out->content_size = in.data[1];
	return ERR_OK;
}

enum err
der_next(struct span *in, const char *what, struct der_value *out,
    struct error *err)
{
	struct header header;
	size_t size;

	TRY(read_header(*in, what, &header, err));
	if (header.content_size > in->size - header.size)
		return err_fail(err, ERR_FORMAT, "%s: want %llu octets of "
		    "content, have %zu", what,
		    (unsigned long long)header.content_size,
		    in->size - header.size);
	size = header.size + (size_t)header.content_size;
	out->tag = header.tag;
	out->content.data = in->data + header.size;
	out->content.size = (size_t)header.content_size;
	out->whole.data = in->data;
	out->whole.size = size;
	in->data += size;
	in->size -= size;
	return ERR_OK;
}

enum err
der_expect(struct span *in, uint8_t tag, const char *what,
    struct der_value *out, struct error *err)
{
	if (in->size > 0 && in->data[0] != tag)
		return err_fail(err, ERR_FORMAT, "%s: want %s (%02x), have %s "
		    "(%02x)", what, tag_name(tag), tag, tag_name(in->data[0]),
		    in->data[0]);
	return der_next(in, what, out, err);
}

bool
der_is_next(struct span in, uint8_t tag)
{
	return in.size > 0 && in.data[0] == tag;
}

enum err
der_measure(struct span head, const char *what, uint8_t *tag,
    size_t *header_size, uint64_t *content_size, struct error *err)
{
	struct header header;

	TRY(read_header(head, what, &header, err));
	*tag = header.tag;
	*header_size = header.size;
	*content_size = header.content_size;
	return ERR_OK;
}

enum err
der_end(struct span in, const char *what, struct error *err)
{
	if (in.size == 0)
		return ERR_OK;
	return in.size == 1 ?
	    err_fail(err, ERR_FORMAT, "%s: 1 octet follows it", what) :
	    err_fail(err, ERR_FORMAT, "%s: %zu octets follow it", what,
	    in.size);
}

enum err
der_boolean(struct span content, const char *what, bool *out,
    struct error *err)
{
	if (content.size != 1)
		return err_fail(err, ERR_FORMAT, "%s: want a BOOLEAN of one "
		    "octet, have %zu", what, content.size);
	if (content.data[0] != 0x00 && content.data[0] != 0xff)
		return err_fail(err, ERR_FORMAT, "%s: want BOOLEAN 00 or ff, "
		    "have %02x (X.690 11.1)", what, content.data[0]);
	*out = content.data[0] != 0;
	return ERR_OK;
}

enum err
der_check_integer(struct span content, const char *what, struct error *err)
{
	const uint8_t *octets = content.data;

	if (content.size == 0)
		return err_fail(err, ERR_FORMAT,
		    "%s: an INTEGER without octets (X.690 8.3.1)", what);
	if (content.size > 1 && ((octets[0] == 0x00 && octets[1] < 0x80) ||
	    (octets[0] == 0xff && octets[1] >= 0x80)))
		return err_fail(err, ERR_FORMAT,
		    "%s: the INTEGER is not minimal: it begins with %02x%02x "
		    "(X.690 8.3.2)",
		    what, octets[0], octets[1]);
	return ERR_OK;
}

enum err
der_small_integer(struct span content, const char *what, int32_t *out,
    struct error *err)
{
	uint32_t value = 0;

	TRY(der_check_integer(content, what, err));
	if (content.data[0] >= 0x80)
		return err_fail(err, ERR_FORMAT, "%s is negative", what);
	if (content.size > sizeof(value))
		return err_fail(err, ERR_FORMAT,
		    "%s: a number of %zu octets, above 2147483647", what,
		    content.size);
	for (size_t i = 0; i < content.size; i++)
		value = value << 8 | content.data[i];
	*out = (int32_t)value;
	return ERR_OK;
}

void
der_oid_text(struct span content, char out[DER_OID_TEXT_SIZE])
{
	/* More octets than these never fit as text. */
	uint8_t der[2 + DER_OID_TEXT_SIZE] = {DER_OID};
	const unsigned char *cursor = der;
	ASN1_OBJECT *object = NULL;

	if (content.size > 0 && content.size <= DER_OID_TEXT_SIZE) {
		der[1] = (uint8_t)content.size;
		memcpy(der + 2, content.data, content.size);
		ERR_set_mark();
		object = d2i_ASN1_OBJECT(NULL, &cursor,
		    2 + (long)content.size);
		ERR_pop_to_mark();
	}
	if (object == NULL ||
	    OBJ_obj2txt(out, DER_OID_TEXT_SIZE, object, 1) <= 0)
		snprintf(out, DER_OID_TEXT_SIZE, "%s",
		    content.size > DER_OID_TEXT_SIZE ?
		    "an OID too long to show" : "a malformed OID");
	ASN1_OBJECT_free(object);
}

enum err
der_put_header(struct buffer *out, uint8_t tag, uint64_t content_size,
    struct error *err)
{
	uint8_t octets[HEADER_MAX] = {tag};
	unsigned int length_size = 0;

	if (content_size < LONG_FORM) {
		octets[1] = (uint8_t)content_size;
		return buffer_append(out, octets, 2, err);
	}
	while (length_size < 8 && content_size >> (8 * length_size) != 0)
		length_size++;
	octets[1] = (uint8_t)(LONG_FORM | length_size);
	for (unsigned int i = 0; i < length_size; i++)
		octets[2 + i] = (uint8_t)(content_size >>
		    (8 * (length_size - 1 - i)));
	return buffer_append(out, octets, 2 + length_size, err);
}

enum err
der_put(struct buffer *out, uint8_t tag, struct span content,
    struct error *err)
{
	/* All the room first, so that a failure leaves out as it was. */
	TRY(buffer_reserve(out, HEADER_MAX + content.size, err));
	TRY(der_put_header(out, tag, content.size, err));
	return buffer_append(out, content.data, content.size, err);
}
