/* SPDX-License-Identifier: ISC */
#include "plan/overlap.h"
#include "root/issue/adopting.h"

/* The proof of the schedule is of its own CRLs: this one may leave a gap. */
static void
say_short(const struct adopting *adopting)
{
	const struct schedule *schedule = &adopting->root->schedule;
	const int64_t end_s = adopting->facts.next_update_s;
	const int64_t next_s = schedule_after_crl(schedule,
	    adopting->facts.this_update_s);
	const int64_t deadline_s = utc_add(next_s, &schedule->grace);
	char end[UTC_TEXT_SIZE], next[UTC_TEXT_SIZE], deadline[UTC_TEXT_SIZE];

	if (end_s >= deadline_s || next_s >= adopting->cert->not_after_s)
		return;
	utc_format_date(end_s, end);
	utc_format_date(next_s, next);
	utc_format_date(deadline_s, deadline);
	notice(adopting->notices, "%s: this CRL ends on %s, and the next "
	    "ceremony is planned for %s, and overdue from %s on: hold one "
	    "before the CRL ends", adopting->file, end, next, deadline);
}

/* Whoever signs it may mean to sign the next too late for our cushion. */
static void
say_overlap(const struct adopting *adopting)
{
	const struct crl_facts *facts = &adopting->facts;
	char overlap[OVERLAP_TEXT_SIZE], at[UTC_TEXT_SIZE];

	overlap_text(&adopting->root->schedule, facts->next_publish_s,
	    facts->next_update_s, overlap);
	utc_format_date(facts->next_publish_s, at);
	if (overlap[0] != '\0')
		notice(adopting->notices, "%s: the CA means to publish again "
		    "on %s%s", adopting->file, at, overlap);
}

void
adopting_say_dates(const struct adopting *adopting)
{
	char end[UTC_TEXT_SIZE];

	utc_format(adopting->facts.next_update_s, end);
	if (adopting->facts.next_update_s <= adopting->now_s)
		notice(adopting->notices, "%s: this CRL expired on %s: issue "
		    "a new one", adopting->file, end);
	else
		say_short(adopting);
	say_overlap(adopting);
}
