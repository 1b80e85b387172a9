/* SPDX-License-Identifier: ISC */
#include <stdio.h>

#include "root/evidence/vanished.h"
#include "root/history/admission.h"
#include "root/history/calendar.h"
#include "root_verbs.h"

static void
fill_place(const struct archived *last, struct standing_place *place)
{
	snprintf(place->path, sizeof(place->path), "%.511s", last->path);
	place->is_present = place->is_valid = true;
	place->has_number = last->crl.has_number;
	place->number = last->crl.number;
	place->this_update_s = last->crl.this_update.at_s;
	place->has_next_update = last->crl.has_next_update;
	place->next_update_s = last->crl.next_update.at_s;
}

/* The plan goes by a CRL that the root has left behind. */
static enum err
warn_of_vanished(struct invocation *invocation, const struct history *history,
    const struct config_root *root, const struct archived *last,
    struct error *err)
{
	char line[ERROR_LINE_SIZE];
	struct error why;
	enum err code;

	code = vanished_check(history, root, last, NULL, &why);
	if (code != ERR_OK && code != ERR_REGRESSED)
		return err_copy(err, &why);
	if (code == ERR_REGRESSED)
		notice_safety(&invocation->notices, "ATTENTION: %s",
		    error_line(&why, line));
	return ERR_OK;
}

/* Nor by one that no subordinate takes. */
static enum err
judge(struct invocation *invocation, const struct config_root *root,
    const struct cert *cert, struct archived *last,
    struct standing_place *place, struct error *err)
{
	char line[ERROR_LINE_SIZE];
	struct crl_facts facts;
	struct error why;
	enum err code;

	fill_place(last, place);
	code = admission_check_content(invocation->config, root, cert, last,
	    &facts, &invocation->notices, &why);
	if (code == ERR_IO)
		return err_copy(err, &why);
	place->is_valid = code == ERR_OK;
	if (place->is_valid)
		return ERR_OK;
	snprintf(place->detail, sizeof(place->detail), "%.159s", why.what);
	place->remedy = "adopt or issue one that subordinates take";
	notice_safety(&invocation->notices, "ATTENTION: %s",
	    error_line(&why, line));
	return ERR_OK;
}

/* The root's current CRL, the last one in the archive. */
enum err
root_planning_look(void *context, struct invocation *invocation,
    const struct config_root *root, int64_t now_s,
    struct planning_sketch *sketch, struct error *err)
{
	const struct history *history = context;
	RELEASE_ARCHIVED struct archived last = ARCHIVED_NONE;
	FREE_CERT struct cert *cert = NULL;
	struct standing_place place = {.kind = "archive"};
	struct standing_facts facts = {.schedule = &root->schedule,
	    .places = &place, .place_count = 1};
	struct forecast *forecast = &sketch->forecasts[0];
	struct standing standing;
	struct calendar calendar;
	bool found;

	TRY(root_open(invocation->config, root, &cert, &last, &found,
	    &invocation->notices, err));
	TRY(warn_of_vanished(invocation, history, root, found ? &last : NULL,
	    err));
	facts.has_root_not_after = true;
	facts.root_not_after_s = cert->not_after_s;
	snprintf(facts.root, sizeof(facts.root), "%s", root->name);
	if (found) {
		TRY(judge(invocation, root, cert, &last, &place, err));
		calendar_read(history, root, &last.number,
		    last.crl.this_update.at_s, &calendar);
		/* An emergency CRL has fulfilled no ceremony. */
		facts.has_next_ceremony = true;
		facts.next_ceremony_s = calendar.next_ceremony_s;
	}
	standing_decide(&facts, now_s, &standing);
	forecast_make(&standing, now_s, forecast);
	forecast->subordinates = sketch->subordinates;
	forecast->subordinate_count = sketch->subordinate_count;
	sketch->forecast_count = 1;
	return ERR_OK;
}

enum err
cmd_plan(struct invocation *invocation, struct error *err)
{
	RELEASE_HISTORY struct history history = {0};

	TRY(history_read(invocation->config, &history, err));
	return planning_print(invocation, root_planning_look, &history, err);
}
