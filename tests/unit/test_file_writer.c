/* SPDX-License-Identifier: ISC */
/* Atomic replace and append: what is left behind when they fail. */
#include <dirent.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "exists_fixture.h"
#include "folder_fixture.h"
#include "test.h"

AROUND_EACH(enter_folder, leave_folder)

#define STRANGER 12345
#define IMPOSSIBLE 77	/* a child that could not get what it needs */

/* In a child, where cmocka's assertions do not reach the parent. */
#define WANT(condition) \
	do { \
		if (!(condition)) { \
			fprintf(stderr, "line %d: want %s\n", __LINE__, \
			    #condition); \
			return 1; \
		} \
	} while (0)

/* How many names a folder holds. */
static unsigned int
count_names(const char *path)
{
	DIR *names = opendir(path);
	struct dirent *entry;
	unsigned int count = 0;

	if (names == NULL)
		return 0;
	while ((entry = readdir(names)) != NULL)
		count += entry->d_name[0] != '.' ||
		    (strcmp(entry->d_name, ".") != 0 &&
		    strcmp(entry->d_name, "..") != 0);
	closedir(names);
	return count;
}

static bool
holds(const char *path, const char *content)
{
	RELEASE_BUFFER struct buffer out = {0};

	return file_read(path, FILE_PUBLIC, 1 << 20, &out, NULL) == ERR_OK &&
	    span_equals(span_of_buffer(&out), span_of_text(content));
}

/* Exit status of a function that runs in a child of its own. */
static int
in_child(int (*work)(void))
{
	int status = -1;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		alarm(HANG_S);
		_exit(work());
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST(a_new_file_has_the_mode_that_was_asked_for)
{
	static const mode_t modes[] = { 0600, 0644, 0640, 0666 };
	mode_t before = umask(077);
	struct stat st;
	struct error err = {0};

	for (size_t i = 0; i < COUNT_OF(modes); i++) {
		FINE(file_remove("file", &err));
		FINE(file_replace("file", span_of_text("new"), modes[i], &err));
		assert_int_equal(stat("file", &st), 0);
		assert_int_equal(st.st_mode & 07777, modes[i]);
		assert_true(holds("file", "new"));
		assert_int_equal(count_names("."), 1);
	}
	umask(before);
}

TEST(a_replaced_file_keeps_mode_and_owner)
{
	struct stat old, new;

	fixture_write_text(".", "file", "old");
	assert_int_equal(link("file", "reader"), 0);
	if (geteuid() == 0)
		assert_int_equal(chown("file", STRANGER, STRANGER + 1), 0);
	assert_int_equal(chmod("file", 0640), 0);
	assert_int_equal(stat("file", &old), 0);
	assert_int_equal(file_replace("file", span_of_text("newer"), 0600,
	    NULL), ERR_OK);
	assert_int_equal(stat("file", &new), 0);
	assert_int_equal(new.st_mode, old.st_mode);
	assert_int_equal(new.st_uid, old.st_uid);
	assert_int_equal(new.st_gid, old.st_gid);
	/* Who has the old one open reads on in it, whole. */
	assert_int_not_equal(new.st_ino, old.st_ino);
	assert_true(holds("file", "newer"));
	assert_true(holds("reader", "old"));
	assert_int_equal(count_names("."), 2);
}

static const struct {
	const char *path;
	enum err want;
} refusal_rows[] = {
	{ "folder", ERR_FORMAT },
	{ "link", ERR_FORMAT },
	{ "dangling", ERR_FORMAT },
	{ "fifo", ERR_FORMAT },
	{ "folder/", ERR_FORMAT },
	{ "", ERR_FORMAT },
	{ "nowhere/file", ERR_MISSING },
	{ "file/below", ERR_MISSING },
};

TEST(a_refused_replace_leaves_nothing)
{
	char path[5000];

	fixture_write_text(".", "file", "old");
	assert_int_equal(mkdir("folder", 0700), 0);
	assert_int_equal(mkfifo("fifo", 0600), 0);
	assert_int_equal(symlink("file", "link"), 0);
	assert_int_equal(symlink("nothing", "dangling"), 0);
	for (size_t i = 0; i < COUNT_OF(refusal_rows); i++) {
		struct error err = {0};

		if (file_replace(refusal_rows[i].path, span_of_text("new"),
		    0600, &err) != refusal_rows[i].want)
			fail_msg("%s: %s", refusal_rows[i].path, err.what);
		assert_memory_equal(err.what, refusal_rows[i].path,
		    strlen(refusal_rows[i].path));
		assert_true(strlen(err.what) >
		    strlen(refusal_rows[i].path) + 8);
		assert_int_equal(count_names("."), 5);
		assert_int_equal(count_names("folder"), 0);
		assert_true(holds("file", "old"));
	}
	memset(path, 'x', sizeof(path));
	for (size_t size = 4080; size < 4100; size++) {
		struct error err = {0};

		path[size] = '\0';
		assert_int_not_equal(file_replace(path, span_of_text("new"),
		    0600, &err), ERR_OK);
		assert_true(err.what[0] != '\0');
		path[size] = 'x';
	}
	assert_int_equal(count_names("."), 5);
}

TEST(an_aborted_writer_leaves_the_old_file)
{
	struct file_writer writer = FILE_WRITER_NONE;
	struct error err = {0};

	file_writer_abort(&writer);
	fixture_write_text(".", "file", "old");
	FINE(file_writer_open(&writer, "file", 0600, &err));
	FINE(file_writer_write(&writer, span_of_text("half"), &err));
	assert_true(holds("file", "old"));
	assert_int_equal(count_names("."), 2);
	file_writer_abort(&writer);
	assert_int_equal(count_names("."), 1);
	assert_true(holds("file", "old"));
	file_writer_abort(&writer);

	FINE(file_writer_open(&writer, "file", 0600, &err));
	FINE(file_writer_write(&writer, span_of_text("whole, "), &err));
	FINE(file_writer_write(&writer, span_of_text("in two"), &err));
	FINE(file_writer_commit(&writer, &err));
	assert_true(holds("file", "whole, in two"));
	/* As the scoped cleanup does; what was committed stays. */
	file_writer_abort(&writer);
	assert_true(holds("file", "whole, in two"));
	assert_int_equal(count_names("."), 1);
}

/* A run was killed half-way: its temporary is in the way, or worse, a link. */
TEST(a_stale_temporary_is_taken_over)
{
	struct file_writer writer = FILE_WRITER_NONE;
	struct error err = {0};

	fixture_write_text(".", "file", "old");
	fixture_write_text(".", "other", "untouched");
	FINE(file_writer_open(&writer, "file", 0600, &err));
	file_close(&writer.fd);	/* killed */
	assert_true(file_exists(writer.temporary));
	FINE(file_replace("file", span_of_text("new"), 0600, &err));
	assert_true(holds("file", "new"));
	assert_int_equal(count_names("."), 2);

	assert_int_equal(symlink("other", writer.temporary), 0);
	FINE(file_replace("file", span_of_text("newer"), 0600, &err));
	assert_true(holds("file", "newer"));
	assert_true(holds("other", "untouched"));
	assert_int_equal(count_names("."), 2);
}

static enum err
append(const char *path, struct span in, mode_t mode, struct error *err)
{
	CLOSE_FD int fd = -1;

	TRY(file_open_to_append(path, mode, &fd, err));
	return file_append(fd, path, in, err);
}

static int
fill_a_small_disk(void)
{
	static uint8_t much[256 * 1024];
	const struct span all = { much, sizeof(much) };
	struct error err = {0};

	if (unshare(CLONE_NEWNS) != 0 ||
	    mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||
	    mkdir("disk", 0700) != 0 ||
	    mount("none", "disk", "tmpfs", 0, "size=64k") != 0)
		return IMPOSSIBLE;
	WANT(file_replace("disk/file", span_of_text("old"), 0600, &err) ==
	    ERR_OK);
	WANT(file_replace("disk/file", all, 0600, &err) == ERR_NO_SPACE);
	WANT(strstr(err.what, "disk/file: cannot write it") != NULL);
	WANT(holds("disk/file", "old"));
	WANT(count_names("disk") == 1);
	WANT(file_replace("disk/new", all, 0600, &err) == ERR_NO_SPACE);
	WANT(count_names("disk") == 1);
	WANT(append("disk/file", all, 0600, &err) == ERR_NO_SPACE);
	WANT(holds("disk/file", "old"));
	WANT(append("disk/file", span_of_text("er"), 0600, &err) ==
	    ERR_OK);
	WANT(holds("disk/file", "older"));
	return 0;
}

TEST(a_full_disk_changes_nothing)
{
	int status = in_child(fill_a_small_disk);

	if (status == IMPOSSIBLE)
		skip();
	assert_int_equal(status, 0);
}

/* The same where nobody may mount: files may grow to 8 octets, no further. */
static int
reach_a_limit(void)
{
	const struct rlimit limit = { 8, 8 };
	struct error err = {0};

	signal(SIGXFSZ, SIG_IGN);
	WANT(setrlimit(RLIMIT_FSIZE, &limit) == 0);
	WANT(file_replace("file", span_of_text("123456789"), 0600, &err) ==
	    ERR_NO_SPACE);
	WANT(err.code == ERR_NO_SPACE && err.what[0] != '\0');
	WANT(holds("file", "old"));
	WANT(append("file", span_of_text("567890"), 0600, &err) ==
	    ERR_NO_SPACE);
	WANT(holds("file", "old"));
	WANT(count_names(".") == 1);
	return 0;
}

TEST(a_limit_changes_nothing)
{
	fixture_write_text(".", "file", "old");
	assert_int_equal(in_child(reach_a_limit), 0);
	assert_true(holds("file", "old"));
}

TEST(writing_to_a_full_device_says_so)
{
	struct error err = {0};
	CLOSE_FD int fd = open("/dev/full", O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		skip();
	REFUSED(file_write_all(fd, "full", span_of_text("x"), &err),
	    ERR_NO_SPACE);
	assert_string_equal(err.what,
	    "full: cannot write it: No space left on device");
}

TEST(appending_goes_to_the_end_of_regular_files)
{
	struct error err = {0};
	CLOSE_FD int reader = -1;
	struct stat st;

	FINE(append("log", span_of_text("one\n"), 0600, &err));
	FINE(append("log", span_of_text("two\n"), 0644, &err));
	assert_true(holds("log", "one\ntwo\n"));
	assert_int_equal(stat("log", &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);

	REFUSED(append("no/log", span_of_text("x"), 0600, &err),
	    ERR_MISSING);
	assert_int_equal(symlink("log", "link"), 0);
	assert_int_not_equal(append("link", span_of_text("x"), 0600,
	    &err), ERR_OK);
	assert_int_equal(mkfifo("fifo", 0600), 0);
	assert_int_not_equal(append("fifo", span_of_text("x"), 0600,
	    &err), ERR_OK);
	reader = open("fifo", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	REFUSED(append("fifo", span_of_text("x"), 0600, &err), ERR_FORMAT);
	assert_true(holds("log", "one\ntwo\n"));
}

/* Only what holds the same octets already is left as it is. */
TEST(an_update_leaves_what_is_the_same)
{
	static const char *const befores[] = { "", "sam", "same", "sama",
	    "same and more", "other" };
	const struct span same = span_of_text("same");

	for (size_t i = 0; i < COUNT_OF(befores); i++) {
		const bool is_same = strcmp(befores[i], "same") == 0;
		struct stat old, new;

		fixture_write_text(".", "file", befores[i]);
		/* Held by another name, its number is not used again. */
		unlink("before");
		assert_int_equal(link("file", "before"), 0);
		assert_int_equal(stat("file", &old), 0);
		assert_int_equal(file_update("file", same, 0600, NULL),
		    ERR_OK);
		assert_int_equal(stat("file", &new), 0);
		if (!holds("file", "same") ||
		    (old.st_ino == new.st_ino) != is_same)
			fail_msg("\"%s\": want it %s", befores[i],
			    is_same ? "left" : "replaced");
	}
}
