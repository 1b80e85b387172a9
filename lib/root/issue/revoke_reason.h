/* SPDX-License-Identifier: ISC */
/* Why and since when, from what was asked for.  Inside issue/revoke only. */
#pragma once

#include "pki/lint.h"
#include "root/issue/revoke.h"

/*
 * The reason and the times of a revocation; its serial is left alone.  Pure.
 *
 * not_before_s  when the certificate began, or the root if that is not
 *               known: nothing was revoked earlier
 * hold          where out->hold points
 *
 * ERR_USAGE: no reason, one that index, complete CRL or profile cannot hold,
 * a time that is missing, given twice, in the future, or too early.
 */
MUST_CHECK enum err revoke_reason_parse(const struct revoke_options *options,
    enum lint_profile profile, int64_t not_before_s, struct revocation *out,
    uint8_t hold[INDEX_HOLD_MAX], struct error *err);
