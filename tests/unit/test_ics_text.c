/* SPDX-License-Identifier: ISC */
#include "base/bytes.h"
#include "test.h"
#include "view/ics_text.h"
#include "views_fixture.h"

static const struct {
	const char *name, *value, *want;
} texts[] = {
    {"plain", "hello", "X:hello\r\n"},
    {"empty", "", "X:\r\n"},
    {"marks", "a,b;c\\d\ne:\"f\"", "X:a\\,b\\;c\\\\d\\ne:\"f\"\r\n"},
    {"no line of its own", "a\r\nEND:VEVENT", "X:a?\\nEND:VEVENT\r\n"},
    {"what steers", "\x1b[1m\x7f\xc2\x9b\xe2\x80\xae\xff", "X:?[1m????\r\n"},
    {"75 octets", "1234567890123456789012345678901234567890123456789012345"
	"678901234567890123", "X:1234567890123456789012345678901234567890123"
	"456789012345678901234567890123\r\n"},
    {"76 octets", "1234567890123456789012345678901234567890123456789012345"
	"6789012345678901234", "X:1234567890123456789012345678901234567890123"
	"456789012345678901234567890123\r\n 4\r\n"},
    {"not within a character", "123456789012345678901234567890123456789012"
	"3456789012345678901234567890\xf0\x9f\x94\x91", "X:12345678901234567"
	"89012345678901234567890123456789012345678901234567890\r\n "
	"\xf0\x9f\x94\x91\r\n"},
};

TEST(text_is_escaped_and_folded)
{
	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		RELEASE_BUFFER struct buffer out = {0};
		struct error err = {0};

		print_message("%s\n", texts[i].name);
		FINE(ics_text(&out, "X", texts[i].value, &err));
		assert_string_equal(text_of(&out), texts[i].want);
	}
}

/* Whatever is written: no line is longer, and none cuts a character. */
TEST(every_fold_is_right)
{
	char value[400];

	for (size_t length = 0; length < 130; length++) {
		RELEASE_BUFFER struct buffer out = {0};
		struct error err = {0};
		size_t size = 0, column = 0;

		for (size_t i = 0; i < length; i++)
			size += (size_t)sprintf(value + size, "%s",
			    i % 3 == 0 ? "\xe6\xbc\xa2" : i % 3 == 1 ? "," :
			    "\xc3\xa4");
		FINE(ics_text(&out, "SUMMARY", size == 0 ? "" : value, &err));
		for (size_t i = 0; i < out.size; i++, column++) {
			if (out.data[i] != '\r')
				continue;
			assert_int_equal(out.data[++i], '\n');
			assert_true(column <= 75);
			column = SIZE_MAX;
			/* what begins the next line is no rest of one */
			assert_true(i + 2 >= out.size ||
			    (out.data[i + 2] & 0xc0) != 0x80);
		}
	}
}
