/* SPDX-License-Identifier: ISC */
#include <stdio.h>

#include "order_words.h"

static void
format_number(const struct number *number, char out[NUMBER_TEXT_SIZE])
{
	if (number == NULL)
		snprintf(out, NUMBER_TEXT_SIZE, "?");
	else
		number_format(number, 0, out);
}

void
order_words(const struct order *order, const struct number *accepted_number,
    struct order_words *out)
{
	format_number(order->has_number ? &order->number : NULL, out->number);
	format_number(accepted_number, out->accepted_number);
	sha256_hex(order->sha256, out->sha256);
	sha256_hex(order->accepted_sha256, out->accepted_sha256);
}
