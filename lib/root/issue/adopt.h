/* SPDX-License-Identifier: ISC */
/* Take a CRL that was signed before, or elsewhere, as the root's last one. */
#pragma once

#include "base/digest.h"
#include "base/notice.h"
#include "base/number.h"
#include "root/history/history.h"

struct adopt_options {
	int64_t now_s;
	const struct config_words *acknowledged;	/* serials in hex */
	const struct config_words *discarded;	/* ids of evidence */
	const char *why;	/* NULL, unless something is discarded */
	const char *who;
	bool is_first;	/* init: into an empty archive, beside the index */
	bool is_index_lost;	/* init: there is none, and it is made */
	bool is_dry;	/* only judge: nothing is written */
};

struct adopted {
	char path[4096];		/* in the archive */
	bool is_known;			/* it was the current one already */
	bool has_number;
	struct number number;
	int64_t this_update_s;
	int64_t next_update_s;
	int64_t next_publish_s;		/* as crl_next_publish has it */
	int64_t next_ceremony_s;	/* 0: the root ends before */
	uint64_t revoked_count;		/* serials */
	uint64_t dropped_count;		/* of the last CRL, with a reason */
	size_t merged_count;		/* revocations that the index lacked */
	uint8_t sha256[SHA256_SIZE];
};

/*
 * Take a CRL that another program signed with this root's key as the root's
 * current one, by the rules of admission: identity, scope, dates, number
 * against the archive, no lost revocations.  One whose nextUpdate has passed
 * is taken with a notice; what lint finds is a notice too.  If the root has
 * an index, entries that it lacks are merged into it.  One without a number is
 * ordered by thisUpdate and archived as number 0.  What is discarded goes into
 * the ledger first, whatever comes of the rest.  The caller holds the lock.
 *
 * The CRL that is current already enters in the index what that lacks, and
 * changes nothing else.
 *
 * Of a PEM file that holds several CRLs, as a web server has it, the one of
 * this root is taken; ERR_FORMAT if it has none or several.
 *
 * With is_first the index stays as it is, and a notice names what it lacks;
 * with is_index_lost too it is made, with what the CRL lists, and crlnumber, if
 * that is missing, with the number that comes next.  If an interrupted run has
 * archived the same CRL, the rest is done.
 *
 * A delta CRL or a part that an older version has archived is no CRL that
 * another is judged by; it leaves its place to the one that is adopted, even if
 * its number is higher, and is kept beside it.
 *
 * ERR_USAGE with is_first if the archive holds another CRL;
 * ERR_MISSING if an id to discard names no evidence of this root;
 * ERR_FORMAT, ERR_ISSUER, ERR_ALGORITHM, ERR_WEAK, ERR_SIGNATURE, ERR_SCOPE,
 * ERR_NOT_YET_VALID, ERR_ROLLBACK, ERR_REGRESSED (the archive has lost a CRL
 * that is to come first), ERR_EXPIRED (no nextUpdate, or one before
 * thisUpdate), ERR_SHRUNK, ERR_CLOCK.
 */
MUST_CHECK enum err adopt_crl(struct history *history,
    const struct config_root *root, const char *path,
    const struct adopt_options *options, struct adopted *out,
    struct notices *notices, struct error *err);
