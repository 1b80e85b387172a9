/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>

#include "pki/pem.h"
#include "sub/import/accepted_sealed.h"
#include "sub/import/delivery.h"
#include "sub/import/import_mark.h"
#include "sub/import/import_parts.h"
#include "sub/import/install.h"
#include "sub/import/receipt.h"
#include "sub/reader/reader.h"

static bool
is_reading_only(const struct import_options *options)
{
	return options->is_dry_run || options->is_inspection;
}

static void
importing_release(struct importing *importing)
{
	pair_stores_release(&importing->stores);
	bundle_release(&importing->bundle);
	buffer_release(&importing->previous);
	buffer_release(&importing->seen);
	orders_release(&importing->orders);
	buffer_release(&importing->der);
}

static enum err
load_bundle(struct importing *importing, const struct source *source,
    bool *found, struct error *err)
{
	if (source->kind == SOURCE_BARE && !importing->root->is_bare_allowed)
		return err_remedy(err, err_fail(err, ERR_SEAL, "%s is a bare "
		    "CRL: root %s takes sealed bundles only", source->path,
		    importing->root->name), "import the bundle; only if there "
		    "is none, set bare = true for root %s",
		    importing->root->name);
	TRY(bundle_load(source, importing->root->name,
	    importing->config->max_crl_bytes, &importing->bundle, found,
	    importing->notices, err));
	if (*found && !importing->bundle.is_bare)
		TRY(sealkeys_trust(importing->config, &importing->trusted,
		    err));
	return ERR_OK;
}

/* Let the reader judge what was loaded, against what was seen. */
static enum err
judge(struct importing *importing, struct error *err)
{
	const struct config_root *root = importing->root;
	const struct reader_request request = {
	    .root = root,
	    .rules = {.root = importing->stores.cert,
		.now_s = importing->options->now_s,
		.max_number_jump = root->max_number_jump,
		.seen = (const void *)importing->seen.data,
		.seen_count = importing->seen.size / sizeof(struct crl_facts),
		.accepted = importing->state == ACCEPTED_KNOWN ?
		    &importing->accepted.facts : NULL,
		.orders = importing->orders.list,
		.order_count = importing->orders.count,
		.waiting = importing->waiting},
	    .subordinates =
		(const struct cert *const *)importing->stores.subordinates,
	    .subordinate_count = root->subordinate_count,
	    .trusted = &importing->trusted,
	    .seals_required = importing->config->seal.required,
	    .bundle = &importing->bundle,
	    .previous = span_of_buffer(&importing->previous),
	    .is_removal_accepted = importing->options->is_removal_accepted,
	    .sandbox = importing->config->sandbox};

	TRY(reader_run(&request, &importing->verdict,
	    is_reading_only(importing->options) ? NULL : &importing->der,
	    importing->notices, err));
	if (importing->verdict.is_respelt != 0)
		admit_note_respelt(importing->bundle.path,
		    importing->stores.cert, importing->notices);
	if (importing->bundle.is_bare)
		notice_safety(importing->notices, "%s is a bare CRL without "
		    "a seal: the root's signature alone vouches for it",
		    importing->bundle.path);
	return ERR_OK;
}

/* Subject and key are pinned, so it is the same root; but it must be spread. */
static void
note_newer_root(const struct importing *importing)
{
	const struct config_root *root = importing->root;
	char end[UTC_TEXT_SIZE];

	if (importing->verdict.has_newer_root == 0)
		return;
	utc_format_date(importing->verdict.newer_root_end_s, end);
	notice(importing->notices, "%s: the bundle has a newer certificate of "
	    "this root, %s/%s.crt, valid until %s: distribute it as README.txt "
	    "there says, and set `certificate` of the root (%s:%u) to a copy "
	    "of it", root->name, importing->bundle.path, root->name, end,
	    importing->config->path, root->line);
}

/* Was this very CRL accepted before? */
static bool
is_known(const struct importing *importing)
{
	return importing->state == ACCEPTED_KNOWN &&
	    memcmp(importing->accepted.facts.sha256,
	    importing->verdict.sha256, SHA256_SIZE) == 0;
}

