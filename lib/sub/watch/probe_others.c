/* SPDX-License-Identifier: ISC */
#include "sub/watch/probe_judge.h"

/* It has a link's name and key, or is above such a one. */
static void
judge_other(const struct probe_chain *chain, const struct probe_sent *sent,
    struct probe_report *report)
{
	const char *subject = sent->cert->subject_text;
	char issuer[NAME_TEXT_SIZE];

	name_text(sent->cert->issuer, issuer);
	if (sent->part == SENT_ASTRAY)
		probe_advise(probe_find(report, SEVERITY_CRITICAL,
		    "other-issuer", "it sends %.150s as certified by %.150s "
		    "before the one that leads to root %s, and many clients "
		    "take the first", subject, issuer,
		    chain->anchor->root->name), "take it out of the service's "
		    "certificate file, or put it at the end");
	else if (sent->cert->is_self_issued)
		(void)probe_find(report, SEVERITY_OK, "other-certificate",
		    "it sends %.200s too, to which another way leads",
		    subject);
	else
		(void)probe_find(report, SEVERITY_OK, "other-certificate",
		    "it sends another certificate of %.200s too, issued by "
		    "%.200s", subject, issuer);
}

void
probe_judge_others(const struct probe_chain *chain, struct probe_report *report)
{
	for (size_t i = 0; i < chain->sent_count; i++) {
		const struct probe_sent *sent = &chain->sent[i];
		const char *subject = sent->cert == NULL ? "" :
		    sent->cert->subject_text;

		if (sent->cert == NULL)
			(void)probe_find(report, SEVERITY_UNKNOWN,
			    "unreadable", "its certificate %zu cannot be "
			    "judged: %.400s", i + 1, sent->why.what);
		else if (sent->part == SENT_ROOT)
			(void)probe_find(report, SEVERITY_OK, "root-sent",
			    "it sends the root too, %.200s, which its clients "
			    "must have already", subject);
		else if (sent->part == SENT_AGAIN)
			(void)probe_find(report, SEVERITY_OK, "sent-twice",
			    "it sends a certificate of %.200s twice", subject);
		else if (sent->part == SENT_OTHER || sent->part == SENT_ASTRAY)
			judge_other(chain, sent, report);
		else if (sent->part == SENT_BEYOND)
			(void)probe_find(report, SEVERITY_OK, "beyond-root",
			    "it sends %.200s too, which leads from the root to "
			    "another", subject);
		else if (sent->part == SENT_STRANGER && chain->anchor == NULL)
			(void)probe_find(report, SEVERITY_OK, "unplaced", "it "
			    "sends %.200s too, whose place in the chain is not "
			    "known", subject);
		else if (sent->part == SENT_STRANGER)
			probe_advise(probe_find(report, SEVERITY_WARNING,
			    "stranger", "it sends %.200s, which has no part "
			    "in the chain", subject), "take it out of the "
			    "service's certificate file");
	}
}
