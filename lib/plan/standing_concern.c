/* SPDX-License-Identifier: ISC */
#include <stdio.h>

#include "plan/standing_concern.h"

static struct standing_concern *
add_concern(struct standing *standing, enum standing_concern_kind kind,
    enum severity severity, int64_t at_s)
{
	struct standing_concern *concern =
	    &standing->concerns[standing->concern_count++];

	concern->kind = kind;
	concern->severity = severity;
	concern->at_s = at_s;
	return concern;
}

/* whose  "root corp" */
static void
judge_end(struct standing *standing, enum standing_concern_kind kind,
    const char *whose, int64_t not_after_s, int64_t now_s)
{
	const struct schedule *schedule = standing->facts->schedule;
	const long long days = (long long)((not_after_s - now_s) / DAY_S);
	const bool has_ended = now_s > not_after_s;
	struct standing_concern *concern;
	char date[UTC_TEXT_SIZE], left[48] = "";

	if (now_s < utc_subtract(not_after_s, &schedule->renew))
		return;
	concern = add_concern(standing, kind, now_s >= utc_subtract(
	    not_after_s, &schedule->renew_critical) ? SEVERITY_CRITICAL :
	    SEVERITY_WARNING, not_after_s);
	utc_format_date(not_after_s, date);
	if (!has_ended)
		snprintf(left, sizeof(left), " (in %lld %s)", days,
		    days == 1 ? "day" : "days");
	snprintf(concern->text, sizeof(concern->text), "the certificate of "
	    "%s %s on %s%s: %s", whose, has_ended ? "ended" : "ends", date,
	    left, kind == CONCERN_ROOT_END ? "plan its successor" :
	    "renew it");
}

static void
judge_signature(struct standing *standing, enum standing_concern_kind kind,
    enum severity severity, const char *whose, const char *weak)
{
	struct standing_concern *concern;

	if (weak[0] == '\0')
		return;
	concern = add_concern(standing, kind, severity, 0);
	snprintf(concern->text, sizeof(concern->text), "the certificate of "
	    "%s is signed with %s%s", whose, weak,
	    kind == CONCERN_SUBORDINATE_WEAK ? ": renew it with SHA-256 or "
	    "better" : " by itself, which harms nobody");
}

void
standing_concerns(struct standing *standing, int64_t now_s)
{
	const struct standing_facts *facts = standing->facts;
	char root[64];

	snprintf(root, sizeof(root), "root %s", facts->root);
	if (facts->has_subordinate_not_after)
		judge_end(standing, CONCERN_SUBORDINATE_END,
		    facts->subordinate, facts->subordinate_not_after_s, now_s);
	if (facts->has_root_not_after)
		judge_end(standing, CONCERN_ROOT_END, root,
		    facts->root_not_after_s, now_s);
	judge_signature(standing, CONCERN_SUBORDINATE_WEAK, SEVERITY_WARNING,
	    facts->subordinate, facts->subordinate_weak);
	judge_signature(standing, CONCERN_ROOT_WEAK, SEVERITY_OK, root,
	    facts->root_weak);
}
