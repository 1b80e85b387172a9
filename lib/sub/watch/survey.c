/* SPDX-License-Identifier: ISC */
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utc.h"
#include "site/state.h"
#include "sub/import/accepted.h"
#include "sub/import/import_mark.h"
#include "sub/import/orders.h"
#include "sub/import/pair_stores.h"
#include "sub/watch/survey.h"
#include "sub/watch/survey_blind.h"
#include "sub/watch/survey_others.h"
#include "sub/watch/survey_names.h"

/* A manifest that was accepted may name any date: the schedule bounds it. */
static bool
has_next_ceremony(const struct accepted *accepted,
    const struct schedule *schedule)
{
	return accepted->has_next_ceremony &&
	    (!accepted->facts.has_next_update || accepted->next_ceremony_s <=
	    schedule_latest_next(schedule, accepted->facts.next_update_s));
}

static void
fill_accepted(const struct accepted *accepted, struct standing_facts *facts)
{
	facts->has_accepted = true;
	facts->accepted_has_number = accepted->facts.has_number;
	facts->accepted_number = accepted->facts.number;
	facts->accepted_this_update_s = accepted->facts.this_update_s;
	facts->accepted_has_next_update = accepted->facts.has_next_update;
	facts->accepted_next_update_s = accepted->facts.next_update_s;
	memcpy(facts->accepted_sha256, accepted->facts.sha256, SHA256_SIZE);
	facts->has_next_ceremony = has_next_ceremony(accepted,
	    facts->schedule);
	facts->next_ceremony_s = accepted->next_ceremony_s;
}

/*
 * A store may still hold what an order gave up: it failed, or was away when
 * the CRL came that took its place.
 */
static void
judge_given_up(const struct orders *orders, const struct pair_store *pair,
    struct standing_place *place)
{
	if (!pair->is_readable || !pair->reading.has_crl ||
	    !orders_gave_up(orders->list, orders->count,
	    pair->reading.facts.sha256))
		return;
	place->is_valid = false;
	snprintf(place->detail, sizeof(place->detail), "holds a CRL that an "
	    "order gave up");
}

static enum standing_copy
find_copy(const struct store *store)
{
	return store->config->is_replica ? COPY_REPLICA :
	    store_is_read_only(store) ? COPY_PUBLISHED : COPY_NONE;
}

/* The pair's places, and whether the subordinate is on any of their CRLs. */
static void
fill_places(const struct pair_stores *stores,
    const struct config_subordinate *subordinate,
    const struct orders *orders, struct standing_facts *facts,
    struct sub_survey *survey, struct notices *notices)
{
	facts->places = &survey->places[survey->place_count];
	for (size_t i = 0; i < stores->count; i++) {
		const struct pair_store *pair = &stores->stores[i];
		struct standing_place *place =
		    &survey->places[survey->place_count];

		if (pair->subordinate != subordinate)
			continue;
		*place = pair->reading.place;
		place->copy = find_copy(&pair->store);
		if (orders != NULL)
			judge_given_up(orders, pair, place);
		survey->place_count++;
		facts->place_count++;
		if (pair->reading.note[0] != '\0')
			notice(notices, "%s/%s: %s", facts->root,
			    facts->subordinate, pair->reading.note);
		if (!pair->is_readable)
			survey_unreadable(pair, place);
		if (!pair->reading.has_wanted)
			continue;
		facts->is_revoked = true;
		facts->revoked_reason = pair->reading.wanted_reason;
		snprintf(facts->revoked_reason_name,
		    sizeof(facts->revoked_reason_name), "%s",
		    facts->revoked_reason == REASON_NONE ? "unspecified" :
		    crl_reason_name(facts->revoked_reason));
	}
}

/* One that waits is said, and until then what it gives up counts. */
static enum err
load_orders(const struct config *config, const struct pair_stores *stores,
    const struct accepted *accepted, struct orders *out, bool *is_waiting,
    struct notices *notices, struct error *err)
{
	const char *root = stores->root->name;
	const struct order *order;
	char digest[SHA256_HEX_SIZE];

	TRY(orders_load(config, root, stores->cert, out, err));
	if (accepted == NULL)
		return ERR_OK;
	order = orders_waiting(out, accepted->facts.sha256);
	*is_waiting = order != NULL;
	if (order == NULL)
		return ERR_OK;
	sha256_hex(order->sha256, digest);
	notice(notices, "%s: an order waits for the CRL of SHA-256 %s: "
	    "crlferry-sub import%s MEDIUM", root, digest,
	    config_option(config));
	return ERR_OK;
}

