/* SPDX-License-Identifier: ISC */
/*
 * Run a function where it can do no harm: in a forked process that has the
 * memory of this one and nothing else, no file, no socket, no way to get one,
 * and answers with a record of fixed size.
 */
#pragma once

#include "base/notice.h"
#include "site/config.h"

/* What every answer begins with. */
struct confined_answer {
	struct error error;	/* its code ERR_OK, or why it is refused */
	uint8_t is_confined;	/* seccomp and Landlock are in force */
};

struct confined {
	const char *subject;	/* what is read, for messages */
	/* Fills the answer, which is all 0 but for is_confined. */
	void (*work)(const void *context, void *answer);
	const void *context;
	enum sandbox sandbox;
};

/*
 * Run it, and receive its answer, of which nothing is checked but the size:
 * its writer may have been taken over.  The device that jansson reads is
 * opened before.
 *
 * answer  begins with a struct confined_answer; its error is ERR_PERMISSIONS
 *         if sandbox = "require" and the process cannot be confined
 *
 * ERR_FORMAT if it died, or took longer than ten minutes.
 */
MUST_CHECK enum err confined_run(const struct confined *confined,
    void *answer, size_t size, struct error *err);

/* ERR_FORMAT if it is out of bounds; what passes may be shown. */
MUST_CHECK enum err confined_check(const struct confined_answer *answer,
    struct error *err);

/*
 * Pass on what was checked: the refusal, and a notice if sandbox = "try" and
 * the process was not confined.
 */
MUST_CHECK enum err confined_conclude(const struct confined *confined,
    const struct confined_answer *answer, struct notices *notices,
    struct error *err);
