/* SPDX-License-Identifier: ISC */
/* The plan of one root, or of all, as text and JSON. */
#pragma once

#include "view/plan.h"

/* What is to be done next, a whole sentence; appended. */
MUST_CHECK enum err plan_agenda_text(const struct plan *plan, int64_t now_s,
    struct buffer *out, struct error *err);

/* Does a CRL count already for a ceremony from today on? */
bool plan_is_held(const struct agenda *agenda, int64_t ceremony_s);

/* Has the date of the one to come passed, and not its grace? */
bool plan_is_late(const struct agenda *agenda, int64_t now_s);

/*
 * "held" if it does; "overdue"; "next", "upcoming", "today", "late" of the one
 * to come; "planned" if it is later.
 */
const char *plan_day_state(const struct agenda *agenda, int64_t ceremony_s,
    int64_t now_s);

#define PLAN_PASSED_MAX (AGENDA_MISSED_MAX + 1)

/*
 * Ceremonies before today that no CRL fulfils: the first of those that are
 * overdue, and a late one.  How long the first can be made up for depends on
 * the CRL that there is.  Returns how many.
 */
size_t plan_passed(const struct plan *plan, int64_t now_s,
    struct schedule_day out[PLAN_PASSED_MAX]);

/*
 * How many ceremonies in a row may fail without harm, whichever they are; the
 * plan has some to come.
 */
unsigned int plan_may_miss(const struct plan *plan);

/*
 * What is to be done next for every root, the most urgent first; then of each,
 * tables of ceremonies, an overdue one first, of the events of each forecast,
 * and of certificates; and the proof.  Appended.
 *
 * width  columns of the terminal, 0 for 80
 */
MUST_CHECK enum err plan_text(const struct plan *plans, size_t count,
    const struct plan_span *span, size_t width, struct buffer *out,
    struct error *err);

/* One document for all roots, type "crlferry-plan"; appended. */
MUST_CHECK enum err plan_json(const struct plan *plans, size_t count,
    const struct plan_span *span, struct buffer *out, struct error *err);
