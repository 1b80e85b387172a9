/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/process.h"
#include "base/program.h"
#include "base/text.h"

/* In the child: nothing but the input and the output pipe is passed on. */
static _Noreturn void
start_program(const char *path, const char *const argv[], int input,
    int output)
{
	if (input < 0)
		input = open("/dev/null", O_RDONLY);
	setpgid(0, 0);
	if (input < 0 || dup2(input, 0) < 0 || dup2(output, 1) < 0 ||
	    dup2(output, 2) < 0)
		_exit(127);
	close_range(3, ~0U, 0);
	/*
	 * The path that was checked, not its descriptor: nobody else can
	 * change what it means, and a script finds its own name in $0.
	 */
	execvp(path, (char *const *)(uintptr_t)argv);
	dprintf(2, "%s: %s\n", argv[0], strerror(errno));
	_exit(127);
}

static int64_t
monotonic_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Has it ended?  It stays there to be waited for. */
static bool
has_ended(pid_t pid)
{
	siginfo_t info = {0};

	return waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | WNOWAIT) !=
	    0 || info.si_pid == pid;
}

/*
 * Keep the beginning of what it prints until it closes its output, or ends: a
 * daemon that it started may hold the output open for good.  False if the
 * time runs out first.
 */
static bool
collect_output(int fd, pid_t pid, int64_t deadline_ms,
    struct process_result *out)
{
	char scratch[512];
	size_t used = 0;

	for (;;) {
		struct pollfd poll_fd = {.fd = fd, .events = POLLIN};
		int64_t left_ms = deadline_ms - monotonic_ms();
		bool ended = has_ended(pid);
		ssize_t got;

		/* A daemon may go on to print: that is not waited for. */
		if (ended && used + 1 == sizeof(out->output))
			return true;
		if (!ended && left_ms <= 0)
			return false;
		if (left_ms > 50)
			left_ms = 50;
		if (poll(&poll_fd, 1, ended ? 0 : (int)left_ms) <= 0) {
			if (ended)
				return true;
			continue;
		}
		got = read(fd, scratch, sizeof(scratch));
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return true;
		for (size_t i = 0; i < (size_t)got; i++) {
			if (used + 1 == sizeof(out->output))
				break;
			out->output[used++] = scratch[i];
		}
		out->output[used] = '\0';
	}
}

/* Control characters become spaces, and the end is trimmed. */
static void
make_one_line(char *text)
{
	size_t size;

	text_make_printable(text, ' ');
	for (size = strlen(text); size > 0 && text[size - 1] == ' '; size--)
		text[size - 1] = '\0';
}

/* Wait for the end; false if the time runs out first. */
static bool
wait_until(pid_t pid, int64_t deadline_ms, int *status)
{
	const struct timespec pause = {.tv_nsec = 2 * 1000 * 1000};

	for (;;) {
		pid_t done = waitpid(pid, status, WNOHANG);

		if (done == pid)
			return true;
		if (done < 0 && errno != EINTR)
			return false;
		if (monotonic_ms() >= deadline_ms)
			return false;
		nanosleep(&pause, NULL);
	}
}

enum err
process_run(const char *const argv[], int input, unsigned int timeout_s,
    struct process_result *out, struct error *err)
{
	int64_t deadline_ms = monotonic_ms() + (int64_t)timeout_s * 1000;
	CLOSE_FD int reading = -1;
	char path[PATH_MAX];
	int pipes[2];
	int status = 0;
	pid_t pid;

	TRY(program_find(argv[0], path, err));
	if (pipe2(pipes, O_CLOEXEC) != 0)
		return file_fail(err, argv[0], "open a pipe to");
	reading = pipes[0];
	pid = fork();
	if (pid == 0)
		start_program(path, argv, input, pipes[1]);
	close(pipes[1]);
	if (pid < 0)
		return file_fail(err, argv[0], "start");
	memset(out, 0, sizeof(*out));
	if (!collect_output(reading, pid, deadline_ms, out) ||
	    !wait_until(pid, deadline_ms, &status)) {
		kill(-pid, SIGKILL);
		kill(pid, SIGKILL);
		while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
			continue;
		return err_fail(err, ERR_HOOK, "%s: still running after %u s",
		    argv[0], timeout_s);
	}
	make_one_line(out->output);
	out->status = WIFEXITED(status) ? WEXITSTATUS(status) :
	    128 + WTERMSIG(status);
	if (out->status == 127)
		return err_fail(err, ERR_HOOK, "%s cannot be run: %s", argv[0],
		    out->output);
	return ERR_OK;
}
