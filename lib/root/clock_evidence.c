/* SPDX-License-Identifier: ISC */
#include <stdio.h>

#include "root/clock_evidence.h"

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

/* The latest of all; NULL where there is none. */
static const struct clock_evidence *
newest(const struct clock_evidences *evidences)
{
	const struct clock_evidence *list = (const void *)evidences->list.data;
	const struct clock_evidence *result = NULL;
	size_t i;

	for (i = 0; i < evidences->list.size / sizeof(*list); i++) {
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
	return err_fail(err, ERR_CLOCK, "--confirm-date: want the date of "
	    "this machine's clock, %s, have %s", want, have);
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

	if (confirmed_s >= 0) {
		enum err code = check_confirmed(now_s, utc_offset_s,
		    confirmed_s, err);

		if (code != ERR_OK)
			return code;
	}
	if (latest == NULL)
		return ERR_OK;
	utc_format(now_s, now);
	utc_format(latest->at_s, then);
	if (now_s < latest->at_s - CLOCK_TOLERANCE_S)
		return err_fail(err, ERR_CLOCK, "this machine: want a time "
		    "after %s, %s, have %s", latest->what, then, now);
	plausible_s = utc_add(utc_add(latest->at_s, &every),
	    &schedule->cushion);
	if (confirmed_s < 0 && now_s > plausible_s)
		return err_fail(err, ERR_CLOCK, "this machine: %s is long after "
		    "%s, %s: want today's date confirmed with "
		    "--confirm-date YYYY-MM-DD, have none", now, latest->what, then);
	return ERR_OK;
}
