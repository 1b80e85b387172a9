/* SPDX-License-Identifier: ISC */
#include "pki/der.h"
#include "test.h"

#define OCTETS_MAX 512

/* Octets from hex, `fill` zeros behind them, in memory of exactly that size. */
static struct span
octets(const char *hex, size_t fill)
{
	static uint8_t *memory;
	uint8_t begin[OCTETS_MAX];
	size_t size = 0;

	assert_true(hex_decode(span_of_text(hex), begin, sizeof(begin), &size));
	free(memory);
	memory = calloc(1, size + fill + 1);
	assert_non_null(memory);
	/* At the end of the block, so that a read beyond it is seen. */
	memcpy(memory + 1, begin, size);
	return (struct span){ .data = memory + 1, .size = size + fill };
}

static const struct {
	const char *name;
	const char *hex;
	size_t fill;
	enum err want;
	size_t header_size, content_size;	/* where want is OK */
} next_rows[] = {
	{ "NULL", "0500", 0, ERR_OK, 2, 0 },
	{ "INTEGER", "020105", 0, ERR_OK, 2, 1 },
	{ "something behind it", "0201050500", 0, ERR_OK, 2, 1 },
	{ "short form ends at 127", "047f", 127, ERR_OK, 2, 127 },
	{ "long form begins at 128", "048180", 128, ERR_OK, 3, 128 },
	{ "one octet ends at 255", "0481ff", 255, ERR_OK, 3, 255 },
	{ "two octets begin at 256", "04820100", 256, ERR_OK, 4, 256 },
	{ "two octets end at 65535", "3082ffff", 65535, ERR_OK, 4, 65535 },
	{ "three octets", "3083010000", 65536, ERR_OK, 5, 65536 },
	{ "context, primitive", "8000", 0, ERR_OK, 2, 0 },
	{ "context, constructed", "a000", 0, ERR_OK, 2, 0 },
	{ "context 30", "9e00", 0, ERR_OK, 2, 0 },
	{ "application, constructed", "6000", 0, ERR_OK, 2, 0 },
	{ "private", "c000", 0, ERR_OK, 2, 0 },
	{ "SET", "3100", 0, ERR_OK, 2, 0 },
	{ "EXTERNAL", "2800", 0, ERR_OK, 2, 0 },

	{ "nothing", "", 0, ERR_FORMAT, 0, 0 },
	{ "only an identifier", "30", 0, ERR_FORMAT, 0, 0 },
	{ "content cut by one", "04020a", 0, ERR_FORMAT, 0, 0 },
	{ "long content cut by one", "048180", 127, ERR_FORMAT, 0, 0 },
	{ "length cut", "048201", 0, ERR_FORMAT, 0, 0 },
	{ "length wholly cut", "0481", 0, ERR_FORMAT, 0, 0 },
	{ "indefinite", "30800000", 0, ERR_FORMAT, 0, 0 },
	{ "indefinite primitive", "04800000", 0, ERR_FORMAT, 0, 0 },
	{ "reserved length ff", "30ff", 300, ERR_FORMAT, 0, 0 },
	{ "127 in long form", "04817f", 127, ERR_FORMAT, 0, 0 },
	{ "0 in long form", "048100", 0, ERR_FORMAT, 0, 0 },
	{ "255 in two octets", "048200ff", 255, ERR_FORMAT, 0, 0 },
	{ "leading zero", "0483000100", 256, ERR_FORMAT, 0, 0 },
	{ "nine octets", "3089010000000000000000", 64, ERR_FORMAT, 0, 0 },
	{ "2^64-1", "3088ffffffffffffffff", 64, ERR_FORMAT, 0, 0 },
	{ "2^63", "30888000000000000000", 64, ERR_FORMAT, 0, 0 },
	{ "2^63-1", "30887fffffffffffffff", 64, ERR_FORMAT, 0, 0 },
	{ "tag number 31", "1f1f00", 0, ERR_FORMAT, 0, 0 },
	{ "context 31", "bf1f00", 0, ERR_FORMAT, 0, 0 },
	{ "end of contents", "0000", 0, ERR_FORMAT, 0, 0 },
	{ "constructed end of contents", "2000", 0, ERR_FORMAT, 0, 0 },
	{ "primitive SEQUENCE", "1000", 0, ERR_FORMAT, 0, 0 },
	{ "primitive SET", "1100", 0, ERR_FORMAT, 0, 0 },
	{ "constructed INTEGER", "2203020105", 0, ERR_FORMAT, 0, 0 },
	{ "constructed OCTET STRING", "2400", 0, ERR_FORMAT, 0, 0 },
	{ "constructed UTF8String", "2c00", 0, ERR_FORMAT, 0, 0 },
	{ "constructed UTCTime", "3700", 0, ERR_FORMAT, 0, 0 },
	{ "constructed NULL", "2500", 0, ERR_FORMAT, 0, 0 },
};

