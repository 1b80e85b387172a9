/* SPDX-License-Identifier: ISC */
#include <openssl/pem.h>

#include "pki/pem.h"
#include "test.h"

#define B(label) "-----BEGIN " label "-----\n"
#define E(label) "-----END " label "-----\n"
#define BOM "\xef\xbb\xbf"
#define LABEL_63 \
	"0123456789012345678901234567890123456789012345678901234567890AB"

static const struct {
	const char *name;
	const char *text;
	const char *want;	/* "label@begin-end;" of each block */
} next_rows[] = {
	{ "nothing", "", "" },
	{ "no block", "hello\n", "" },
	{ "one", B("X") "AA==\n" E("X"), "X@0-39;" },
	{ "no LF at the end", B("X") "AA==\n-----END X-----", "X@0-38;" },
	{ "CRLF", "-----BEGIN X-----\r\nAA==\r\n-----END X-----\r\n",
	    "X@0-42;" },
	{ "byte order mark", BOM B("X") E("X"), "X@3-37;" },
	{ "one in each of two", BOM B("X") E("X") BOM B("Y") E("Y"),
	    "X@3-37;Y@40-74;" },
	{ "byte order mark within", "a\n" BOM B("X") E("X"), "" },
	{ "two of them", BOM BOM B("X") E("X"), "" },
	{ "controls behind", "-----BEGIN X-----\f\001\n-----END X----- \t\r\n",
	    "X@0-39;" },
	{ "text around", "a\n" B("X") E("X") "b\n", "X@2-36;" },
	{ "two", B("X") E("X") B("A B") E("A B"), "X@0-34;A B@34-72;" },
	{ "empty body", B("X") E("X"), "X@0-34;" },
	{ "END missing", B("X") "AA==\n", "" },
	{ "END of another", B("X") E("Y"), "" },
	{ "END of a longer name", B("X") E("XX"), "" },
	{ "cut, then whole", B("X") "AA\n" B("X") E("X"), "X@21-55;" },
	{ "wrong END, then whole", B("X") E("Y") B("X") E("X"), "X@34-68;" },
	{ "inner block wins", B("X") B("Y") E("Y") E("X"), "Y@18-52;" },
	{ "END twice", B("X") E("X") E("X"), "X@0-34;" },
	{ "BEGIN within a line", " " B("X") E("X"), "" },
	{ "no label", "-----BEGIN -----\n-----END -----\n", "" },
	{ "dashes missing", "-----BEGIN X----\n" E("X"), "" },
	{ "label of 63", B(LABEL_63) E(LABEL_63), LABEL_63 "@0-158;" },
	{ "label of 64", B(LABEL_63 "x") E(LABEL_63 "x"), "" },
	{ "control character in label", B("X\033") E("X\033"), "" },
	{ "UTF-8 in label", B("\xc3\xa4") E("\xc3\xa4"), "" },
};

TEST(blocks_are_found_in_order)
{
	for (size_t i = 0; i < COUNT_OF(next_rows); i++) {
		char have[256] = "";
		struct pem_block block;
		size_t offset = 0, used = 0;

		while (pem_next(span_of_text(next_rows[i].text), &offset,
		    &block)) {
			used += (size_t)snprintf(have + used,
			    sizeof(have) - used, "%s@%zu-%zu;", block.label,
			    block.begin, block.end);
			assert_int_equal(offset, block.end);
		}
		if (strcmp(have, next_rows[i].want) != 0)
			fail_msg("%s: want \"%s\", have \"%s\"",
			    next_rows[i].name, next_rows[i].want, have);
	}
}

/* A search that begins anew at each BEGIN would take minutes here. */
TEST(many_false_beginnings_are_passed_over)
{
	RELEASE_BUFFER struct buffer text = {0};
	struct pem_block block;
	struct error err;
	size_t offset = 0;

	for (size_t i = 0; i < 400000; i++)
		FINE(buffer_append_text(&text, B("X"), &err));
	assert_false(pem_next(span_of_buffer(&text), &offset, &block));
	assert_int_equal(offset, 0);
	FINE(buffer_append_text(&text, E("X"), &err));
	assert_true(pem_next(span_of_buffer(&text), &offset, &block));
	assert_int_equal(block.begin, (400000 - 1) * strlen(B("X")));
}

TEST(a_block_is_as_openssl_writes_it)
{
	static const size_t sizes[] = { 1, 2, 3, 47, 48, 49, 96, 97, 300 };
	uint8_t der[300];

	for (size_t i = 0; i < sizeof(der); i++)
		der[i] = (uint8_t)(i * 7);
	for (size_t i = 0; i < COUNT_OF(sizes); i++) {
		RELEASE_BUFFER struct buffer have = {0}, back = {0};
		struct span in = { der, sizes[i] };
		struct pem_block block;
		struct error err = {0};
		BIO *bio = BIO_new(BIO_s_mem());
		size_t offset = 0;
		char *want;
		long size;

		assert_true(PEM_write_bio(bio, PEM_CRL, "", der,
		    (long)sizes[i]) > 0);
		size = BIO_get_mem_data(bio, &want);
		FINE(pem_encode(PEM_CRL, in, &have, &err));
		assert_int_equal(have.size, size);
		assert_memory_equal(have.data, want, have.size);
		BIO_free(bio);

		assert_true(pem_next(span_of_buffer(&have), &offset, &block));
		assert_string_equal(block.label, PEM_CRL);
		FINE(pem_decode(&block, &back, &err));
		assert_true(span_equals(span_of_buffer(&back), in));
	}
}

