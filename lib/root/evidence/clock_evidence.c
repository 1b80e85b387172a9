/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>

#include "root/evidence/clock_evidence.h"

#define ROOM_FOR_MORE 24	/* ", " before an id, " and 9999 more" */

enum err
clock_evidence_add(struct clock_evidences *evidences, int64_t at_s,
    const char *id, const char *what, struct error *err)
{
	struct clock_evidence next = {.at_s = at_s};

	snprintf(next.id, sizeof(next.id), "%s", id);
	snprintf(next.what, sizeof(next.what), "%s", what);
	return buffer_append(&evidences->list, &next, sizeof(next), err);
}

void
clock_evidences_release(struct clock_evidences *evidences)
{
	buffer_release(&evidences->list);
}

/* The latest of all; NULL if there is none. */
static const struct clock_evidence *
newest(const struct clock_evidences *evidences)
{
	const struct clock_evidence *list = (const void *)evidences->list.data;
	const struct clock_evidence *result = NULL;

	for (size_t i = 0; i < evidences->list.size / sizeof(*list); i++) {
		if (result == NULL || list[i].at_s > result->at_s)
			result = &list[i];
	}
	return result;
}

static enum err
check_confirmed(int64_t now_s, int64_t utc_offset_s, int64_t confirmed_s,
    struct error *err)
{
	char want[UTC_TEXT_SIZE];
	char have[UTC_TEXT_SIZE];

	if (confirmed_s == utc_day_start(now_s) ||
	    confirmed_s == utc_day_start(now_s + utc_offset_s))
		return ERR_OK;
	utc_format_date(now_s, want);
	utc_format_date(confirmed_s, have);
	return err_remedy(err, err_fail(err, ERR_CLOCK, "--confirm-date: want "
	    "the date of this machine's clock, %s, have %s", want, have),
	    "look at a calendar: confirm its date, or set the clock to it");
}

/* All that say so, the newest first among them: "crl-12, ledger-40". */
static void
list_ids(const struct clock_evidences *evidences,
    const struct clock_evidence *first, int64_t now_s, char *out,
    size_t capacity)
{
	const struct clock_evidence *list = (const void *)evidences->list.data;
	size_t used = (size_t)snprintf(out, capacity, "%s", first->id);
	size_t left_out = 0;

	for (size_t i = 0; i < evidences->list.size / sizeof(*list); i++) {
		if (&list[i] == first || list[i].id[0] == '\0' ||
		    now_s >= list[i].at_s - CLOCK_TOLERANCE_S)
			continue;
		if (used + strlen(list[i].id) + ROOM_FOR_MORE > capacity)
			left_out++;
		else
			used += (size_t)snprintf(out + used, capacity - used,
			    ", %s", list[i].id);
	}
	if (left_out > 0)
		snprintf(out + used, capacity - used, " and %zu more",
		    left_out);
}

/* Does something say so that cannot be discarded?  Then the clock is wrong. */
static bool
is_before_the_root(const struct clock_evidences *evidences, int64_t now_s)
{
	const struct clock_evidence *list = (const void *)evidences->list.data;

	for (size_t i = 0; i < evidences->list.size / sizeof(*list); i++) {
		if (list[i].id[0] == '\0' &&
		    now_s < list[i].at_s - CLOCK_TOLERANCE_S)
			return true;
	}
	return false;
}

static enum err
refuse_early(const struct clock_evidences *evidences,
    const struct clock_evidence *latest, int64_t now_s, struct error *err)
{
	char now[UTC_TEXT_SIZE], then[UTC_TEXT_SIZE], ids[160];
	enum err code;

	utc_format(now_s, now);
	utc_format(latest->at_s, then);
	code = err_fail(err, ERR_CLOCK, "this machine: want a time after %s, "
	    "%s, have %s", latest->what, then, now);
	if (is_before_the_root(evidences, now_s))
		return err_remedy(err, code, "set the clock");
	list_ids(evidences, latest, now_s, ids, sizeof(ids));
	return err_remedy(err, code, "set the clock; only if it is right: "
	    "--discard-evidence ID --why TEXT for each ID of: %s", ids);
}

enum err
clock_check(const struct clock_evidences *evidences,
    const struct schedule *schedule, int64_t now_s, int64_t utc_offset_s,
    int64_t confirmed_s, struct error *err)
{
	const struct clock_evidence *latest = newest(evidences);
	const struct duration every = {.months = schedule->every_months};
	char now[UTC_TEXT_SIZE];
	char then[UTC_TEXT_SIZE];
	int64_t plausible_s;

	if (confirmed_s >= 0)
		TRY(check_confirmed(now_s, utc_offset_s, confirmed_s, err));
	if (latest == NULL)
		return ERR_OK;
	if (now_s < latest->at_s - CLOCK_TOLERANCE_S)
		return refuse_early(evidences, latest, now_s, err);
	plausible_s = utc_add(utc_add(latest->at_s, &every),
	    &schedule->cushion);
	if (confirmed_s >= 0 || now_s <= plausible_s)
		return ERR_OK;
	utc_format(now_s, now);
	utc_format(latest->at_s, then);
	return err_remedy(err, err_fail(err, ERR_CLOCK, "this machine: %s is "
	    "long after %s, %s", now, latest->what, then), "if the clock is "
	    "right, confirm today's date: --confirm-date YYYY-MM-DD; else set "
	    "the clock");
}
