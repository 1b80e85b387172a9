/* SPDX-License-Identifier: ISC */
/* What must hold before a CRL is signed.  Inside root/issue only. */
#pragma once

#include "pki/lint.h"
#include "root/archive.h"
#include "root/index.h"
#include "root/issue.h"
#include "root/ledger.h"
#include "root/lost.h"
#include "root/recorded.h"

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
	struct recorded recorded;	/* does the ledger know of it? */
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

/* The last CRL, and that none of its revocations is lost; fills lost. */
MUST_CHECK enum err issuing_check_last(struct issuing *issuing,
    struct error *err);

/* The largest of what the sources say comes next. */
MUST_CHECK enum err issuing_choose_number(struct issuing *issuing,
    struct error *err);
MUST_CHECK enum err issuing_choose_dates(struct issuing *issuing,
    struct error *err);

/* The first finding that is an error, kept for the message. */
struct first_finding {
	char text[384];
};

/* A linter of the root's profile; first must outlive it. */
struct lint issuing_lint(const struct issuing *issuing,
    struct first_finding *first);

/* ERR_FORMAT where it found an error. */
MUST_CHECK enum err issuing_judge_findings(const struct issuing *issuing,
    const struct lint *lint, const struct first_finding *first,
    struct error *err);

/*
 * From here on the number is used up, whatever happens.  What it drops is
 * entered now: a crash right after the CRL became the current one must not
 * cost the subordinates the reason.
 */
MUST_CHECK enum err issuing_reserve(const struct issuing *issuing,
    struct error *err);

/* The CRL is in the archive: enter that. */
MUST_CHECK enum err issuing_record(const struct issuing *issuing,
    const struct issued *issued, struct error *err);
