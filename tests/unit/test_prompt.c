/* SPDX-License-Identifier: ISC */
#include <fcntl.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "base/file.h"
#include "base/prompt/passphrase.h"
#include "base/prompt/prompt.h"
#include "test.h"

static int
start(void **state)
{
	alarm(60);
	return secret_start(NULL) == ERR_OK ? 0 : -1;
}

AROUND_ALL(start, NULL)

TEST(a_source_with_a_descriptor_asks_nobody)
{
	int pipes[2];
	struct secret line = {0};
	struct error err = {0};
	struct passphrase_source source = {.fd = -1};

	assert_int_equal(pipe2(pipes, O_CLOEXEC), 0);
	assert_int_equal(write(pipes[1], "one\ntwo\n", 8), 8);
	source.fd = pipes[0];
	FINE(passphrase_obtain(&source, "first", &line, &err));
	assert_string_equal((char *)line.data, "one");
	secret_release(&line);
	assert_false(passphrase_has_another_try(&source, "first", 1));
	FINE(passphrase_obtain(&source, "second", &line, &err));
	assert_string_equal((char *)line.data, "two");
	secret_release(&line);
	file_close(&pipes[0]);
	file_close(&pipes[1]);
}

TEST(what_fitted_once_is_not_asked_for_again)
{
	struct passphrase_ring *ring = passphrase_ring_new();
	/* To read from it would fail. */
	const struct passphrase_source source = {.fd = 9999, .ring = ring};
	struct secret line = {0};
	struct error err = {0};

	assert_non_null(ring);
	REFUSED(passphrase_obtain(&source, "a", &line, &err), ERR_KEY);
	FINE(secret_new(3, &line, &err));
	memcpy(line.data, "one", 3);
	passphrase_keep(&source, "a", &line);
	secret_release(&line);
	FINE(passphrase_obtain(&source, "a", &line, &err));
	assert_string_equal((char *)line.data, "one");
	secret_release(&line);
	REFUSED(passphrase_obtain(&source, "b", &line, &err), ERR_KEY);
	passphrase_ring_free(&ring);
	assert_null(ring);
}

TEST(without_a_terminal_nobody_is_asked)
{
	int status = 0;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		const struct passphrase_source source = {.fd = -1};
		struct secret secret = {0};
		struct error err = {0};

		setsid();
		if (passphrase_obtain(&source, "key", &secret, &err) !=
		    ERR_KEY || strstr(err.what, "key: there is no terminal") ==
		    NULL)
			_exit(1);
		_exit(secret.data == NULL ? 0 : 2);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

/* A program that asks, and what it says by its exit status. */
static _Noreturn void
ask_quietly(void)
{
	struct secret secret = {0};
	struct termios after;

	if (passphrase_ask("Passphrase", &secret, NULL) != ERR_OK)
		_exit(1);
	if (secret.size != 8 || memcmp(secret.data, "pass phr", 8) != 0)
		_exit(2);
	_exit(tcgetattr(0, &after) == 0 && (after.c_lflag & ECHO) != 0 ? 0 :
	    3);
}

static _Noreturn void
ask_aloud(void)
{
	const struct prompt prompt = {.text = "Passphrase: ", .in_fd = 0,
	    .out_fd = 0};
	char line[16];
	size_t size;

	if (prompt_ask(&prompt, line, sizeof(line), &size, NULL) != ERR_OK)
		_exit(1);
	_exit(size == 8 && strcmp(line, "pass phr") == 0 ? 0 : 2);
}

static void
exit_as(int status)
{
	if (WIFSIGNALED(status)) {
		signal(WTERMSIG(status), SIG_DFL);
		raise(WTERMSIG(status));
	}
	_exit(WEXITSTATUS(status));
}

/*
 * Like a shell with one job: if it stops, the echo must be on; say so, and
 * have it go on.
 */
static _Noreturn void
run_job(void (*job)(void))
{
	pid_t pid = fork();
	struct termios now;
	int status;

	if (pid == 0) {
		setpgid(0, 0);
		signal(SIGTTOU, SIG_IGN);
		tcsetpgrp(0, getpid());
		/* Whoever started this test may have it ignored. */
		for (int number = 1; number < 32; number++)
			signal(number, SIG_DFL);
		alarm(HANG_S);
		job();
	}
	signal(SIGTTOU, SIG_IGN);
	while (waitpid(pid, &status, WUNTRACED) == pid && WIFSTOPPED(status)) {
		tcsetpgrp(0, getpid());
		if (tcgetattr(0, &now) != 0 || (now.c_lflag & ECHO) == 0 ||
		    write(0, "stopped\n", 8) != 8)
			_exit(9);
		tcsetpgrp(0, pid);
		kill(-pid, SIGCONT);
	}
	exit_as(status);
	abort();
}

/* Read until the text has come; what came is in seen. */
static void
await(int fd, const char *text, char *seen, size_t capacity)
{
	size_t used = 0;

	for (seen[0] = '\0'; strstr(seen, text) == NULL;) {
		/* No further: the rest is awaited next. */
		assert_true(used + 1 < capacity);
		assert_int_equal(read(fd, seen + used, 1), 1);
		seen[++used] = '\0';
	}
}

static void
await_echo(int master, bool is_on)
{
	struct termios now;

	do {
		usleep(1000);
		assert_int_equal(tcgetattr(master, &now), 0);
	} while (((now.c_lflag & ECHO) != 0) != is_on);
}

/* What is typed from then on answers the question. */
static void
await_quiet(int master, char *seen, size_t capacity)
{
	await(master, "Passphrase: ", seen, capacity);
	await_echo(master, false);
}

/* A job on a terminal of its own, and the other side of that. */
static pid_t
start_job(void (*job)(void), int *master)
{
	char name[64];
	pid_t pid;

	*master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (*master < 0 || grantpt(*master) != 0 || unlockpt(*master) != 0 ||
	    ptsname_r(*master, name, sizeof(name)) != 0)
		skip();
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		alarm(HANG_S);
		setsid();
		close(0);
		if (open(name, O_RDWR) != 0 || ioctl(0, TIOCSCTTY, 0) != 0)
			_exit(8);
		run_job(job);
	}
	return pid;
}

