/* SPDX-License-Identifier: ISC */
#include "../rows.h"
#include "progress.h"
#include "root/export/export.h"
#include "root_verbs.h"
#include "site/medium.h"

const struct cli_option export_options[] = {
    {"allow-fixed-disk", NULL, "MEDIUM may be any folder, not only a stick"},
    {NULL},
};

static enum err
report(struct invocation *invocation, const struct config_root *root,
    const struct exported *exported, struct rows *rows, struct error *err)
{
	char number[NUMBER_TEXT_SIZE];
	char digest[SHA256_HEX_SIZE];
	char next_update[UTC_TEXT_SIZE];

	number_format(&exported->number, 0, number);
	sha256_hex(exported->sha256, digest);
	utc_format(exported->next_update_s, next_update);
	rows_begin(rows);
	rows_text(rows, "root", root->name);
	rows_text(rows, "number", number);
	rows_text(rows, "next_update", next_update);
	rows_text(rows, "sha256", digest);
	rows_text(rows, "path", exported->path);
	return cli_say(invocation, err, "%s: exported #%s to %s\n"
	    "  nextUpdate  %s\n"
	    "  SHA-256     %s\n", root->name, number, exported->path,
	    next_update, digest);
}

static enum err
export_each(struct invocation *invocation, struct history *history,
    const struct config_root **roots, const struct export_options *options,
    struct error *err)
{
	RELEASE_ROWS struct rows rows = {0};

	for (size_t i = 0; roots[i] != NULL; i++) {
		struct exported exported;

		TRY(export_root(history, roots[i], options, &exported,
		    &invocation->notices, err));
		TRY(report(invocation, roots[i], &exported, &rows, err));
	}
	TRY(rows_print(&rows, invocation, "crlferry-export", "exported", err));
	return cli_say(invocation, err, SAY_READ_BACK);
}

enum err
cmd_export(struct invocation *invocation, struct error *err)
{
	FREE_ROOTS const struct config_root **roots = NULL;
	RELEASE_SEALKEYS struct sealkeys_secret seals = {.count = 0};
	RELEASE_HISTORY struct history history = {0};
	CLEAR_PROGRESS struct progress progress = {.is_shown = false};
	const struct export_options options = {
	    .medium = invocation->arguments.words[0],
	    .now_s = invocation->now_s,
	    .who = invocation->who,
	    .seals = &seals,
	    .progress = progress_start(invocation, &progress)};

	TRY(cli_roots(invocation, 1, &roots, err));
	TRY(medium_check_writable(options.medium,
	    cli_flag(invocation, "allow-fixed-disk"), err));
	TRY(sealkeys_open(invocation->config, &invocation->passphrases, &seals,
	    err));
	TRY(history_read(invocation->config, &history, err));
	return export_each(invocation, &history, roots, &options, err);
}