TEST(next_takes_only_strict_values)
{
	for (size_t i = 0; i < COUNT_OF(next_rows); i++) {
		struct span in = octets(next_rows[i].hex, next_rows[i].fill);
		struct span before = in;
		struct der_value value = {0};
		struct error err = {0};
		enum err code;
		size_t taken;

		code = der_next(&in, next_rows[i].name, &value, &err);
		if (code != next_rows[i].want)
			fail_msg("%s: %s", next_rows[i].name, err.what);
		if (code != ERR_OK) {
			assert_int_equal(err.code, code);
			assert_memory_equal(err.what, next_rows[i].name,
			    strlen(next_rows[i].name));
			assert_memory_equal(err.what +
			    strlen(next_rows[i].name), ": ", 2);
			assert_null(value.whole.data);
			assert_ptr_equal(in.data, before.data);
			assert_int_equal(in.size, before.size);
			continue;
		}
		taken = next_rows[i].header_size + next_rows[i].content_size;
		assert_int_equal(value.tag, before.data[0]);
		assert_ptr_equal(value.whole.data, before.data);
		assert_int_equal(value.whole.size, taken);
		assert_ptr_equal(value.content.data,
		    before.data + next_rows[i].header_size);
		assert_int_equal(value.content.size,
		    next_rows[i].content_size);
		assert_ptr_equal(in.data, before.data + taken);
		assert_int_equal(in.size, before.size - taken);
	}
}

static const struct {
	const char *name;
	const char *hex;
	enum err want;
	uint8_t tag;
	size_t header_size;
	uint64_t content_size;
} measure_rows[] = {
	{ "short, content absent", "3005", ERR_OK, 0x30, 2, 5 },
	{ "long, content absent", "30820100", ERR_OK, 0x30, 4, 256 },
	{ "one octet, content absent", "048180", ERR_OK, 0x04, 3, 128 },
	{ "more at hand", "3083010000020100020100", ERR_OK, 0x30, 5, 65536 },
	{ "five octets", "30850100000000", ERR_OK, 0x30, 7,
	    UINT64_C(0x100000000) },
	{ "the largest, its header counted", "30887ffffffffffffff5", ERR_OK,
	    0x30, 10, INT64_MAX - 10 },
	{ "one more", "30887ffffffffffffff6", ERR_FORMAT, 0, 0, 0 },
	{ "beyond it", "30888000000000000000", ERR_FORMAT, 0, 0, 0 },
	{ "nothing", "", ERR_FORMAT, 0, 0, 0 },
	{ "length cut", "308201", ERR_FORMAT, 0, 0, 0 },
	{ "not minimal", "308200ff", ERR_FORMAT, 0, 0, 0 },
	{ "not minimal, zeros cut", "308800000000000000", ERR_FORMAT, 0, 0,
	    0 },
	{ "not minimal, zeros", "30880000000000000001", ERR_FORMAT, 0, 0, 0 },
	{ "indefinite", "3080", ERR_FORMAT, 0, 0, 0 },
	{ "primitive SEQUENCE", "1005", ERR_FORMAT, 0, 0, 0 },
};

