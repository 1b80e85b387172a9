/* SPDX-License-Identifier: ISC */
/*
 * What the kept notes prove against this root's own state: it was restored
 * from an old backup, or its ledger was cut or rewritten.
 */
#pragma once

#include "base/bytes.h"
#include "base/notice.h"
#include "root/history/archive.h"
#include "root/history/history.h"
#include "site/config.h"

struct index;

struct proofs_request {
	struct history *history;
	const struct config_root *root;	/* it has a group "signing" */
	const struct cert *cert;
	const struct index *index;
	const struct archived *last;	/* NULL if the archive is empty */
	/* By the operator, now; NULL: none.  What the ledger records of the
	 * first counts as well. */
	const struct config_words *discarded;	/* ids */
	const struct config_words *acknowledged;	/* serials in hex */
};

/* init {0} / release: what a CRL that is signed in spite of it must heed. */
struct proofs_found {
	struct buffer drops;	/* struct ledger_drop, each serial once: what
				 * the operator acknowledged of such CRLs */
	bool has_number;
	struct number number;	/* the highest that was discarded */
};

void proofs_found_release(struct proofs_found *found);

/*
 * Is anything lost that notes bring back?
 *
 * ERR_REGRESSED: a CRL in a note, or one that an earlier note brought and that
 * still lies there for `adopt`, verifies under this root's key and has a
 * number above the archive's, and no reset order gave it up.
 * ERR_REGRESSED: the archive has another CRL under the number of one in a note,
 * which revokes what the index does not, the ledger has not dropped and the
 * operator does not acknowledge.
 * ERR_SHRUNK: the same of a CRL whose number lies below the archive's last and
 * is not there: it was signed before the archive began, or by another program.
 * ERR_REGRESSED: a manifest that came back names a ledger head that the ledger
 * does not hold (proofs_check_heads).
 *
 * Every refusal names a way out.  A head's id may be discarded, and so may a
 * CRL that is ahead (notes_crl_id): its number is used up all the same, and
 * its revocations must not be lost.  A number that is claimed without a CRL
 * proves nothing.
 */
MUST_CHECK enum err proofs_check(const struct proofs_request *request,
    struct proofs_found *found, struct notices *notices, struct error *err);

/*
 * The second half of it: the ledger heads that came back.  One that the ledger
 * lacks is refused only if it is_proof (evidence/returned_heads), else a
 * notice: whoever has stolen a seal key can claim any.  count receives how many
 * are accounted for.
 */
MUST_CHECK enum err proofs_check_heads(const struct history *history,
    const struct config_root *root, const struct cert *cert,
    const struct config_words *discarded, size_t *count,
    struct notices *notices, struct error *err);

/*
 * If a note holds this very CRL: the heads of all notes at hand that the
 * ledger lacks, 16 digits each, divided by spaces.  With the CRL it is said
 * that the ledger lost them, and they count as known from then on.
 */
MUST_CHECK enum err proofs_lost_heads(const struct history *history,
    const struct config_root *root, const struct cert *cert,
    struct span der, struct buffer *out, struct notices *notices,
    struct error *err);
