/* SPDX-License-Identifier: ISC */
#include "../cli_print.h"
#include "../rows.h"
#include "progress.h"
#include "root/export/export.h"
#include "root_verbs.h"
#include "site/medium.h"

const struct cli_option export_options[] = {
    {"allow-fixed-disk", NULL, "MEDIUM may be any folder, not only a stick"},
    {NULL},
};

/* exported is NULL for a failure, which is why. */
static enum err
report(struct invocation *invocation, const struct config_root *root,
    const struct exported *exported, const struct error *why,
    struct rows *rows, struct error *err)
{
	char number[NUMBER_TEXT_SIZE], digest[SHA256_HEX_SIZE];
	char next_update[UTC_TEXT_SIZE];
	const bool is_done = exported != NULL;

	if (is_done) {
		number_format(&exported->number, 0, number);
		sha256_hex(exported->sha256, digest);
		utc_format(exported->next_update_s, next_update);
	}
	rows_begin(rows);
	rows_text(rows, "root", root->name);
	rows_text(rows, "outcome", is_done ? "exported" : "failed");
	rows_text(rows, "number", is_done ? number : NULL);
	rows_text(rows, "next_update", is_done ? next_update : NULL);
	rows_text(rows, "sha256", is_done ? digest : NULL);
	rows_text(rows, "path", is_done ? exported->path : NULL);
	rows_failure(rows, why);
	return !is_done ? ERR_OK : cli_say(invocation, err,
	    "%s: exported #%s to %s\n"
	    "  nextUpdate  %s\n"
	    "  SHA-256     %s\n", root->name, number, exported->path,
	    next_update, digest);
}

/* Say a failure, but for the worst so far, which is kept. */
static void
keep_worst(struct invocation *invocation, struct error *worst,
    struct error *why)
{
	const struct error best = *worst;

	if (worst->code == ERR_OK ||
	    error_status(why->code) > error_status(worst->code)) {
		*worst = *why;
		*why = best;
	}
	if (why->code != ERR_OK)
		cli_print_aside(invocation, why);
}

/* Each root by itself: what one of them lacks keeps no other one waiting. */
static enum err
export_each(struct invocation *invocation, struct history *history,
    const struct config_root **roots, const struct export_options *options,
    struct error *err)
{
	RELEASE_ROWS struct rows rows = {0};
	struct error worst = {.code = ERR_OK};
	bool is_any = false;

	for (size_t i = 0; roots[i] != NULL; i++) {
		struct error why = {.code = ERR_OK};
		struct exported exported;
		const bool is_done = export_root(history, roots[i], options,
		    &exported, &invocation->notices, &why) == ERR_OK;

		TRY(report(invocation, roots[i], is_done ? &exported : NULL,
		    &why, &rows, err));
		if (!is_done)
			keep_worst(invocation, &worst, &why);
		is_any = is_any || is_done;
	}
	if (!is_any)
		return err_copy(err, &worst);
	if (worst.code != ERR_OK)
		cli_print_aside(invocation, &worst);
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
