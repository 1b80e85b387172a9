/* SPDX-License-Identifier: ISC */
#include <fcntl.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
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
	const struct secret_source source = { .fd = 9999 };
	struct secret line = {0};
	struct error err = {0};

	REFUSED(secret_read_line(-1, "key", &line, &err), ERR_KEY);
	REFUSED(secret_obtain(&source, "key", &line, &err), ERR_KEY);
	assert_null(line.data);
	assert_true(err.what[0] != '\0');
}

TEST(a_source_with_a_descriptor_asks_nobody)
{
	CLOSE_FD int fd = pipe_of("one\ntwo\n", 8);
	const struct secret_source source = { .fd = fd };
	struct secret line = {0};
	struct error err = {0};

	FINE(secret_obtain(&source, "first", &line, &err));
	assert_string_equal((char *)line.data, "one");
	secret_release(&line);
	FINE(secret_obtain(&source, "second", &line, &err));
	assert_string_equal((char *)line.data, "two");
	secret_release(&line);
	assert_null(line.data);
	assert_int_equal(line.size, 0);
	secret_release(&line);
}

TEST(without_a_terminal_nobody_is_asked)
{
	int status = 0;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		const struct secret_source source = { .fd = -1 };
		struct secret secret = {0};
		struct error err = {0};

		setsid();
		if (secret_obtain(&source, "key", &secret, &err) != ERR_KEY ||
		    strstr(err.what, "key: there is no terminal") == NULL)
			_exit(1);
		_exit(secret.data == NULL ? 0 : 2);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

/* In a child whose terminal is the other side of `master`. */
static _Noreturn void
ask_on_terminal(const char *name)
{
	struct secret secret = {0};
	struct termios after;
	int tty;

	alarm(HANG_S);
	/* Whoever started this test may have it ignored, as nohup & does. */
	signal(SIGINT, SIG_DFL);
	setsid();
	tty = open(name, O_RDWR);
	if (tty < 0 || ioctl(tty, TIOCSCTTY, 0) != 0 ||
	    secret_ask("Passphrase", &secret, NULL) != ERR_OK)
		_exit(1);
	if (secret.size != 8 || memcmp(secret.data, "pass phr", 8) != 0)
		_exit(2);
	_exit(tcgetattr(tty, &after) == 0 &&
	    (after.c_lflag & ECHO) != 0 ? 0 : 3);
}

/* Read until the text has come; what came is in seen. */
static void
await(int fd, const char *text, char *seen, size_t capacity)
{
	size_t used = 0;

	for (seen[0] = '\0'; strstr(seen, text) == NULL;) {
		ssize_t got = read(fd, seen + used, capacity - 1 - used);

		assert_true(got > 0);
		used += (size_t)got;
		seen[used] = '\0';
	}
}

/* A child that asks on a new terminal, once its echo is off. */
static pid_t
start_asking(int *master, char *seen, size_t capacity)
{
	char name[64];
	pid_t pid;

	*master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (*master < 0 || grantpt(*master) != 0 || unlockpt(*master) != 0 ||
	    ptsname_r(*master, name, sizeof(name)) != 0)
		skip();
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0)
		ask_on_terminal(name);
	await(*master, "Passphrase: ", seen, capacity);
	/* What is typed ahead is dropped. */
	for (struct termios now = { .c_lflag = ECHO };
	    (now.c_lflag & ECHO) != 0; usleep(1000))
		assert_int_equal(tcgetattr(*master, &now), 0);
	return pid;
}

TEST(a_terminal_shows_the_prompt_and_no_echo)
{
	CLOSE_FD int master = -1;
	char seen[512];
	int status = 0;
	pid_t pid = start_asking(&master, seen, sizeof(seen));

	assert_null(strstr(seen, "pass phr"));
	assert_int_equal(write(master, "pass phr\n", 9), 9);
	await(master, "\n", seen, sizeof(seen));
	assert_null(strstr(seen, "pass"));
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

TEST(an_interrupt_ends_the_process_with_the_echo_on)
{
	CLOSE_FD int master = -1;
	struct termios after;
	char seen[512];
	int status = 0;
	pid_t pid = start_asking(&master, seen, sizeof(seen));

	assert_int_equal(write(master, "\003", 1), 1);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGINT);
	assert_int_equal(tcgetattr(master, &after), 0);
	assert_true((after.c_lflag & ECHO) != 0);
}
