/* SPDX-License-Identifier: ISC */
/* Lines of a given width. */
#include "test.h"
#include "view/wrap.h"

/* Ten columns, further lines indented by two; "> " stands before. */
static const struct {
	const char *name, *text, *want;
} rows[] = {
    {"short", "one", "> one\n"},
    {"as long as the line", "12345678", "> 12345678\n"},
    {"a blank beyond the end", "12345678 9", "> 12345678\n  9\n"},
    {"at a blank", "one two three", "> one two\n  three\n"},
    {"no blank at an end", "one two  three  ", "> one two\n  three\n"},
    {"a long word", "abcdefghijkl", "> abcdefgh\n  ijkl\n"},
    {"a long word after a short one", "a bcdefghijklm",
	"> a\n  bcdefghi\n  jklm\n"},
    {"its own lines", "a\nb", "> a\n  b\n"},
    {"an empty line", "a\n\nb", "> a\n\n  b\n"},
    {"an end that is an end", "a\n", "> a\n"},
    {"UTF-8 is counted as characters", "\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4"
	"\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4",
	"> \xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\n"
	"  \xc3\xa4\n"},
    {"wide characters take two", "\xe6\xbc\xa2\xe6\xbc\xa2\xe6\xbc\xa2"
	"\xe6\xbc\xa2\xe6\xbc\xa2", "> \xe6\xbc\xa2\xe6\xbc\xa2\xe6\xbc\xa2"
	"\xe6\xbc\xa2\n  \xe6\xbc\xa2\n"},
    {"and are never cut", "a\xe6\xbc\xa2\xe6\xbc\xa2\xe6\xbc\xa2"
	"\xe6\xbc\xa2", "> a\xe6\xbc\xa2\xe6\xbc\xa2\xe6\xbc\xa2\n"
	"  \xe6\xbc\xa2\n"},
    {"four octets", "\xf0\x9f\x94\x91\xf0\x9f\x94\x91\xf0\x9f\x94\x91"
	"\xf0\x9f\x94\x91\xf0\x9f\x94\x91", "> \xf0\x9f\x94\x91"
	"\xf0\x9f\x94\x91\xf0\x9f\x94\x91\xf0\x9f\x94\x91\n"
	"  \xf0\x9f\x94\x91\n"},
};

TEST(lines_fit)
{
	const struct wrapping wrapping = {2, 2, 10};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		RELEASE_BUFFER struct buffer out = {0};
		struct error err = {0};

		print_message("%s\n", rows[i].name);
		FINE(buffer_append_text(&out, "> ", &err));
		FINE(wrap_append(&out, rows[i].text, &wrapping, &err));
		FINE(buffer_append(&out, "", 1, &err));
		assert_string_equal((const char *)out.data, rows[i].want);
	}
}
