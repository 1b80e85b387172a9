/* SPDX-License-Identifier: ISC */
/* Take a CRL that was signed before, or elsewhere, as the root's last one. */
#pragma once

#include "base/notice.h"
#include "base/number.h"
#include "pki/cert.h"
#include "site/config.h"

/*
 * Would adopt_first take this file?  Reads only, so that what is refused
 * leaves nothing behind.  Its errors are those of adopt_first.
 */
MUST_CHECK enum err adopt_check(const struct config *config,
    const char *path, const struct cert *cert, struct error *err);

/*
 * Put a CRL file, DER or PEM, into an empty archive.  A weak signature is a
 * notice: what was signed then cannot be helped, and its entries count.
 *
 * out  its number; 0 where it has none
 *
 * ERR_FORMAT, ERR_ISSUER, ERR_SIGNATURE, ERR_ALGORITHM; ERR_USAGE where the
 * archive holds a CRL already.
 */
MUST_CHECK enum err adopt_first(const struct config *config,
    const struct config_root *root, const char *path, int64_t now_s,
    const char *who, struct number *out, struct notices *notices,
    struct error *err);
