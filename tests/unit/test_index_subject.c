/* SPDX-License-Identifier: ISC */
/* Subjects of an index, for people. */
#include "base/text.h"
#include "ca/index_subject.h"
#include "test.h"

static const struct {
	const char *name;
	const char *subject;
	const char *want;
} rows[] = {
	{ "nothing", "", "" },
	{ "ASCII", "/C=DE/CN=Issuing CA 1", "/C=DE/CN=Issuing CA 1" },
	{ "a serial in place of a subject", "500C", "500C" },
	{ "UTF-8", "/CN=\\xD0\\x9F\\xD0\\xB0 M\\xC3\\xBCller",
	    "/CN=\xd0\x9f\xd0\xb0 M\xc3\xbcller" },
	{ "UTF-8 of three and of four octets",
	    "/CN=\\xE6\\x97\\xA5\\xF0\\x9F\\x94\\x91",
	    "/CN=\xe6\x97\xa5\xf0\x9f\x94\x91" },
	{ "UTF-8 as it is", "/CN=\xd0\x9f\\xD0\\xB0",
	    "/CN=\xd0\x9f\xd0\xb0" },
	{ "Latin-1 is no UTF-8", "/CN=M\\xFCller/O=x",
	    "/CN=M\\xFCller/O=x" },
	{ "Latin-1 as it is", "/CN=M\xfcller", "/CN=M\\xFCller" },
	{ "half a letter", "/CN=\\xD0", "/CN=\\xD0" },
	{ "half a letter before another", "/CN=\\xD0\\xD0\\x9F",
	    "/CN=\\xD0\xd0\x9f" },
	{ "an overlong form", "/CN=\\xC0\\xAF", "/CN=\\xC0\\xAF" },
	{ "a surrogate", "/CN=\\xED\\xA0\\x80", "/CN=\\xED\\xA0\\x80" },
	{ "escapes that were typed", "/CN=\\x41\\x7e\\xd0\\x9f\\xZZ\\x4",
	    "/CN=\\x41\\x7e\\xd0\\x9f\\xZZ\\x4" },
	{ "a backslash", "/CN=a\\b\\", "/CN=a\\b\\" },
	{ "a tab, an escape", "/CN=ab\\x09\\x1B[31m", "/CN=ab\\x09\\x1B[31m" },
	{ "the same as they are", "/CN=ab\t\x1b[31m\r", "/CN=ab\\x09\\x1B[31m"
	    "\\x0D" },
	{ "DEL and C1", "/CN=\\x7F\\xC2\\x9B\xc2\x9b\x9b",
	    "/CN=\\x7F\\xC2\\x9B\\xC2\\x9B\\x9B" },
	{ "what turns a line", "/CN=\\xE2\\x80\\xAE" "exe\xe2\x80\xae",
	    "/CN=\\xE2\\x80\\xAE" "exe\\xE2\\x80\\xAE" },
	{ "what breaks a line", "/CN=\\xE2\\x80\\xA8", "/CN=\\xE2\\x80\\xA8" },
	{ "a BMPString", "/C=DE/O=\\x00A\\x00 \\x00B/CN=x",
	    "/C=DE/O=A B/CN=x" },
	{ "a BMPString of Cyrillic letters, two with a slash",
	    "/CN=\\x04/\\x04/\\x04=\\x00/\\x04\\x1F/O=\\xD0\\x9F",
	    "/CN=\xd0\xaf\xd0\xaf\xd0\xbd/\xd0\x9f/O=\xd0\x9f" },
	{ "a BMPString of three octets a letter", "/CN=\\x1E\\x9E",
	    "/CN=\xe1\xba\x9e" },
	{ "a BMPString of other letters stays", "/CN=\\x00A\\x20\\xAC",
	    "/CN=\\x00A\\x20\\xAC" },
	{ "a BMPString with an escape stays", "/CN=\\x00A\\x00\\x1B",
	    "/CN=\\x00A\\x00\\x1B" },
	{ "a BMPString that is cut stays", "/CN=\\x00A\\x00",
	    "/CN=\\x00A\\x00" },
	{ "a value that begins with a tab", "/CN=\\x09abc",
	    "/CN=\\x09abc" },
	{ "an equals sign within a value", "/CN=a=\\x09b", "/CN=a=\\x09b" },
};

