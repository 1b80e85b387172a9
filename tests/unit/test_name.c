/* SPDX-License-Identifier: ISC */
/* Names that are equal, or only look so, by RFC 5280 7.1 and to OpenSSL. */
#include "crl_fixture.h"
#include "pki/name.h"
#include "test.h"

#define CN "0603550403"
#define O "060355040a"
#define ATTRIBUTE(size, type, value) "30" size type value
#define RDN(size, attributes) "31" size attributes

/* CN=Root CA, in strings of one octet or more for each letter. */
#define ROOT_CA "526f6f74204341"
#define ONE(tag) RDN("10", ATTRIBUTE("0e", CN, tag "07" ROOT_CA))
#define UTF8(size_r, size_a, size, text) \
	RDN(size_r, ATTRIBUTE(size_a, CN, "0c" size text))

static const struct {
	const char *name;
	const char *a, *b;	/* content of the Names, hex */
	bool is_equal;
} rows[] = {
	{ "the same octets", ONE("0c"), ONE("0c"), true },
	{ "both empty", "", "", true },
	{ "PrintableString", ONE("0c"), ONE("13"), true },
	{ "TeletexString", ONE("0c"), ONE("14"), true },
	{ "IA5String", ONE("0c"), ONE("16"), true },
	{ "BMPString", ONE("0c"), RDN("17", ATTRIBUTE("15", CN,
	    "1e0e" "0052006f006f0074" "002000430041")), true },
	{ "UniversalString", ONE("0c"), RDN("25", ATTRIBUTE("23", CN,
	    "1c1c" "000000520000006f0000006f00000074"
	    "000000200000004300000041")), true },
	{ "NumericString", ONE("0c"), ONE("12"), false },
	{ "case", ONE("0c"), UTF8("10", "0e", "07", "724f4f54206361"), true },
	{ "white space around", ONE("0c"), UTF8("13", "11", "0a",
	    "2020" ROOT_CA "20"), true },
	{ "white space within", ONE("0c"), UTF8("12", "10", "09",
	    "526f6f74" "202020" "4341"), true },
	{ "no white space within", ONE("0c"), UTF8("0f", "0d", "06",
	    "526f6f74" "4341"), false },
	{ "NUL behind", ONE("0c"), UTF8("11", "0f", "08", ROOT_CA "00"),
	    false },
	{ "umlaut in Latin-1", UTF8("0b", "09", "02", "c3bc"),
	    RDN("0a", ATTRIBUTE("08", CN, "1401fc")), true },
	{ "umlaut, capital", UTF8("0b", "09", "02", "c3bc"),
	    UTF8("0b", "09", "02", "c39c"), false },
	{ "umlaut, composed", UTF8("0b", "09", "02", "c3bc"),
	    UTF8("0c", "0a", "03", "75cc88"), false },
	{ "another attribute", ONE("0c"),
	    RDN("10", ATTRIBUTE("0e", O, "0c07" ROOT_CA)), false },
	{ "one more", ONE("0c"), ONE("0c") ONE("0c"), false },
	{ "none", ONE("0c"), "", false },
	{ "another order", ONE("0c") RDN("0a", ATTRIBUTE("08", O, "0c0141")),
	    RDN("0a", ATTRIBUTE("08", O, "0c0141")) ONE("0c"), false },
	{ "two in one RDN", RDN("1a", ATTRIBUTE("0e", CN, "0c07" ROOT_CA)
	    ATTRIBUTE("08", O, "0c0141")), RDN("1a", ATTRIBUTE("08", O,
	    "130161") ATTRIBUTE("0e", CN, "1307" ROOT_CA)), true },
	{ "two RDNs", RDN("1a", ATTRIBUTE("0e", CN, "0c07" ROOT_CA)
	    ATTRIBUTE("08", O, "0c0141")), ONE("0c") RDN("0a",
	    ATTRIBUTE("08", O, "0c0141")), false },
	{ "broken UTF-8", ONE("0c"), UTF8("10", "0e", "07", "526f6f74ff4341"),
	    false },
	{ "broken, and the same", UTF8("0a", "08", "01", "ff"),
	    UTF8("0a", "08", "01", "ff"), true },
	{ "cut off", ONE("0c"), "3110300e" CN "0c", false },
};

static void
put_name(const char *hex, struct buffer *out)
{
	put_wrapped(out, DER_SEQUENCE, hex);
}

TEST(names_are_compared)
{
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		RELEASE_BUFFER struct buffer a = {0}, b = {0};

		put_name(rows[i].a, &a);
		put_name(rows[i].b, &b);
		if (name_equals(span_of_buffer(&a), span_of_buffer(&b)) !=
		    rows[i].is_equal || name_equals(span_of_buffer(&b),
		    span_of_buffer(&a)) != rows[i].is_equal)
			fail_msg("%s: want %s", rows[i].name,
			    rows[i].is_equal ? "equal" : "different");
	}
}

TEST(trailing_octets_are_no_name)
{
	RELEASE_BUFFER struct buffer a = {0}, b = {0};
	struct error err = {0};

	put_name(ONE("0c"), &a);
	put_name(ONE("13"), &b);
	assert_true(name_equals(span_of_buffer(&a), span_of_buffer(&b)));
	FINE(buffer_append(&b, "", 1, &err));
	assert_false(name_equals(span_of_buffer(&a), span_of_buffer(&b)));
}

TEST(names_are_shown)
{
	static const struct {
		const char *name;	/* content, hex */
		const char *text;
	} shown[] = {
		{ ONE("0c"), "CN=Root CA" },
		{ ONE("0c") RDN("0a", ATTRIBUTE("08", O, "0c0141")),
		    "O=A,CN=Root CA" },
		{ UTF8("0b", "09", "02", "c3bc"), "CN=\xc3\xbc" },
		{ "", "an empty name" },
		{ UTF8("0a", "08", "01", "ff"), "a broken name" },
		{ "0500", "a broken name" },
	};

	for (size_t i = 0; i < COUNT_OF(shown); i++) {
		RELEASE_BUFFER struct buffer name = {0};
		char text[NAME_TEXT_SIZE];

		put_name(shown[i].name, &name);
		name_text(span_of_buffer(&name), text);
		assert_string_equal(text, shown[i].text);
	}
}

TEST(names_have_an_owner)
{
	static const struct {
		const char *name;	/* content, hex */
		const char *owner;
	} rows_of_owners[] = {
		{ ONE("0c"), "Root CA" },
		{ RDN("0a", ATTRIBUTE("08", O, "0c0141")) ONE("0c"), "A" },
		{ ONE("0c") RDN("0a", ATTRIBUTE("08", O, "0c0141")), "A" },
		{ RDN("0a", ATTRIBUTE("08", O, "0c0141"))
		    RDN("0a", ATTRIBUTE("08", O, "0c0142")), "B" },
		{ UTF8("0b", "09", "02", "c3bc"), "\xc3\xbc" },
		{ UTF8("0a", "08", "01", "07"), "?" },
		{ RDN("0a", ATTRIBUTE("08", "0603550406", "130144")), "C=D" },
		{ "", "an empty name" },
		{ "0500", "a broken name" },
	};

	for (size_t i = 0; i < COUNT_OF(rows_of_owners); i++) {
		RELEASE_BUFFER struct buffer name = {0};
		char owner[NAME_TEXT_SIZE];

		put_name(rows_of_owners[i].name, &name);
		name_owner(span_of_buffer(&name), owner);
		assert_string_equal(owner, rows_of_owners[i].owner);
	}
}
