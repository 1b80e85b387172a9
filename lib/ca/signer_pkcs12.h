/* SPDX-License-Identifier: ISC */
/* A key file of PKCS#12 (RFC 7292), for ca/signer_file.c. */
#pragma once

#include "ca/signer_keyfile.h"

/*
 * Read its keys; file->found stays NULL if that takes a passphrase and nobody
 * is to be asked.  *is_one is false if it is no PKCS#12.
 */
MUST_CHECK enum err signer_pkcs12_read(struct key_file *file, bool *is_one,
    struct error *err);
