/* SPDX-License-Identifier: ISC */
/* The cost of trying a passphrase on a key file.  For ca/keyfile/key_load.c. */
#pragma once

#include <openssl/types.h>

#include "base/bytes.h"

/* In all; some tens of seconds at most.  Today's programs write up to 10^6. */
#define KEY_COST_MAX 5000000

/*
 * The rounds that an encryption derives its key in: the iterations of PBKDF2
 * (RFC 8018 5.2) and of PKCS#12's own way (RFC 7292 B.2), and N * r * p of
 * scrypt (RFC 7914), which take about as long each.  UINT64_MAX if it is no
 * count at all, 0 if nothing here knows the algorithm.
 */
uint64_t key_cost(const X509_ALGOR *algorithm);

/* The same of the file's MAC; 0 if it has none. */
uint64_t key_cost_mac(const PKCS12 *file);

/* ERR_KEY if it is more than KEY_COST_MAX. */
MUST_CHECK enum err key_cost_check(const char *path, uint64_t cost,
    struct error *err);
