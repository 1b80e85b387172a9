/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>

#include "plan/standing_detail.h"

#define PLACE_TEXT_SIZE 128
#define AGE_TEXT_SIZE 32
#define TIDING_SIZE 160
#define WHY_SIZE 640	/* the longest of them, whole */

/* The way out of a state, on a subordinate and on the root. */
static const struct {
	const char *on_subordinate;
	const char *on_root;
} remedies[PAIR_STATE_COUNT] = {
    [PAIR_UNPUBLISHED] = {"fetch a new CRL", "issue and export one"},
    [PAIR_UPCOMING] = {"call the operator", "prepare the ceremony"},
    [PAIR_OVERDUE] = {"fetch the stick", "hold a ceremony now"},
    [PAIR_EXPIRING] = {"fetch a new CRL", "hold a ceremony"},
    [PAIR_UNREADABLE] = {"give it read access", "give it read access"},
    [PAIR_CRITICAL] = {"fetch a new CRL now", "hold a ceremony now"},
    [PAIR_EXPIRED] = {"fetch a new CRL at once", "hold a ceremony at once"},
    [PAIR_MISSING] = {"import the newest bundle", "issue or adopt one"},
    [PAIR_INVALID] = {"import the newest bundle", "restore it from backup"},
    [PAIR_NOT_YET_VALID] = {"set the clock", "set the clock"},
    [PAIR_BEHIND] = {"import the newest bundle", "restore the archive"},
    [PAIR_REVOKED] = {"replace its certificate, or mark it retired",
	"replace its certificate, or mark it retired"},
    [PAIR_CLOCK_SUSPECT] = {"set the clock", "set the clock"},
};

static bool
is_on_root(const struct standing_facts *facts)
{
	return facts->place_count > 0 &&
	    strcmp(facts->places[0].kind, "archive") == 0;
}

/* "9 days", "26 hours", "1 second", never more than is left. */
static void
age_text(int64_t seconds, char out[AGE_TEXT_SIZE])
{
	static const struct {
		int64_t size_s;
		int64_t least;
		const char *word;
	} units[] = {{DAY_S, 2, "day"}, {3600, 2, "hour"}, {60, 2, "minute"},
	    {1, 0, "second"}};
	size_t i = 0;
	long long count;

	while (seconds / units[i].size_s < units[i].least)
		i++;
	count = (long long)(seconds / units[i].size_s);
	snprintf(out, AGE_TEXT_SIZE, "%lld %s%s", count, units[i].word,
	    count == 1 ? "" : "s");
}

/* "hashdir /etc/ssl/crls: ", "archive: " while there is no path */
static void
place_text(const struct standing_place *place, char out[PLACE_TEXT_SIZE])
{
	out[0] = '\0';
	if (place != NULL)
		snprintf(out, PLACE_TEXT_SIZE, "%.15s%s%.100s: ", place->kind,
		    place->path[0] == '\0' ? "" : " ", place->path);
}

/* "#12, the CRL of 2026-11-22T10:00:00Z"; the number if there is one. */
static void
crl_text(bool has_number, const struct number *number, int64_t this_update_s,
    char *out, size_t capacity)
{
	char digits[NUMBER_TEXT_SIZE] = "";
	char date[UTC_TEXT_SIZE];

	if (has_number)
		number_format(number, 0, digits);
	utc_format(this_update_s, date);
	snprintf(out, capacity, "%s%s%sthe CRL of %s", has_number ? "#" : "",
	    digits, has_number ? ", " : "", date);
}

static void
why_unpublished(const struct judgement *judgement, char *out)
{
	const struct standing_facts *facts = judgement->facts;
	char since[UTC_TEXT_SIZE];

	utc_format(facts->unpublished_since_s, since);
	snprintf(out, WHY_SIZE, "%llu revocation%s not on the CRL, since %s",
	    (unsigned long long)facts->unpublished,
	    facts->unpublished == 1 ? "" : "s", since);
}

static void
why_fresh(const struct judgement *judgement, char *out)
{
	const struct standing_place *ahead = judgement->standing->ahead;
	char date[UTC_TEXT_SIZE], place[PLACE_TEXT_SIZE], crl[96];

	utc_format_date(judgement->standing->next_ceremony_s, date);
	if (ahead == NULL) {
		snprintf(out, WHY_SIZE, "the next ceremony is on %s", date);
		return;
	}
	place_text(ahead, place);
	crl_text(ahead->has_number, &ahead->number, ahead->this_update_s, crl,
	    sizeof(crl));
	snprintf(out, WHY_SIZE, "the next ceremony is on %s; %s%s is newer "
	    "than what was accepted: import its bundle", date, place, crl);
}

