/* SPDX-License-Identifier: ISC */
/* RSASSA-PSS within pki/algorithm: its parameters (RFC 4055 3.1). */
#pragma once

#include "pki/algorithm.h"

#define PSS_SALT_MAX 512

/* Is this OID content id-RSASSA-PSS? */
bool pss_is_oid(struct span oid);

/*
 * Decode RSASSA-PSS-params, DER.  A hash that they leave out is SHA-1, which
 * makes the algorithm weak.  ERR_FORMAT if they are not DER, ERR_ALGORITHM for
 * a hash, mask or salt that is not on the list.
 */
MUST_CHECK enum err pss_parse(struct span parameters, struct algorithm *out,
    struct error *err);

/*
 * Choose what an RSA-PSS key signs with: its own parameters if it has
 * some, else the digest and a salt of the same size.
 *
 * digest  "SHA384", or NULL for the key's own
 */
MUST_CHECK enum err pss_for_key(struct evp_pkey_st *key, const char *digest,
    struct algorithm *out, struct error *err);

/*
 * Append the AlgorithmIdentifier, octet for octet as OpenSSL writes it: NULL
 * behind each hash, no trailer field, no salt of 20.  Not for a weak one.
 */
MUST_CHECK enum err pss_encode(const struct algorithm *algorithm,
    struct buffer *out, struct error *err);
