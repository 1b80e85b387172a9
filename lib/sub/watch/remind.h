/* SPDX-License-Identifier: ISC */
/* When people are reminded by mail, and what was said last.  Pure. */
#pragma once

#include "plan/standing.h"

/*
 * A weekly timer may start some hours early or late, so a week is over a
 * little sooner.
 */
#define REMIND_WEEK_S (INT64_C(7) * DAY_S - DAY_S / 2)

/* A pair that was not fresh when it was looked at last. */
struct reminded_pair {
	char root[33];
	char subordinate[33];
	enum pair_state state;
	enum severity severity;
	enum severity concerns[CONCERN_COUNT];	/* OK: there was none */
};

/* What people know. */
struct reminded {
	bool has_mail;		/* they got one, at_s says when */
	int64_t at_s;
	const struct reminded_pair *pairs;	/* borrowed */
	size_t pair_count;
};

enum remind_reason {
	REMIND_FRESH,		/* no pair needs anything: no mail */
	REMIND_KNOWN,		/* nothing is worse, and no week over: none */
	REMIND_WORSE,
	REMIND_WEEK,
};

struct remind {
	enum remind_reason reason;
	size_t open_count;	/* pairs that are not fresh */
	size_t worse_count;	/* of them */
	int64_t next_s;		/* when they are said again, if nothing is
				 * worse before */
};

/* Is there anything to say of a pair?  A retired one is as good as fresh. */
bool remind_is_open(const struct standing *standing);

/*
 * Is a pair worse than people know: not fresh and unknown to them, of a worse
 * severity or state, or has it a new or worse concern?  A state that became
 * milder is no news.
 */
bool remind_is_worse(const struct reminded *known,
    const struct standing *standing);

/*
 * Is a mail due?  It is if a pair is worse, or if some are open and the last
 * mail is a week old, or there was none, or it lies more than a day ahead: the
 * clock was set back, and nobody knows by how much.
 */
void remind_decide(const struct reminded *known,
    const struct standing *standings, size_t count, int64_t now_s,
    struct remind *out);

/* The pair as people will know it. */
void remind_note(const struct standing *standing, struct reminded_pair *out);
