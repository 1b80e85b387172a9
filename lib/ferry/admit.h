/* SPDX-License-Identifier: ISC */
/*
 * May this CRL be taken as its root's current one?  Every rule of admission
 * after the bundle's own (RFC 5280 5 and 6.3.3), each a pure function.
 */
#pragma once

#include "base/bytes.h"
#include "base/digest.h"
#include "base/notice.h"
#include "base/number.h"
#include "ferry/manifest.h"
#include "ferry/order.h"
#include "pki/cert.h"
#include "pki/crl.h"

#define ADMIT_SKEW_S INT64_C(300)	/* thisUpdate may lie 5 min ahead */

/* A CRL in a few octets of fixed size: what is compared and remembered. */
struct crl_facts {
	bool has_number;
	struct number number;
	int64_t this_update_s;
	bool has_next_update;
	int64_t next_update_s;
	int64_t next_publish_s;		/* as crl_next_publish has it */
	uint64_t size_bytes;
	uint64_t revoked_count;
	uint8_t sha256[SHA256_SIZE];	/* of the whole DER */
	/* its issuer is the root's subject in other octets; not remembered */
	bool is_respelt;
};

/*
 * Is a older than b (-1), as old (0) or newer (1)?  By number, or by thisUpdate
 * if not both have one.
 */
int crl_facts_compare(const struct crl_facts *a, const struct crl_facts *b);

struct admit_rules {
	const struct cert *root;	/* the pinned anchor */
	/* certificates of the subordinates, for distribution point names */
	const struct cert *const *subordinates;
	size_t subordinate_count;
	/* so many of them, from the first, a distribution point's name must
	 * be in; 0: in one of all */
	size_t needed_count;
	bool is_point_unknown;		/* none of them is at hand */
	int64_t now_s;
	struct number max_number_jump;	/* 0: no limit */
	const struct crl_facts *seen;	/* accepted, and what stores hold */
	size_t seen_count;
	/* what was accepted last: it may be put back; NULL if unknown */
	const struct crl_facts *accepted;
	/* root: a CRL may have ended, and may hold a serial twice */
	bool is_adopting;
	/* carried out, oldest first: what they gave up is refused */
	const struct order *orders;
	size_t order_count;
	/* whose CRL may follow whatever was seen; NULL for none */
	const struct order *waiting;
};

/*
 * Issuer equal to the root's subject (name_equals), AKI of its pinned
 * certificate (crl_check_aki), algorithm, signature.
 * ERR_ISSUER, ERR_ALGORITHM, ERR_WEAK, ERR_SIGNATURE.
 */
MUST_CHECK enum err admit_identity(struct crl *crl, const struct cert *root,
    struct error *err);

/* Say of what was admitted that its facts have is_respelt. */
void admit_note_respelt(const char *what, const struct cert *root,
    struct notices *notices);

/*
 * thisUpdate and nextUpdate against now, and the candidate against one CRL
 * that was seen before (NULL for none).
 *
 * ERR_NOT_YET_VALID: thisUpdate > now + ADMIT_SKEW_S.
 * ERR_EXPIRED: nextUpdate absent, or <= now unless it may have ended.
 * ERR_ROLLBACK: lower number, lower thisUpdate, same number with other bytes,
 * same thisUpdate with another number, or no number after one that had.
 * Without numbers thisUpdate must rise.  The same octets again are ERR_OK.
 * ERR_JUMP: max_number_jump.
 */
MUST_CHECK enum err admit_dates(const struct crl_facts *candidate,
    int64_t now_s, bool may_have_ended, struct error *err);
MUST_CHECK enum err admit_history(const struct crl_facts *seen,
    const struct crl_facts *candidate, const struct number *max_number_jump,
    struct error *err);

/*
 * The same against all that was seen, and against the orders.  The CRL that was
 * accepted last may be put back, unless something newer was seen
 * (crl_facts_compare).  ERR_ROLLBACK for a CRL that an order gave up; the CRL
 * that an order waits for follows anything else, except what was signed after
 * it, and after the one that is given up or after the order.
 */
MUST_CHECK enum err admit_seen(const struct crl_facts *candidate,
    const struct admit_rules *rules, struct error *err);

/*
 * The facts of a CRL whose signature is verified, by a walk of its entries.  A
 * serial that is listed twice counts twice.
 */
MUST_CHECK enum err crl_facts_of(struct crl *crl, struct crl_facts *out,
    struct error *err);

/* The same of a CRL in DER, which must be the root's (admit_identity). */
MUST_CHECK enum err crl_facts_read(struct span der, const struct cert *root,
    struct crl_facts *out, struct error *err);

/*
 * Is it a complete CRL for the CA certificates of this root, as far as its own
 * extensions tell?  ERR_SCOPE; of the rules only subordinates are read.
 */
MUST_CHECK enum err admit_scope(const struct crl *crl,
    const struct admit_rules *rules, struct error *err);

/*
 * The rules that depend neither on the day nor on what came before: form,
 * identity, scope and entries, in that order.  Nothing reads an entry before
 * the signature is known good.
 *
 * ERR_FORMAT: v1, an empty revokedCertificates or issuingDistributionPoint, an
 * entry with removeFromCRL, which only a delta CRL can hold.
 * ERR_SCOPE: not a complete CRL for the CA certificates of this root, or with
 * onlyContainsCACerts although a subordinate's certificate is no CA's.  A
 * distribution point's fullName is fine if any of the subordinates'
 * certificates names the same one, in a point whose cRLIssuer, if it has one,
 * is this root; or each of those that are needed.
 *
 * Reads of the rules only root, subordinates, needed_count and is_adopting.
 * wanted, facts and survey as for admit_crl.
 */
MUST_CHECK enum err admit_content(struct crl *crl,
    const struct admit_rules *rules, const struct span *wanted,
    struct crl_facts *facts, struct crl_survey *survey, struct error *err);

/*
 * All of them in the order of the rules: admit_content, then dates and
 * history.  With is_adopting a nextUpdate that has passed is fine; it must be
 * there all the same.  So is a serial that is listed twice; survey names one.
 *
 * wanted  serial of the subordinate's own certificate, or NULL
 * facts   what the CRL is; sha256 is over the window's octets
 * survey  what its walk found, the wanted serial included
 */
MUST_CHECK enum err admit_crl(struct crl *crl, const struct admit_rules *rules,
    const struct span *wanted, struct crl_facts *facts,
    struct crl_survey *survey, struct error *err);

/*
 * ERR_SHRUNK if `after` lacks an entry of `before` that the manifest does
 * not list as dropped by a CRL after before's.  Both have passed crl_survey.
 *
 * manifest  NULL for a bare CRL: then nothing may be lost
 */
MUST_CHECK enum err admit_kept(struct crl *before, struct crl *after,
    const struct manifest *manifest, struct error *err);

/*
 * Does a sealed manifest speak of this CRL and this root?  ERR_ISSUER for
 * another key's digest, ERR_FORMAT for another number, date or count.  A CRL
 * without a number goes with number 0.
 */
MUST_CHECK enum err admit_manifest(const struct manifest *manifest,
    const struct crl_facts *facts, const struct cert *root,
    struct error *err);
