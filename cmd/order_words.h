/* SPDX-License-Identifier: ISC */
/* The facts of a reset order as text. */
#pragma once

#include "ferry/order.h"

/* "?" for a CRL without a number. */
struct order_words {
	char number[NUMBER_TEXT_SIZE];	/* of the CRL that it names */
	char sha256[SHA256_HEX_SIZE];
	char accepted_number[NUMBER_TEXT_SIZE];	/* of that it gives up */
	char accepted_sha256[SHA256_HEX_SIZE];
};

/* accepted_number is NULL where that CRL has none. */
void order_words(const struct order *order,
    const struct number *accepted_number, struct order_words *out);
