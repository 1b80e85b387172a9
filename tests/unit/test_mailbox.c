/* SPDX-License-Identifier: ISC */
/* Notes on a medium, and what a medium may hold in place of one. */
#include <sys/stat.h>

#include "base/file.h"
#include "rooms_fixture.h"
#include "folder_fixture.h"
#include "site/mailbox/mailbox.h"
#include "test.h"

AROUND_EACH(enter_folder, leave_folder)

#define JSON "crlferry/r/request-s.json"
#define SEAL JSON ".minisig"
#define MAX_BYTES 100

static void
write_note(const char *json, const char *seal)
{
	char path[4096], want[PATH_SIZE];
	struct error err = {0};

	FINE(mailbox_write(folder, "r", "request-s", span_of_text(json),
	    span_of_text(seal), path, sizeof(path), &err));
	path_in(want, folder, JSON);
	assert_string_equal(path, want);
	assert_no_temporaries("write", "crlferry/r");
}

static enum err
read_note(bool *found, struct error *err)
{
	RELEASE_BUFFER struct buffer json = {0}, seal = {0};
	enum err code;

	*found = true;
	code = mailbox_read(folder, "r", "request-s", MAX_BYTES, &json, &seal,
	    found, err);
	assert_true(code == ERR_OK || !*found);
	return code;
}

static void
reads_as(const char *json, const char *seal)
{
	RELEASE_BUFFER struct buffer have = {0}, have_seal = {0};
	struct error err = {0};
	bool found = false;

	FINE(mailbox_read(folder, "r", "request-s", MAX_BYTES, &have,
	    &have_seal, &found, &err));
	assert_true(found);
	assert_true(span_equals(span_of_buffer(&have), span_of_text(json)));
	assert_true(span_equals(span_of_buffer(&have_seal),
	    span_of_text(seal)));
}

static void
is_not_there(const char *name)
{
	struct error err = {0};
	bool found;

	assert_fine(name, read_note(&found, &err), &err);
	if (found)
		fail_msg("%s: want no note, have one", name);
	/* What is not there is no failure. */
	assert_int_equal(err.code, ERR_OK);
}

TEST(a_note_comes_back)
{
	write_note("{}\n", "sealed\n");
	reads_as("{}\n", "sealed\n");
	write_note("{ }\n", "");
	reads_as("{ }\n", "");
}

TEST(what_is_not_there)
{
	is_not_there("an empty medium");
	assert_int_equal(mkdir("crlferry", 0755), 0);
	is_not_there("no folder of the root");
	assert_int_equal(mkdir("crlferry/r", 0755), 0);
	is_not_there("an empty folder");
	write_note("{}", "sealed");
	assert_int_equal(rename(JSON, "away"), 0);
	is_not_there("a seal alone");
	assert_int_equal(rename("away", JSON), 0);
	assert_int_equal(unlink(SEAL), 0);
	is_not_there("no seal: its writing was cut off");
}

TEST(no_medium)
{
	RELEASE_BUFFER struct buffer json = {0}, seal = {0};
	struct error err = {0};
	bool found = true;

	assert_refusal("none", ERR_MISSING, "none", mailbox_read("none", "r",
	    "request-s", MAX_BYTES, &json, &seal, &found, &err), &err);
	assert_false(found);
}

static void
to_symlink(const char *path)
{
	assert_int_equal(rename(path, "away"), 0);
	assert_int_equal(symlink("../../away", path), 0);
}

static void
to_hard_link(const char *path)
{
	assert_int_equal(link(path, "away"), 0);
}

static void
to_fifo(const char *path)
{
	assert_int_equal(unlink(path), 0);
	assert_int_equal(mkfifo(path, 0644), 0);
}

static void
to_folder(const char *path)
{
	assert_int_equal(unlink(path), 0);
	assert_int_equal(mkdir(path, 0755), 0);
}

static void
to_sparse(const char *path)
{
	assert_int_equal(truncate(path, INT64_C(10) << 30), 0);
}

static const struct {
	const char *name;
	void (*spoil)(const char *path);
	const char *says;
} spoilt[] = {
	{ "symbolic link", to_symlink, "is a link" },
	{ "hard link", to_hard_link, "want one link, have 2" },
	{ "FIFO", to_fifo, "regular file" },
	{ "folder", to_folder, "regular file" },
	{ "sparse file", to_sparse, "have 10737418240" },
};

TEST(spoilt_files_are_refused)
{
	static const char *const files[] = { JSON, SEAL };

	for (size_t i = 0; i < COUNT_OF(spoilt); i++) {
		for (size_t k = 0; k < COUNT_OF(files); k++) {
			struct error err = {0};
			bool found;

			write_note("{}", "sealed");
			spoilt[i].spoil(files[k]);
			assert_refusal(spoilt[i].name, ERR_FORMAT,
			    spoilt[i].says, read_note(&found, &err), &err);
			assert_non_null(strstr(err.what, files[k]));
			remove(files[k]);
			remove("away");
		}
	}
}

TEST(sizes_are_capped)
{
	char json[MAX_BYTES + 2] = "";
	struct error err = {0};
	bool found;

	memset(json, 'x', MAX_BYTES);
	write_note(json, "sealed");
	reads_as(json, "sealed");
	json[MAX_BYTES] = 'x';
	write_note(json, "sealed");
	assert_refusal("too large", ERR_FORMAT, "at most 100",
	    read_note(&found, &err), &err);
}

/* A link in place of either folder leads nowhere, to read or to write. */
TEST(folders_are_no_links)
{
	static const char *const folders[] = { "crlferry", "crlferry/r" };

	for (size_t i = 0; i < COUNT_OF(folders); i++) {
		char path[4096], target[PATH_SIZE];
		struct error err = {0};
		bool found;

		write_note("{}", "sealed");
		assert_int_equal(rename(folders[i], "away"), 0);
		path_in(target, folder, "away");
		assert_int_equal(symlink(target, folders[i]), 0);
		assert_refusal(folders[i], ERR_FORMAT, "not a folder",
		    read_note(&found, &err), &err);
		assert_refusal(folders[i], ERR_FORMAT, "not a folder",
		    mailbox_write(folder, "r", "request-s", span_of_text("x"),
		    span_of_text("x"), path, sizeof(path), &err), &err);
		assert_int_equal(unlink(folders[i]), 0);
		assert_int_equal(rename("away", folders[i]), 0);
		reads_as("{}", "sealed");
	}
}

TEST(a_file_for_a_folder)
{
	struct error err = {0};
	bool found;

	fixture_write_text(folder, "crlferry", "x");
	assert_refusal("a file", ERR_FORMAT, "not a folder",
	    read_note(&found, &err), &err);
}
