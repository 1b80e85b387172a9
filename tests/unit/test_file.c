/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/file.h"
#include "exists_fixture.h"
#include "folder_fixture.h"
#include "test.h"

AROUND_EACH(enter_folder, leave_folder)

#define STRANGER 12345	/* a user that is neither us nor root */

/* What is there: "file" of 5 octets, and everything that is not a file. */
static void
make_things(void)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX,
	    .sun_path = "socket" };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	fixture_write_text(".", "file", "12345");
	fixture_write_text(".", "empty", "");
	assert_int_equal(mkfifo("fifo", 0600), 0);
	assert_int_equal(mkdir("folder", 0700), 0);
	assert_int_equal(symlink("file", "link"), 0);
	assert_int_equal(symlink("nowhere", "dangling"), 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&address,
	    sizeof(address)), 0);
	close(fd);
}

static const struct {
	const char *path;
	uint64_t max_bytes;
	enum err want;
	const char *content;
} read_rows[] = {
	{ "file", 100, ERR_OK, "12345" },
	{ "file", 5, ERR_OK, "12345" },
	{ "file", 4, ERR_FORMAT, NULL },
	{ "file", 0, ERR_FORMAT, NULL },
	{ "empty", 0, ERR_OK, "" },
	{ "link", 5, ERR_OK, "12345" },
	{ "nothing", 5, ERR_MISSING, NULL },
	{ "dangling", 5, ERR_MISSING, NULL },
	{ "file/below", 5, ERR_MISSING, NULL },
	{ "", 5, ERR_MISSING, NULL },
	{ "folder", 5, ERR_FORMAT, NULL },
	{ "fifo", 5, ERR_FORMAT, NULL },
	{ "socket", 5, ERR_FORMAT, NULL },
	{ "/dev/null", 5, ERR_FORMAT, NULL },
	{ "/dev/zero", 5, ERR_FORMAT, NULL },
};

TEST(only_regular_files_within_the_cap_are_read)
{
	make_things();
	for (size_t i = 0; i < COUNT_OF(read_rows); i++) {
		RELEASE_BUFFER struct buffer out = {0};
		struct error err = {0};
		size_t size;

		FINE(buffer_append_text(&out, ">", &err));
		if (file_read(read_rows[i].path, FILE_PUBLIC,
		    read_rows[i].max_bytes, &out, &err) != read_rows[i].want)
			fail_msg("%s: %s", read_rows[i].path, err.what);
		size = 1;
		if (read_rows[i].want == ERR_OK) {
			size += strlen(read_rows[i].content);
			assert_memory_equal(out.data + 1,
			    read_rows[i].content, size - 1);
		} else {
			assert_int_equal(err.code, read_rows[i].want);
			assert_memory_equal(err.what, read_rows[i].path,
			    strlen(read_rows[i].path));
			assert_true(strlen(err.what) >
			    strlen(read_rows[i].path) + 8);
		}
		assert_int_equal(out.size, size);
	}
}

TEST(a_file_that_ends_early_is_an_error)
{
	RELEASE_BUFFER struct buffer out = {0};
	struct error err = {0};
	CLOSE_FD int fd = -1;

	fixture_write_text(".", "file", "12345");
	FINE(file_open("file", FILE_PUBLIC, &fd, &err));
	/* As if the first two octets had gone after fstat(2). */
	assert_int_equal(lseek(fd, 2, SEEK_SET), 2);
	REFUSED(file_read_fd(fd, "file", 5, &out, &err), ERR_IO);
	assert_non_null(strstr(err.what,
	    "cut while it was read: it had 5 octets"));
	assert_int_equal(out.size, 0);
}

static const struct {
	mode_t mode;
	enum err want[4];	/* PUBLIC, TRUSTED, OURS, SECRET */
} mode_rows[] = {
	{ 0600, { ERR_OK, ERR_OK, ERR_OK, ERR_OK } },
	{ 0400, { ERR_OK, ERR_OK, ERR_OK, ERR_OK } },
	{ 0700, { ERR_OK, ERR_OK, ERR_OK, ERR_OK } },
	{ 0610, { ERR_OK, ERR_OK, ERR_OK, ERR_PERMISSIONS } },
	{ 0640, { ERR_OK, ERR_OK, ERR_OK, ERR_PERMISSIONS } },
	{ 0604, { ERR_OK, ERR_OK, ERR_OK, ERR_PERMISSIONS } },
	{ 0601, { ERR_OK, ERR_OK, ERR_OK, ERR_PERMISSIONS } },
	{ 0644, { ERR_OK, ERR_OK, ERR_OK, ERR_PERMISSIONS } },
	{ 0620, { ERR_OK, ERR_PERMISSIONS, ERR_PERMISSIONS, ERR_PERMISSIONS } },
	{ 0602, { ERR_OK, ERR_PERMISSIONS, ERR_PERMISSIONS, ERR_PERMISSIONS } },
	{ 0666, { ERR_OK, ERR_PERMISSIONS, ERR_PERMISSIONS, ERR_PERMISSIONS } },
};

