/* SPDX-License-Identifier: ISC */
/*
 * What an importer says of a root's CRL: the rules of ferry/admit, with what
 * the root's configuration knows.
 */
#pragma once

#include "base/notice.h"
#include "ferry/admit.h"
#include "site/config.h"

struct admission {
	struct admit_rules rules;	/* root and subordinates are set */
	struct cert **certs;		/* of the subordinates */
};

#define RELEASE_ADMISSION __attribute__((cleanup(admission_release)))

/*
 * Prepare the rules for this CRL.  The certificates of the subordinates are
 * read only if it has an issuingDistributionPoint, which is judged by them; one
 * that cannot be read is a notice.
 *
 * cert  the root's, borrowed
 */
MUST_CHECK enum err admission_prepare(const struct config_root *root,
    const struct cert *cert, const struct crl *crl, struct admission *out,
    struct notices *notices, struct error *err);
void admission_release(struct admission *admission);

/*
 * Does it list all that this root has revoked?  ERR_SCOPE for a delta CRL, or
 * for a part of one (admit_scope): the root's next CRL is not judged by it.
 */
MUST_CHECK enum err admission_check_scope(const struct config_root *root,
    const struct cert *cert, const struct crl *crl, struct notices *notices,
    struct error *err);
