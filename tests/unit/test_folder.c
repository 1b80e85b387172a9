/* SPDX-License-Identifier: ISC */
/* Folders that are held open; as root, those of daemon (user 1) too. */
#include <errno.h>
#include <fcntl.h>
#include <sys/fsuid.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/folder.h"
#include "folder_fixture.h"
#include "test.h"

AROUND_EACH(enter_folder, leave_folder)

#define STRANGER 1

static const struct {
	const char *path;
	const char *folder;	/* behind the test's own */
	const char *name;
} ways[] = {
	{ "file", "", "file" },
	{ "./a//b/file", "/a/b", "file" },
	{ "a/b/../b/./missing", "/a/b", "missing" },
	{ "a/b/../../file", "", "file" },
	{ "to-b/missing", "/a/b", "missing" },
	{ "to-file", "/a", "file" },
	{ "twice", "/a", "file" },
	{ "a/b/up", "", "file" },
};

static void
make_tree(void)
{
	assert_int_equal(mkdir("a", 0755), 0);
	assert_int_equal(mkdir("a/b", 0755), 0);
	fixture_write_text(".", "file", "one");
	fixture_write_text("a", "file", "two");
	assert_int_equal(symlink("a/b", "to-b"), 0);
	assert_int_equal(symlink("a/b/../file", "to-file"), 0);
	assert_int_equal(symlink("to-file", "twice"), 0);
	assert_int_equal(symlink("../../file", "a/b/up"), 0);
	assert_int_equal(symlink("a/gone/file", "to-nothing"), 0);
	assert_int_equal(symlink("round", "round"), 0);
}

TEST(a_way_is_walked)
{
	make_tree();
	for (size_t i = 0; i < 2 * COUNT_OF(ways); i++) {
		RELEASE_FOLDER struct folder at = FOLDER_NONE;
		const size_t row = i / 2;
		char path[PATH_MAX], want[PATH_MAX];
		struct error err = {0};

		snprintf(path, sizeof(path), "%s/%s", folder,
		    ways[row].path);
		snprintf(want, sizeof(want), "%s%s", folder,
		    ways[row].folder);
		if (folder_open(i % 2 == 0 ? path : ways[row].path,
		    FOLDER_CHANGE, &at, &err) != ERR_OK)
			fail_msg("%s: %s", path, err.what);
		assert_string_equal(at.name, ways[row].name);
		if (i % 2 == 0)
			assert_string_equal(at.path, want);
		assert_false(at.is_shared);
	}
}

static const struct {
	const char *path;
	enum err want;
} refused[] = {
	{ "gone/file", ERR_MISSING },
	{ "file/file", ERR_MISSING },
	{ "to-nothing", ERR_FORMAT },
	{ "round", ERR_FORMAT },
	{ "round/file", ERR_FORMAT },
	{ "a", ERR_FORMAT },
	{ "a/", ERR_FORMAT },
	{ "a/..", ERR_FORMAT },
	{ "fifo", ERR_FORMAT },
	{ "", ERR_FORMAT },
};

TEST(what_is_no_way_is_refused)
{
	make_tree();
	assert_int_equal(mkfifo("fifo", 0600), 0);
	for (size_t i = 0; i < COUNT_OF(refused); i++) {
		RELEASE_FOLDER struct folder at = FOLDER_NONE;
		struct error err = {0};
		enum err have = folder_open(refused[i].path, FOLDER_CHANGE,
		    &at, &err);

		if (have != refused[i].want || at.fd != -1)
			fail_msg("%s: want %s, have %s: %s", refused[i].path,
			    error_token(refused[i].want), error_token(have),
			    err.what);
	}
}

static void
assert_file_is(const char *where, const char *name, const char *want)
{
	RELEASE_BUFFER struct buffer have = {0};

	fixture_read(where, name, &have);
	assert_true(span_equals(span_of_buffer(&have), span_of_text(want)));
}

/* Whatever the name means now, the folder is the one that was held. */
TEST(a_held_folder_is_not_exchanged)
{
	RELEASE_FOLDER struct folder at = FOLDER_NONE;
	RELEASE_FOLDER_FILE struct folder_file file = FOLDER_FILE_NONE;
	struct error err = {0};

	make_tree();
	FINE(folder_open("a/file", FOLDER_CHANGE, &at, &err));
	assert_int_equal(rename("a", "moved"), 0);
	assert_int_equal(symlink(".", "a"), 0);
	FINE(folder_read(&at, 100, &file, &err));
	assert_true(span_equals(span_of_buffer(&file.content),
	    span_of_text("two")));
	FINE(folder_replace(&at, span_of_text("three"), &file, 0644, &err));
	assert_file_is("moved", "file", "three");
	assert_file_is(".", "file", "one");
}

