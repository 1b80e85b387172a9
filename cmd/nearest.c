/* SPDX-License-Identifier: ISC */
#include <ctype.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

#include "nearest.h"

#define WORD_MAX 31		/* letters that are compared */
#define TYPING_ERRORS_MAX 2
#define BEGINNING_MIN 3		/* letters that say something */

static bool
is_same(char a, char b)
{
	return tolower((unsigned char)a) == tolower((unsigned char)b);
}

/* How many letters to change, add or leave out to make b of a. */
static size_t
distance(const char *a, const char *b)
{
	const size_t size = strlen(b);
	size_t row[WORD_MAX + 1];

	if (size > WORD_MAX)
		return SIZE_MAX;
	for (size_t k = 0; k <= size; k++)
		row[k] = k;
	for (size_t i = 0; a[i] != '\0'; i++) {
		size_t corner = row[0];

		row[0] = i + 1;
		for (size_t k = 0; k < size; k++) {
			size_t best = corner + !is_same(a[i], b[k]);

			corner = row[k + 1];
			if (best > corner + 1)
				best = corner + 1;
			if (best > row[k] + 1)
				best = row[k] + 1;
			row[k + 1] = best;
		}
	}
	return row[size];
}

void
nearest_offer(struct nearest *nearest, const char *name)
{
	const size_t size = strlen(nearest->word);
	size_t errors = distance(nearest->word, name);

	/* A beginning is no slip, so that any slip is nearer. */
	if (size >= BEGINNING_MIN && errors > TYPING_ERRORS_MAX &&
	    strncasecmp(nearest->word, name, size) == 0)
		errors = TYPING_ERRORS_MAX + 1;
	else if (errors > TYPING_ERRORS_MAX || errors >= size)
		return;
	if (nearest->meant != NULL && errors >= nearest->errors)
		return;
	nearest->meant = name;
	nearest->errors = errors;
}
