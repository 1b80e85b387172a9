/* SPDX-License-Identifier: ISC */
/* The rules that a CRL must meet to be signed.  Inside root/issue only. */
#pragma once

#include "ca/crlwrite.h"
#include "ca/index.h"
#include "pki/lint/lint.h"
#include "root/evidence/clock_gather.h"
#include "root/evidence/regressed.h"
#include "root/evidence/shrunk.h"
#include "root/history/archive.h"
#include "root/history/recorded.h"
#include "root/issue/issue.h"

/* One root on its way to a new CRL. */
struct issuing {
	struct history *history;
	const struct config_root *root;
	const struct issue_options *options;
	struct notices *notices;
	bool is_emergency;		/* the new CRL, and why */
	const char *why;
	struct cert *cert;
	struct index index;
	struct archived last;
	bool has_last;
	struct recorded recorded;	/* does the ledger know of it? */
	bool is_last_discarded;		/* its thisUpdate counts no more */
	bool has_known;			/* the ledger knows a number */
	struct number known;		/* the highest it knows */
	bool has_reserved;		/* the ledger knows an intent */
	struct number reserved;		/* of the last intent */
	bool is_reserved_emergency;
	char reserved_why[256];
	size_t reserved_drops;		/* how many entries it leaves out */
	struct proofs_found proven;	/* by CRLs that notes hold */
	struct lost lost;		/* what the last CRL has beyond */
	struct number number;		/* of the new CRL, and its dates */
	struct number after;		/* of the one that comes next */
	int64_t this_update_s;
	int64_t next_update_s;
	struct buffer locations;	/* GeneralNames of subordinates' CDPs,
					 * see issuing_add_locations */
};

#define RELEASE_ISSUING __attribute__((cleanup(issuing_release)))

/* One that nothing is loaded for yet; it borrows what it is given. */
struct issuing issuing_of(struct history *history,
    const struct config_root *root, const struct issue_options *options,
    struct notices *notices);

/* Certificate and last CRL, verified, and numbers; then the index as well. */
MUST_CHECK enum err issuing_load_history(struct issuing *issuing,
    struct error *err);
MUST_CHECK enum err issuing_load(struct issuing *issuing, struct error *err);
void issuing_release(struct issuing *issuing);

/*
 * Proofs of a restored backup, clock, lost revocations, network; then number
 * and dates are chosen.  Reads only.
 */
MUST_CHECK enum err issuing_judge(struct issuing *issuing,
    struct error *err);

/* When the root ends: its certificate, or the one that is made before. */
int64_t issuing_root_end(const struct issuing *issuing);

/* thisUpdate and nextUpdate; a notice if they are not as configured. */
MUST_CHECK enum err issuing_choose_dates(struct issuing *issuing,
    struct error *err);

/* Add where the digest is configured to a failure that may be about it. */
MUST_CHECK enum err issuing_about_digest(const struct issuing *issuing,
    enum err code, struct error *err);

/* The first findings of each kind, kept for messages. */
struct first_finding {
	char text[384];		/* of an error */
	char warning[384];
};

/* A linter of a root's profile; first must outlive it. */
struct lint first_finding_lint(const struct config_root *root,
    struct first_finding *first);

/* ERR_FORMAT if it found an error. */
MUST_CHECK enum err issuing_judge_findings(const struct issuing *issuing,
    const struct lint *lint, const struct first_finding *first,
    struct error *err);

/*
 * The next ceremony after the new CRL, as the calendar has it; 0 if the root
 * ends before.
 */
int64_t issuing_next_ceremony(const struct issuing *issuing);

/*
 * Keep the ldap:/// names of a subordinate's distribution points: there the
 * CRL is published.  One of another root has none that count, nor has one of a
 * retired subordinate.
 */
MUST_CHECK enum err issuing_add_locations(struct issuing *issuing,
    const struct config_subordinate *subordinate, const struct cert *cert,
    struct error *err);

/*
 * The extensions of AD CS, if the root is to have them, once its dates are
 * chosen and its subordinates were looked at; locations are borrowed.
 */
struct crlwrite_microsoft issuing_microsoft(const struct issuing *issuing);

/* Say which of them it cannot have, and why. */
void issuing_note_microsoft(const struct issuing *issuing);

/* Say so if the CRL is larger than Windows programs take. */
void issuing_note_size(const struct issuing *issuing,
    const struct crlwrite *crl);

/* The list to sign, without an algorithm yet; it borrows from issuing. */
struct crlwrite issuing_list(const struct issuing *issuing);

/* Prepare it, and judge it unsigned; of warnings the first is a notice. */
MUST_CHECK enum err issuing_lint_unsigned(const struct issuing *issuing,
    struct crlwrite *crl, struct error *err);

/* A request for all evidence of the date. */
struct evidence_request issuing_evidence(const struct issuing *issuing);

/* Describe the new CRL, but for its path and digest. */
void issuing_describe(const struct issuing *issuing, struct issued *out);
