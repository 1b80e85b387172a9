/* SPDX-License-Identifier: ISC */
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/x509.h>

#include "base/text.h"
#include "pki/name.h"

/* RFC 2253 in UTF-8: letters beyond ASCII stay readable. */
#define NAME_FLAGS (XN_FLAG_RFC2253 & ~(unsigned long)ASN1_STRFLGS_ESC_MSB)

#define FREE_BIO __attribute__((cleanup(bio_free_at)))
#define FREE_NAME __attribute__((cleanup(name_free_at)))

static void
bio_free_at(BIO **bio)
{
	BIO_free(*bio);
}

static void
name_free_at(X509_NAME **name)
{
	X509_NAME_free(*name);
}

/* NULL unless OpenSSL can read all of it. */
static X509_NAME *
parse(struct span der)
{
	const unsigned char *at = der.data;
	X509_NAME *name = NULL;

	ERR_set_mark();
	if (der.size <= LONG_MAX)
		name = d2i_X509_NAME(NULL, &at, (long)der.size);
	ERR_pop_to_mark();
	if (name != NULL && at != der.data + der.size) {
		X509_NAME_free(name);
		name = NULL;
	}
	return name;
}

bool
name_equals(struct span a, struct span b)
{
	FREE_NAME X509_NAME *first = NULL, *second = NULL;

	if (span_equals(a, b))
		return true;
	first = parse(a);
	second = parse(b);
	return first != NULL && second != NULL &&
	    X509_NAME_cmp(first, second) == 0;
}

/* Whole characters as far as they fit; '?' for those that cannot be shown. */
static void
copy_text(struct span in, char out[NAME_TEXT_SIZE])
{
	size_t used = 0;

	while (in.size > 0) {
		struct span character;
		uint32_t point;

		if (!utf8_next(&in, &character, &point) ||
		    utf8_is_control(point))
			character = span_of_text("?");
		if (character.size > NAME_TEXT_SIZE - 1 - used)
			break;
		memcpy(out + used, character.data, character.size);
		used += character.size;
	}
	out[used] = '\0';
}

bool
name_print(const X509_NAME *name, char out[NAME_TEXT_SIZE])
{
	FREE_BIO BIO *bio = BIO_new(BIO_s_mem());
	char *text = NULL;
	long size;

	if (bio == NULL || X509_NAME_print_ex(bio, name, 0, NAME_FLAGS) < 0)
		return false;
	size = BIO_get_mem_data(bio, &text);
	copy_text((struct span){(const uint8_t *)text, (size_t)size}, out);
	return true;
}

void
name_text(struct span name, char out[NAME_TEXT_SIZE])
{
	FREE_NAME X509_NAME *parsed = parse(name);
	bool is_printed;

	ERR_set_mark();
	is_printed = parsed != NULL && name_print(parsed, out);
	ERR_pop_to_mark();
	if (!is_printed || out[0] == '\0')
		snprintf(out, NAME_TEXT_SIZE, "%s name", is_printed ?
		    "an empty" : "a broken");
}

/* The last attribute of a kind, printable; false if there is none. */
static bool
print_attribute(const X509_NAME *name, int nid, char out[NAME_TEXT_SIZE])
{
	unsigned char *text = NULL;
	int at = -1, last = -1, size;

	while ((at = X509_NAME_get_index_by_NID(name, nid, at)) >= 0)
		last = at;
	if (last < 0)
		return false;
	size = ASN1_STRING_to_UTF8(&text, X509_NAME_ENTRY_get_data(
	    X509_NAME_get_entry(name, last)));
	if (size > 0)
		copy_text((struct span){text, (size_t)size}, out);
	OPENSSL_free(text);
	return size > 0;
}

void
name_owner(struct span name, char out[NAME_TEXT_SIZE])
{
	FREE_NAME X509_NAME *parsed = parse(name);
	bool is_printed;

	ERR_set_mark();
	is_printed = parsed != NULL &&
	    (print_attribute(parsed, NID_organizationName, out) ||
	    print_attribute(parsed, NID_commonName, out));
	ERR_pop_to_mark();
	if (!is_printed)
		name_text(name, out);
}
