/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "ferry/field.h"
#include "ferry/json_text.h"
#include "ferry/order.h"
#include "ferry/value.h"

#define FIELD_DOCUMENT "order"
#define ORDER_VALUES_MAX 32	/* the keys of an order, and as many more */

enum err
order_check(const struct order *order, struct error *err)
{
	TRY(value_check_name("order", "root", order->root,
	    sizeof(order->root), err));
	TRY(value_check_name("order", "subordinate", order->subordinate,
	    sizeof(order->subordinate), err));
	TRY(value_check_sequence("order", order->sequence, err));
	TRY(value_check_time("order", "time", order->at_s, err));
	TRY(value_check_hex("order", "nonce", order->nonce,
	    sizeof(order->nonce), err));
	/* Somebody will read it in the system's log. */
	if (order->why[0] == '\0' ||
	    !text_is_printable(order->why, sizeof(order->why)))
		return err_fail(err, ERR_FORMAT, "order: why is not 1 to %d "
		    "octets of printable text", ORDER_WHY_SIZE - 1);
	if (order->has_number)
		TRY(value_check_number("order", "number", &order->number,
		    err));
	if (memcmp(order->accepted_sha256, order->sha256, SHA256_SIZE) == 0)
		return err_fail(err, ERR_FORMAT, "order: sha256 and "
		    "accepted_sha256 name the same CRL");
	return ERR_OK;
}

static const struct field order_fields[] = {
	FIELD_TYPE(ORDER_TYPE),
	FIELD_VERSION(ORDER_VERSION),
	FIELD(order, root, "root", field_text),
	FIELD(order, spki_sha256, "spki_sha256", field_digest),
	FIELD(order, subordinate, "subordinate", field_text),
	FIELD(order, sequence, "sequence", field_count),
	FIELD(order, nonce, "nonce", field_text),
	FIELD(order, at_s, "time", field_time),
	FIELD(order, accepted_sha256, "accepted_sha256", field_digest),
	FIELD(order, sha256, "sha256", field_digest),
	FIELD_IF(order, number, has_number, "number", field_number),
	FIELD(order, why, "why", field_text),
};

enum err
order_encode(const struct order *order, struct buffer *out,
    struct error *err)
{
	json_auto_t *json = NULL;

	TRY(order_check(order, err));
	json = field_encode(FIELD_TABLE(order_fields), order);
	return json_text(json, out, err);
}

enum err
order_parse(struct span json, struct order *out, struct error *err)
{
	struct order order = {.sequence = 0};
	json_auto_t *root = NULL;

	TRY(field_load(FIELD_DOCUMENT, json, ORDER_VALUES_MAX, &root, err));
	TRY(field_object(root, "JSON", FIELD_TABLE(order_fields), &order,
	    err));
	TRY(order_check(&order, err));
	*out = order;
	return ERR_OK;
}

enum err
order_check_canonical(const struct order *order, struct span json,
    struct error *err)
{
	RELEASE_BUFFER struct buffer canonical = {0};

	TRY(order_encode(order, &canonical, err));
	if (span_equals(span_of_buffer(&canonical), json))
		return ERR_OK;
	return err_fail(err, ERR_FORMAT, "order: not in the one form of an "
	    "order: sorted keys, two spaces of indent, a final newline");
}

enum err
order_check_addressee(const struct order *order,
    const struct order_addressee *want, struct error *err)
{
	if (strcmp(order->root, want->root) != 0)
		return err_fail(err, ERR_ISSUER, "root: want %s, have %s",
		    want->root, order->root);
	if (memcmp(order->spki_sha256, want->spki_sha256, SHA256_SIZE) != 0)
		return err_fail(err, ERR_ISSUER, "spki_sha256 is not that of "
		    "%s", want->certificate);
	if (strcmp(order->subordinate, want->subordinate) != 0)
		return err_fail(err, ERR_ISSUER, "subordinate: want %s, have "
		    "%s", want->subordinate, order->subordinate);
	return ERR_OK;
}

void
order_comment(const struct order *order, char *out, size_t capacity)
{
	char number[NUMBER_TEXT_SIZE] = "";
	char time[UTC_TEXT_SIZE];

	utc_format(order->at_s, time);
	if (order->has_number)
		number_format(&order->number, 0, number);
	snprintf(out, capacity, "type:" ORDER_TYPE " root:%s subordinate:%s "
	    "sequence:%llu time:%s%s%s", order->root, order->subordinate,
	    (unsigned long long)order->sequence, time,
	    order->has_number ? " number:" : "", number);
}

enum err
order_open(struct span json, const struct span *seals, size_t seal_count,
    const struct seals_trust *trust, struct order *out, struct seals *sealed,
    struct error *err)
{
	const struct seals_given given = {"order", json, seals, seal_count};
	/* An order that nobody sealed is none, whatever is required. */
	const struct seals_trust wanted = {trust->keys, trust->key_count,
	    trust->required > 0 ? trust->required : 1};
	char comments[SEALS_MAX][MINISIGN_COMMENT_SIZE];
	char want[MINISIGN_COMMENT_SIZE];
	struct seals found;
	struct order order;

	TRY(seals_count(&given, &wanted, &found, comments, err));
	TRY(order_parse(json, &order, err));
	order_comment(&order, want, sizeof(want));
	for (size_t i = 0; i < found.count; i++)
		TRY(seals_check_comment(want, comments[i], err));
	*out = order;
	*sealed = found;
	return ERR_OK;
}

bool
order_equals(const struct order *a, const struct order *b)
{
	return strcmp(a->root, b->root) == 0 &&
	    memcmp(a->spki_sha256, b->spki_sha256, SHA256_SIZE) == 0 &&
	    strcmp(a->subordinate, b->subordinate) == 0 &&
	    a->sequence == b->sequence && strcmp(a->nonce, b->nonce) == 0 &&
	    a->at_s == b->at_s && memcmp(a->accepted_sha256,
	    b->accepted_sha256, SHA256_SIZE) == 0 &&
	    memcmp(a->sha256, b->sha256, SHA256_SIZE) == 0 &&
	    a->has_number == b->has_number && (!a->has_number ||
	    number_compare(&a->number, &b->number) == 0) &&
	    strcmp(a->why, b->why) == 0;
}

bool
orders_gave_up(const struct order *orders, size_t count,
    const uint8_t crl_sha256[SHA256_SIZE])
{
	for (size_t i = count; i > 0; i--) {
		const struct order *order = &orders[i - 1];

		if (memcmp(order->sha256, crl_sha256, SHA256_SIZE) == 0)
			return false;
		if (memcmp(order->accepted_sha256, crl_sha256,
		    SHA256_SIZE) == 0)
			return true;
	}
	return false;
}
