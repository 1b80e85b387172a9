/* SPDX-License-Identifier: ISC */
#include "view/mail_remedy.h"

const struct mail_state mail_states[PAIR_STATE_COUNT] = {
    [PAIR_UNPUBLISHED] = {REMEDY_IMPORT, "lacks revocations",
	"takes revoked certificates as good"},
    [PAIR_UPCOMING] = {REMEDY_PREPARE, NULL, NULL},
    [PAIR_OVERDUE] = {REMEDY_CEREMONY, NULL, NULL},
    [PAIR_EXPIRING] = {REMEDY_CEREMONY, NULL, NULL},
    [PAIR_UNREADABLE] = {REMEDY_FOUND, "cannot be looked at",
	"may have stopped without anybody noticing"},
    [PAIR_CRITICAL] = {REMEDY_CEREMONY, NULL, NULL},
    [PAIR_EXPIRED] = {REMEDY_CEREMONY, NULL, NULL},
    [PAIR_MISSING] = {REMEDY_IMPORT, "lacks its CRL",
	"is refused by programs that ask for the CRL, and others take "
	"revoked certificates as good"},
    [PAIR_INVALID] = {REMEDY_FOUND, "has no valid CRL",
	"is refused by programs that ask for the CRL, and others take "
	"revoked certificates as good"},
    [PAIR_NOT_YET_VALID] = {REMEDY_CLOCK, "has a CRL that is not yet valid",
	"is refused by programs that ask for the CRL"},
    [PAIR_BEHIND] = {REMEDY_IMPORT, "has another CRL than was accepted",
	"takes certificates as good that are revoked by now"},
    [PAIR_REVOKED] = {REMEDY_REPLACE, "is revoked",
	"is refused everywhere, and so is all that it has issued"},
    [PAIR_CLOCK_SUSPECT] = {REMEDY_CLOCK, "runs on a wrong clock",
	"may take an expired CRL for a fresh one"},
};

bool
mail_ceremony_is_late(const struct standing *standing, int64_t now_s)
{
	return standing_accepted_has_ended(standing->facts, now_s) ||
	    (standing->facts->has_next_ceremony &&
	    now_s >= standing->deadline_s);
}

enum mail_remedy
mail_find_remedy(const struct standing *standing, int64_t now_s)
{
	const enum mail_remedy remedy = mail_states[standing->state].remedy;
	const bool is_dated = pair_state_is_dated(standing->state);
	const bool is_late = remedy == REMEDY_IMPORT &&
	    mail_ceremony_is_late(standing, now_s);

	if (is_dated && standing_is_lagging(standing) &&
	    !standing_accepted_has_ended(standing->facts, now_s))
		return standing->is_elsewhere ? REMEDY_FOUND : REMEDY_IMPORT;
	if ((is_dated || is_late) && standing_is_last(standing))
		return REMEDY_SUCCEED;
	if (is_late)
		return REMEDY_CEREMONY;
	if (remedy == REMEDY_PREPARE &&
	    utc_day_start(now_s) >= standing->next_ceremony_s)
		return REMEDY_HOLD;
	if ((standing->state == PAIR_MISSING &&
	    standing->facts->place_count == 0) ||
	    (standing->is_elsewhere && remedy == REMEDY_IMPORT))
		return REMEDY_FOUND;
	return remedy;
}
