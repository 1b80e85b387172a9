/* SPDX-License-Identifier: ISC */
/*
 * A CRL in PEM just as OpenSSL and crlferry write it.  Every reader takes such
 * a block alike, so that a long one need not be read twice.  Inside
 * sub/store_* only.
 */
#pragma once

#include "pki/pem.h"

/*
 * Is the next block of the text, from at on, such a one: with lines of 64
 * characters that end in LF, of which the last may be shorter, and nothing
 * before it but short lines of text?  Whether they are base64, pem_decode says.
 */
bool plain_next(struct span text, size_t at, struct pem_block *out);
