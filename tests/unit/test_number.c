/* SPDX-License-Identifier: ISC */
#include "base/number.h"
#include "test.h"

#define HEX_2_159_1 "7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF"
#define DECIMAL_2_159_1 "730750818665451459101842416358141509827966271487"
#define DECIMAL_2_159 "730750818665451459101842416358141509827966271488"
#define DECIMAL_2_160_1 "1461501637330902918203684832716283019655932542975"
#define DECIMAL_2_160 "1461501637330902918203684832716283019655932542976"

/* The same number in all its forms. */
static const struct {
	const char *decimal;
	const char *hex;
	const char *der;	/* content octets of the INTEGER */
	bool fits;
} form_rows[] = {
	{ "0", "00", "00", true },
	{ "1", "01", "01", true },
	{ "9", "09", "09", true },
	{ "10", "0A", "0a", true },
	{ "127", "7F", "7f", true },
	{ "128", "80", "0080", true },
	{ "255", "FF", "00ff", true },
	{ "256", "0100", "0100", true },
	{ "4096", "1000", "1000", true },
	{ "32768", "8000", "008000", true },
	{ "65535", "FFFF", "00ffff", true },
	{ "18446744073709551615", "FFFFFFFFFFFFFFFF", "00ffffffffffffffff",
	    true },
	{ "18446744073709551616", "010000000000000000", "010000000000000000",
	    true },
	{ DECIMAL_2_159_1, HEX_2_159_1,
	    "7fffffffffffffffffffffffffffffffffffffff", true },
	{ DECIMAL_2_159, "8000000000000000000000000000000000000000",
	    "008000000000000000000000000000000000000000", false },
	{ DECIMAL_2_160_1, "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF",
	    "00ffffffffffffffffffffffffffffffffffffffff", false },
};

TEST(numbers_have_many_forms)
{
	for (size_t i = 0; i < COUNT_OF(form_rows); i++) {
		uint8_t content[NUMBER_OCTETS + 1];
		struct number number, other;
		char text[NUMBER_TEXT_SIZE];
		struct span der;

		if (!number_from_decimal(form_rows[i].decimal, &number))
			fail_msg("%s", form_rows[i].decimal);
		number_format(&number, 0, text);
		assert_string_equal(text, form_rows[i].decimal);
		number_format_hex(&number, text);
		assert_string_equal(text, form_rows[i].hex);

		der = number_der_content(&number, content);
		hex_encode(der, text, sizeof(text));
		assert_string_equal(text, form_rows[i].der);
		assert_true(number_from_octets(der, &other));
		assert_int_equal(number_compare(&number, &other), 0);

		assert_true(number_from_hex(span_of_text(form_rows[i].hex),
		    &other));
		assert_int_equal(number_compare(&number, &other), 0);
		assert_int_equal(number_fits(&number), form_rows[i].fits);
		assert_int_equal(number_is_zero(&number), i == 0);
	}
}

TEST(numbers_have_an_order)
{
	struct number low, high;

	for (size_t i = 1; i < COUNT_OF(form_rows); i++) {
		assert_true(number_from_decimal(form_rows[i - 1].decimal,
		    &low));
		assert_true(number_from_decimal(form_rows[i].decimal, &high));
		assert_true(number_compare(&low, &high) < 0);
		assert_true(number_compare(&high, &low) > 0);
	}
}

static const struct {
	const char *text;
	const char *want;	/* NULL: refused */
} decimal_rows[] = {
	{ "000007", "7" },
	{ "0000000000000000000000000000000000000000000000000", "0" },
	{ "0000000000000000000000000000000000000000000000001", "1" },
	{ "00000000000000000000000000000000000000000000000001", NULL },
	{ DECIMAL_2_160, NULL },
	{ "9999999999999999999999999999999999999999999999999", NULL },
	{ "", NULL },
	{ "-1", NULL },
	{ "+1", NULL },
	{ " 1", NULL },
	{ "1 ", NULL },
	{ "1\n", NULL },
	{ "0x10", NULL },
	{ "1e3", NULL },
	{ "12a", NULL },
	{ "1/", NULL },
	{ "1:", NULL },
	{ "1.0", NULL },
};

TEST(decimal_is_digits_only)
{
	for (size_t i = 0; i < COUNT_OF(decimal_rows); i++) {
		struct number number = number_from_u64(12345);
		char text[NUMBER_TEXT_SIZE];

		if (number_from_decimal(decimal_rows[i].text, &number) !=
		    (decimal_rows[i].want != NULL))
			fail_msg("\"%s\"", decimal_rows[i].text);
		number_format(&number, 0, text);
		assert_string_equal(text, decimal_rows[i].want != NULL ?
		    decimal_rows[i].want : "12345");
	}
}

