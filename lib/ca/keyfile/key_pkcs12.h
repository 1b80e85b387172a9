/* SPDX-License-Identifier: ISC */
/* A key file of PKCS#12 (RFC 7292), for ca/keyfile/key_load.c. */
#pragma once

#include "ca/keyfile/key_file.h"

/*
 * Read its keys; file->found stays NULL if that takes a passphrase and nobody
 * is to be asked.  *is_one is false if it is no PKCS#12.
 */
MUST_CHECK enum err key_pkcs12_read(struct key_file *file, bool *is_one,
    struct error *err);
