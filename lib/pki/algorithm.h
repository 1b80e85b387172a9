/* SPDX-License-Identifier: ISC */
/*
 * Signature algorithms: the allow-list, and the exact encodings of their
 * AlgorithmIdentifiers (RFC 4055, RFC 5758, RFC 8410, RFC 9881, RFC 9909).
 */
#pragma once

#include "base/bytes.h"

struct evp_md_ctx_st;		/* EVP_MD_CTX */
struct evp_pkey_st;		/* EVP_PKEY */

enum algorithm_family {
	ALGORITHM_RSA,
	ALGORITHM_RSA_PSS,
	ALGORITHM_ECDSA,
	ALGORITHM_ED25519,
	ALGORITHM_POST_QUANTUM,	/* ML-DSA, SLH-DSA; told apart by name */
};

struct algorithm {
	enum algorithm_family family;
	const char *name;	/* "ecdsa-with-SHA384" */
	const char *digest;	/* "SHA384"; NULL: it signs the message */
	const char *mgf_digest;	/* RSA-PSS: of the mask */
	int salt_size;		/* RSA-PSS: octets, 0..512 */
	bool is_weak;		/* MD5 or SHA-1 anywhere in it */
	bool is_mask_weak;	/* RSA-PSS: only in its mask */
	bool is_mask_default;	/* RSA-PSS: its parameters name no mask */
};

/*
 * Decode a whole DER AlgorithmIdentifier, parameters included: NULL for RSA,
 * explicit for RSA-PSS, absent for all others.
 *
 * A weak one is decoded, with is_weak set; whether to refuse it is the
 * caller's choice.  ERR_ALGORITHM names what is not on the list.
 */
MUST_CHECK enum err algorithm_parse(struct span identifier,
    struct algorithm *out, struct error *err);

/*
 * ERR_WEAK if it rests on MD5 or SHA-1, ERR_ALGORITHM if this machine's OpenSSL
 * does not have it: ML-DSA and SLH-DSA came with 3.5.
 */
MUST_CHECK enum err algorithm_check(const struct algorithm *algorithm,
    struct error *err);

/* ERR_ALGORITHM for a key that no CRL is verified by here. */
MUST_CHECK enum err algorithm_check_key(struct evp_pkey_st *key,
    struct error *err);

/*
 * ERR_ALGORITHM for a SubjectPublicKeyInfo, DER, of a kind that is on the list
 * but that this machine's OpenSSL does not have, so that it cannot be loaded.
 * Whatever else is wrong with it is not said here.
 */
MUST_CHECK enum err algorithm_check_spki(struct span spki,
    struct error *err);

/*
 * Does it sign the message, not a digest of it, so that EVP_DigestSign and
 * EVP_DigestVerify want it in one piece?
 */
bool algorithm_is_whole(const struct algorithm *algorithm);

/* The remedy for an AlgorithmIdentifier that is wrongly encoded. */
#define ALGORITHM_MEND \
	"have the CA's program mended, or sign with crlferry-root issue"

/*
 * Choose the algorithm that a key signs with, and its DER identifier, which
 * is appended to identifier.
 *
 * key     RSA, RSA-PSS, EC on P-256, P-384 or P-521, Ed25519, ML-DSA or
 *         SLH-DSA
 * digest  "sha256", "sha384", "sha512", or NULL for the key's own: RSA and
 *         P-256 SHA-256, P-384 SHA-384, P-521 SHA-512
 *
 * An RSA-PSS key that restricts its parameters gets those, any other a salt
 * as long as the digest; Ed25519, ML-DSA and SLH-DSA take no digest.
 * ERR_ALGORITHM for any other key or digest, ERR_WEAK for md5 and sha1.
 */
MUST_CHECK enum err algorithm_for_key(struct evp_pkey_st *key,
    const char *digest, struct algorithm *out, struct buffer *identifier,
    struct error *err);

/*
 * Prepare a context for EVP_DigestVerify* or, with is_signing, for
 * EVP_DigestSign*, PSS parameters included.  ERR_SIGNATURE (ERR_KEY when
 * signing) if key and algorithm do not fit each other.  Nothing weak is
 * ever signed with: ERR_WEAK.
 */
MUST_CHECK enum err algorithm_start(const struct algorithm *algorithm,
    struct evp_md_ctx_st *context, struct evp_pkey_st *key, bool is_signing,
    struct error *err);
