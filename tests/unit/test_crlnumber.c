/* SPDX-License-Identifier: ISC */
#include <sys/stat.h>

#include "base/file.h"
#include "exists_fixture.h"
#include "rooms_fixture.h"
#include "ca/crlnumber.h"
#include "test.h"

#define LARGEST "7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF"

static char folder[FIXTURE_PATH_SIZE];
static char path[PATH_SIZE];

static int
enter(void **state)
{
	fixture_make_folder(folder);
	path_in(path, folder, "crlnumber");
	return 0;
}

AROUND_EACH(enter, NULL)

#define ZEROS_60 \
	"000000000000000000000000000000000000000000000000000000000000"
#define ZEROS_1020 \
	ZEROS_60 ZEROS_60 ZEROS_60 ZEROS_60 ZEROS_60 ZEROS_60 ZEROS_60 \
	ZEROS_60 ZEROS_60 ZEROS_60 ZEROS_60 ZEROS_60 ZEROS_60 ZEROS_60 \
	ZEROS_60 ZEROS_60 ZEROS_60
#define BOM "\xef\xbb\xbf"

static const struct {
	const char *name;
	const char *text;
	size_t size;		/* 0: up to the NUL */
	const char *want;	/* decimal; NULL: refused */
	const char *says;	/* the notice, or the refusal and its remedy */
} rows[] = {
	{ "as OpenSSL makes it", "1000\n", 0, "4096", NULL },
	{ "as easy-rsa makes it", "01\n", 0, "1", NULL },
	{ "0", "00\n", 0, "0", NULL },
	{ "00", "0000\n", 0, "0", NULL },
	{ "lower case", "ff\n", 0, "255", NULL },
	{ "without its line end", "10", 0, "16", NULL },
	{ "CRLF", "10\r\n", 0, "16", NULL },
	{ "CR", "10\r", 0, "16", NULL },
	{ "blanks behind it", "10 \t \n\n", 0, "16", NULL },
	{ "zeros in front", ZEROS_60 "01\n", 0, "1", NULL },
	{ "as many as OpenSSL takes", ZEROS_1020 "10\n", 0, "16", NULL },
	{ "the largest", LARGEST "\n", 0,
	    "730750818665451459101842416358141509827966271487", NULL },
	{ "a second line", "1001\n# see binder\n", 0, "4097", "more than" },
	{ "two lines", "10\n11\n", 0, "16", "more than" },
	{ "two lines, CR", "10\r20\r", 0, "16", "more than" },
	{ "a comment", "10 # next\n", 0, "16", "more than" },
	{ "letters behind it", "12G4\n", 0, "18", "more than" },
	{ "colons", "01:02\n", 0, "1", "more than" },
	{ "a NUL behind it", "10\00020\n", 6, "16", "more than" },
	{ "goes on", "100\\\n20\n", 0, "4128", NULL },
	{ "goes on twice", "100\\\r\n200\\\n30\n", 0, "1056816", NULL },
	{ "goes on behind a comment", "100 #\\\n20 x\n", 0, "4128",
	    "more than" },
	{ "goes on from zeros", "001\\\n0020\n", 0, "32", NULL },
	{ "a backslash before a blank", "10\\ \n20\n", 0, "16", "more than" },
	{ "empty", "", 0, NULL, "is empty" },
	{ "a line end", "\n", 0, NULL, "empty line" },
	{ "a blank first line", "\n10\n", 0, NULL, "echo 10 >" },
	{ "the same, CRLF", "\r\n10\r\n", 0, NULL, "echo 10 >" },
	{ "a NUL", "\00010\n", 4, NULL, "empty line" },
	{ "cut to nothing", " \n", 0, NULL, "does not begin with" },
	{ "blanks in front", " 10\n", 0, NULL, "echo 10 >" },
	{ "an odd number of digits", "FFF\n", 0, NULL, "echo 0FFF >" },
	{ "one digit", "7\n", 0, NULL, "echo 07 >" },
	{ "one digit and a letter", "1g\n", 0, NULL, "another file" },
	{ "a key", "-----BEGIN PRIVATE KEY-----\n", 0, NULL, "another file" },
	{ "an index", "E\t300101000000Z\t\t10\tunknown\t/CN=x\n", 0, NULL,
	    "another file" },
	{ "an index in UTF-16", "\xff\xfe" "V\000\t\000", 6, NULL,
	    "another file" },
	{ "a key behind a byte order mark", BOM "-----BEGIN \n", 0, NULL,
	    "another file" },
	{ "a prefix", "0x10\n", 0, NULL, "echo 10 >" },
	{ "negative", "-10\n", 0, NULL, "does not begin with" },
	{ "positive", "+10\n", 0, NULL, "does not begin with" },
	{ "a comment first", "# next\n10\n", 0, NULL, "does not begin with" },
	{ "byte order mark", BOM "10\n", 0, NULL,
	    "sed -i '1s/^\\xEF\\xBB\\xBF//' " },
	{ "the same, alone in its line", BOM "\n10\n", 0, NULL,
	    "byte order mark" },
	{ "UTF-16", "\xff\xfe" "1\0000\000\n\000", 8, NULL, "UTF-16" },
	{ "goes on, odd", "10\\\n20\n", 0, NULL, "odd number" },
	{ "goes on into nothing", "100\\\n", 0, NULL, "empty line" },
	{ "goes on into a comment", "100\\\n#\n", 0, NULL,
	    "does not begin with" },
	{ "more than OpenSSL takes", ZEROS_1020 "0010\n", 0, NULL, "odd" },
	{ "21 octets", "01" "0000000000" "0000000000" "0000000000"
	    "0000000000\n", 0, NULL, "2^159-1" },
};

