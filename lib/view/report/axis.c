/* SPDX-License-Identifier: ISC */
/* Where things are on a timeline. */
#include "base/array.h"
#include "view/report/parts.h"

#define TICKS_MAX 16

int
report_position(const struct report_axis *axis, int64_t at_s)
{
	if (at_s <= axis->from_s)
		return 0;
	if (at_s >= axis->to_s)
		return REPORT_AXIS_END;
	return (int)((at_s - axis->from_s) * REPORT_AXIS_END /
	    (axis->to_s - axis->from_s));
}

size_t
report_lane(int64_t ends_s[REPORT_LANES], int64_t from_s, int64_t to_s)
{
	size_t first = 0, lane;

	for (lane = 0; lane < REPORT_LANES; lane++) {
		if (ends_s[lane] <= from_s)
			break;
		if (ends_s[lane] < ends_s[first])
			first = lane;
	}
	if (lane == REPORT_LANES)
		lane = first;
	ends_s[lane] = to_s;
	return lane;
}

int
report_months(int64_t at_s)
{
	const struct civil civil = utc_to_civil(at_s);

	return civil.year * 12 + civil.month - 1;
}

int
report_step_months(const struct report_axis *axis)
{
	static const int steps[] = {1, 3, 6, 12, 24, 60};
	const int months = report_months(axis->to_s) -
	    report_months(axis->from_s);
	size_t i = 0;

	while (i + 1 < COUNT_OF(steps) && months / steps[i] >= TICKS_MAX)
		i++;
	return steps[i];
}

struct report_axis
report_make_axis(const struct plan_span *span)
{
	static const struct duration year = {.months = 12};

	return (struct report_axis){utc_subtract(span->now_s, &year),
	    span->end_s};
}
