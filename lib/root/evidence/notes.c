/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/listing.h"
#include "root/evidence/notes.h"
#include "site/sealkeys.h"
#include "site/state.h"

#define JSON_SUFFIX ".json"
#define SEAL_SUFFIX ".json.minisig"

/* The notes of one kind and subordinate. */
struct series {
	const struct config *config;
	const struct config_root *root;
	const struct config_subordinate *subordinate;
	enum note_kind kind;
	char folder[STATE_PATH_SIZE];
	struct buffer sequences;	/* uint64_t each, highest first */
};

#define RELEASE_SERIES __attribute__((cleanup(series_release)))

static void
series_release(struct series *series)
{
	buffer_release(&series->sequences);
}

static size_t
series_count(const struct series *series)
{
	return series->sequences.size / sizeof(uint64_t);
}

static uint64_t
series_at(const struct series *series, size_t i)
{
	return ((const uint64_t *)(const void *)series->sequences.data)[i];
}

static void
format_id(enum note_kind kind, const char *subordinate, uint64_t sequence,
    char out[NOTE_ID_SIZE])
{
	char stem[NOTE_STEM_SIZE];

	note_stem(kind, subordinate, stem);
	snprintf(out, NOTE_ID_SIZE, "%s-%llu", stem,
	    (unsigned long long)sequence);
}

void
notes_id(const struct note *note, char out[NOTE_ID_SIZE])
{
	format_id(note->kind, note->subordinate, note->sequence, out);
}

/* "request-issuing-1-17.json" of this very series: anything else is none. */
static bool
parse_name(const struct series *series, const char *name, uint64_t *out)
{
	char stem[NOTE_STEM_SIZE], want[NOTE_ID_SIZE + 16];
	char id[NOTE_ID_SIZE];
	size_t size;

	note_stem(series->kind, series->subordinate->name, stem);
	size = strlen(stem);
	if (strncmp(name, stem, size) != 0 || name[size] != '-' ||
	    strspn(name + size + 1, "0123456789") > 19)
		return false;
	*out = strtoull(name + size + 1, NULL, 10);
	format_id(series->kind, series->subordinate->name, *out, id);
	snprintf(want, sizeof(want), "%s" JSON_SUFFIX, id);
	return strcmp(want, name) == 0;
}

static int
highest_first(const void *a, const void *b)
{
	const uint64_t *left = a, *right = b;

	return (*left < *right) - (*left > *right);
}

/* All that is there of it; nothing if there is no folder yet. */
static enum err
series_load(struct series *series, struct error *err)
{
	RELEASE_LISTING struct listing listing = LISTING_NONE;
	uint64_t sequence;
	const char *name;
	enum err code = ERR_OK;

	TRY(state_path(series->config, series->root->name, "notes",
	    series->folder, err));
	TRY(listing_open(series->folder, &listing, err));
	while (listing_next(&listing, &name, &code, err)) {
		if (parse_name(series, name, &sequence))
			TRY(buffer_append(&series->sequences, &sequence,
			    sizeof(sequence), err));
	}
	if (code == ERR_OK && series_count(series) > 1)
		qsort(series->sequences.data, series_count(series),
		    sizeof(uint64_t), highest_first);
	return code;
}

static enum err
series_path(const struct series *series, uint64_t sequence,
    const char *suffix, char out[STATE_PATH_SIZE], struct error *err)
{
	char id[NOTE_ID_SIZE], name[NOTE_ID_SIZE + 16];

	format_id(series->kind, series->subordinate->name, sequence, id);
	snprintf(name, sizeof(name), "%s%s", id, suffix);
	return file_join(out, STATE_PATH_SIZE, series->folder, name, err);
}

/* Is it the note that its name says? */
static enum err
check_kept(const struct series *series, uint64_t sequence,
    const struct note *note, struct error *err)
{
	char id[NOTE_ID_SIZE];

	if (note->kind == series->kind && note->sequence == sequence &&
	    strcmp(note->subordinate, series->subordinate->name) == 0 &&
	    strcmp(note->root, series->root->name) == 0)
		return ERR_OK;
	notes_id(note, id);
	return err_fail(err, ERR_FORMAT, "the note in it is %s of root %s",
	    id, note->root);
}

/* ERR_MISSING if it has no seal: its keeping was interrupted. */
static enum err
open_kept(const struct series *series, uint64_t sequence,
    struct buffer *json, struct kept_note *out, struct error *err)
{
	const uint64_t max = note_max_bytes(series->config->max_crl_bytes);
	RELEASE_BUFFER struct buffer seal = {0};
	RELEASE_NOTE struct note note = {0};
	char path[STATE_PATH_SIZE];
	struct minisign_public key;

	format_id(series->kind, series->subordinate->name, sequence, out->id);
	TRY(series_path(series, sequence, JSON_SUFFIX, out->path, err));
	TRY(series_path(series, sequence, SEAL_SUFFIX, path, err));
	TRY(file_read(path, FILE_OURS, MINISIGN_FILE_MAX, &seal, err));
	TRY(file_read(out->path, FILE_OURS, max, json, err));
	TRY(notes_key(series->config, series->subordinate, &key, err));
	TRY(note_open(span_of_buffer(json), span_of_buffer(&seal), &key, &note,
	    err));
	TRY(check_kept(series, sequence, &note, err));
	out->note = note;
	note = (struct note){0};
	return ERR_OK;
}

