/* SPDX-License-Identifier: ISC */
/* A reset order that is sealed, by more than one if a subordinate wants so. */

#include "root/export/sealing.h"

static enum err
load(struct sealing *sealing, const struct source *source, bool *found,
    struct notices *notices, struct error *err)
{
	struct orderbox *box = &sealing->order.box;

	(void)notices;
	TRY(orderbox_load(source->path, sealing->root->name,
	    sealing->subordinate->name, NULL, 0, box, found, err));
	sealing->place = source->path;
	sealing->file = (struct sealable){
	    .path = box->path, .name = box->json.name,
	    .content = box->json_text, .members = box->seals,
	    .seals = box->seal_texts, .seal_count = box->seal_count,
	    .trusted = &sealing->trusted};
	return ERR_OK;
}

static enum err
parse(struct sealing *sealing, struct error *err)
{
	struct order *order = &sealing->order.order;

	TRY(order_parse(sealing->file.content, order, err));
	order_comment(order, sealing->file.comment,
	    sizeof(sealing->file.comment));
	return ERR_OK;
}

/*
 * As recover wants it, octet for octet what an encoder writes.  Is it for whom
 * its place says, and by the root that is configured?
 */
static enum err
check(struct sealing *sealing, struct error *err)
{
	const struct config_root *root = sealing->root;
	const struct order *order = &sealing->order.order;
	const struct order_addressee want = {
	    .root = root->name, .subordinate = sealing->subordinate->name,
	    .certificate = root->certificate,
	    .spki_sha256 = sealing->cert->spki_sha256};

	TRY(order_check_canonical(order, sealing->file.content, err));
	return order_check_addressee(order, &want, err);
}

/* The order names no number: a CRL that this machine has dealt with has one. */
static enum err
look_up(struct sealing *sealing, int64_t now_s, struct notices *notices,
    struct error *err)
{
	struct sealed_order *order = &sealing->order;
	const struct history_line *line = history_lines(sealing->history,
	    sealing->root->name);
	char digest[SHA256_HEX_SIZE];

	(void)now_s;
	(void)notices;
	(void)err;
	sha256_hex(order->order.accepted_sha256, digest);
	for (; line != NULL; line = line->next) {
		const char *number = history_line_detail(line,
		    "accepted_number");

		if (line->has_number &&
		    history_line_says(line, "sha256", digest))
			order->accepted_number = line->number;
		else if (number == NULL ||
		    !history_line_says(line, "accepted_sha256", digest) ||
		    !number_from_decimal(number, &order->accepted_number))
			continue;
		order->has_accepted_number = true;
	}
	return ERR_OK;
}

static enum err
write_seal(const struct sealing *sealing,
    const struct minisign_secret *secret, struct error *err)
{
	return orderbox_add_seal(sealing->place, &sealing->order.order,
	    sealing->file.content, secret, err);
}

static enum err
record(const struct sealing *sealing, const struct seal_options *options,
    const bool wanted[SEALKEYS_MAX], struct notices *notices,
    struct error *err)
{
	const struct order *order = &sealing->order.order;
	char accepted[SHA256_HEX_SIZE], digest[SHA256_HEX_SIZE];
	char order_digest[SHA256_HEX_SIZE];
	uint8_t order_sha256[SHA256_SIZE];
	const struct ledger_event event = {
	    .event = "seal", .root = order->root,
	    .number = order->has_number ? &order->number : NULL,
	    .at_s = options->now_s, .who = options->who,
	    .details = {{"subordinate", order->subordinate},
		{"sha256", digest}, {"accepted_sha256", accepted},
		{"nonce", order->nonce}, {"order_sha256", order_digest},
		{"path", sealing->file.path}}};

	TRY(sha256(sealing->file.content, order_sha256, err));
	sha256_hex(order_sha256, order_digest);
	sha256_hex(order->sha256, digest);
	sha256_hex(order->accepted_sha256, accepted);
	return seal_record(sealing->history, &event, options->seals, wanted,
	    notices, err);
}

const struct sealing_kind sealing_order = {
	.load = load, .parse = parse, .check = check, .look_up = look_up,
	.write_seal = write_seal, .record = record,
};
