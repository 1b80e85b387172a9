/* SPDX-License-Identifier: ISC */
#include <stdlib.h>

#include "seal_candidate.h"

static void
candidate_release(struct candidate *candidate)
{
	if (candidate->sealing != NULL)
		sealing_release(candidate->sealing);
	free(candidate->sealing);
	*candidate = (struct candidate){.sealing = NULL};
}

void
candidates_release(struct candidates *candidates)
{
	for (size_t i = 0; i < candidates->count; i++)
		candidate_release(&candidates->list[i]);
	free(candidates->list);
}

/* One more, which is the list's from here on. */
static enum err
append(struct candidates *candidates, struct candidate *candidate,
    struct error *err)
{
	struct candidate *list = candidates->list;

	if (candidates->count == candidates->capacity) {
		list = reallocarray(list, candidates->capacity + 16,
		    sizeof(*list));
		if (list == NULL)
			return err_no_memory(err);
		candidates->list = list;
		candidates->capacity += 16;
	}
	list[candidates->count++] = *candidate;
	*candidate = (struct candidate){.sealing = NULL};
	return ERR_OK;
}

/* A search: where to look, and the list of what it finds. */
struct search {
	struct history *history;
	const struct source *source;
	int64_t now_s;
	struct candidates *out;
	struct notices *notices;
};

#define RELEASE_CANDIDATE __attribute__((cleanup(candidate_release)))

static enum err
make(const struct search *search, const struct config_root *root,
    const struct config_subordinate *subordinate, struct candidate *out,
    struct error *err)
{
	out->sealing = calloc(1, sizeof(*out->sealing));
	if (out->sealing == NULL)
		return err_no_memory(err);
	sealing_init(out->sealing, search->history, root, subordinate);
	return ERR_OK;
}

/* The bundle of the root, or the order for one of its subordinates. */
static enum err
find(const struct search *search, const struct config_root *root,
    const struct config_subordinate *subordinate, struct error *err)
{
	RELEASE_CANDIDATE struct candidate candidate = {.sealing = NULL};
	bool found = false;

	TRY(make(search, root, subordinate, &candidate, err));
	candidate.why.code = sealing_open(candidate.sealing, search->source,
	    search->now_s, &found, search->notices, &candidate.why);
	return candidate.why.code == ERR_OK && !found ? ERR_OK :
	    append(search->out, &candidate, err);
}

static enum err
find_all(const struct search *search, const struct config_root *root,
    struct error *err)
{
	TRY(find(search, root, NULL, err));
	/* Beside a lone bundle no order lies. */
	for (size_t i = 0; search->source->kind == SOURCE_MEDIUM &&
	    i < root->subordinate_count; i++)
		TRY(find(search, root, &root->subordinates[i], err));
	return ERR_OK;
}

static enum err
append_missing(const struct search *search, const struct config_root *root,
    struct error *err)
{
	RELEASE_CANDIDATE struct candidate candidate = {.sealing = NULL};

	TRY(make(search, root, NULL, &candidate, err));
	candidate.why.code = err_fail(&candidate.why, ERR_MISSING, "%s: no "
	    "complete bundle of %s, and no sealed order of it",
	    search->source->path, root->name);
	return append(search->out, &candidate, err);
}

enum err
candidates_open(struct history *history, const struct config_root **roots,
    bool is_named, const struct source *source, int64_t now_s,
    struct candidates *out, struct notices *notices, struct error *err)
{
	const struct search search = {.history = history, .source = source,
	    .now_s = now_s, .out = out, .notices = notices};

	for (size_t i = 0; roots[i] != NULL; i++) {
		size_t before = out->count;

		TRY(find_all(&search, roots[i], err));
		if (is_named && out->count == before)
			TRY(append_missing(&search, roots[i], err));
	}
	if (out->count > 0)
		return ERR_OK;
	return err_fail(err, ERR_MISSING, "%s: no complete bundle of a "
	    "configured root (crlferry/<root>/<number>), and no sealed order "
	    "for a configured subordinate (crlferry/<root>/reset-<sub>.json)",
	    source->path);
}
