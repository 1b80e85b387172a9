/* SPDX-License-Identifier: ISC */
#include "view/plan.h"

/* The at-th of them ends a list of `shown`, of `count` in all. */
static const char *
joint(size_t at, size_t shown, size_t count)
{
	if (at == 0)
		return "";
	return at + 1 == shown && shown == count ? " and " : ", ";
}

enum err
plan_names(const char *const names[], size_t count, struct buffer *out,
    struct error *err)
{
	const size_t shown = count > PLAN_NAMES_MAX + 1 ? PLAN_NAMES_MAX :
	    count;

	for (size_t i = 0; i < shown; i++) {
		TRY(buffer_append_text(out, joint(i, shown, count), err));
		TRY(buffer_append_text(out, names[i], err));
	}
	return shown == count ? ERR_OK :
	    buffer_appendf(out, err, " and %zu more", count - shown);
}

enum err
plan_event_text(const struct plan *plan, const struct forecast *forecast,
    const struct forecast_event *event, struct buffer *out,
    struct error *err)
{
	char ceremony[UTC_TEXT_SIZE], end[UTC_TEXT_SIZE];

	utc_format_date(forecast->next_ceremony_s, ceremony);
	utc_format_date(forecast->next_update_s, end);
	switch (event->state) {
	case PAIR_UPCOMING:
		return buffer_appendf(out, err,
		    "the ceremony of %s is to be prepared", ceremony);
	case PAIR_OVERDUE:
		return buffer_appendf(out, err,
		    "the CRL of the ceremony of %s is overdue", ceremony);
	case PAIR_EXPIRING:
		return buffer_appendf(out, err, "no newer CRL is in place, "
		    "and the last one expires on %s", end);
	case PAIR_CRITICAL:
		return buffer_appendf(out, err, "the CRL expires on %s", end);
	case PAIR_EXPIRED:
		if (forecast->subordinate_count == 0)
			TRY(buffer_appendf(out, err, "every subordinate of %s",
			    plan->root));
		TRY(plan_names(forecast->subordinates,
		    forecast->subordinate_count, out, err));
		return buffer_append_text(out,
		    forecast->subordinate_count > 1 ?
		    " stop: the CRL has expired" :
		    " stops: the CRL has expired", err);
	default:
		return buffer_append_text(out, forecast->detail, err);
	}
}
