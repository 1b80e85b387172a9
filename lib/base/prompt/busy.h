/* SPDX-License-Identifier: ISC */
/* A mark of life on the terminal, while something takes its time. */
#pragma once

#include <pthread.h>
#include <signal.h>
#include <termios.h>

#include "base/error.h"

struct busy {
	const char *text;
	pthread_t thread;
	int tty_fd;
	int end_fd;
	bool is_running;
	bool is_quiet;
	struct termios before;	/* modes of the terminal */
	sigset_t mask;		/* of signals */
};

#define BUSY_NONE (struct busy){.tty_fd = -1, .end_fd = -1}

/*
 * From half a second on, "TEXT..." stands on the terminal of this process, and
 * a dot more each second; busy_end takes it away.  What is typed meanwhile is
 * not echoed, and dropped; signals that would end or stop the process wait.
 * Without a terminal there is nothing of it.
 *
 * text  of at most 40 characters, and it outlives *busy; NULL: do nothing
 */
void busy_start(struct busy *busy, const char *text);

/*
 * ERR_DECLINED if meanwhile there was such a signal, which the caller holds
 * back; others have their way here.
 */
MUST_CHECK enum err busy_end(struct busy *busy, struct error *err);
