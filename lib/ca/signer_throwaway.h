/* SPDX-License-Identifier: ISC */
/* A throw-away key and certificate that stand in for a root's own. */
#pragma once

#include "base/secret.h"
#include "pki/cert.h"

/*
 * Make a key of the same kind as that of the certificate (RSA of the same
 * size, RSA-PSS with the same restrictions, EC on the same curve, Ed25519,
 * ML-DSA and SLH-DSA of the same parameters), and a self-signed certificate
 * with the same subject, octet for octet, the same validity, SKI,
 * basicConstraints CA and keyUsage cRLSign, and AD CS's CA Version, if it has
 * that.
 *
 * digest            of its signature, as algorithm_for_key
 * passphrase        encrypts the key; NULL or empty: it stands in the open
 * key_path          receives the key as PEM, mode 0600
 * certificate_path  receives the certificate as PEM
 *
 * ERR_ALGORITHM as algorithm_for_key, ERR_IO, ERR_NO_SPACE.
 */
MUST_CHECK enum err throwaway_make(const struct cert *cert,
    const char *digest, const struct secret *passphrase, const char *key_path,
    const char *certificate_path, struct error *err);
