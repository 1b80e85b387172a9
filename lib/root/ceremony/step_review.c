/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "root/ceremony/agreed.h"
#include "root/ceremony/steps.h"
#include "root/evidence/shrunk.h"
#include "root/evidence/vanished.h"
#include "root/issue/issue_preview.h"

#define SHOWN_MAX 40	/* lines of a difference on the screen */
#define CONSENT_TRIES 5
#define HEAD_LINES 10	/* what is said of a CRL that is to be signed */
#define QUESTION_LINES 7	/* the step of the consent */

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
	options.is_gap_known = true;
	options.confirmed_s = c->journal.confirmed_s;
	/* A ceremony that runs over midnight had its date confirmed. */
	if (now_s >= c->dated_s && now_s - c->dated_s < DAY_S / 2)
		options.confirmed_s = utc_day_start(now_s);
	return options;
}

static enum err
review_entry(void *context, const struct preview_entry *entry,
    struct error *err)
{
	struct review *review = context;
	struct journal_root *kept = review->kept;
	RELEASE_BUFFER struct buffer line = {0};

	TRY(agreed_add(review->hash, entry, err));
	if (kept == NULL || entry->change == PREVIEW_KEPT)
		return ERR_OK;
	if (kept->entry_count < MINUTES_LISTED_MAX)
		kept->entries[kept->entry_count++] = *entry;
	else
		kept->left_out++;
	if (review->shown++ >= SHOWN_MAX)
		return ERR_OK;
	TRY(preview_entry_text(entry, &line, err));
	TRY(ceremony_pause(review->c, 2, err));
	return ceremony_say(review->c, err, "  %.*s", (int)line.size,
	    (const char *)line.data);
}

/* Preview a root, with the digest of all its entries. */
static enum err
preview_root(struct review *review, const struct config_root *root,
    struct preview *out, char digest[SHA256_HEX_SIZE],
    struct notices *notices, struct error *err)
{
	struct issue_options options = ceremony_issue_options(review->c);
	FREE_SHA256 struct sha256 *hash = NULL;
	uint8_t sha256[SHA256_SIZE];

	if (review->kept != NULL)
		options.root_end_s = review->kept->reissue_until_s;
	TRY(sha256_new(&hash, err));
	review->hash = hash;
	TRY(issue_preview(&review->c->history, root, &options, review_entry,
	    review, out, notices, err));
	TRY(sha256_final(hash, sha256, err));
	sha256_hex(sha256, digest);
	return ERR_OK;
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
review_root(struct ceremony *c, const struct config_root *root,
    struct journal_root *kept, struct error *err)
{
	RELEASE_NOTICES struct notices notices = {0};
	RELEASE_BUFFER struct buffer head = {0};
	struct review review = {.c = c, .kept = kept};
	struct preview *preview = &kept->preview;
	char number[NUMBER_TEXT_SIZE];

