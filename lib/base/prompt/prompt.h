/* SPDX-License-Identifier: ISC */
/* One question on a terminal, and its answer. */
#pragma once

#include <signal.h>
#include <termios.h>

#include "base/bytes.h"

struct prompt {
	const char *text;	/* shown as it is, and no line end after it */
	int in_fd;		/* terminals */
	int out_fd;
	bool is_quiet;		/* what is typed is not echoed */
};

/*
 * The terminal of this session; a process without one, as on the console of a
 * machine in single-user mode, has standard input, if that is a terminal.
 * A descriptor for reading and writing, or -1.
 */
int prompt_open_terminal(void);

/* What is typed is echoed no more, while these are a terminal's modes. */
struct termios prompt_quiet(const struct termios *modes);

/* SIGINT, SIGQUIT, SIGTERM and SIGHUP: those that end a question. */
void prompt_signals(sigset_t *out);

/*
 * Ask for one line, and ask again if it is longer than capacity - 1 octets.
 * What was typed before the question does not answer it.
 *
 * out        receives the line without its LF, and a NUL
 * size_bytes receives its size: it may hold a NUL itself
 *
 * Ctrl-Z stops the process with the terminal as it was found; when it goes on,
 * the question is asked anew.  The signals above end the waiting; they stay
 * pending until they are held back no longer, which for those that the caller
 * has not held back is before this returns.
 *
 * ERR_DECLINED if there is such a signal, or the input has ended.
 */
MUST_CHECK enum err prompt_ask(const struct prompt *prompt, char *out,
    size_t capacity, size_t *size_bytes, struct error *err);
