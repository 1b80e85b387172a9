/* SPDX-License-Identifier: ISC */
/* A pkcs11: URI as a configuration may have it, for ca/signer_token.c. */
#pragma once

#include <p11-kit/uri.h>

#include "base/error.h"

/*
 * Parse a URI of a private key (RFC 7512).  ERR_KEY for anything else, and
 * for one that holds a PIN or says where one is: a configuration is no place
 * for secrets.  *out is freed with p11_kit_uri_free().
 */
MUST_CHECK enum err signer_uri_parse(const char *text, P11KitUri **out,
    struct error *err);
