/* SPDX-License-Identifier: ISC */
/* A private key from a file, for ca/signer.c. */
#pragma once

#include <openssl/evp.h>

#include "base/prompt/passphrase.h"

/*
 * Read a private key: PEM or DER, PKCS#8 or traditional, plain or encrypted,
 * or PKCS#12 (RFC 7292), told apart by content.  One line of passphrases is
 * taken if a key is encrypted, and none if it is not; a wrong one is asked for
 * again on a terminal, PASSPHRASE_TRIES times in all.
 * Certificates beside the key are passed over.
 *
 * The file and the passphrase stand in guarded memory, the key in libcrypto's
 * locked heap; what libcrypto copies elsewhere it wipes.
 *
 * wanted       the public half of the key that is meant if there are several;
 *              NULL, or if none is that one: the first
 * passphrases  NULL: nobody is asked, and *out is NULL if it takes one
 *
 * *out is the caller's.  ERR_PERMISSIONS if others may read the file,
 * ERR_KEY if it holds no key, the passphrase is wrong, trying one would take
 * longer than KEY_COST_MAX allows, or this machine's OpenSSL cannot undo
 * the encryption.
 */
MUST_CHECK enum err key_load(const char *path, EVP_PKEY *wanted,
    const struct passphrase_source *passphrases, EVP_PKEY **out,
    struct error *err);