TEST(measure_needs_no_content)
{
	for (size_t i = 0; i < COUNT_OF(measure_rows); i++) {
		struct span in = octets(measure_rows[i].hex, 0);
		struct error err = {0};
		uint64_t content_size = 99;
		size_t header_size = 99;
		uint8_t tag = 99;
		enum err code;

		code = der_measure(in, "list", &tag, &header_size,
		    &content_size, &err);
		if (code != measure_rows[i].want)
			fail_msg("%s: %s", measure_rows[i].name, err.what);
		if (code != ERR_OK) {
			assert_true(err.what[0] != '\0');
			assert_int_equal(content_size, 99);
			assert_int_equal(header_size, 99);
			assert_int_equal(tag, 99);
			continue;
		}
		assert_int_equal(tag, measure_rows[i].tag);
		assert_int_equal(header_size, measure_rows[i].header_size);
		assert_true(content_size == measure_rows[i].content_size);
	}
}

TEST(expect_wants_its_tag)
{
	struct span in = octets("300302010a0500", 0);
	struct der_value outer = {0}, inner = {0};
	struct error err = {0};

	assert_true(der_is_next(in, DER_SEQUENCE));
	assert_false(der_is_next(in, DER_SET));
	assert_false(der_is_next((struct span){0}, DER_SET));
	FINE(der_expect(&in, DER_SEQUENCE, "list", &outer, &err));
	REFUSED(der_expect(&outer.content, DER_ENUMERATED, "reason", &inner,
	    &err), ERR_FORMAT);
	assert_string_equal(err.what, "reason: want ENUMERATED (0a), have "
	    "INTEGER (02)");
	assert_int_equal(outer.content.size, 3);
	assert_null(inner.whole.data);
	FINE(der_expect(&outer.content, DER_INTEGER, "number", &inner, &err));
	assert_int_equal(inner.content.data[0], 10);
	REFUSED(der_expect(&outer.content, DER_INTEGER, "number", &inner, &err),
	    ERR_FORMAT);
	assert_string_equal(err.what, "number: no value, but nothing");
	FINE(der_end(outer.content, "list", &err));
	REFUSED(der_end(in, "file", &err), ERR_FORMAT);
	assert_string_equal(err.what, "file: 2 octets follow it");
}

static const struct {
	const char *hex;
	enum err want;
	bool value;
} boolean_rows[] = {
	{ "00", ERR_OK, false },
	{ "ff", ERR_OK, true },
	{ "01", ERR_FORMAT, false },
	{ "fe", ERR_FORMAT, false },
	{ "", ERR_FORMAT, false },
	{ "ffff", ERR_FORMAT, false },
};

TEST(boolean_is_00_or_ff)
{
	for (size_t i = 0; i < COUNT_OF(boolean_rows); i++) {
		bool value = !boolean_rows[i].value;
		struct error err = {0};

		assert_int_equal(der_boolean(octets(boolean_rows[i].hex, 0),
		    "critical", &value, &err), boolean_rows[i].want);
		assert_int_equal(err.what[0] != '\0',
		    boolean_rows[i].want != ERR_OK);
		assert_int_equal(value == boolean_rows[i].value,
		    boolean_rows[i].want == ERR_OK);
	}
}

static const struct {
	const char *hex;
	enum err want;		/* of der_check_integer */
	enum err want_small;	/* of der_small_integer */
	int32_t small;
} integer_rows[] = {
	{ "00", ERR_OK, ERR_OK, 0 },
	{ "7f", ERR_OK, ERR_OK, 127 },
	{ "0080", ERR_OK, ERR_OK, 128 },
	{ "0100", ERR_OK, ERR_OK, 256 },
	{ "7fffffff", ERR_OK, ERR_OK, INT32_MAX },
	{ "0080000000", ERR_OK, ERR_FORMAT, 0 },
	{ "0100000000", ERR_OK, ERR_FORMAT, 0 },
	{ "0102030405060708090a0b0c0d0e0f101112131415", ERR_OK, ERR_FORMAT,
	    0 },
	{ "80", ERR_OK, ERR_FORMAT, 0 },
	{ "ff", ERR_OK, ERR_FORMAT, 0 },
	{ "ff7f", ERR_OK, ERR_FORMAT, 0 },
	{ "", ERR_FORMAT, ERR_FORMAT, 0 },
	{ "0000", ERR_FORMAT, ERR_FORMAT, 0 },
	{ "007f", ERR_FORMAT, ERR_FORMAT, 0 },
	{ "ff80", ERR_FORMAT, ERR_FORMAT, 0 },
	{ "ffff", ERR_FORMAT, ERR_FORMAT, 0 },
};

