/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "base/array.h"
#include "ferry/field.h"
#include "ferry/order.h"

#define FIELD_DOCUMENT "order"
#define ORDER_VALUES_MAX 32	/* the keys of an order, and as many more */

static enum err
parse_type(const struct field *field, const json_t *value, void *to,
    struct error *err)
{
	(void)to;
	return field_want_type(field, value, ORDER_TYPE, err);
}

static enum err
parse_version(const struct field *field, const json_t *value, void *to,
    struct error *err)
{
	(void)to;
	return field_want_version(field, value, ORDER_VERSION, err);
}

static enum err
parse_order_number(const struct field *field, const json_t *value, void *to,
    struct error *err)
{
	struct order *order = to;

	order->has_number = true;
	return field_number(field, value, &order->number, err);
}

/* Type and version first: another document is refused as such. */
static const struct field order_fields[] = {
	FIELD_WHOLE("type", parse_type, false),
	FIELD_WHOLE("version", parse_version, false),
	FIELD(order, root, "root", field_text),
	FIELD(order, spki_sha256, "spki_sha256", field_digest),
	FIELD(order, subordinate, "subordinate", field_text),
	FIELD(order, sequence, "sequence", field_count),
	FIELD(order, nonce, "nonce", field_text),
	FIELD(order, at_s, "time", field_time),
	FIELD(order, accepted_sha256, "accepted_sha256", field_digest),
	FIELD(order, sha256, "sha256", field_digest),
	FIELD_WHOLE("number", parse_order_number, true),
	FIELD(order, why, "why", field_text),
};

enum err
order_parse(struct span json, struct order *out, struct error *err)
{
	struct order order = {.sequence = 0};
	json_auto_t *root = NULL;
	enum err code;

	code = field_load(FIELD_DOCUMENT, json, ORDER_VALUES_MAX, &root,
	    err);
	if (code == ERR_OK)
		code = field_object(root, "JSON", order_fields,
		    COUNT_OF(order_fields), &order, err);
	if (code == ERR_OK)
		code = order_check(&order, err);
	if (code == ERR_OK)
		*out = order;
	return code;
}
