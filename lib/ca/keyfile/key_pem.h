/* SPDX-License-Identifier: ISC */
/* Key files of PEM, and of one key in DER, for ca/keyfile/key_load.c. */
#pragma once

#include "ca/keyfile/key_file.h"

/*
 * Read the keys of a PEM file, all of them if need be: PKCS#8 or traditional,
 * plain or encrypted.  *is_one is false if it has none, whatever else it
 * holds; file->found stays NULL if that takes a passphrase and nobody is to be
 * asked.
 */
MUST_CHECK enum err key_pem_read(struct key_file *file, bool *is_one,
    struct error *err);

/* The same of one key in DER. */
MUST_CHECK enum err key_der_read(struct key_file *file, bool *is_one,
    struct error *err);
