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
#include "root/discards.h"
#include "root/given_up.h"
#include "site/config.h"

/*
 * ERR_REGRESSED: one of them verifies under this root's key, has a number
 * above the archive's, and no reset order gave it up and no operator discarded
 * it.  One that does not verify is passed over with a notice.
 *
 * last       NULL if the archive is empty: then none can be discarded
 * discarded  by the operator, now
 * before     what the ledger records of that
 */
MUST_CHECK enum err laid_out_check(const struct config *config,
    const struct config_root *root, const struct cert *cert,
    const struct archived *last, const struct given_up *given_up,
    const struct config_words *discarded, const struct discards *before,
    struct notices *notices, struct error *err);

#define LAID_OUT_WAY_SIZE 4600

/*
 * The ways out for a CRL that is ahead of the archive: `adopt`, which is the
 * right one; a reset order; and for one that nobody can adopt (a delta CRL, one
 * from the future) to discard it as evidence.
 *
 * id  by notes_crl_id; NULL if it cannot be discarded
 */
void laid_out_way_out(const char *root, const char *path, const char *id,
    char out[LAID_OUT_WAY_SIZE]);