TEST(loose_modes_are_refused)
{
	fixture_write_text(".", "file", "secret");
	for (size_t i = 0; i < COUNT_OF(mode_rows); i++) {
		assert_int_equal(chmod("file", mode_rows[i].mode), 0);
		for (int privacy = FILE_PUBLIC; privacy <= FILE_SECRET;
		    privacy++) {
			struct error err = {0};
			CLOSE_FD int fd = -1;

			if (file_open("file", (enum file_privacy)privacy, &fd,
			    &err) != mode_rows[i].want[privacy])
				fail_msg("%04o, privacy %d: %s",
				    mode_rows[i].mode, privacy, err.what);
			assert_int_equal(fd < 0, err.code != ERR_OK);
			if (err.code != ERR_OK)
				assert_non_null(strstr(err.what, "(mode 0"));
		}
	}
}

TEST(files_of_strangers_are_refused)
{
	struct error err = {0};
	int fd = -1;

	fixture_write_text(".", "file", "secret");
	assert_int_equal(chmod("file", 0600), 0);
	if (geteuid() != 0 || chown("file", STRANGER, STRANGER) != 0)
		skip();
	REFUSED(file_open("file", FILE_OURS, &fd, &err), ERR_PERMISSIONS);
	assert_string_equal(err.what, "file: belongs to user 12345, who can "
	    "change it at will, and trust rests on it: see that it is still "
	    "what it should be, then: chown root file");
	assert_int_equal(fd, -1);
	REFUSED(file_open("file", FILE_SECRET, &fd, &err), ERR_PERMISSIONS);
	assert_int_equal(fd, -1);
	FINE(file_open("file", FILE_PUBLIC, &fd, &err));
	file_close(&fd);
	/* A CA's index may be another user's, who runs it with sudo. */
	FINE(file_open("file", FILE_TRUSTED, &fd, &err));
	file_close(&fd);
}

static const struct {
	const char *path;
	mode_t mode;
	enum err want;
} folder_rows[] = {
	{ "one", 0700, ERR_OK },
	{ "one/two/three", 0750, ERR_OK },
	{ "slash/behind/", 0700, ERR_OK },
	{ "double//slash", 0700, ERR_OK },
	{ "folder", 0700, ERR_OK },
	{ "/", 0700, ERR_OK },
	{ ".", 0700, ERR_OK },
	{ "./one/../dot", 0700, ERR_OK },
	{ "file", 0700, ERR_MISSING },
	{ "file/below", 0700, ERR_MISSING },
	{ "dangling", 0700, ERR_MISSING },
	{ "fifo/below/it", 0700, ERR_MISSING },
	{ "", 0700, ERR_MISSING },
};

TEST(folders_are_made_with_those_above)
{
	mode_t before = umask(0);
	struct stat st;

	make_things();
	assert_int_equal(chmod("folder", 0711), 0);
	for (size_t i = 0; i < COUNT_OF(folder_rows); i++) {
		struct error err = {0};

		if (file_make_folder(folder_rows[i].path, folder_rows[i].mode,
		    &err) != folder_rows[i].want)
			fail_msg("%s: %s", folder_rows[i].path, err.what);
		if (folder_rows[i].want != ERR_OK)
			continue;
		assert_int_equal(stat(folder_rows[i].path, &st), 0);
		assert_true(S_ISDIR(st.st_mode));
	}
	umask(before);
	assert_int_equal(stat("one/two", &st), 0);
	assert_int_equal(st.st_mode & 07777, 0750);
	assert_int_equal(stat("folder", &st), 0);
	assert_int_equal(st.st_mode & 07777, 0711);
}

TEST(removing_is_done_once)
{
	struct error err = {0};

	make_things();
	assert_true(file_exists("file"));
	FINE(file_remove("file", &err));
	assert_false(file_exists("file"));
	FINE(file_remove("file", &err));
	assert_true(file_exists("dangling"));
	FINE(file_remove("dangling", &err));
	assert_false(file_exists("dangling"));
	assert_string_equal(err.what, "");
	REFUSED(file_remove("folder", &err), ERR_IO);
	assert_true(file_exists("folder"));
	assert_non_null(strstr(err.what, "folder: cannot remove it"));
}

