/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>

#include "sub/watch/remind.h"

bool
remind_is_open(const struct standing *standing)
{
	return !standing->facts->is_retired &&
	    standing->severity != SEVERITY_OK;
}

/* A worse severity, or in the table of states a later one of the same. */
static bool
is_worse_state(const struct standing *standing, enum pair_state before)
{
	const enum severity severity = pair_state_severity(before);
	const int order = severity_compare(standing->state_severity, severity);

	return order != 0 ? order < 0 : severity != SEVERITY_OK &&
	    standing->state > before;
}

static const struct reminded_pair *
find_pair(const struct reminded *known, const struct standing_facts *facts)
{
	for (size_t i = 0; i < known->pair_count; i++) {
		const struct reminded_pair *pair = &known->pairs[i];

		if (strcmp(pair->root, facts->root) == 0 &&
		    strcmp(pair->subordinate, facts->subordinate) == 0)
			return pair;
	}
	return NULL;
}

bool
remind_is_worse(const struct reminded *known,
    const struct standing *standing)
{
	const struct reminded_pair *pair = find_pair(known, standing->facts);
	struct reminded_pair now;

	if (!remind_is_open(standing))
		return false;
	if (pair == NULL || severity_compare(standing->severity,
	    pair->severity) < 0 || is_worse_state(standing, pair->state))
		return true;
	remind_note(standing, &now);
	for (size_t i = 0; i < CONCERN_COUNT; i++) {
		if (severity_compare(now.concerns[i], pair->concerns[i]) < 0)
			return true;
	}
	return false;
}

void
remind_decide(const struct reminded *known,
    const struct standing *standings, size_t count, int64_t now_s,
    struct remind *out)
{
	struct remind remind = {.reason = REMIND_FRESH,
	    .next_s = known->at_s + REMIND_WEEK_S};

	for (size_t i = 0; i < count; i++) {
		remind.open_count += remind_is_open(&standings[i]);
		remind.worse_count += remind_is_worse(known, &standings[i]);
	}
	if (remind.worse_count > 0)
		remind.reason = REMIND_WORSE;
	else if (remind.open_count > 0)
		remind.reason = !known->has_mail || now_s >= remind.next_s ||
		    known->at_s > now_s + DAY_S ? REMIND_WEEK : REMIND_KNOWN;
	*out = remind;
}

void
remind_note(const struct standing *standing, struct reminded_pair *out)
{
	*out = (struct reminded_pair){.state = standing->state,
	    .severity = standing->severity};
	snprintf(out->root, sizeof(out->root), "%s", standing->facts->root);
	snprintf(out->subordinate, sizeof(out->subordinate), "%s",
	    standing->facts->subordinate);
	for (size_t i = 0; i < standing->concern_count; i++)
		out->concerns[standing->concerns[i].kind] =
		    standing->concerns[i].severity;
}
