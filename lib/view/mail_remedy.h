/* SPDX-License-Identifier: ISC */
/* What a mail asks people to do about a pair.  Of the mail's files only. */
#pragma once

#include "plan/standing.h"

/* The way out of a state, on a subordinate. */
enum mail_remedy {
	REMEDY_NOTHING,
	REMEDY_PREPARE,
	REMEDY_HOLD,		/* on its day, or late */
	REMEDY_CEREMONY,
	REMEDY_IMPORT,
	REMEDY_SUCCEED,		/* the root's successor */
	REMEDY_FOUND,		/* as the sentence of the state says */
	REMEDY_CLOCK,
	REMEDY_REPLACE,
};

/*
 * subject    behind "crlferry: SUBORDINATE "; NULL: it is about a date
 * otherwise  behind the subordinate's name; NULL: about a date, too
 */
struct mail_state {
	enum mail_remedy remedy;
	const char *subject;
	const char *otherwise;
};

extern const struct mail_state mail_states[PAIR_STATE_COUNT];

/* Beside what the state says: is a new CRL wanted, which no bundle has? */
bool mail_ceremony_is_late(const struct standing *standing, int64_t now_s);

enum mail_remedy mail_find_remedy(const struct standing *standing,
    int64_t now_s);
