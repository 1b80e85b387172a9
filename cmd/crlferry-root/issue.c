/* SPDX-License-Identifier: ISC */
#include <stdio.h>

#include "../crl_words.h"
#include "../rows.h"
#include "issue_arguments.h"
#include "root/issue/issue_preview.h"
#include "root_verbs.h"

const struct cli_option issue_options[] = {
    ISSUE_OPTIONS,
    {"confirm-date", "YYYY-MM-DD", "today's date, if the clock is in doubt"},
    {"dry-run", NULL, "show what would be signed, and sign nothing"},
    {NULL},
};

static void
add_row(struct rows *rows, const struct config_root *root,
    const struct issued *issued, const struct crl_words *words)
{
	rows_begin(rows);
	rows_text(rows, "root", root->name);
	rows_text(rows, "number", words->number);
	rows_text(rows, "this_update", words->this_update);
	rows_text(rows, "next_update", words->next_update);
	rows_text(rows, "next_ceremony", issued->next_ceremony_s == 0 ? NULL :
	    words->next_ceremony);
	rows_integer(rows, "revoked", (int64_t)issued->revoked_count);
	rows_integer(rows, "dropped", (int64_t)issued->dropped_count);
	rows_text(rows, "sha256", words->sha256);
	rows_boolean(rows, "emergency", issued->is_emergency);
	rows_text(rows, "why", issued->is_emergency ? issued->why : NULL);
	rows_text(rows, "path", issued->path);
}

static enum err
report(struct invocation *invocation, const struct config_root *root,
    const struct issued *issued, struct rows *rows, struct error *err)
{
	struct crl_words words;

	crl_words(&issued->number, issued->this_update_s,
	    issued->next_update_s, issued->sha256, &words);
	snprintf(words.next_ceremony, sizeof(words.next_ceremony),
	    "none, the root ends");
	if (issued->next_ceremony_s != 0)
		utc_format_date(issued->next_ceremony_s, words.next_ceremony);
	add_row(rows, root, issued, &words);
	return cli_say(invocation, err, "%s: issued #%s with %llu revoked%s\n"
	    CRL_WORDS_ARCHIVED, root->name, words.number,
	    (unsigned long long)issued->revoked_count,
	    issued->is_emergency ? ", an emergency" : "", words.this_update,
	    words.next_update, words.next_ceremony, words.sha256,
	    issued->path);
}

/* Unasked, what another program signs is passed over. */
static bool
is_meant(const struct invocation *invocation, const struct config_root *root)
{
	return invocation->arguments.count > 0 || root->signing != NULL;
}

/* Nothing signed must not look like something signed. */
static enum err
check_any_meant(const struct invocation *invocation,
    const struct config_root **roots, struct error *err)
{
	for (; *roots != NULL; roots++) {
		if (is_meant(invocation, *roots))
			return ERR_OK;
	}
	return err_remedy(err, err_fail(err, ERR_CONFIG, "%s: no root has a "
	    "group \"signing\"", invocation->config->path),
	    "take what the other program signs: crlferry-root adopt%s ROOT "
	    "FILE", config_option(invocation->config));
}

/* The entries of one root, while its head is not known. */
struct entries {
	bool is_json;
	struct buffer *text;	/* all of them */
	struct buffer *added;	/* JSON */
	struct buffer *removed;
};

static enum err
take_entry(void *context, const struct preview_entry *entry,
    struct error *err)
{
	const struct entries *entries = context;

	if (!entries->is_json)
		return preview_entry_text(entry, entries->text, err);
	if (entry->change == PREVIEW_KEPT)
		return ERR_OK;
	return preview_entry_json(entry, entry->change == PREVIEW_ADDED ?
	    entries->added : entries->removed, err);
}

/* Judge one root's next CRL, and show it; JSON goes to the list. */
static enum err
preview(struct invocation *invocation, struct history *history,
    const struct config_root *root, const struct issue_options *options,
    struct buffer *list, struct error *err)
{
	RELEASE_BUFFER struct buffer text = {0}, added = {0}, removed = {0};
	struct entries entries = {invocation->is_json, &text, &added,
	    &removed};
	struct preview preview;

	TRY(issue_preview(history, root, options, take_entry, &entries,
	    &preview, &invocation->notices, err));
	if (invocation->is_json)
		return preview_json(&preview, span_of_buffer(&added),
		    span_of_buffer(&removed), list, err);
	TRY(preview_text(&preview, &invocation->output, err));
	return buffer_append(&invocation->output, text.data, text.size, err);
}

static enum err
issue_each(struct invocation *invocation, struct history *history,
    const struct config_root **roots, const struct issue_options *options,
    struct error *err)
{
	RELEASE_ROWS struct rows rows = {0};

	for (size_t i = 0; roots[i] != NULL; i++) {
		struct issued issued;

		if (!is_meant(invocation, roots[i]))
			continue;
		TRY(issue_root(history, roots[i], options, &issued,
		    &invocation->notices, err));
		TRY(report(invocation, roots[i], &issued, &rows, err));
	}
	return rows_print(&rows, invocation, "crlferry-issue", "issued", err);
}

static enum err
preview_each(struct invocation *invocation, struct history *history,
    const struct config_root **roots, const struct issue_options *options,
    struct error *err)
{
	RELEASE_BUFFER struct buffer list = {0};

	for (size_t i = 0; roots[i] != NULL; i++) {
		if (is_meant(invocation, roots[i]))
			TRY(preview(invocation, history, roots[i], options,
			    &list, err));
	}
	return invocation->is_json ? preview_document(span_of_buffer(&list),
	    &invocation->output, err) : ERR_OK;
}

enum err
cmd_issue(struct invocation *invocation, struct error *err)
{
	FREE_ROOTS const struct config_root **roots = NULL;
	RELEASE_HISTORY struct history history = {0};
	struct issue_arguments arguments;
	struct issue_options options;

	TRY(issue_arguments_take(invocation, &arguments, &options, err));
	TRY(cli_time(invocation, "confirm-date", -1, &options.confirmed_s,
	    err));
	TRY(cli_roots(invocation, 0, &roots, err));
	TRY(check_any_meant(invocation, roots, err));
	TRY(history_read(invocation->config, &history, err));
	return (cli_flag(invocation, "dry-run") ? preview_each : issue_each)(
	    invocation, &history, roots, &options, err);
}
