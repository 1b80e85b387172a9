/* SPDX-License-Identifier: ISC */
#include <syslog.h>

#include "../cli_print.h"
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
 * Said again if it was carried out before: that run may have been killed.
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
	const bool is_order = recovered->fate != RECOVERED_REFUSED;
	const struct order *order = &recovered->order;
	const struct rows_fact facts[] = {
	    {"root", recovered->root},
	    {"subordinate", recovered->subordinate},
	    {"fate", fates[recovered->fate]},
	    {"number", is_order && order->has_number ? words->order.number :
		NULL},
	    {"sha256", is_order ? words->order.sha256 : NULL},
	    {"accepted_number", is_order && recovered->accepted.has_number ?
		words->order.accepted_number : NULL},
	    {"accepted_sha256", is_order ? words->order.accepted_sha256 :
		NULL},
	    {"sealed_by", is_order ? words->seals : NULL},
	    {"why", is_order ? order->why : NULL},
	};

	rows_begin(rows);
	rows_facts(rows, facts, COUNT_OF(facts));
	rows_failure(rows, is_order ? &(struct error){ERR_OK} :
	    &recovered->why);
}

static enum err
add_lines(struct invocation *invocation, const struct recovered *recovered,
    const struct recovered_words *words, struct error *err)
{
	const struct order *order = &recovered->order;

	return cli_say(invocation, err,
	    "%s: the order for %s %s\n"
	    "  gives up   #%s\n"
	    "             SHA-256 %s\n"
	    "  takes      #%s, and no other\n"
	    "             SHA-256 %s\n"
	    "  sealed by  %s\n"
	    "  why        %s\n"
	    "Now: crlferry-sub import%s %s\n", order->root, order->subordinate,
	    recovered->fate == RECOVERED_DONE ? "is carried out" : "was "
	    "carried out before, and waits for its CRL",
	    words->order.accepted_number, words->order.accepted_sha256,
	    words->order.number, words->order.sha256, words->seals,
	    order->why, config_option(invocation->config),
	    invocation->arguments.words[0]);
}

static enum err
report(struct invocation *invocation, const struct recovered *recovered,
    struct rows *rows, struct error *err)
{
	struct recovered_words words;

	find_words(recovered, &words);
	add_row(rows, recovered, &words);
	if (recovered->fate == RECOVERED_REFUSED) {
		cli_print_aside(invocation, &recovered->why);
		return ERR_OK;
	}
	write_log(invocation, recovered, &words);
	return add_lines(invocation, recovered, &words, err);
}

enum err
cmd_recover(struct invocation *invocation, struct error *err)
{
	const char *medium = invocation->arguments.words[0];
	RELEASE_RECOVERIES struct recoveries recoveries = {.count = 0};
	RELEASE_ROWS struct rows rows = {0};

	TRY(recover_medium(invocation->config, medium, &recoveries,
	    &invocation->notices, err));
	if (recoveries.count == 0)
		return err_fail(err, ERR_MISSING, "%s: no sealed order for a "
		    "configured subordinate", medium);
	for (size_t i = 0; i < recoveries.count; i++)
		TRY(report(invocation, &recoveries.list[i], &rows, err));
	return rows_print(&rows, invocation, "crlferry-recover", "orders", err);
}
