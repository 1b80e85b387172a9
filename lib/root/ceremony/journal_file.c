/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "ferry/json_text.h"
#include "root/ceremony/journal.h"

static json_t *
encode_words(const struct config_words *words)
{
	json_t *list = json_array();
	int failures = 0;
	size_t i;

	for (i = 0; words != NULL && i < words->count; i++)
		failures += json_array_append_new(list,
		    json_printable(words->words[i])) != 0;
	if (failures == 0)
		return list;
	json_decref(list);
	return NULL;
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
	size_t i;

	journal->roots = calloc(config->root_count + 1,
	    sizeof(*journal->roots));
	if (journal->roots == NULL)
		return err_no_memory(err);
	for (i = 0; i < config->root_count; i++) {
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

enum err
journal_load(const char *path, struct journal *out, bool *found,
    struct error *err)
{
	RELEASE_BUFFER struct buffer text = {0};

	TRY(file_find(path, found, err));
	if (!*found)
		return ERR_OK;
	TRY(file_read(path, FILE_OURS, JOURNAL_MAX_BYTES, &text, err));
	TRY(err_about(err, journal_parse(span_of_buffer(&text), out, err),
	    path));
	snprintf(out->path, sizeof(out->path), "%s", path);
	return ERR_OK;
}

enum err
journal_save(struct journal *journal, int64_t now_s, struct error *err)
{
	RELEASE_BUFFER struct buffer text = {0};

	if (journal->path[0] == '\0')
		return ERR_OK;
	journal->saved_s = now_s;
	TRY(journal_encode(journal, &text, err));
	return file_replace(journal->path, span_of_buffer(&text), 0644, err);
}

enum err
journal_remove(const struct journal *journal, struct error *err)
{
	return journal->path[0] == '\0' ? ERR_OK :
	    file_remove(journal->path, err);
}
