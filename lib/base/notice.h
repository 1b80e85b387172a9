/* SPDX-License-Identifier: ISC */
/*
 * Things worth saying that are no failure: a clamped nextUpdate, a repaired
 * store.  Libraries collect them, commands print them.
 */
#pragma once

#include "base/bytes.h"

/* Start from {0}; text is one notice a line. */
struct notices {
	struct buffer lines;
};

#define RELEASE_NOTICES __attribute__((cleanup(notices_release)))

/* Add one line.  Control characters become '?'; without memory it is lost. */
void notice(struct notices *notices, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
void notices_release(struct notices *notices);
