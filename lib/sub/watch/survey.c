/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/shell_word.h"
#include "base/utc.h"
#include "site/state.h"
#include "sub/import/accepted.h"
#include "sub/import/orders.h"
#include "sub/import/pair_stores.h"
#include "sub/watch/survey.h"
#include "sub/watch/survey_names.h"

#define STORE_MOVE "correct the path in the configuration, or move away what " \
    "is there"

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

/* An import cannot put it in either: what has to be done first. */
static void
advise(const struct store *store, struct standing_place *place)
{
	const char *path = store->config->path;
	const size_t size = strlen(place->detail);
	bool found = true;

	place->remedy = STORE_MOVE;
	if (!store->type->is_folder || file_find(path, &found, NULL) !=
	    ERR_OK || found)
		return;
	snprintf(place->detail + size, sizeof(place->detail) - size,
	    ": mkdir -p %s", shell_word(path, strlen(path)).text);
	place->remedy = "";
}

/*
 * A store that cannot be read.  If only this user may not, the store's own user
 * may well find there what he needs.
 */
static void
judge_unreadable(const struct pair_store *pair, struct standing_place *place)
{
	char user[IDENTITY_NAME_SIZE];
	const char *path = pair->store.config->path;
	char where[128], line[ERROR_LINE_SIZE];
	const char *why = error_line(&pair->why, line);

	place->is_valid = false;
	if (pair->why.code != ERR_PERMISSIONS) {
		place->is_present = true;
		place->remedy = "";
		snprintf(place->detail, sizeof(place->detail), "%.511s", why);
		if (pair->why.remedy[0] == '\0' && pair->why.number != EIO)
			advise(&pair->store, place);
		return;
	}
	identity_name(geteuid(), user);
	pair->store.type->describe(&pair->store, where, sizeof(where));
	place->is_unreadable = true;
	place->is_present = false;
	if (pair->why.number == EACCES) {
		snprintf(place->detail, sizeof(place->detail), "cannot read "
		    "%.80s as %.32s: %s", where, user, strerror(EACCES));
		return;
	}
	/* That says what to mend, and need not name the store again. */
	while (strncmp(why, path, strlen(path)) == 0 &&
	    strncmp(why + strlen(path), ": ", 2) == 0)
		why += strlen(path) + 2;
	snprintf(place->detail, sizeof(place->detail), "%.100s: %.400s",
	    where, why);
	place->remedy = "";
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
		if (orders != NULL)
			judge_given_up(orders, pair, place);
		survey->place_count++;
		facts->place_count++;
		if (pair->reading.note[0] != '\0')
			notice(notices, "%s/%s: %s", facts->root,
			    facts->subordinate, pair->reading.note);
		if (!pair->is_readable)
			judge_unreadable(pair, place);
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

/* accepted  NULL if nobody knows; orders  NULL while one waits */
static void
survey_pair(const struct pair_stores *stores,
    const struct config_subordinate *subordinate,
    const struct accepted *accepted, const struct orders *orders,
    int64_t now_s, struct sub_survey *survey, struct notices *notices)
{
	struct standing_facts *facts = &survey->facts[survey->count];
	struct standing *standing = &survey->standings[survey->count++];
	const struct cert *cert =
	    stores->subordinates[subordinate - stores->root->subordinates];

	facts->schedule = &stores->root->schedule;
	facts->revoked_reason = -1;
	facts->has_root_not_after = true;
	facts->root_not_after_s = stores->cert->not_after_s;
	cert_weak_algorithm(stores->cert, facts->root_weak);
	facts->is_retired = subordinate->is_retired;
	if (cert != NULL) {
		facts->has_subordinate_not_after = true;
		facts->subordinate_not_after_s = cert->not_after_s;
		cert_weak_algorithm(cert, facts->subordinate_weak);
	}
	snprintf(facts->root, sizeof(facts->root), "%s", stores->root->name);
	snprintf(facts->subordinate, sizeof(facts->subordinate), "%s",
	    subordinate->name);
	fill_places(stores, subordinate, orders, facts, survey, notices);
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
    struct sub_survey *survey, struct notices *notices, struct error *err)
{
	RELEASE_VERIFIED struct verified verified = {0};
	RELEASE_PAIR_STORES struct pair_stores stores = {.root = root,
	    .asks_consumers = true, .verified = &verified};
	RELEASE_ORDERS struct orders orders = {0};
	enum accepted_state state = ACCEPTED_NEVER;
	bool is_waiting = false;
	struct accepted accepted;
	const struct accepted *known;
	char detail[STATE_PATH_SIZE + 32];

	verified_load(config, root->name, &verified);
	TRY(pair_stores_open(config, root, now_s, &stores, notices, err));
	verified_save(config, root->name, &verified);
	TRY(accepted_load(config, root->name, stores.cert, &state, &accepted,
	    detail, sizeof(detail), err));
	known = state == ACCEPTED_KNOWN ? &accepted : NULL;
	TRY(load_orders(config, &stores, known, &orders, &is_waiting,
	    notices, err));
	if (state == ACCEPTED_LOST)
		notice(notices, "%s: the next import takes what the stores "
		    "hold in its place", detail);
	for (size_t i = 0; i < root->subordinate_count; i++) {
		const struct config_subordinate *subordinate =
		    &root->subordinates[i];

		survey->facts[survey->count].option = config_option(config);
		if (names_have_pair(names, root->name, subordinate->name))
			survey_pair(&stores, subordinate, known,
			    is_waiting ? NULL : &orders, now_s, survey,
			    notices);
	}
	return ERR_OK;
}

static enum err
allocate(const struct config *config, struct sub_survey *out,
    struct error *err)
{
	size_t pairs = 0, places = 0;

	for (size_t i = 0; i < config->root_count; i++) {
		pairs += config->roots[i].subordinate_count;
		for (size_t k = 0; k < config->roots[i].subordinate_count; k++)
			places +=
			    config->roots[i].subordinates[k].store_count;
	}
	out->standings = calloc(pairs + 1, sizeof(struct standing));
	out->facts = calloc(pairs + 1, sizeof(struct standing_facts));
	out->places = calloc(places + 1, sizeof(struct standing_place));
	if (out->standings == NULL || out->facts == NULL ||
	    out->places == NULL)
		return err_no_memory(err);
	return ERR_OK;
}

/* Nothing is known of its pairs but why. */
static void
survey_blindly(const struct config_root *root, int64_t now_s,
    const struct error *why, struct sub_survey *survey)
{
	char line[ERROR_LINE_SIZE];

	for (size_t i = 0; i < root->subordinate_count; i++) {
		struct standing_facts *facts = &survey->facts[survey->count];
		struct standing *standing =
		    &survey->standings[survey->count++];

		facts->schedule = &root->schedule;
		facts->is_retired = root->subordinates[i].is_retired;
		snprintf(facts->root, sizeof(facts->root), "%s", root->name);
		snprintf(facts->subordinate, sizeof(facts->subordinate), "%s",
		    root->subordinates[i].name);
		*standing = (struct standing){.facts = facts,
		    .state = PAIR_UNREADABLE,
		    .state_severity = SEVERITY_UNKNOWN,
		    .severity = facts->is_retired ? SEVERITY_OK :
			SEVERITY_UNKNOWN,
		    .next_ceremony_s = schedule_next(&root->schedule, now_s)};
		snprintf(standing->detail, sizeof(standing->detail), "%.639s",
		    error_line(why, line));
	}
}

/* blind  NULL: a root that fails ends it */
static enum err
survey(const struct config *config, const struct config_words *names,
    int64_t now_s, struct sub_survey *out, struct error *blind,
    struct notices *notices, struct error *err)
{
	RELEASE_SUB_SURVEY struct sub_survey all = {0};

	TRY(allocate(config, &all, err));
	for (size_t i = 0; i < config->root_count; i++) {
		const struct config_root *root = &config->roots[i];
		struct error why = {.code = ERR_OK};

		if (!names_have_root(names, root) || survey_root(config, root,
		    names, now_s, &all, notices, &why) == ERR_OK)
			continue;
		if (blind == NULL)
			return err_copy(err, &why);
		survey_blindly(root, now_s, &why, &all);
		if (blind->code == ERR_OK)
			*blind = why;
	}
	if (names->count == 0)
		verified_prune(config);
	*out = all;
	all = (struct sub_survey){0};
	return ERR_OK;
}

enum err
sub_survey(const struct config *config, const struct config_words *names,
    int64_t now_s, struct sub_survey *out, struct notices *notices,
    struct error *err)
{
	TRY(names_check(names, config, err));
	return survey(config, names, now_s, out, NULL, notices, err);
}

enum err
sub_survey_all(const struct config *config, int64_t now_s,
    struct sub_survey *out, struct error *blind, struct notices *notices,
    struct error *err)
{
	const struct config_words all = {0};

	*blind = (struct error){.code = ERR_OK};
	return survey(config, &all, now_s, out, blind, notices, err);
}

void
sub_survey_release(struct sub_survey *survey)
{
	free(survey->standings);
	free(survey->facts);
	free(survey->places);
	*survey = (struct sub_survey){0};
}
