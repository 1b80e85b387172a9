/* SPDX-License-Identifier: ISC */
/* A new certificate of a root: asked for, and made with the first signature. */
#include <stdio.h>
#include <string.h>

#include "root/ceremony/steps.h"
#include "root/issue/reissue.h"

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
		*is_wanted = ceremony_is_yes(answer);
		if (*is_wanted || *answer == '\0' || ceremony_is_no(answer))
			return ERR_OK;
		TRY(ceremony_say(c, err, "Type y for a new one; Enter alone "
		    "keeps the old one.\n"));
	}
}

static struct reissue_options
options_of(struct ceremony *c, const struct ceremony_root *at)
{
	const struct issue_options issue = ceremony_issue_options(c);

	return (struct reissue_options){
	    .output = at->root->certificate,
	    .until_s = at->kept->reissue_until_s, .now_s = issue.now_s,
	    .utc_offset_s = issue.utc_offset_s,
	    .confirmed_s = issue.confirmed_s, .discarded = issue.discarded,
	    .why = issue.why, .passphrases = issue.passphrases,
	    .who = issue.who, .is_gap_known = true};
}

/* Nobody should agree to what is refused once it is to be signed. */
static bool
is_possible(struct ceremony *c, const struct ceremony_root *at,
    struct error *why)
{
	const struct reissue_options options = options_of(c, at);

	return reissue_check(&c->history, at->root, &options, NULL, why) ==
	    ERR_OK;
}

/* Tell why, and what would come of it; a dry run ends before the question. */
static enum err
offer(struct ceremony *c, const struct ceremony_root *at,
    const struct cert *cert, const struct reissue_want *want,
    struct error *err)
{
	const int64_t end_s = reissue_default_end(cert,
	    &at->root->schedule, c->io->now(c->io->context));
	const char *name = at->root->name;
	char end[UTC_TEXT_SIZE];
	bool is_wanted = false;
	struct error why;

	at->kept->reissue_until_s = end_s;
	if (!c->options->is_dry_run && !is_possible(c, at, &why)) {
		at->kept->reissue_until_s = 0;
		return ceremony_record(c, JOURNAL_DEVIATION, err, "%s: its "
		    "certificate should be renewed, as %s, but that cannot be "
		    "done here: %.300s", name, want->why, why.what);
	}
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

/* What is said of it, and goes into the minutes. */
static enum err
say_made(struct ceremony *c, const struct config_root *root,
    const struct cert *cert, struct error *err)
{
	struct algorithm algorithm = {.name = "unknown"};
	char end[UTC_TEXT_SIZE], serial[REISSUED_SERIAL_SIZE];

	(void)!algorithm_parse(cert->signature_algorithm, &algorithm, NULL);
	reissued_serial(cert, serial);
	utc_format_date(cert->not_after_s, end);
	ceremony_outcome(c, "%s: a new certificate was made, signed with %s, "
	    "serial %s, until %s.", root->name, algorithm.name, serial, end);
	return ceremony_say(c, err, "%s: a new certificate is made, read back "
	    "and verified.\n"
	    "  serial         %s\n"
	    "  signed with    %s\n"
	    "  notAfter       %s\n"
	    "  in             %s\n", root->name, serial, algorithm.name, end,
	    root->certificate);
}

/* Has a run that was interrupted made it? */
static enum err
is_made(struct ceremony *c, const struct ceremony_root *at, bool *result,
    struct error *err)
{
	const struct ceremony_view *view;
	struct reissue_want want;

	TRY(ceremony_view_root(c, at->root, &view, err));
	TRY(reissue_is_wanted(&c->history, at->root, view->cert,
	    c->io->now(c->io->context), &want, err));
	*result = !want.is_weak &&
	    want.not_after_s >= at->kept->reissue_until_s;
	return ERR_OK;
}

/*
 * What cannot be done is offered anew, so that no CRL has to wait for it; but
 * who mistypes a passphrase, or is called away, has agreed to it all the same.
 */
static enum err
make(struct ceremony *c, const struct ceremony_root *at,
    struct notices *notices, struct error *err)
{
	const struct reissue_options options = options_of(c, at);
	struct reissue_made made;
	enum err code;
	bool has_come_far;

	code = reissue_root(&c->history, at->root, &options, &made, notices,
	    err);
	if (code == ERR_OK || code == ERR_KEY || code == ERR_DECLINED)
		return code;
	if (is_made(c, at, &has_come_far, NULL) == ERR_OK && !has_come_far) {
		journal_forget_step(&c->journal, "certificate");
		at->kept->is_agreed = false;
	}
	return code;
}

/*
 * In the place of the old one, so that the CRL may last as long as the new one
 * does, and nobody has to change the configuration.
 */
enum err
ceremony_reissue(struct ceremony *c, const struct ceremony_root *at,
    struct notices *notices, struct error *err)
{
	const struct ceremony_view *view;
	bool has_been_made;

	if (at->kept->reissue_until_s == 0)
		return ERR_OK;
	TRY(is_made(c, at, &has_been_made, err));
	/* A crash may have kept the one that was made from its place. */
	TRY(has_been_made ? reissue_finish(&c->history, at->root, notices,
	    err) : make(c, at, notices, err));
	ceremony_forget(c, at->root);
	TRY(ceremony_view_root(c, at->root, &view, err));
	reissued_serial(view->cert, at->kept->reissued);
	TRY(journal_save(&c->journal, c->io->now(c->io->context), err));
	return say_made(c, at->root, view->cert, err);
}
