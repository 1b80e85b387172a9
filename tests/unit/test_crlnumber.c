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

static const struct {
	const char *name;
	const char *text;
	const char *want;	/* decimal; NULL: says nothing */
} rows[] = {
	{ "as OpenSSL makes it", "1000\n", "4096" },
	{ "as easy-rsa makes it", "01\n", "1" },
	{ "0", "00\n", "0" },
	{ "an odd number of digits", "FFF\n", "4095" },
	{ "lower case", "ff\n", "255" },
	{ "without its line end", "10", "16" },
	{ "CRLF", "10\r\n", "16" },
	{ "blanks behind it", "10  \n\n", "16" },
	{ "zeros in front", "00000000000000000000000000000000000000000000000"
	    "000000000001\n", "1" },
	{ "the largest", LARGEST "\n",
	    "730750818665451459101842416358141509827966271487" },
	{ "empty", "", NULL },
	{ "a line end", "\n", NULL },
	{ "cut to nothing", " \n", NULL },
	{ "no hex", "12G4\n", NULL },
	{ "a prefix", "0x10\n", NULL },
	{ "negative", "-10\n", NULL },
	{ "blanks in front", " 10\n", NULL },
	{ "two lines", "10\n11\n", NULL },
};

TEST(files_are_read)
{
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct number number = number_from_u64(77);
		char text[NUMBER_TEXT_SIZE];
		struct error err = {0};
		bool found = rows[i].want == NULL;

		fixture_write_text(folder, "crlnumber", rows[i].text);
		assert_fine(rows[i].name, crlnumber_load(path, &found,
		    &number, &err), &err);
		if (found != (rows[i].want != NULL))
			fail_msg("%s: found is %d", rows[i].name, found);
		if (!found)
			continue;
		number_format(&number, 0, text);
		if (strcmp(text, rows[i].want) != 0)
			fail_msg("%s: want %s, have %s", rows[i].name,
			    rows[i].want, text);
	}
}

TEST(a_missing_file_says_nothing)
{
	struct number number;
	struct error err = {0};
	bool found = true;

	FINE(crlnumber_load(path, &found, &number, &err));
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
	    crlnumber_load(path, &found, &number, &err), &err);
	assert_false(found);
	fixture_write_text(folder, "crlnumber", "10\n");
	assert_int_equal(chmod(path, 0666), 0);
	err = (struct error){0};
	assert_refusal("loose", ERR_PERMISSIONS, "crlnumber",
	    crlnumber_load(path, &found, &number, &err), &err);
	assert_int_equal(chmod(path, 0644), 0);
	FINE(buffer_reserve(&large, 4097, &err));
	memset(large.data, '0', 4097);
	fixture_write(folder, "crlnumber", (struct span){ large.data, 4097 });
	err = (struct error){0};
	assert_refusal("large", ERR_FORMAT, "at most",
	    crlnumber_load(path, &found, &number, &err), &err);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(mkdir(path, 0755), 0);
	err = (struct error){0};
	assert_refusal("folder", ERR_FORMAT, "folder",
	    crlnumber_load(path, &found, &number, &err), &err);
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
		    &again, &err), &err);
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
