/* SPDX-License-Identifier: ISC */
/*
 * When ceremonies are held, how long a CRL is valid, how much cushion there
 * must be.  Pure: the day comes in as an argument.
 */
#pragma once

#include "base/utc.h"

#define SCHEDULE_NAME_SIZE 33
#define SCHEDULE_AVOID_MAX 8

/* A span of the year in which no ceremony is held; may wrap the year's end. */
struct schedule_avoid {
	int first_month, first_day;
	int last_month, last_day;	/* included */
};

struct schedule {
	char name[SCHEDULE_NAME_SIZE];
	int every_months;		/* 1..120 */
	int from_year, from_month;	/* the month of the first ceremony */
	int on_week;			/* 1..4, 5 for last; 0: on_day counts */
	int on_weekday;			/* 0 Sunday .. 6 Saturday */
	int on_day;			/* 1..31, clamped to the month's end */
	int at_minute;			/* of the day, local wall clock */
	struct duration remind;		/* before a ceremony; 0: not */
	struct duration validity;	/* thisUpdate to nextUpdate */
	struct duration cushion;
	struct duration critical;
	struct duration early;
	struct duration grace;
	struct duration renew;		/* before a certificate's end */
	struct duration renew_critical;
	struct schedule_avoid avoid[SCHEDULE_AVOID_MAX];
	size_t avoid_count;
};

/* The words of a schedule file, each NULL if it is absent. */
struct schedule_text {
	const char *every;	/* "6 months"; required, whole months */
	const char *on;		/* "first tuesday", "last friday", "day 15" */
	const char *at;		/* "10:00" */
	const char *from;	/* "2026-01"; required */
	const char *remind;	/* default 14 days */
	const char *validity;	/* required */
	const char *cushion;	/* required */
	const char *critical;	/* default 7 days, or a shorter cushion */
	const char *early;	/* default 14 days */
	const char *grace;	/* default 3 days */
	const char *renew;	/* default 12 months */
	const char *renew_critical;	/* default 30 days, or a shorter
					 * renew */
	const char *avoid[SCHEDULE_AVOID_MAX];	/* "12-20..01-05" */
	size_t avoid_count;
};

/*
 * Make a schedule of its words.  `on` defaults to the first day of the month,
 * `at` to 10:00.  ERR_CONFIG names the word and what is wrong with it, without
 * file and line.  Durations must be positive (grace, early, remind and those
 * of renewal may be 0) and no longer than 100 years.  Refused as well: `avoid`
 * that leaves no day or moves two ceremonies to one date, `early` that lets the
 * CRL of one ceremony fulfil the next, `critical` longer than the cushion,
 * `renew_critical` longer than `renew`, and a chosen `remind` that begins
 * before the ceremony before.
 */
MUST_CHECK enum err schedule_parse(const char *name,
    const struct schedule_text *text, struct schedule *out,
    struct error *err);

/*
 * The date (00:00Z) of the index-th ceremony from 0, after the move out of
 * `avoid`.  Rises strictly with the index, until the calendar ends: beyond it
 * every ceremony is 9999-12-31.
 */
int64_t schedule_ceremony(const struct schedule *schedule, uint32_t index);

/*
 * The first ceremony whose date is at or after at_s (00:00Z of that day), and
 * its index.
 */
uint32_t schedule_index(const struct schedule *schedule, int64_t at_s);
int64_t schedule_next(const struct schedule *schedule, int64_t at_s);

/* The last ceremony whose date is at or before at_s; false if none is. */
bool schedule_last(const struct schedule *schedule, int64_t at_s,
    int64_t *out_s);

/*
 * The ceremony that a CRL calls for next: the first one that it does not
 * fulfil, which is the first whose date less `early` lies after thisUpdate.
 */
int64_t schedule_after_crl(const struct schedule *schedule,
    int64_t this_update_s);

/* Are people told before a ceremony? */
bool schedule_reminds(const struct schedule *schedule);

/* One ceremony with what hangs on it. */
struct schedule_day {
	int64_t ceremony_s;
	int64_t next_ceremony_s;
	int64_t upcoming_s;	/* ceremony - remind */
	int64_t deadline_s;	/* ceremony + grace: then it is `overdue` */
	bool has_standby;
	int64_t standby_s;	/* 00:00Z; see schedule_describe */
	int64_t next_update_s;	/* of a CRL signed on its date */
	int64_t cushion_s;	/* next_update - cushion */
	unsigned int may_miss;	/* ceremonies after it that may be missed in
				 * a row, the CRL still short of its cushion */
	bool is_last;		/* the root ends by the next ceremony */
};

/*
 * The standby date is the last day on which the ceremony can still be held
 * without harm: the latest date after the ceremony's own, outside `avoid`, on
 * which `grace` still ends by the cushion of the CRL of the ceremony before,
 * and which does not yet count for the next ceremony (date < next - early).
 * If `on` names a weekday, the latest such date on that weekday goes first.
 * The first ceremony has none, for it has no CRL before it; nor has one to
 * which the calendar leaves no such day.
 */
void schedule_describe(const struct schedule *schedule, uint32_t index,
    struct schedule_day *out);

/*
 * The same for a root that ends at end_s: no CRL lasts beyond that, and no
 * ceremony is held from then on.
 */
void schedule_describe_until(const struct schedule *schedule, uint32_t index,
    int64_t end_s, struct schedule_day *out);

/*
 * The same for one on a date that need not be the schedule's own, with a CRL
 * in place whose cushion begins at limit_s, which its standby date goes by.
 */
void schedule_describe_date(const struct schedule *schedule,
    int64_t ceremony_s, int64_t limit_s, int64_t end_s,
    struct schedule_day *out);

/*
 * Prove that no gap opens though every ceremony is held: for every ceremony
 * from from_s on, over `years`, next ceremony + grace <= nextUpdate - cushion.
 * ERR_CONFIG names the first date that fails and by how much, and the longest
 * cushion or the validity, in whole days, that would close all of them.
 */
MUST_CHECK enum err schedule_prove(const struct schedule *schedule,
    int64_t from_s, unsigned int years, struct error *err);

/*
 * The same up to end_s, at which the root ends: for every ceremony whose CRL
 * does not outlive it.  A later one is cut to the root's end, where nothing
 * follows it whatever the schedule says.
 */
MUST_CHECK enum err schedule_prove_until(const struct schedule *schedule,
    int64_t from_s, unsigned int years, int64_t end_s, struct error *err);

/*
 * The latest date that a manifest may name for the next ceremony and that still
 * counts: the beginning of its CRL's cushion.  A later ceremony would come too
 * late, and whoever has stolen a seal key could put off every reminder.
 */
int64_t schedule_latest_next(const struct schedule *schedule,
    int64_t next_update_s);

/*
 * May the manifest of a CRL with these dates name this next ceremony?  It may
 * be no later than schedule_latest_next, unless our own calendar has no earlier
 * date either, or the CRL is not valid for as long as ours are: then it comes
 * from another schedule, or from a root near its end, which is no lie.
 */
bool schedule_may_be_next(const struct schedule *schedule,
    int64_t this_update_s, int64_t next_update_s, int64_t next_ceremony_s);
