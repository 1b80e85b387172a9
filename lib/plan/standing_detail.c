/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>

#include "plan/standing_detail.h"
#include "plan/standing_store.h"
#include "plan/standing_words.h"
#include "plan/when.h"

#define OVERDUE_SIZE 96
#define NEXT_SIZE 96
#define WHY_SHOWN 380
#define REMEDY_SIZE 256
#define PLANNED_SIZE 112

/* With the command behind it. */
static const char import_newest[] = "import the newest bundle";

/* What no import here writes to. */
static const char replicate[] = "see why it does not replicate (Active "
    "Directory: repadmin /syncall)";

/* No CRL outlasts its root. */
static const char succeed[] = "bring in the successor of the root";

/* The way out of a state, on a subordinate and on the root. */
static const struct {
	const char *on_subordinate;
	const char *on_root;
} remedies[PAIR_STATE_COUNT] = {
    [PAIR_UNPUBLISHED] = {NULL, "issue a CRL and export its bundle"},
    [PAIR_OVERDUE] = {"hold a ceremony and import its bundle",
	"hold a ceremony and export its bundle"},
    [PAIR_EXPIRING] = {"hold a ceremony now and import its bundle",
	"hold a ceremony now and export its bundle"},
    /* Its sentence has the remedy in its midst. */
    [PAIR_UNREADABLE] = {"", ""},
    [PAIR_CRITICAL] = {"hold a ceremony at once and import its bundle",
	"hold a ceremony at once and export its bundle"},
    [PAIR_EXPIRED] = {"hold a ceremony at once and import its bundle",
	"hold a ceremony at once and export its bundle"},
    [PAIR_MISSING] = {import_newest, "issue or adopt one"},
    [PAIR_INVALID] = {import_newest, "restore it from backup"},
    [PAIR_NOT_YET_VALID] = {"set this machine's clock",
	"set this machine's clock"},
    [PAIR_BEHIND] = {import_newest, "restore the archive"},
    [PAIR_REVOKED] = {"replace it, or mark the subordinate as retired",
	"replace it, or mark the subordinate as retired"},
    [PAIR_CLOCK_SUSPECT] = {"set the clock", "set the clock"},
};

/* The states that a ceremony ends. */
static bool
is_of_time(enum pair_state state)
{
	return state != PAIR_FRESH && pair_state_is_dated(state);
}

static void
why_unpublished(const struct judgement *judgement, char *out)
{
	const struct standing_facts *facts = judgement->facts;
	const bool is_one = facts->unpublished == 1;
	char since[WHEN_TEXT_SIZE];

	when_text(facts->unpublished_since_s, judgement->now_s, since);
	snprintf(out, WHY_SIZE, is_one ? "%llu revocation, of %s, is on no "
	    "CRL yet" : "%llu revocations, the oldest of %s, are on no CRL "
	    "yet", (unsigned long long)facts->unpublished, since);
}

/* "next ceremony 2027-05-04", as long as it is one to come */
static void
next_text(const struct judgement *judgement, char out[NEXT_SIZE])
{
	const struct standing *standing = judgement->standing;
	char date[UTC_TEXT_SIZE], deadline[UTC_TEXT_SIZE];

	utc_format_date(standing->next_ceremony_s, date);
	utc_format_date(standing->deadline_s, deadline);
	if (standing_is_last(judgement->standing))
		snprintf(out, NEXT_SIZE, "and no ceremony follows before its "
		    "root ends");
	else if (utc_day_start(judgement->now_s) > standing->next_ceremony_s)
		snprintf(out, NEXT_SIZE, "the ceremony of %s is overdue from "
		    "%s on", date, deadline);
	else
		snprintf(out, NEXT_SIZE, "next ceremony %s", date);
}

static void
why_fresh(const struct judgement *judgement, char *out)
{
	const struct standing *standing = judgement->standing;
	const struct standing_place *ahead = standing->ahead;
	char crl[CRL_TEXT_SIZE], end[WHEN_TEXT_SIZE], next[NEXT_SIZE];
	char place[PLACE_TEXT_SIZE];
	int size;

	crl_text(standing->has_number, &standing->number,
	    standing->this_update_s, crl);
	when_left_text(standing->next_update_s, judgement->now_s, end);
	next_text(judgement, next);
	size = snprintf(out, WHY_SIZE, "%s ends %s, %s", crl, end, next);
	if (ahead == NULL)
		return;
	place_text(ahead, place);
	place_crl_text(ahead, crl);
	snprintf(out + size, WHY_SIZE - (size_t)size, "; %s holds %s, newer "
	    "than what was accepted: import its bundle", place, crl);
}

/*
 * The ceremony of today, or the first to come before the CRL ends; false if
 * there is none.
 */
