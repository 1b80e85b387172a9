/* SPDX-License-Identifier: ISC */
/* Subjects, read again from the lines of an index. */
#include "ca/index_names.h"
#include "index_fixture.h"
#include "instant.h"
#include "test.h"

AROUND_EACH(enter, NULL)

TEST(each_revocation_has_the_subject_of_its_line)
{
	RELEASE_INDEX struct index index = {0};
	RELEASE_INDEX_NAMES struct index_names names = INDEX_NAMES_NONE;
	struct revocation revocation;
	struct error err = {0};
	size_t offset = 0;

	write_many(1000, true);
	FINE(index_load(path, &index, &err));
	FINE(index_names_open(path, &index, &names, &err));
	for (size_t i = 0; index_next(&index, &offset, &revocation); i++) {
		char want[32];

		snprintf(want, sizeof(want), "CN=%zu", i);
		assert_string_equal(index_names_at(&names,
		    index_names_offset(&names, i), revocation.serial).text,
		    want);
	}
	assert_true(index_names_offset(&names, 1000) == INDEX_NO_LINE);
	assert_string_equal(index_names_at(&names, INDEX_NO_LINE,
	    revocation.serial).text, "");
}

#define LINE(status, serial, subject) \
	status "\t" END "\t\t" serial "\tunknown\t" subject "\n"

static const struct {
	const char *name;
	const char *text;
	const char *want;
} rows[] = {
	{ "a valid one", LINE("V", "1000", "/C=DE/CN=Mail Gateway"),
	    "C=DE/CN=Mail Gateway" },
	{ "behind others", "# a comment\n" LINE("E", "0A", "/CN=old")
	    LINE("V", "1000", "/CN=x"), "CN=x" },
	{ "with CRLF", "V\t" END "\t\t1000\tunknown\t/CN=x\r\n", "CN=x" },
	{ "a letter beyond ASCII", LINE("V", "1000", "/CN=M\\xC3\\xBCller"),
	    "CN=M\xc3\xbcller" },
	{ "what would steer a terminal", LINE("V", "1000", "/CN=\x1b[2J"),
	    "CN=\\x1B[2J" },
	{ "one that was lost", LINE("V", "1000", "/CN=unknown"), "" },
	{ "no subject", LINE("V", "1000", ""), "" },
	{ "of a name that begins alike", LINE("V", "1000", "/CN=unknown 2"),
	    "CN=unknown 2" },
};

static const uint8_t octets[] = {0x10, 0x00};
static const struct span serial = {octets, sizeof(octets)};

TEST(a_serial_has_the_subject_of_any_line)
{
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		RELEASE_INDEX_NAMES struct index_names names =
		    INDEX_NAMES_NONE;
		struct index_expiry asked = {.serial = serial};
		struct error err = {0};
		struct index_subject_words words;

		fixture_write_text(folder, "index.txt", rows[i].text);
		FINE(index_expiries(path, &asked, 1, &err));
		assert_true(asked.is_found);
		FINE(index_names_open(path, NULL, &names, &err));
		words = index_names_at(&names, asked.offset, serial);
		if (strcmp(words.text, rows[i].want) != 0)
			fail_msg("%s: want \"%s\", have \"%s\"", rows[i].name,
			    rows[i].want, words.text);
	}
}

/* It was written meanwhile, by another program: no wrong name is shown. */
TEST(a_line_that_has_moved_names_nobody)
{
	RELEASE_INDEX_NAMES struct index_names names = INDEX_NAMES_NONE;
	struct index_expiry asked = {.serial = serial};
	struct error err = {0};

	fixture_write_text(folder, "index.txt", LINE("V", "1000", "/CN=x"));
	FINE(index_expiries(path, &asked, 1, &err));
	fixture_write_text(folder, "index.txt", LINE("V", "1001", "/CN=y")
	    LINE("V", "1000", "/CN=x"));
	FINE(index_names_open(path, NULL, &names, &err));
	assert_string_equal(index_names_at(&names, asked.offset, serial).text,
	    "");
	assert_string_equal(index_names_at(&names, 3, serial).text, "");
	assert_string_equal(index_names_at(&names, 1 << 20, serial).text, "");
}

TEST(a_long_subject_is_cut_by_whole_characters)
{
	RELEASE_BUFFER struct buffer text = {0};
	struct index_subject_words words;

	assert_int_equal(buffer_append_text(&text, "/CN=a", NULL), ERR_OK);
	for (size_t i = 0; i < 100; i++)
		assert_int_equal(buffer_append_text(&text, "\\xC3\\xBC",
		    NULL), ERR_OK);
	words = index_subject_name(span_of_buffer(&text));
	assert_true(strlen(words.text) < sizeof(words.text));
	assert_string_equal(words.text + strlen(words.text) - 5,
	    "\xc3\xbc...");
	assert_memory_equal(words.text, "CN=a\xc3\xbc", 6);
}
