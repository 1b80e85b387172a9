/* SPDX-License-Identifier: ISC */
/* The parts of the page.  Inside view/report only. */
#pragma once

#include "view/html.h"
#include "view/report/report.h"

extern const char report_style[];

/* What the timeline's signs mean, and the signs themselves. */
extern const char report_legend[];

/* The words of the page, explained. */
extern const char report_words[];

/* A pair, with its place in the order of the page. */
struct report_pair {
	const struct standing *standing;
	const struct report_root *root;
	size_t id;		/* of its section: p1, p2 ... */
	struct forecast forecast;	/* if nobody acts */
};

/*
 * One line that may come from anywhere: inert, apart from the direction of what
 * stands around it, and its dates in <time>.
 */
void report_put_text(struct draft *draft, const char *text);

/* "2027-06-22" in a <time>. */
void report_put_date(struct draft *draft, int64_t at_s);

/* The same and how far away it is (when.h); 00:00Z is a date. */
void report_put_when(struct draft *draft, int64_t at_s, int64_t now_s);

/*
 * Begin a table, up to its first row; a class may be empty.  Its cells are put
 * as they are, and report_end_table ends it.
 */
void report_begin_table(struct draft *draft, const char *class,
    const char *caption, const char *const headings[]);
void report_end_table(struct draft *draft);

/* "CRL 12", "a CRL without a number" */
void report_put_crl(struct draft *draft, bool has_number,
    const struct number *number);

/* "corp-root-g1 / issuing-1", and its state's word. */
void report_put_pair(struct draft *draft, const struct standing_facts *facts);
void report_put_state(struct draft *draft, const struct standing *standing);

/* What a timeline shows, from its left edge to its right one. */
struct report_axis {
	int64_t from_s;
	int64_t to_s;
};

#define REPORT_AXIS_END 10000

/* Where an instant is, 0..REPORT_AXIS_END; beyond an edge it is on it. */
int report_position(const struct report_axis *axis, int64_t at_s);

#define REPORT_LANES 4

/*
 * The lane for a bar that begins at from_s, so that it covers no other: the
 * first that is free by then, else the one that is free first.
 *
 * ends_s  when each lane is free; that of the answer becomes to_s
 */
size_t report_lane(int64_t ends_s[REPORT_LANES], int64_t from_s, int64_t to_s);

/* Months since the year 0. */
int report_months(int64_t at_s);

/* Months between two marks on the axis, so that there are at most 16. */
int report_step_months(const struct report_axis *axis);

/* The axis of all pairs: a year back, and to the end of the plan. */
struct report_axis report_make_axis(const struct plan_span *span);

void report_put_timeline(struct draft *draft, const struct report *report,
    const struct report_pair *pair);

/*
 * Was the i-th of those that the agenda has missed after the first that the
 * pair's CRL does not fulfil?  i < AGENDA_MISSED_MAX
 */
bool report_is_missed_too(const struct report_pair *pair, size_t i);

/* What a timeline shows, in words. */
void report_put_words(struct draft *draft, const struct report_axis *axis,
    const struct report_pair *pair, int64_t now_s);

/* A section for each pair: timeline, dates, places, CRLs. */
void report_put_sections(struct draft *draft, const struct report *report,
    const struct report_pair *pairs, size_t pair_count);

/* The CRLs that are known of each root, the certificates, the schedules. */
void report_put_tables(struct draft *draft, const struct report *report);

/* Every month up to the plan's end, and its days in words. */
void report_put_calendar(struct draft *draft, const struct report *report,
    const struct report_pair *pairs, size_t pair_count);
