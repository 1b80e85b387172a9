/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "base/array.h"
#include "base/file.h"
#include "site/state.h"
#include "sub/import/import_mark.h"
#include "sub/import/import_parts.h"

/*
 * A CRL that an order gave up counts no more, wherever it still lies; but while
 * the order waits for its CRL, it is what everything else is held against.
 */
static bool
counts(const struct importing *importing, const struct crl_facts *facts)
{
	return importing->waiting != NULL ||
	    !orders_gave_up(importing->orders.list,
	    importing->orders.count, facts->sha256);
}

static enum err
add_seen(struct importing *importing, const struct crl_facts *facts,
    struct error *err)
{
	if (!counts(importing, facts))
		return ERR_OK;
	return buffer_append(&importing->seen, facts, sizeof(*facts), err);
}

/* Somebody has put a newer one there by hand: what is older is `rollback`. */
static void
note_ahead(const struct importing *importing, const struct pair_store *pair,
    bool is_rollback)
{
	const bool is_known = importing->state == ACCEPTED_KNOWN;
	char number[NUMBER_TEXT_SIZE] = "without a number", place[600];
	const struct crl_facts *facts = &pair->reading.facts;

	if (!pair->reading.has_crl || (is_known ?
	    crl_facts_compare(facts, &importing->accepted.facts) <= 0 :
	    !is_rollback) || memcmp(facts->sha256, importing->verdict.sha256,
	    SHA256_SIZE) == 0)
		return;
	if (facts->has_number)
		number_format(&facts->number, 1, number);
	pair->store.type->describe(&pair->store, place, sizeof(place));
	if (is_known)
		notice(importing->notices, "%s holds a newer CRL than was "
		    "accepted, %s%s: import its bundle; if there is none, "
		    "remove it there", place, facts->has_number ? "#" : "",
		    number);
	else
		notice(importing->notices, "%s holds a CRL of this root "
		    "already, %s%s", place, facts->has_number ? "#" : "",
		    number);
}

void
importing_note_ahead(const struct importing *importing, bool is_rollback)
{
	for (size_t i = 0; i < importing->stores.count; i++)
		note_ahead(importing, &importing->stores.stores[i],
		    is_rollback);
}

/* Every CRL of this root in a store counts as seen. */
static enum err
see_stores(struct importing *importing, struct error *err)
{
	for (size_t i = 0; i < importing->stores.count; i++) {
		const struct pair_store *pair = &importing->stores.stores[i];

		/* A CRL that was found before it failed counts. */
		if (!pair->reading.has_crl)
			continue;
		TRY(add_seen(importing, &pair->reading.facts, err));
	}
	return ERR_OK;
}

/* No entry of the newest CRL that is held anywhere may be lost in silence. */
static enum err
see_previous(struct importing *importing, struct error *err)
{
	struct crl_facts newest;

	TRY(accepted_load_crl(importing->config, importing->root->name,
	    importing->stores.cert, &importing->previous, &newest, err));
	if (importing->previous.size > 0 && !counts(importing, &newest))
		importing->previous.size = 0;
	if (importing->previous.size > 0)
		TRY(add_seen(importing, &newest, err));
	for (size_t i = 0; i < importing->stores.count; i++) {
		const struct pair_store *pair = &importing->stores.stores[i];
		const struct store_reading *reading = &pair->reading;

		if (!reading->has_crl ||
		    !counts(importing, &reading->facts) ||
		    (importing->previous.size > 0 &&
		    crl_facts_compare(&reading->facts, &newest) <= 0))
			continue;
		newest = reading->facts;
		importing->previous.size = 0;
		TRY(buffer_append(&importing->previous, reading->der.data,
		    reading->der.size, err));
	}
	return ERR_OK;
}

/* The folder may hold other things, which must not go with it. */
static enum err
refuse_unknown(const struct importing *importing, const char *detail,
    struct error *err)
{
	static const char *const others[] = {"archive", "notes", "outbox"};
	char path[STATE_PATH_SIZE];
	bool is_shared = false;

	for (size_t i = 0; !is_shared && i < COUNT_OF(others); i++) {
		TRY(state_path(importing->config, importing->root->name,
		    others[i], path, err));
		TRY(file_find(path, &is_shared, err));
	}
	return err_remedy(err, err_fail(err, ERR_MISSING, "%s, and no store "
	    "has a valid CRL that tells what was accepted", detail),
	    "put the last CRL back into a store, or remove %s%s/%s to start "
	    "anew", is_shared ? "accepted.*, importing, orders.json and "
	    "previous in " : "", importing->config->state,
	    importing->root->name);
}

/* A store that cannot be read may hold the newest: it counts as that. */
static enum err
check_readable(const struct importing *importing, const char *detail,
    struct error *err)
{
	for (size_t i = 0; i < importing->stores.count; i++) {
		const struct pair_store *pair = &importing->stores.stores[i];

		if (!pair->is_readable)
			return err_remedy(err, err_fail(err, pair->why.code,
			    "%s, so the stores must tell what was accepted, "
			    "and one cannot be read: %s", detail,
			    pair->why.what), "%s", pair->why.remedy);
	}
	return ERR_OK;
}

/*
 * The mark is lost: what the stores and accepted.crl hold takes its place.
 * If there is nothing, nobody can say what was accepted before.
 */
static enum err
rebuild(struct importing *importing, const char *detail, struct error *err)
{
	const struct mark mark = {importing->config, importing->root->name,
	    NULL};
	bool is_first = false;

	/* Nothing was accepted: the first import did not come to that. */
	TRY(mark_is_first(&mark, &is_first, err));
	if (is_first) {
		importing->state = ACCEPTED_NEVER;
		return ERR_OK;
	}
	TRY(check_readable(importing, detail, err));
	if (importing->seen.size == 0)
		return refuse_unknown(importing, detail, err);
	notice_safety(importing->notices, "%s: taken from what the stores hold",
	    detail);
	return ERR_OK;
}

enum err
importing_see(struct importing *importing, struct error *err)
{
	char detail[STATE_PATH_SIZE + 32];

	TRY(accepted_load(importing->config, importing->root->name,
	    importing->stores.cert, &importing->state, &importing->accepted,
	    detail, sizeof(detail), err));
	TRY(orders_load(importing->config, importing->root->name,
	    importing->stores.cert, &importing->orders, err));
	if (importing->state == ACCEPTED_KNOWN)
		importing->waiting = orders_waiting(&importing->orders,
		    importing->accepted.facts.sha256);
	TRY(see_stores(importing, err));
	TRY(see_previous(importing, err));
	if (importing->state == ACCEPTED_KNOWN)
		return add_seen(importing, &importing->accepted.facts, err);
	if (importing->state == ACCEPTED_LOST)
		return rebuild(importing, detail, err);
	return ERR_OK;
}
