/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "root/ceremony/agreed.h"
#include "root/ceremony/steps.h"
#include "root/evidence/vanished.h"
#include "root/issue/issue_preview.h"

#define SHOWN_MAX 40	/* lines of a difference on the screen */

/* One walk over what the next CRL has, and has no more. */
struct review {
	struct ceremony *c;
	struct journal_root *kept;	/* NULL: only the digest is wanted */
	struct sha256 *hash;
	uint64_t shown;
};

struct issue_options
ceremony_issue_options(struct ceremony *c)
{
	const int64_t now_s = c->io->now(c->io->context);
	struct issue_options options = c->issue;

	options.now_s = now_s;
	options.is_resuming = c->is_resumed;
	options.confirmed_s = c->journal.confirmed_s;
	/* A ceremony that runs over midnight had its date confirmed. */
	if (now_s >= c->dated_s && now_s - c->dated_s < DAY_S / 2)
		options.confirmed_s = utc_day_start(now_s);
	return options;
}

static enum err
show_entry(struct review *review, const struct preview_entry *entry,
    const char *line, struct error *err)
{
	struct journal_root *kept = review->kept;

	if (kept->entry_count < MINUTES_LISTED_MAX)
		kept->entries[kept->entry_count++] = *entry;
	else
		kept->left_out++;
	return review->shown++ < SHOWN_MAX ?
	    ceremony_say(review->c, err, "  %s\n", line) : ERR_OK;
}

static enum err
review_entry(void *context, const struct preview_entry *entry,
    struct error *err)
{
	struct review *review = context;
	RELEASE_BUFFER struct buffer line = {0};
	enum err code;

	code = agreed_add(review->hash, entry, err);
	if (code != ERR_OK || review->kept == NULL ||
	    entry->change == PREVIEW_KEPT)
		return code;
	code = preview_entry_text(entry, &line, err);
	if (code != ERR_OK)
		return code;
	while (line.size > 0 && line.data[line.size - 1] == '\n')
		line.size--;
	code = buffer_append(&line, "", 1, err);
	return code == ERR_OK ? show_entry(review, entry,
	    (const char *)line.data, err) : code;
}

/* Preview a root, with the digest of all its entries. */
static enum err
preview_root(struct review *review, const struct config_root *root,
    struct preview *out, char digest[SHA256_HEX_SIZE],
    struct notices *notices, struct error *err)
{
	const struct issue_options options =
	    ceremony_issue_options(review->c);
	uint8_t sha256[SHA256_SIZE];
	enum err code;

	code = sha256_new(&review->hash, err);
	if (code != ERR_OK)
		return code;
	code = issue_preview(review->c->config, root, &options, review_entry,
	    review, out, notices, err);
	if (code == ERR_OK)
		code = sha256_final(review->hash, sha256, err);
	sha256_free(review->hash);
	if (code == ERR_OK)
		sha256_hex(sha256, digest);
	return code;
}

enum err
ceremony_digest(struct ceremony *c, const struct config_root *root,
    char out[SHA256_HEX_SIZE], struct error *err)
{
	RELEASE_NOTICES struct notices notices = {0};
	struct review review = {.c = c};
	struct preview preview;

	return preview_root(&review, root, &preview, out, &notices, err);
}

static enum err
say_head(struct ceremony *c, const struct preview *preview,
    struct error *err)
{
	RELEASE_BUFFER struct buffer head = {0};
	enum err code;

	code = preview_text(preview, &head, err);
	if (code == ERR_OK)
		code = buffer_append(&head, "", 1, err);
	return code == ERR_OK ? ceremony_say(c, err, "\n%s",
	    (const char *)head.data) : code;
}

static enum err
review_root(struct ceremony *c, const struct config_root *root,
    struct journal_root *kept, struct error *err)
{
	RELEASE_NOTICES struct notices notices = {0};
	struct review review = {.c = c, .kept = kept};
	struct preview *preview = &kept->preview;
	char number[NUMBER_TEXT_SIZE];
	enum err code;

