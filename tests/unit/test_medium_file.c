/* SPDX-License-Identifier: ISC */
/* What is written to a medium, and what is found there when it is read back. */
#include <fcntl.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include "base/file.h"
#include "rooms_fixture.h"
#include "folder_fixture.h"
#include "site/medium_file.h"
#include "test.h"

AROUND_EACH(enter_folder, leave_folder)

#define MIB (1024 * 1024)

/* Around the ends of blocks, of pieces, and of what is synced at once. */
static const size_t sizes[] = {
	0, 1, 511, 512, 513, 4095, 4096, 4097, MIB - 1, MIB, MIB + 1,
	2 * MIB + 4096, 9 * MIB + 7,
};

static uint8_t octets[9 * MIB + 7];

static void
open_here(const char *medium, struct medium_folder *out)
{
	struct error err = {0};

	FINE(medium_folder_make(medium, "a/b", out, &err));
}

/* How often, and how far, it was told. */
struct told {
	uint64_t last_bytes;
	size_t count;
};

static void
tell(void *context, const char *doing, uint64_t done_bytes,
    uint64_t total_bytes)
{
	struct told *told = context;

	assert_string_equal(doing, "tested");
	assert_true(done_bytes >= told->last_bytes);
	told->last_bytes = done_bytes;
	told->count++;
}

static void
round_trips(const char *medium)
{
	RELEASE_MEDIUM struct medium_folder here = MEDIUM_FOLDER_NONE;

	open_here(medium, &here);
	for (size_t i = 0; i < COUNT_OF(sizes); i++) {
		const struct span in = { octets, sizes[i] };
		struct told told = {0};
		const struct medium_progress progress = {tell, &told};
		struct medium_work work = {.progress = &progress,
		    .doing = "tested", .total_bytes = sizes[i]};
		struct manifest_file meant;
		struct error err = {0};

		FINE(medium_file_put(&here, "file", in, &meant, &err));
		assert_int_equal(meant.size_bytes, sizes[i]);
		FINE(medium_file_read_back(&here, &meant, &work, &err));
		assert_int_equal(told.last_bytes, sizes[i]);
		assert_true(told.count > 0);
		assert_no_temporaries("put", here.path);
	}
}

TEST(what_is_written_comes_back)
{
	round_trips(".");
}

/* Where the page cache is the disk. */
TEST(it_comes_back_from_tmpfs)
{
	assert_int_equal(mkdir("medium", 0755), 0);
	if (mount("none", "medium", "tmpfs", 0, "size=32m") != 0)
		skip();
	/* It goes with the process, should a check fail. */
	assert_int_equal(chdir("medium"), 0);
	assert_int_equal(umount2(".", MNT_DETACH), 0);
	round_trips(".");
	assert_int_equal(chdir(folder), 0);
}

static void
flip_at(const char *path, off_t at)
{
	CLOSE_FD int fd = open(path, O_RDWR | O_CLOEXEC);
	uint8_t octet;

	assert_int_equal(pread(fd, &octet, 1, at), 1);
	octet ^= 1;
	assert_int_equal(pwrite(fd, &octet, 1, at), 1);
}

TEST(what_changed_is_found)
{
	static const off_t places[] = { 0, 4096, MIB - 1, MIB, 2 * MIB };
	RELEASE_MEDIUM struct medium_folder here = MEDIUM_FOLDER_NONE;
	const struct span in = { octets, 2 * MIB + 1 };
	struct manifest_file meant;
	struct error err = {0};

	open_here(".", &here);
	FINE(medium_file_put(&here, "file", in, &meant, &err));
	for (size_t i = 0; i < COUNT_OF(places); i++) {
		flip_at("a/b/file", places[i]);
		assert_refusal("flipped", ERR_IO, "came back otherwise than "
		    "it was written", medium_file_read_back(&here, &meant,
		    NULL, &err), &err);
		flip_at("a/b/file", places[i]);
	}
	FINE(medium_file_read_back(&here, &meant, NULL, &err));
	assert_int_equal(truncate("a/b/file", 2 * MIB), 0);
	assert_refusal("cut", ERR_IO, "want the 2097153 octets",
	    medium_file_read_back(&here, &meant, NULL, &err), &err);
	assert_int_equal(unlink("a/b/file"), 0);
	assert_refusal("gone", ERR_IO, "is gone after it was written",
	    medium_file_read_back(&here, &meant, NULL, &err), &err);
	assert_int_equal(mkfifo("a/b/file", 0600), 0);
	REFUSED(medium_file_read_back(&here, &meant, NULL, &err), ERR_IO);
	assert_int_equal(unlink("a/b/file"), 0);
	assert_int_equal(symlink("elsewhere", "a/b/file"), 0);
	REFUSED(medium_file_read_back(&here, &meant, NULL, &err), ERR_IO);
}

/* A file that is given up leaves what was there, and nothing beside it. */
TEST(what_is_aborted_leaves_nothing)
{
	RELEASE_MEDIUM struct medium_folder here = MEDIUM_FOLDER_NONE;
	struct manifest_file meant;
	struct medium_file file;
	struct error err = {0};

	open_here(".", &here);
	FINE(medium_file_put(&here, "file", span_of_text("old"), &meant,
	    &err));
	/* what a killed run left is taken away first, a link as well */
	assert_int_equal(symlink("../../target", "a/b/.file.crlferry-new"),
	    0);
	fixture_write_text(folder, "target", "kept");
	FINE(medium_file_open(&file, &here, "file", &err));
	FINE(medium_file_write(&file, span_of_text("new"), &err));
	medium_file_abort(&file);
	medium_file_abort(&file);
	assert_no_temporaries("abort", "a/b");
	assert_file_equals("a/b", "file", span_of_text("old"));
	assert_file_equals(folder, "target", span_of_text("kept"));
}

TEST(room_is_measured)
{
	const uint64_t little[] = { 1, 2, 3 };
	const uint64_t much[] = { 1, UINT64_MAX / 2 };
	struct error err = {0};

	FINE(medium_check_room(folder, little, COUNT_OF(little), &err));
	assert_refusal("much", ERR_MEDIUM, "KiB free", medium_check_room(
	    folder, much, COUNT_OF(much), &err), &err);
	assert_refusal("none", ERR_MISSING, "none", medium_check_room("none",
	    little, COUNT_OF(little), &err), &err);
}

static int
set_up(void **state)
{
	for (size_t i = 0; i < sizeof(octets); i++)
		octets[i] = (uint8_t)(i * 31 + i / 251);
	return 0;
}

AROUND_ALL(set_up, NULL)
