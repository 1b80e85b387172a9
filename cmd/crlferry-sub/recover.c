/* SPDX-License-Identifier: ISC */
#include <syslog.h>

#include "../cli_print.h"
#include "../hint.h"
#include "../crl_words.h"
#include "../rows.h"
#include "base/array.h"
#include "sub/import/recover.h"
#include "sub_verbs.h"

static const char *const fates[] = {
    [RECOVERED_DONE] = "done",
    [RECOVERED_KNOWN] = "known",
    [RECOVERED_REFUSED] = "refused",
};

/* The facts of an order, and who sealed it, as text. */
struct recovered_words {
	struct order_words order;
	char seals[SEALS_IDS_SIZE];
};

static void
find_words(const struct recovered *recovered, struct recovered_words *out)
{
	uint32_t i;

	order_words(&recovered->order, recovered->accepted.has_number ?
	    &recovered->accepted.number : NULL, &out->order);
	out->seals[0] = '\0';
	for (i = 0; i < recovered->seals.count; i++)
		seals_list_id(out->seals, sizeof(out->seals),
		    recovered->seals.key_ids[i]);
}

/*
 * For whoever reads the system's log; orders.json keeps it with its seals.
 * Said again where it was carried out before: that run may have been killed.
 */
static void
write_log(const struct invocation *invocation,
    const struct recovered *recovered, const struct recovered_words *words)
{
	const struct order *order = &recovered->order;

	openlog(invocation->program->name, LOG_PID, LOG_AUTH);
	syslog(LOG_NOTICE, "root %s: accepted mark lowered from #%s to #%s by "
	    "order %llu for %s, sealed by %s, to be imported: %s",
	    order->root, words->order.accepted_number, words->order.number,
	    (unsigned long long)order->sequence, order->subordinate,
	    words->seals, order->why);
	closelog();
}

static void
add_row(struct rows *rows, const struct recovered *recovered,
    const struct recovered_words *words)
{
	const bool is_refused = recovered->fate == RECOVERED_REFUSED;
	const struct order *order = &recovered->order;
	const struct {
		const char *key;
		const char *text;
		bool is_known;
	} texts[] = {
	    {"root", recovered->root, true},
	    {"subordinate", recovered->subordinate, true},
	    {"fate", fates[recovered->fate], true},
	    {"number", words->order.number, !is_refused && order->has_number},
	    {"sha256", words->order.sha256, !is_refused},
	    {"accepted_number", words->order.accepted_number,
		!is_refused && recovered->accepted.has_number},
	    {"accepted_sha256", words->order.accepted_sha256, !is_refused},
	    {"sealed_by", words->seals, !is_refused},
	    {"why", order->why, !is_refused},
	    {"token", error_token(recovered->why.code), is_refused},
	    {"message", recovered->why.what, is_refused},
	};
	size_t i;

	rows_begin(rows);
	for (i = 0; i < COUNT_OF(texts); i++)
		rows_text(rows, texts[i].key,
		    texts[i].is_known ? texts[i].text : NULL);
}

static enum err
add_lines(struct invocation *invocation, const struct recovered *recovered,
    const struct recovered_words *words, struct error *err)
{
	const struct order *order = &recovered->order;
	struct buffer *out = &invocation->output;

	TRY(buffer_appendf(out, err,
	    "%s: the order for %s %s\n"
	    "  gives up   #%s\n"
	    "             SHA-256 %s\n"
	    "  takes      #%s, and no other\n"
	    "             SHA-256 %s\n"
	    "  sealed by  %s\n"
	    "  why        %s\n", order->root, order->subordinate,
	    recovered->fate == RECOVERED_DONE ? "is carried out" : "was "
	    "carried out before, and waits for its CRL",
	    words->order.accepted_number, words->order.accepted_sha256,
	    words->order.number, words->order.sha256, words->seals,
	    order->why));
	return hint_appendf(invocation, out, err,
	    "Now: crlferry-sub import %s\n", invocation->arguments.words[0]);
}

static enum err
report(struct invocation *invocation, const struct recovered *recovered,
    struct rows *rows, struct error *err)
{
	const bool is_refused = recovered->fate == RECOVERED_REFUSED;
	const int status = error_status(recovered->why.code);
	struct recovered_words words;

	find_words(recovered, &words);
	if (is_refused)
		cli_print_failure(invocation, &recovered->why);
	else
		write_log(invocation, recovered, &words);
	if (is_refused && status > invocation->status)
		invocation->status = status;
	if (invocation->is_json) {
		add_row(rows, recovered, &words);
		return ERR_OK;
	}
	return is_refused || invocation->is_quiet ? ERR_OK :
	    add_lines(invocation, recovered, &words, err);
}

enum err
cmd_recover(struct invocation *invocation, struct error *err)
{
	const char *medium = invocation->arguments.words[0];
	RELEASE_RECOVERIES struct recoveries recoveries = {.count = 0};
	RELEASE_ROWS struct rows rows = {0};
	size_t i;

	TRY(recover_medium(invocation->config, medium, &recoveries,
	    &invocation->notices, err));
	if (recoveries.count == 0)
		return err_fail(err, ERR_MISSING, "%s: want a sealed order for "
		    "a configured subordinate, have none", medium);
	for (i = 0; i < recoveries.count; i++)
		TRY(report(invocation, &recoveries.list[i], &rows, err));
	return invocation->is_json ? rows_print(&rows, "crlferry-recover",
	    "orders", &invocation->output, err) : ERR_OK;
}
