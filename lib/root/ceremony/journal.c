/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ferry/json_text.h"
#include "root/ceremony/journal.h"

static json_t *
encode_words(const struct config_words *words)
{
	json_auto_t *list = json_array();
	int failures = 0;

	for (size_t i = 0; words != NULL && i < words->count; i++)
		failures += json_array_append_new(list,
		    json_printable(words->words[i])) != 0;
	return failures == 0 ? json_incref(list) : NULL;
}

static json_t *
encode_options(const struct issue_options *options)
{
	return json_pack("{s:b, s:b, s:o, s:o, s:o}", "first",
	    options->is_first, "emergency", options->is_emergency, "why",
	    json_printable(options->why == NULL ? "" : options->why),
	    "discarded", encode_words(options->discarded), "acknowledged",
	    encode_words(options->acknowledged));
}

static enum err
list_roots(struct journal *journal, const struct config *config,
    struct error *err)
{
	journal->roots = calloc(config->root_count + 1,
	    sizeof(*journal->roots));
	if (journal->roots == NULL)
		return err_no_memory(err);
	for (size_t i = 0; i < config->root_count; i++) {
		const struct config_root *root = &config->roots[i];

		if (root->signing != NULL)
			snprintf(journal->roots[journal->root_count++].name,
			    SITE_NAME_SIZE, "%s", root->name);
	}
	return ERR_OK;
}

enum err
journal_init(struct journal *journal, const struct config *config,
    const char *medium, const struct issue_options *options, int64_t now_s,
    const char *path, struct error *err)
{
	json_auto_t *place = json_printable(medium);

	*journal = (struct journal){.started_s = now_s, .saved_s = now_s,
	    .confirmed_s = -1};
	journal->options = encode_options(options);
	if (place == NULL || journal->options == NULL)
		return err_no_memory(err);
	snprintf(journal->medium, sizeof(journal->medium), "%s",
	    json_string_value(place));
	snprintf(journal->path, sizeof(journal->path), "%s", path);
	return list_roots(journal, config, err);
}

void
journal_release(struct journal *journal)
{
	json_decref(journal->options);
	buffer_release(&journal->steps);
	for (int kind = 0; kind < JOURNAL_KINDS; kind++)
		buffer_release(&journal->records[kind]);
	free(journal->roots);
	*journal = (struct journal){0};
}

bool
journal_is_alike(const struct journal *a, const struct journal *b)
{
	if (strcmp(a->medium, b->medium) != 0 ||
	    a->root_count != b->root_count ||
	    json_equal(a->options, b->options) == 0)
		return false;
	for (size_t i = 0; i < a->root_count; i++) {
		if (strcmp(a->roots[i].name, b->roots[i].name) != 0)
			return false;
	}
	return true;
}

const struct journal_step *
journal_steps(const struct journal *journal, size_t *count)
{
	*count = journal->steps.size / sizeof(struct journal_step);
	return (const void *)journal->steps.data;
}

/* The place of the one of that name that counts; after the last if none. */
static size_t
find_step(const struct journal *journal, const char *name)
{
	size_t count;
	const struct journal_step *steps = journal_steps(journal, &count);
	size_t i;

	for (i = 0; i < count; i++) {
		if (!steps[i].is_void && !steps[i].step.is_repetition &&
		    strcmp(steps[i].name, name) == 0)
			break;
	}
	return i;
}

bool
journal_has_step(const struct journal *journal, const char *name)
{
	return find_step(journal, name) <
	    journal->steps.size / sizeof(struct journal_step);
}

bool
journal_had_step(const struct journal *journal, const char *name)
{
	size_t count;
	const struct journal_step *steps = journal_steps(journal, &count);

	for (size_t i = 0; i < count; i++) {
		if (strcmp(steps[i].name, name) == 0)
			return true;
	}
	return false;
}

enum err
journal_add_step(struct journal *journal, const struct journal_step *step,
    struct error *err)
{
	return buffer_append(&journal->steps, step, sizeof(*step), err);
}

void
journal_forget_step(struct journal *journal, const char *name)
{
	struct journal_step *steps = (void *)journal->steps.data;

	for (size_t i = find_step(journal, name);
	    i < journal->steps.size / sizeof(*steps); i++)
		steps[i].is_void = true;
}

enum err
journal_add_text(struct buffer *texts, const char *text, struct error *err)
{
	const struct journal_text *list = (const void *)texts->data;
	struct journal_text next = {.text = ""};

	snprintf(next.text, sizeof(next.text), "%s", text);
	for (size_t i = 0; i < texts->size / sizeof(*list); i++) {
		if (strcmp(list[i].text, next.text) == 0)
			return ERR_OK;
	}
	return buffer_append(texts, &next, sizeof(next), err);
}

struct journal_root *
journal_find_root(struct journal *journal, const char *name)
{
	for (size_t i = 0; i < journal->root_count; i++) {
		if (strcmp(journal->roots[i].name, name) == 0)
			return &journal->roots[i];
	}
	return NULL;
}

static enum err
borrow_words(const json_t *list, struct config_words *out, struct error *err)
{
	size_t count = json_array_size(list);

	out->words = calloc(count + 1, sizeof(*out->words));
	if (out->words == NULL)
		return err_no_memory(err);
	out->count = count;
	for (size_t i = 0; i < count; i++)
		out->words[i] = json_string_value(json_array_get(list, i));
	return ERR_OK;
}

enum err
journal_options(const struct journal *journal, struct issue_options *options,
    struct config_words *discarded, struct config_words *acknowledged,
    struct error *err)
{
	const json_t *json = journal->options;

	options->discarded = discarded;
	options->acknowledged = acknowledged;
	options->is_first = json_is_true(json_object_get(json, "first"));
	options->is_emergency =
	    json_is_true(json_object_get(json, "emergency"));
	options->why = json_string_value(json_object_get(json, "why"));
	TRY(borrow_words(json_object_get(json, "discarded"), discarded, err));
	return borrow_words(json_object_get(json, "acknowledged"),
	    acknowledged, err);
}