TEST(integers_are_minimal)
{
	for (size_t i = 0; i < COUNT_OF(integer_rows); i++) {
		struct span in = octets(integer_rows[i].hex, 0);
		struct error err = {0}, small_err = {0};
		int32_t small = -99;

		assert_int_equal(der_check_integer(in, "serial", &err),
		    integer_rows[i].want);
		assert_int_equal(err.what[0] != '\0',
		    integer_rows[i].want != ERR_OK);
		assert_int_equal(der_small_integer(in, "reason", &small,
		    &small_err), integer_rows[i].want_small);
		assert_int_equal(small_err.what[0] != '\0',
		    integer_rows[i].want_small != ERR_OK);
		assert_int_equal(small,
		    integer_rows[i].want_small == ERR_OK ?
		    integer_rows[i].small : -99);
	}
}

static const struct {
	const char *hex;
	const char *want;
} oid_rows[] = {
	{ "551d14", "2.5.29.20" },
	{ "2a864886f70d01010b", "1.2.840.113549.1.1.11" },
	{ "00", "0.0" },
	{ "8837", "2.999" },
	{ "69838ce5fbcda8d1a6c4cac0fed79c8b8ddcb38a3d", NULL },
	{ "", "a malformed OID" },
	{ "80", "a malformed OID" },
	{ "5586", "a malformed OID" },
	{ "558001", "a malformed OID" },
};

TEST(oids_become_text)
{
	uint8_t content[200];
	char text[DER_OID_TEXT_SIZE];

	for (size_t i = 0; i < COUNT_OF(oid_rows); i++) {
		memset(text, 'x', sizeof(text));
		der_oid_text(octets(oid_rows[i].hex, 0), text);
		if (oid_rows[i].want != NULL)
			assert_string_equal(text, oid_rows[i].want);
		else
			assert_memory_equal(text, "2.25.", 5);
	}
	memset(content, 0x7f, sizeof(content));
	for (size_t size = 1; size <= sizeof(content); size++) {
		memset(text, 'x', sizeof(text));
		der_oid_text((struct span){ content, size }, text);
		assert_in_range(strnlen(text, sizeof(text)), 1,
		    sizeof(text) - 1);
	}
	assert_string_equal(text, "an OID too long to show");
}

static const struct {
	uint64_t size;
	const char *want;
} header_rows[] = {
	{ 0, "3000" },
	{ 127, "307f" },
	{ 128, "308180" },
	{ 255, "3081ff" },
	{ 256, "30820100" },
	{ 65535, "3082ffff" },
	{ 65536, "3083010000" },
	{ 0xffffffff, "3084ffffffff" },
	{ UINT64_C(0x100000000), "30850100000000" },
	{ INT64_MAX, "30887fffffffffffffff" },
	{ UINT64_MAX, "3088ffffffffffffffff" },
};

TEST(headers_are_minimal)
{
	for (size_t i = 0; i < COUNT_OF(header_rows); i++) {
		RELEASE_BUFFER struct buffer out = {0};
		struct error err = {0};
		char hex[32];

		FINE(der_put_header(&out, DER_SEQUENCE, header_rows[i].size,
		    &err));
		hex_encode(span_of_buffer(&out), hex, sizeof(hex));
		assert_string_equal(hex, header_rows[i].want);
	}
}

TEST(what_is_put_can_be_taken)
{
	static const size_t sizes[] = { 0, 1, 127, 128, 255, 256, 400 };
	uint8_t content[400];

	for (size_t i = 0; i < sizeof(content); i++)
		content[i] = (uint8_t)i;
	for (size_t i = 0; i < COUNT_OF(sizes); i++) {
		RELEASE_BUFFER struct buffer out = {0};
		struct span put = { content, sizes[i] }, in;
		struct der_value value;
		struct error err = {0};

		if (sizes[i] == 0)
			put.data = NULL;
		FINE(der_put(&out, DER_OCTET_STRING, put, &err));
		in = span_of_buffer(&out);
		FINE(der_expect(&in, DER_OCTET_STRING, "string", &value, &err));
		assert_true(span_equals(value.content, put));
		assert_int_equal(in.size, 0);
	}
}
