/* SPDX-License-Identifier: ISC */
/*
 * What the kept notes prove against this root's own state: it was restored
 * from an old backup, or its ledger was cut or rewritten.
 */
#pragma once

#include "base/bytes.h"
#include "base/notice.h"
#include "root/archive.h"
#include "site/config.h"

/*
 * ERR_REGRESSED: a CRL in a note, or one that an earlier note brought and that
 * still lies there for `adopt`, verifies under this root's key and has a
 * number above the archive's (its place is named) and no reset order gave it
 * up; or a CRL in a note is not the one that the archive has under its number
 * and revokes what the index (without one, the last CRL) does not and the
 * ledger has not dropped; or a manifest that came back, sealed by a key of
 * ours, names a ledger head that the ledger does not hold.  A head's id may be
 * discarded, a number never.  A number that is claimed without a CRL proves
 * nothing.
 *
 * last       NULL where the archive is empty
 * discarded  by the operator, now; what the ledger records counts as well
 */
MUST_CHECK enum err proofs_check(const struct config *config,
    const struct config_root *root, const struct cert *cert,
    const struct archived *last, const struct config_words *discarded,
    struct notices *notices, struct error *err);

/*
 * The second half of it: the ledger heads that came back.  count receives how
 * many there were.
 */
MUST_CHECK enum err proofs_check_heads(const struct config *config,
    const struct config_root *root, const struct cert *cert,
    const struct config_words *discarded, size_t *count,
    struct notices *notices, struct error *err);

/*
 * Where a note holds this very CRL: the heads of all notes at hand that the
 * ledger lacks, 16 digits each, divided by spaces.  With the CRL it is said
 * that the ledger lost them, and they count as known from then on.
 */
MUST_CHECK enum err proofs_lost_heads(const struct config *config,
    const struct config_root *root, const struct cert *cert,
    struct span der, struct buffer *out, struct notices *notices,
    struct error *err);