/* A file that came since is not replaced. */
TEST(a_new_file_must_be_new)
{
	RELEASE_FOLDER struct folder at = FOLDER_NONE;
	RELEASE_FOLDER_FILE struct folder_file file = FOLDER_FILE_NONE;
	struct error err = {0};

	FINE(folder_open("new", FOLDER_CHANGE, &at, &err));
	FINE(folder_read(&at, 100, &file, &err));
	assert_int_equal(file.fd, -1);
	fixture_write_text(".", "new", "theirs");
	REFUSED(folder_replace(&at, span_of_text("ours"), &file, 0644, &err),
	    ERR_LOCKED);
	assert_file_is(".", "new", "theirs");
	assert_int_equal(open(".new.crlferry-new", O_RDONLY), -1);
}

static void
need_root(void)
{
	if (geteuid() != 0)
		skip();
}

/* setfsuid itself takes the capabilities away, and brings them back. */
TEST(another_users_rights_are_his_alone)
{
	struct identity_before before;
	struct identity stranger;
	struct error err = {0};
	int fd;

	need_root();
	fixture_write_text(".", "secret", "x");
	assert_int_equal(chmod("secret", 0600), 0);
	assert_int_equal(chmod(".", 0755), 0);
	setfsuid(STRANGER);
	assert_int_equal(open("secret", O_RDONLY), -1);
	assert_int_equal(errno, EACCES);
	setfsuid(0);
	identity_of_user(STRANGER, &stranger);
	FINE(identity_take(&stranger, &before, &err));
	assert_int_equal(open("secret", O_RDONLY), -1);
	assert_int_equal(errno, EACCES);
	FINE(identity_give_back(&before, &err));
	assert_int_equal(setfsuid((uid_t)-1), 0);
	assert_int_equal(setfsgid((gid_t)-1), getegid());
	/* Those that root has against modes among them. */
	assert_int_equal(chmod("secret", 0), 0);
	assert_int_equal(chown("secret", STRANGER, STRANGER), 0);
	fd = open("secret", O_RDONLY);
	assert_true(fd >= 0);
	close(fd);
}

TEST(links_of_others_are_not_followed)
{
	static const char *const paths[] = { "to-file", "to-b/file" };

	need_root();
	make_tree();
	fixture_write_text("a/b", "file", "three");
	for (size_t i = 0; i < COUNT_OF(paths); i++) {
		RELEASE_FOLDER struct folder at = FOLDER_NONE;
		struct error err = {0};

		FINE(folder_open(paths[i], FOLDER_LOOK, &at, &err));
		folder_release(&at);
		assert_int_equal(lchown(i == 0 ? "to-file" : "to-b", STRANGER,
		    STRANGER), 0);
		REFUSED(folder_open(paths[i], FOLDER_LOOK, &at, &err),
		    ERR_PERMISSIONS);
		assert_non_null(strstr(err.what, "chown -h root "));
	}
}

/* Who may put names into a sticky folder may do so with root's links. */
TEST(a_second_name_of_a_link_is_not_followed)
{
	RELEASE_FOLDER struct folder at = FOLDER_NONE;
	struct error err = {0};

	make_tree();
	assert_int_equal(mkdir("spool", 0700), 0);
	assert_int_equal(chmod("spool", 01777), 0);
	assert_int_equal(symlink("../a", "spool/to-a"), 0);
	FINE(folder_open("spool/to-a/file", FOLDER_CHANGE, &at, &err));
	folder_release(&at);
	assert_int_equal(link("to-b", "spool/to-b"), 0);
	REFUSED(folder_open("spool/to-b/file", FOLDER_CHANGE, &at, &err),
	    ERR_PERMISSIONS);
	assert_non_null(strstr(err.what, "a link with 2 names"));
	FINE(folder_open("to-b/file", FOLDER_CHANGE, &at, &err));
}

/* In his folder, what he may not read is not there to be read. */
TEST(a_master_has_his_own_rights)
{
	RELEASE_FOLDER struct folder at = FOLDER_NONE;
	RELEASE_FOLDER_FILE struct folder_file file = FOLDER_FILE_NONE;
	struct error err = {0};

	need_root();
	make_tree();
	assert_int_equal(chmod("a/file", 0600), 0);
	assert_int_equal(chown("a", STRANGER, STRANGER), 0);
	FINE(folder_open("a/file", FOLDER_CHANGE, &at, &err));
	assert_true(at.has_master && at.master.uid == STRANGER);
	REFUSED(folder_read(&at, 100, &file, &err), ERR_PERMISSIONS);
	assert_int_equal(chown("a/file", STRANGER, STRANGER), 0);
	FINE(folder_read(&at, 100, &file, &err));
	folder_release(&at);
	/* Root's folder in his is not one that he may write. */
	FINE(folder_open("a/b/new", FOLDER_LOOK, &at, &err));
	folder_release(&at);
	REFUSED(folder_open("a/b/new", FOLDER_CHANGE, &at, &err),
	    ERR_PERMISSIONS);
	REFUSED(folder_open("a/file", FOLDER_RUN, &at, &err), ERR_PERMISSIONS);
}
