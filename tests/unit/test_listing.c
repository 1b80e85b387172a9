/* SPDX-License-Identifier: ISC */
/* The names in a folder: all of them, or an error. */
#include <fcntl.h>

#include "base/file.h"
#include "base/listing.h"
#include "own_folder_fixture.h"
#include "test.h"

AROUND_EACH(make_own_folder, NULL)

#define NAMES 100

static void
make_files(void)
{
	for (int i = 0; i < NAMES; i++) {
		char name[16];

		snprintf(name, sizeof(name), "%s%d", i == 0 ? "." : "", i);
		fixture_write_text(folder, name, "");
	}
}

/* How many names there are; each must be seen once. */
static size_t
count_names(struct listing *listing)
{
	bool seen[NAMES] = {false};
	struct error err = {0};
	enum err code = ERR_OK;
	const char *name;
	size_t count = 0;

	while (listing_next(listing, &name, &code, &err)) {
		int i = -1;

		assert_true(sscanf(name, ".%d", &i) == 1 ||
		    sscanf(name, "%d", &i) == 1);
		assert_in_range(i, 0, NAMES - 1);
		assert_false(seen[i]);
		seen[i] = true;
		count++;
	}
	assert_int_equal(code, ERR_OK);
	assert_int_equal(err.code, ERR_OK);
	return count;
}

TEST(every_name_is_seen_once)
{
	RELEASE_LISTING struct listing listing = LISTING_NONE;

	make_files();
	assert_int_equal(listing_open(folder, &listing, NULL), ERR_OK);
	assert_int_equal(count_names(&listing), NAMES);
	assert_int_equal(count_names(&listing), 0);
	listing_rewind(&listing);
	assert_int_equal(count_names(&listing), NAMES);
}

TEST(several_lists_of_a_descriptor_do_not_meet)
{
	RELEASE_LISTING struct listing one = LISTING_NONE;
	RELEASE_LISTING struct listing two = LISTING_NONE;
	CLOSE_FD int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	enum err code = ERR_OK;
	const char *name;
	struct error err = {0};

	make_files();
	FINE(listing_open_at(fd, folder, &one, &err));
	assert_true(listing_next(&one, &name, &code, NULL));
	FINE(listing_open_at(fd, folder, &two, &err));
	assert_int_equal(count_names(&two), NAMES);
	assert_int_equal(count_names(&one), NAMES - 1);
}

TEST(no_folder_has_no_names)
{
	RELEASE_LISTING struct listing listing = LISTING_NONE;
	char path[FIXTURE_PATH_SIZE + 8];

	snprintf(path, sizeof(path), "%s/none", folder);
	assert_int_equal(listing_open(path, &listing, NULL), ERR_OK);
	assert_int_equal(count_names(&listing), 0);
	listing_rewind(&listing);
	assert_int_equal(count_names(&listing), 0);
}

TEST(a_file_is_no_folder)
{
	RELEASE_LISTING struct listing listing = LISTING_NONE;
	char path[FIXTURE_PATH_SIZE + 8];
	struct error err = {0};
	enum err code;

	fixture_write_text(folder, "file", "x");
	snprintf(path, sizeof(path), "%s/file", folder);
	code = listing_open(path, &listing, &err);
	assert_int_not_equal(code, ERR_OK);
	assert_int_equal(err.code, code);
	assert_null(listing.dir);
	code = listing_open_at(-1, path, &listing, &err);
	assert_int_not_equal(code, ERR_OK);
	assert_null(listing.dir);
}

/* An error of the caller's ends the walk, and stays what it was. */
TEST(an_error_ends_it)
{
	RELEASE_LISTING struct listing listing = LISTING_NONE;
	const char *name = NULL;
	struct error err = {0};
	enum err code = ERR_SEAL;

	make_files();
	FINE(listing_open(folder, &listing, &err));
	assert_false(listing_next(&listing, &name, &code, &err));
	assert_int_equal(code, ERR_SEAL);
	assert_int_equal(err.code, ERR_OK);
	assert_null(name);
}
