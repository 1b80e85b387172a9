/* SPDX-License-Identifier: ISC */
/*
 * CRLs of this root that notes have proven, and `collect` has laid out for
 * `adopt`: STATE/<root>/notes/<number>.crl.  They need no note to vouch for
 * them, since their signature is this root's own: another note, or another
 * note key, does not undo what was proven.
 */
#pragma once

#include "base/notice.h"
#include "pki/cert.h"
#include "root/archive.h"
#include "root/given_up.h"
#include "site/config.h"

/*
 * ERR_REGRESSED: one of them verifies under this root's key, has a number
 * above the archive's, and no reset order gave it up.  One that does not verify
 * is passed over with a notice.
 *
 * last  NULL where the archive is empty
 */
MUST_CHECK enum err laid_out_check(const struct config *config,
    const struct config_root *root, const struct cert *cert,
    const struct archived *last, const struct given_up *given_up,
    struct notices *notices, struct error *err);
