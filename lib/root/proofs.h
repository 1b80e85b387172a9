/* SPDX-License-Identifier: ISC */
/*
 * What the kept notes prove against this root's own state: it was restored
 * from an old backup, or its ledger was cut or rewritten.
 */
#pragma once

#include "base/notice.h"
#include "root/archive.h"
#include "site/config.h"

/*
 * ERR_REGRESSED: a CRL in a note verifies under this root's key and has a
 * number above the archive's (its place for `adopt` is named), or a manifest
 * that came back, sealed by a key of ours, names a ledger head that the ledger
 * does not hold.  A head's id is "ledger-head-<its first 16 digits>"; it may
 * be discarded, a number never.  A number that is claimed without a CRL proves
 * nothing.
 *
 * last       NULL where the archive is empty
 * discarded  by the operator, now; what the ledger records counts as well
 */
MUST_CHECK enum err proofs_check(const struct config *config,
    const struct config_root *root, const struct cert *cert,
    const struct archived *last, const struct config_words *discarded,
    struct notices *notices, struct error *err);
