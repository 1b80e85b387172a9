/* SPDX-License-Identifier: ISC */
/*
 * Every refusal must say why; what is taken must come back from its own text
 * as the same text, and have a comment that can be sealed.  Nobody has sealed
 * any of it.
 */
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "ferry/order.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Any keys will do: they stand for those that are trusted. */
static const char *const trusted[] = {
    "RWQaUv0Bxj7jIzgbuZzVz4DIcwf3e85I+QYiYavewjlgtgE1HgkhFvUR",
    "RWQaMDZT9fptgRRgB9HUQzqVWzntKOTI+SsfG71Wn0IoRyHioP2eGDBZ"};

static void
check_comment(const struct order *order)
{
	char comment[MINISIGN_COMMENT_SIZE];

	order_comment(order, comment, sizeof(comment));
	if (strlen(comment) >= MINISIGN_COMMENT_SIZE - 1 ||
	    strspn(comment, "abcdefghijklmnopqrstuvwxyz0123456789-: TZ") !=
	    strlen(comment))
		abort();
}

static void
try_parse(struct span in)
{
	RELEASE_BUFFER struct buffer text = {0}, again = {0};
	struct order first, second;
	struct error err = {0};

	if (order_parse(in, &first, &err) != ERR_OK) {
		if (err.code == ERR_OK || err.what[0] == '\0')
			abort();
		return;
	}
	check_comment(&first);
	if (order_check(&first, &err) != ERR_OK ||
	    order_encode(&first, &text, &err) != ERR_OK ||
	    order_parse(span_of_buffer(&text), &second, &err) != ERR_OK ||
	    order_encode(&second, &again, &err) != ERR_OK)
		abort();
	if (!order_equals(&first, &second) ||
	    !span_equals(span_of_buffer(&text), span_of_buffer(&again)))
		abort();
}

/* The octets as the order, and as its seals. */
static void
try_open(struct span in)
{
	struct minisign_public keys[COUNT_OF(trusted)];
	const struct seals_trust trust = {keys, COUNT_OF(keys), 1};
	const struct span seals[] = {in, span_of_text(""), in};
	struct seals sealed;
	struct error err = {0};
	struct order order;
	size_t i;

	for (i = 0; i < COUNT_OF(trusted); i++) {
		if (minisign_public_parse(span_of_text(trusted[i]), &keys[i],
		    &err) != ERR_OK)
			abort();
	}
	if (order_open(in, seals, COUNT_OF(seals), &trust, &order, &sealed,
	    &err) != ERR_SEAL || err.what[0] == '\0')
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	try_parse((struct span){data, size});
	try_open((struct span){data, size});
	return 0;
}
