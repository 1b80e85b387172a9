/* SPDX-License-Identifier: ISC */
#include "base/bytes.h"
#include "base/text.h"
#include "test.h"

/* Text with NULs in it. */
#define SPAN(literal) { (const uint8_t *)(literal), sizeof(literal) - 1 }

static const struct {
	const char *name;
	struct span a, b;
	int want;	/* sign of the order */
} compare_rows[] = {
	{ "both empty, one NULL", SPAN(""), { NULL, 0 }, 0 },
	{ "same", SPAN("abc"), SPAN("abc"), 0 },
	{ "last octet", SPAN("abc"), SPAN("abd"), -1 },
	{ "shorter goes first", SPAN("z"), SPAN("aa"), -1 },
	{ "empty goes first", { NULL, 0 }, SPAN("\0"), -1 },
	{ "octets are unsigned", SPAN("\x7f"), SPAN("\x80"), -1 },
	{ "NUL does not end", SPAN("a\0b"), SPAN("a\0c"), -1 },
};

static int
sign(int value)
{
	return (value > 0) - (value < 0);
}

TEST(spans_have_an_order)
{
	for (size_t i = 0; i < COUNT_OF(compare_rows); i++) {
		struct span a = compare_rows[i].a;
		struct span b = compare_rows[i].b;

		if (sign(span_compare(a, b)) != compare_rows[i].want ||
		    sign(span_compare(b, a)) != -compare_rows[i].want)
			fail_msg("%s", compare_rows[i].name);
		assert_int_equal(span_equals(a, b),
		    compare_rows[i].want == 0);
	}
}

TEST(spans_contain_text)
{
	const struct span haystack = SPAN("one\0two");

	assert_true(span_contains(haystack, "two"));
	assert_true(span_contains(haystack, "one"));
	assert_false(span_contains(haystack, "twoo"));
	assert_false(span_contains(haystack, "onetwo"));
	assert_false(span_contains((struct span){0}, "x"));
}

TEST(lines_are_taken_one_by_one)
{
	struct span rest = span_of_text("one\n\ntwo\r\nthree"), line;

	assert_true(span_take_line(&rest, &line));
	assert_true(span_equals(line, span_of_text("one")));
	assert_true(span_take_line(&rest, &line));
	assert_int_equal(line.size, 0);
	assert_true(span_take_line(&rest, &line));
	assert_true(span_equals(line, span_of_text("two\r")));
	assert_false(span_take_line(&rest, &line));
	assert_true(span_equals(line, span_of_text("three")));
	assert_int_equal(rest.size, 0);
	assert_false(span_take_line(&rest, &line));
	assert_int_equal(line.size, 0);
	rest = (struct span){NULL, 0};
	assert_false(span_take_line(&rest, &line));
}

TEST(buffers_grow_and_keep)
{
	RELEASE_BUFFER struct buffer buffer = {0};
	struct error err = {0};
	char text[8];

	FINE(buffer_append(&buffer, NULL, 0, &err));
	assert_null(buffer.data);
	for (int i = 0; i < 1000; i++)
		FINE(buffer_appendf(&buffer, &err, "%04d ", i));
	assert_int_equal(buffer.size, 5000);
	assert_true(buffer.capacity >= buffer.size);
	memcpy(text, buffer.data + 4995, 5);
	assert_memory_equal(text, "0999 ", 5);
	FINE(buffer_append_text(&buffer, "", &err));
	FINE(buffer_append_text(&buffer, "end", &err));
	assert_memory_equal(buffer.data + 5000, "end", 3);
	assert_string_equal(err.what, "");
	buffer_release(&buffer);
	assert_null(buffer.data);
	assert_int_equal(buffer.capacity, 0);
}

/* The sanitizer's malloc too shall refuse, not abort. */
const char *__asan_default_options(void);

const char *
__asan_default_options(void)
{
	return "allocator_may_return_null=1";
}

TEST(a_growth_that_fails_changes_nothing)
{
	static const size_t sizes[] = {
		SIZE_MAX, SIZE_MAX - 4, SIZE_MAX / 2, SIZE_MAX / 2 - 3,
		SIZE_MAX / 2 - 4 };
	RELEASE_BUFFER struct buffer buffer = {0};
	struct buffer before;

	assert_int_equal(buffer_append_text(&buffer, "kept", NULL), ERR_OK);
	before = buffer;
	for (size_t i = 0; i < COUNT_OF(sizes); i++) {
		struct error err = {0};

		REFUSED(buffer_reserve(&buffer, sizes[i], &err), ERR_IO);
		assert_non_null(strstr(err.what, "out of memory: "));
		assert_memory_equal(&buffer, &before, sizeof(before));
	}
	assert_memory_equal(buffer.data, "kept", 4);
}

