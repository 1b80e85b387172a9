/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "site/certfile.h"
#include "site/medium_folder.h"
#include "site/mailbox/orderbox.h"
#include "sub/import/accepted.h"
#include "sub/import/orders.h"
#include "sub/import/recover.h"
#include "sub/import/sequence.h"
#include "sub/reader/reader_order.h"

/* One order on its way in. */
struct recovering {
	const struct config *config;
	const struct config_root *root;
	const struct config_subordinate *subordinate;
	const struct cert *cert;
	const struct sealkeys_trusted *trusted;
	struct orderbox box;
	struct notices *notices;
};

#define RELEASE_RECOVERING __attribute__((cleanup(recovering_release)))

static void
recovering_release(struct recovering *recovering)
{
	orderbox_release(&recovering->box);
}

void
recoveries_release(struct recoveries *recoveries)
{
	free(recoveries->list);
	*recoveries = (struct recoveries){0};
}

static enum err
advise(const struct recovering *recovering, enum err code, struct error *err)
{
	return err_remedy(err, code, "crlferry-sub request%s MEDIUM, then "
	    "crlferry-root reset-order MEDIUM %s %s --why TEXT",
	    config_option(recovering->config), recovering->root->name,
	    recovering->subordinate->name);
}

/* Does it answer the last request that was sent from here? */
static enum err
check_request(const struct recovering *recovering,
    const struct order *order, struct error *err)
{
	const char *subordinate = recovering->subordinate->name;
	char nonce[NOTE_NONCE_SIZE];
	uint64_t sequence;
	enum err code;

	TRY(sequence_last(recovering->config, recovering->root->name,
	    subordinate, &sequence, nonce, err));
	if (sequence == 0)
		code = err_fail(err, ERR_MISSING, "%s has sent no request "
		    "that the order could answer", subordinate);
	else if (strcmp(order->nonce, nonce) != 0 ||
	    order->sequence != sequence)
		code = err_fail(err, ERR_ROLLBACK, "nonce: want that of the "
		    "last request of %s, which is %llu, have one of %llu",
		    subordinate, (unsigned long long)sequence,
		    (unsigned long long)order->sequence);
	else
		return ERR_OK;
	return advise(recovering, code, err);
}

static enum err
load_accepted(const struct recovering *recovering, struct accepted *out,
    struct error *err)
{
	char detail[4096 + 32];
	enum accepted_state state;

	TRY(accepted_load(recovering->config, recovering->root->name,
	    recovering->cert, &state, out, detail, sizeof(detail), err));
	if (state == ACCEPTED_KNOWN)
		return ERR_OK;
	return err_remedy(err, err_fail(err, ERR_MISSING, "%s: there is no "
	    "accepted CRL to give up%s%s", recovering->root->name,
	    state == ACCEPTED_LOST ? ": " : "",
	    state == ACCEPTED_LOST ? detail : ""), "crlferry-sub import%s "
	    "MEDIUM takes a bundle without an order",
	    config_option(recovering->config));
}

/* Does it give up the CRL that is accepted now? */
static enum err
check_given_up(const struct recovering *recovering,
    const struct order *order, const struct accepted *accepted,
    struct error *err)
{
	char want[SHA256_HEX_SIZE], have[SHA256_HEX_SIZE];

	if (memcmp(order->accepted_sha256, accepted->facts.sha256,
	    SHA256_SIZE) == 0)
		return ERR_OK;
	sha256_hex(accepted->facts.sha256, want);
	sha256_hex(order->accepted_sha256, have);
	return advise(recovering, err_fail(err, ERR_ROLLBACK,
	    "accepted_sha256: want that of the CRL that is accepted now, %s, "
	    "have %s", want, have), err);
}

static bool
was_carried_out(const struct orders *orders, const struct order *order)
{
	const struct order *list = orders->list;

	for (size_t i = 0; i < orders->count; i++) {
		if (order_equals(&list[i], order))
			return true;
	}
	return false;
}

/* Does another order, for a neighbour, already wait for the same CRL? */
static bool
is_waiting(const struct order *waiting, const struct order *order)
{
	return waiting != NULL && memcmp(waiting->sha256, order->sha256,
	    SHA256_SIZE) == 0;
}

/* Is it, as things stand, to be carried out, or was it already? */
static enum err
check_now(const struct recovering *recovering, const struct orders *orders,
    struct recovered *out, struct error *err)
{
	const struct order *order = &out->order;
	const struct order *waiting;
	struct accepted accepted;
	bool is_known;

