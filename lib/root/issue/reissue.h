/* SPDX-License-Identifier: ISC */
/*
 * A new certificate of a root for the same key: same subject, SKI and
 * extensions, new serial, sound digest, later end.  To who pinned subject and
 * key it is the same root, so all CRLs and certificates go on verifying.
 */
#pragma once

#include "base/digest.h"
#include "base/notice.h"
#include "base/secret.h"
#include "root/history/history.h"
#include "root/history/reissued.h"

/* Why a root should have a new certificate. */
struct reissue_want {
	bool is_wanted;		/* any of the following */
	bool is_weak;		/* MD5 or SHA-1 signed it, as lint says */
	bool is_ending;		/* notAfter - `renew` has passed */
	int64_t not_after_s;	/* of the newest certificate */
	char why[256];		/* one clause for people; or empty */
};

/*
 * Does lint, or the calendar, ask for a new certificate?  The newest one
 * that the ledger knows is judged, so that nothing is wanted once it was
 * reissued, whatever the configuration names still.  Nor is it of a root that
 * another program signs for, or that is not self-signed: it cannot be done
 * here.
 *
 * cert  the one that the configuration names
 *
 * The errors of reissued_find.
 */
MUST_CHECK enum err reissue_is_wanted(const struct history *history,
    const struct config_root *root, const struct cert *cert, int64_t now_s,
    struct reissue_want *out, struct error *err);

struct reissue_options {
	const char *output;	/* a new file, or the configured one */
	const char *digest;	/* NULL: signing.digest, else the key's own */
	int64_t until_s;	/* notAfter; -1: as long as before, from now */
	int64_t now_s;
	int64_t utc_offset_s;	/* of local time, for confirmed_s */
	int64_t confirmed_s;	/* 00:00Z of the date given, or -1 */
	const struct config_words *discarded;	/* ids of evidence, or NULL */
	const char *why;	/* of what is discarded */
	const struct passphrase_source *passphrases;
	const char *who;	/* "user@host", for the ledger */
	bool is_gap_known;	/* as with an issue */
};

struct reissue_made {
	char output[4096];	/* where it was written, links resolved */
	char kept[STATE_PATH_SIZE];	/* the same in DER, in the state */
	bool is_replaced;	/* output is what the configuration names */
	char subject[NAME_TEXT_SIZE];
	char serial[REISSUED_SERIAL_SIZE];
	int64_t not_before_s;	/* as before */
	int64_t not_after_s;
	int64_t old_not_after_s;
	uint8_t sha256[SHA256_SIZE];	/* of the certificate in DER */
	char algorithm[64];
	char old_algorithm[64];	/* "unknown" if it is none of ours */
};

/*
 * notAfter, if nobody says another: the span of the old certificate, from now
 * on; never less than it had, and so late that the calendar asks for no other
 * one for as long as `renew`.
 */
int64_t reissue_default_end(const struct cert *old,
    const struct schedule *schedule, int64_t now_s);

/*
 * Reissue.  The caller holds the state lock.
 *
 * Nothing is signed, nor changed, on ERR_USAGE (output is there already and is
 * another file; an end before that of the old certificate, or past),
 * ERR_CONFIG (another program signs), ERR_ISSUER (not self-signed), ERR_FORMAT
 * (the new certificate would not pass lint), ERR_WEAK, ERR_ALGORITHM,
 * ERR_CLOCK, ERR_NETWORK, ERR_KEY, ERR_PERMISSIONS, ERR_MISSING (a file, or the
 * evidence that is discarded).  Evidence stays discarded, whatever comes of it.
 *
 * The certificate is read back from disk, verified and linted before it is
 * kept and entered in the ledger, and only then put in its place: a crash
 * leaves the old one there, or the new one, whole.
 */
MUST_CHECK enum err reissue_root(struct history *history,
    const struct config_root *root, const struct reissue_options *options,
    struct reissue_made *out, struct notices *notices, struct error *err);

/*
 * Would reissue_root refuse, as far as that can be known without the key?  Of
 * clock and network nothing is asked.  The same failures.
 */
MUST_CHECK enum err reissue_check(struct history *history,
    const struct config_root *root, const struct reissue_options *options,
    struct notices *notices, struct error *err);

/*
 * Put the newest certificate that the ledger knows in the place of the
 * configured one, if a crash or a full disk has kept it from there.
 */
MUST_CHECK enum err reissue_finish(struct history *history,
    const struct config_root *root, struct notices *notices,
    struct error *err);
