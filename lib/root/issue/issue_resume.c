/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "ferry/admit.h"
#include "root/evidence/clock_evidence.h"
#include "root/history/calendar.h"
#include "root/issue/issue_rules.h"

/* Does the CRL list what the index lists, entry by entry? */
static enum err
compare_entries(const struct issuing *issuing, struct crl *crl, bool *is_same,
    struct error *err)
{
	struct revocation wanted;
	struct crl_entries entries;
	struct crl_entry entry;
	size_t offset = 0;
	bool has_entry, has_wanted;

	crl_entries_start(&entries, crl);
	do {
		TRY(crl_entries_next(&entries, &entry, &has_entry, err));
		has_wanted = index_next(&issuing->index, &offset, &wanted);
		*is_same = has_entry == has_wanted && (!has_entry ||
		    (span_equals(entry.serial, wanted.serial) &&
		    entry.revoked_at.at_s == wanted.revoked_at_s &&
		    entry.reason == wanted.reason &&
		    entry.has_invalidity == wanted.has_invalidity &&
		    (!entry.has_invalidity ||
		    entry.invalidity_s == wanted.invalidity_s)));
	} while (*is_same && has_entry);
	return ERR_OK;
}

/* Is its number the one that was reserved last, and still to be used? */
static bool
is_reserved(const struct issuing *issuing, const struct crl *crl)
{
	return issuing->has_reserved && crl->has_number &&
	    number_compare(&crl->number, &issuing->reserved) == 0 &&
	    number_compare(&crl->number, &issuing->known) == 0 &&
	    (!issuing->has_last ||
	    number_compare(&crl->number, &issuing->last.number) > 0);
}

/* Would these dates be signed now?  The clock may have been set since. */
static bool
is_timely(const struct issuing *issuing, const struct crl *crl)
{
	const int64_t now_s = issuing->options->now_s;

	return crl->has_next_update && crl->next_update.at_s > now_s &&
	    crl->this_update.at_s <= now_s + CLOCK_TOLERANCE_S &&
	    (!issuing->has_last || issuing->is_last_discarded ||
	    crl->this_update.at_s > issuing->last.crl.this_update.at_s);
}

/* Judge the CRL that waits; its dates go into issuing. */
static enum err
judge_waiting(struct issuing *issuing, const char *path, bool *is_good,
    struct error *err)
{
	RELEASE_ARCHIVED struct archived waiting = ARCHIVED_NONE;
	const struct crl *crl = &waiting.crl;

	*is_good = false;
	TRY(archived_open(path, issuing->cert, &waiting, err));
	if (!is_reserved(issuing, crl) || !is_timely(issuing, crl))
		return ERR_OK;
	TRY(compare_entries(issuing, &waiting.crl, is_good, err));
	if (!*is_good)
		return ERR_OK;
	issuing->number = issuing->reserved;
	issuing->is_emergency = issuing->is_reserved_emergency;
	issuing->why = issuing->reserved_why;
	issuing->this_update_s = crl->this_update.at_s;
	issuing->next_update_s = crl->next_update.at_s;
	return ERR_OK;
}

enum err
issuing_resume(struct issuing *issuing, struct issued *out, bool *is_done,
    struct error *err)
{
	char waiting[4096];
	struct issued issued;
	struct error why = {0};
	bool found, is_good;
	enum err code;

	TRY(archive_waiting_path(issuing->config, issuing->root->name,
	    waiting, sizeof(waiting), err));
	TRY(file_find(waiting, &found, err));
	if (!found)
		return ERR_OK;
	code = judge_waiting(issuing, waiting, &is_good, &why);
	if (code == ERR_IO || code == ERR_PERMISSIONS)
		return err_copy(err, &why);
	if (code != ERR_OK || !is_good) {
		notice(issuing->notices, "%s was left by an interruption and "
		    "is not taken: %s", waiting, why.code != ERR_OK ?
		    why.what : "it is not what would be signed now");
		return ERR_OK;
	}
	issuing_describe(issuing, &issued);
	TRY(issuing_take_waiting(issuing, waiting, &issued, err));
	notice(issuing->notices, "%s was signed before the interruption, and "
	    "is taken", issued.path);
	*out = issued;
	*is_done = true;
	return ERR_OK;
}

/* The current CRL, as issue_root would have told of it. */
static enum err
describe_last(struct issuing *issuing, struct issued *out, struct error *err)
{
	struct archived *last = &issuing->last;
	struct calendar calendar;
	struct crl_facts facts;

	*out = (struct issued){
	    .number = last->number,
	    .this_update_s = last->crl.this_update.at_s,
	    .next_update_s = last->crl.next_update.at_s,
	    .dropped_count = issuing->reserved_drops};
	TRY(file_join(out->path, sizeof(out->path), "", last->path, err));
	TRY(crl_facts_of(&last->crl, &facts, err));
	calendar_read(issuing->history, issuing->root, &last->number,
	    out->this_update_s, &calendar);
	out->revoked_count = facts.revoked_count;
	memcpy(out->sha256, facts.sha256, SHA256_SIZE);
	out->next_ceremony_s = calendar.next_ceremony_s;
	out->is_emergency = calendar.is_emergency;
	memcpy(out->why, calendar.why, sizeof(out->why));
	return ERR_OK;
}

enum err
issue_finished(struct history *history, const struct config_root *root,
    const struct number *since, int64_t now_s, const char *who,
    struct issued *out, bool *found, struct notices *notices,
    struct error *err)
{
	const struct issue_options options = {.now_s = now_s, .who = who};
	RELEASE_ISSUING struct issuing issuing = {
	    .history = history, .config = history->config, .root = root,
	    .options = &options,
	    .notices = notices, .last = ARCHIVED_NONE};

	*found = false;
	TRY(issuing_load_history(&issuing, err));
	if (!issuing.has_last || !issuing.has_reserved || (since != NULL &&
	    number_compare(&issuing.last.number, since) <= 0) ||
	    number_compare(&issuing.last.number, &issuing.reserved) != 0)
		return ERR_OK;
	TRY(recorded_make_up(&issuing.recorded, history, now_s, who, notices,
	    err));
	TRY(describe_last(&issuing, out, err));
	*found = true;
	return ERR_OK;
}
