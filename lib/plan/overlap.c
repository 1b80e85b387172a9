/* SPDX-License-Identifier: ISC */
#include <stdio.h>

#include "plan/overlap.h"

#define HOURS_SHOWN 48	/* from there on it is days */

void
overlap_text(const struct schedule *schedule, int64_t next_publish_s,
    int64_t next_update_s, char out[OVERLAP_TEXT_SIZE])
{
	const int64_t limit_s = utc_subtract(next_update_s,
	    &schedule->cushion);
	const long long hours = (next_update_s - next_publish_s) / 3600;
	const bool is_hours = hours < HOURS_SHOWN;
	const long long count = is_hours ? hours : hours / 24;
	char limit[UTC_TEXT_SIZE];

	out[0] = '\0';
	if (next_publish_s == 0 || next_publish_s <= limit_s)
		return;
	utc_format_date(limit_s, limit);
	snprintf(out, OVERLAP_TEXT_SIZE, ", %lld %s%s before this CRL ends; "
	    "that leaves no cushion, which begins on %s: if AD CS signs it, "
	    "have it overlap for longer (certutil -setreg "
	    "CA\\CRLOverlapUnits, CA\\CRLOverlapPeriod)", count, is_hours ?
	    "hour" : "day", count == 1 ? "" : "s", limit);
}