static void
try_row(size_t i)
{
	RELEASE_NOTICES struct notices notices = {0};
	struct number number = number_from_u64(77);
	struct span text = span_of_text(rows[i].text);
	char decimal[NUMBER_TEXT_SIZE], line[ERROR_LINE_SIZE];
	struct error err = {0};
	bool found = false;
	enum err code;

	if (rows[i].size != 0)
		text.size = rows[i].size;
	fixture_write(folder, "crlnumber", text);
	code = crlnumber_load(path, &found, &number, &notices, &err);
	if (code != (rows[i].want == NULL ? ERR_FORMAT : ERR_OK) ||
	    found != (rows[i].want != NULL))
		fail_msg("%s: %d, %s", rows[i].name, code, err.what);
	if (rows[i].want == NULL) {
		if (strstr(error_line(&err, line), rows[i].says) == NULL)
			fail_msg("%s: %s", rows[i].name, line);
		return;
	}
	number_format(&number, 0, decimal);
	if (strcmp(decimal, rows[i].want) != 0)
		fail_msg("%s: want %s, have %s", rows[i].name, rows[i].want,
		    decimal);
	if (rows[i].says == NULL ? notices.lines.size > 0 :
	    !span_contains(span_of_buffer(&notices.lines), rows[i].says))
		fail_msg("%s: %.*s", rows[i].name, (int)notices.lines.size,
		    (const char *)notices.lines.data);
}

TEST(files_are_read_as_openssl_does)
{
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		try_row(i);
}

TEST(a_missing_file_says_nothing)
{
	struct number number;
	struct error err = {0};
	bool found = true;

	FINE(crlnumber_load(path, &found, &number, NULL, &err));
	assert_false(found);
	assert_false(file_exists(path));
}

TEST(what_cannot_be_counted_on_is_refused)
{
	RELEASE_BUFFER struct buffer large = {0};
	struct number number;
	struct error err = {0};
	bool found = true;

	fixture_write_text(folder, "crlnumber",
	    "8000000000000000000000000000000000000000\n");
	assert_refusal("2^159", ERR_FORMAT, "2^159-1",
	    crlnumber_load(path, &found, &number, NULL, &err), &err);
	assert_false(found);
	fixture_write_text(folder, "crlnumber", "10\n");
	assert_int_equal(chmod(path, 0666), 0);
	err = (struct error){0};
	assert_refusal("loose", ERR_PERMISSIONS, "crlnumber",
	    crlnumber_load(path, &found, &number, NULL, &err), &err);
	assert_int_equal(chmod(path, 0644), 0);
	FINE(buffer_reserve(&large, 65537, &err));
	memset(large.data, '0', 65537);
	fixture_write(folder, "crlnumber", (struct span){ large.data, 65537 });
	err = (struct error){0};
	assert_refusal("large", ERR_FORMAT, "at most",
	    crlnumber_load(path, &found, &number, NULL, &err), &err);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(mkdir(path, 0755), 0);
	err = (struct error){0};
	assert_refusal("folder", ERR_FORMAT, "folder",
	    crlnumber_load(path, &found, &number, NULL, &err), &err);
}

static const struct {
	const char *decimal;
	const char *want;
} saved[] = {
	{ "0", "00\n" },
	{ "1", "01\n" },
	{ "255", "FF\n" },
	{ "256", "0100\n" },
	{ "4096", "1000\n" },
	{ "730750818665451459101842416358141509827966271487", LARGEST "\n" },
};

TEST(it_is_written_as_openssl_does)
{
	struct stat st;

	for (size_t i = 0; i < COUNT_OF(saved); i++) {
		struct number number, again;
		struct error err = {0};
		bool found = false;

		assert_true(number_from_decimal(saved[i].decimal, &number));
		assert_fine(saved[i].decimal, crlnumber_save(path, &number,
		    &err), &err);
		assert_file_equals(folder, "crlnumber",
		    span_of_text(saved[i].want));
		assert_fine(saved[i].decimal, crlnumber_load(path, &found,
		    &again, NULL, &err), &err);
		assert_true(found);
		assert_int_equal(number_compare(&number, &again), 0);
		assert_no_temporaries(saved[i].decimal, folder);
	}
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0644);
	assert_int_equal(count_entries(folder, ""), 1);
}

TEST(a_link_in_its_place_stays_one)
{
	const struct number number = number_from_u64(5);
	struct error err = {0};
	char link_path[PATH_SIZE];
	struct stat st;

	fixture_write_text(folder, "crlnumber", "04\n");
	path_in(link_path, folder, "link");
	assert_int_equal(symlink("crlnumber", link_path), 0);
	FINE(crlnumber_save(link_path, &number, &err));
	assert_file_equals(folder, "crlnumber", span_of_text("05\n"));
	assert_int_equal(lstat(link_path, &st), 0);
	assert_true(S_ISLNK(st.st_mode));
}

TEST(a_write_that_fails_leaves_the_old)
{
	const struct number number = number_from_u64(5);
	struct error err = {0};
	char below[PATH_SIZE];

	fixture_write_text(folder, "crlnumber", "10\n");
	path_in(below, path, "crlnumber");
	assert_refusal("no folder", ERR_MISSING, "crlnumber",
	    crlnumber_save(below, &number, &err), &err);
	assert_file_equals(folder, "crlnumber", span_of_text("10\n"));
	assert_int_equal(count_entries(folder, ""), 1);
}
