/* SPDX-License-Identifier: ISC */
#include <stdio.h>

#include "base/text.h"
#include "ferry/note.h"
#include "ferry/value.h"

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
	buffer_release(&note->crl);
	buffer_release(&note->manifest);
	for (size_t i = 0; i < NOTE_SEALS_MAX; i++)
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

	for (size_t i = 0; i < note_store_count(note); i++)
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

/* It is shown on the root's terminal. */
static enum err
check_store(const struct note_store *store, struct error *err)
{
	TRY(value_check_name("note", "stores: type", store->type,
	    sizeof(store->type), err));
	if (store->path[0] == '\0' ||
	    !text_is_printable(store->path, sizeof(store->path)))
		return err_fail(err, ERR_FORMAT, "note: stores: path: "
		    "\"%.200s\" is empty or not printable", store->path);
	return ERR_OK;
}

/* The CRL itself the root has: its digest tells which it is. */
static enum err
check_installed(const struct note *note, struct error *err)
{
	if (note->crl.size > 0 || note->manifest.size > 0 ||
	    note->seal_count > 0)
		return err_fail(err, ERR_FORMAT, "note: a receipt with a CRL, "
		    "a manifest or seals, which only a request may hold");
	TRY(value_check_time("note", "this_update", note->this_update_s, err));
	TRY(value_check_time("note", "next_update", note->next_update_s, err));
	if (note_store_count(note) > NOTE_STORES_MAX)
		return err_fail(err, ERR_FORMAT, "note: stores: want at most "
		    "%d, have %zu", NOTE_STORES_MAX, note_store_count(note));
	for (size_t i = 0; i < note_store_count(note); i++)
		TRY(check_store(note_store_at(note, i), err));
	return ERR_OK;
}

/* A manifest without its seals, or without its CRL, would prove nothing. */
static enum err
check_held(const struct note *note, struct error *err)
{
	if (note->stores.size > 0)
		return err_fail(err, ERR_FORMAT, "note: a request with %zu "
		    "stores, which only a receipt may name",
		    note_store_count(note));
	if (note->manifest.size > MANIFEST_MAX_BYTES)
		return err_fail(err, ERR_FORMAT, "note: manifest: want at "
		    "most %d octets, have %zu", MANIFEST_MAX_BYTES,
		    note->manifest.size);
	if (note->manifest.size > 0 && note->crl.size == 0)
		return err_fail(err, ERR_FORMAT, "note: manifest: the CRL "
		    "that it is about is missing");
	if ((note->manifest.size > 0) != (note->seal_count > 0))
		return err_fail(err, ERR_FORMAT, note->seal_count > 0 ?
		    "note: seals without a manifest" :
		    "note: a manifest without seals");
	if (note->seal_count > NOTE_SEALS_MAX)
		return err_fail(err, ERR_FORMAT, "note: seals: want at most "
		    "%d, have %zu", NOTE_SEALS_MAX, note->seal_count);
	for (size_t i = 0; i < note->seal_count; i++) {
		if (note->seals[i].size == 0 ||
		    note->seals[i].size > MINISIGN_FILE_MAX)
			return err_fail(err, ERR_FORMAT, "note: seals: want 1 "
			    "to %d octets each, have %zu", MINISIGN_FILE_MAX,
			    note->seals[i].size);
	}
	return ERR_OK;
}

enum err
note_check(const struct note *note, struct error *err)
{
	TRY(value_check_name("note", "root", note->root, sizeof(note->root),
	    err));
	TRY(value_check_name("note", "subordinate", note->subordinate,
	    sizeof(note->subordinate), err));
	TRY(value_check_sequence("note", note->sequence, err));
	TRY(value_check_time("note", "time", note->at_s, err));
	TRY(value_check_hex("note", "nonce", note->nonce, sizeof(note->nonce),
	    err));
	if (note->has_number)
		TRY(value_check_number("note", "number", &note->number, err));
	return note->kind == NOTE_RECEIPT ? check_installed(note, err) :
	    check_held(note, err);
}
