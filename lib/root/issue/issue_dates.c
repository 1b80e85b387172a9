/* SPDX-License-Identifier: ISC */
#include "root/history/calendar.h"
#include "root/history/subjects.h"
#include "root/issue/issue_rules.h"

/* The latest that is not still to come; false if there is none. */
static bool
find_latest(const struct index *index, int64_t now_s, struct revocation *out)
{
	struct revocation revocation;
	bool found = false;
	size_t offset = 0;

	while (index_next(index, &offset, &revocation)) {
		if (revocation.revoked_at_s > now_s ||
		    (found && revocation.revoked_at_s <= out->revoked_at_s))
			continue;
		*out = revocation;
		found = true;
	}
	return found;
}

/*
 * Backdating helps clocks that run behind, but a list must not say what was
 * not so yet on its own thisUpdate.  A revocation that is dated after now is
 * beyond help: thisUpdate is never put into the future.
 */
static void
follow_revocations(const struct issuing *issuing, int64_t *this_s)
{
	const int64_t now_s = issuing->options->now_s;
	char serial[SERIAL_TEXT_SIZE], subject[SUBJECT_SIZE];
	char chosen[UTC_TEXT_SIZE];
	struct revocation latest;

	if (*this_s >= now_s ||
	    !find_latest(&issuing->index, now_s, &latest) ||
	    latest.revoked_at_s <= *this_s)
		return;
	serial_format(latest.serial, serial);
	subject_beside(issuing->root, latest.serial, subject);
	utc_format(latest.revoked_at_s, chosen);
	notice(issuing->notices, "%s: thisUpdate is backdated only to %s, "
	    "when serial %s%s was revoked", issuing->root->name, chosen,
	    serial, subject);
	*this_s = latest.revoked_at_s;
}

static void
follow_last(const struct issuing *issuing, int64_t *this_s)
{
	const int64_t last_s = issuing->last.crl.this_update.at_s;

	if (!issuing->has_last)
		return;
	if (issuing->is_last_discarded && last_s > issuing->options->now_s)
		notice(issuing->notices, "%s: thisUpdate does not follow that "
		    "of the last CRL, which was discarded",
		    issuing->root->name);
	else if (*this_s <= last_s)
		*this_s = last_s + 1;
}

static int64_t
choose_this_update(const struct issuing *issuing)
{
	int64_t this_s = utc_subtract(issuing->options->now_s,
	    &issuing->root->signing->backdate);

	if (this_s < issuing->cert->not_before_s)
		this_s = issuing->cert->not_before_s;
	follow_last(issuing, &this_s);
	follow_revocations(issuing, &this_s);
	return this_s;
}

int64_t
issuing_root_end(const struct issuing *issuing)
{
	return issuing->options->root_end_s != 0 ?
	    issuing->options->root_end_s : issuing->cert->not_after_s;
}

enum err
issuing_choose_dates(struct issuing *issuing, struct error *err)
{
	const struct config_root *root = issuing->root;
	const int64_t this_s = choose_this_update(issuing);
	const int64_t end_s = issuing_root_end(issuing);
	int64_t next_s = utc_add(this_s, &root->schedule.validity);
	char end[UTC_TEXT_SIZE];

	utc_format(end_s, end);
	if (this_s >= end_s)
		return err_remedy(err, err_fail(err, ERR_EXPIRED,
		    "%s: the root's certificate %s expired on %s", root->name,
		    root->certificate, end),
		    "give it a new one for the same key: crlferry-root "
		    "reissue%s %s --output FILE",
		    config_option(issuing->history->config), root->name);
	if (next_s > end_s) {
		next_s = end_s;
		notice(issuing->notices, "%s: nextUpdate is cut to the end of "
		    "the root certificate, %s", root->name, end);
	}
	issuing->this_update_s = this_s;
	issuing->next_update_s = next_s;
	return ERR_OK;
}

int64_t
issuing_next_ceremony(const struct issuing *issuing)
{
	const int64_t next_s = calendar_foresee(issuing->history,
	    issuing->root, issuing->this_update_s, issuing->is_emergency);

	return next_s < issuing_root_end(issuing) ? next_s : 0;
}