	kept->entry_count = 0;
	kept->left_out = 0;
	TRY(ceremony_say(c, err, "%s, the difference to the last CRL:\n",
	    root->name));
	TRY(preview_root(&review, root, preview, kept->agreed, &notices, err));
	kept->has_preview = true;
	number_format(&preview->number, 0, number);
	if (review.shown > SHOWN_MAX)
		TRY(ceremony_say(c, err, "  ... and %llu more\n",
		    (unsigned long long)(review.shown - SHOWN_MAX)));
	else if (review.shown == 0)
		TRY(ceremony_say(c, err, "  none: no revocation is added, "
		    "none is removed\n"));
	TRY(preview_text(preview, &head, err));
	/* With the question, so that both are seen when it is answered. */
	TRY(ceremony_pause(c, HEAD_LINES + QUESTION_LINES, err));
	TRY(ceremony_say(c, err, "\n%.*s", (int)head.size,
	    (const char *)head.data));
	TRY(ceremony_take_notices(c, &notices, err));
	ceremony_outcome(c, "%s #%s: %llu revoked, %llu added, %llu removed.",
	    root->name, number, (unsigned long long)preview->revoked_count,
	    (unsigned long long)preview->added_count,
	    (unsigned long long)preview->removed_count);
	return ERR_OK;
}

/* By its name, if the index of any root knows it. */
static enum err
say_acknowledged(struct ceremony *c, const char *serial, struct error *err)
{
	char subject[SUBJECT_SIZE] = "";

	for (size_t i = 0; subject[0] == '\0' && i < c->config->root_count;
	    i++) {
		if (c->config->roots[i].signing != NULL)
			lost_name(&c->config->roots[i], serial, subject);
	}
	return ceremony_record(c, JOURNAL_CHANGE, err, "Revocation of serial "
	    "%s%s may leave the list: acknowledged.", serial, subject);
}

/* By the options of the command line something goes otherwise. */
static enum err
say_options(struct ceremony *c, struct error *err)
{
	const char *why = c->issue.why == NULL ? "" : c->issue.why;

	if (c->issue.is_emergency)
		TRY(ceremony_record(c, JOURNAL_CHANGE, err,
		    "Emergency, outside the calendar: %s", why));
	if (c->issue.is_first)
		TRY(ceremony_record(c, JOURNAL_CHANGE, err,
		    "--first was given: no last CRL is required."));
	for (size_t i = 0; i < c->discarded.count; i++)
		TRY(ceremony_record(c, JOURNAL_CHANGE, err, "Evidence of the "
		    "date discarded: %s: %s", c->discarded.words[i], why));
	for (size_t i = 0; i < c->acknowledged.count; i++)
		TRY(say_acknowledged(c, c->acknowledged.words[i], err));
	return ERR_OK;
}

/*
 * Those that are only exported: better refused before others have signed.  The
 * preview judges the rest.
 */
static enum err
check_vanished(struct ceremony *c, struct error *err)
{
	for (size_t i = 0; i < c->config->root_count; i++) {
		const struct config_root *root = &c->config->roots[i];
		const struct ceremony_view *view;

		if (root->signing != NULL)
			continue;
		TRY(ceremony_view_root(c, root, &view, err));
		TRY(vanished_check(&c->history, root, view->crl.exists ?
		    &view->last : NULL, NULL, err));
	}
	return ERR_OK;
}

enum err
ceremony_review(struct ceremony *c, struct error *err)
{
	struct ceremony_root at = {0};

	TRY(say_options(c, err));
	TRY(check_vanished(c, err));
	while (ceremony_next_root(c, &at)) {
		bool is_issued = false;

		TRY(ceremony_is_issued(c, at.root, &is_issued, err));
		if (!is_issued)
			TRY(review_root(c, at.root, at.kept, err));
	}
	return ERR_OK;
}

/* From here on, what is newer than these was signed in this ceremony. */
static enum err
note_before(struct ceremony *c, struct error *err)
{
	struct ceremony_root at = {0};

	while (ceremony_next_root(c, &at)) {
		struct ceremony_crl crl;

		if (at.kept->is_agreed)
			continue;
		TRY(ceremony_read_crl(c, at.root, &crl, err));
		at.kept->has_before = crl.exists;
		at.kept->before = crl.number;
		at.kept->is_agreed = true;
	}
	return ERR_OK;
}

/* A yes that only was typed in haste, or nothing at all. */
static bool
is_nearly_yes(const char *answer)
{
	return strcmp(answer, "Yes") != 0 &&
	    (*answer == '\0' || ceremony_is_yes(answer));
}

static enum err
ask_consent(struct ceremony *c, char *answer, size_t capacity,
    struct error *err)
{
	for (int tries = 1;; tries++) {
		TRY(ceremony_ask(c, "Type Yes to sign; anything else stops: ",
		    answer, capacity, err));
		if (tries == CONSENT_TRIES || !is_nearly_yes(answer))
			return ERR_OK;
		ceremony_repeat(c, "It was asked again: \"%s\" is not yet "
		    "Yes.", answer);
		TRY(ceremony_say(c, err, "Only Yes, with a capital Y, "
		    "signs.\n"));
	}
}

/* What is agreed to beside the CRLs. */
static enum err
say_certificates(struct ceremony *c, struct error *err)
{
	struct ceremony_root at = {0};

	while (ceremony_next_root(c, &at)) {
		char end[UTC_TEXT_SIZE];

		if (at.kept->reissue_until_s == 0 ||
		    at.kept->reissued[0] != '\0')
			continue;
		utc_format_date(at.kept->reissue_until_s, end);
		TRY(ceremony_record(c, JOURNAL_CHANGE, err, "%s: with the "
		    "CRL a new certificate for the same key is made, until "
		    "%s.", at.root->name, end));
		ceremony_outcome(c, "A new certificate of %s, until %s, is "
		    "part of it.", at.root->name, end);
	}
	return ERR_OK;
}

enum err
ceremony_consent(struct ceremony *c, struct error *err)
{
	char answer[JOURNAL_LINE_SIZE];

	TRY(say_certificates(c, err));
	TRY(ceremony_say(c, err, "Do the operator and every witness agree "
	    "that this is signed? Enter alone asks again.\n"));
	TRY(ask_consent(c, answer, sizeof(answer), err));
	c->is_refused = strcmp(answer, "Yes") != 0;
	if (c->is_refused)
		return err_fail(err, ERR_DECLINED, "the answer was not "
		    "\"Yes\"");
	ceremony_outcome(c, "The operator and every witness agreed: Yes.");
	ceremony_forget(c, NULL);
	return note_before(c, err);
}
