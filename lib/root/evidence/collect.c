/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <stdlib.h>

#include "root/evidence/collect_note.h"
#include "root/evidence/proven_crl.h"
#include "root/history/archive.h"
#include "root/history/waived.h"
#include "site/medium_folder.h"
#include "site/sealkeys.h"

/* The outcome of all notes. */
struct haul {
	struct buffer notes;		/* struct collected_note each */
	struct buffer ahead;		/* ids of those ahead, with a blank */
	struct collected_note latest;	/* of them */
};

static void
haul_release(struct haul *haul)
{
	buffer_release(&haul->notes);
	buffer_release(&haul->ahead);
}

#define RELEASE_HAUL __attribute__((cleanup(haul_release)))

static void
collecting_release(struct collecting *collecting)
{
	cert_free(collecting->cert);
}

void
collected_release(struct collected *collected)
{
	free(collected->notes);
	*collected = (struct collected){0};
}

/* Certificate, and the archive's highest number. */
static enum err
load_root(struct collecting *collecting, struct error *err)
{
	RELEASE_ARCHIVED struct archived last = ARCHIVED_NONE;
	const struct config_root *root = collecting->root;
	const struct config *config = collecting->history->config;

	TRY(root_open(config, root, &collecting->cert, &last,
	    &collecting->has_last, collecting->notices, err));
	TRY(waived_check(collecting->history, root->name, err));
	collecting->last = last.number;
	return collecting->has_last &&
	    !collecting->options->is_only_looked_at ? notes_drop_crls(config,
	    root->name, &last.number, err) : ERR_OK;
}

static enum err
add_ahead(struct haul *haul, const struct collected_note *collected,
    struct error *err)
{
	char stem[NOTE_STEM_SIZE];

	if (haul->ahead.size == 0 || collected->at_s > haul->latest.at_s)
		haul->latest = *collected;
	note_stem(collected->kind, collected->subordinate, stem);
	return buffer_appendf(&haul->ahead, err, " %s-%llu", stem,
	    (unsigned long long)collected->sequence);
}

static enum err
collect_pair(const struct collecting *collecting,
    const struct config_subordinate *subordinate, struct haul *haul,
    struct error *err)
{
	for (int kind = 0; kind < NOTE_KIND_COUNT; kind++) {
		struct collected_note collected = {.sequence = 0};
		bool is_ahead = false;
		bool found = false;

		TRY(collect_note(collecting, subordinate, (enum note_kind)kind,
		    &collected, &is_ahead, &found, err));
		if (!found)
			continue;
		TRY(buffer_append(&haul->notes, &collected, sizeof(collected),
		    err));
		if (is_ahead)
			TRY(add_ahead(haul, &collected, err));
	}
	return ERR_OK;
}

static enum err
collect_root(struct history *history, const struct config_root *root,
    const struct collect_options *options, struct haul *haul,
    struct notices *notices, struct error *err)
{
	__attribute__((cleanup(collecting_release)))
	struct collecting collecting = {.history = history, .root = root,
	    .options = options, .notices = notices};

	TRY(load_root(&collecting, err));
	for (size_t i = 0; i < root->subordinate_count; i++)
		TRY(collect_pair(&collecting, &root->subordinates[i], haul,
		    err));
	return ERR_OK;
}

/* Whoever sealed it had a clock; one of the two is wrong. */
static enum err
judge_clock(const struct haul *haul, int64_t now_s, struct error *err)
{
	char now[UTC_TEXT_SIZE], then[UTC_TEXT_SIZE];

	if (haul->ahead.size == 0)
		return ERR_OK;
	utc_format(now_s, now);
	utc_format(haul->latest.at_s, then);
	return err_remedy(err, err_fail(err, ERR_CLOCK, "this machine: want a "
	    "time after the note that %s sealed, %s, have %s; ahead of it:%.*s",
	    haul->latest.subordinate, then, now, (int)haul->ahead.size,
	    (const char *)haul->ahead.data), "set the clock; only if it is "
	    "right: issue or adopt with --discard-evidence ID --why TEXT for "
	    "each of these IDs");
}

void
collected_installed(const struct collected_note *note, char *out,
    size_t capacity)
{
	char number[NUMBER_TEXT_SIZE] = "", failures[64] = "";

	if (!note->is_ours) {
		snprintf(out, capacity, "a CRL that the archive lacks");
		return;
	}
	if (note->has_number)
		number_format(&note->number, 0, number);
	if (note->store_failures > 0)
		snprintf(failures, sizeof(failures), "; %zu failed",
		    note->store_failures);
	snprintf(out, capacity, "CRL %s%s, in %zu of %zu stores%s",
	    note->has_number ? "#" : "without a number", number,
	    note->store_count - note->store_failures, note->store_count,
	    failures);
}

enum err
collect_medium(struct history *history,
    const struct collect_options *options, struct collected *out,
    struct notices *notices, struct error *err)
{
	RELEASE_HAUL struct haul haul = {.latest = {.sequence = 0}};
	const struct config *config = history->config;

	TRY(medium_folder_check(options->medium, err));
	TRY(note_roles_check(config, err));
	for (size_t i = 0; i < config->root_count; i++)
		TRY(collect_root(history, &config->roots[i], options, &haul,
		    notices, err));
	out->count = haul.notes.size / sizeof(*out->notes);
	out->notes = (void *)haul.notes.data;
	haul.notes = (struct buffer){0};
	return judge_clock(&haul, options->now_s, err);
}