static const struct {
	const char *text;
	const char *want;	/* decimal; NULL: refused */
} hex_rows[] = {
	{ "1", "1" },
	{ "01", "1" },
	{ "0", "0" },
	{ "00", "0" },
	{ "1000", "4096" },
	{ "aBc", "2748" },
	{ "00000000000000000000000000000000000000000000000000000000000000ff",
	    "255" },
	{ "000000000000000000000000000000000000000000000000000000000000000f",
	    "15" },
	{ HEX_2_159_1, DECIMAL_2_159_1 },
	{ "0" HEX_2_159_1, DECIMAL_2_159_1 },
	{ "10000000000000000000000000000000000000000", NULL },
	{ "1" HEX_2_159_1, NULL },
	{ "", NULL },
	{ "0x1", NULL },
	{ "-1", NULL },
	{ "1 ", NULL },
	{ "1\n", NULL },
	{ "g", NULL },
};

TEST(hex_is_as_openssl_has_it)
{
	for (size_t i = 0; i < COUNT_OF(hex_rows); i++) {
		struct number number = number_from_u64(12345);
		char text[NUMBER_TEXT_SIZE];

		if (number_from_hex(span_of_text(hex_rows[i].text),
		    &number) != (hex_rows[i].want != NULL))
			fail_msg("\"%s\"", hex_rows[i].text);
		number_format(&number, 0, text);
		assert_string_equal(text, hex_rows[i].want != NULL ?
		    hex_rows[i].want : "12345");
	}
}

TEST(octets_beyond_twenty_are_refused)
{
	uint8_t octets[40] = {0};
	struct number number = number_from_u64(7);

	octets[19] = 1;
	assert_false(number_from_octets((struct span){ octets, 40 }, &number));
	assert_int_equal(number.octets[NUMBER_OCTETS - 1], 7);
	octets[19] = 0;
	octets[20] = 0xff;
	assert_true(number_from_octets((struct span){ octets, 40 }, &number));
	assert_int_equal(number.octets[0], 0xff);
	assert_true(number_from_octets((struct span){0}, &number));
	assert_true(number_is_zero(&number));
}

static const struct {
	uint64_t value;
	unsigned int min_digits;
	const char *want;
} format_rows[] = {
	{ 0, 0, "0" },
	{ 0, 6, "000000" },
	{ 7, 1, "7" },
	{ 4096, 6, "004096" },
	{ 999999, 6, "999999" },
	{ 1000000, 6, "1000000" },
	{ UINT64_MAX, 6, "18446744073709551615" },
};

TEST(decimal_is_padded)
{
	for (size_t i = 0; i < COUNT_OF(format_rows); i++) {
		struct number number = number_from_u64(format_rows[i].value);
		char text[NUMBER_TEXT_SIZE];

		number_format(&number, format_rows[i].min_digits, text);
		assert_string_equal(text, format_rows[i].want);
	}
}

static const struct {
	const char *from;
	const char *want;	/* NULL: refused */
} increment_rows[] = {
	{ "0", "1" },
	{ "254", "255" },
	{ "255", "256" },
	{ "65535", "65536" },
	{ "18446744073709551615", "18446744073709551616" },
	{ "730750818665451459101842416358141509827966271486",
	    DECIMAL_2_159_1 },
	{ DECIMAL_2_159_1, NULL },
	{ DECIMAL_2_159, NULL },
	{ DECIMAL_2_160_1, NULL },
};

TEST(increment_ends_at_the_range)
{
	for (size_t i = 0; i < COUNT_OF(increment_rows); i++) {
		struct number number;
		char text[NUMBER_TEXT_SIZE];

		assert_true(number_from_decimal(increment_rows[i].from,
		    &number));
		if (number_increment(&number) !=
		    (increment_rows[i].want != NULL))
			fail_msg("%s", increment_rows[i].from);
		number_format(&number, 0, text);
		assert_string_equal(text, increment_rows[i].want != NULL ?
		    increment_rows[i].want : increment_rows[i].from);
	}
}

static const struct {
	const char *high, *low, *want;
} difference_rows[] = {
	{ "0", "0", "0" },
	{ "8", "7", "1" },
	{ "256", "1", "255" },
	{ "65536", "65535", "1" },
	{ DECIMAL_2_159, "1", DECIMAL_2_159_1 },
	{ DECIMAL_2_160_1, DECIMAL_2_159, DECIMAL_2_159_1 },
	{ DECIMAL_2_160_1, "0", DECIMAL_2_160_1 },
};

TEST(differences_borrow)
{
	for (size_t i = 0; i < COUNT_OF(difference_rows); i++) {
		struct number high, low, result;
		char text[NUMBER_TEXT_SIZE];

		assert_true(number_from_decimal(difference_rows[i].high,
		    &high));
		assert_true(number_from_decimal(difference_rows[i].low, &low));
		result = number_difference(&high, &low);
		number_format(&result, 0, text);
		assert_string_equal(text, difference_rows[i].want);
	}
}
