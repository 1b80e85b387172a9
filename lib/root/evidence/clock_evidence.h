/* SPDX-License-Identifier: ISC */
/*
 * What an offline machine knows of today's date: it cannot be earlier than
 * anything that has already happened.
 */
#pragma once

#include "base/utc.h"
#include "plan/schedule.h"

#define CLOCK_TOLERANCE_S INT64_C(900)	/* 15 min */

struct clock_evidence {
	char id[96];		/* for --discard-evidence; empty: not to be */
	char what[96];		/* "the last CRL's thisUpdate" */
	int64_t at_s;
};

/* init {0} / release */
struct clock_evidences {
	struct buffer list;	/* struct clock_evidence each */
};

#define RELEASE_CLOCK_EVIDENCES \
	__attribute__((cleanup(clock_evidences_release)))

MUST_CHECK enum err clock_evidence_add(struct clock_evidences *evidences,
    int64_t at_s, const char *id, const char *what, struct error *err);
void clock_evidences_release(struct clock_evidences *evidences);

/*
 * Judge the clock.  Pure.
 *
 * schedule     the root's: every + cushion is how far ahead is plausible
 * confirmed_s  00:00Z of the date that the operator gave, or -1
 *
 * ERR_CLOCK: now is more than CLOCK_TOLERANCE_S before some evidence, which is
 * named with its id, and the ids of all others that say so, as far as they
 * fit, unless one of them cannot be discarded; or later than the newest by
 * more than every + cushion while no date was confirmed; or a confirmed date
 * that is today neither in UTC nor, by utc_offset_s, in local time.
 */
MUST_CHECK enum err clock_check(const struct clock_evidences *evidences,
    const struct schedule *schedule, int64_t now_s, int64_t utc_offset_s,
    int64_t confirmed_s, struct error *err);
