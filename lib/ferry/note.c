/* SPDX-License-Identifier: ISC */
#include <stdio.h>

#include "ferry/note.h"

/* Octets of a note beside CRL, manifest and seals, generously. */
#define NOTE_FRAME_MAX 4096

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

/* In JSON a text grows to twice its size if it is all quotes. */
uint64_t
note_max_bytes(uint64_t max_crl_bytes)
{
	return (max_crl_bytes + 2) / 3 * 4 + 2 * MANIFEST_MAX_BYTES +
	    2 * NOTE_SEALS_MAX * MINISIGN_FILE_MAX + NOTE_FRAME_MAX;
}

void
note_release(struct note *note)
{
	size_t i;

	buffer_release(&note->crl);
	buffer_release(&note->manifest);
	for (i = 0; i < NOTE_SEALS_MAX; i++)
		buffer_release(&note->seals[i]);
	buffer_release(&note->stores);
	*note = (struct note){0};
}

void
note_comment(const struct note *note, char *out, size_t capacity)
{
	char number[NUMBER_TEXT_SIZE] = "";
	char type[NOTE_TYPE_SIZE], time[UTC_TEXT_SIZE];

	note_type(note->kind, type);
	utc_format(note->at_s, time);
	if (note->has_number)
		number_format(&note->number, 0, number);
	snprintf(out, capacity, "type:%s root:%s subordinate:%s sequence:%llu "
	    "time:%s%s%s", type, note->root, note->subordinate,
	    (unsigned long long)note->sequence, time,
	    note->has_number ? " number:" : "", number);
}

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
