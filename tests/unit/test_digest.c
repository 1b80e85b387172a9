/* SPDX-License-Identifier: ISC */
#include "base/digest.h"
#include "test.h"

/* FIPS 180-4 examples; BLAKE2b as `b2sum -l 256` prints it. */
static const struct {
	const char *text;
	const char *sha256;
	const char *blake2b;
} digest_rows[] = {
	{ "",
	    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
	    "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8"
	},
	{ "abc",
	    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
	    "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319"
	},
};

TEST(digests_are_those_of_the_standards)
{
	for (size_t i = 0; i < COUNT_OF(digest_rows); i++) {
		struct span in = span_of_text(digest_rows[i].text);
		uint8_t digest[SHA256_SIZE];
		char hex[SHA256_HEX_SIZE];

		assert_int_equal(sha256(in, digest, NULL), ERR_OK);
		sha256_hex(digest, hex);
		assert_string_equal(hex, digest_rows[i].sha256);
		blake2b_256(in, digest);
		hex_encode((struct span){ digest, BLAKE2B_256_SIZE }, hex,
		    sizeof(hex));
		assert_string_equal(hex, digest_rows[i].blake2b);
	}
}

TEST(nothing_at_all_has_a_digest)
{
	uint8_t empty[SHA256_SIZE], null[SHA256_SIZE];
	struct error err = {0};

	FINE(sha256(span_of_text(""), empty, &err));
	FINE(sha256((struct span){0}, null, &err));
	assert_memory_equal(empty, null, SHA256_SIZE);
	blake2b_256(span_of_text(""), empty);
	blake2b_256((struct span){0}, null);
	assert_memory_equal(empty, null, BLAKE2B_256_SIZE);
}

/* A million times "a" (FIPS 180-4), in pieces that fit no block. */
TEST(a_running_digest_does_not_mind_the_pieces)
{
	static const size_t pieces[] = { 1, 63, 64, 65, 4096, 1000000 };
	uint8_t digest[SHA256_SIZE];
	char hex[SHA256_HEX_SIZE];
	uint8_t *data = malloc(1000000);
	struct error err = {0};

	assert_non_null(data);
	memset(data, 'a', 1000000);
	for (size_t i = 0; i < COUNT_OF(pieces); i++) {
		struct sha256 *hash = NULL;
		size_t done = 0;

		FINE(sha256_new(&hash, &err));
		while (done < 1000000) {
			size_t size = pieces[i] < 1000000 - done ? pieces[i] :
			    1000000 - done;

			FINE(sha256_update(hash, (struct span){ data + done,
			    size }, &err));
			done += size;
		}
		FINE(sha256_update(hash, (struct span){0}, &err));
		FINE(sha256_final(hash, digest, &err));
		sha256_free(hash);
		hex_encode((struct span){ digest, SHA256_SIZE }, hex,
		    sizeof(hex));
		assert_string_equal(hex, "cdc76e5c9914fb9281a1c7e284d73e67"
		    "f1809a48a497200e046d39ccc7112cd0");
	}
	free(data);
	sha256_free(NULL);
}

static const struct {
	const char *hex, *want;
	enum err code;
} group_rows[] = {
    {"", "", ERR_OK},
    {"a", "a", ERR_OK},
    {"abcd", "abcd", ERR_OK},
    {"abcd1", "abcd 1", ERR_OK},
    {"ab12CD34", "ab12 CD34", ERR_OK},
    {"000102030405060708090a0b", "0001 0203 0405 0607 0809 0a0b", ERR_OK},
    {"000102030405060708090a0b0c0d0e0f",
	"0001 0203 0405 0607 0809 0a0b 0c0d 0e0f", ERR_OK},
    {"000102030405060708090a0b0c0d0e0f1",
	"0001 0203 0405 0607 0809 0a0b 0c0d 0e0f\n1", ERR_OK},
    {"ab12 ", "", ERR_FORMAT},
    {"ab12g", "", ERR_FORMAT},
    {"ab\xc3\xa4", "", ERR_FORMAT},
};

TEST(digests_are_read_in_groups_of_four)
{
	for (size_t i = 0; i < COUNT_OF(group_rows); i++) {
		RELEASE_BUFFER struct buffer out = {0};
		struct error err = {0};

		assert_int_equal(digest_groups(group_rows[i].hex, "\n",
		    &out, &err), group_rows[i].code);
		assert_int_equal(err.code, group_rows[i].code);
		FINE(buffer_append(&out, "", 1, &err));
		assert_string_equal((const char *)out.data,
		    group_rows[i].want);
	}
}
