/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/array.h"
#include "base/file.h"
#include "base/prompt/prompt.h"

static const int ending[] = {SIGINT, SIGQUIT, SIGTERM, SIGHUP};
static const int stopping[] = {SIGTSTP, SIGCONT};

int
prompt_open_terminal(void)
{
	const int tty = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);

	if (tty >= 0 || isatty(STDIN_FILENO) == 0)
		return tty;
	return fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
}

struct termios
prompt_quiet(const struct termios *modes)
{
	struct termios quiet = *modes;

	quiet.c_lflag &= ~(tcflag_t)(ECHO | ECHONL);
	return quiet;
}

void
prompt_signals(sigset_t *out)
{
	sigemptyset(out);
	for (size_t i = 0; i < COUNT_OF(ending); i++)
		sigaddset(out, ending[i]);
}

/* A terminal while it is asked on. */
struct asking {
	const struct prompt *prompt;
	struct termios before;	/* its modes */
	sigset_t held_back;	/* all of the signals above */
	sigset_t mask;		/* of signals, before */
	int ended_fd;		/* tells that one has come: to end, ... */
	int stopped_fd;		/* ... or to stop, or go on */
};

/* What the waiting has ended with. */
enum event { EVENT_INPUT, EVENT_STOP, EVENT_END };

