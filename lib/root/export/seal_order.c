/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "root/export/seal_order.h"
#include "root/export/seal_record.h"
#include "root/history/ledger.h"
#include "site/certfile.h"
#include "site/key_roles.h"

/* The order as what is sealed; all is borrowed from it. */
static void
sealable_of(const struct order_sealing *sealing, struct sealable *out)
{
	const struct orderbox *box = &sealing->box;

	*out = (struct sealable){
	    .path = box->path, .name = box->json.name,
	    .content = box->json_text, .members = box->seals,
	    .seals = box->seal_texts, .seal_count = box->seal_count,
	    .trusted = &sealing->trusted};
	order_comment(&sealing->order, out->comment, sizeof(out->comment));
}

/* Nothing of it is parsed that no trusted key has sealed. */
static enum err
check_seals(struct order_sealing *sealing, struct error *err)
{
	struct sealable sealable;

	if (!sealing->is_trust_known)
		return ERR_OK;
	sealable_of(sealing, &sealable);
	return sealable_check_seals(&sealable, sealing->has_sealed, err);
}

/* As recover wants it: octet for octet what an encoder writes. */
static enum err
parse(struct order_sealing *sealing, struct error *err)
{
	struct sealable sealable;

	TRY(order_parse(sealing->box.json_text, &sealing->order, err));
	sealable_of(sealing, &sealable);
	TRY(sealable_check_comments(&sealable, sealing->has_sealed, err));
	return order_check_canonical(&sealing->order, sealing->box.json_text,
	    err);
}

/* Is it for whom its place says, and by the root that is configured? */
static enum err
check_addressee(const struct order_sealing *sealing, struct error *err)
{
	const struct config_root *root = sealing->root;
	struct order_addressee want = {
	    .root = root->name, .subordinate = sealing->subordinate->name,
	    .certificate = root->certificate};
	FREE_CERT struct cert *cert = NULL;

	TRY(certfile_load(root->certificate, &cert, err));
	want.spki_sha256 = cert->spki_sha256;
	return order_check_addressee(&sealing->order, &want, err);
}

/* The order names no number: a CRL that this machine has dealt with has one. */
static enum err
see_given_up(void *context, const struct ledger_line *line,
    struct error *err)
{
	struct order_sealing *sealing = context;
	const char *sha256 = ledger_line_detail(line, "sha256");
	const char *accepted = ledger_line_detail(line, "accepted_sha256");
	const char *number = ledger_line_detail(line, "accepted_number");
	char digest[SHA256_HEX_SIZE];

	sha256_hex(sealing->order.accepted_sha256, digest);
	if (strcmp(line->root, sealing->root->name) != 0)
		return ERR_OK;
	if (line->has_number && sha256 != NULL &&
	    strcmp(sha256, digest) == 0) {
		sealing->has_accepted_number = true;
		sealing->accepted_number = line->number;
	} else if (number != NULL && accepted != NULL &&
	    strcmp(accepted, digest) == 0 &&
	    number_from_decimal(number, &sealing->accepted_number)) {
		sealing->has_accepted_number = true;
	}
	return ERR_OK;
}

static enum err
find_given_up(const struct config *config, struct order_sealing *sealing,
    struct error *err)
{
	struct ledger_summary summary;

	return ledger_read(config, see_given_up, sealing, &summary, err);
}

static enum err
verify(struct order_sealing *sealing, struct error *err)
{
	TRY(check_seals(sealing, err));
	TRY(parse(sealing, err));
	return check_addressee(sealing, err);
}

enum err
order_sealing_open(const struct config *config,
    const struct config_root *root,
    const struct config_subordinate *subordinate, const char *medium,
    struct order_sealing *out, bool *found, struct error *err)
{
	*out = (struct order_sealing){.root = root,
	    .subordinate = subordinate, .medium = medium,
	    .box = ORDERBOX_NONE};
	out->is_trust_known = config->seal.trusted.count > 0;
	TRY(orderbox_load(medium, root->name, subordinate->name, NULL, 0,
	    &out->box, found, err));
	if (!*found)
		return ERR_OK;
	if (out->is_trust_known)
		TRY(sealkeys_trust(config, &out->trusted, err));
	TRY(err_about(err, verify(out, err), out->box.path));
	return find_given_up(config, out, err);
}

void
order_sealing_release(struct order_sealing *sealing)
{
	orderbox_release(&sealing->box);
}

/* Nobody vouches for it where neither a trusted key nor an own has sealed. */
static enum err
check_known(const struct order_sealing *sealing,
    const struct sealkeys_secret *secrets, const bool wanted[SEALKEYS_MAX],
    struct error *err)
{
	bool is_known = sealing->is_trust_known;
	size_t k;

	for (k = 0; k < secrets->count; k++)
		is_known = is_known || !wanted[k];
	return is_known ? ERR_OK : err_fail(err, ERR_SEAL, "%s: want a seal "
	    "by a key of seal.trusted, which names no key of another officer",
	    sealing->box.path);
}

/* Read it once more: is it still the one that was shown? */
static enum err
read_back(const struct order_sealing *sealing,
    const struct sealkeys_secret *secrets, struct error *err)
{
	RELEASE_ORDERBOX struct orderbox box = ORDERBOX_NONE;
	struct sealable sealable;
	bool found;

	TRY(orderbox_load(sealing->medium, sealing->root->name,
	    sealing->subordinate->name, NULL, 0, &box, &found, err));
	if (!span_equals(box.json_text, sealing->box.json_text))
		return err_fail(err, ERR_IO, "%s: want the order that was "
		    "verified, have another: was the stick exchanged?",
		    sealing->box.path);
	sealable_of(sealing, &sealable);
	return sealable_check_written(&sealable, box.seals, box.seal_count,
	    secrets, err);
}

static enum err
record(const struct config *config, const struct order_sealing *sealing,
    const struct seal_options *options, const bool wanted[SEALKEYS_MAX],
    struct notices *notices, struct error *err)
{
	const struct order *order = &sealing->order;
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
		{"path", sealing->box.path}}};

	TRY(sha256(sealing->box.json_text, order_sha256, err));
	sha256_hex(order_sha256, order_digest);
	sha256_hex(order->sha256, digest);
	sha256_hex(order->accepted_sha256, accepted);
	return seal_record(config, &event, options->seals, wanted, notices,
	    err);
}

enum err
order_sealing_add(const struct config *config,
    const struct order_sealing *sealing, const struct seal_options *options,
    size_t *added, struct notices *notices, struct error *err)
{
	const struct sealkeys_secret *secrets = options->seals;
	bool wanted[SEALKEYS_MAX] = {false};
	struct sealable sealable;
	size_t count = 0;
	size_t k;

	sealable_of(sealing, &sealable);
	TRY(note_roles_check_seals(config, secrets, err));
	TRY(sealable_choose(&sealable, secrets, wanted, err));
	TRY(check_known(sealing, secrets, wanted, err));
	for (k = 0; k < secrets->count; k++) {
		if (!wanted[k])
			continue;
		TRY(orderbox_add_seal(sealing->medium, &sealing->order,
		    sealing->box.json_text, &secrets->keys[k], err));
		count++;
	}
	if (count > 0)
		TRY(read_back(sealing, secrets, err));
	TRY(record(config, sealing, options, wanted, notices, err));
	*added = count;
	return ERR_OK;
}
