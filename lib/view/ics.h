/* SPDX-License-Identifier: ISC */
/*
 * Plans as a calendar to be imported (RFC 5545, METHOD:PUBLISH).
 *
 * Of each root: its ceremonies, as floating local time; for each the deadline
 * by which its CRL must be in place, a whole day; and each day on which a CRL
 * that is in use ends, with those that stop then.  A UID is made of the root's
 * public key, the kind, and the month that the rule gives the ceremony, so that
 * it stays the same if `on`, `at` or `avoid` move the day; ends are numbered in
 * order of time.  SEQUENCE is the second in which the calendar is made, by the
 * clock, whatever day it is made for: what a newer calendar says of an event
 * replaces what an older one said.
 *
 * An event that is over is cancelled under its UID: a ceremony that the CRL
 * in use fulfils, or that lies before one that does, back over two years, or
 * over as many as the plan looks ahead.  One that was not held stays, and its
 * summary says so.
 */
#pragma once

#include "view/plan.h"

#define ICS_MAX_BYTES (16 * 1024 * 1024)	/* of an earlier calendar */

/* Does it begin as a calendar does? */
bool ics_is_calendar(struct span text);

/*
 * One VCALENDAR for all roots; appended.
 *
 * earlier  a calendar of ours that this one replaces, as it is or as a
 *          calendar program wrote it; empty for none.  Its events that are no
 *          longer to come, after a change of `every` or `from`, are cancelled
 *          too.
 */
MUST_CHECK enum err plan_ics(const struct plan *plans, size_t count,
    const struct plan_span *span, struct span earlier, struct buffer *out,
    struct error *err);