static bool
find_planned(const struct judgement *judgement, int64_t *out_s)
{
	const struct standing *standing = judgement->standing;
	const struct standing_facts *facts = judgement->facts;
	const struct schedule *schedule = facts->schedule;
	const int64_t today_s = utc_day_start(judgement->now_s);
	int64_t date_s = standing->next_ceremony_s;

	if (date_s < today_s) {
		date_s = schedule_after_crl(schedule, date_s);
		if (date_s < today_s)
			date_s = schedule_next(schedule, today_s);
	}
	*out_s = date_s;
	return date_s >= today_s && !(facts->has_root_not_after &&
	    date_s >= facts->root_not_after_s) &&
	    (date_s < standing->next_update_s || date_s == today_s);
}

/* Is the first that no CRL fulfils past?  While its day lasts nothing is. */
static bool
is_next_past(const struct judgement *judgement)
{
	return utc_day_start(judgement->now_s) >
	    judgement->standing->next_ceremony_s;
}

/* "; a ceremony is planned for 2027-01-06 (in 2 days)"; empty without one */
static void
planned_text(const struct judgement *judgement, char out[PLANNED_SIZE])
{
	char date[WHEN_TEXT_SIZE];
	int64_t date_s;

	out[0] = '\0';
	if (!find_planned(judgement, &date_s))
		return;
	when_date_text(date_s, judgement->now_s, date);
	snprintf(out, PLANNED_SIZE, "; %s is planned for %s",
	    is_next_past(judgement) ? "the next" : "a ceremony", date);
}

/* This has a remedy of its own, for it names the day. */
static void
why_upcoming(const struct judgement *judgement, char *out)
{
	const struct standing *standing = judgement->standing;
	const bool is_root = standing_is_on_root(judgement->facts);
	const int64_t today_s = utc_day_start(judgement->now_s);
	const bool is_past = is_next_past(judgement);
	const bool has_grace = standing->deadline_s >
	    standing->next_ceremony_s;
	char date[WHEN_TEXT_SIZE], deadline[UTC_TEXT_SIZE];
	char end[WHEN_TEXT_SIZE], who[WHO_SIZE];

	who_text(judgement->facts, who);
	when_date_text(standing->next_ceremony_s, judgement->now_s, date);
	utc_format_date(standing->deadline_s, deadline);
	when_left_text(standing->next_update_s, judgement->now_s, end);
	snprintf(out, WHY_SIZE, "a ceremony %s planned for %s%s; without %s "
	    "%s stops on %s: %s ceremony and %s its bundle %s%s",
	    is_past ? "was" : "is", date, !is_past ? "" : is_root ?
	    " and was not held yet" : " and its CRL has not come",
	    is_past && !is_root ? "it" : "its CRL", who, end,
	    is_past ? "hold a" : today_s == standing->next_ceremony_s ?
	    "hold the" : "prepare the", is_root ? "export" : "import",
	    has_grace ? "before " : "on that day", has_grace ? deadline : "");
}

/* "the ceremony of 2027-01-06 is overdue since 2027-01-09" */
static void
overdue_text(const struct standing *standing, char out[OVERDUE_SIZE])
{
	char ceremony[UTC_TEXT_SIZE], deadline[UTC_TEXT_SIZE];

	utc_format_date(standing->next_ceremony_s, ceremony);
	utc_format_date(standing->deadline_s, deadline);
	snprintf(out, OVERDUE_SIZE, "the ceremony of %s is overdue since %s",
	    ceremony, deadline);
}

static void
why_overdue(const struct judgement *judgement, char *out)
{
	char overdue[OVERDUE_SIZE], end[WHEN_TEXT_SIZE], who[WHO_SIZE];
	char planned[PLANNED_SIZE];

	overdue_text(judgement->standing, overdue);
	who_text(judgement->facts, who);
	when_left_text(judgement->standing->next_update_s, judgement->now_s,
	    end);
	planned_text(judgement, planned);
	/* Its grace may be none. */
	if (!is_next_past(judgement))
		snprintf(out, WHY_SIZE, "%s; without its CRL %s stops on %s",
		    planned + strlen("; "), who, end);
	else
		snprintf(out, WHY_SIZE, "%s%s; %s stops on %s%s", overdue,
		    standing_is_on_root(judgement->facts) ? "" :
		    " and its CRL has not come", who, end, planned);
}

/* expiring, critical, expired */
static void
why_ending(const struct judgement *judgement, char *out)
{
	const struct standing *standing = judgement->standing;
	const bool is_over = judgement->now_s >= standing->next_update_s;
	char crl[CRL_TEXT_SIZE], end[WHEN_TEXT_SIZE], who[WHO_SIZE];
	char overdue[OVERDUE_SIZE] = "", planned[PLANNED_SIZE];

	place_crl_text(judgement->place, crl);
	when_left_text(standing->next_update_s, judgement->now_s, end);
	who_text(judgement->facts, who);
	if (judgement->now_s >= standing->deadline_s &&
	    is_next_past(judgement) && !standing_is_last(standing))
		overdue_text(standing, overdue);
	planned_text(judgement, planned);
	snprintf(out, WHY_SIZE, is_over ? "%s ended on %s and %s has stopped"
	    "%s%s%s" : "%s ends on %s and %s stops then%s%s%s", crl, end, who,
	    overdue[0] == '\0' ? "" : "; ", overdue, planned);
}

