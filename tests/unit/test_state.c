/* SPDX-License-Identifier: ISC */
#include <sys/stat.h>

#include "base/file.h"
#include "exists_fixture.h"
#include "rooms_fixture.h"
#include "site/state.h"
#include "test.h"

static char folder[FIXTURE_PATH_SIZE];
static char place[PATH_SIZE];		/* of the state folder */
static struct config config = { .path = "x.cfg", .state = place };

static int
enter(void **state)
{
	fixture_make_folder(folder);
	path_in(place, folder, "deep/state");
	return 0;
}

AROUND_EACH(enter, NULL)

static mode_t
mode_of(const char *path)
{
	struct stat st;

	assert_int_equal(lstat(path, &st), 0);
	return st.st_mode & 07777;
}

TEST(nothing_is_there_at_first)
{
	struct error err = {0};
	bool exists = true;

	FINE(state_check(&config, &exists, &err));
	assert_false(exists);
	/* To look is not to touch. */
	assert_false(file_exists(place));
	assert_int_equal(mkdir(folder, 0755), -1);
	assert_int_equal(count_entries(folder, ""), 0);
}

TEST(it_is_made_once)
{
	struct error err = {0};
	bool exists = false;

	FINE(state_prepare(&config, &err));
	FINE(state_prepare(&config, &err));
	assert_file_equals(place, "version",
	    span_of_text("crlferry-state 1\n"));
	assert_int_equal(count_entries(place, ""), 1);
	assert_int_equal(mode_of(place), 0755);
	FINE(state_check(&config, &exists, &err));
	assert_true(exists);
}

/* A folder that an administrator made beforehand keeps its mode. */
TEST(a_folder_that_is_there_is_used)
{
	struct error err = {0};

	FINE(file_make_folder(place, 0700, &err));
	FINE(state_prepare(&config, &err));
	assert_int_equal(mode_of(place), 0700);
	assert_file_equals(place, "version",
	    span_of_text(STATE_VERSION_TEXT));
}

TEST(unknown_versions_are_refused)
{
	static const struct {
		const char *name;
		const char *text;
	} rows[] = {
		{ "the next", "crlferry-state 2\n" },
		{ "more digits", "crlferry-state 10\n" },
		{ "no line end", "crlferry-state 1" },
		{ "CRLF", "crlferry-state 1\r\n" },
		{ "two lines", "crlferry-state 1\n\n" },
		{ "another program's", "1\n" },
		{ "empty", "" },
		{ "too long", "crlferry-state 1\n012345678901234567890123456789"
		    "01234567890123456789" },
	};
	struct error err = {0};

	FINE(state_prepare(&config, &err));
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct error prepare = {0}, check = {0};
		bool exists = false;

		fixture_write_text(place, "version", rows[i].text);
		assert_refusal(rows[i].name, ERR_FORMAT, "version",
		    state_prepare(&config, &prepare), &prepare);
		assert_refusal(rows[i].name, ERR_FORMAT, "version",
		    state_check(&config, &exists, &check), &check);
		assert_false(exists);
		assert_file_equals(place, "version",
		    span_of_text(rows[i].text));
	}
}

TEST(what_others_may_write_is_refused)
{
	static const struct {
		const char *name;
		const char *file;	/* of the state folder */
		mode_t mode;
		enum err want;
	} rows[] = {
		{ "folder for all to read", ".", 0755, ERR_OK },
		{ "folder of the group", ".", 0770, ERR_PERMISSIONS },
		{ "folder of all", ".", 0777, ERR_PERMISSIONS },
		{ "folder with sticky bit", ".", 01777, ERR_PERMISSIONS },
		{ "version of the group", "version", 0664, ERR_PERMISSIONS },
		{ "version of all", "version", 0666, ERR_PERMISSIONS },
		{ "version for all to read", "version", 0644, ERR_OK },
	};
	struct error err = {0};
	char path[PATH_SIZE];

	FINE(state_prepare(&config, &err));
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct error prepare = {0}, check = {0};
		bool exists = false;
		enum err one, two;

		path_in(path, place, rows[i].file);
		assert_int_equal(chmod(path, rows[i].mode), 0);
		one = state_prepare(&config, &prepare);
		two = state_check(&config, &exists, &check);
		assert_int_equal(chmod(path, i < 4 ? 0755 : 0644), 0);
		assert_true(exists == (rows[i].want == ERR_OK));
		if (rows[i].want == ERR_OK) {
			assert_fine(rows[i].name, one, &prepare);
			assert_fine(rows[i].name, two, &check);
			continue;
		}
		assert_refusal(rows[i].name, rows[i].want, "state", one,
		    &prepare);
		assert_refusal(rows[i].name, rows[i].want, "state", two,
		    &check);
	}
}

TEST(a_file_is_no_state)
{
	struct error err = {0};
	char path[PATH_SIZE];

	path_in(path, folder, "deep");
	fixture_write_text(folder, "deep", "");
	assert_int_not_equal(state_prepare(&config, &err), ERR_OK);
	assert_true(err.what[0] != '\0');
	assert_int_equal(unlink(path), 0);
	assert_int_equal(mkdir(path, 0755), 0);
	fixture_write_text(path, "state", "");
	err = (struct error){0};
	assert_int_not_equal(state_prepare(&config, &err), ERR_OK);
	assert_true(err.what[0] != '\0');
}

TEST(paths_are_joined)
{
	struct error err = {0};
	char path[STATE_PATH_SIZE], want[STATE_PATH_SIZE];

	FINE(state_path(&config, NULL, "lock", path, &err));
	snprintf(want, sizeof(want), "%s/lock", place);
	assert_string_equal(path, want);
	FINE(state_path(&config, "r", "archive/1.crl", path, &err));
	snprintf(want, sizeof(want), "%s/r/archive/1.crl", place);
	assert_string_equal(path, want);
	assert_false(file_exists(place));
	FINE(state_folder(&config, "r", "notes", path, &err));
	snprintf(want, sizeof(want), "%s/r/notes", place);
	assert_string_equal(path, want);
	assert_int_equal(mode_of(path), 0755);
	FINE(state_folder(&config, "r", "notes", path, &err));
}

/* To the octet: STATE_PATH_SIZE has room for the NUL. */
TEST(long_paths_are_refused)
{
	static char name[STATE_PATH_SIZE];
	char path[STATE_PATH_SIZE];
	const size_t room = STATE_PATH_SIZE - 1 - strlen(place) - 1;

	memset(name, 'x', room);
	for (size_t more = 0; more < 2; more++) {
		struct error err = {0};
		enum err code;

		name[room - 1 + more] = 'x';
		name[room + more] = '\0';
		code = state_path(&config, NULL, name, path, &err);
		if (more == 0)
			assert_fine("just fits", code, &err);
		else
			assert_refusal("one more", ERR_FORMAT, "longer than",
			    code, &err);
	}
}

TEST(the_lock_is_taken_and_given_back)
{
	struct error err = {0};
	char path[PATH_SIZE];
	int fd = -1;

	assert_refusal("no state", ERR_MISSING, "lock",
	    lock_state(&config, &fd, &err), &err);
	assert_int_equal(fd, -1);
	FINE(state_prepare(&config, &err));
	FINE(lock_state(&config, &fd, &err));
	assert_true(fd >= 0);
	path_in(path, place, "lock");
	assert_int_equal(mode_of(path), 0600);
	file_close(&fd);
	FINE(lock_state(&config, &fd, &err));
	file_close(&fd);
}