static const struct {
	const char *text;
	bool want;
	struct span octets;
} hex_rows[] = {
	{ "", true, SPAN("") },
	{ "00", true, SPAN("\0") },
	{ "ff00", true, SPAN("\xff\0") },
	{ "0123456789abcdef", true, SPAN("\x01\x23\x45\x67\x89\xab\xcd\xef") },
	{ "ABCDEF", true, SPAN("\xab\xcd\xef") },
	{ "aBcD", true, SPAN("\xab\xcd") },
	{ "0", false, { NULL, 0 } },
	{ "012", false, { NULL, 0 } },
	{ "0g", false, { NULL, 0 } },
	{ "g0", false, { NULL, 0 } },
	{ "0:", false, { NULL, 0 } },
	{ "/0", false, { NULL, 0 } },
	{ "@0", false, { NULL, 0 } },
	{ "0`", false, { NULL, 0 } },
	{ " 00 ", false, { NULL, 0 } },
	{ "0x00", false, { NULL, 0 } },
	{ "00:11", false, { NULL, 0 } },
	{ "0\xc3", false, { NULL, 0 } },
	{ "000102030405060708", false, { NULL, 0 } },	/* 9 octets */
};

TEST(hex_is_pairs_of_digits)
{
	for (size_t i = 0; i < COUNT_OF(hex_rows); i++) {
		uint8_t out[8];
		size_t size = 99;

		if (hex_decode(span_of_text(hex_rows[i].text), out,
		    sizeof(out), &size) != hex_rows[i].want)
			fail_msg("\"%s\"", hex_rows[i].text);
		if (!hex_rows[i].want)
			continue;
		assert_true(span_equals((struct span){ out, size },
		    hex_rows[i].octets));
	}
}

TEST(hex_is_written_in_lower_case_and_whole_octets)
{
	const struct span in = SPAN("\x00\x9a\xff");
	char out[8];

	hex_encode(in, out, sizeof(out));
	assert_string_equal(out, "009aff");
	hex_encode(in, out, 7);
	assert_string_equal(out, "009aff");
	hex_encode(in, out, 6);
	assert_string_equal(out, "009a");
	hex_encode(in, out, 5);
	assert_string_equal(out, "009a");
	hex_encode(in, out, 2);
	assert_string_equal(out, "");
	memset(out, 'x', sizeof(out));
	hex_encode(in, out, 0);
	assert_int_equal(out[0], 'x');
	hex_encode((struct span){0}, out, sizeof(out));
	assert_string_equal(out, "");
}

/* RFC 4648 10, and the two characters beyond digits and letters. */
static const struct {
	struct span octets;
	const char *text;
} base64_rows[] = {
	{ SPAN(""), "" },
	{ SPAN("f"), "Zg==" },
	{ SPAN("fo"), "Zm8=" },
	{ SPAN("foo"), "Zm9v" },
	{ SPAN("foob"), "Zm9vYg==" },
	{ SPAN("fooba"), "Zm9vYmE=" },
	{ SPAN("foobar"), "Zm9vYmFy" },
	{ SPAN("\0"), "AA==" },
	{ SPAN("\xff\xff\xff"), "////" },
	{ SPAN("\xfb\xef\xbe"), "++++" },
	{ SPAN("\x00\x10\x83\x10\x51\x87\x20\x92\x8b\x30\xd3\x8f\x41\x14\x93"
	    "\x51\x55\x97\x61\x96\x9b\x71\xd7\x9f\x82\x18\xa3\x92\x59\xa7\xa2"
	    "\x9a\xab\xb2\xdb\xaf\xc3\x1c\xb3\xd3\x5d\xb7\xe3\x9e\xbb\xf3\xdf"
	    "\xbf"),
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
	    "+/" },
};

TEST(base64_goes_both_ways)
{
	struct error err = {0};

	for (size_t i = 0; i < COUNT_OF(base64_rows); i++) {
		RELEASE_BUFFER struct buffer text = {0};
		RELEASE_BUFFER struct buffer octets = {0};
		struct span want = span_of_text(base64_rows[i].text);

		/* Both append. */
		FINE(buffer_append_text(&text, ">", &err));
		FINE(buffer_append_text(&octets, ">", &err));
		FINE(base64_encode(base64_rows[i].octets, &text, &err));
		assert_int_equal(text.size, want.size + 1);
		assert_memory_equal(text.data + 1, want.data, want.size);
		FINE(base64_decode(want, false, &octets, &err));
		assert_true(span_equals((struct span){ octets.data + 1,
		    octets.size - 1 }, base64_rows[i].octets));
		assert_int_equal(octets.data[0], '>');
	}
}