/* All may be well with the CRL, and a handshake fail nevertheless. */
static void
tell_chain(const struct pair_stores *stores,
    const struct config_subordinate *subordinate, struct notices *notices)
{
	for (size_t i = 0; i < stores->count; i++) {
		const struct store_reading *reading =
		    &stores->stores[i].reading;

		if (stores->stores[i].subordinate != subordinate ||
		    reading->chain_error == NULL || reading->is_chainless)
			continue;
		notice(notices, "%s/%s: OpenSSL does not verify %s: %s",
		    stores->root->name, subordinate->name,
		    subordinate->certificate == NULL ?
		    stores->root->certificate : subordinate->certificate,
		    reading->chain_error);
		return;
	}
}

/* This machine's clock may be late by some minutes: OpenSSL allows for none. */
static void
tell_early(const struct standing_facts *facts, int64_t now_s,
    struct notices *notices)
{
	for (size_t i = 0; i < facts->place_count; i++) {
		const struct standing_place *place = &facts->places[i];
		char begin[UTC_TEXT_SIZE];

		if (!place->is_valid || place->this_update_s <= now_s)
			continue;
		utc_format(place->this_update_s, begin);
		notice(notices, "%s/%s: to OpenSSL the CRL in %s %s is not yet "
		    "valid until %s", facts->root, facts->subordinate,
		    place->kind, place->path, begin);
		return;
	}
}

/*
 * accepted  NULL if nobody knows
 * lost      why it should be known and is not; or empty
 * orders    NULL while one waits
 */
static void
survey_pair(const struct pair_stores *stores,
    const struct config_subordinate *subordinate,
    const struct accepted *accepted, const char *lost,
    const struct orders *orders, int64_t now_s, struct sub_survey *survey,
    struct notices *notices)
{
	struct standing_facts *facts = &survey->facts[survey->count];
	struct standing *standing = &survey->standings[survey->count++];
	const ptrdiff_t at = subordinate - stores->root->subordinates;
	const struct cert *cert = stores->subordinates[at];

	facts->schedule = &stores->root->schedule;
	facts->revoked_reason = -1;
	facts->has_root_not_after = true;
	facts->root_not_after_s = stores->cert->not_after_s;
	cert_weak_algorithm(stores->cert, facts->root_weak);
	facts->is_retired = subordinate->is_retired;
	snprintf(facts->unseen, sizeof(facts->unseen), "%s", lost);
	survey_unseen(&stores->unloaded[at], facts);
	if (cert != NULL) {
		facts->has_subordinate_not_after = true;
		facts->subordinate_not_after_s = cert->not_after_s;
		cert_weak_algorithm(cert, facts->subordinate_weak);
	}
	snprintf(facts->root, sizeof(facts->root), "%s", stores->root->name);
	snprintf(facts->subordinate, sizeof(facts->subordinate), "%s",
	    subordinate->name);
	fill_places(stores, subordinate, orders, facts, survey, notices);
	survey_others(stores, subordinate, facts);
	if (accepted != NULL)
		fill_accepted(accepted, facts);
	standing_decide(facts, now_s, standing);
	if (facts->is_retired)
		return;
	if (standing->state_severity == SEVERITY_OK) {
		tell_chain(stores, subordinate, notices);
		tell_early(facts, now_s, notices);
	}
	if (standing->ahead != NULL)
		notice(notices, "%s/%s: the CRL in %s %s is newer than what "
		    "was accepted: import its bundle", facts->root,
		    facts->subordinate, standing->ahead->kind,
		    standing->ahead->path);
}

static enum err
survey_root(const struct config *config, const struct config_root *root,
    const struct config_words *names, int64_t now_s,
    enum sub_survey_scope scope, struct sub_survey *survey,
    struct notices *notices, struct error *err)
{
	RELEASE_VERIFIED struct verified verified = {0};
	RELEASE_PAIR_STORES struct pair_stores stores = {.root = root,
	    .asks_consumers = true, .is_lenient = scope != SURVEY_WHOLE,
	    .is_offline = scope == SURVEY_WHOLE,
	    .verified = &verified};
	RELEASE_ORDERS struct orders orders = {0};
	enum accepted_state state = ACCEPTED_NEVER;
	const struct mark mark = {config, root->name, NULL};
	bool is_waiting = false, is_first = false;
	struct accepted accepted;
	const struct accepted *known;
	char detail[STATE_PATH_SIZE + 32], lost[STANDING_UNSEEN_SIZE] = "";

