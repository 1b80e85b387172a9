/* SPDX-License-Identifier: ISC */
/*
 * A CRL that the ledger has, and the archive no longer.  The line of an `issue`
 * or an `adopt` is entered only once the archive holds the CRL, so that an
 * archive without it was restored from an older backup, or has lost a file; and
 * with it revocations that are published.
 */
#pragma once

#include "root/history/archive.h"
#include "root/history/history.h"

#define VANISHED_ID_SIZE (sizeof("archive-crl-number-") + NUMBER_TEXT_SIZE)

struct vanished {
	bool is_gone;			/* else the rest means nothing */
	bool has_twin;		/* another lies there under that number */
	struct number number;
	int64_t this_update_s;
	char sha256[SHA256_HEX_SIZE];	/* "": its line was made up later */
	char id[VANISHED_ID_SIZE];	/* to discard it by */
};

/*
 * Look for the CRL of the highest number of those that `issue` and `adopt` have
 * entered, the later one of two that are alike.  One that an operator discarded
 * since, or that a reset order gave up, is not asked for, nor is one that the
 * archive's last CRL comes after.
 *
 * last  of the archive, NULL if it is empty
 */
MUST_CHECK enum err vanished_find(const struct history *history,
    const char *root, const struct archived *last, struct vanished *out,
    struct error *err);

/* The trouble, in one sentence of at most 160 octets. */
#define VANISHED_TEXT_SIZE 160
void vanished_text(const struct vanished *vanished,
    char out[VANISHED_TEXT_SIZE]);

/*
 * ERR_REGRESSED, with the ways out: to adopt that CRL, or to discard it if
 * nobody has it any more.
 *
 * is_adopting  the verb is `adopt`, of another CRL that would take its place
 */
MUST_CHECK enum err vanished_fail(const struct vanished *vanished,
    const struct config *config, const struct config_root *root,
    const struct archived *last, bool is_adopting, struct error *err);

/* As vanished_fail if one is gone that `discarded`, or NULL, does not name. */
MUST_CHECK enum err vanished_check(const struct history *history,
    const struct config_root *root, const struct archived *last,
    const struct config_words *discarded, struct error *err);
