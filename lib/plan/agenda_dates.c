/* SPDX-License-Identifier: ISC */
#include "plan/agenda_dates.h"
#include "plan/supposed.h"

/*
 * Does the manifest name what our own schedule calls for after its CRL?  That
 * of an emergency CRL names an earlier date, but one of ours.
 */
static void
compare_schedules(const struct standing_facts *facts, struct agenda *agenda)
{
	const struct schedule *schedule = facts->schedule;
	const int64_t manifest_s = facts->next_ceremony_s;
	int64_t own_s;

	if (!facts->has_accepted || !facts->has_next_ceremony ||
	    agenda->differs || facts->is_retired)
		return;
	own_s = schedule_after_crl(schedule, facts->accepted_this_update_s);
	if (manifest_s == own_s || (manifest_s < own_s &&
	    schedule_next(schedule, manifest_s) == manifest_s))
		return;
	agenda->manifest_s = manifest_s;
	agenda->scheduled_s = own_s;
	agenda->differs = true;
}

/* What a pair waits for. */
struct waiting {
	bool has_crl;
	bool is_known;		/* which were held, so that one may be missed */
	int64_t ceremony_s;
	const struct schedule *schedule;
};

/* The first that any pair waits for; one with a CRL knows better. */
static struct waiting
find_first(const struct standing *standings, size_t count, int64_t now_s)
{
	struct waiting first = {0};
	struct supposed room;

	for (size_t i = 0; i < count; i++) {
		const struct standing *standing = supposed_make(&standings[i],
		    now_s, &room);
		const struct standing_facts *facts = standing->facts;

		if (facts->is_retired || (first.schedule != NULL &&
		    (standing->has_next_update < first.has_crl ||
		    (standing->has_next_update == first.has_crl &&
		    standing->next_ceremony_s >= first.ceremony_s))))
			continue;
		first = (struct waiting){standing->has_next_update,
		    standing->has_next_update || facts->has_next_ceremony,
		    standing->next_ceremony_s, facts->schedule};
	}
	return first;
}

static bool
is_before_end(const struct agenda *agenda, int64_t date_s)
{
	return !agenda->has_root_end || date_s < agenda->root_end_s;
}

/*
 * Pass over those whose grace has passed, and nothing fulfils them.  False if
 * nobody knows of another one.
 */
static bool
pass_missed(const struct schedule *schedule, int64_t now_s,
    struct agenda *agenda)
{
	int64_t date_s = agenda->ceremony_s;

	while (utc_add(date_s, &schedule->grace) <= now_s &&
	    is_before_end(agenda, date_s)) {
		if (agenda->missed_count < AGENDA_MISSED_MAX)
			agenda->missed[agenda->missed_count] = date_s;
		agenda->missed_count++;
		if (agenda->differs)
			return false;	/* ours come after another one */
		date_s = schedule_after_crl(schedule, date_s);
		if (date_s <= agenda->coming_s)
			return false;	/* the calendar ends */
		agenda->coming_s = date_s;
	}
	return is_before_end(agenda, date_s);
}

void
agenda_date(const struct standing *standings, size_t count, int64_t now_s,
    struct agenda *agenda)
{
	const struct waiting first = find_first(standings, count, now_s);
	const struct schedule *schedule = first.schedule;

	for (size_t i = 0; i < count; i++)
		compare_schedules(standings[i].facts, agenda);
	agenda->ceremony_s = first.ceremony_s;
	agenda->coming_s = first.ceremony_s;
	agenda->has_ceremony = is_before_end(agenda, agenda->ceremony_s);
	agenda->has_coming = first.is_known ?
	    pass_missed(schedule, now_s, agenda) : agenda->has_ceremony;
	agenda->upcoming_s = utc_subtract(agenda->coming_s,
	    &schedule->remind);
	agenda->deadline_s = utc_add(agenda->coming_s, &schedule->grace);
	agenda->is_last = agenda->has_ceremony && !is_before_end(agenda,
	    schedule_after_crl(schedule, agenda->coming_s));
}
