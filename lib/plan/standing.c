/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "plan/standing_concern.h"
#include "plan/standing_detail.h"

#define UNPUBLISHED_CRITICAL_S DAY_S

static bool
is_missing(const struct judgement *judgement,
    const struct standing_place *place)
{
	return !place->is_present && !place->is_unreadable &&
	    !standing_is_unreplicated(judgement->facts, place);
}

static bool
is_invalid(const struct judgement *judgement,
    const struct standing_place *place)
{
	return place->is_present && !standing_place_counts(place);
}

static bool
is_unreadable(const struct judgement *judgement,
    const struct standing_place *place)
{
	return place->is_unreadable;
}

static bool
is_early(const struct judgement *judgement, const struct standing_place *place)
{
	return standing_place_counts(place) &&
	    place->this_update_s > judgement->now_s + STANDING_SKEW_S;
}

/* Older, or under the same number another. */
static bool
is_behind(const struct judgement *judgement,
    const struct standing_place *place)
{
	const struct standing_facts *facts = judgement->facts;
	int order;

	if (standing_is_unreplicated(facts, place))
		return true;
	if (!facts->has_accepted || !standing_place_counts(place))
		return false;
	order = standing_compare_accepted(facts, place);
	return order < 0 || (order == 0 && memcmp(place->sha256,
	    facts->accepted_sha256, SHA256_SIZE) != 0);
}

static bool
is_ahead(const struct judgement *judgement,
    const struct standing_place *place)
{
	return judgement->facts->has_accepted && standing_place_counts(place) &&
	    standing_compare_accepted(judgement->facts, place) > 0;
}

/*
 * The first place of which something is true, or NULL; copies last, for they
 * follow the others.
 */
static const struct standing_place *
find_place(const struct judgement *judgement, bool (*is_true)(
    const struct judgement *judgement, const struct standing_place *place))
{
	const struct standing_facts *facts = judgement->facts;

	const struct standing_place *copy = NULL;

	for (size_t i = 0; i < facts->place_count; i++) {
		const struct standing_place *place = &facts->places[i];

		if (!is_true(judgement, place))
			continue;
		if (place->copy == COPY_NONE)
			return place;
		copy = copy == NULL ? place : copy;
	}
	return copy;
}

/* Of two that end together, a copy is the other one. */
static bool
ends_before(const struct standing_place *place,
    const struct standing_place *first)
{
	if (place->next_update_s != first->next_update_s)
		return place->next_update_s < first->next_update_s;
	return place->copy == COPY_NONE && first->copy != COPY_NONE;
}

/* The place whose CRL ends first, or NULL if none counts. */
static const struct standing_place *
place_ending_first(const struct standing_facts *facts)
{
	const struct standing_place *first = NULL;

	for (size_t i = 0; i < facts->place_count; i++) {
		const struct standing_place *place = &facts->places[i];

		if (standing_place_counts(place) && (first == NULL ||
		    ends_before(place, first)))
			first = place;
	}
	return first;
}

/*
 * The ceremony that is wanted after this CRL: the one that the accepted
 * manifest names, unless a newer CRL fulfils that; else what the schedule says.
 */
static int64_t
ceremony_after(const struct judgement *judgement,
    const struct standing_place *place)
{
	const struct standing_facts *facts = judgement->facts;

	if (facts->has_next_ceremony && !(is_ahead(judgement, place) &&
	    place->this_update_s >= utc_subtract(facts->next_ceremony_s,
	    &facts->schedule->early)))
		return facts->next_ceremony_s;
	return schedule_after_crl(facts->schedule, place->this_update_s);
}

/* The first that is wanted after any CRL in use; without one, from today. */
static int64_t
next_ceremony(const struct judgement *judgement)
{
	const struct standing_facts *facts = judgement->facts;
	int64_t first_s = INT64_MAX;

	for (size_t i = 0; i < facts->place_count; i++) {
		int64_t after_s;

		if (!standing_place_counts(&facts->places[i]))
			continue;
		after_s = ceremony_after(judgement, &facts->places[i]);
		if (after_s < first_s)
			first_s = after_s;
	}
	if (first_s != INT64_MAX)
		return first_s;
	return facts->has_next_ceremony ? facts->next_ceremony_s :
	    schedule_next(facts->schedule, judgement->now_s);
}

/* Is it `before` the CRL's end, or later? */
static bool
is_near_end(const struct standing *standing, const struct duration *before,
    int64_t now_s)
{
	return standing->has_next_update &&
	    now_s >= utc_subtract(standing->next_update_s, before);
}

/*
 * Without any CRL, and without a manifest, nobody knows of which date; and
 * nobody holds a ceremony once the root has ended.
 */
static bool
is_ceremony_wanted(const struct standing *standing)
{
	return (standing->has_next_update ||
	    standing->facts->has_next_ceremony) && !standing_is_last(standing);
}

