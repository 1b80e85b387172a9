/* SPDX-License-Identifier: ISC */
#include "base/file.h"
#include "ca/crlnumber.h"
#include "root/issue/issue_rules.h"

/* crlnumber must be able to say what comes next. */
static enum err
refuse_end(const struct issuing *issuing, struct error *err)
{
	return err_fail(err, ERR_FORMAT, "%s: want a number below 2^159-1, "
	    "have reached the end: correct %s where it leapt ahead; where a "
	    "CRL has that number already, see RECOVERING in crlferry-root(1)",
	    issuing->root->name, issuing->root->signing->crlnumber);
}

/*
 * The largest of what the sources say comes next.  A number that a note proves
 * need not be asked for here: one above the archive's was refused before.
 */
enum err
issuing_choose_number(struct issuing *issuing, struct error *err)
{
	const char *path = issuing->root->signing->crlnumber;
	struct number next = number_from_u64(0);
	struct number after;
	bool found, is_there;

	if (issuing->has_last)
		next = issuing->last.number;
	if (issuing->has_known && number_compare(&issuing->known, &next) > 0)
		next = issuing->known;
	if (issuing->proven.has_number &&
	    number_compare(&issuing->proven.number, &next) > 0)
		next = issuing->proven.number;
	if (!number_increment(&next))
		return refuse_end(issuing, err);
	TRY(crlnumber_load(path, &found, &after, err));
	TRY(file_find(path, &is_there, err));
	if (!found && is_there)
		notice(issuing->notices, "%s holds no number: it is made "
		    "again from the archive and the ledger", path);
	else if (!found)
		notice(issuing->notices, "%s is missing: it is made", path);
	else if (number_compare(&after, &next) >= 0)
		next = after;
	else if (issuing->has_last)
		notice(issuing->notices, "%s lies behind the archive: it is "
		    "moved forward", path);
	/* A CRL that was given up may lie anywhere: no twin of it is signed. */
	while (given_up_has_number(&issuing->given_up, &next)) {
		if (!number_increment(&next))
			return refuse_end(issuing, err);
	}
	if (issuing->has_last)
		crlnumber_note_leap(issuing->root->name,
		    &issuing->last.number, &next, issuing->notices);
	issuing->number = next;
	issuing->after = next;
	return number_increment(&issuing->after) ? ERR_OK :
	    refuse_end(issuing, err);
}

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
		return err_fail(err, ERR_EXPIRED, "%s: want a root that is "
		    "valid, have one that ended on %s: renew its certificate "
		    "with the same key", root->name, end);
	if (next_s > issuing->cert->not_after_s) {
		next_s = issuing->cert->not_after_s;
		notice(issuing->notices, "%s: nextUpdate is cut to the end of "
		    "the root certificate, %s", root->name, end);
	}
	issuing->this_update_s = this_s;
	issuing->next_update_s = next_s;
	return ERR_OK;
}
