/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plan/agenda_dates.h"
#include "plan/ranking.h"

const char *
agenda_word(enum agenda_what what)
{
	static const char *const words[AGENDA_WHAT_COUNT] = {
#define X(name, word) [AGENDA_##name] = word,
	    AGENDA_WHATS(X)
#undef X
	};

	return words[what];
}

static bool
is_worse(enum pair_state state, enum pair_state than)
{
	const int order = severity_compare(pair_state_severity(state),
	    pair_state_severity(than));

	return order == 0 ? state > than : order < 0;
}

void
agenda_unname(const struct standing *standing, int64_t now_s,
    struct standing_facts *facts, struct standing *out)
{
	*facts = *standing->facts;
	*out = *standing;
	out->facts = facts;
	if (!standing_is_on_root(facts) || standing->state == PAIR_REVOKED)
		return;
	facts->subordinate[0] = '\0';
	facts->is_revoked = false;
	standing_decide(facts, now_s, out);
}

/* Worst first; of equals, as configured. */
static void
add_mend(const struct standing *standing, struct agenda *agenda)
{
	struct agenda_mend *mends = agenda->mends;
	size_t at = agenda->mend_count;

	for (size_t i = 0; i < agenda->mend_count; i++) {
		if (mends[i].state != standing->state ||
		    strcmp(mends[i].detail, standing->detail) != 0)
			continue;
		mends[i].others++;
		return;
	}
	while (at > 0 && is_worse(standing->state, mends[at - 1].state))
		at--;
	if (!ranking_make_room(mends, sizeof(*mends), AGENDA_MENDS_MAX, at,
	    &agenda->mend_count, &agenda->mends_left))
		return;
	mends[at] = (struct agenda_mend){.state = standing->state};
	snprintf(mends[at].detail, sizeof(mends[at].detail), "%s",
	    standing->detail);
	snprintf(mends[at].subordinate, sizeof(mends[at].subordinate), "%s",
	    standing->facts->subordinate);
}

/*
 * When a pair stops unless a ceremony is held.  Whatever was accepted is only
 * to be imported again; one that is revoked is kept going by no ceremony.
 */
static bool
find_stop(const struct standing *standing, int64_t now_s,
    struct agenda_stop *out)
{
	const struct standing_facts *facts = standing->facts;
	const bool is_accepted = facts->accepted_has_next_update &&
	    (standing->state == PAIR_BEHIND || !standing->has_next_update);

	if (facts->is_revoked)
		return false;
	out->on_s = standing->next_update_s;
	if (!is_accepted)
		return standing->has_next_update;
	out->on_s = facts->accepted_next_update_s;
	out->has_stopped = out->on_s > now_s && (standing->has_next_update ?
	    standing->next_update_s <= now_s :
	    standing->state != PAIR_UNREADABLE);
	return true;
}

static int
compare_stops(const void *a, const void *b)
{
	const struct agenda_stop *first = a, *second = b;

	if (first->has_stopped != second->has_stopped)
		return first->has_stopped ? 1 : -1;
	if (first->on_s != second->on_s)
		return first->on_s < second->on_s ? -1 : 1;
	return first->order < second->order ? -1 : 1;
}

static void
add_stop(const struct standing *standing, int64_t now_s,
    struct agenda *agenda)
{
	struct agenda_stop *stop = &agenda->stops[agenda->stop_count];

	*stop = (struct agenda_stop){0};
	if (!find_stop(standing, now_s, stop))
		return;
	if (stop->has_stopped)
		agenda->lacking_count++;
	stop->order = agenda->stop_count++;
	if (agenda->has_root_end && stop->on_s > agenda->root_end_s)
		stop->on_s = agenda->root_end_s;
	snprintf(stop->subordinate, sizeof(stop->subordinate), "%s",
	    standing->facts->subordinate);
}

/* What ended first is the worst; a weak signature ends nothing. */
static bool
is_worse_concern(const struct standing_concern *concern,
    const struct standing_concern *than)
{
	const int order = severity_compare(concern->severity, than->severity);

	if (order != 0)
		return order < 0;
	return concern->at_s != 0 &&
	    (than->at_s == 0 || concern->at_s < than->at_s);
}

