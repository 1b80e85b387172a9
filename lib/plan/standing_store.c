/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>

#include "plan/standing_store.h"
#include "plan/standing_words.h"
#include "plan/when.h"

#define STOP_SIZE 160
#define KNOWN_STOP_SIZE 320

void
why_lagging(const struct judgement *judgement, char out[WHY_SIZE])
{
	const struct standing *standing = judgement->standing;
	const struct standing_facts *facts = judgement->facts;
	char crl[CRL_TEXT_SIZE], end[WHEN_TEXT_SIZE], place[PLACE_TEXT_SIZE];
	const bool is_over = judgement->now_s >= standing->next_update_s;
	const bool is_other = facts->other[0] != '\0' &&
	    facts->other_next_update_s > standing->next_update_s;
	char other[64], stops[WHO_SIZE + 32] = "", who[WHO_SIZE];

	snprintf(other, sizeof(other), "%s has", facts->other);
	place_crl_text(judgement->place, crl);
	place_text(judgement->place, place);
	reader_text(facts, judgement->place, who);
	when_left_text(standing->next_update_s, judgement->now_s, end);
	if (judgement->place->copy != COPY_NONE)
		snprintf(stops, sizeof(stops), "; %s %s", who, is_over ?
		    "has stopped" : "stops then");
	snprintf(out, WHY_SIZE, "%s in %s %s on %s, and %s a later one%s", crl,
	    place, is_over ? "ended" : "ends", end, is_other ? other :
	    "another store holds", stops);
}

/* "issuing-1 stops on 2027-06-22 (in 9 days)", or "stopped on" */
static void
stop_text(const struct judgement *judgement, const char *who, int64_t end_s,
    char out[STOP_SIZE])
{
	char end[WHEN_TEXT_SIZE];

	when_left_text(end_s, judgement->now_s, end);
	snprintf(out, STOP_SIZE, "%s %s on %s", who, judgement->now_s >=
	    end_s ? "stopped" : "stops", end);
}

/* Whoever reads one store may stop while others go on. */
void
why_missing(const struct judgement *judgement, char out[WHY_SIZE])
{
	const struct standing_facts *facts = judgement->facts;
	const bool has_one = judgement->standing->has_next_update;
	char place[PLACE_TEXT_SIZE], who[WHO_SIZE];
	enum standing_copy copy;

	who_text(facts, who);
	if (judgement->place == NULL) {
		snprintf(out, WHY_SIZE, "no store is configured, so nothing "
		    "is known of the CRL that %s uses", who);
		return;
	}
	copy = judgement->place->copy;
	place_text(judgement->place, place);
	reader_text(facts, judgement->place, who);
	snprintf(out, WHY_SIZE, "%s %s no CRL of %s, and %s %s", place,
	    copy == COPY_PUBLISHED ? "delivers" : "holds", facts->root, who,
	    !facts->has_accepted ? "needs one" : has_one &&
	    copy == COPY_NONE ? "has stopped there" : "has stopped");
}

void
why_invalid(const struct judgement *judgement, char out[WHY_SIZE])
{
	const struct standing_place *place = judgement->place;
	const char *why = place->detail;
	char text[PLACE_TEXT_SIZE], who[WHO_SIZE];

	place_text(place, text);
	reader_text(judgement->facts, place, who);
	if (place->is_valid)
		why = "the CRL has no nextUpdate";
	else if (why[0] == '\0')
		why = "not a CRL that the root signed";
	/* On the root it may be the next CRL that is in danger. */
	if (standing_is_on_root(judgement->facts))
		snprintf(out, WHY_SIZE, "%s: %s", text, why);
	else
		snprintf(out, WHY_SIZE, "%s is of no use to %s, %s may have "
		    "stopped: %s", text, who, place->copy == COPY_NONE ?
		    "which" : "who", why);
}

void
why_not_yet_valid(const struct judgement *judgement, char out[WHY_SIZE])
{
	const struct standing_place *place = judgement->place;
	char text[PLACE_TEXT_SIZE], crl[CRL_TEXT_SIZE], begin[WHEN_TEXT_SIZE];

	place_text(place, text);
	place_crl_text(place, crl);
	when_left_text(place->this_update_s, judgement->now_s, begin);
	snprintf(out, WHY_SIZE, "%s in %s begins on %s and is refused until "
	    "then", crl, text, begin);
}