static void
why_revoked(const struct judgement *judgement, char *out)
{
	const struct standing_facts *facts = judgement->facts;
	char who[WHO_SIZE];

	who_text(facts, who);
	snprintf(out, WHY_SIZE, "the certificate of %s is on the CRL (%s) and "
	    "is rejected", who, facts->revoked_reason < 0 ?
	    "no reason given" : facts->revoked_reason_name);
}

static void
why_clock_suspect(const struct judgement *judgement, char *out)
{
	const int64_t now_s = judgement->now_s;
	const int64_t accepted_s = judgement->facts->accepted_this_update_s;
	char now[WHEN_TEXT_SIZE], accepted[WHEN_TEXT_SIZE];

	when_text(now_s, accepted_s, now);
	when_text(accepted_s, now_s, accepted);
	snprintf(out, WHY_SIZE, "this machine's clock says %s, but a CRL of "
	    "%s was accepted before", now, accepted);
}

/* What to do about it; empty if the sentence says so already. */
static void
remedy_text(enum pair_state state, const struct judgement *judgement,
    char out[REMEDY_SIZE])
{
	const struct standing_facts *facts = judgement->facts;
	const bool is_copy = judgement->place != NULL &&
	    judgement->place->copy != COPY_NONE;
	const char *remedy = standing_is_on_root(facts) ?
	    remedies[state].on_root : remedies[state].on_subordinate;
	int64_t planned_s;

	if (is_of_time(state) && standing_is_lagging(judgement->standing))
		remedy = import_newest;
	else if (is_of_time(state) && standing_is_last(judgement->standing))
		remedy = succeed;
	if (state == PAIR_MISSING && facts->place_count == 0)
		remedy = "configure one";
	if (state == PAIR_INVALID && judgement->place->remedy != NULL)
		remedy = judgement->place->remedy;
	if (state == PAIR_EXPIRING && remedy != import_newest &&
	    remedy != succeed && !is_next_past(judgement) &&
	    find_planned(judgement, &planned_s))
		remedy = standing_is_on_root(facts) ? "hold that ceremony and "
		    "export its bundle" : "hold that ceremony and import its "
		    "bundle";
	if (remedy == import_newest &&
	    standing_accepted_has_ended(facts, judgement->now_s) &&
	    (is_copy || !standing_is_lagging(judgement->standing)))
		remedy = standing_is_last(judgement->standing) ? succeed :
		    remedies[PAIR_EXPIRED].on_subordinate;
	if (remedy == import_newest && is_copy &&
	    judgement->place->copy == COPY_REPLICA)
		remedy = replicate;
	if (remedy == import_newest && is_copy)
		snprintf(out, REMEDY_SIZE, "publish the newest CRL there, "
		    "%s.crl of the bundle; a cache in between may keep an "
		    "older one", facts->root);
	else if (remedy == import_newest)
		snprintf(out, REMEDY_SIZE, "%s: crlferry-sub import%s MEDIUM",
		    remedy, facts->option == NULL ? "" : facts->option);
	else
		snprintf(out, REMEDY_SIZE, "%s", remedy == NULL ? "" : remedy);
}

void
standing_detail(enum pair_state state, const struct judgement *judgement,
    char *out, size_t capacity)
{
	static void (*const reasons[PAIR_STATE_COUNT])(
	    const struct judgement *judgement, char *out) = {
	    [PAIR_FRESH] = why_fresh,
	    [PAIR_UNPUBLISHED] = why_unpublished,
	    [PAIR_UPCOMING] = why_upcoming,
	    [PAIR_OVERDUE] = why_overdue,
	    [PAIR_EXPIRING] = why_ending,
	    [PAIR_UNREADABLE] = why_unreadable,
	    [PAIR_CRITICAL] = why_ending,
	    [PAIR_EXPIRED] = why_ending,
	    [PAIR_MISSING] = why_missing,
	    [PAIR_INVALID] = why_invalid,
	    [PAIR_NOT_YET_VALID] = why_not_yet_valid,
	    [PAIR_BEHIND] = why_behind,
	    [PAIR_REVOKED] = why_revoked,
	    [PAIR_CLOCK_SUSPECT] = why_clock_suspect,
	};
	char why[WHY_SIZE], remedy[REMEDY_SIZE];

	if (is_of_time(state) && standing_is_lagging(judgement->standing))
		why_lagging(judgement, why);
	else
		reasons[state](judgement, why);
	remedy_text(state, judgement, remedy);
	/* Without one of its own, the sentence has it at its end. */
	snprintf(out, capacity, "%.*s%s%s", remedy[0] == '\0' ? (int)sizeof(why)
	    : WHY_SHOWN, why, remedy[0] == '\0' ? "" : ": ", remedy);
}