static const struct {
	const char *name;
	struct span text;
	bool skip_space;
} base64_refusals[] = {
	{ "no padding", SPAN("Zg"), false },
	{ "half the padding", SPAN("Zg="), false },
	{ "no padding after two octets", SPAN("Zm8"), false },
	{ "one character", SPAN("Z"), false },
	{ "one character and padding", SPAN("Z==="), false },
	{ "only padding", SPAN("===="), false },
	{ "padding behind a whole", SPAN("Zm9v===="), false },
	{ "one pad behind a whole", SPAN("Zm9v="), false },
	{ "padding twice", SPAN("Zg==Zg=="), false },
	{ "more behind padding", SPAN("Zg==Zm9v"), false },
	{ "more between padding", SPAN("Zg=v"), false },
	{ "zero bits between padding", SPAN("Zg=A"), false },
	{ "unused bits of one octet", SPAN("Zh=="), false },
	{ "all unused bits of one octet", SPAN("Zv=="), false },
	{ "unused bits of two octets", SPAN("Zm9="), false },
	{ "URL alphabet -", SPAN("-+++"), false },
	{ "URL alphabet _", SPAN("_///"), false },
	{ "NUL", SPAN("Zm9v\0\0\0\0"), false },
	{ "8-bit", SPAN("Zm9\xf6"), false },
	{ "line break", SPAN("Zm9v\n"), false },
	{ "space inside", SPAN("Zm 9v"), false },
	{ "vertical tab even among spaces", SPAN("Zm9v\v"), true },
	{ "no padding among spaces", SPAN("Zg \n"), true },
	{ "more behind padding and space", SPAN("Zg==\nZm9v"), true },
	{ "dash", SPAN("Zm9v-----END"), true },
};

TEST(base64_is_strict)
{
	RELEASE_BUFFER struct buffer out = {0};

	assert_int_equal(buffer_append_text(&out, "kept", NULL), ERR_OK);
	for (size_t i = 0; i < COUNT_OF(base64_refusals); i++) {
		struct error err = {0};

		if (base64_decode(base64_refusals[i].text,
		    base64_refusals[i].skip_space, &out, &err) != ERR_FORMAT)
			fail_msg("%s", base64_refusals[i].name);
		assert_non_null(strstr(err.what, "base64: "));
		assert_int_equal(out.size, 4);
		assert_memory_equal(out.data, "kept", 4);
	}
}

TEST(base64_of_pem_may_hold_white_space)
{
	RELEASE_BUFFER struct buffer out = {0};

	assert_int_equal(base64_decode(
	    span_of_text("\r\n Zm9v\nYm\t E \r\n=\n\n"), true, &out, NULL),
	    ERR_OK);
	assert_int_equal(out.size, 5);
	assert_memory_equal(out.data, "fooba", 5);
}

TEST(lines_stay_lines_and_nothing_else_steers)
{
	RELEASE_BUFFER struct buffer text = {0};
	const char *given =
	    "a\tb\nc\r\nd\re\033[2J\233K\302\205Z\303\274\303";
	const char *want = "a\tb\nc\r\nd?e?[2J?K??Z\303\274?";

	assert_int_equal(buffer_append_text(&text, given, NULL), ERR_OK);
	buffer_make_printable(&text);
	assert_int_equal(text.size, strlen(want));
	assert_memory_equal(text.data, want, strlen(want));
}

TEST(text_that_can_be_shown_as_it_is)
{
	static const struct {
		const char *text;
		size_t size;
		bool want;
	} rows[] = {
		{ "", 1, true },
		{ "Z\303\274rich", 8, true },
		{ "Z\303\274rich", 7, false },
		{ "bell\a", 16, false },
		{ "C1 \302\233", 16, false },
		{ "right to left \342\200\256", 32, false },
		{ "cut \342\200", 16, false },
		{ "bare CSI \233", 16, false },
		{ "bare NEL \205", 16, false },
		{ "overlong ESC \300\233", 24, false },
		{ "surrogate \355\240\200", 24, false },
		{ "beyond Unicode \364\220\200\200", 24, false },
		{ "four octets \360\237\224\221", 24, true },
		{ "behind its end", 3, false },
	};
	size_t i;

	for (i = 0; i < COUNT_OF(rows); i++) {
		if (text_is_printable(rows[i].text, rows[i].size) !=
		    rows[i].want)
			fail_msg("row %zu: want %d", i, rows[i].want);
	}
}