static void
add_concern(const struct standing_concern *concern, struct agenda *agenda)
{
	struct standing_concern *concerns = agenda->concerns;
	size_t at = agenda->concern_count;

	if (concern->severity == SEVERITY_OK)
		return;
	for (size_t i = 0; i < agenda->concern_count; i++) {
		if (strcmp(concerns[i].text, concern->text) == 0)
			return;
	}
	while (at > 0 && is_worse_concern(concern, &concerns[at - 1]))
		at--;
	if (ranking_make_room(concerns, sizeof(*concerns), AGENDA_MENDS_MAX,
	    at, &agenda->concern_count, &agenda->concerns_left))
		concerns[at] = *concern;
}

/* Do the newest notes of a subordinate show that it has this CRL? */
static bool
is_confirmed(const struct standing *standing)
{
	const struct standing_news *news = &standing->facts->news;

	if (standing->has_number && (news->installed_has_number ||
	    news->requested_has_number))
		return (news->installed_has_number && number_compare(
		    &news->installed_number, &standing->number) >= 0) ||
		    (news->requested_has_number && number_compare(
		    &news->requested_number, &standing->number) >= 0);
	return news->has_receipt &&
	    news->installed_s >= standing->this_update_s;
}

/* Of one that sends no notes nothing is known. */
static void
ask_news(const struct standing *standing, struct agenda *agenda)
{
	const struct standing_news *news = &standing->facts->news;
	size_t at = agenda->unconfirmed_count;

	if (!standing->has_next_update || is_confirmed(standing) ||
	    (!news->has_receipt && !news->has_request))
		return;
	agenda->has_number = standing->has_number;
	agenda->number = standing->number;
	agenda->unconfirmed_count++;
	if (at < AGENDA_NAMES_MAX)
		snprintf(agenda->unconfirmed[at],
		    sizeof(agenda->unconfirmed[at]), "%s",
		    standing->facts->subordinate);
}

/* Does a CRL run out before the next is planned?  The root's end is none. */
static bool
is_running_out(int64_t now_s, const struct agenda *agenda)
{
	int64_t first_s;

	if (agenda->stop_count == 0)
		return false;
	first_s = agenda->stops[0].on_s;
	if (agenda->has_root_end && first_s >= agenda->root_end_s)
		return false;
	return first_s <= agenda->ceremony_s || now_s >= agenda->cushion_s;
}

/* Is one at hand that is in time for whoever stops first? */
static bool
is_near(int64_t now_s, const struct agenda *agenda)
{
	return agenda->has_coming && now_s >= agenda->upcoming_s &&
	    (agenda->stop_count == 0 ||
	    agenda->coming_s < utc_day_start(agenda->stops[0].on_s));
}

static enum agenda_what
decide(int64_t now_s, const struct agenda *agenda)
{
	const int64_t today_s = utc_day_start(now_s);

	if (agenda->has_root_end && now_s >= agenda->root_end_s)
		return AGENDA_ENDED;
	if (agenda->stop_count > 0 && now_s >= agenda->stops[0].on_s)
		return AGENDA_HOLD_NOW;
	if (agenda->missed_count > 0 ||
	    (is_running_out(now_s, agenda) && !is_near(now_s, agenda)))
		return AGENDA_HOLD;
	if (!agenda->has_ceremony)
		return AGENDA_SUCCEED;
	if (today_s > agenda->ceremony_s)
		return AGENDA_LATE;
	if (today_s == agenda->ceremony_s)
		return AGENDA_TODAY;
	return now_s >= agenda->upcoming_s ? AGENDA_PREPARE : AGENDA_WAIT;
}

/* The day on which the last moment before an instant lies. */
static int64_t
day_before(int64_t at_s)
{
	return utc_day_start(at_s - 1);
}