TEST(subjects_are_shown_as_they_were_typed)
{
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		RELEASE_BUFFER struct buffer out = {0};
		struct error err = {0};

		FINE(index_subject_show(span_of_text(rows[i].subject), &out,
		    &err));
		if (!span_equals(span_of_buffer(&out),
		    span_of_text(rows[i].want)))
			fail_msg("%s: want %s, have %.*s", rows[i].name,
			    rows[i].want, (int)out.size,
			    (const char *)out.data);
	}
}

TEST(a_message_has_whole_characters)
{
	RELEASE_BUFFER struct buffer long_one = {0};
	struct error err = {0};

	assert_string_equal(index_subject_words((struct span){0}).text, "");
	assert_string_equal(index_subject_words(span_of_text("/CN=x")).text,
	    "/CN=x");
	for (size_t i = 0; i < 100; i++)
		FINE(buffer_append_text(&long_one, "\xd0\x9f", &err));
	for (size_t i = 0; i < 2; i++) {
		struct index_subject_words words =
		    index_subject_words((struct span){
			long_one.data + 2 * i, 200 - 2 * i });
		size_t size = strlen(words.text);

		assert_in_range(size, 100, sizeof(words.text) - 1);
		assert_string_equal(words.text + size - 5, "\xd0\x9f...");
	}
	/* What fits is shown to its end. */
	long_one.size = sizeof(struct index_subject_words) - 8;
	assert_int_equal(strlen(index_subject_words(
	    span_of_buffer(&long_one)).text), long_one.size);
}

#define FORTY "abcdefghijklmnopqrstuvwxyz0123456789abcd"
#define LONG "/C=DE/CN=" FORTY FORTY FORTY FORTY

static const struct {
	const char *subject;
	const char *other;
	const char *want;
} apart[] = {
	{ "/C=DE/O=a/CN=x", "/C=DE/O=b/CN=x", "/C=DE/O=a/CN=x" },
	{ "/C=DE/CN=sub", "/C=DE/CN=subway", "/C=DE/CN=sub" },
	{ "", "/CN=x", "" },
	{ "/CN=x", "", "/CN=x" },
	{ LONG "x", LONG "y", "..." FORTY "x" },
	{ LONG, LONG "y", "..." FORTY },
	{ LONG "y", LONG, "..." FORTY "y" },
	{ LONG "x" LONG, LONG "y" LONG, "..." FORTY "x/C=DE/CN=" FORTY
	    "abcdefghijklmnopqrstuvwxyz01234..." },
	/* Half of a letter is none, where it begins and where it differs. */
	{ LONG "\xd0\x9f" "cdefghijklmnopqrstuvwxyz0123456789abcd\xd0\x9f",
	    LONG "\xd0\x9f" "cdefghijklmnopqrstuvwxyz0123456789abcd\xd0\x9e",
	    "...\xd0\x9f" "cdefghijklmnopqrstuvwxyz0123456789abcd"
	    "\xd0\x9f" },
};

TEST(what_differs_of_subjects_is_shown)
{
	for (size_t i = 0; i < COUNT_OF(apart); i++) {
		struct index_subject_words have = index_subject_apart(
		    span_of_text(apart[i].subject),
		    span_of_text(apart[i].other));

		assert_true(text_is_printable(have.text,
		    sizeof(have.text)));
		if (strcmp(have.text, apart[i].want) != 0)
			fail_msg("%s: want %s, have %s", apart[i].subject,
			    apart[i].want, have.text);
	}
}
