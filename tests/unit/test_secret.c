/* SPDX-License-Identifier: ISC */
#include <fcntl.h>
#include <unistd.h>

#include "base/file.h"
#include "base/secret.h"
#include "test.h"

#define PIPE_MAX 4000	/* a pipe takes this without a reader */

static int
start(void **state)
{
	alarm(60);
	return secret_start(NULL) == ERR_OK ? 0 : -1;
}

AROUND_ALL(start, NULL)

/* The reading end of a pipe that holds the octets and nothing more. */
static int
pipe_of(const void *data, size_t size)
{
	int pipes[2];

	assert_true(size <= PIPE_MAX);
	assert_int_equal(pipe(pipes), 0);
	assert_int_equal(file_write_all(pipes[1], "pipe",
	    (struct span){ data, size }, NULL), ERR_OK);
	close(pipes[1]);
	return pipes[0];
}

static const struct {
	const char *name;
	const char *input;
	const char *lines[3];	/* NULL: ERR_KEY */
} line_rows[] = {
	{ "one", "first\n", { "first", NULL, NULL } },
	{ "no LF at the end", "first", { "first", NULL, NULL } },
	{ "one by one", "first\nsecond\nthird", { "first", "second",
	    "third" } },
	{ "an empty line is a line", "\n\nthird\n", { "", "", "third" } },
	{ "spaces and CR are kept", " a b \r\n\tc\n", { " a b \r", "\tc",
	    NULL } },
	{ "nothing", "", { NULL, NULL, NULL } },
};

TEST(lines_are_read_one_at_a_time)
{
	for (size_t i = 0; i < COUNT_OF(line_rows); i++) {
		CLOSE_FD int fd = pipe_of(line_rows[i].input,
		    strlen(line_rows[i].input));

		for (size_t j = 0; j < COUNT_OF(line_rows[i].lines); j++) {
			const char *want = line_rows[i].lines[j];
			RELEASE_SECRET struct secret line = {0};
			struct error err = {0};
			enum err code;

			code = secret_read_line(fd, "CA key", &line, &err);
			if (code != (want != NULL ? ERR_OK : ERR_KEY))
				fail_msg("%s, line %zu", line_rows[i].name, j);
			if (want == NULL) {
				assert_null(line.data);
				assert_non_null(strstr(err.what,
				    "CA key: one line"));
				continue;
			}
			assert_int_equal(line.size, strlen(want));
			assert_memory_equal(line.data, want, line.size + 1);
		}
	}
}

/* Another program may be the next reader, so nothing is read ahead. */
TEST(what_follows_a_line_stays_in_the_pipe)
{
	CLOSE_FD int fd = pipe_of("first\nrest\n", 11);
	RELEASE_SECRET struct secret line = {0};
	char rest[16];

	assert_int_equal(secret_read_line(fd, "key", &line, NULL), ERR_OK);
	assert_int_equal(read(fd, rest, sizeof(rest)), 5);
	assert_memory_equal(rest, "rest\n", 5);
}

static const struct {
	size_t size;
	bool has_end;
	enum err want;
} length_rows[] = {
	{ SECRET_LINE_MAX - 1, true, ERR_OK },
	{ SECRET_LINE_MAX, true, ERR_OK },
	{ SECRET_LINE_MAX, false, ERR_OK },
	{ SECRET_LINE_MAX + 1, true, ERR_KEY },
	{ SECRET_LINE_MAX + 1, false, ERR_KEY },
	{ PIPE_MAX - 1, true, ERR_KEY },
};

TEST(an_over_long_line_is_no_passphrase)
{
	for (size_t i = 0; i < COUNT_OF(length_rows); i++) {
		RELEASE_SECRET struct secret line = {0};
		size_t size = length_rows[i].size;
		struct error err = {0};
		char text[PIPE_MAX];
		CLOSE_FD int fd = -1;

		memset(text, 'x', sizeof(text));
		if (length_rows[i].has_end)
			text[size] = '\n';
		fd = pipe_of(text, size + length_rows[i].has_end);
		if (secret_read_line(fd, "key", &line, &err) !=
		    length_rows[i].want)
			fail_msg("%zu octets", size);
		if (length_rows[i].want == ERR_OK) {
			assert_int_equal(line.size, size);
			assert_int_equal(line.data[size], '\0');
		} else {
			assert_null(line.data);
			assert_non_null(strstr(err.what, "a longer one"));
		}
	}
}

TEST(a_descriptor_that_cannot_be_read_is_no_key)
{
	struct secret line = {0};
	struct error err = {0};

	REFUSED(secret_read_line(-1, "key", &line, &err), ERR_KEY);
	REFUSED(secret_read_line(9999, "key", &line, &err), ERR_KEY);
	assert_null(line.data);
	assert_true(err.what[0] != '\0');
}
