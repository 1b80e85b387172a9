/* SPDX-License-Identifier: ISC */
/*
 * CRL numbers: unsigned integers of up to 20 octets (RFC 5280 5.2.3).  In
 * files and on the screen they are decimal strings.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"

#define NUMBER_OCTETS 20
#define NUMBER_NAME_DIGITS 6	/* at the least, in names of files */
#define NUMBER_TEXT_SIZE 52	/* 49 decimal digits, NUL, room to pad */

/* Big-endian, left-padded with zeros. */
struct number {
	uint8_t octets[NUMBER_OCTETS];
};

struct number number_from_u64(uint64_t value);

/* From big-endian octets without sign.  False if more than 20 remain
 * after leading zeros. */
bool number_from_octets(struct span octets, struct number *out);

/* From decimal digits, 1..49 of them, leading zeros allowed. */
bool number_from_decimal(const char *text, struct number *out);

/* From hex digits of any length and case, as OpenSSL's crlnumber has them. */
bool number_from_hex(struct span text, struct number *out);

/* Decimal, padded with zeros to min_digits, 0..NUMBER_NAME_DIGITS. */
void number_format(const struct number *number, unsigned int min_digits,
    char out[NUMBER_TEXT_SIZE]);

/* Upper-case hex with an even number of digits, as OpenSSL writes it. */
void number_format_hex(const struct number *number,
    char out[NUMBER_TEXT_SIZE]);

/* The content octets of a DER INTEGER: minimal, sign bit clear, 1..20. */
struct span number_der_content(const struct number *number,
    uint8_t out[NUMBER_OCTETS + 1]);

int number_compare(const struct number *a, const struct number *b);
bool number_is_zero(const struct number *number);

/* True up to 2^159-1, the largest that 20 octets of DER hold. */
bool number_fits(const struct number *number);

/* number + 1; false at 2^159-1, the end of the range. */
bool number_increment(struct number *number);

/* high - low, which must not be negative. */
struct number number_difference(const struct number *high,
    const struct number *low);
