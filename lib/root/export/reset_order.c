/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "root/evidence/notes.h"
#include "root/evidence/proven_crl.h"
#include "root/evidence/regressed.h"
#include "root/export/reset_order.h"
#include "root/history/admission.h"
#include "site/bundle.h"
#include "site/certfile.h"
#include "site/mailbox/orderbox.h"
#include "site/sealkeys.h"

/* An order on its way out. */
struct ordering {
	struct history *history;
	const struct config *config;
	const struct config_root *root;
	const struct reset_order_options *options;
	const struct cert *cert;
	struct crl_facts accepted;	/* by the subordinate, as it says */
	struct crl_facts current;	/* of the archive */
	struct buffer ledger_lost;	/* heads, as text; empty: none */
	struct order order;
	bool has_request;
	struct notices *notices;
};

#define RELEASE_ORDERING __attribute__((cleanup(ordering_release)))

static void
ordering_release(struct ordering *ordering)
{
	buffer_release(&ordering->ledger_lost);
}

static enum err
find_subordinate(const struct ordering *ordering, struct error *err)
{
	const struct config_root *root = ordering->root;
	const char *name = ordering->options->subordinate;
	RELEASE_BUFFER struct buffer known = {0};

	for (size_t i = 0; i < root->subordinate_count; i++) {
		if (strcmp(root->subordinates[i].name, name) == 0)
			return ERR_OK;
		TRY(buffer_appendf(&known, err, "%s%s", i > 0 ? ", " : "",
		    root->subordinates[i].name));
	}
	if (known.size == 0)
		TRY(buffer_append_text(&known, "none", err));
	return err_fail(err, ERR_MISSING, "root %s has no subordinate \"%s\"; "
	    "configured: %.*s", root->name, name, (int)known.size,
	    (const char *)known.data);
}

static enum err
load_current(struct ordering *ordering, struct error *err)
{
	RELEASE_ARCHIVED struct archived last = ARCHIVED_NONE;
	const char *root = ordering->root->name;
	bool found;

	TRY(archive_open_last(ordering->config, root, ordering->cert, &last,
	    &found, ordering->notices, err));
	if (!found)
		return admission_way_out(ordering->config, ordering->root,
		    NULL, err_fail(err, ERR_MISSING, "%s: it has no CRL to go "
		    "back to", root), err);
	TRY(admission_check_content(ordering->config, ordering->root,
	    ordering->cert, &last, &ordering->current, ordering->notices,
	    err));
	if (!ordering->current.has_next_update ||
	    ordering->current.next_update_s <= ordering->options->now_s)
		notice(ordering->notices, "%s: its current CRL has expired "
		    "and will be refused: issue, export, and order again",
		    root);
	return ERR_OK;
}

/* The latest request of the subordinate; others are passed over. */
static enum err
take_request(void *context, const struct kept_note *kept, struct error *err)
{
	struct ordering *ordering = context;
	const struct note *note = &kept->note;
	struct order *order = &ordering->order;

	if (note->kind != NOTE_REQUEST || strcmp(note->subordinate,
	    ordering->options->subordinate) != 0)
		return ERR_OK;
	if (note->crl.size == 0)
		return err_remedy(err, err_fail(err, ERR_MISSING, "%s: the "
		    "request holds no accepted CRL: there is nothing to lower",
		    kept->id), "export the current CRL: %s takes it without "
		    "an order", note->subordinate);
	/* The CRL that it accepted must be this root's: no other's digest. */
	TRY(err_about(err, crl_facts_read(span_of_buffer(&note->crl),
	    ordering->cert, &ordering->accepted, err), kept->id));
	ordering->has_request = true;
	order->sequence = note->sequence;
	memcpy(order->nonce, note->nonce, sizeof(order->nonce));
	return proofs_lost_heads(ordering->history, ordering->root,
	    ordering->cert, span_of_buffer(&note->crl),
	    &ordering->ledger_lost, ordering->notices, err);
}

static enum err
load_request(struct ordering *ordering, struct error *err)
{
	const char *subordinate = ordering->options->subordinate;

	TRY(notes_visit(ordering->config, ordering->root, take_request,
	    ordering, ordering->notices, err));
	if (!ordering->has_request)
		return err_remedy(err, err_fail(err, ERR_MISSING, "%s: no "
		    "request of %s was collected, so nobody knows what it "
		    "accepted", ordering->root->name, subordinate),
		    "on %s: crlferry-sub request MEDIUM; then here: "
		    "crlferry-root collect MEDIUM%s",
		    subordinate, config_option(ordering->config));
	return ERR_OK;
}

/* Without need there is no order. */
static enum err
check_need(const struct ordering *ordering, struct error *err)
{
	const struct number no_limit = number_from_u64(0);
	const bool is_same = memcmp(ordering->accepted.sha256,
	    ordering->current.sha256, SHA256_SIZE) == 0;

	if (admit_history(&ordering->accepted, &ordering->current, &no_limit,
	    NULL) != ERR_OK)
		return ERR_OK;
	return err_remedy(err, err_fail(err, ERR_USAGE, "%s %s: no order is "
	    "needed", ordering->options->subordinate, is_same ?
	    "has accepted the current CRL" :
	    "will accept the current CRL as it is"),
	    "export the current CRL, and import it there");
}

static void
fill_order(struct ordering *ordering)
{
	struct order *order = &ordering->order;

	snprintf(order->root, sizeof(order->root), "%s",
	    ordering->root->name);
	snprintf(order->subordinate, sizeof(order->subordinate), "%s",
	    ordering->options->subordinate);
	snprintf(order->why, sizeof(order->why), "%s",
	    ordering->options->why);
	memcpy(order->spki_sha256, ordering->cert->spki_sha256, SHA256_SIZE);
	memcpy(order->accepted_sha256, ordering->accepted.sha256,
	    SHA256_SIZE);
	memcpy(order->sha256, ordering->current.sha256, SHA256_SIZE);
	order->has_number = ordering->current.has_number;
	order->number = ordering->current.number;
	order->at_s = ordering->options->now_s;
}