static void
why_upcoming(const struct judgement *judgement, char *out)
{
	const struct standing *standing = judgement->standing;
	const int64_t left_s = standing->next_ceremony_s - judgement->now_s;
	char ceremony[UTC_TEXT_SIZE], deadline[UTC_TEXT_SIZE];
	char age[AGE_TEXT_SIZE];

	utc_format_date(standing->next_ceremony_s, ceremony);
	utc_format_date(standing->deadline_s, deadline);
	age_text(left_s, age);
	if (left_s > 0)
		snprintf(out, WHY_SIZE, "the ceremony of %s is %s away",
		    ceremony, age);
	else
		snprintf(out, WHY_SIZE, "the CRL of the ceremony of %s has "
		    "not come yet and is overdue from %s", ceremony,
		    deadline);
}

static void
why_overdue(const struct judgement *judgement, char *out)
{
	const struct standing *standing = judgement->standing;
	char ceremony[UTC_TEXT_SIZE], deadline[UTC_TEXT_SIZE];

	utc_format_date(standing->next_ceremony_s, ceremony);
	utc_format_date(standing->deadline_s, deadline);
	snprintf(out, WHY_SIZE, "the %sceremony of %s is overdue since %s",
	    is_on_root(judgement->facts) ? "" : "CRL of the ", ceremony,
	    deadline);
}

/* expiring, critical, expired */
static void
why_ending(const struct judgement *judgement, char *out)
{
	int64_t left_s = judgement->standing->next_update_s -
	    judgement->now_s;
	char place[PLACE_TEXT_SIZE], date[UTC_TEXT_SIZE], age[AGE_TEXT_SIZE];

	place_text(judgement->place, place);
	utc_format(judgement->standing->next_update_s, date);
	age_text(left_s > 0 ? left_s : -left_s, age);
	snprintf(out, WHY_SIZE, left_s > 0 ? "%snextUpdate %s is %s away" :
	    "%snextUpdate %s passed %s ago", place, date, age);
}

static void
why_missing(const struct judgement *judgement, char *out)
{
	char place[PLACE_TEXT_SIZE];

	place_text(judgement->place, place);
	snprintf(out, WHY_SIZE, "%sno CRL of root %s", place,
	    judgement->facts->root);
}

static void
why_invalid(const struct judgement *judgement, char *out)
{
	const struct standing_place *place = judgement->place;
	const char *why = place->detail;
	char text[PLACE_TEXT_SIZE];

	place_text(place, text);
	if (place->is_valid)
		why = "the CRL has no nextUpdate";
	else if (why[0] == '\0')
		why = "not a CRL that the root signed";
	snprintf(out, WHY_SIZE, "%s%s", text, why);
}

static void
why_not_yet_valid(const struct judgement *judgement, char *out)
{
	const struct standing_place *place = judgement->place;
	char text[PLACE_TEXT_SIZE], date[UTC_TEXT_SIZE], age[AGE_TEXT_SIZE];

	place_text(place, text);
	utc_format(place->this_update_s, date);
	age_text(place->this_update_s - judgement->now_s, age);
	snprintf(out, WHY_SIZE, "%sthisUpdate %s is %s ahead", text, date,
	    age);
}

static void
why_unreadable(const struct judgement *judgement, char *out)
{
	snprintf(out, WHY_SIZE, "%s", judgement->place->detail);
}

static void
why_behind(const struct judgement *judgement, char *out)
{
	const struct standing_facts *facts = judgement->facts;
	const struct standing_place *place = judgement->place;
	char text[PLACE_TEXT_SIZE], have[96], want[96];

	place_text(place, text);
	crl_text(place->has_number, &place->number, place->this_update_s,
	    have, sizeof(have));
	crl_text(facts->accepted_has_number, &facts->accepted_number,
	    facts->accepted_this_update_s, want, sizeof(want));
	snprintf(out, WHY_SIZE, standing_compare_accepted(facts, place) == 0 ?
	    "%snot the CRL that was accepted: accepted was %s, and here is "
	    "another, %s" : "%swant %s, have %s", text, want, have);
}

static void
why_revoked(const struct judgement *judgement, char *out)
{
	const struct standing_facts *facts = judgement->facts;

	snprintf(out, WHY_SIZE, "its certificate is on the CRL (%s)",
	    facts->revoked_reason < 0 ? "no reason given" :
	    facts->revoked_reason_name);
}

