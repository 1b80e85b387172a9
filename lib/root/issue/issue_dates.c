/* SPDX-License-Identifier: ISC */
#include "root/issue/issue_rules.h"

enum err
issuing_choose_dates(struct issuing *issuing, struct error *err)
{
	const struct config_root *root = issuing->root;
	const int64_t now_s = issuing->options->now_s;
	const int64_t last_s = issuing->last.crl.this_update.at_s;
	int64_t this_s = utc_subtract(now_s, &root->signing->backdate);
	int64_t next_s;
	char end[UTC_TEXT_SIZE];

	if (this_s < issuing->cert->not_before_s)
		this_s = issuing->cert->not_before_s;
	if (issuing->has_last && issuing->is_last_discarded &&
	    last_s > now_s)
		notice(issuing->notices, "%s: thisUpdate does not follow that "
		    "of the last CRL, which was discarded", root->name);
	else if (issuing->has_last && this_s <= last_s)
		this_s = last_s + 1;
	next_s = utc_add(this_s, &root->schedule.validity);
	utc_format(issuing->cert->not_after_s, end);
	if (this_s >= issuing->cert->not_after_s)
		return err_remedy(err, err_fail(err, ERR_EXPIRED,
		    "%s: the root's certificate %s expired on %s", root->name,
		    root->certificate, end),
		    "give it a new one for the same key: crlferry-root "
		    "reissue%s %s --output FILE",
		    config_option(issuing->history->config), root->name);
	if (next_s > issuing->cert->not_after_s) {
		next_s = issuing->cert->not_after_s;
		notice(issuing->notices, "%s: nextUpdate is cut to the end of "
		    "the root certificate, %s", root->name, end);
	}
	issuing->this_update_s = this_s;
	issuing->next_update_s = next_s;
	return ERR_OK;
}
