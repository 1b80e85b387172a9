/* SPDX-License-Identifier: ISC */
/*
 * Every refusal must say why; what is taken must come back from its own text
 * as the same text, and have a comment that can be sealed.
 */
#include <stdlib.h>
#include <string.h>

#include "ferry/note.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check_comment(const struct note *note)
{
	char comment[MINISIGN_COMMENT_SIZE];

	note_comment(note, comment, sizeof(comment));
	if (strlen(comment) >= MINISIGN_COMMENT_SIZE - 1 ||
	    strspn(comment, "abcdefghijklmnopqrstuvwxyz0123456789-: TZ") !=
	    strlen(comment))
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	RELEASE_NOTE struct note first = {0}, second = {0};
	RELEASE_BUFFER struct buffer text = {0}, again = {0};
	struct error err = {0};

	if (note_parse((struct span){ data, size }, &first, &err) !=
	    ERR_OK) {
		if (err.code == ERR_OK || err.what[0] == '\0')
			abort();
		return 0;
	}
	check_comment(&first);
	if (note_encode(&first, &text, &err) != ERR_OK)
		abort();
	if (note_parse(span_of_buffer(&text), &second, &err) != ERR_OK)
		abort();
	if (note_encode(&second, &again, &err) != ERR_OK)
		abort();
	if (!span_equals(span_of_buffer(&text), span_of_buffer(&again)))
		abort();
	return 0;
}