static const struct {
	const char *folder, *name;
	size_t capacity;
	const char *want;	/* NULL: does not fit */
} join_rows[] = {
	{ "a", "b", 4, "a/b" },
	{ "a", "b", 3, NULL },
	{ "", "b", 2, "b" },
	{ "", "b", 1, NULL },
	{ "/etc/crlferry", "root.pem", 64, "/etc/crlferry/root.pem" },
	{ "/etc/crlferry", "/ca/root.pem", 64, "/ca/root.pem" },
};

TEST(names_are_joined_to_folders)
{
	for (size_t i = 0; i < COUNT_OF(join_rows); i++) {
		struct error err = {0};
		char out[64];
		enum err code;

		code = file_join(out, join_rows[i].capacity,
		    join_rows[i].folder, join_rows[i].name, &err);
		if (join_rows[i].want == NULL) {
			assert_int_equal(code, ERR_FORMAT);
			assert_true(err.what[0] != '\0');
			continue;
		}
		assert_int_equal(code, ERR_OK);
		assert_string_equal(out, join_rows[i].want);
	}
}

static const struct {
	const char *path;
	size_t capacity;
	const char *want;	/* NULL: does not fit */
} folder_of_rows[] = {
	{ "name", 2, "." },
	{ "name", 1, NULL },
	{ "/name", 2, "/" },
	{ "/a/name", 3, "/a" },
	{ "/a/name", 2, NULL },
	{ "a/b/name", 64, "a/b" },
	{ "./name", 64, "." },
};

TEST(paths_have_a_folder)
{
	for (size_t i = 0; i < COUNT_OF(folder_of_rows); i++) {
		struct error err = {0};
		char out[64];
		enum err code;

		code = file_folder(out, folder_of_rows[i].capacity,
		    folder_of_rows[i].path, &err);
		if (folder_of_rows[i].want == NULL) {
			assert_int_equal(code, ERR_FORMAT);
			assert_true(err.what[0] != '\0');
			continue;
		}
		assert_int_equal(code, ERR_OK);
		assert_string_equal(out, folder_of_rows[i].want);
	}
}

static const struct {
	int number;
	enum err want;
} errno_rows[] = {
	{ ENOENT, ERR_MISSING }, { ENOTDIR, ERR_MISSING },
	{ ENOSPC, ERR_NO_SPACE }, { EDQUOT, ERR_NO_SPACE },
	{ EFBIG, ERR_NO_SPACE }, { EACCES, ERR_PERMISSIONS },
	{ EPERM, ERR_PERMISSIONS }, { EIO, ERR_IO }, { EROFS, ERR_IO },
	{ ELOOP, ERR_FORMAT },
};

TEST(errno_becomes_a_token)
{
	for (size_t i = 0; i < COUNT_OF(errno_rows); i++) {
		struct error err = {0};
		char want[200];

		errno = errno_rows[i].number;
		assert_int_equal(file_fail(&err, "x", "open"),
		    errno_rows[i].want);
		snprintf(want, sizeof(want), "x: cannot open it: %s",
		    strerror(errno_rows[i].number));
		assert_string_equal(err.what, want);
	}
}

/* found: 1, 0, or -1 where it is ERR_PERMISSIONS and nothing was said. */
static void
expect_found(const char *path, int want)
{
	bool found = want != 1;
	struct error err = {0};
	enum err code = file_find(path, &found, &err);

	assert_int_equal(code, want < 0 ? ERR_PERMISSIONS : ERR_OK);
	if (want < 0)
		assert_non_null(strstr(err.what, path));
	else
		assert_int_equal(found, want);
}

TEST(what_cannot_be_looked_at_is_not_absent)
{
	make_things();
	fixture_write_text("folder", "closed", "");
	expect_found("file", 1);
	expect_found("dangling", 1);
	expect_found("fifo", 1);
	expect_found("nothing", 0);
	expect_found("file/below", 0);
	assert_int_equal(chmod("folder", 0), 0);
	if (geteuid() == 0)
		assert_int_equal(seteuid(STRANGER), 0);
	expect_found("folder/closed", -1);
	expect_found("folder/nothing", -1);
	if (getuid() == 0)
		assert_int_equal(seteuid(0), 0);
	expect_found("folder", 1);
	assert_int_equal(chmod("folder", 0700), 0);
}
