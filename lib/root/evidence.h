/* SPDX-License-Identifier: ISC */
/*
 * Gather what this machine knows of the date: the root's notBefore, its last
 * CRL, the ledger, the notes; and leave out what an operator discarded, now or
 * before, which the ledger records.
 *
 * Ids: "crl-<number>", "ledger-<sequence>" and a note's own.  notBefore has
 * none: it cannot be discarded.
 */
#pragma once

#include "base/notice.h"
#include "root/archive.h"
#include "root/clock_evidence.h"
#include "site/config.h"

struct evidence_request {
	const struct config *config;
	const struct config_root *root;
	const struct cert *cert;
	const struct archived *last;		/* NULL: none */
	int64_t now_s;
	const struct config_words *discarded;	/* by the operator, now */
};

/*
 * is_last_discarded tells whether the last CRL's thisUpdate counts no more.
 * ERR_MISSING where an id of `discarded` names no evidence of this root.
 */
MUST_CHECK enum err evidence_gather(const struct evidence_request *request,
    struct clock_evidences *out, bool *is_last_discarded,
    struct notices *notices, struct error *err);
