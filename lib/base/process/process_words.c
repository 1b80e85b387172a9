/* SPDX-License-Identifier: ISC */
/* Words about a program that ended. */
#include <stdio.h>
#include <string.h>

#include "base/process/process.h"
#include "base/text.h"

#define WORDS_HEAD 100		/* of much output, before what is left out */
#define WORDS_TAIL 200

void
process_words(const struct process_result *result,
    char out[PROCESS_WORDS_SIZE])
{
	const char *text = result->output;
	const size_t size = strlen(text);
	int head = WORDS_HEAD;
	const char *tail;

	if (size <= WORDS_HEAD + WORDS_TAIL) {
		snprintf(out, PROCESS_WORDS_SIZE, "%s", text);
		return;
	}
	/* A character that is cut there is left out. */
	while (utf8_is_within(text[head]))
		head--;
	for (tail = text + size - WORDS_TAIL; utf8_is_within(*tail);
	    tail++)
		continue;
	snprintf(out, PROCESS_WORDS_SIZE, "%.*s" PROCESS_LEFT_OUT "%s", head,
	    text, tail);
}

void
process_end(const struct process_result *result, char out[PROCESS_END_SIZE])
{
	char words[PROCESS_WORDS_SIZE];
	const char *between;

	process_words(result, words);
	between = words[0] == '\0' ? "" : ": ";
	if (result->signal == 0)
		snprintf(out, PROCESS_END_SIZE, "ended with status %d%s%s",
		    result->status, between, words);
	else
		snprintf(out, PROCESS_END_SIZE, "was killed by signal %d "
		    "(%s)%s%s", result->signal, strsignal(result->signal),
		    between, words);
}
