/* SPDX-License-Identifier: ISC */
/*
 * Which certificate is to be revoked, why and since when, from what was asked
 * for.  Inside issue/revoke only.
 */
#pragma once

#include "pki/cert.h"
#include "pki/lint/lint.h"
#include "root/issue/revoke.h"

/* Start from {0}; serial points into octets, cert is the owner's to free. */
struct revoke_target {
	uint8_t octets[SERIAL_OCTETS_MAX];
	struct span serial;	/* content octets */
	struct cert *cert;	/* NULL if only the serial is given */
};

/*
 * Tell a serial from a file, as revoke_options says.  out must stay where it
 * is.
 *
 * ERR_USAGE: a serial that is too long, or the root itself.  ERR_MISSING:
 * neither a serial nor a file.  ERR_FORMAT, ERR_ISSUER, ERR_SIGNATURE: the
 * file is no certificate of this root.
 */
MUST_CHECK enum err revoke_target_find(const char *what,
    const struct cert *root, struct revoke_target *out,
    struct notices *notices, struct error *err);

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
