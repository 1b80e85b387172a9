/* SPDX-License-Identifier: ISC */
/*
 * Tells what fails on which day if nobody acts.  Pure: follows from a standing,
 * and says what standing_decide will say on the days to come.
 */
#pragma once

#include "plan/standing.h"

/* Now, and the five that dates bring about. */
#define FORECAST_EVENTS_MAX 6

/* From at_s on, a pair has a state that is worse than the one before. */
struct forecast_event {
	int64_t at_s;
	enum pair_state state;
	enum severity severity;
};

struct forecast {
	const char *const *subordinates;	/* whom it hits; borrowed */
	size_t subordinate_count;
	/* No CRL with an end is in place: the dates are those of the one that
	 * was accepted. */
	bool is_accepted;
	/*
	 * And none was ever accepted.  Then the dates are those of the
	 * ceremony of ceremony_s, as if it were held and none after it.
	 */
	bool is_assumed;
	int64_t ceremony_s;
	bool has_number;		/* the CRL that ends first has one */
	struct number number;
	int64_t next_update_s;
	int64_t next_ceremony_s;	/* the one that nobody holds */
	struct forecast_event events[FORECAST_EVENTS_MAX];
	size_t event_count;
	bool is_last;			/* the root ends by next_ceremony_s:
					 * that one is not held */
	bool has_ended;			/* with is_assumed: it ends even by
					 * ceremony_s */
	char detail[640];		/* of an event that is no date */
};

/*
 * The events of a pair in order of time: the state that it is in, unless that
 * is `fresh`, and those to come.  A state that no date brings about, `missing`
 * say, is said to be from now_s on.  A state that a worse one has overtaken is
 * left out: check never says it.  No date lies beyond the root's end, if the
 * facts have that.  The subordinates are the caller's to fill.
 */
void forecast_make(const struct standing *standing, int64_t now_s,
    struct forecast *out);

/* Does the same happen on the same days, whoever it hits? */
bool forecast_is_same(const struct forecast *a, const struct forecast *b);
