/* SPDX-License-Identifier: ISC */
#include "../rows.h"
#include "root/issue/revoke.h"
#include "root_verbs.h"

const struct cli_option revoke_options[] = {
    {"reason", "REASON", "why, in a word of OpenSSL's index"},
    {"at", "TIME", "since when the key is compromised, or revoked"},
    {"unknown", NULL, "revoke a serial that the index has lost"},
    {NULL},
};

static const char *
null_if_empty(const char *text)
{
	return text[0] == '\0' ? NULL : text;
}

/* NULL if it is not known. */
static const char *
subject_of(const struct revoked *revoked)
{
	return revoked->subject.size == 0 ? NULL :
	    (const char *)revoked->subject.data;
}

static void
add_row(struct rows *rows, const struct config_root *root,
    const struct revoked *revoked, const char *reason, const char *at,
    const char *invalidity)
{
	rows_begin(rows);
	rows_text(rows, "root", root->name);
	rows_text(rows, "serial", revoked->serial);
	rows_text(rows, "reason", reason);
	rows_text(rows, "revoked_at", at);
	rows_text(rows, "invalidity", revoked->has_invalidity ? invalidity :
	    NULL);
	rows_text(rows, "subject", subject_of(revoked));
	rows_text(rows, "subordinate", null_if_empty(revoked->subordinate));
	rows_boolean(rows, "unknown", revoked->is_added);
	rows_boolean(rows, "already", revoked->was_revoked);
}

static enum err
report(struct invocation *invocation, const struct config_root *root,
    const struct revoked *revoked, struct error *err)
{
	RELEASE_ROWS struct rows rows = {0};
	char at[UTC_TEXT_SIZE], invalidity[UTC_TEXT_SIZE];
	const char *reason = revoked->reason[0] == '\0' ? "unspecified" :
	    revoked->reason;

	utc_format(revoked->revoked_at_s, at);
	utc_format(revoked->invalidity_s, invalidity);
	add_row(&rows, root, revoked, reason, at, invalidity);
	TRY(rows_print(&rows, invocation, "crlferry-revoke", "revoked", err));
	/* If it was revoked already, that is a notice, and no more. */
	if (revoked->was_revoked)
		return ERR_OK;
	TRY(cli_say(invocation, err, "%s: revoked %s, reason %s\n", root->name,
	    revoked->serial, reason));
	if (subject_of(revoked) != NULL)
		TRY(cli_say(invocation, err, "  subject        %s\n",
		    subject_of(revoked) + (subject_of(revoked)[0] == '/')));
	TRY(cli_say(invocation, err, "  revoked        %s\n", at));
	if (revoked->has_invalidity)
		TRY(cli_say(invocation, err, "  invalid since  %s\n",
		    invalidity));
	return cli_say(invocation, err, "  publish it     crlferry-root "
	    "issue%s %s\n", config_option(invocation->config), root->name);
}

enum err
cmd_revoke(struct invocation *invocation, struct error *err)
{
	const struct config_root *root;
	struct revoke_options options = {
	    .what = invocation->arguments.words[1],
	    .reason = cli_value(invocation, "reason"),
	    .has_at = cli_value(invocation, "at") != NULL,
	    .is_unknown_allowed = cli_flag(invocation, "unknown"),
	    .now_s = invocation->now_s,
	    .who = invocation->who};
	RELEASE_HISTORY struct history history = {0};
	RELEASE_REVOKED struct revoked revoked = {0};

	TRY(cli_root(invocation, invocation->arguments.words[0], &root, err));
	TRY(cli_time(invocation, "at", 0, &options.at_s, err));
	TRY(history_read(invocation->config, &history, err));
	TRY(revoke(&history, root, &options, &revoked, &invocation->notices,
	    err));
	return report(invocation, root, &revoked, err);
}
