/* SPDX-License-Identifier: ISC */
/* The terminal of a ceremony: what is said, what is asked, and the clock. */
#pragma once

#include <signal.h>

#include "root/ceremony/ceremony.h"

/* Signals are held back between open and close; an interrupt waits. */
struct terminal {
	bool is_open;
	bool is_utf8;		/* else letters beyond ASCII are shown as '?' */
	sigset_t before;	/* what was held back already */
};

#define CLOSE_TERMINAL __attribute__((cleanup(terminal_close)))
#define TERMINAL_NONE {.is_open = false}

/*
 * Take standard input and output.  ERR_USAGE if either is no terminal.
 * SIGINT, SIGQUIT, SIGTERM and SIGHUP are held back from here on, and answer
 * the next question: ERR_DECLINED.
 */
MUST_CHECK enum err terminal_open(struct terminal *terminal,
    struct ceremony_io *io, struct error *err);
void terminal_close(struct terminal *terminal);
