/* SPDX-License-Identifier: ISC */
/* The name that somebody meant who mistyped it.  Inside cmd only. */
#pragma once

#include <stddef.h>

/* Start from {.word = what was typed}; meant is NULL if no name is near. */
struct nearest {
	const char *word;
	const char *meant;
	size_t errors;		/* of typing, between both */
};

/*
 * Keep name if it is nearer than the names before: at most two letters are to
 * be changed, added or left out, or the word is its beginning.  Capitals are
 * no difference.
 */
void nearest_offer(struct nearest *nearest, const char *name);
