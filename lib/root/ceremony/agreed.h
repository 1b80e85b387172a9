/* SPDX-License-Identifier: ISC */
/*
 * The consent of a ceremony: a SHA-256 over every entry that the CRL is to
 * list.  Which ones it lists no more follows from that and the CRL before.
 * Inside root/ceremony only.
 */
#pragma once

#include "base/digest.h"
#include "root/ceremony/steps.h"

/* One entry more, in serial order; one that is removed counts for nothing. */
MUST_CHECK enum err agreed_add(struct sha256 *hash,
    const struct preview_entry *entry, struct error *err);

/*
 * Is the archive's last CRL of every root that this ceremony should have
 * signed what was agreed to?  ERR_DECLINED if another one has come between;
 * the consent is forgotten then.
 */
MUST_CHECK enum err agreed_check_signed(struct ceremony *c,
    struct error *err);

/*
 * Has a CRL that this ceremony has signed ended before it was carried
 * anywhere?  Then that is a deviation, and the review and all that follows
 * comes again, so that the next one is signed.  By a clock that was judged.
 */
MUST_CHECK enum err agreed_renew_ended(struct ceremony *c,
    struct error *err);
