/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/identity.h"
#include "base/shell_word.h"
#include "base/text.h"
#include "sub/watch/survey_blind.h"

#define WHERE_SIZE 128
#define DETAIL_SHOWN 420	/* of what a sentence has room for */

#define STORE_MOVE "correct the path in the configuration, or move away what " \
    "is there"

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

/* The remedy stays whole, and of the reason as much as there is room for. */
static void
say_unreadable(const struct pair_store *pair, const char *where,
    struct standing_place *place)
{
	const char *path = pair->store.config->path;
	const char *why = pair->why.what;
	const bool is_away = pair->store.type->is_networked &&
	    pair->why.code != ERR_PERMISSIONS;
	const char *remedy = pair->why.remedy[0] == '\0' && is_away ?
	    "see that it is up and can be reached from here" :
	    pair->why.remedy;
	const size_t used = strlen(where) + strlen(remedy) + strlen(": : ...");
	int room = used < DETAIL_SHOWN ? (int)(DETAIL_SHOWN - used) : 0;

	/* That says what to mend, and need not name the store again. */
	while (strncmp(why, path, strlen(path)) == 0 &&
	    strncmp(why + strlen(path), ": ", 2) == 0)
		why += strlen(path) + 2;
	while (room > 0 && (size_t)room < strlen(why) &&
	    utf8_is_within(why[room]))
		room--;
	snprintf(place->detail, sizeof(place->detail), "%s: %.*s%s%s%s",
	    where, room, why, (size_t)room < strlen(why) ? "..." : "",
	    remedy[0] == '\0' ? "" : ": ", remedy);
	place->remedy = "";
}

void
survey_unreadable(const struct pair_store *pair, struct standing_place *place)
{
	char user[IDENTITY_NAME_SIZE];
	char where[WHERE_SIZE], line[ERROR_LINE_SIZE];

	place->is_valid = false;
	/* What does not answer may hold the CRL all the same. */
	if (pair->why.code != ERR_PERMISSIONS && !pair->store.type->is_remote) {
		place->is_present = true;
		place->remedy = "";
		snprintf(place->detail, sizeof(place->detail), "%.511s",
		    error_line(&pair->why, line));
		if (pair->why.remedy[0] == '\0' && pair->why.number != EIO)
			advise(&pair->store, place);
		return;
	}
	identity_name(geteuid(), user);
	pair->store.type->describe(&pair->store, where, sizeof(where));
	/* A URL is known by its beginning. */
	if (strlen(where) == sizeof(where) - 1)
		memcpy(where + sizeof(where) - sizeof("..."), "...", 3);
	place->is_unreadable = true;
	place->is_present = false;
	if (pair->why.number == EACCES) {
		snprintf(place->detail, sizeof(place->detail), "cannot read "
		    "%.80s as %.32s: %s", where, user, strerror(EACCES));
		return;
	}
	say_unreadable(pair, where, place);
}

void
survey_unseen(const struct error *why, struct standing_facts *facts)
{
	char line[ERROR_LINE_SIZE];

	if (why->code != ERR_OK)
		snprintf(facts->unseen, sizeof(facts->unseen), "%.420s%s",
		    error_line(why, line), why->remedy[0] != '\0' ? "" :
		    ": put it back, or correct its path in the "
		    "configuration");
}

void
survey_blind(const struct config_root *root,
    const struct config_subordinate *subordinate, int64_t now_s,
    const struct error *why, struct standing_facts *facts,
    struct standing *out)
{
	char line[ERROR_LINE_SIZE];

	*facts = (struct standing_facts){.schedule = &root->schedule,
	    .is_retired = subordinate->is_retired};
	snprintf(facts->root, sizeof(facts->root), "%s", root->name);
	snprintf(facts->subordinate, sizeof(facts->subordinate), "%s",
	    subordinate->name);
	*out = (struct standing){.facts = facts, .state = PAIR_UNREADABLE,
	    .state_severity = SEVERITY_UNKNOWN,
	    .severity = facts->is_retired ? SEVERITY_OK : SEVERITY_UNKNOWN,
	    .next_ceremony_s = schedule_next(&root->schedule, now_s)};
	snprintf(out->detail, sizeof(out->detail), "%.639s",
	    error_line(why, line));
}

enum err
survey_lost(const struct config *config, const struct pair_stores *stores,
    const struct orders *orders, const char *detail, struct accepted *out,
    char lost[STANDING_UNSEEN_SIZE], struct notices *notices,
    struct error *err)
{
	RELEASE_BUFFER struct buffer der = {0};

	*out = (struct accepted){0};
	TRY(accepted_load_crl(config, stores->root->name, stores->cert, &der,
	    &out->facts, err));
	if (der.size == 0 || orders_gave_up(orders->list, orders->count,
	    out->facts.sha256)) {
		notice(notices, "%s, and nothing beside it takes its place",
		    detail);
		snprintf(lost, STANDING_UNSEEN_SIZE, "%.300s, so nobody knows "
		    "whether a store holds an older CRL than was accepted: "
		    "crlferry-sub import%s MEDIUM records it anew", detail,
		    config_option(config));
	} else {
		notice(notices, "%s: accepted.crl beside it takes its place, "
		    "and the next import records it anew", detail);
	}
	return ERR_OK;
}
