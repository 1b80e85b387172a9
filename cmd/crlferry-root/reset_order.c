/* SPDX-License-Identifier: ISC */
#include "../crl_words.h"
#include "../rows.h"
#include "base/array.h"
#include "issue_arguments.h"
#include "root/export/reset_order.h"
#include "root_verbs.h"
#include "site/medium.h"

const struct cli_option reset_order_options[] = {
    {"why", "TEXT", "the reason, one line of up to 200 octets"},
    {"allow-fixed-disk", NULL, "MEDIUM may be any folder, not only a stick"},
    {NULL},
};

static enum err
print_text(struct invocation *invocation, const struct reset_ordered *ordered,
    const struct order_words *words, struct error *err)
{
	const struct order *order = &ordered->order;
	struct buffer *out = &invocation->output;

	TRY(buffer_appendf(out, err,
	    "%s: order for %s written to %s\n"
	    "  gives up  #%s\n"
	    "            SHA-256 %s\n"
	    "  takes     #%s\n"
	    "            SHA-256 %s\n"
	    "  answers   its request %llu\n"
	    "  why       %s\n", order->root, order->subordinate, ordered->path,
	    words->accepted_number, words->accepted_sha256, words->number,
	    words->sha256, (unsigned long long)order->sequence, order->why));
	if (!ordered->is_bundle_there)
		TRY(buffer_appendf(out, err, "The medium has no bundle of "
		    "that CRL yet: crlferry-root export%s %s %s\n",
		    config_option(invocation->config),
		    invocation->arguments.words[0], order->root));
	return buffer_append_text(out, "On the subordinate: crlferry-sub "
	    "recover MEDIUM, then crlferry-sub import MEDIUM.\n"
	    SAY_READ_BACK, err);
}

static enum err
print_json(struct invocation *invocation, const struct reset_ordered *ordered,
    const struct order_words *words, struct error *err)
{
	const struct order *order = &ordered->order;
	const struct rows_fact facts[] = {
	    {"root", order->root}, {"subordinate", order->subordinate},
	    {"number", order->has_number ? words->number : NULL},
	    {"sha256", words->sha256},
	    {"accepted_number", ordered->has_accepted_number ?
		words->accepted_number : NULL},
	    {"accepted_sha256", words->accepted_sha256},
	    {"nonce", order->nonce}, {"why", order->why},
	    {"path", ordered->path},
	};
	RELEASE_ROWS struct rows rows = {0};

	rows_begin(&rows);
	rows_facts(&rows, facts, COUNT_OF(facts));
	rows_integer(&rows, "sequence", (int64_t)order->sequence);
	rows_boolean(&rows, "bundle", ordered->is_bundle_there);
	return rows_print(&rows, invocation, "crlferry-reset-order", "ordered",
	    err);
}

static enum err
report(struct invocation *invocation, const struct reset_ordered *ordered,
    struct error *err)
{
	struct order_words words;

	order_words(&ordered->order, ordered->has_accepted_number ?
	    &ordered->accepted_number : NULL, &words);
	if (invocation->is_json)
		return print_json(invocation, ordered, &words, err);
	return invocation->is_quiet ? ERR_OK :
	    print_text(invocation, ordered, &words, err);
}

enum err
cmd_reset_order(struct invocation *invocation, struct error *err)
{
	const char *const *arguments =
	    (const char *const *)invocation->arguments.words;
	const struct config_root *root;
	RELEASE_SEALKEYS struct sealkeys_secret seals = {.count = 0};
	struct reset_order_options options = {
	    .medium = arguments[0], .subordinate = arguments[2],
	    .why = cli_value(invocation, "why"), .now_s = invocation->now_s,
	    .who = invocation->who, .seals = &seals};
	RELEASE_HISTORY struct history history = {0};
	struct reset_ordered ordered = {.has_accepted_number = false};

	TRY(cli_root(invocation, arguments[1], &root, err));
	if (options.why == NULL)
		return err_fail(err, ERR_USAGE, "--why is required");
	TRY(why_check(options.why, err));
	TRY(medium_check_writable(options.medium,
	    cli_flag(invocation, "allow-fixed-disk"), err));
	TRY(sealkeys_open(invocation->config, &invocation->passphrases, &seals,
	    err));
	TRY(history_read(invocation->config, &history, err));
	TRY(reset_order(&history, root, &options, &ordered,
	    &invocation->notices, err));
	return report(invocation, &ordered, err);
}
