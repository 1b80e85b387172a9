/* SPDX-License-Identifier: ISC */
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/file.h"
#include "base/prompt/busy.h"
#include "base/prompt/prompt.h"

#define PATIENCE_MS 500
#define TICK_MS 1000
#define DOTS_MAX 30

static void
put(const struct busy *busy, const char *text)
{
	(void)!write(busy->tty_fd, text, strlen(text));
}

/* Until the end is told; true if the time has passed before. */
static bool
lasts(const struct busy *busy, int ms)
{
	struct pollfd end = {.fd = busy->end_fd, .events = POLLIN};

	return poll(&end, 1, ms) == 0;
}

static void *
show(void *context)
{
	const struct busy *busy = context;
	char blank[128];

	if (!lasts(busy, PATIENCE_MS))
		return NULL;
	put(busy, busy->text);
	put(busy, "...");
	for (int i = 0; lasts(busy, TICK_MS); i++) {
		if (i < DOTS_MAX)
			put(busy, ".");
	}
	snprintf(blank, sizeof(blank), "\r%*s\r", 78, "");
	put(busy, blank);
	return NULL;
}

static void
silence(struct busy *busy)
{
	struct termios quiet;
	sigset_t signals;

	prompt_signals(&signals);
	sigaddset(&signals, SIGTSTP);
	sigprocmask(SIG_BLOCK, &signals, &busy->mask);
	busy->is_quiet = tcgetattr(busy->tty_fd, &busy->before) == 0;
	if (!busy->is_quiet)
		return;
	quiet = prompt_quiet(&busy->before);
	(void)tcsetattr(busy->tty_fd, TCSANOW, &quiet);
}

void
busy_start(struct busy *busy, const char *text)
{
	sigset_t all, before;

	*busy = BUSY_NONE;
	busy->text = text;
	if (text != NULL)
		busy->tty_fd = prompt_open_terminal();
	if (busy->tty_fd < 0)
		return;
	silence(busy);
	busy->end_fd = eventfd(0, EFD_CLOEXEC);
	if (busy->end_fd < 0)
		return;
	/* Signals are for those who work. */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	busy->is_running = pthread_create(&busy->thread, NULL, show, busy) ==
	    0;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
}

enum err
busy_end(struct busy *busy, struct error *err)
{
	sigset_t pending, ending;

	if (busy->tty_fd < 0)
		return ERR_OK;
	if (busy->is_running) {
		(void)eventfd_write(busy->end_fd, 1);
		pthread_join(busy->thread, NULL);
	}
	if (busy->is_quiet)
		(void)tcsetattr(busy->tty_fd, TCSAFLUSH, &busy->before);
	file_close(&busy->end_fd);
	file_close(&busy->tty_fd);
	busy->is_running = false;
	sigprocmask(SIG_SETMASK, &busy->mask, NULL);
	prompt_signals(&ending);
	sigpending(&pending);
	sigandset(&pending, &pending, &ending);
	return sigisemptyset(&pending) != 0 ? ERR_OK :
	    err_fail(err, ERR_DECLINED, "interrupted");
}
