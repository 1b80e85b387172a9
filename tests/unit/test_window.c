/* SPDX-License-Identifier: ISC */
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/file.h"
#include "base/window.h"
#include "test.h"

#define FILE_SIZE (3 * WINDOW_SIZE + 1000)

/* The same octets in memory and in a file; no two neighbourhoods alike. */
static uint8_t *octets;
static int file_fd = -1;

static int
make_octets(void **state)
{
	octets = malloc(FILE_SIZE);
	if (octets == NULL)
		return -1;
	for (size_t i = 0; i < FILE_SIZE; i++)
		octets[i] = (uint8_t)(i * 2654435761U >> 13);
	file_fd = memfd_create("octets", MFD_CLOEXEC);
	return file_write_all(file_fd, "octets",
	    (struct span){ octets, FILE_SIZE }, NULL) == ERR_OK ? 0 : -1;
}

static int
free_octets(void **state)
{
	file_close(&file_fd);
	free(octets);
	return 0;
}

AROUND_ALL(make_octets, free_octets)

/* Forth and back, over and along every edge. */
static const struct {
	uint64_t offset;
	size_t need;
	enum err want;
} view_rows[] = {
	{ 0, 0, ERR_OK },
	{ 0, 1, ERR_OK },
	{ 5, WINDOW_SIZE - 5, ERR_OK },
	{ 5, WINDOW_SIZE, ERR_OK },
	{ 4, 2, ERR_OK },
	{ WINDOW_SIZE - 1, 1, ERR_OK },
	{ WINDOW_SIZE - 1, 2, ERR_OK },
	{ WINDOW_SIZE, WINDOW_SIZE, ERR_OK },
	{ 2 * WINDOW_SIZE, WINDOW_SIZE, ERR_OK },
	{ 0, WINDOW_SIZE, ERR_OK },
	{ FILE_SIZE - 1, 1, ERR_OK },
	{ FILE_SIZE - 1000, 1000, ERR_OK },
	{ FILE_SIZE - WINDOW_SIZE, WINDOW_SIZE, ERR_OK },
	{ FILE_SIZE, 0, ERR_OK },
	{ FILE_SIZE, 1, ERR_FORMAT },
	{ FILE_SIZE - 1, 2, ERR_FORMAT },
	{ FILE_SIZE + 1, 0, ERR_FORMAT },
	{ UINT64_MAX, 1, ERR_FORMAT },
	{ 1, SIZE_MAX, ERR_FORMAT },
	{ UINT64_MAX, SIZE_MAX, ERR_FORMAT },
	{ 7, 3, ERR_OK },
};

static void
try_rows(struct window *window)
{
	assert_true(window->size == FILE_SIZE);
	for (size_t i = 0; i < COUNT_OF(view_rows); i++) {
		struct span out = { NULL, 99 };
		struct error err = {0};

		if (window_view(window, view_rows[i].offset, view_rows[i].need,
		    &out, &err) != view_rows[i].want)
			fail_msg("row %zu: %s", i, err.what);
		if (view_rows[i].want != ERR_OK) {
			assert_non_null(strstr(err.what, ": want "));
			assert_int_equal(out.size, 99);
			continue;
		}
		assert_true(out.size >= view_rows[i].need);
		assert_true(out.size <= FILE_SIZE - view_rows[i].offset);
		assert_memory_equal(out.data, octets + view_rows[i].offset,
		    out.size);
	}
}

TEST(memory_and_file_look_the_same)
{
	struct window memory, file;

	window_init_memory(&memory, (struct span){ octets, FILE_SIZE });
	try_rows(&memory);
	window_release(&memory);
	assert_int_equal(window_init_file(&file, file_fd, NULL), ERR_OK);
	try_rows(&file);
	window_release(&file);
	assert_int_equal(file.fd, -1);
	/* The descriptor was borrowed. */
	assert_true(fcntl(file_fd, F_GETFD) >= 0);
}

/* A walk in steps that fit neither window nor file, as a parser takes it. */
TEST(a_walk_sees_every_octet)
{
	struct window file;
	uint64_t at = 0;
	struct error err = {0};

	FINE(window_init_file(&file, file_fd, &err));
	while (at < FILE_SIZE) {
		size_t need = FILE_SIZE - at < 997 ?
		    (size_t)(FILE_SIZE - at) : 997;
		struct span out;

		FINE(window_view(&file, at, need, &out, &err));
		assert_memory_equal(out.data, octets + at, need);
		at += need;
	}
	assert_true(file.buffered.capacity <= 2 * WINDOW_SIZE);
	window_release(&file);
}

TEST(a_file_gives_no_more_than_a_window)
{
	struct window file;
	struct error err = {0};
	struct span out;

	FINE(window_init_file(&file, file_fd, &err));
	REFUSED(window_view(&file, 0, WINDOW_SIZE + 1, &out, &err), ERR_FORMAT);
	assert_non_null(strstr(err.what, "in one piece"));
	window_release(&file);
}

/* What was read before the cut must not be taken for something else. */
TEST(a_file_that_is_cut_is_an_error)
{
	int fd = memfd_create("cut", MFD_CLOEXEC);
	struct window file;
	struct error err = {0};
	struct span out;

	FINE(file_write_all(fd, "cut", (struct span){ octets, FILE_SIZE },
	    &err));
	FINE(window_init_file(&file, fd, &err));
	FINE(window_view(&file, 0, 1, &out, &err));
	assert_int_equal(ftruncate(fd, WINDOW_SIZE + 500), 0);
	REFUSED(window_view(&file, WINDOW_SIZE, 1000, &out, &err), ERR_IO);
	assert_non_null(strstr(err.what, "cut while it was read"));
	FINE(window_view(&file, 0, 100, &out, &err));
	assert_memory_equal(out.data, octets, 100);
	REFUSED(window_view(&file, WINDOW_SIZE, 1000, &out, &err), ERR_IO);
	window_release(&file);
	close(fd);
}

TEST(nothing_is_nothing)
{
	int fd = memfd_create("empty", MFD_CLOEXEC);
	struct window window;
	struct error err = {0};
	struct span out;

	window_init_memory(&window, (struct span){0});
	FINE(window_view(&window, 0, 0, &out, &err));
	assert_int_equal(out.size, 0);
	REFUSED(window_view(&window, 0, 1, &out, &err), ERR_FORMAT);
	window_release(&window);
	FINE(window_init_file(&window, fd, &err));
	FINE(window_view(&window, 0, 0, &out, &err));
	assert_int_equal(out.size, 0);
	REFUSED(window_view(&window, 0, 1, &out, &err), ERR_FORMAT);
	window_release(&window);
	close(fd);
}

TEST(only_regular_files_are_looked_at)
{
	struct window window = { .size = 99 };
	struct error err = {0};
	int pipes[2];
	int fd = -1;

	REFUSED(window_init_file(&window, fd, &err), ERR_IO);
	assert_int_equal(pipe(pipes), 0);
	REFUSED(window_init_file(&window, pipes[0], &err), ERR_FORMAT);
	assert_int_equal(window.size, 99);
	close(pipes[0]);
	close(pipes[1]);
}