static void
why_clock_suspect(const struct judgement *judgement, char *out)
{
	char now[UTC_TEXT_SIZE], accepted[UTC_TEXT_SIZE];

	utc_format(judgement->now_s, now);
	utc_format(judgement->facts->accepted_this_update_s, accepted);
	snprintf(out, WHY_SIZE, "the clock says %s, but a CRL of %s was "
	    "accepted before", now, accepted);
}

int
standing_compare_accepted(const struct standing_facts *facts,
    const struct standing_place *place)
{
	if (facts->accepted_has_number && place->has_number)
		return number_compare(&place->number,
		    &facts->accepted_number);
	return (place->this_update_s > facts->accepted_this_update_s) -
	    (place->this_update_s < facts->accepted_this_update_s);
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
	const struct standing_facts *facts = judgement->facts;
	const char *remedy = remedies[state].on_subordinate;
	char why[WHY_SIZE];

	if (state == PAIR_MISSING && facts->place_count == 0)
		remedy = "configure a store";
	else if (is_on_root(facts))
		remedy = remedies[state].on_root;
	if ((state == PAIR_INVALID || state == PAIR_UNREADABLE) &&
	    judgement->place->remedy != NULL)
		remedy = judgement->place->remedy;
	reasons[state](judgement, why);
	if (remedy == NULL || remedy[0] == '\0')
		snprintf(out, capacity, "%s", why);
	else
		snprintf(out, capacity, "%.222s: %s", why, remedy);
}

/* " #12"; nothing if it is not known */
static void
number_text(bool is_known, const struct number *number,
    char out[NUMBER_TEXT_SIZE + 2])
{
	out[0] = '\0';
	if (!is_known)
		return;
	out[0] = '#';
	number_format(number, 0, out + 1);
}

static void
tell_receipt(const struct standing_news *news, char out[TIDING_SIZE])
{
	char number[NUMBER_TEXT_SIZE + 2], date[UTC_TEXT_SIZE];
	const bool is_nowhere = news->stores_failed > 0 &&
	    news->stores_failed == news->stores;
	char places[48] = "";

	number_text(news->installed_has_number, &news->installed_number,
	    number);
	utc_format_date(news->installed_s, date);
	if (news->stores_failed > 0 && !is_nowhere)
		snprintf(places, sizeof(places), ", but not in %u of %u "
		    "stores", news->stores_failed, news->stores);
	snprintf(out, TIDING_SIZE, "%s %s on %s%s%s",
	    is_nowhere ? "failed to install" : "installed",
	    number[0] == '\0' ? "a CRL" : number, date, places,
	    news->is_installed_known ? "" : ", which the archive lacks");
}

static void
tell_request(const struct standing_news *news, char out[TIDING_SIZE])
{
	char number[NUMBER_TEXT_SIZE + 2], date[UTC_TEXT_SIZE];

	number_text(news->requested_has_number, &news->requested_number,
	    number);
	utc_format_date(news->requested_s, date);
	snprintf(out, TIDING_SIZE, "asked on %s%s%s", date,
	    number[0] == '\0' ? "" : " with ", number);
}

/* Is the newest of them about an older CRL than the current one? */
static bool
is_overtaken(const struct standing *standing, bool is_receipt_newest)
{
	const struct standing_news *news = &standing->facts->news;
	const struct number *number = is_receipt_newest ?
	    &news->installed_number : &news->requested_number;
	const int64_t at_s = is_receipt_newest ? news->installed_s :
	    news->requested_s;

	if (!standing->has_next_update)
		return false;
	if (standing->has_number && (is_receipt_newest ?
	    news->installed_has_number : news->requested_has_number))
		return number_compare(number, &standing->number) < 0;
	return at_s < standing->this_update_s;
}

void
standing_news_text(const struct standing *standing, char *out,
    size_t capacity)
{
	const struct standing_news *news = &standing->facts->news;
	char receipt[TIDING_SIZE] = "", request[TIDING_SIZE] = "";
	bool is_receipt_newest = news->has_receipt && (!news->has_request ||
	    news->installed_s >= news->requested_s);

	out[0] = '\0';
	if (!news->has_receipt && !news->has_request)
		return;
	if (news->has_receipt)
		tell_receipt(news, receipt);
	if (news->has_request)
		tell_request(news, request);
	snprintf(out, capacity, "%s%s%s%s",
	    is_receipt_newest ? request : receipt,
	    news->has_receipt && news->has_request ? ", " : "",
	    is_receipt_newest ? receipt : request,
	    is_overtaken(standing, is_receipt_newest) ?
	    ", not heard of since" : "");
}