	kept->entry_count = 0;
	kept->left_out = 0;
	code = ceremony_say(c, err, "%s, the difference to the last CRL:\n",
	    root->name);
	if (code == ERR_OK)
		code = preview_root(&review, root, preview, kept->agreed,
		    &notices, err);
	if (code != ERR_OK)
		return code;
	kept->has_preview = true;
	number_format(&preview->number, 0, number);
	if (review.shown > SHOWN_MAX)
		code = ceremony_say(c, err, "  ... and %llu more\n",
		    (unsigned long long)(review.shown - SHOWN_MAX));
	else if (review.shown == 0)
		code = ceremony_say(c, err, "  none: no revocation is added, "
		    "none is removed\n");
	if (code == ERR_OK)
		code = say_head(c, preview, err);
	if (code == ERR_OK)
		code = ceremony_take_notices(c, &notices, err);
	ceremony_outcome(c, "%s #%s: %llu revoked, %llu added, %llu removed.",
	    root->name, number, (unsigned long long)preview->revoked_count,
	    (unsigned long long)preview->added_count,
	    (unsigned long long)preview->removed_count);
	return code;
}

/* What the operator asked for on the command line is a deviation too. */
static enum err
say_options(struct ceremony *c, struct error *err)
{
	const char *why = c->issue.why == NULL ? "" : c->issue.why;
	enum err code = ERR_OK;
	size_t i;

	if (c->issue.is_emergency)
		code = ceremony_deviate(c, err, "Emergency, outside the "
		    "calendar: %s", why);
	if (code == ERR_OK && c->issue.is_first)
		code = ceremony_deviate(c, err, "Asked for with --first: "
		    "there need be no last CRL.");
	for (i = 0; code == ERR_OK && i < c->discarded.count; i++)
		code = ceremony_deviate(c, err, "Evidence of the date "
		    "discarded: %s: %s", c->discarded.words[i], why);
	for (i = 0; code == ERR_OK && i < c->acknowledged.count; i++)
		code = ceremony_deviate(c, err, "Revocation of serial %s may "
		    "leave the list: acknowledged.",
		    c->acknowledged.words[i]);
	return code;
}

/*
 * Those that are only exported: better refused before others have signed.  The
 * preview judges the rest.
 */
static enum err
check_vanished(struct ceremony *c, struct error *err)
{
	size_t i;

	for (i = 0; i < c->config->root_count; i++) {
		const struct config_root *root = &c->config->roots[i];
		RELEASE_ARCHIVED struct archived last = ARCHIVED_NONE;
		FREE_CERT struct cert *cert = NULL;
		bool found;

		if (root->signing != NULL)
			continue;
		TRY(ceremony_open_root(c, root, &cert, &last, &found, err));
		TRY(vanished_check(c->config, root, found ? &last : NULL,
		    NULL, err));
	}
	return ERR_OK;
}

enum err
ceremony_review(struct ceremony *c, struct error *err)
{
	struct ceremony_root at = {0};
	enum err code;

	code = say_options(c, err);
	if (code == ERR_OK)
		code = check_vanished(c, err);
	while (code == ERR_OK && ceremony_next_root(c, &at)) {
		bool is_issued = false;

		code = ceremony_is_issued(c, at.root, &is_issued, err);
		if (code == ERR_OK && !is_issued)
			code = review_root(c, at.root, at.kept, err);
	}
	return code;
}

/* From here on, what is newer than these was signed in this ceremony. */
static enum err
note_before(struct ceremony *c, struct error *err)
{
	struct ceremony_root at = {0};
	enum err code = ERR_OK;

	while (code == ERR_OK && ceremony_next_root(c, &at)) {
		struct ceremony_crl crl;

		if (at.kept->is_agreed)
			continue;
		code = ceremony_read_crl(c, at.root, &crl, err);
		if (code != ERR_OK)
			break;
		at.kept->has_before = crl.exists;
		at.kept->before = crl.number;
		at.kept->is_agreed = true;
	}
	return code;
}

enum err
ceremony_consent(struct ceremony *c, struct error *err)
{
	char answer[JOURNAL_LINE_SIZE];
	enum err code;

	code = ceremony_say(c, err, "Do the operator and every witness agree "
	    "that this is signed? Anything but the word Yes, written so, "
	    "means no.\n");
	if (code == ERR_OK)
		code = c->io->ask(c->io->context, "Yes, or anything else: ",
		    answer, sizeof(answer), err);
	if (code != ERR_OK)
		return code;
	if (strcmp(answer, "Yes") != 0)
		return err_fail(err, ERR_DECLINED, "want the word Yes, have "
		    "\"%.40s\"", answer);
	ceremony_outcome(c, "The operator and every witness agreed: Yes.");
	return note_before(c, err);
}
