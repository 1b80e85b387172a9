/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "ferry/field.h"
#include "ferry/json_text.h"
#include "site/state.h"
#include "sub/import/orders.h"

#define ORDERS_TYPE "crlferry-orders"
#define ORDERS_MAX_BYTES (4 * 1024 * 1024)
#define FIELD_DOCUMENT "orders"

static const struct field fields[] = {
    FIELD_TYPE(ORDERS_TYPE),
    FIELD_VERSION(ORDERS_VERSION),
};

void
orders_release(struct orders *orders)
{
	free(orders->list);
	*orders = (struct orders){0};
}

static enum err
refuse(const char *path, struct error *err)
{
	return err_remedy(err, err_fail(err, ERR_FORMAT, "%s is damaged: the "
	    "orders that were carried out are not known", path), "put it "
	    "back; if it is removed instead, what they gave up counts again");
}

/* The file as JSON, its list borrowed; an empty one if there is none. */
static enum err
load_file(const char *path, json_t **out, json_t **list, struct error *err)
{
	RELEASE_BUFFER struct buffer text = {0};
	json_auto_t *json = NULL;
	bool found;

	TRY(file_find(path, &found, err));
	if (found) {
		TRY(file_read(path, FILE_OURS, ORDERS_MAX_BYTES, &text, err));
		if (field_load(FIELD_DOCUMENT, span_of_buffer(&text),
		    ORDERS_MAX_BYTES / 8, &json, NULL) != ERR_OK)
			return refuse(path, err);
	} else {
		json = json_pack("{s:s, s:i, s:[]}", "type", ORDERS_TYPE,
		    "version", ORDERS_VERSION, "orders");
	}
	*list = json_object_get(json, "orders");
	if (field_members(json, path, FIELD_TABLE(fields), list, NULL) !=
	    ERR_OK || !json_is_array(*list))
		return refuse(path, err);
	*out = json_incref(json);
	return ERR_OK;
}

enum err
orders_load(const struct config *config, const char *root,
    const struct cert *cert, struct orders *out, struct error *err)
{
	RELEASE_BUFFER struct buffer orders = {0};
	json_auto_t *json = NULL;
	char path[STATE_PATH_SIZE];
	json_t *list = NULL;

	TRY(state_path(config, root, "orders.json", path, err));
	TRY(load_file(path, &json, &list, err));
	for (size_t i = 0; i < json_array_size(list); i++) {
		const char *text = json_string_value(json_object_get(
		    json_array_get(list, i), "order"));
		struct order order;

		if (text == NULL || order_parse(span_of_text(text), &order,
		    NULL) != ERR_OK)
			return refuse(path, err);
		if (strcmp(order.root, root) == 0 && memcmp(
		    order.spki_sha256, cert->spki_sha256, SHA256_SIZE) == 0)
			TRY(buffer_append(&orders, &order, sizeof(order),
			    err));
	}
	*out = (struct orders){.list = (void *)orders.data,
	    .count = orders.size / sizeof(struct order)};
	orders = (struct buffer){0};
	return ERR_OK;
}

static json_t *
text_of(struct span text)
{
	return json_stringn((const char *)text.data, text.size);
}

/* NULL without memory, or for text that is not UTF-8. */
static json_t *
encode_one(struct span json, const struct span *seals, size_t seal_count)
{
	json_t *list = json_array();
	int failures = 0;

	for (size_t i = 0; i < seal_count; i++) {
		RELEASE_BUFFER struct buffer text = {0};

		failures += minisign_seal_keep(seals[i], &text, NULL) !=
		    ERR_OK || json_array_append_new(list,
		    text_of(span_of_buffer(&text))) != 0;
	}
	if (failures > 0) {
		json_decref(list);
		return NULL;
	}
	return json_pack("{s:o, s:o}", "order", text_of(json), "seals", list);
}

enum err
orders_append(const struct config *config, const char *root,
    struct span json, const struct span *seals, size_t seal_count,
    struct error *err)
{
	RELEASE_BUFFER struct buffer text = {0};
	json_auto_t *file = NULL;
	char path[STATE_PATH_SIZE];
	json_t *list = NULL;

	TRY(state_path(config, root, "orders.json", path, err));
	TRY(load_file(path, &file, &list, err));
	if (json_array_append_new(list, encode_one(json, seals,
	    seal_count)) != 0)
		return err_no_memory(err);
	TRY(json_text(file, &text, err));
	if (text.size > ORDERS_MAX_BYTES)
		return err_remedy(err, err_fail(err, ERR_NO_SPACE, "%s would "
		    "be larger than %d octets", path, ORDERS_MAX_BYTES),
		    "move it away; what its orders gave up counts again "
		    "then");
	return file_replace(path, span_of_buffer(&text), 0644, err);
}

const struct order *
orders_waiting(const struct orders *orders,
    const uint8_t accepted_sha256[SHA256_SIZE])
{
	const struct order *last;

	if (orders->count == 0)
		return NULL;
	last = &orders->list[orders->count - 1];
	return memcmp(last->accepted_sha256, accepted_sha256,
	    SHA256_SIZE) == 0 ? last : NULL;
}