static enum err
remember(struct importing *importing, bool is_same, bool *has_receipts,
    struct error *err)
{
	const struct verdict *verdict = &importing->verdict;
	const char *root = importing->root->name;
	const struct accepted accepted = {
	    .facts = verdict_facts(verdict),
	    .accepted_at_s = importing->options->now_s,
	    .has_next_ceremony = verdict->has_next_ceremony == 1,
	    .next_ceremony_s = verdict->next_ceremony_s};

	TRY(accepted_sealed_save(importing->config, root, &importing->bundle,
	    verdict->which, verdict->seal_count, err));
	/* Seen again, it changes no byte; a lost CRL comes back. */
	if (is_known(importing))
		TRY(accepted_save_crl(importing->config, root,
		    span_of_buffer(&importing->der), err));
	else
		TRY(accepted_save(importing->config, root,
		    importing->stores.cert, &accepted,
		    span_of_buffer(&importing->der), err));
	/* Before the mark goes: cut short here, a rerun makes them. */
	if (!is_same)
		*has_receipts = receipts_make(importing->config,
		    &importing->stores, &accepted.facts,
		    accepted.accepted_at_s, importing->notices);
	return ERR_OK;
}

/* Does every store hold exactly this CRL already? */
static bool
is_everywhere(const struct importing *importing,
    const struct store_crl *crl)
{
	for (size_t i = 0; i < importing->stores.count; i++) {
		const struct pair_store *pair = &importing->stores.stores[i];

		if (store_is_read_only(&pair->store))
			continue;
		if (!pair->is_readable ||
		    !span_equals(pair->reading.der, crl->der) ||
		    pair->store.type->confirm(&pair->store, crl, NULL) !=
		    ERR_OK)
			return false;
	}
	return true;
}

/*
 * Every store has it, and it is accepted.  If a receipt is lacking, the mark
 * stays, so that a rerun makes it; but no longer as that of a first import.
 */
static enum err
end_import(const struct importing *importing, const struct mark *mark,
    bool has_receipts, struct error *err)
{
	if (!has_receipts && (importing->state != ACCEPTED_NEVER ||
	    mark_begin(mark, false, NULL) == ERR_OK))
		return ERR_OK;
	return mark_end(mark, err);
}

/* One that failed may hold another CRL by now; a server may hang again. */
static bool
may_be_read(const struct pair_store *pair)
{
	return pair->outcome == NOTE_FAILED &&
	    (pair->is_readable || pair->store.config->url == NULL);
}

/* How each store fared; one that failed is read again, as it is now. */
static enum err
list_stores(const struct importing *importing, struct buffer *out,
    struct error *err)
{
	const struct pair_stores *stores = &importing->stores;

	for (size_t i = 0; i < stores->count; i++) {
		const struct pair_store *pair = &stores->stores[i];
		RELEASE_READING struct store_reading now = {0};
		struct imported_store store = {.outcome = pair->outcome};

		if (pair->first != pair || store_is_read_only(&pair->store))
			continue;
		pair->store.type->describe(&pair->store, store.place,
		    sizeof(store.place));
		store.is_readable = may_be_read(pair) &&
		    pair->store.type->read(&pair->store, &now, NULL) == ERR_OK;
		store.has_crl = store.is_readable && now.has_crl;
		store.has_number = store.has_crl && now.facts.has_number;
		store.number = now.facts.number;
		TRY(buffer_append(out, &store, sizeof(store), err));
	}
	return ERR_OK;
}

void
imported_release(struct imported *imported)
{
	buffer_release(&imported->each);
}

static enum err
install(struct importing *importing, struct imported *out,
    struct error *err)
{
	RELEASE_BUFFER struct buffer pem = {0};
	struct store_crl crl = {.der = span_of_buffer(&importing->der)};
	struct installing installing = {.crl = &crl};
	const bool known = is_known(importing);
	const struct mark mark = {importing->config, importing->root->name,
	    importing->verdict.sha256};
	bool has_receipts = true;
	enum err stores;

