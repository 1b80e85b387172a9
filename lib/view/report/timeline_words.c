/* SPDX-License-Identifier: ISC */
#include "view/report/parts.h"

bool
report_is_missed_too(const struct report_pair *pair, size_t i)
{
	const struct standing *standing = pair->standing;
	const struct agenda *agenda = &pair->root->plan->agenda;

	return i < agenda->missed_count && !standing->facts->is_retired &&
	    !standing_is_last(standing) &&
	    agenda->missed[i] > standing->next_ceremony_s;
}

void
report_put_words(struct draft *draft, const struct report_axis *axis,
    const struct report_pair *pair, int64_t now_s)
{
	const struct standing *standing = pair->standing;
	char from[UTC_TEXT_SIZE], to[UTC_TEXT_SIZE];

	utc_format_date(axis->from_s, from);
	utc_format_date(axis->to_s, to);
	draft_putf(draft, "From %s to %s. ", from, to);
	if (standing->has_next_update) {
		report_put_crl(draft, standing->has_number,
		    &standing->number);
		utc_format_date(standing->this_update_s, from);
		utc_format_date(standing->next_update_s, to);
		draft_putf(draft, " is valid from %s until %s. ", from, to);
	} else {
		draft_put(draft, "No valid CRL is in place. ");
	}
	utc_format_date(standing->next_ceremony_s, from);
	if (!standing->facts->is_retired && standing_is_last(standing))
		draft_put(draft, "No ceremony follows before the root ends. ");
	else if (!standing->facts->is_retired)
		draft_putf(draft, now_s >= standing->deadline_s ?
		    "The ceremony of %s is overdue. " :
		    standing->next_ceremony_s < utc_day_start(now_s) ?
		    "The ceremony of %s is late. " :
		    "The next ceremony is on %s. ", from);
	for (size_t i = 0; i < AGENDA_MISSED_MAX; i++) {
		if (!report_is_missed_too(pair, i))
			continue;
		utc_format_date(pair->root->plan->agenda.missed[i], from);
		draft_putf(draft, "The ceremony of %s is overdue. ", from);
	}
	utc_format_date(now_s, to);
	draft_putf(draft, "Today is %s.", to);
}