/* By a CRL that is known, for nobody can see the one in the store. */
static void
known_stop_text(const struct judgement *judgement, char out[KNOWN_STOP_SIZE])
{
	const struct standing_facts *facts = judgement->facts;
	const struct standing *standing = judgement->standing;
	const bool is_accepted = facts->has_accepted &&
	    facts->accepted_has_next_update;
	char crl[CRL_TEXT_SIZE], stop[STOP_SIZE], who[WHO_SIZE];

	who_text(facts, who);
	if (!is_accepted && !standing->has_next_update) {
		snprintf(out, KNOWN_STOP_SIZE, "when %s stops is not known",
		    who);
		return;
	}
	if (is_accepted)
		crl_text(facts->accepted_has_number, &facts->accepted_number,
		    facts->accepted_this_update_s, crl);
	else
		crl_text(standing->has_number, &standing->number,
		    standing->this_update_s, crl);
	stop_text(judgement, who, is_accepted ? facts->accepted_next_update_s :
	    standing->next_update_s, stop);
	snprintf(out, KNOWN_STOP_SIZE, "by %s, which %s, %s", crl,
	    is_accepted ? "was accepted" : judgement->place == NULL ?
	    "a store holds" : "another store holds", stop);
}

/* Its own remedy, if it has one, is at the end of its detail. */
void
why_unreadable(const struct judgement *judgement, char out[WHY_SIZE])
{
	const struct standing_place *place = judgement->place;
	char stop[KNOWN_STOP_SIZE];

	known_stop_text(judgement, stop);
	if (place == NULL)
		snprintf(out, WHY_SIZE, "%s; %s", stop,
		    judgement->facts->unseen);
	else if (place->remedy == NULL)
		snprintf(out, WHY_SIZE, "%s; give it read access; %s",
		    place->detail, stop);
	else
		snprintf(out, WHY_SIZE, "%s; %s", stop, place->detail);
}

/* Its replication is late, or has failed. */
static void
why_unreplicated(const struct judgement *judgement, char out[WHY_SIZE])
{
	const struct standing_facts *facts = judgement->facts;
	char text[PLACE_TEXT_SIZE], want[CRL_TEXT_SIZE], who[WHO_SIZE];

	place_text(judgement->place, text);
	reader_text(facts, judgement->place, who);
	crl_text(facts->accepted_has_number, &facts->accepted_number,
	    facts->accepted_this_update_s, want);
	snprintf(out, WHY_SIZE, "%s lacks %s, which was accepted: it has not "
	    "replicated yet, and %s has stopped", text, want, who);
}

void
why_behind(const struct judgement *judgement, char out[WHY_SIZE])
{
	const struct standing_facts *facts = judgement->facts;
	const struct standing_place *place = judgement->place;
	const bool has_numbers = facts->accepted_has_number &&
	    place->has_number;
	const char *holds = place->copy == COPY_PUBLISHED ? "delivers" :
	    "holds";
	char text[PLACE_TEXT_SIZE], have[CRL_TEXT_SIZE], want[CRL_TEXT_SIZE];
	char stop[STOP_SIZE], who[WHO_SIZE];

	if (!place->is_present) {
		why_unreplicated(judgement, out);
		return;
	}
	place_text(place, text);
	reader_text(facts, place, who);
	stop_text(judgement, who, place->has_next_update ?
	    place->next_update_s : judgement->standing->next_update_s, stop);
	crl_text(has_numbers, &place->number, place->this_update_s, have);
	crl_text(has_numbers, &facts->accepted_number,
	    facts->accepted_this_update_s, want);
	if (standing_compare_accepted(facts, place) == 0)
		snprintf(out, WHY_SIZE, "%s %s another %s than the one that "
		    "was accepted; %s", text, holds, have + (has_numbers ? 0 :
		    strlen("the ")), stop);
	else
		snprintf(out, WHY_SIZE, "%s %s %s, but %s was accepted "
		    "already%s; %s", text, holds, have, want,
		    place->copy == COPY_REPLICA ? " and has not replicated "
		    "yet" : "", stop);
}
