/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <poll.h>
#include <sys/signalfd.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "base/array.h"
#include "base/file.h"
#include "base/text.h"
#include "terminal.h"

static const int held_back[] = {SIGINT, SIGQUIT, SIGTERM, SIGHUP};

static enum err
say(void *context, const char *text, struct error *err)
{
	RELEASE_BUFFER struct buffer shown = {0};

	(void)context;
	TRY(buffer_append_text(&shown, text, err));
	buffer_make_printable(&shown);
	return file_write_all(STDOUT_FILENO, "terminal",
	    span_of_buffer(&shown), err);
}

/* Until there is something to read; a signal counts as no. */
static enum err
wait_for_input(const struct terminal *terminal, struct error *err)
{
	struct signalfd_siginfo info;
	struct pollfd fds[] = {{.fd = STDIN_FILENO, .events = POLLIN},
	    {.fd = terminal->signal_fd, .events = POLLIN}};

	while (poll(fds, 2, -1) < 0) {
		if (errno != EINTR)
			return file_fail(err, "terminal", "wait for");
	}
	if ((fds[1].revents & POLLIN) == 0)
		return ERR_OK;
	if (read(terminal->signal_fd, &info, sizeof(info)) < 0)
		return file_fail(err, "terminal", "wait for");
	return err_fail(err, ERR_DECLINED, "interrupted");
}

/*
 * One line, of which too much is lost; *is_whole says whether any was.  A NUL
 * would end the text before its time, so another control character stands for
 * it.
 */
static enum err
read_answer(const struct terminal *terminal, char *out, size_t capacity,
    bool *is_whole, struct error *err)
{
	size_t used = 0;

	*is_whole = true;
	for (;;) {
		char next = '\0';
		ssize_t got;

		TRY(wait_for_input(terminal, err));
		got = read(STDIN_FILENO, &next, 1);
		if (got < 0 && (errno == EINTR || errno == EAGAIN))
			continue;
		/* A terminal that is gone says EIO. */
		if (got <= 0)
			return err_fail(err, ERR_DECLINED,
			    "the input has ended");
		if (next == '\n')
			break;
		*is_whole = used + 1 < capacity;
		if (*is_whole)
			out[used++] = next == '\0' ? '\1' : next;
	}
	out[used] = '\0';
	return ERR_OK;
}

static enum err
ask(void *context, const char *prompt, char *out, size_t capacity,
    struct error *err)
{
	const struct terminal *terminal = context;
	bool is_whole = false;
	enum err code = ERR_OK;

	while (code == ERR_OK && !is_whole) {
		/* A text typed before the question does not answer it. */
		tcflush(STDIN_FILENO, TCIFLUSH);
		code = say(context, prompt, err);
		if (code == ERR_OK)
			code = read_answer(terminal, out, capacity,
			    &is_whole, err);
		if (code == ERR_OK && !is_whole)
			code = say(context, "That line is too long.\n", err);
	}
	/* The cursor stands behind the prompt. */
	if (code == ERR_DECLINED && say(context, "\n", NULL) != ERR_OK)
		return code;
	return code;
}

static int64_t
now(void *context)
{
	(void)context;
	return (int64_t)time(NULL);
}

enum err
terminal_open(struct terminal *terminal, struct ceremony_io *io,
    struct error *err)
{
	sigset_t signals;

	if (isatty(STDIN_FILENO) == 0 || isatty(STDOUT_FILENO) == 0)
		return err_remedy(err, err_fail(err, ERR_USAGE, "a ceremony "
		    "needs a terminal to ask on"),
		    "a script runs collect, issue and export");
	sigemptyset(&signals);
	for (size_t i = 0; i < COUNT_OF(held_back); i++)
		sigaddset(&signals, held_back[i]);
	terminal->signal_fd = signalfd(-1, &signals, SFD_CLOEXEC);
	if (terminal->signal_fd < 0)
		return file_fail(err, "signals", "wait for");
	if (sigprocmask(SIG_BLOCK, &signals, &terminal->before) != 0) {
		file_close(&terminal->signal_fd);
		return file_fail(err, "signals", "hold back");
	}
	*io = (struct ceremony_io){terminal, say, ask, now};
	return ERR_OK;
}

void
terminal_close(struct terminal *terminal)
{
	const struct timespec at_once = {0, 0};
	sigset_t signals;

	if (terminal->signal_fd < 0)
		return;
	file_close(&terminal->signal_fd);
	/* They were answered: what ends now ends with a status of ours. */
	sigemptyset(&signals);
	for (size_t i = 0; i < COUNT_OF(held_back); i++)
		sigaddset(&signals, held_back[i]);
	while (sigtimedwait(&signals, NULL, &at_once) > 0)
		continue;
	sigprocmask(SIG_SETMASK, &terminal->before, NULL);
}
