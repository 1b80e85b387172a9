/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>

#include "sub/store/store_plain.h"

#define BEGIN "-----BEGIN " PEM_CRL "-----\n"
#define END "-----END " PEM_CRL "-----\n"
#define LINE_SIZE 64
#define TEXT_MAX 200	/* OpenSSL reads longer lines in pieces */
#define BOM 0xef	/* what a UTF-8 byte order mark begins with */

static bool
begins_with(struct span text, size_t at, const char *word)
{
	const size_t size = strlen(word);

	return text.size - at >= size &&
	    memcmp(text.data + at, word, size) == 0;
}

/* Past lines of text, to BEGIN. */
static bool
find_begin(struct span text, size_t at, size_t *begin)
{
	while (at < text.size && !begins_with(text, at, BEGIN)) {
		const size_t left = text.size - at;
		const uint8_t *feed = memchr(text.data + at, '\n',
		    left < TEXT_MAX ? left : TEXT_MAX);

		if (feed == NULL || text.data[at] == '-' ||
		    text.data[at] == BOM || memchr(text.data + at, '\0',
		    (size_t)(feed - text.data) - at) != NULL)
			return false;
		at = (size_t)(feed - text.data) + 1;
	}
	*begin = at;
	return at < text.size;
}

/* The size of a line without its LF; more than LINE_SIZE if it is no line. */
static size_t
measure_line(struct span text, size_t at)
{
	size_t size;

	for (size = 0; size <= LINE_SIZE && at + size < text.size; size++) {
		if (text.data[at + size] == '\n')
			return size;
		if (text.data[at + size] <= ' ')
			break;
	}
	return LINE_SIZE + 1;
}

bool
plain_next(struct span text, size_t at, struct pem_block *out)
{
	size_t size = LINE_SIZE;
	size_t begin;

	if (!find_begin(text, at, &begin))
		return false;
	at = begin + strlen(BEGIN);
	out->body.data = text.data + at;
	while (!begins_with(text, at, END)) {
		/* Only the last line may be shorter. */
		if (size != LINE_SIZE || at >= text.size)
			return false;
		size = measure_line(text, at);
		if (size == 0 || size > LINE_SIZE)
			return false;
		at += size + 1;
	}
	snprintf(out->label, sizeof(out->label), "%s", PEM_CRL);
	out->begin = begin;
	out->body.size = (size_t)(text.data + at - out->body.data);
	out->end = at + strlen(END);
	return true;
}
