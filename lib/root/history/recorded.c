/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>

#include "root/history/recorded.h"

/* CRLs without a number are all number 0: thisUpdate tells them apart. */
static bool
is_of_last(const struct recorded *recorded, const struct history_line *line)
{
	const char *time = history_line_detail(line, "this_update");
	char want[UTC_TEXT_SIZE];

	if (!line->has_number || number_compare(&line->number,
	    &recorded->last->number) != 0)
		return false;
	utc_format(recorded->last->crl.this_update.at_s, want);
	return time == NULL || strcmp(time, want) == 0;
}

static void
see_intent(struct recorded *recorded, const struct history_line *line)
{
	const char *why = history_line_detail(line, "why");

	recorded->is_intended = true;
	recorded->is_adopted = history_line_is(line, "adopt-intent");
	recorded->is_emergency = history_line_is_emergency(line);
	snprintf(recorded->why, sizeof(recorded->why), "%s",
	    why == NULL ? "" : why);
}

void
recorded_find(const struct history *history, const char *root,
    const struct archived *last, struct recorded *out)
{
	const struct history_line *line = history_lines(history, root);

	*out = (struct recorded){.root = root, .last = last};
	for (; last != NULL && line != NULL; line = line->next) {
		if (!is_of_last(out, line))
			continue;
		if (history_line_is(line, "issue-intent") ||
		    history_line_is(line, "adopt-intent"))
			see_intent(out, line);
		else if (history_line_is(line, "issue") ||
		    history_line_is(line, "adopt"))
			out->is_entered = true;
	}
}

void
recorded_warn(const struct recorded *recorded, struct notices *notices)
{
	char number[NUMBER_TEXT_SIZE];

	if (recorded->last == NULL || recorded->is_entered ||
	    recorded->is_intended)
		return;
	number_format(&recorded->last->number, 0, number);
	notice_safety(notices, "ATTENTION: %s: the ledger says nothing of the "
	    "archive's CRL #%s, not even its intent: it was cut or rewritten: "
	    "compare it with the last minutes, and put it back from a backup",
	    recorded->root, number);
}

enum err
recorded_make_up(const struct recorded *recorded, struct history *history,
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
	return history_append(history, &late, notices, err);
}

enum err
recorded_visit_drops(const struct history *history, const char *root,
    enum err (*visit)(void *context, const struct number *number,
    const struct ledger_drop *drop, struct error *err), void *context,
    struct error *err)
{
	const struct history_line *line = history_lines(history, root);

	for (; line != NULL; line = line->next) {
		const char *at = NULL;
		struct ledger_drop drop;
		int64_t this_update_s;
		bool is_archived;

		if (!line->has_number || line->drop_count == 0)
			continue;
		TRY(history_line_time(history, line, 0, &this_update_s, err));
		/* An intent that came to nothing has dropped nothing. */
		TRY(archive_holds(history->config, root, &line->number,
		    this_update_s, &is_archived, err));
		for (size_t i = 0; is_archived && i < line->drop_count; i++) {
			history_line_drop(line, &at, &drop);
			TRY(visit(context, &line->number, &drop, err));
		}
	}
	return ERR_OK;
}