/* Before it can travel: an order that nobody knows of must not exist. */
static enum err
record_order(struct ordering *ordering, struct error *err)
{
	const struct order *order = &ordering->order;
	char accepted[SHA256_HEX_SIZE], digest[SHA256_HEX_SIZE];
	char number[NUMBER_TEXT_SIZE];
	struct ledger_event event = {
	    .event = "reset-order", .root = order->root,
	    .number = &ordering->current.number, .at_s = order->at_s,
	    .who = ordering->options->who,
	    .details = {{"subordinate", order->subordinate},
		{"sha256", digest}, {"accepted_sha256", accepted},
		{"nonce", order->nonce}, {"why", order->why}}};
	struct ledger_detail *next = &event.details[5];

	sha256_hex(order->sha256, digest);
	sha256_hex(order->accepted_sha256, accepted);
	if (ordering->accepted.has_number) {
		number_format(&ordering->accepted.number, 0, number);
		*next++ = (struct ledger_detail){"accepted_number", number};
	}
	if (ordering->ledger_lost.size > 0) {
		TRY(buffer_append(&ordering->ledger_lost, "", 1, err));
		*next = (struct ledger_detail){"ledger_lost",
		    (const char *)ordering->ledger_lost.data};
	}
	TRY(history_append(ordering->history, &event, ordering->notices, err));
	if (ordering->ledger_lost.size > 0)
		notice_safety(ordering->notices, "ledger.jsonl has lost lines "
		    "whose digests notes bring back, %s: this counts as known "
		    "from now on",
		    (const char *)ordering->ledger_lost.data);
	return ERR_OK;
}

/* Read it as a subordinate would that trusts every key that sealed. */
static enum err
read_back(const struct ordering *ordering, const char *path,
    struct error *err)
{
	const struct reset_order_options *options = ordering->options;
	RELEASE_ORDERBOX struct orderbox box = ORDERBOX_NONE;
	struct minisign_public keys[SEALKEYS_MAX];
	const struct seals_trust trust = {keys, options->seals->count,
	    options->seals->count};
	struct seals sealed;
	struct order order;
	bool found;

	for (size_t i = 0; i < options->seals->count; i++)
		keys[i] = options->seals->keys[i].public;
	TRY(orderbox_load(options->medium, ordering->root->name,
	    options->subordinate, keys, options->seals->count, &box, &found,
	    err));
	if (!found)
		return err_fail(err, ERR_IO,
		    "%s: the order that was written is not there", path);
	if (order_open(box.json_text, box.seal_texts, box.seal_count, &trust,
	    &order, &sealed, NULL) != ERR_OK ||
	    !order_equals(&order, &ordering->order))
		return err_fail(err, ERR_IO, "%s: the medium gives back "
		    "something else than was written", path);
	return ERR_OK;
}

/* A CRL that `collect` laid out for `adopt` is not to be adopted any more. */
static enum err
drop_laid_out(const struct ordering *ordering, struct error *err)
{
	char path[4096];

	if (!ordering->accepted.has_number)
		return ERR_OK;
	TRY(notes_crl_path(ordering->config, ordering->root->name,
	    &ordering->accepted.number, path, sizeof(path), err));
	return file_remove(path, err);
}

static enum err
retire_bundle(const struct ordering *ordering, struct error *err)
{
	bool retired = false;

	TRY(bundle_retire(ordering->options->medium, ordering->root->name,
	    &ordering->accepted.number, ordering->accepted.sha256,
	    ordering->config->max_crl_bytes, &retired, err));
	if (retired)
		notice(ordering->notices, "%s: the medium has a bundle of the "
		    "CRL that is given up: its seals were removed",
		    ordering->root->name);
	return ERR_OK;
}

static enum err
write_order(struct ordering *ordering, struct reset_ordered *out,
    struct error *err)
{
	const struct reset_order_options *options = ordering->options;

	fill_order(ordering);
	TRY(order_check(&ordering->order, err));
	TRY(orderbox_check_room(options->medium, options->seals->count, err));
	TRY(record_order(ordering, err));
	TRY(drop_laid_out(ordering, err));
	TRY(retire_bundle(ordering, err));
	TRY(orderbox_write(options->medium, &ordering->order,
	    options->seals->keys, options->seals->count, out->path,
	    sizeof(out->path), err));
	TRY(read_back(ordering, out->path, err));
	out->order = ordering->order;
	out->has_accepted_number = ordering->accepted.has_number;
	out->accepted_number = ordering->accepted.number;
	return bundle_is_there(options->medium, ordering->root->name,
	    &ordering->current.number, &out->is_bundle_there, err);
}

enum err
reset_order(struct history *history, const struct config_root *root,
    const struct reset_order_options *options, struct reset_ordered *out,
    struct notices *notices, struct error *err)
{
	RELEASE_ORDERING struct ordering ordering = {
	    .history = history, .config = history->config, .root = root,
	    .options = options,
	    .notices = notices};
	FREE_CERT struct cert *cert = NULL;

	TRY(find_subordinate(&ordering, err));
	TRY(note_roles_check_seals(history->config, options->seals, err));
	TRY(certfile_load(root->certificate, &cert, err));
	ordering.cert = cert;
	TRY(load_current(&ordering, err));
	TRY(load_request(&ordering, err));
	TRY(check_need(&ordering, err));
	return write_order(&ordering, out, err);
}
