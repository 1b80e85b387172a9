/* SPDX-License-Identifier: ISC */
#include "../cli_print.h"
#include "base/array.h"
#include "root_verbs.h"
#include "sealed_text.h"
#include "site/medium.h"

static bool
is_good(const struct candidate *candidate)
{
	return candidate->why.code == ERR_OK;
}

/* Before any passphrase is asked for: what will be sealed. */
static enum err
show_all(struct invocation *invocation, const struct candidates *candidates,
    bool *is_any, struct error *err)
{
	const bool is_silent = invocation->is_json || invocation->is_quiet;

	*is_any = false;
	for (size_t i = 0; i < candidates->count; i++) {
		if (!is_good(&candidates->list[i]))
			continue;
		*is_any = true;
		if (!is_silent)
			TRY(sealed_show(candidates->list[i].sealing,
			    &invocation->output, err));
	}
	cli_print_notices(invocation);
	cli_print_output(invocation);
	return ERR_OK;
}

static enum err
seal_all(struct invocation *invocation, struct candidates *candidates,
    const struct sealkeys_secret *secrets, struct error *err)
{
	const struct seal_options options = {
	    .now_s = invocation->now_s,
	    .who = invocation->who,
	    .seals = secrets};

	for (size_t i = 0; i < candidates->count; i++) {
		struct candidate *candidate = &candidates->list[i];

		if (!is_good(candidate))
			continue;
		candidate->why.code = sealing_add(candidate->sealing,
		    &options, &candidate->added, &invocation->notices,
		    &candidate->why);
		if (is_good(candidate) && !invocation->is_json &&
		    !invocation->is_quiet)
			TRY(sealed_tell(candidate, secrets,
			    &invocation->output, err));
	}
	return ERR_OK;
}

static enum err
print_rows(struct invocation *invocation,
    const struct candidates *candidates,
    const struct sealkeys_secret *secrets, struct error *err)
{
	RELEASE_ROWS struct rows bundles = {0}, orders = {0};
	const struct rows_list lists[] = {
	    {"sealed", &bundles}, {"orders", &orders}};

	for (size_t i = 0; i < candidates->count; i++)
		sealed_row(&candidates->list[i], secrets, &bundles, &orders);
	return rows_print_lists(lists, COUNT_OF(lists), "crlferry-seal",
	    &invocation->output, err);
}

/*
 * If everything failed, the worst of them is the verb's failure; if some are
 * sealed, all failures are said and the worst status stays.
 */
static enum err
conclude(struct invocation *invocation, const struct candidates *candidates,
    const struct sealkeys_secret *secrets, struct error *err)
{
	const struct candidate *worst = NULL;
	bool is_any = false;

	for (size_t i = 0; i < candidates->count; i++) {
		const struct candidate *candidate = &candidates->list[i];

		is_any = is_any || is_good(candidate);
		if (candidate->why.code != ERR_OK && (worst == NULL ||
		    error_status(candidate->why.code) >
		    error_status(worst->why.code)))
			worst = candidate;
	}
	for (size_t i = 0; i < candidates->count; i++) {
		const struct candidate *candidate = &candidates->list[i];

		if (candidate->why.code != ERR_OK &&
		    (is_any || candidate != worst))
			cli_print_failure(invocation, &candidate->why);
	}
	if (!is_any)
		return err_copy(err, &worst->why);
	if (worst != NULL)
		invocation->status = error_status(worst->why.code);
	if (invocation->is_json)
		return print_rows(invocation, candidates, secrets, err);
	return cli_say(invocation, err, SAY_READ_BACK);
}

enum err
cmd_seal(struct invocation *invocation, struct error *err)
{
	FREE_ROOTS const struct config_root **roots = NULL;
	RELEASE_SEALKEYS struct sealkeys_secret secrets = {.count = 0};
	RELEASE_SOURCE struct source source = {.fd = -1};
	RELEASE_HISTORY struct history history = {0};
	RELEASE_CANDIDATES struct candidates candidates = {.list = NULL};
	const char *medium = invocation->arguments.words[0];
	bool is_any;

	/* A bundle or an order shows that this is the stick, mounted. */
	TRY(medium_check_writable(medium, true, err));
	TRY(cli_roots(invocation, 1, &roots, err));
	TRY(source_open(medium, &source, err));
	TRY(history_read(invocation->config, &history, err));
	TRY(candidates_open(&history, roots,
	    invocation->arguments.count > 1, &source, invocation->now_s,
	    &candidates, &invocation->notices, err));
	TRY(show_all(invocation, &candidates, &is_any, err));
	if (is_any)
		TRY(sealkeys_open(invocation->config, &invocation->passphrases,
		    &secrets, err));
	TRY(seal_all(invocation, &candidates, &secrets, err));
	return conclude(invocation, &candidates, &secrets, err);
}
