/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>

#include "../cli_print.h"
#include "imported_text.h"
#include "receipts_text.h"
#include "sub_verbs.h"

const struct cli_option import_options[] = {
    {"root", "ROOT", "only this root"},
    {"dry-run", NULL, "judge, and change nothing"},
    {"accept-removed", NULL, "accept that revocations were taken off"},
    {NULL},
};

/* All roots together. */
struct tally {
	struct rows rows;
	struct senders senders;	/* of receipts */
	size_t found;
	size_t done;		/* without a failure */
	bool is_medium_written;	/* with a receipt */
	enum err worst;
	struct error error;	/* of the worst */
};

static void
tally_release(struct tally *tally)
{
	senders_release(&tally->senders);
	rows_release(&tally->rows);
}

/*
 * Send what waits for a root whose CRL came to the stores, all or some.
 * Nobody is asked for a passphrase: an import must not stand and wait.
 */
static void
send_receipts(struct invocation *invocation, const struct config_root *root,
    const struct source *source, struct tally *tally,
    struct receipts_sent *out)
{
	const bool is_medium = source->kind == SOURCE_MEDIUM;
	const struct receipts_options options = {
	    .root = root,
	    .medium = is_medium ? source->path : NULL,
	    .passphrases = invocation->passphrases.fd < 0 ? NULL :
		&invocation->passphrases};

	receipts_send(invocation->config, &tally->senders, &options, out,
	    &invocation->notices);
}

/* A failure of one root does not keep the others from their CRL. */
static enum err
import_one(struct invocation *invocation, const struct config_root *root,
    const struct source *source, const struct import_options *options,
    struct tally *tally, struct error *err)
{
	RELEASE_RECEIPTS_SENT struct receipts_sent receipts = {0};
	RELEASE_IMPORTED struct imported imported = {
	    .outcome = IMPORT_NOTHING};
	struct error why;
	enum err code;

	code = import_root(invocation->config, root, source, options,
	    &imported, &invocation->notices, &why);
	if (code == ERR_OK && imported.outcome == IMPORT_NOTHING)
		return ERR_OK;
	tally->found++;
	tally->done += code == ERR_OK;
	if (imported.outcome >= IMPORT_SAME)
		send_receipts(invocation, root, source, tally, &receipts);
	tally->is_medium_written = tally->is_medium_written ||
	    receipts_count(&receipts, true) > 0;
	if (code == ERR_OK) {
		TRY(imported_report(invocation, root, &imported, &receipts,
		    &tally->rows, err));
		return receipts_report(invocation, &receipts, err);
	}
	/* The worst is said at the end, the others as they come. */
	if (error_status(code) > error_status(tally->worst)) {
		if (tally->worst != ERR_OK)
			cli_print_failure(invocation, &tally->error);
		tally->worst = code;
		tally->error = why;
	} else {
		cli_print_failure(invocation, &why);
	}
	TRY(imported_failed(invocation, root, &imported, &why, &receipts,
	    &tally->rows, err));
	return receipts_report(invocation, &receipts, err);
}

/* None of the roots is on the medium: say which were looked for. */
static enum err
refuse_nothing(const struct config *config, const char *only,
    const char *path, struct error *err)
{
	char names[200] = "";

	for (size_t i = 0; only == NULL && i < config->root_count; i++)
		snprintf(names + strlen(names), sizeof(names) - strlen(names),
		    "%s%s", i == 0 ? "" : ", ", config->roots[i].name);
	return err_remedy(err, err_fail(err, ERR_MISSING, "%s: no complete "
	    "bundle of %s (crlferry/<root>/<number>)", path,
	    only == NULL ? names : only), "take the stick that was exported "
	    "to for this root, or export to it again");
}

static enum err
import_all(struct invocation *invocation, const struct source *source,
    const struct import_options *options, struct tally *tally,
    struct error *err)
{
	const struct config *config = invocation->config;
	const char *only = cli_value(invocation, "root");

	for (size_t i = 0; i < config->root_count; i++) {
		if (only == NULL || strcmp(only, config->roots[i].name) == 0)
			TRY(import_one(invocation, &config->roots[i], source,
			    options, tally, err));
	}
	if (tally->found == 0)
		return refuse_nothing(config, only, source->path, err);
	return ERR_OK;
}

/*
 * If every root failed, that is the verb's failure; if some are done, their
 * rows are printed and the worst status stays.
 */
static enum err
conclude(struct invocation *invocation, const struct tally *tally,
    struct error *err)
{
	if (tally->done == 0)
		return err_copy(err, &tally->error);
	if (tally->worst != ERR_OK)
		cli_print_failure(invocation, &tally->error);
	invocation->status = error_status(tally->worst);
	TRY(rows_print(&tally->rows, invocation, "crlferry-import", "imported",
	    err));
	return tally->is_medium_written ?
	    cli_say(invocation, err, SAY_WRITTEN) : ERR_OK;
}

static enum err
check_root(const struct invocation *invocation, const struct source *source,
    struct error *err)
{
	const char *only = cli_value(invocation, "root");
	const struct config_root *root;

	if (only != NULL)
		return cli_root(invocation, only, &root, err);
	if (source->kind == SOURCE_BARE &&
	    invocation->config->root_count > 1)
		return err_fail(err, ERR_USAGE, "%s: a bare CRL does not say "
		    "whose it is: --root is required", source->path);
	return ERR_OK;
}

enum err
cmd_import(struct invocation *invocation, struct error *err)
{
	const struct import_options options = {
	    .now_s = invocation->now_s,
	    .is_dry_run = cli_flag(invocation, "dry-run"),
	    .is_removal_accepted = cli_flag(invocation, "accept-removed")};
	RELEASE_SOURCE struct source source = {.fd = -1};
	__attribute__((cleanup(tally_release))) struct tally tally = {
	    .worst = ERR_OK};

	TRY(source_open(invocation->arguments.words[0], &source, err));
	TRY(check_root(invocation, &source, err));
	TRY(senders_find(invocation->config, &tally.senders, err));
	TRY(import_all(invocation, &source, &options, &tally, err));
	return conclude(invocation, &tally, err);
}
