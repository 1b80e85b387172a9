/* SPDX-License-Identifier: ISC */
/* What must hold before a CRL is signed.  Inside root/issue only. */
#pragma once

#include "root/archive.h"
#include "root/index.h"
#include "root/issue.h"
#include "root/ledger.h"
#include "root/lost.h"

/* One root on its way to a new CRL. */
struct issuing {
	const struct config *config;
	const struct config_root *root;
	const struct issue_options *options;
	struct notices *notices;
	struct cert *cert;
	struct index index;
	struct archived last;
	bool has_last;
	bool is_last_recorded;		/* the ledger knows how it came */
	struct ledger_summary ledger;
	bool has_intent;		/* the ledger knows a number */
	struct number intent;		/* the highest it knows */
	struct lost lost;		/* what the last CRL has beyond */
	struct number number;
	int64_t this_update_s;
	int64_t next_update_s;
};

/* Certificate, index, last CRL and ledger, all verified. */
MUST_CHECK enum err issuing_load(struct issuing *issuing, struct error *err);
void issuing_release(struct issuing *issuing);

/* Lost revocations, clock, network; then number and dates are chosen. */
MUST_CHECK enum err issuing_judge(struct issuing *issuing,
    struct error *err);
