/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>

#include "ferry/seals.h"
#include "root/ceremony/steps.h"
#include "root/export/export.h"
#include "site/medium.h"

/* Nothing is signed but what was agreed to, whatever befell the index. */
static enum err
check_agreed(struct ceremony *c, const struct config_root *root,
    struct journal_root *kept, struct error *err)
{
	char digest[SHA256_HEX_SIZE];

	TRY(ceremony_digest(c, root, digest, err));
	if (strcmp(digest, kept->agreed) == 0)
		return ERR_OK;
	/* Both are to be done again, by those who are asked anew. */
	journal_forget_step(&c->journal, "review");
	kept->is_agreed = false;
	TRY(ceremony_record(c, JOURNAL_DEVIATION, err, "%s: the revocations "
	    "have changed since they were agreed to; all are asked anew.",
	    root->name));
	TRY(journal_save(&c->journal, c->io->now(c->io->context), err));
	return err_fail(err, ERR_DECLINED, "%s: the revocations have changed "
	    "since they were agreed to", root->signing->index);
}

/* Sign, unless a run that was interrupted has done so. */
static enum err
issue_once(struct ceremony *c, const struct config_root *root,
    struct journal_root *kept, struct notices *notices, struct error *err)
{
	const struct issue_options options = ceremony_issue_options(c);
	struct issued issued;
	bool is_issued = false;

	if (c->is_resumed)
		TRY(issue_finished(&c->history, root,
		    kept->has_before ? &kept->before : NULL, options.now_s,
		    options.who, &issued, &is_issued, notices, err));
	if (is_issued)
		return ERR_OK;
	TRY(check_agreed(c, root, kept, err));
	/* Read it anew next time, whatever comes of this. */
	ceremony_forget(c, root);
	return issue_root(&c->history, root, &options, &issued, notices, err);
}

static enum err
say_issued(struct ceremony *c, const struct config_root *root,
    struct error *err)
{
	char this_update[UTC_TEXT_SIZE], next_update[UTC_TEXT_SIZE];
	char due[UTC_TEXT_SIZE];
	struct ceremony_crl crl;

	TRY(ceremony_read_crl(c, root, &crl, err));
	ceremony_next_date(c, root, &crl, due);
	utc_format(crl.this_update_s, this_update);
	utc_format(crl.next_update_s, next_update);
	ceremony_outcome(c, "%s: CRL #%s was signed, read back, verified and "
	    "archived.", root->name, crl.digits);
	return ceremony_say(c, err,
	    "%s: CRL #%s is signed, read back, verified and archived.\n"
	    "  thisUpdate     %s\n"
	    "  nextUpdate     %s\n"
	    "  next ceremony  %s\n"
	    "  revoked        %llu\n", root->name, crl.digits, this_update,
	    next_update, due, (unsigned long long)crl.revoked_count);
}

/* Digits in groups of four, on two lines. */
static enum err
say_digest(struct ceremony *c, const char *what, const char *hex,
    struct error *err)
{
	RELEASE_BUFFER struct buffer lines = {0};

	TRY(digest_groups(hex, "\n    ", &lines, err));
	return ceremony_say(c, err, "%s in DER:\n    %.*s\n", what,
	    (int)lines.size, (const char *)lines.data);
}

/* Whoever puts a new certificate into a store compares it. */
static enum err
say_aloud(struct ceremony *c, const struct ceremony_root *at,
    struct error *err)
{
	const char *name = at->root->name;
	const struct ceremony_view *view;
	char what[128], hex[SHA256_HEX_SIZE];

	TRY(ceremony_view_root(c, at->root, &view, err));
	snprintf(what, sizeof(what), "%s, SHA-256 of CRL #%s", name,
	    view->crl.digits);
	TRY(say_digest(c, what, view->crl.sha256, err));
	if (at->kept->reissued[0] == '\0')
		return ERR_OK;
	snprintf(what, sizeof(what), "%s, SHA-256 of the new certificate",
	    name);
	TRY(sha256_text(span_of_buffer(&view->cert->der), hex, err));
	return say_digest(c, what, hex, err);
}

enum err
ceremony_issue(struct ceremony *c, struct error *err)
{
	RELEASE_NOTICES struct notices notices = {0};
	struct ceremony_root at = {0};

	while (ceremony_next_root(c, &at)) {
		TRY(ceremony_reissue(c, &at, &notices, err));
		TRY(issue_once(c, at.root, at.kept, &notices, err));
		/* A descriptor has a line for each root's key. */
		if (c->passphrases.fd >= 0)
			passphrase_ring_empty(c->passphrases.ring);
		TRY(say_issued(c, at.root, err));
		TRY(ceremony_take_notices(c, &notices, err));
	}
	return ERR_OK;
}

