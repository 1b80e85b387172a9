/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>

#include "root/history/history.h"

/* CRLs without a number are all number 0: thisUpdate tells them apart. */
static bool
is_of_last(const struct recorded *recorded, const struct ledger_line *line)
{
	const char *time = ledger_line_detail(line, "this_update");
	char want[UTC_TEXT_SIZE];

	if (recorded->last == NULL || !line->has_number ||
	    strcmp(line->root, recorded->root) != 0 ||
	    number_compare(&line->number, &recorded->last->number) != 0)
		return false;
	utc_format(recorded->last->crl.this_update.at_s, want);
	return time == NULL || strcmp(time, want) == 0;
}

static void
see_intent(struct recorded *recorded, const struct ledger_line *line)
{
	const char *why = ledger_line_detail(line, "why");

	recorded->is_intended = true;
	recorded->is_adopted = strcmp(line->event, "adopt-intent") == 0;
	recorded->is_emergency = ledger_line_is_emergency(line);
	snprintf(recorded->why, sizeof(recorded->why), "%s",
	    why == NULL ? "" : why);
}

void
recorded_see(struct recorded *recorded, const struct ledger_line *line)
{
	if (!is_of_last(recorded, line))
		return;
	if (strcmp(line->event, "issue-intent") == 0 ||
	    strcmp(line->event, "adopt-intent") == 0)
		see_intent(recorded, line);
	else if (strcmp(line->event, "issue") == 0 ||
	    strcmp(line->event, "adopt") == 0)
		recorded->is_entered = true;
}

void
recorded_warn(const struct recorded *recorded, struct notices *notices)
{
	char number[NUMBER_TEXT_SIZE];

	if (recorded->last == NULL || recorded->is_entered ||
	    recorded->is_intended)
		return;
	number_format(&recorded->last->number, 0, number);
	notice_safety(notices, "ATTENTION: %s: the ledger tells nothing of the "
	    "archive's CRL #%s, not even its intent: it was cut or rewritten: "
	    "compare it with the last minutes, and put it back from a backup",
	    recorded->root, number);
}

enum err
recorded_make_up(const struct recorded *recorded, const struct config *config,
    int64_t now_s, const char *who, struct notices *notices,
    struct error *err)
{
	const struct archived *last = recorded->last;
	char this_update[UTC_TEXT_SIZE];
	struct ledger_event late = {
	    .event = recorded->is_adopted ? "adopt" : "issue",
	    .root = recorded->root, .at_s = now_s, .who = who,
	    .details = {{"this_update", this_update},
		{"recorded", recorded->is_intended ?
		    "late, after an interruption" :
		    RECORDED_FROM_NOWHERE}}};

	if (last == NULL || recorded->is_entered)
		return ERR_OK;
	late.number = &last->number;
	utc_format(last->crl.this_update.at_s, this_update);
	ledger_mark_emergency(&late, recorded->is_emergency, recorded->why);
	if (recorded->is_intended)
		notice(notices, "%s: the ledger lacked a line, its %s was "
		    "interrupted: entered now", last->path, late.event);
	else
		notice(notices, "%s: the ledger lacked its lines: one is "
		    "entered now", last->path);
	return ledger_append(config, &late, notices, err);
}
