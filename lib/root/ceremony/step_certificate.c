/* SPDX-License-Identifier: ISC */
/* A new certificate of a root: asked for, and made with the first signature. */
#include <stdio.h>
#include <string.h>

#include "root/ceremony/steps.h"
#include "root/issue/reissue.h"

static bool
is_word(const char *answer, const char *letter, const char *word)
{
	return strcasecmp(answer, letter) == 0 || strcasecmp(answer, word) == 0;
}

/* Yes or no; Enter is no. */
static enum err
ask_wanted(struct ceremony *c, const char *root, bool *is_wanted,
    struct error *err)
{
	char answer[JOURNAL_LINE_SIZE], prompt[128];

	snprintf(prompt, sizeof(prompt), "A new certificate for %s? [y/N]: ",
	    root);
	for (;;) {
		TRY(ceremony_ask(c, prompt, answer, sizeof(answer), err));
		*is_wanted = is_word(answer, "y", "yes");
		if (*is_wanted || *answer == '\0' ||
		    is_word(answer, "n", "no"))
			return ERR_OK;
		TRY(ceremony_say(c, err, "Type y for a new one; Enter alone "
		    "keeps the old one.\n"));
	}
}

/* Tell why, and what would come of it; a dry run ends before the question. */
static enum err
offer(struct ceremony *c, const struct ceremony_root *at,
    const struct cert *cert, const struct reissue_want *want,
    struct error *err)
{
	const int64_t end_s = reissue_default_end(cert,
	    c->io->now(c->io->context));
	const char *name = at->root->name;
	char end[UTC_TEXT_SIZE];
	bool is_wanted = false;

	utc_format_date(end_s, end);
	TRY(ceremony_say(c, err, "%s: its certificate should be renewed: %s. "
	    "A new one, for the same key and name, would end on %s; all that "
	    "was signed before stays good. It takes the place of %s, and the "
	    "old one is kept in the state folder.\n", name, want->why, end,
	    at->root->certificate));
	if (!c->options->is_dry_run)
		TRY(ask_wanted(c, name, &is_wanted, err));
	at->kept->reissue_until_s = is_wanted ? end_s : 0;
	if (is_wanted)
		ceremony_outcome(c, "%s: a new certificate is to be made, "
		    "until %s.", name, end);
	else
		TRY(ceremony_record(c, JOURNAL_NOTICE, err, "%s: the "
		    "certificate stays as it is, although %s.", name,
		    want->why));
	return ERR_OK;
}

enum err
ceremony_certificate(struct ceremony *c, struct error *err)
{
	struct ceremony_root at = {0};
	bool is_any = false;

	while (ceremony_next_root(c, &at)) {
		const struct ceremony_view *view;
		struct reissue_want want;

		TRY(ceremony_view_root(c, at.root, &view, err));
		TRY(reissue_is_wanted(&c->history, at.root, view->cert,
		    c->io->now(c->io->context), &want, err));
		at.kept->reissue_until_s = 0;
		if (!want.is_wanted)
			continue;
		is_any = true;
		TRY(offer(c, &at, view->cert, &want, err));
	}
	if (is_any)
		return ERR_OK;
	ceremony_outcome(c, "No new certificate is called for.");
	return ceremony_say(c, err, "%s\n", c->outcome);
}

static enum err
say_made(struct ceremony *c, const char *name,
    const struct reissue_made *made, struct error *err)
{
	char end[UTC_TEXT_SIZE];

	utc_format_date(made->not_after_s, end);
	ceremony_outcome(c, "%s: a new certificate was made, signed with %s, "
	    "serial %s, until %s.", name, made->algorithm, made->serial, end);
	return ceremony_say(c, err, "%s: a new certificate is made, read back "
	    "and verified.\n"
	    "  serial         %s\n"
	    "  signed with    %s\n"
	    "  notAfter       %s\n"
	    "  in             %s\n", name, made->serial, made->algorithm, end,
	    made->output);
}

/*
 * In the place of the old one, so that the CRL may last as long as the new one
 * does, and nobody has to change the configuration.
 */
enum err
ceremony_reissue(struct ceremony *c, const struct ceremony_root *at,
    struct notices *notices, struct error *err)
{
	const struct issue_options issue = ceremony_issue_options(c);
	const struct reissue_options options = {
	    .output = at->root->certificate,
	    .until_s = at->kept->reissue_until_s, .now_s = issue.now_s,
	    .utc_offset_s = issue.utc_offset_s,
	    .confirmed_s = issue.confirmed_s, .discarded = issue.discarded,
	    .why = issue.why, .passphrases = issue.passphrases,
	    .who = issue.who};
	const struct ceremony_view *view;
	struct reissue_made made;
	struct reissue_want want;

	if (at->kept->reissue_until_s == 0)
		return ERR_OK;
	/* A run that was interrupted may have made it. */
	TRY(ceremony_view_root(c, at->root, &view, err));
	TRY(reissue_is_wanted(&c->history, at->root, view->cert, issue.now_s,
	    &want, err));
	if (!want.is_wanted)
		return ERR_OK;
	ceremony_forget(c, at->root);
	TRY(reissue_root(&c->history, at->root, &options, &made, notices,
	    err));
	return say_made(c, at->root->name, &made, err);
}
