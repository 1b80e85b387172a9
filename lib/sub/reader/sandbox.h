/* SPDX-License-Identifier: ISC */
/*
 * Run a function where it can do no harm: in a forked process that has the
 * memory of this one and nothing else, no file, no socket, no way to get one,
 * and answers with a record of fixed size.
 */
#pragma once

#include "base/error.h"

#include <stddef.h>

struct confined {
	const char *subject;	/* what is read, for messages */
	/*
	 * Fills the answer.  is_confined is false where the kernel lacks
	 * seccomp or Landlock.
	 */
	void (*work)(const void *context, bool is_confined, void *answer);
	const void *context;
	bool is_wanted;		/* confine it: sandbox is not "off" */
};

/*
 * Run it, and receive its answer, of which nothing is checked but the size:
 * its writer may have been taken over.  What jansson wants from a device is
 * opened before.
 *
 * ERR_FORMAT where it died, or was longer than ten minutes.
 */
MUST_CHECK enum err confined_run(const struct confined *confined,
    void *answer, size_t size, struct error *err);
