/* SPDX-License-Identifier: ISC */
#include <stdlib.h>

#include "../crl_words.h"
#include "../rows.h"
#include "issue_arguments.h"
#include "issue_preview.h"
#include "root_verbs.h"

const struct cli_option issue_options[] = {
    ISSUE_OPTIONS,
    {"confirm-date", "YYYY-MM-DD", "today's date, when the clock is in doubt"},
    {"dry-run", NULL, "show what would be signed, and sign nothing"},
    {NULL},
};

/* A CRL that was issued, as text. */
struct issued_text {
	struct crl_words crl;
	char ceremony[UTC_TEXT_SIZE];
};

static void
format_issued(const struct issued *issued, struct issued_text *out)
{
	crl_words(&issued->number, issued->this_update_s, issued->next_update_s,
	    issued->sha256, &out->crl);
	utc_format_date(issued->next_ceremony_s, out->ceremony);
}

static void
add_row(struct rows *rows, const struct config_root *root,
    const struct issued *issued, const struct issued_text *text)
{
	rows_begin(rows);
	rows_text(rows, "root", root->name);
	rows_text(rows, "number", text->crl.number);
	rows_text(rows, "this_update", text->crl.this_update);
	rows_text(rows, "next_update", text->crl.next_update);
	rows_text(rows, "next_ceremony", text->ceremony);
	rows_integer(rows, "revoked", (int64_t)issued->revoked_count);
	rows_integer(rows, "dropped", (int64_t)issued->dropped_count);
	rows_text(rows, "sha256", text->crl.sha256);
	rows_boolean(rows, "emergency", issued->is_emergency);
	rows_text(rows, "why", issued->is_emergency ? issued->why : NULL);
	rows_text(rows, "path", issued->path);
}

static enum err
report(struct invocation *invocation, const struct config_root *root,
    const struct issued *issued, struct rows *rows, struct error *err)
{
	struct issued_text text;

	format_issued(issued, &text);
	if (invocation->is_json)
		add_row(rows, root, issued, &text);
	if (invocation->is_json || invocation->is_quiet)
		return ERR_OK;
	return buffer_appendf(&invocation->output, err,
	    "%s: issued #%s with %llu revoked%s\n"
	    "  thisUpdate     %s\n"
	    "  nextUpdate     %s\n"
	    "  next ceremony  %s\n"
	    "  SHA-256        %s\n"
	    "  archived as    %s\n",
	    root->name, text.crl.number,
	    (unsigned long long)issued->revoked_count,
	    issued->is_emergency ? ", an emergency" : "", text.crl.this_update,
	    text.crl.next_update, text.ceremony, text.crl.sha256, issued->path);
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
	return err_fail(err, ERR_CONFIG, "%s: want a root with a group "
	    "\"signing\", have none: adopt and export instead",
	    invocation->config->path);
}

static enum err
issue_each(struct invocation *invocation, struct history *history,
    const struct config_root **roots, const struct issue_options *options,
    struct error *err)
{
	RELEASE_ROWS struct rows rows = {0};
	size_t i;

	for (i = 0; roots[i] != NULL; i++) {
		struct issued issued;

		if (!is_meant(invocation, roots[i]))
			continue;
		TRY(issue_root(history, roots[i], options, &issued,
		    &invocation->notices, err));
		TRY(report(invocation, roots[i], &issued, &rows, err));
	}
	if (invocation->is_json)
		TRY(rows_print(&rows, "crlferry-issue", "issued",
		    &invocation->output, err));
	return ERR_OK;
}

static enum err
preview_each(struct invocation *invocation, struct history *history,
    const struct config_root **roots, const struct issue_options *options,
    struct error *err)
{
	RELEASE_PREVIEWS struct previews previews = {0};
	size_t i;

	for (i = 0; roots[i] != NULL; i++) {
		if (is_meant(invocation, roots[i]))
			TRY(previews_add(&previews, invocation, history,
			    roots[i], options, err));
	}
	return previews_print(&previews, invocation, err);
}

enum err
cmd_issue(struct invocation *invocation, struct error *err)
{
	const struct config_root **roots = calloc(
	    invocation->config->root_count + 1, sizeof(*roots));
	RELEASE_HISTORY struct history history = {0};
	struct issue_arguments arguments;
	struct issue_options options;
	enum err code;

	if (roots == NULL)
		return err_fail(err, ERR_IO, "memory: want more, have none");
	code = issue_arguments_take(invocation, &arguments, &options, err);
	if (code == ERR_OK)
		code = cli_time(invocation, "confirm-date", -1,
		    &options.confirmed_s, err);
	if (code == ERR_OK)
		code = cli_roots(invocation, 0, roots, err);
	if (code == ERR_OK)
		code = check_any_meant(invocation, roots, err);
	if (code == ERR_OK)
		code = history_read(invocation->config, &history, err);
	if (code == ERR_OK && cli_flag(invocation, "dry-run"))
		code = preview_each(invocation, &history, roots, &options,
		    err);
	else if (code == ERR_OK)
		code = issue_each(invocation, &history, roots, &options, err);
	free(roots);
	return code;
}
