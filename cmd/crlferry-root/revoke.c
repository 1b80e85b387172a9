/* SPDX-License-Identifier: ISC */
#include "base/text.h"
#include "../hint.h"
#include "../rows.h"
#include "root/issue/revoke.h"
#include "root_verbs.h"

const struct cli_option revoke_options[] = {
    {"reason", "REASON", "why, in a word of OpenSSL's index"},
    {"at", "TIME", "since when the key is compromised, or revoked when"},
    {"unknown", NULL, "revoke a serial that the index has lost"},
    {NULL},
};

/* A revocation as text. */
struct revoked_text {
	const char *reason;
	char revoked_at[UTC_TEXT_SIZE];
	char invalidity[UTC_TEXT_SIZE];
};

static void
format_revoked(const struct revoked *revoked, struct revoked_text *out)
{
	out->reason = revoked->reason[0] == '\0' ? "unspecified" :
	    revoked->reason;
	utc_format(revoked->revoked_at_s, out->revoked_at);
	utc_format(revoked->invalidity_s, out->invalidity);
}

static const char *
null_where_empty(const char *text)
{
	return text[0] == '\0' ? NULL : text;
}

static enum err
print_json(struct invocation *invocation, const struct config_root *root,
    const struct revoked *revoked, const struct revoked_text *text,
    struct error *err)
{
	RELEASE_ROWS struct rows rows = {0};

	rows_begin(&rows);
	rows_text(&rows, "root", root->name);
	rows_text(&rows, "serial", revoked->serial);
	rows_text(&rows, "reason", text->reason);
	rows_text(&rows, "revoked_at", text->revoked_at);
	rows_text(&rows, "invalidity", revoked->has_invalidity ?
	    text->invalidity : NULL);
	rows_text(&rows, "subject", null_where_empty(revoked->subject));
	rows_text(&rows, "subordinate",
	    null_where_empty(revoked->subordinate));
	rows_boolean(&rows, "unknown", revoked->is_added);
	rows_boolean(&rows, "already", revoked->was_revoked);
	return rows_print(&rows, "crlferry-revoke", "revoked",
	    &invocation->output, err);
}

static enum err
print_text(struct invocation *invocation, const struct config_root *root,
    const struct revoked *revoked, const struct revoked_text *text,
    struct error *err)
{
	struct buffer *out = &invocation->output;

	TRY(buffer_appendf(out, err, "%s: revoked %s, reason %s\n", root->name,
	    revoked->serial, text->reason));
	if (revoked->subject[0] != '\0')
		TRY(buffer_appendf(out, err, "  subject        %s\n",
		    revoked->subject));
	TRY(buffer_appendf(out, err, "  revoked        %s\n",
	    text->revoked_at));
	if (revoked->has_invalidity)
		TRY(buffer_appendf(out, err, "  invalid since  %s\n",
		    text->invalidity));
	return hint_appendf(invocation, out, err,
	    "  publish it     crlferry-root issue %s\n", root->name);
}

static enum err
report(struct invocation *invocation, const struct config_root *root,
    struct revoked *revoked, struct error *err)
{
	struct revoked_text text;

	/* The index may hold any octets. */
	text_make_printable(revoked->subject, '?');
	format_revoked(revoked, &text);
	if (invocation->is_json)
		return print_json(invocation, root, revoked, &text, err);
	/* What was revoked already is a notice, and no more. */
	if (invocation->is_quiet || revoked->was_revoked)
		return ERR_OK;
	return print_text(invocation, root, revoked, &text, err);
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
	struct revoked revoked;

	TRY(cli_root(invocation, invocation->arguments.words[0], &root, err));
	TRY(cli_time(invocation, "at", 0, &options.at_s, err));
	TRY(history_read(invocation->config, &history, err));
	TRY(revoke(&history, root, &options, &revoked, &invocation->notices,
	    err));
	return report(invocation, root, &revoked, err);
}
