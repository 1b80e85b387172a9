/* SPDX-License-Identifier: ISC */
/*
 * What an importer says of a root's CRL: the rules of ferry/admit, with what
 * the root's configuration knows.
 */
#pragma once

#include "base/notice.h"
#include "ferry/admit.h"
#include "root/history/archive.h"
#include "site/config.h"

struct admission {
	struct admit_rules rules;	/* root and subordinates are set */
	struct cert **certs;		/* of the subordinates */
};

#define RELEASE_ADMISSION __attribute__((cleanup(admission_release)))

/*
 * Prepare the rules for this CRL.  The certificates of the subordinates are
 * read only if it has an issuingDistributionPoint, which is judged by them; one
 * that cannot be read is a notice.  If rules.is_adopting was set, they are read
 * in any case, only a missing one is a notice, and a distribution point must be
 * named by each subordinate that is not retired.
 *
 * cert  the root's, borrowed
 */
MUST_CHECK enum err admission_prepare(const struct config_root *root,
    const struct cert *cert, const struct crl *crl, struct admission *out,
    struct notices *notices, struct error *err);
void admission_release(struct admission *admission);

/*
 * Does it list all that this root has revoked?  ERR_SCOPE for a delta CRL, for
 * a part, and for one with a critical extension that nobody knows: the root's
 * next CRL is not judged by it.
 */
MUST_CHECK enum err admission_check_scope(const struct config_root *root,
    const struct cert *cert, const struct crl *crl, struct notices *notices,
    struct error *err);

/*
 * Would an importer take the root's current CRL, whatever the day
 * (admit_content)?  One that is larger than max_crl_bytes it would not, either
 * (ERR_FORMAT).  Failures name root and number, and have the way out.
 */
MUST_CHECK enum err admission_check_content(const struct config *config,
    const struct config_root *root, const struct cert *cert,
    struct archived *last, struct crl_facts *facts, struct notices *notices,
    struct error *err);

/* The same at this time: ERR_EXPIRED and ERR_NOT_YET_VALID as well. */
MUST_CHECK enum err admission_check_current(const struct config *config,
    const struct config_root *root, const struct cert *cert,
    struct archived *last, int64_t now_s, struct crl_facts *facts,
    struct notices *notices, struct error *err);

/* The way out of a current CRL that is of no use, or of none (NULL). */
enum err admission_way_out(const struct config *config,
    const struct config_root *root, const struct crl *crl, enum err code,
    struct error *err);
