/* SPDX-License-Identifier: ISC */
#include <stdlib.h>

#include "seal_candidate.h"

static void
candidate_release(struct candidate *candidate)
{
	if (candidate->bundle != NULL)
		sealing_release(candidate->bundle);
	if (candidate->order != NULL)
		order_sealing_release(candidate->order);
	free(candidate->bundle);
	free(candidate->order);
	*candidate = (struct candidate){.root = NULL};
}

void
candidates_release(struct candidates *candidates)
{
	size_t i;

	for (i = 0; i < candidates->count; i++)
		candidate_release(&candidates->list[i]);
	free(candidates->list);
}

static enum err
fail_memory(struct error *err)
{
	return err_fail(err, ERR_IO, "memory: want more, have none");
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
			return fail_memory(err);
		candidates->list = list;
		candidates->capacity += 16;
	}
	list[candidates->count++] = *candidate;
	*candidate = (struct candidate){.root = NULL};
	return ERR_OK;
}

/* What a search is given, and where it leaves what it finds. */
struct search {
	const struct config *config;
	const struct source *source;
	int64_t now_s;
	struct candidates *out;
	struct notices *notices;
};

#define RELEASE_CANDIDATE __attribute__((cleanup(candidate_release)))

static enum err
find_bundle(const struct search *search, const struct config_root *root,
    struct error *err)
{
	RELEASE_CANDIDATE struct candidate candidate = {.root = root,
	    .bundle = calloc(1, sizeof(struct sealing))};
	bool found = false;

	if (candidate.bundle == NULL)
		return fail_memory(err);
	candidate.why.code = sealing_open(search->config, root,
	    search->source, search->now_s, candidate.bundle, &found,
	    search->notices, &candidate.why);
	return candidate.why.code == ERR_OK && !found ? ERR_OK :
	    append(search->out, &candidate, err);
}

static enum err
find_order(const struct search *search, const struct config_root *root,
    const struct config_subordinate *subordinate, struct error *err)
{
	RELEASE_CANDIDATE struct candidate candidate = {.root = root,
	    .subordinate = subordinate,
	    .order = calloc(1, sizeof(struct order_sealing))};
	bool found = false;

	if (candidate.order == NULL)
		return fail_memory(err);
	candidate.why.code = order_sealing_open(search->config, root,
	    subordinate, search->source->path, candidate.order, &found,
	    &candidate.why);
	return candidate.why.code == ERR_OK && !found ? ERR_OK :
	    append(search->out, &candidate, err);
}

static enum err
find_all(const struct search *search, const struct config_root *root,
    struct error *err)
{
	size_t i;

	TRY(find_bundle(search, root, err));
	/* Beside a lone bundle no order lies. */
	for (i = 0; search->source->kind == SOURCE_MEDIUM &&
	    i < root->subordinate_count; i++)
		TRY(find_order(search, root, &root->subordinates[i], err));
	return ERR_OK;
}

static enum err
append_missing(const struct search *search, const struct config_root *root,
    struct error *err)
{
	struct candidate candidate = {.root = root};

	candidate.why.code = err_fail(&candidate.why, ERR_MISSING, "%s: want "
	    "a complete bundle or a sealed order of %s, have none",
	    search->source->path, root->name);
	return append(search->out, &candidate, err);
}

enum err
candidates_open(const struct config *config, const struct config_root **roots,
    bool is_named, const struct source *source, int64_t now_s,
    struct candidates *out, struct notices *notices, struct error *err)
{
	const struct search search = {.config = config, .source = source,
	    .now_s = now_s, .out = out, .notices = notices};
	size_t i;

	for (i = 0; roots[i] != NULL; i++) {
		size_t before = out->count;

		TRY(find_all(&search, roots[i], err));
		if (is_named && out->count == before)
			TRY(append_missing(&search, roots[i], err));
	}
	if (out->count > 0)
		return ERR_OK;
	return err_fail(err, ERR_MISSING, "%s: want crlferry/<root>/<number> "
	    "with a complete bundle of a configured root, or a sealed "
	    "crlferry/<root>/reset-<sub>.json for a configured subordinate, "
	    "have neither", source->path);
}

enum err
candidate_add(const struct config *config, struct candidate *candidate,
    const struct seal_options *options, struct notices *notices,
    struct error *err)
{
	return candidate->order != NULL ?
	    order_sealing_add(config, candidate->order, options,
	    &candidate->added, notices, err) :
	    sealing_add(config, candidate->bundle, options,
	    &candidate->added, notices, err);
}

enum err
candidate_show(const struct candidate *candidate, struct buffer *out,
    struct error *err)
{
	return candidate->order != NULL ?
	    sealed_order_show(candidate->order, out, err) :
	    sealed_show(candidate->bundle, out, err);
}

enum err
candidate_tell(const struct candidate *candidate,
    const struct sealkeys_secret *secrets, struct buffer *out,
    struct error *err)
{
	return candidate->order != NULL ?
	    sealed_order_tell(candidate->order, secrets, candidate->added,
	    out, err) :
	    sealed_tell(candidate->bundle, secrets, candidate->added, out,
	    err);
}

void
candidate_row(const struct candidate *candidate,
    const struct sealkeys_secret *secrets, struct rows *bundles,
    struct rows *orders)
{
	const struct error *why = &candidate->why;

	if (candidate->order != NULL && why->code != ERR_OK)
		sealed_order_row_failed(candidate->root,
		    candidate->subordinate, why, orders);
	else if (candidate->order != NULL)
		sealed_order_row(candidate->order, secrets,
		    candidate->added, orders);
	else if (why->code != ERR_OK)
		sealed_row_failed(candidate->root, why, bundles);
	else
		sealed_row(candidate->bundle, secrets, candidate->added,
		    bundles);
}
