/* SPDX-License-Identifier: ISC */
/* A private key from a file, for ca/signer.c. */
#pragma once

#include <openssl/evp.h>

#include "base/secret.h"

/*
 * Read a private key, PEM (plain, PKCS#8 or traditional) or PKCS#12 (RFC
 * 7292), told apart by content.  One line of passphrases is taken if the
 * key is encrypted, and none if it is not; it is tried once.  Certificates
 * beside the key are passed over.
 *
 * The file and the passphrase stand in guarded memory, the key in libcrypto's
 * locked heap; what libcrypto copies elsewhere it wipes.
 *
 * *out is the caller's.  ERR_PERMISSIONS if others may read the file,
 * ERR_KEY if it holds no key, the passphrase is wrong, or trying one would
 * take longer than SIGNER_COST_MAX allows.
 */
MUST_CHECK enum err signer_file_load(const char *path,
    const struct secret_source *passphrases, EVP_PKEY **out,
    struct error *err);