enum err
ceremony_reading(struct ceremony *c, struct error *err)
{
	char answer[JOURNAL_LINE_SIZE];
	struct ceremony_root at = {0};

	while (ceremony_next_root(c, &at))
		TRY(say_aloud(c, &at, err));
	TRY(ceremony_say(c, err,
	    "Read it aloud; the witnesses write it down. It is in the minutes, "
	    "and the subordinate's operator will see the same.\n"));
	TRY(ceremony_ask(c, "Enter when it is noted, or a remark for the "
	    "minutes: ", answer, sizeof(answer), err));
	ceremony_outcome(c, "The SHA-256 was read aloud and noted.");
	return answer[0] == '\0' ? ERR_OK :
	    ceremony_record(c, JOURNAL_REMARK, err, "At the reading: %s",
	    answer);
}

/* Does it say that no subordinate takes this CRL? */
static bool
is_of_no_use(enum err code)
{
	return code == ERR_EXPIRED || code == ERR_NOT_YET_VALID ||
	    code == ERR_SCOPE || code == ERR_WEAK || code == ERR_ALGORITHM ||
	    code == ERR_ISSUER || code == ERR_FORMAT;
}

static enum err
export_one(struct ceremony *c, const struct config_root *root,
    const struct sealkeys_secret *seals, struct notices *notices,
    struct error *err)
{
	const struct export_options options = {
	    .medium = c->options->medium,
	    .now_s = c->io->now(c->io->context), .who = c->issue.who,
	    .seals = seals, .progress = c->options->progress};
	struct journal_root *kept = journal_find_root(&c->journal,
	    root->name);
	char number[NUMBER_TEXT_SIZE], reason[64] = "has expired";
	struct exported exported;
	struct ceremony_crl crl;
	struct error why;
	enum err code;

	TRY(ceremony_read_crl(c, root, &crl, err));
	/* Another program may not have signed one yet. */
	if (!crl.exists && kept == NULL)
		return ERR_OK;
	code = export_root(&c->history, root, &options, &exported, notices,
	    &why);
	if (code != ERR_EXPIRED)
		snprintf(reason, sizeof(reason), "is refused by importers "
		    "(%s)", error_token(code));
	/* The other roots must not wait for it. */
	if (kept == NULL && is_of_no_use(code))
		return ceremony_record(c, JOURNAL_DEVIATION, err, "%s: CRL "
		    "#%s %s and is not exported: another program signs the "
		    "next one, which `adopt` takes.", root->name, crl.digits,
		    reason);
	if (code != ERR_OK)
		return err_copy(err, &why);
	if (kept != NULL) {
		snprintf(kept->bundle, sizeof(kept->bundle), "%s",
		    exported.path);
		snprintf(kept->ledger_head, sizeof(kept->ledger_head), "%s",
		    exported.ledger_head);
		kept->key_ids[0] = '\0';
		for (size_t i = 0; i < seals->count; i++)
			seals_list_key(kept->key_ids, sizeof(kept->key_ids),
			    &seals->keys[i].public);
	}
	number_format(&exported.number, 0, number);
	ceremony_outcome(c, "%s: #%s was exported and read back.",
	    root->name, number);
	return ceremony_say(c, err, "%s: #%s is written to %s, sealed, and "
	    "was read back.\n", root->name, number, exported.path);
}

enum err
ceremony_export(struct ceremony *c, struct error *err)
{
	RELEASE_SEALKEYS struct sealkeys_secret seals = {.count = 0};
	RELEASE_NOTICES struct notices notices = {0};

	TRY(medium_check_writable(c->options->medium,
	    c->options->is_fixed_disk_allowed, err));
	TRY(sealkeys_open(c->config, c->issue.passphrases, &seals, err));
	for (size_t i = 0; i < c->config->root_count; i++)
		TRY(export_one(c, &c->config->roots[i], &seals, &notices, err));
	return ceremony_take_notices(c, &notices, err);
}

static enum err
say_next(struct ceremony *c, const struct config_root *root,
    struct error *err)
{
	char due[CEREMONY_DUE_SIZE], next_update[UTC_TEXT_SIZE];
	struct ceremony_crl crl;

	TRY(ceremony_read_crl(c, root, &crl, err));
	if (!crl.exists)
		return ERR_OK;
	ceremony_due_text(c, root, &crl, due);
	utc_format(crl.next_update_s, next_update);
	return ceremony_say(c, err, "%s: CRL #%s is valid until %s; %s.\n",
	    root->name, crl.digits, next_update, due);
}

enum err
ceremony_done(struct ceremony *c, struct error *err)
{
	const struct config *files = c->options->real == NULL ? c->config :
	    c->options->real;

	for (size_t i = 0; i < c->config->root_count; i++)
		TRY(say_next(c, &c->config->roots[i], err));
	TRY(ceremony_say(c, err, "The minutes are in %s, in the folder "
	    "`minutes` of each root: print the page, initial every step, sign "
	    "it and file it.\n", files->state));
	ceremony_outcome(c, "The ceremony ended.");
	if (c->options->real != NULL)
		return ceremony_say(c, err, "\nThe rehearsal is over: nothing "
		    "of it was real, and its keys are destroyed. What it wrote "
		    "is in %s: nobody imports it, and it may be deleted.\n",
		    c->options->medium);
	return ceremony_say(c, err, "\nAll is written and was read back: "
	    "the stick may be removed.\n");
}
