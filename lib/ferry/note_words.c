/* SPDX-License-Identifier: ISC */
#include <stdio.h>

#include "ferry/note_check.h"

static const char *const words[NOTE_KIND_COUNT] = {
#define X(name, word) word,
    NOTE_KINDS(X)
#undef X
};

static const char *const outcomes[NOTE_OUTCOME_COUNT] = {
#define X(name, word) word,
    NOTE_OUTCOMES(X)
#undef X
};

const char *
note_outcome_word(enum note_outcome outcome)
{
	return outcomes[outcome];
}

size_t
note_store_count(const struct note *note)
{
	return note->stores.size / sizeof(struct note_store);
}

const struct note_store *
note_store_at(const struct note *note, size_t i)
{
	return (const struct note_store *)(const void *)note->stores.data + i;
}

size_t
note_store_failures(const struct note *note)
{
	size_t count = 0;
	size_t i;

	for (i = 0; i < note_store_count(note); i++)
		count += note_store_at(note, i)->outcome == NOTE_FAILED;
	return count;
}

const char *
note_kind_word(enum note_kind kind)
{
	return words[kind];
}

void
note_type(enum note_kind kind, char out[NOTE_TYPE_SIZE])
{
	snprintf(out, NOTE_TYPE_SIZE, NOTE_TYPE_PREFIX "%s", words[kind]);
}

void
note_stem(enum note_kind kind, const char *subordinate,
    char out[NOTE_STEM_SIZE])
{
	snprintf(out, NOTE_STEM_SIZE, "%s-%s", words[kind], subordinate);
}