/* Does a state hold?  Leaves the place it is about in the judgement. */
static bool
holds(enum pair_state state, struct judgement *judgement)
{
	static const struct duration no_time = {0};
	const struct standing_facts *facts = judgement->facts;
	const struct standing *standing = judgement->standing;
	int64_t now_s = judgement->now_s;

	judgement->place = place_ending_first(facts);
	switch (state) {
	case PAIR_FRESH:
		return true;
	case PAIR_UNPUBLISHED:
		return facts->unpublished > 0;
	case PAIR_UPCOMING:
		return is_ceremony_wanted(standing) &&
		    schedule_reminds(facts->schedule) &&
		    now_s >= standing->upcoming_s;
	case PAIR_OVERDUE:
		return is_ceremony_wanted(standing) &&
		    now_s >= standing->deadline_s;
	case PAIR_EXPIRING:
		return is_near_end(standing, &facts->schedule->cushion, now_s);
	case PAIR_UNREADABLE:
		judgement->place = find_place(judgement, is_unreadable);
		return judgement->place != NULL || facts->unseen[0] != '\0';
	case PAIR_CRITICAL:
		return is_near_end(standing, &facts->schedule->critical,
		    now_s);
	case PAIR_EXPIRED:
		return is_near_end(standing, &no_time, now_s);
	case PAIR_MISSING:
		judgement->place = find_place(judgement, is_missing);
		return facts->place_count == 0 || judgement->place != NULL;
	case PAIR_INVALID:
		judgement->place = find_place(judgement, is_invalid);
		return judgement->place != NULL;
	case PAIR_NOT_YET_VALID:
		judgement->place = find_place(judgement, is_early);
		return judgement->place != NULL;
	case PAIR_BEHIND:
		judgement->place = find_place(judgement, is_behind);
		return judgement->place != NULL;
	case PAIR_REVOKED:
		return facts->is_revoked && !facts->is_retired;
	case PAIR_CLOCK_SUSPECT:
		return facts->has_accepted && now_s + STANDING_SKEW_S <
		    facts->accepted_this_update_s;
	case PAIR_STATE_COUNT:
		break;
	}
	return false;
}

static enum severity
severity_of(enum pair_state state, const struct judgement *judgement)
{
	if (state == PAIR_UNPUBLISHED && judgement->now_s >=
	    judgement->facts->unpublished_since_s + UNPUBLISHED_CRITICAL_S)
		return SEVERITY_CRITICAL;
	return pair_state_severity(state);
}

/* Every state has the dates of the place that ends first. */
static void
set_dates(const struct judgement *judgement, struct standing *out)
{
	const struct standing_facts *facts = judgement->facts;
	const struct standing_place *place = place_ending_first(facts);

	out->ahead = find_place(judgement, is_ahead);
	out->next_ceremony_s = next_ceremony(judgement);
	out->has_next_ceremony = !facts->is_retired && !standing_is_last(out);
	out->upcoming_s = utc_subtract(out->next_ceremony_s,
	    &facts->schedule->remind);
	out->deadline_s = utc_add(out->next_ceremony_s,
	    &facts->schedule->grace);
	if (place == NULL)
		return;
	out->has_next_update = true;
	out->has_number = place->has_number;
	out->number = place->number;
	out->this_update_s = place->this_update_s;
	out->next_update_s = place->next_update_s;
	out->next_publish_s = place->next_publish_s;
}

void
standing_decide(const struct standing_facts *facts, int64_t now_s,
    struct standing *out)
{
	struct standing standing = {.facts = facts};
	struct judgement judgement = {facts, &standing, now_s, NULL};
	unsigned int state;

	set_dates(&judgement, &standing);
	for (state = PAIR_FRESH; state < PAIR_STATE_COUNT; state++) {
		enum severity severity;

		if (!holds((enum pair_state)state, &judgement))
			continue;
		severity = severity_of((enum pair_state)state, &judgement);
		if (severity_worse(severity, standing.state_severity) !=
		    severity)
			continue;
		standing.state = (enum pair_state)state;
		standing.state_severity = severity;
	}
	if (holds(standing.state, &judgement)) {
		standing.is_elsewhere = judgement.place != NULL &&
		    judgement.place->copy != COPY_NONE;
		standing_detail(standing.state, &judgement, standing.detail,
		    sizeof(standing.detail));
	}
	standing_news_text(&standing, standing.news, sizeof(standing.news));
	if (!facts->is_retired) {
		standing.severity = standing.state_severity;
		standing_concerns(&standing, now_s);
	}
	for (size_t i = 0; i < standing.concern_count; i++)
		standing.severity = severity_worse(standing.severity,
		    standing.concerns[i].severity);
	*out = standing;
}
