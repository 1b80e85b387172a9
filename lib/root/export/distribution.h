/* SPDX-License-Identifier: ISC */
/* How a root's new certificate reaches everybody. */
#pragma once

#include "pki/cert.h"

/*
 * Append what README.txt of a bundle says of a certificate that was reissued:
 * that it is new, and where it must be put on Linux, on Windows, in a domain.
 * CRLF line ends.
 */
MUST_CHECK enum err distribution_text(const char *root,
    const struct cert *cert, struct buffer *out, struct error *err);
