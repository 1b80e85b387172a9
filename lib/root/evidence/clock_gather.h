/* SPDX-License-Identifier: ISC */
/*
 * Gather what this machine knows of the date: the root's notBefore, its last
 * CRL, the ledger, the notes; and leave out what an operator discarded, now or
 * before, which the ledger records.
 *
 * Ids: "crl-<number>", "ledger-<sequence>" and a note's own.  notBefore has
 * none: it cannot be discarded.  Ledger heads and CRLs in notes, which are no
 * dates, have ids as well (evidence/regressed), and so has a CRL that the
 * archive has lost (evidence/vanished).
 */
#pragma once

#include "base/notice.h"
#include "root/evidence/clock_evidence.h"
#include "root/history/archive.h"
#include "root/history/history.h"
#include "site/config.h"

struct evidence_request {
	struct history *history;
	const struct config_root *root;
	const struct cert *cert;
	const struct archived *last;		/* NULL: none */
	int64_t now_s;
	const struct config_words *discarded;	/* by the operator, now */
};

/*
 * is_last_discarded tells whether the last CRL's thisUpdate counts no more.
 * ERR_MISSING if an id of `discarded` names no evidence of this root.
 */
MUST_CHECK enum err evidence_gather(const struct evidence_request *request,
    struct clock_evidences *out, bool *is_last_discarded,
    struct notices *notices, struct error *err);

/*
 * Enter into the ledger what `discarded` names, each with why, what it is and
 * its time; from then on it counts no more.  What was entered before is passed
 * over.
 *
 * ERR_MISSING if an id names nothing of this root: then nothing is entered.
 */
MUST_CHECK enum err evidence_record(const struct evidence_request *request,
    const char *why, const char *who, struct notices *notices,
    struct error *err);
