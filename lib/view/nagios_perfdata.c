/* SPDX-License-Identifier: ISC */
#include "base/printable.h"
#include "view/nagios_parts.h"

#define UNWANTED "|'="

/* Seconds of a duration that ends with the CRL. */
static long long
seconds_before_end(const struct standing *standing,
    const struct duration *duration)
{
	return (long long)(standing->next_update_s -
	    utc_subtract(standing->next_update_s, duration));
}

/*
 * "18230400s;1814400:;604800:"; "U" if there is no CRL, whose end the
 * thresholds are counted back from
 */
static enum err
append_left(const struct standing *standing, int64_t now_s,
    struct buffer *out, struct error *err)
{
	const struct schedule *schedule = standing->facts->schedule;

	if (!standing->has_next_update)
		return buffer_append_text(out, "U", err);
	return buffer_appendf(out, err, "%llds;%lld:;%lld:",
	    (long long)(standing->next_update_s - now_s),
	    seconds_before_end(standing, &schedule->cushion),
	    seconds_before_end(standing, &schedule->critical));
}

/* Too many for a graph each: how many of each severity, and the first end. */
static enum err
append_summary(const struct watch *watch, struct buffer *out,
    struct error *err)
{
	const struct standing *first = watch->order[0];

	for (size_t i = 1; i < watch->count; i++) {
		if (watch->order[i]->has_next_update &&
		    (!first->has_next_update || first->next_update_s >
		    watch->order[i]->next_update_s))
			first = watch->order[i];
	}
	TRY(buffer_appendf(out, err, " 'ok'=%zu 'warning'=%zu 'critical'=%zu "
	    "'unknown'=%zu 'first_end'=", watch->severities[SEVERITY_OK],
	    watch->severities[SEVERITY_WARNING],
	    watch->severities[SEVERITY_CRITICAL],
	    watch->severities[SEVERITY_UNKNOWN]));
	return append_left(first, watch->now_s, out, err);
}

enum err
nagios_append_perfdata(const struct watch *watch, struct buffer *out,
    struct error *err)
{
	TRY(buffer_append_text(out, " |", err));
	if (watch->count > NAGIOS_PERFDATA_MAX)
		return append_summary(watch, out, err);
	for (size_t i = 0; i < watch->all; i++) {
		const struct standing *standing = &watch->standings[i];

		if (standing->facts->is_retired)
			continue;
		TRY(buffer_append_text(out, " '", err));
		TRY(printable_append_pair(out, standing->facts, UNWANTED,
		    err));
		TRY(buffer_append_text(out, "'=", err));
		TRY(append_left(standing, watch->now_s, out, err));
	}
	return ERR_OK;
}
