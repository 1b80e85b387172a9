/* SPDX-License-Identifier: ISC */
/*
 * Serials as OpenSSL and its index write them: a sign, if they are negative,
 * and the hex digits of their magnitude.
 */
#pragma once

#include "base/bytes.h"

#define SERIAL_OCTETS_MAX 64	/* content octets that are looked at */
#define SERIAL_TEXT_SIZE (2 * SERIAL_OCTETS_MAX + 2)	/* sign, NUL */

/*
 * An even number of hex digits of either case, and a '-' before them if it is
 * negative, to the content octets of an INTEGER; leading zeros are spelling
 * only.  False for anything else, and for what does not fit.
 */
bool serial_parse(struct span text, uint8_t out[SERIAL_OCTETS_MAX],
    size_t *size);

/*
 * As `openssl ca` writes it: upper-case hex with an even number of digits,
 * without the sign's octet; "-17FEFE" if it is negative.  A longer one is cut,
 * and has no sign.
 */
void serial_format(struct span serial, char out[SERIAL_TEXT_SIZE]);

/* Not too long for the index? */
bool serial_fits(struct span serial);

/*
 * The order in which OpenSSL lists them, X509_CRL_sort: by the length of the
 * magnitude, by the magnitude, and of two that differ in their sign alone the
 * positive one first.
 */
int serial_order(struct span a, struct span b);

/* In that order, but the same for some that differ. */
uint32_t serial_prefix(struct span serial);