static void
type(int master, const char *keys)
{
	assert_int_equal(write(master, keys, strlen(keys)), strlen(keys));
}

static void
assert_ends_well(pid_t pid)
{
	int status = 0;

	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

TEST(a_terminal_shows_the_prompt_and_no_echo)
{
	CLOSE_FD int master = -1;
	char seen[512];
	pid_t pid = start_job(ask_quietly, &master);

	await_quiet(master, seen, sizeof(seen));
	type(master, "pass phr\n");
	await(master, "\n", seen, sizeof(seen));
	assert_null(strstr(seen, "pass"));
	assert_ends_well(pid);
}

TEST(an_interrupt_ends_the_process_with_the_echo_on)
{
	CLOSE_FD int master = -1;
	struct termios after;
	char seen[512];
	int status = 0;
	pid_t pid = start_job(ask_quietly, &master);

	await_quiet(master, seen, sizeof(seen));
	type(master, "\003");
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGINT);
	assert_int_equal(tcgetattr(master, &after), 0);
	assert_true((after.c_lflag & ECHO) != 0);
}

TEST(the_end_of_input_is_no_passphrase)
{
	CLOSE_FD int master = -1;
	char seen[512];
	int status = 0;
	pid_t pid = start_job(ask_quietly, &master);

	await_quiet(master, seen, sizeof(seen));
	type(master, "\004");
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 1);
	await_echo(master, true);
}

TEST(stopped_and_going_on_it_asks_again_without_echo)
{
	CLOSE_FD int master = -1;
	char seen[512];
	pid_t pid = start_job(ask_quietly, &master);

	await_quiet(master, seen, sizeof(seen));
	/* What was typed before is forgotten. */
	type(master, "half\032");
	await(master, "stopped", seen, sizeof(seen));
	assert_null(strstr(seen, "half"));
	await_quiet(master, seen, sizeof(seen));
	type(master, "\032");
	await(master, "stopped", seen, sizeof(seen));
	await_quiet(master, seen, sizeof(seen));
	type(master, "pass phr\n");
	await(master, "\n", seen, sizeof(seen));
	assert_null(strstr(seen, "pass"));
	assert_ends_well(pid);
}

static const struct {
	const char *typed;
	const char *shown;	/* and then the question again */
} again_rows[] = {
	{ "half\032", "stopped" },
	{ "sixteen letters.\n", "too long.\r\n" },
};

TEST(stopped_or_too_long_it_shows_the_question_again)
{
	for (size_t i = 0; i < COUNT_OF(again_rows); i++) {
		CLOSE_FD int master = -1;
		char seen[512];
		pid_t pid = start_job(ask_aloud, &master);

		await(master, "Passphrase: ", seen, sizeof(seen));
		type(master, again_rows[i].typed);
		await(master, again_rows[i].shown, seen, sizeof(seen));
		await(master, "Passphrase: ", seen, sizeof(seen));
		type(master, "pass phr\n");
		assert_ends_well(pid);
	}
}
