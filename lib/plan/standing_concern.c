/* SPDX-License-Identifier: ISC */
#include <stdio.h>

#include "plan/standing_concern.h"
#include "plan/when.h"

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

/* NULL while the end is far away. */
static struct standing_concern *
judge_end(struct standing *standing, enum standing_concern_kind kind,
    int64_t not_after_s, int64_t now_s)
{
	const struct schedule *schedule = standing->facts->schedule;

	if (now_s < utc_subtract(not_after_s, &schedule->renew))
		return NULL;
	return add_concern(standing, kind, now_s >= utc_subtract(not_after_s,
	    &schedule->renew_critical) ? SEVERITY_CRITICAL :
	    SEVERITY_WARNING, not_after_s);
}

/* How a root comes by a new certificate for its key; ends a sentence. */
static void
say_renewal(const struct standing_facts *facts, char *out, size_t capacity)
{
	const char *option = facts->option == NULL ? "" : facts->option;

	if (facts->is_reissued)
		snprintf(out, capacity, "; a new one is made: set "
		    "`certificate` of root %s to it", facts->root);
	else if (facts->can_reissue)
		snprintf(out, capacity, ": crlferry-root reissue%s %s "
		    "--output FILE", option, facts->root);
	else
		snprintf(out, capacity, "%s", standing_is_on_root(facts) ?
		    ": have whoever signs it renew it for the same key" :
		    ": ask the root's operator for a new one");
}

/* No CRL outlasts its root, so that ends whoever depends on it. */
static void
judge_root_end(struct standing *standing, int64_t now_s)
{
	const struct standing_facts *facts = standing->facts;
	const bool has_ended = now_s > facts->root_not_after_s;
	struct standing_concern *concern = judge_end(standing,
	    CONCERN_ROOT_END, facts->root_not_after_s, now_s);
	char end[WHEN_TEXT_SIZE], renewal[230];

	if (concern == NULL)
		return;
	when_left_text(facts->root_not_after_s, now_s, end);
	say_renewal(facts, renewal, sizeof(renewal));
	snprintf(concern->text, sizeof(concern->text), "the certificate of "
	    "root %s %s on %s, and its CRLs with it%s", facts->root,
	    has_ended ? "ended" : "ends", end, renewal);
}

/* Nobody relies on that signature, but many a linter has a word on it. */
static void
mention_weak_root(struct standing *standing)
{
	const struct standing_facts *facts = standing->facts;
	struct standing_concern *concern = add_concern(standing,
	    CONCERN_ROOT_WEAK, SEVERITY_OK, 0);
	char renewal[230] = "";

	if (facts->can_reissue || facts->is_reissued)
		say_renewal(facts, renewal, sizeof(renewal));
	snprintf(concern->text, sizeof(concern->text), "the self-signature "
	    "of root %s uses %s, which does no harm%s%s", facts->root,
	    facts->root_weak, facts->can_reissue && !facts->is_reissued ?
	    "; to be rid of it" : "", renewal);
}

static void
judge_subordinate_end(struct standing *standing, int64_t now_s)
{
	const struct standing_facts *facts = standing->facts;
	struct standing_concern *concern = judge_end(standing,
	    CONCERN_SUBORDINATE_END, facts->subordinate_not_after_s, now_s);
	char end[WHEN_TEXT_SIZE];

	if (concern == NULL)
		return;
	when_left_text(facts->subordinate_not_after_s, now_s, end);
	snprintf(concern->text, sizeof(concern->text), "the certificate of "
	    "%s %s on %s: have root %s sign a new one", facts->subordinate,
	    now_s > facts->subordinate_not_after_s ? "ended" : "ends", end,
	    facts->root);
}

static void
judge_signatures(struct standing *standing)
{
	const struct standing_facts *facts = standing->facts;
	struct standing_concern *concern;

	if (facts->subordinate_weak[0] != '\0') {
		concern = add_concern(standing, CONCERN_SUBORDINATE_WEAK,
		    SEVERITY_WARNING, 0);
		snprintf(concern->text, sizeof(concern->text), "the "
		    "certificate of %s is signed with %s, which many programs "
		    "refuse: have root %s sign a new one",
		    facts->subordinate, facts->subordinate_weak, facts->root);
	}
	if (facts->root_weak[0] != '\0')
		mention_weak_root(standing);
}

void
standing_concerns(struct standing *standing, int64_t now_s)
{
	const struct standing_facts *facts = standing->facts;

	if (facts->has_subordinate_not_after)
		judge_subordinate_end(standing, now_s);
	if (facts->has_root_not_after)
		judge_root_end(standing, now_s);
	judge_signatures(standing);
}

const struct standing_concern *
standing_loudest(const struct standing *standing)
{
	const struct standing_concern *found = NULL;
	enum severity worst = standing->state_severity;

	for (size_t i = 0; i < standing->concern_count; i++) {
		const struct standing_concern *concern =
		    &standing->concerns[i];

		if (severity_compare(concern->severity, worst) >= 0)
			continue;
		worst = concern->severity;
		found = concern;
	}
	return found;
}
