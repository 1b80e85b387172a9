/* SPDX-License-Identifier: ISC */
/* Take a bundle from a medium where a reset order has given up its CRL. */
#pragma once

#include "base/number.h"
#include "site/bundle.h"

/*
 * Remove the seals of the bundle of this number, durably, if it holds the CRL
 * of this digest: without them it is none, and an importer passes it over.
 *
 * number         with which the folder is named
 * max_crl_bytes  a larger file is not that CRL
 * retired        false, with ERR_OK, where there was nothing to remove
 *
 * ERR_IO, ERR_PERMISSIONS or ERR_NO_SPACE if it cannot be read, or its seals
 * cannot be removed.
 */
MUST_CHECK enum err bundle_retire(const char *medium, const char *root,
    const struct number *number, const uint8_t crl_sha256[SHA256_SIZE],
    uint64_t max_crl_bytes, bool *retired, struct error *err);

/* Is there a sealed bundle of this number?  ERR_IO, ERR_PERMISSIONS */
MUST_CHECK enum err bundle_is_there(const char *medium, const char *root,
    const struct number *number, bool *out, struct error *err);
