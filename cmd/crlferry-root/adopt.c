/* SPDX-License-Identifier: ISC */
#include <stdio.h>

#include "../crl_words.h"
#include "../rows.h"
#include "issue_arguments.h"
#include "root/issue/adopt.h"
#include "root_verbs.h"

const struct cli_option adopt_options[] = {
    {"acknowledge-removed", "SERIAL", "this serial (hex) may leave the list"},
    {"discard-evidence", "ID",
	"leave out evidence that a refusal names; needs --why"},
    {"why", "TEXT", "the reason, for the ledger"},
    {NULL},
};

static void
add_row(struct rows *rows, const struct config_root *root,
    const struct adopted *adopted, const struct crl_words *words,
    const char *next_publish)
{
	rows_begin(rows);
	rows_text(rows, "root", root->name);
	rows_text(rows, "outcome", adopted->is_known ? "same" : "adopted");
	rows_text(rows, "number", adopted->has_number ? words->number : NULL);
	rows_text(rows, "this_update", words->this_update);
	rows_text(rows, "next_update", words->next_update);
	rows_text(rows, "next_publish", next_publish);
	rows_text(rows, "next_ceremony", adopted->next_ceremony_s == 0 ? NULL :
	    words->next_ceremony);
	rows_integer(rows, "revoked", (int64_t)adopted->revoked_count);
	rows_integer(rows, "dropped", (int64_t)adopted->dropped_count);
	rows_integer(rows, "merged", (int64_t)adopted->merged_count);
	rows_text(rows, "sha256", words->sha256);
	rows_text(rows, "path", adopted->path);
}

static enum err
report(struct invocation *invocation, const struct config_root *root,
    const struct adopted *adopted, struct error *err)
{
	RELEASE_ROWS struct rows rows = {0};
	const bool has_publish = adopted->next_publish_s != 0;
	char next_publish[UTC_TEXT_SIZE] = "";
	struct crl_words words;

	if (has_publish)
		utc_format(adopted->next_publish_s, next_publish);
	crl_words(&adopted->number, adopted->this_update_s,
	    adopted->next_update_s, adopted->sha256, &words);
	snprintf(words.next_ceremony, sizeof(words.next_ceremony),
	    "none, the root ends");
	if (adopted->next_ceremony_s != 0)
		utc_format_date(adopted->next_ceremony_s, words.next_ceremony);
	add_row(&rows, root, adopted, &words, has_publish ? next_publish :
	    NULL);
	if (adopted->is_known)
		TRY(cli_say(invocation, err, "%s: this is the current CRL "
		    "already%s\n  archived as    %s\n", root->name,
		    adopted->merged_count == 0 ? "" :
		    "; entered in the index what that lacked", adopted->path));
	else
		TRY(cli_say(invocation, err, "%s: adopted %s%s with %llu "
		    "revoked\n" CRL_WORDS_DATES "%s%s%s" CRL_WORDS_REST,
		    root->name,
		    adopted->has_number ? "#" : "a CRL without a number",
		    adopted->has_number ? words.number : "",
		    (unsigned long long)adopted->revoked_count,
		    words.this_update, words.next_update,
		    has_publish ? "  next publish   " : "", next_publish,
		    has_publish ? "\n" : "", words.next_ceremony,
		    words.sha256, adopted->path));
	return rows_print(&rows, invocation, "crlferry-adopt", "adopted", err);
}

enum err
cmd_adopt(struct invocation *invocation, struct error *err)
{
	const char *const *arguments = invocation->arguments.words;
	const struct config_root *root;
	const char *serials[CLI_VALUES_MAX], *ids[CLI_VALUES_MAX];
	struct config_words acknowledged, discarded;
	struct adopt_options options = {
	    .now_s = invocation->now_s, .acknowledged = &acknowledged,
	    .discarded = &discarded, .who = invocation->who};
	RELEASE_HISTORY struct history history = {0};
	struct adopted adopted;

	TRY(cli_serials(invocation, serials, &acknowledged, err));
	TRY(discarded_take(invocation, ids, &discarded, &options.why, err));
	TRY(cli_root(invocation, arguments[0], &root, err));
	TRY(history_read(invocation->config, &history, err));
	TRY(adopt_crl(&history, root, arguments[1], &options, &adopted,
	    &invocation->notices, err));
	return report(invocation, root, &adopted, err);
}
