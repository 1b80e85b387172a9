/* SPDX-License-Identifier: ISC */
/* A mark of life on the terminal, while something takes its time. */
#pragma once

#include <pthread.h>
#include <stdbool.h>

struct busy {
	const char *text;
	pthread_t thread;
	int tty_fd;
	int end_fd;
	bool is_running;
};

#define BUSY_NONE (struct busy){.tty_fd = -1, .end_fd = -1}

/*
 * From half a second on, "TEXT..." stands on the terminal of this process, and
 * a dot more each second; busy_end takes it away.  Without a terminal there is
 * nothing.  Without a thread there is none, either.
 *
 * text  of at most 40 characters, and it outlives *busy; NULL: show nothing
 */
void busy_start(struct busy *busy, const char *text);
void busy_end(struct busy *busy);
