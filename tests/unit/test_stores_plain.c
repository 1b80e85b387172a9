/* SPDX-License-Identifier: ISC */
/* A block that is called plain is one that OpenSSL reads alike. */
#include <openssl/err.h>
#include <openssl/pem.h>

#include "sub/store/store_openssl.h"
#include "sub/store/store_plain.h"
#include "test.h"

/* DER is of no account here: 100 octets, in three lines. */
static void
make_text(const char *before, size_t octets, struct buffer *out)
{
	uint8_t der[200];
	struct error err = {0};

	for (size_t i = 0; i < sizeof(der); i++)
		der[i] = (uint8_t)(i * 37 + 11);
	FINE(buffer_append_text(out, before, &err));
	FINE(pem_encode(PEM_CRL, (struct span){der, octets}, out, &err));
}

/* Where it is plain, OpenSSL finds the same.  True where it is. */
static bool
is_plain(struct span text)
{
	RELEASE_BUFFER struct buffer der = {0};
	struct pem_block block;
	char *label = NULL, *header = NULL;
	unsigned char *data = NULL;
	long size = 0;
	BIO *bio;

	if (!plain_next(text, 0, &block) ||
	    pem_decode(&block, &der, NULL) != ERR_OK)
		return false;
	bio = openssl_open(text);
	assert_non_null(bio);
	if (PEM_read_bio(bio, &label, &header, &data, &size) != 1)
		fail_msg("want what OpenSSL reads, have: %.*s",
		    (int)text.size, (const char *)text.data);
	assert_string_equal(label, PEM_CRL);
	assert_string_equal(header, "");
	assert_int_equal(size, der.size);
	assert_memory_equal(data, der.data, der.size);
	assert_int_equal(BIO_tell(bio), block.end);
	OPENSSL_free(label);
	OPENSSL_free(header);
	OPENSSL_free(data);
	BIO_free(bio);
	return true;
}

TEST(what_is_written_is_plain)
{
	static const char *const before[] = { "", "# a comment\n", "\n\n",
	    " -----BEGIN X509 CRL-----\n" };

	for (size_t i = 0; i < COUNT_OF(before); i++) {
		for (size_t octets = 1; octets < 200; octets++) {
			RELEASE_BUFFER struct buffer text = {0};

			make_text(before[i], octets, &text);
			assert_true(is_plain(span_of_buffer(&text)));
		}
	}
}

TEST(what_is_changed_is_not_or_is_read_alike)
{
	static const char octets[] = "\0\n\r\t -=:Az\xef";
	RELEASE_BUFFER struct buffer text = {0};
	size_t plain = 0, other = 0;

	make_text("# a comment\n", 100, &text);
	for (size_t at = 0; at < text.size; at++) {
		const uint8_t kept = text.data[at];

		for (size_t i = 0; i < sizeof(octets) - 1; i++) {
			text.data[at] = (uint8_t)octets[i];
			if (is_plain(span_of_buffer(&text)))
				plain++;
			else
				other++;
		}
		text.data[at] = kept;
	}
	assert_true(plain > 100 && other > 100);
}

TEST(what_is_cut_or_put_in_is_not_or_is_read_alike)
{
	static const char octets[] = "\0\n\r -A";
	RELEASE_BUFFER struct buffer text = {0};
	struct error err = {0};

	make_text("# a comment\n", 100, &text);
	for (size_t at = 0; at < text.size; at++) {
		const struct span whole = span_of_buffer(&text);
		RELEASE_BUFFER struct buffer cut = {0};

		is_plain((struct span){whole.data, at});
		FINE(buffer_append(&cut, whole.data, whole.size, &err));
		memmove(cut.data + at, cut.data + at + 1, cut.size - at - 1);
		cut.size--;
		is_plain(span_of_buffer(&cut));
		for (size_t i = 0; i < sizeof(octets) - 1; i++) {
			RELEASE_BUFFER struct buffer more = {0};

			FINE(buffer_append(&more, whole.data, at + 1, &err));
			more.data[at] = (uint8_t)octets[i];
			FINE(buffer_append(&more, whole.data + at, whole.size -
			    at, &err));
			is_plain(span_of_buffer(&more));
		}
	}
}

/* OpenSSL reads a long line in pieces, one of which may be a BEGIN. */
TEST(long_lines_are_left_to_openssl)
{
	for (size_t size = 150; size < 600; size++) {
		RELEASE_BUFFER struct buffer text = {0};
		char line[600];

		memset(line, 'x', sizeof(line));
		line[size] = '\0';
		make_text(line, 100, &text);
		assert_false(is_plain(span_of_buffer(&text)));
		line[size - 1] = '\n';
		text.size = 0;
		make_text(line, 100, &text);
		is_plain(span_of_buffer(&text));
	}
}
