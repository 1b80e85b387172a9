/* SPDX-License-Identifier: ISC */
/*
 * ML-DSA (FIPS 204, RFC 9881) and SLH-DSA (FIPS 205, RFC 9909) within
 * pki/algorithm: the pure forms, which sign a message and not its digest.
 * Whether libcrypto has them is known only when it runs, so that they go by
 * OID and by name, never by NID.
 */
#pragma once

#include "pki/algorithm.h"

/* Is this OID content one of theirs, or of their pre-hash forms? */
bool pq_is_oid(struct span oid);

/*
 * Decode one whose OID is: its parameters are absent.  ERR_ALGORITHM for
 * HashML-DSA, which has no place in X.509 (RFC 9881), for HashSLH-DSA, which
 * OpenSSL does not have, and for parameters.
 */
MUST_CHECK enum err pq_parse(struct span oid, struct span parameters,
    struct algorithm *out, struct error *err);

/* What the key signs with.  False if it is of another kind. */
bool pq_for_key(struct evp_pkey_st *key, struct algorithm *out);

/* Append the AlgorithmIdentifier. */
MUST_CHECK enum err pq_encode(const struct algorithm *algorithm,
    struct buffer *out, struct error *err);

/* Does this machine's OpenSSL have it? */
bool pq_is_available(const struct algorithm *algorithm);

/*
 * ERR_ALGORITHM for one that it does not have.
 *
 * what  "signed with"
 * can   what it would have to do with it: "verify"
 */
MUST_CHECK enum err pq_check(const struct algorithm *algorithm,
    const char *what, const char *can, struct error *err);
