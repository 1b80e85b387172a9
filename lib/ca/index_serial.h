/* SPDX-License-Identifier: ISC */
/* Serials as OpenSSL's index spells them. */
#pragma once

#include "ca/index.h"

#define INDEX_SERIAL_TEXT_SIZE (2 * INDEX_SERIAL_MAX + 1)

/*
 * An even number of hex digits of either case to the content octets of a
 * positive INTEGER; leading zeros are spelling only.  False for anything else,
 * and for what does not fit.
 */
bool index_serial_parse(struct span text, uint8_t out[INDEX_SERIAL_MAX],
    size_t *size);

/* Upper-case hex with an even number of digits, without the sign's octet. */
void index_serial_format(struct span serial,
    char out[INDEX_SERIAL_TEXT_SIZE]);