/*
 * The newest that is still authentic.  Those under a key that was replaced are
 * passed over, so that a new key may begin anew.
 */
static enum err
open_newest(const struct series *series, struct buffer *json,
    struct kept_note *out, bool *found, struct notices *notices,
    struct error *err)
{
	struct error why;
	enum err code;

	*found = false;
	for (size_t i = 0; i < series_count(series); i++) {
		json->size = 0;
		code = open_kept(series, series_at(series, i), json, out,
		    &why);
		*found = code == ERR_OK;
		if (*found)
			break;
		if (code == ERR_IO || code == ERR_PERMISSIONS)
			return err_copy(err, &why);
		if (code != ERR_MISSING)
			notice(notices, "%s: passed over: %s", out->path,
			    why.what);
	}
	return ERR_OK;
}

/* The seal first: without it the rest is none. */
static enum err
drop_others(const struct series *series, uint64_t kept, struct error *err)
{
	char path[STATE_PATH_SIZE];

	for (size_t i = 0; i < series_count(series); i++) {
		uint64_t sequence = series_at(series, i);

		if (sequence == kept)
			continue;
		TRY(series_path(series, sequence, SEAL_SUFFIX, path, err));
		TRY(file_remove(path, err));
		TRY(series_path(series, sequence, JSON_SUFFIX, path, err));
		TRY(file_remove(path, err));
	}
	return ERR_OK;
}

static enum err
write_note(const struct series *series, uint64_t sequence, struct span json,
    struct span seal, struct error *err)
{
	char path[STATE_PATH_SIZE];

	TRY(file_make_folder(series->folder, 0755, err));
	TRY(series_path(series, sequence, JSON_SUFFIX, path, err));
	TRY(file_replace(path, json, 0644, err));
	TRY(series_path(series, sequence, SEAL_SUFFIX, path, err));
	return file_replace(path, seal, 0644, err);
}

/* Against the newest that is there. */
static enum err
check_sequence(const struct series *series, const struct note *note,
    struct span json, bool *is_known, struct error *err)
{
	struct kept_note newest = {.id = ""};
	RELEASE_BUFFER struct buffer before = {0};
	bool found;
	enum err code = ERR_OK;

	TRY(open_newest(series, &before, &newest, &found, NULL, err));
	if (!found)
		return ERR_OK;
	*is_known = span_equals(span_of_buffer(&before), json);
	if (!*is_known && note->sequence <= newest.note.sequence)
		code = err_fail(err, ERR_ROLLBACK, "%s of %s: want a sequence "
		    "above %llu, which was taken in, have %llu: a replay, or "
		    "its counter was lost; if so, give it a new note key",
		    note_kind_word(note->kind), note->subordinate,
		    (unsigned long long)newest.note.sequence,
		    (unsigned long long)note->sequence);
	note_release(&newest.note);
	return code;
}

static const struct config_subordinate *
find_subordinate(const struct config_root *root, const char *name)
{
	for (size_t i = 0; i < root->subordinate_count; i++) {
		if (strcmp(root->subordinates[i].name, name) == 0)
			return &root->subordinates[i];
	}
	return NULL;
}

enum err
notes_keep(const struct config *config, const struct config_root *root,
    const struct note *note, struct span json, struct span seal,
    bool *is_known, struct error *err)
{
	RELEASE_SERIES struct series series = {
	    .config = config, .root = root, .kind = note->kind,
	    .subordinate = find_subordinate(root, note->subordinate)};

	*is_known = false;
	if (series.subordinate == NULL)
		return err_fail(err, ERR_MISSING, "%s is no "
		    "subordinate of root %s", note->subordinate, root->name);
	TRY(series_load(&series, err));
	TRY(check_sequence(&series, note, json, is_known, err));
	if (!*is_known)
		TRY(write_note(&series, note->sequence, json, seal, err));
	return drop_others(&series, note->sequence, err);
}

/* Show the newest of one kind and subordinate. */
static enum err
visit_series(struct series *series, enum err (*visit)(void *context,
    const struct kept_note *note, struct error *err), void *context,
    struct notices *notices, struct error *err)
{
	struct kept_note kept = {.id = ""};
	RELEASE_BUFFER struct buffer json = {0};
	bool found;
	enum err code;

	TRY(series_load(series, err));
	TRY(open_newest(series, &json, &kept, &found, notices, err));
	if (!found)
		return ERR_OK;
	buffer_release(&json);
	code = visit(context, &kept, err);
	note_release(&kept.note);
	return code;
}

enum err
notes_visit(const struct config *config, const struct config_root *root,
    enum err (*visit)(void *context, const struct kept_note *note,
    struct error *err), void *context, struct notices *notices,
    struct error *err)
{
	enum err code = ERR_OK;

	for (size_t i = 0; i < root->subordinate_count; i++) {
		for (int kind = 0; code == ERR_OK && kind < NOTE_KIND_COUNT;
		    kind++) {
			RELEASE_SERIES struct series series = {
			    .config = config, .root = root,
			    .subordinate = &root->subordinates[i],
			    .kind = (enum note_kind)kind};

			code = visit_series(&series, visit, context, notices,
			    err);
		}
	}
	return code;
}
