/* SPDX-License-Identifier: ISC */
/* Sign the next CRL of one root: all rules before, all checks after. */
#pragma once

#include "base/digest.h"
#include "base/notice.h"
#include "base/prompt/passphrase.h"
#include "root/history/history.h"

struct issue_options {
	int64_t now_s;
	int64_t utc_offset_s;		/* of local time, for --confirm-date */
	int64_t confirmed_s;		/* 00:00Z of that date, or -1 */
	int64_t root_end_s;	/* notAfter of a certificate that is made
				 * before this is signed; 0: none is */
	bool is_first;			/* there is no last CRL on purpose */
	bool is_emergency;		/* outside the calendar */
	bool is_gap_known;	/* the network was judged, and that said */
	bool is_resuming;	/* a CRL that waits whole, with the number that
				 * was reserved last, is taken, not another */
	const char *why;	/* of an emergency, of what is discarded */
	const struct config_words *discarded;	/* ids of evidence, or NULL */
	const struct config_words *acknowledged;	/* serials in hex */
	const struct passphrase_source *passphrases;
	const char *who;		/* "user@host", for the ledger */
};

struct issued {
	char path[4096];		/* in the archive */
	struct number number;
	int64_t this_update_s;
	int64_t next_update_s;
	int64_t next_ceremony_s;	/* 0: the root ends before */
	uint64_t revoked_count;
	uint64_t dropped_count;
	uint8_t sha256[SHA256_SIZE];
	bool is_emergency;
	char why[256];			/* of an emergency */
};

/*
 * Issue.  The caller holds the state lock.
 *
 * Nothing is signed on ERR_MISSING (no last CRL and not is_first, or unknown
 * evidence), ERR_FORMAT (index), ERR_SHRUNK, ERR_REGRESSED, ERR_CLOCK,
 * ERR_NETWORK, ERR_EXPIRED (the root's own end), ERR_KEY, ERR_PERMISSIONS.  A
 * failure after that uses up the number and leaves the old CRL the current one;
 * a crash leaves the old or the new one, whole, and what the ledger lacks is
 * entered with the next issue.
 *
 * Evidence that the operator discards is entered before anything is judged: it
 * stays discarded, whatever comes of this issue.
 */
MUST_CHECK enum err issue_root(struct history *history,
    const struct config_root *root, const struct issue_options *options,
    struct issued *out, struct notices *notices, struct error *err);

/*
 * Has a CRL been issued since?  For a ceremony that was cut off and cannot
 * know whether this step was done.
 *
 * since  number of the CRL that was the current one before the step; NULL
 *        if there was none
 * now_s, who  for the ledger's line, which is entered if the crash has
 *        cost it
 *
 * *found is true, and *out is what issue_root would have given, if the
 * root's current CRL has a higher number and the ledger holds its intent: one
 * that was adopted since is not meant.  The caller holds the state lock.
 * Errors are those of reading archive and ledger.
 */
MUST_CHECK enum err issue_finished(struct history *history,
    const struct config_root *root, const struct number *since,
    int64_t now_s, const char *who, struct issued *out, bool *found,
    struct notices *notices, struct error *err);
