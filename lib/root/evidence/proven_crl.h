/* SPDX-License-Identifier: ISC */
/*
 * CRLs of this root that notes have proven, and `collect` has laid out for
 * `adopt`: STATE/<root>/notes/<number>.crl.  They need no note to vouch for
 * them, since their signature is this root's own: another note, or another
 * note key, does not undo what was proven.
 */
#pragma once

#include "root/evidence/regressed.h"
#include "root/history/discards.h"
#include "root/history/given_up.h"

/*
 * ERR_REGRESSED: one of them verifies under this root's key, has a number
 * above the archive's, and no reset order gave it up and no operator discarded
 * it.  One that does not verify is passed over with a notice.
 *
 * request  while its archive is empty, none can be discarded
 * before   what the ledger records as discarded
 */
MUST_CHECK enum err laid_out_check(const struct proofs_request *request,
    const struct given_up *given_up, const struct discards *before,
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
