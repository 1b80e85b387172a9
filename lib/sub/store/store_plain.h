/* SPDX-License-Identifier: ISC */
/*
 * A CRL in PEM just as OpenSSL and crlferry write it.  Every reader takes such
 * a block alike, so that a long one need not be read twice.  Inside
 * sub/store_* only.
 */
#pragma once

#include "pki/pem.h"

/*
 * Is the next block of the text, from at on, such a one?  Its lines have 64
 * characters and end in LF, the last may be shorter, and before it stand only
 * short lines of text.  Whether its lines are base64, pem_decode says.
 */
bool plain_next(struct span text, size_t at, struct pem_block *out);
