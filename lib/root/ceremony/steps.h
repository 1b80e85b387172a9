/* SPDX-License-Identifier: ISC */
/* The steps, and what they share.  Inside root/ceremony only. */
#pragma once

#include "base/notice.h"
#include "base/prompt/passphrase.h"
#include "pki/cert.h"
#include "root/ceremony/ceremony.h"
#include "root/ceremony/journal.h"
#include "root/history/archive.h"
#include "root/history/history.h"

#define CEREMONY_STEPS_MAX 16

/* A ceremony under way. */
struct ceremony {
	const struct config *config;
	const struct ceremony_options *options;
	const struct ceremony_io *io;
	struct history history;
	struct ceremony_view *views;	/* of the configured roots, in order */
	struct journal journal;
	struct config_words discarded;		/* those consented to */
	struct config_words acknowledged;
	struct issue_options issue;
	struct passphrase_source passphrases;	/* of this run */
	struct passphrase_listener listener;
	const char *step_names[CEREMONY_STEPS_MAX];	/* NULL ends */
	int64_t dated_s;	/* when the date was typed; by the clock */
	bool is_resumed;
	bool is_refused;	/* not all have agreed */
	char outcome[JOURNAL_LINE_SIZE];	/* of the step at hand */
	struct buffer repetitions;	/* journal_step of it, in order */
	size_t lines;		/* said since the step began, or a pause */
};

/* One root's current CRL; texts are for people. */
struct ceremony_crl {
	bool exists;
	struct number number;
	char digits[NUMBER_TEXT_SIZE];
	int64_t this_update_s;
	int64_t next_update_s;
	int64_t root_end_s;	/* notAfter of the root's certificate */
	uint64_t revoked_count;
	char sha256[SHA256_HEX_SIZE];
};

/* A root as it was read last. */
struct ceremony_view {
	bool is_read;
	struct cert *cert;
	struct archived last;	/* closed: its number and thisUpdate stay */
	struct ceremony_crl crl;
};

/* A root that signs in this ceremony, and what is kept of it; borrowed. */
struct ceremony_root {
	const struct config_root *root;
	struct journal_root *kept;
	size_t place;			/* where to go on; start from {0} */
};

/* The next of them, as the configuration lists them; false after the last. */
bool ceremony_next_root(struct ceremony *c, struct ceremony_root *at);

/* Steps, in order.  Each sets its outcome. */
typedef enum err ceremony_hold_step(struct ceremony *c, struct error *err);
ceremony_hold_step ceremony_checklist, ceremony_people, ceremony_date,
    ceremony_network, ceremony_notes, ceremony_certificate, ceremony_review,
    ceremony_consent,
    ceremony_issue, ceremony_reading, ceremony_export, ceremony_minutes,
    ceremony_done;

/*
 * Digest of every entry that the next CRL of a root is to have, so that what
 * is signed is what was agreed to.
 */
MUST_CHECK enum err ceremony_digest(struct ceremony *c,
    const struct config_root *root, char out[SHA256_HEX_SIZE],
    struct error *err);

/* Say text, each line of it wrapped at 78 columns behind its indent. */
MUST_CHECK enum err ceremony_say(struct ceremony *c, struct error *err,
    const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/* Put down for the minutes how the step at hand went, or more of it. */
void ceremony_outcome(struct ceremony *c, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/*
 * Put down for the minutes, below the step at hand, that something of it was
 * asked for again, and why.  Without memory it is lost.
 */
void ceremony_repeat(struct ceremony *c, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* Say something that the minutes have beside the steps. */
MUST_CHECK enum err ceremony_record(struct ceremony *c,
    enum journal_kind kind, struct error *err, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

/* Each notice is said and kept for the minutes; they are taken. */
MUST_CHECK enum err ceremony_take_notices(struct ceremony *c,
    struct notices *notices, struct error *err);

/*
 * If so many lines more would push what this step has said off the screen,
 * wait until it was read.
 */
MUST_CHECK enum err ceremony_pause(struct ceremony *c, size_t lines,
    struct error *err);

/* The answer without white space at its ends. */
MUST_CHECK enum err ceremony_ask(struct ceremony *c, const char *prompt,
    char *out, size_t capacity, struct error *err);

/* "y", "yes", "n" or "no", however they are written. */
bool ceremony_is_yes(const char *answer);
bool ceremony_is_no(const char *answer);

/* A root's certificate and its current CRL, which is verified. */
MUST_CHECK enum err ceremony_open_root(struct ceremony *c,
    const struct config_root *root, struct cert **cert,
    struct archived *last, bool *found, struct error *err);

/*
 * The same, verified once and remembered until it is forgotten: by the step
 * that signs, and wherever people were waited for long.  NULL forgets all.
 */
MUST_CHECK enum err ceremony_view_root(struct ceremony *c,
    const struct config_root *root, const struct ceremony_view **out,
    struct error *err);
MUST_CHECK enum err ceremony_read_crl(struct ceremony *c,
    const struct config_root *root, struct ceremony_crl *out,
    struct error *err);
void ceremony_forget(struct ceremony *c, const struct config_root *root);

/*
 * The date of the ceremony that follows a root's current CRL, or "none, the
 * root ends"; and as a clause, "the next ceremony is due on 2027-07-06".
 */
#define CEREMONY_DUE_SIZE 64
void ceremony_due_text(const struct ceremony *c,
    const struct config_root *root, const struct ceremony_crl *crl,
    char out[CEREMONY_DUE_SIZE]);
void ceremony_next_date(const struct ceremony *c,
    const struct config_root *root, const struct ceremony_crl *crl,
    char out[UTC_TEXT_SIZE]);

/* Was this root's CRL signed in this ceremony? */
MUST_CHECK enum err ceremony_is_issued(struct ceremony *c,
    const struct config_root *root, bool *is_issued, struct error *err);

/* The new certificate of a root, if one was agreed to. */
MUST_CHECK enum err ceremony_reissue(struct ceremony *c,
    const struct ceremony_root *at, struct notices *notices,
    struct error *err);

/* The options of an issue at this moment. */
struct issue_options ceremony_issue_options(struct ceremony *c);