static int64_t
decide_by(int64_t now_s, const struct agenda *agenda)
{
	switch (agenda->what) {
	case AGENDA_WAIT:
	case AGENDA_PREPARE:
	case AGENDA_TODAY:
		return agenda->ceremony_s;
	case AGENDA_LATE:
		return day_before(agenda->deadline_s);
	case AGENDA_HOLD:
		if (agenda->stop_count > 0)
			return day_before(agenda->stops[0].on_s);
		return utc_day_start(now_s);
	case AGENDA_HOLD_NOW:
		return utc_day_start(now_s);
	case AGENDA_SUCCEED:
		return day_before(agenda->root_end_s);
	case AGENDA_NOTHING:
	case AGENDA_ENDED:
	case AGENDA_WHAT_COUNT:
		break;
	}
	return 0;
}

/* What no ceremony mends is to be done at once. */
static bool
is_at_once(const struct agenda *agenda)
{
	return agenda->is_blind || agenda->mend_count > 0 ||
	    (agenda->concern_count > 0 &&
	    agenda->concerns[0].severity == SEVERITY_CRITICAL);
}

/* Has somebody stopped, is something to be done, or may all wait? */
static int
urgency(const struct agenda *agenda)
{
	if (agenda->what == AGENDA_HOLD_NOW || agenda->what == AGENDA_ENDED ||
	    agenda->lacking_count > 0)
		return 2;
	return agenda->what > AGENDA_WAIT || is_at_once(agenda);
}

static int64_t
day_of_action(const struct agenda *agenda)
{
	if (is_at_once(agenda))
		return INT64_MIN;
	if (agenda->what == AGENDA_NOTHING)
		return INT64_MAX;
	return agenda->has_coming && agenda->coming_s < agenda->by_s ?
	    agenda->coming_s : agenda->by_s;
}

bool
agenda_goes_before(const struct agenda *first, const struct agenda *second)
{
	if (urgency(first) != urgency(second))
		return urgency(first) > urgency(second);
	return day_of_action(first) < day_of_action(second);
}

/* What one pair adds. */
static void
add_pair(const struct standing *standing, int64_t now_s,
    struct agenda *agenda)
{
	const struct standing_facts *facts = standing->facts;
	struct standing_facts unnamed_facts;
	struct standing unnamed;

	agenda->has_root_end = facts->has_root_not_after;
	agenda->root_end_s = facts->root_not_after_s;
	/* The root has no CRL from the future but by a wrong clock. */
	if (standing->state == PAIR_CLOCK_SUSPECT ||
	    (standing->state == PAIR_NOT_YET_VALID &&
	    standing_is_on_root(facts)))
		agenda->is_blind = true;
	if (!pair_state_is_dated(standing->state)) {
		agenda_unname(standing, now_s, &unnamed_facts, &unnamed);
		add_mend(&unnamed, agenda);
	}
	add_stop(standing, now_s, agenda);
	for (size_t i = 0; i < standing->concern_count; i++)
		add_concern(&standing->concerns[i], agenda);
	ask_news(standing, agenda);
}

void
agenda_make(const struct standing *standings, size_t count, int64_t now_s,
    struct agenda_stop *stops, struct agenda *out)
{
	const struct schedule *schedule = NULL;
	struct agenda agenda = {.stops = stops};

	for (size_t i = 0; i < count; i++) {
		const struct standing_facts *facts = standings[i].facts;

		agenda.is_root = standing_is_on_root(facts);
		agenda.can_reissue = facts->can_reissue;
		if (facts->is_retired)
			continue;
		schedule = facts->schedule;
		add_pair(&standings[i], now_s, &agenda);
	}
	if (schedule != NULL) {
		qsort(stops, agenda.stop_count, sizeof(*stops),
		    compare_stops);
		if (agenda.stop_count > 0)
			agenda.cushion_s = utc_subtract(stops[0].on_s,
			    &schedule->cushion);
		agenda_date(standings, count, now_s, &agenda);
		agenda.what = decide(now_s, &agenda);
		agenda.by_s = decide_by(now_s, &agenda);
	}
	*out = agenda;
}