	verified_load(config, root->name, &verified);
	TRY(pair_stores_open(config, root, now_s, &stores, notices, err));
	verified_save(config, root->name, &verified);
	TRY(accepted_load(config, root->name, stores.cert, &state, &accepted,
	    detail, sizeof(detail), err));
	known = state == ACCEPTED_KNOWN ? &accepted : NULL;
	TRY(load_orders(config, &stores, known, &orders, &is_waiting,
	    notices, err));
	if (state == ACCEPTED_LOST)
		TRY(mark_is_first(&mark, &is_first, err));
	if (is_first) {
		notice(notices, "%s: the first import did not finish: run it "
		    "again", root->name);
	} else if (state == ACCEPTED_LOST) {
		TRY(survey_lost(config, &stores, &orders, detail,
		    &accepted, lost, notices, err));
		known = lost[0] == '\0' ? &accepted : NULL;
	}
	for (size_t i = 0; i < root->subordinate_count; i++) {
		const struct config_subordinate *subordinate =
		    &root->subordinates[i];

		if (!names_have_pair(names, root->name, subordinate->name))
			continue;
		survey->facts[survey->count].option = config_option(config);
		survey_pair(&stores, subordinate, known, lost,
		    is_waiting ? NULL : &orders, now_s, survey, notices);
	}
	return ERR_OK;
}

/* Nothing is known of these but why. */
static void
add_blind(const struct config_root *root, const struct config_words *names,
    int64_t now_s, const struct error *why, struct sub_survey *survey)
{
	for (size_t i = 0; i < root->subordinate_count; i++) {
		struct standing_facts *facts = &survey->facts[survey->count];

		if (!names_have_pair(names, root->name,
		    root->subordinates[i].name))
			continue;
		survey_blind(root, &root->subordinates[i], now_s, why, facts,
		    &survey->standings[survey->count++]);
	}
	if (survey->blind.code == ERR_OK)
		survey->blind = *why;
}

enum err
sub_survey_check(const struct sub_survey *survey, struct error *err)
{
	return survey->seen_count > 0 || survey->blind.code == ERR_OK ?
	    ERR_OK : err_copy(err, &survey->blind);
}

static enum err
allocate(const struct config *config, const struct config_words *names,
    struct sub_survey *out, struct error *err)
{
	size_t pairs = 0, places = 0;

	for (size_t i = 0; i < config->root_count; i++) {
		const struct config_root *root = &config->roots[i];

		if (!names_have_root(names, root))
			continue;
		pairs += root->subordinate_count;
		for (size_t k = 0; k < root->subordinate_count; k++)
			places += root->subordinates[k].store_count;
	}
	out->standings = calloc(pairs + 1, sizeof(struct standing));
	out->facts = calloc(pairs + 1, sizeof(struct standing_facts));
	out->places = calloc(places + 1, sizeof(struct standing_place));
	if (out->standings == NULL || out->facts == NULL ||
	    out->places == NULL)
		return err_no_memory(err);
	return ERR_OK;
}

enum err
sub_survey(const struct config *config, const struct config_words *names,
    int64_t now_s, enum sub_survey_scope scope, struct sub_survey *out,
    struct notices *notices, struct error *err)
{
	RELEASE_SUB_SURVEY struct sub_survey survey = {0};

	TRY(names_check(names, config, err));
	TRY(allocate(config, names, &survey, err));
	for (size_t i = 0; i < config->root_count; i++) {
		const struct config_root *root = &config->roots[i];
		struct error why = {0};

		if (!names_have_root(names, root))
			continue;
		if (survey_root(config, root, names, now_s, scope, &survey,
		    notices, &why) == ERR_OK)
			survey.seen_count++;
		else if (scope != SURVEY_ROOTS)
			return err_copy(err, &why);
		else
			add_blind(root, names, now_s, &why, &survey);
	}
	if (names->count == 0)
		verified_prune(config);
	*out = survey;
	survey = (struct sub_survey){0};
	return ERR_OK;
}

void
sub_survey_release(struct sub_survey *survey)
{
	free(survey->standings);
	free(survey->facts);
	free(survey->places);
	*survey = (struct sub_survey){0};
}