	TRY(pem_encode(PEM_CRL, crl.der, &pem, err));
	crl.pem = span_of_buffer(&pem);
	TRY(mark_stands(&mark, &installing.is_reload_due, err));
	if (known && !installing.is_reload_due &&
	    is_everywhere(importing, &crl)) {
		out->outcome = IMPORT_SAME;
		return remember(importing, true, &has_receipts, err);
	}
	TRY(mark_begin(&mark, importing->state == ACCEPTED_NEVER, err));
	stores = install_all(&importing->stores, &installing,
	    importing->notices, err);
	out->stores_changed = installing.changed;
	out->outcome = known ? IMPORT_REPAIRED : IMPORT_INSTALLED;
	/* If no store took it, it is not accepted either. */
	if (stores == ERR_OK || installing.failed < installing.count)
		TRY(remember(importing, false, &has_receipts, err));
	if (stores == ERR_OK)
		return end_import(importing, &mark, has_receipts, err);
	if (installing.failed < installing.count)
		TRY(mark_begin(&mark, false, err));
	TRY(list_stores(importing, &out->each, err));
	return stores;
}

/* It is in a store, and accepted: is it in effect? */
static void
tell_effect(const struct importing *importing)
{
	const struct crl_facts facts = verdict_facts(&importing->verdict);
	const struct bundle *bundle = &importing->bundle;
	const char *root = importing->root->name;
	char file[sizeof(bundle->path) + 64];
	const struct delivery wanted = {root, &facts, file};

	snprintf(file, sizeof(file), bundle->is_bare ? "%s" : "%s/%s.crl",
	    bundle->path, root);
	deliveries_tell(&importing->stores, &wanted, importing->notices);
	pair_stores_tell_chains(&importing->stores, importing->notices);
}

static enum err
import_found(struct importing *importing, struct imported *out,
    struct error *err)
{
	const struct import_options *options = importing->options;
	enum err code;

	if (!options->is_inspection)
		TRY(importing_see(importing, err));
	code = judge(importing, err);
	importing_note_ahead(importing, code == ERR_ROLLBACK);
	TRY(code);
	note_newer_root(importing);
	out->verdict = importing->verdict;
	for (size_t i = 0; i < importing->stores.count; i++) {
		const struct pair_store *pair = &importing->stores.stores[i];

		out->stores += pair->first == pair &&
		    !store_is_read_only(&pair->store);
	}
	snprintf(out->source, sizeof(out->source), "%s",
	    importing->bundle.path);
	out->outcome = options->is_inspection ? IMPORT_VERIFIED :
	    IMPORT_JUDGED;
	if (is_reading_only(options))
		return ERR_OK;
	code = install(importing, out, err);
	if (code == ERR_OK || out->stores_changed > 0)
		tell_effect(importing);
	return code;
}

/* Each store that could not be read, unless its failure was said since. */
static void
note_unreadable(const struct importing *importing)
{
	for (size_t i = 0; i < importing->stores.count; i++) {
		const struct pair_store *pair = &importing->stores.stores[i];
		char why[ERROR_LINE_SIZE], place[600] = "";

		if (pair->is_readable || pair->outcome == NOTE_FAILED)
			continue;
		if (strstr(pair->why.what, pair->store.config->path) == NULL)
			pair->store.type->describe(&pair->store, place,
			    sizeof(place));
		notice(importing->notices, "%s: %s%s%s",
		    pair->subordinate->name, place, place[0] == '\0' ? "" :
		    ": ", error_line(&pair->why, why));
	}
}

enum err
import_root(const struct config *config, const struct config_root *root,
    const struct source *source, const struct import_options *options,
    struct imported *out, struct notices *notices, struct error *err)
{
	__attribute__((cleanup(importing_release)))
	struct importing importing = {.config = config, .root = root,
	    .options = options, .notices = notices};
	bool found = false;
	enum err code;

	for (size_t i = 0; i < BUNDLE_PART_COUNT; i++)
		importing.bundle.parts[i].fd = -1;
	out->outcome = IMPORT_NOTHING;
	TRY(load_bundle(&importing, source, &found, err));
	if (!found)
		return ERR_OK;
	TRY(pair_stores_open(config, root, options->now_s, &importing.stores,
	    notices, err));
	code = import_found(&importing, out, err);
	if (!options->is_inspection)
		note_unreadable(&importing);
	if (code == ERR_OK && !options->is_inspection && out->stores == 0)
		notice_safety(notices, "%s: no store %s configured (%s:%u), so "
		    "no program finds this CRL: name one in `stores`",
		    root->name, importing.stores.count == 0 ? "is" :
		    "that is written is", config->path, root->line);
	return code;
}
