/* SPDX-License-Identifier: ISC */
#include "root/issue_rules.h"

/*
 * Every entry of the last CRL must be in the new set, unless there is a
 * reason to leave it out.
 */
static enum err
check_lost(struct issuing *issuing, struct error *err)
{
	struct index_search search = {0};
	struct lost *lost = &issuing->lost;
	struct crl_entries entries;
	struct crl_entry entry;
	bool has_entry;
	enum err code;
	size_t at;

	lost->subject = lost->index = issuing->root->signing->index;
	lost->acknowledged = issuing->options->acknowledged;
	lost->last_s = issuing->last.crl.this_update.at_s;
	crl_entries_start(&entries, &issuing->last.crl);
	for (;;) {
		code = crl_entries_next(&entries, &entry, &has_entry, err);
		if (code != ERR_OK || !has_entry)
			break;
		if (!index_find(&issuing->index, &search, entry.serial, &at))
			code = lost_add(lost, &entry, err);
		if (code != ERR_OK)
			break;
	}
	return code == ERR_OK ? lost_check(lost, err) : code;
}

enum err
issuing_check_last(struct issuing *issuing, struct error *err)
{
	const struct issue_options *options = issuing->options;

	if (issuing->has_last) {
		if (options->is_first)
			notice(issuing->notices, "%s: --first has no effect: "
			    "there is a last CRL", issuing->root->name);
		return check_lost(issuing, err);
	}
	if (options->is_first)
		return ERR_OK;
	return err_fail(err, ERR_MISSING, "%s: want the last CRL, to keep its "
	    "revocations, have none: say with --first that there was none, or "
	    "start over with init --last-crl FILE", issuing->root->name);
}