	TRY(load_accepted(recovering, &accepted, err));
	out->accepted = accepted.facts;
	waiting = orders_waiting(orders, accepted.facts.sha256);
	is_known = was_carried_out(orders, order);
	if (is_known && is_waiting(waiting, order)) {
		out->fate = RECOVERED_KNOWN;
		return ERR_OK;
	}
	if (is_known)
		return advise(recovering, err_fail(err, ERR_ROLLBACK, "the "
		    "order was carried out before: it works once"), err);
	TRY(check_request(recovering, order, err));
	TRY(check_given_up(recovering, order, &accepted, err));
	if (is_waiting(waiting, order))
		out->fate = RECOVERED_KNOWN;
	return ERR_OK;
}

static enum err
read_order(const struct recovering *recovering, struct recovered *out,
    struct error *err)
{
	const struct orderbox *box = &recovering->box;
	const struct order_addressee here = {
	    .root = recovering->root->name,
	    .subordinate = recovering->subordinate->name,
	    .certificate = recovering->root->certificate,
	    .spki_sha256 = recovering->cert->spki_sha256};

	TRY(order_read(recovering->config, box->path, box->json_text,
	    box->seal_texts, box->seal_count, recovering->trusted, &out->order,
	    &out->seals, recovering->notices, err));
	return err_about(err, order_check_addressee(&out->order, &here, err),
	    box->path);
}

/* The order and the seals that counted: from here on it is in force. */
static enum err
carry_out(const struct recovering *recovering,
    const struct seals *sealed, struct error *err)
{
	struct span seals[ORDER_SEALS_MAX];
	uint32_t i;

	for (i = 0; i < sealed->count; i++)
		seals[i] = recovering->box.seal_texts[sealed->which[i]];
	return orders_append(recovering->config, recovering->root->name,
	    recovering->box.json_text, seals, sealed->count, err);
}

static enum err
recover_order(const struct recovering *recovering, struct recovered *out,
    struct error *err)
{
	RELEASE_ORDERS struct orders orders = {0};

	TRY(read_order(recovering, out, err));
	TRY(orders_load(recovering->config, recovering->root->name,
	    recovering->cert, &orders, err));
	out->fate = RECOVERED_DONE;
	TRY(err_about(err, check_now(recovering, &orders, out, err),
	    recovering->box.path));
	return out->fate == RECOVERED_KNOWN ? ERR_OK :
	    carry_out(recovering, &out->seals, err);
}

static enum err
recover_pair(struct recovering *recovering, const char *medium,
    struct buffer *list, struct error *err)
{
	struct recovered recovered = {.fate = RECOVERED_REFUSED};
	bool found = false;
	enum err code;

	snprintf(recovered.root, sizeof(recovered.root), "%s",
	    recovering->root->name);
	snprintf(recovered.subordinate, sizeof(recovered.subordinate), "%s",
	    recovering->subordinate->name);
	code = orderbox_load(medium, recovering->root->name,
	    recovering->subordinate->name, recovering->trusted->keys,
	    recovering->trusted->count, &recovering->box, &found,
	    &recovered.why);
	if (code == ERR_OK && !found)
		return ERR_OK;
	if (code == ERR_OK)
		code = recover_order(recovering, &recovered, &recovered.why);
	if (code != ERR_OK)
		recovered.fate = RECOVERED_REFUSED;
	return buffer_append(list, &recovered, sizeof(recovered), err);
}

static enum err
recover_root(const struct config *config, const struct config_root *root,
    const char *medium, const struct sealkeys_trusted *trusted,
    struct buffer *list, struct notices *notices, struct error *err)
{
	FREE_CERT struct cert *cert = NULL;

	TRY(certfile_load(root->certificate, &cert, err));
	for (size_t i = 0; i < root->subordinate_count; i++) {
		RELEASE_RECOVERING struct recovering recovering = {
		    .config = config, .root = root, .cert = cert,
		    .subordinate = &root->subordinates[i],
		    .trusted = trusted, .box = ORDERBOX_NONE,
		    .notices = notices};

		TRY(recover_pair(&recovering, medium, list, err));
	}
	return ERR_OK;
}

enum err
recover_medium(const struct config *config, const char *medium,
    struct recoveries *out, struct notices *notices, struct error *err)
{
	RELEASE_BUFFER struct buffer list = {0};
	struct sealkeys_trusted trusted;

	TRY(medium_folder_check(medium, err));
	TRY(sealkeys_trust(config, &trusted, err));
	for (size_t i = 0; i < config->root_count; i++)
		TRY(recover_root(config, &config->roots[i], medium, &trusted,
		    &list, notices, err));
	out->count = list.size / sizeof(*out->list);
	out->list = (void *)list.data;
	list = (struct buffer){0};
	return ERR_OK;
}
