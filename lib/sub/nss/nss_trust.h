/* SPDX-License-Identifier: ISC */
#pragma once

#include "base/error.h"

/*
 * NSS loads the libraries that pkcs11.txt names, and whoever can write the
 * others could have SQLite or NSS read what they were not made for.  So nobody
 * but root and the caller may change what any of the names in the folder of a
 * database mean, nor the way to it.
 *
 * ERR_PERMISSIONS with the folder or file and the command that closes it.
 */
MUST_CHECK enum err nss_check_trust(const char *path, struct error *err);