#define SMALL "MAMCAQE="	/* 30 03 02 01 01 */
#define SMALL_TEXT B("X") SMALL "\n" E("X")

static const struct {
	const char *name;
	const char *file;
	size_t size;		/* 0: up to the NUL */
	enum err want;
} either_rows[] = {
	{ "DER", "0\003\002\001\001", 5, ERR_OK },
	{ "PEM", SMALL_TEXT, 0, ERR_OK },
	{ "PEM with text around", "a\n" SMALL_TEXT "b\n", 0, ERR_OK },
	{ "text that begins with 0", "0 s:CN=x\n" SMALL_TEXT, 0, ERR_OK },
	{ "text that begins with 00", "00\n" SMALL_TEXT, 0, ERR_OK },
	{ "another block beside it", B("Y") "AA==\n" E("Y") SMALL_TEXT, 0,
	    ERR_OK },
	{ "nothing", "", 0, ERR_FORMAT },
	{ "text", "hello", 0, ERR_FORMAT },
	{ "0 alone", "0", 0, ERR_FORMAT },
	{ "another block", B("Y") SMALL "\n" E("Y"), 0, ERR_FORMAT },
	{ "two blocks", SMALL_TEXT SMALL_TEXT, 0, ERR_FORMAT },
	{ "not base64", B("X") "!\n" E("X"), 0, ERR_FORMAT },
	{ "headers", B("X") "Proc-Type: 4\n\n" SMALL "\n" E("X"), 0,
	    ERR_FORMAT },
	{ "empty block", B("X") E("X"), 0, ERR_FORMAT },
	{ "DER cut", "0\202\001\001\002", 5, ERR_FORMAT },
	{ "DER with PEM behind it", "0\203\000\001\001" SMALL_TEXT, 52,
	    ERR_FORMAT },
	{ "DER with an octet behind it", "0\003\002\001\001\000", 6,
	    ERR_FORMAT },
	{ "PEM of cut DER", B("X") "MAQCAQE=\n" E("X"), 0, ERR_FORMAT },
	{ "PEM with an octet behind the DER", B("X") "MAMCAQEA\n" E("X"), 0,
	    ERR_FORMAT },
	{ "PEM of a SET", B("X") "MQMCAQE=\n" E("X"), 0, ERR_FORMAT },
};

TEST(either_form_gives_der)
{
	static const uint8_t der[] = { 0x30, 3, 2, 1, 1 };

	for (size_t i = 0; i < COUNT_OF(either_rows); i++) {
		RELEASE_BUFFER struct buffer out = {0};
		struct span file = span_of_text(either_rows[i].file);
		struct error err = {0};
		enum err code;

		if (either_rows[i].size != 0)
			file.size = either_rows[i].size;
		FINE(buffer_append_text(&out, "kept", &err));
		code = pem_or_der(file, "X", &out, &err);
		if (code != either_rows[i].want)
			fail_msg("%s: %s", either_rows[i].name, err.what);
		assert_memory_equal(out.data, "kept", 4);
		if (code != ERR_OK) {
			assert_int_equal(err.code, code);
			assert_memory_equal(err.what, "X: ", 3);
			assert_int_equal(out.size, 4);
			continue;
		}
		assert_int_equal(out.size, 4 + sizeof(der));
		assert_memory_equal(out.data + 4, der, sizeof(der));
	}
}

static const struct {
	const char *name;
	const char *text;
	enum err want;
} label_rows[] = {
	{ "CERTIFICATE", B("CERTIFICATE") SMALL "\n" E("CERTIFICATE"),
	    ERR_OK },
	{ "of old", B("X509 CERTIFICATE") SMALL "\n" E("X509 CERTIFICATE"),
	    ERR_OK },
	{ "trusted", B("TRUSTED CERTIFICATE") SMALL "\n"
	    E("TRUSTED CERTIFICATE"), ERR_OK },
	/* and 30 00 */
	{ "with settings", B("TRUSTED CERTIFICATE") "MAMCAQEwAA==\n"
	    E("TRUSTED CERTIFICATE"), ERR_OK },
	{ "settings of another", B("CERTIFICATE") "MAMCAQEwAA==\n"
	    E("CERTIFICATE"), ERR_FORMAT },
	{ "CERT", B("CERT") SMALL "\n" E("CERT"), ERR_FORMAT },
	{ "CRL", B("X509 CRL") SMALL "\n" E("X509 CRL"), ERR_FORMAT },
	{ "two labels", B("CERTIFICATE") SMALL "\n" E("CERTIFICATE")
	    B("X509 CERTIFICATE") SMALL "\n" E("X509 CERTIFICATE"),
	    ERR_FORMAT },
};

TEST(a_certificate_has_any_of_openssl_s_labels)
{
	static const uint8_t der[] = { 0x30, 3, 2, 1, 1 };

	for (size_t i = 0; i < COUNT_OF(label_rows); i++) {
		RELEASE_BUFFER struct buffer out = {0};
		struct error err = {0};
		enum err code = pem_or_der(span_of_text(label_rows[i].text),
		    PEM_CERTIFICATE, &out, &err);

		if (code != label_rows[i].want)
			fail_msg("%s: %s", label_rows[i].name, err.what);
		if (code == ERR_OK)
			assert_true(span_equals(span_of_buffer(&out),
			    (struct span){ der, sizeof(der) }));
	}
}
