/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "sub/reader/reader_judge.h"
#include "sub/reader/sandbox.h"

#define READER_TIMEOUT_MS (10 * 60 * 1000)

/* The child: confined before the first octet is looked at. */
static _Noreturn void
work_confined(const struct confined *confined, void *answer, size_t size,
    int to)
{
	const bool is_confined = confined->is_wanted && reader_confine(to);
	struct error err;

	confined->work(confined->context, is_confined, answer);
	if (file_write_all(to, "verdict", (struct span){answer, size},
	    &err) != ERR_OK)
		_exit(1);
	_exit(0);
}

/*
 * Exactly one answer and then the end, none of them long in coming; false
 * otherwise.
 */
static bool
receive(int fd, void *out, size_t size)
{
	size_t got = 0;
	uint8_t more;

	for (;;) {
		const bool is_whole = got == size;
		struct pollfd poll_fd = {.fd = fd, .events = POLLIN};
		int ready = poll(&poll_fd, 1, READER_TIMEOUT_MS);
		ssize_t part;

		if (ready < 0 && errno == EINTR)
			continue;
		if (ready <= 0)
			return false;
		part = is_whole ? read(fd, &more, sizeof(more)) :
		    read(fd, (uint8_t *)out + got, size - got);
		if (part < 0 && errno == EINTR)
			continue;
		if (part <= 0 || is_whole)
			return part == 0 && is_whole;
		got += (size_t)part;
	}
}

enum err
confined_run(const struct confined *confined, void *answer, size_t size,
    struct error *err)
{
	CLOSE_FD int reading = -1;
	int status = 0;
	int pipes[2];
	bool answered;
	pid_t pid;

	/* What would open a device on first use, which the child cannot. */
	manifest_start();
	if (pipe2(pipes, O_CLOEXEC) != 0)
		return file_fail(err, "reader", "open a pipe to");
	reading = pipes[0];
	pid = fork();
	if (pid == 0)
		work_confined(confined, answer, size, pipes[1]);
	close(pipes[1]);
	if (pid < 0)
		return file_fail(err, "reader", "start");
	answered = receive(reading, answer, size);
	if (!answered)
		kill(pid, SIGKILL);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		continue;
	if (!answered || !WIFEXITED(status) || WEXITSTATUS(status) != 0)
		return err_fail(err, ERR_FORMAT, "%s: want a verdict of the "
		    "reader, have none: it ended with %s %d",
		    confined->subject,
		    WIFSIGNALED(status) ? "signal" : "status",
		    WIFSIGNALED(status) ? WTERMSIG(status) :
		    WEXITSTATUS(status));
	return ERR_OK;
}
