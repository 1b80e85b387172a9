/* SPDX-License-Identifier: ISC */
/* How far a long piece of work is: one line on a terminal, rewritten. */
#pragma once

#include "../cli.h"
#include "site/medium_file.h"

struct progress {
	struct medium_progress listener;
	uint64_t shown_mib;
	bool is_shown;		/* the line stands there */
};

#define CLEAR_PROGRESS __attribute__((cleanup(progress_clear)))

/*
 * Start; the listener, which points into *out, or NULL if nothing is to be
 * shown: no terminal on stderr, --quiet or --json.
 */
const struct medium_progress *progress_start(
    const struct invocation *invocation, struct progress *out);

/* Take the line away, if it is shown. */
void progress_clear(struct progress *progress);
