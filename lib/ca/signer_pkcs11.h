/* SPDX-License-Identifier: ISC */
/* A private key in a PKCS#11 token, for ca/signer.c. */
#pragma once

#include <openssl/evp.h>

#include "base/secret.h"

struct pkcs11_key;	/* new/free */

/*
 * Open the key of a pkcs11: URI (RFC 7512) through libp11's engine, RSA or
 * EC.  A PIN is taken from passphrases if the token wants one from us, and
 * is tried once, whatever happens.
 *
 * private  borrowed, and gone with pkcs11_key_free()
 *
 * ERR_MISSING if engine, module, token or key is not there; ERR_KEY if
 * the URI is none or holds a PIN, the PIN is wrong, or the key cannot be used.
 */
MUST_CHECK enum err pkcs11_key_open(const char *uri,
    const struct secret_source *passphrases, struct pkcs11_key **out,
    EVP_PKEY **private, struct error *err);

/* Logs out; no session stays. */
void pkcs11_key_free(struct pkcs11_key **key);
