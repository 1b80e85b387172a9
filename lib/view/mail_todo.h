/* SPDX-License-Identifier: ISC */
/* What a mail asks people to do about a pair.  Of the mail's files only. */
#pragma once

#include "plan/standing.h"

/* The way out of a state, on a subordinate. */
enum todo {
	TODO_NOTHING,
	TODO_PREPARE,
	TODO_HOLD,		/* on its day, or late */
	TODO_CEREMONY,
	TODO_IMPORT,
	TODO_SUCCEED,		/* the root's successor */
	TODO_FOUND,		/* as the sentence of the state says */
	TODO_CLOCK,
	TODO_REPLACE,
};

/*
 * subject    behind "crlferry: SUBORDINATE "; NULL: it is about a date
 * otherwise  behind the subordinate's name; NULL: about a date, too
 */
struct mail_state {
	enum todo todo;
	const char *subject;
	const char *otherwise;
};

extern const struct mail_state mail_states[PAIR_STATE_COUNT];

/* Beside what the state says: is a new CRL wanted, which no bundle has? */
bool mail_ceremony_is_late(const struct standing *standing, int64_t now_s);

enum todo mail_find_todo(const struct standing *standing, int64_t now_s);