static int
watch(const int *signals, size_t count, sigset_t *all)
{
	sigset_t set;

	sigemptyset(&set);
	for (size_t i = 0; i < count; i++) {
		sigaddset(&set, signals[i]);
		sigaddset(all, signals[i]);
	}
	return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

static enum err
hold_back(struct asking *asking, struct error *err)
{
	sigemptyset(&asking->held_back);
	asking->ended_fd = watch(ending, COUNT_OF(ending),
	    &asking->held_back);
	asking->stopped_fd = watch(stopping, COUNT_OF(stopping),
	    &asking->held_back);
	if (asking->ended_fd < 0 || asking->stopped_fd < 0)
		return file_fail(err, "signals", "wait for");
	if (tcgetattr(asking->prompt->in_fd, &asking->before) != 0)
		return file_fail(err, "terminal", "look at");
	if (sigprocmask(SIG_BLOCK, &asking->held_back, &asking->mask) != 0)
		return file_fail(err, "signals", "hold back");
	return ERR_OK;
}

static enum err
wait_for(const struct asking *asking, enum event *event, struct error *err)
{
	struct pollfd fds[] = {
	    {.fd = asking->prompt->in_fd, .events = POLLIN},
	    {.fd = asking->stopped_fd, .events = POLLIN},
	    {.fd = asking->ended_fd, .events = POLLIN}};

	while (poll(fds, COUNT_OF(fds), -1) < 0) {
		if (errno != EINTR)
			return file_fail(err, "terminal", "wait for");
	}
	*event = (fds[2].revents & POLLIN) != 0 ? EVENT_END :
	    (fds[1].revents & POLLIN) != 0 ? EVENT_STOP : EVENT_INPUT;
	return ERR_OK;
}

static enum err
say(const struct asking *asking, const char *text, struct error *err)
{
	return file_write_all(asking->prompt->out_fd, "terminal",
	    span_of_text(text), err);
}

/* Turning the echo off drops what was typed before, as flushing does. */
static enum err
show(const struct asking *asking, struct error *err)
{
	const int fd = asking->prompt->in_fd;
	const struct termios quiet = prompt_quiet(&asking->before);
	struct termios now;

	if (!asking->prompt->is_quiet)
		(void)tcflush(fd, TCIFLUSH);
	/* It succeeds if it could do any of it. */
	else if (tcsetattr(fd, TCSAFLUSH, &quiet) != 0 ||
	    tcgetattr(fd, &now) != 0 || (now.c_lflag & ECHO) != 0)
		return file_fail(err, "terminal", "turn echo off");
	return say(asking, asking->prompt->text, err);
}

static enum err
restore(const struct asking *asking, struct error *err)
{
	if (asking->prompt->is_quiet && tcsetattr(asking->prompt->in_fd,
	    TCSAFLUSH, &asking->before) != 0)
		return file_fail(err, "terminal", "turn echo on");
	return ERR_OK;
}

/*
 * Stop here, if that was wanted; a shell then sees the terminal as it was.
 * What made the process go on again is a signal, too: it asks for nothing
 * more.
 */
static enum err
stop(const struct asking *asking, struct error *err)
{
	struct signalfd_siginfo info;
	sigset_t stops;

	TRY(say(asking, "\n", err));
	TRY(restore(asking, err));
	/* Nor is it a line for the shell. */
	(void)tcflush(asking->prompt->in_fd, TCIFLUSH);
	while (read(asking->stopped_fd, &info, sizeof(info)) > 0) {
		if (info.ssi_signo != SIGTSTP)
			continue;
		sigemptyset(&stops);
		sigaddset(&stops, SIGTSTP);
		raise(SIGTSTP);
		sigprocmask(SIG_UNBLOCK, &stops, NULL);
		sigprocmask(SIG_BLOCK, &stops, NULL);
	}
	return ERR_OK;
}

/*
 * Octet by octet: the next line stays there for the next reader.  A line that
 * is too long is read to its end, and *size_bytes is then capacity.
 */
static enum err
read_line(const struct asking *asking, char *out, size_t capacity,
    size_t *size_bytes, enum event *event, struct error *err)
{
	size_t used = 0;

	for (;;) {
		char next = '\0';
		ssize_t got;

		TRY(wait_for(asking, event, err));
		if (*event != EVENT_INPUT)
			return ERR_OK;
		got = read(asking->prompt->in_fd, &next, 1);
		if (got < 0 && (errno == EINTR || errno == EAGAIN))
			continue;
		/* A terminal that is gone says EIO. */
		if (got <= 0)
			return err_fail(err, ERR_DECLINED,
			    "the input has ended");
		if (next == '\n')
			break;
		if (used + 1 < capacity)
			out[used] = next;
		used += used < capacity;
	}
	*size_bytes = used;
	out[used < capacity ? used : 0] = '\0';
	return ERR_OK;
}

static enum err
ask(const struct asking *asking, char *out, size_t capacity,
    size_t *size_bytes, struct error *err)
{
	enum event event = EVENT_END;

	for (;;) {
		TRY(show(asking, err));
		TRY(read_line(asking, out, capacity, size_bytes, &event, err));
		if (event == EVENT_END)
			return err_fail(err, ERR_DECLINED, "interrupted");
		if (event == EVENT_STOP)
			TRY(stop(asking, err));
		else if (*size_bytes < capacity)
			return ERR_OK;
		else
			TRY(say(asking, asking->prompt->is_quiet ?
			    "\nThat line is too long.\n" :
			    "That line is too long.\n", err));
	}
}

static void
close_both(struct asking *asking)
{
	file_close(&asking->ended_fd);
	file_close(&asking->stopped_fd);
}

enum err
prompt_ask(const struct prompt *prompt, char *out, size_t capacity,
    size_t *size_bytes, struct error *err)
{
	__attribute__((cleanup(close_both))) struct asking asking = {
	    .prompt = prompt, .ended_fd = -1, .stopped_fd = -1};
	struct error why;
	enum err code, end;

	TRY(hold_back(&asking, err));
	code = ask(&asking, out, capacity, size_bytes, err);
	end = restore(&asking, &why);
	if (code == ERR_OK && end != ERR_OK)
		code = err_copy(err, &why);
	/* The cursor stands behind the prompt. */
	if (code == ERR_DECLINED || (code == ERR_OK && prompt->is_quiet))
		(void)!write(prompt->out_fd, "\n", 1);
	/* Here a signal that nobody else holds back has its way. */
	sigprocmask(SIG_SETMASK, &asking.mask, NULL);
	return code;
}
