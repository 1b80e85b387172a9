/* SPDX-License-Identifier: ISC */
#include "../rows.h"
#include "receipts_text.h"
#include "site/medium.h"
#include "sub/import/request.h"
#include "sub_verbs.h"

const struct cli_option request_options[] = {
    {"allow-fixed-disk", NULL, "MEDIUM may be any folder, not only a stick"},
    {NULL},
};

static void
add_row(struct rows *rows, const struct requested *requested,
    const char *number, const char *receipt)
{
	rows_begin(rows);
	rows_text(rows, "root", requested->root);
	rows_text(rows, "subordinate", requested->subordinate);
	rows_integer(rows, "sequence", (int64_t)requested->sequence);
	rows_text(rows, "number", requested->has_number ? number : NULL);
	rows_boolean(rows, "crl", requested->has_crl);
	rows_boolean(rows, "manifest", requested->has_manifest);
	rows_text(rows, "path", requested->path);
	rows_text(rows, "receipt", receipt);
}

static enum err
report(struct invocation *invocation, const struct requested *requested,
    const struct receipts_sent *receipts, struct rows *rows,
    struct error *err)
{
	char number[NUMBER_TEXT_SIZE] = "";

	if (requested->has_number)
		number_format(&requested->number, 0, number);
	add_row(rows, requested, number, receipts_path(receipts,
	    requested->root, requested->subordinate));
	return cli_say(invocation, err,
	    "%s: request of %s written to %s\n"
	    "  sequence  %llu\n"
	    "  holds     %s%s%s%s\n", requested->root,
	    requested->subordinate, requested->path,
	    (unsigned long long)requested->sequence,
	    requested->has_crl ? "the accepted CRL" : "no CRL yet",
	    requested->has_number ? ", #" : "", number,
	    requested->has_manifest ? ", and its sealed manifest" : "");
}

enum err
cmd_request(struct invocation *invocation, struct error *err)
{
	const struct request_options options = {
	    .medium = invocation->arguments.words[0],
	    .now_s = invocation->now_s,
	    .passphrases = &invocation->passphrases};
	RELEASE_REQUESTS struct requests requests = {0};
	RELEASE_ROWS struct rows rows = {0};

	TRY(medium_check_writable(options.medium,
	    cli_flag(invocation, "allow-fixed-disk"), err));
	TRY(request_all(invocation->config, &options, &requests,
	    &invocation->notices, err));
	for (size_t i = 0; i < requests.count; i++)
		TRY(report(invocation, &requests.list[i], &requests.receipts,
		    &rows, err));
	TRY(receipts_report(invocation, &requests.receipts, err));
	TRY(rows_print(&rows, invocation, "crlferry-requests", "requests",
	    err));
	return cli_say(invocation, err, SAY_WRITTEN);
}
