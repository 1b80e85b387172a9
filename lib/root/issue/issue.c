/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "ca/crlnumber.h"
#include "ferry/admit.h"
#include "root/evidence/clock_evidence.h"
#include "root/history/calendar.h"
#include "root/issue/issue_rules.h"

void
issuing_describe(const struct issuing *issuing, struct issued *out)
{
	*out = (struct issued){
	    .number = issuing->number,
	    .this_update_s = issuing->this_update_s,
	    .next_update_s = issuing->next_update_s,
	    .revoked_count = issuing->index.count,
	    .dropped_count = issuing->lost.drops.size /
		sizeof(struct ledger_drop),
	    .is_emergency = issuing->is_emergency};
	if (issuing->is_emergency)
		snprintf(out->why, sizeof(out->why), "%s", issuing->why);
	out->next_ceremony_s = issuing_next_ceremony(issuing);
}

/* An older CRL with the same entries verifies too, but is not this one. */
static enum err
check_stamps(const struct crl *crl, const char *path,
    const struct issued *issued, struct error *err)
{
	char meant[NUMBER_TEXT_SIZE], number[NUMBER_TEXT_SIZE] = "none";
	char meant_at[UTC_TEXT_SIZE], at[UTC_TEXT_SIZE];

	if (crl->has_number &&
	    number_compare(&crl->number, &issued->number) == 0 &&
	    crl->this_update.at_s == issued->this_update_s &&
	    crl->has_next_update &&
	    crl->next_update.at_s == issued->next_update_s)
		return ERR_OK;
	number_format(&issued->number, 0, meant);
	utc_format(issued->this_update_s, meant_at);
	if (crl->has_number)
		number_format(&crl->number, 0, number);
	utc_format(crl->this_update.at_s, at);
	return err_fail(err, ERR_IO, "%s: CRL #%s of %s was signed, and CRL "
	    "#%s of %s is read back: nothing was archived; the disk is bad",
	    path, meant, meant_at, number, at);
}

/* Has it the extensions that the list to sign has, octet for octet? */
static enum err
compare_extensions(const struct issuing *issuing, const struct crl *crl,
    bool *is_same, struct error *err)
{
	const struct crlwrite list = issuing_list(issuing);
	RELEASE_BUFFER struct buffer want = {0};

	TRY(crlwrite_extensions(&list, &want, err));
	*is_same = crl->tail.size > want.size &&
	    memcmp(crl->tail.data, want.data, want.size) == 0;
	return ERR_OK;
}

/* Read it back from disk, by code that did not write it. */
static enum err
verify_waiting(const struct issuing *issuing, const char *path,
    struct issued *issued, struct error *err)
{
	RELEASE_ARCHIVED struct archived waiting = ARCHIVED_NONE;
	struct first_finding first = {.text = ""};
	struct lint lint = first_finding_lint(issuing->root, &first);
	struct crl_survey survey;
	bool is_same;

	TRY(archived_open(path, issuing->cert, &waiting, err));
	TRY(check_stamps(&waiting.crl, path, issued, err));
	TRY(crl_survey(&waiting.crl, NULL, &survey, err));
	TRY(compare_extensions(issuing, &waiting.crl, &is_same, err));
	if (survey.count != issuing->index.count || !is_same)
		return err_remedy(err, err_fail(err, ERR_FORMAT, "%s: a CRL of "
		    "%zu entries was signed, and one of %llu, or with other "
		    "extensions, is read back: nothing was archived", path,
		    issuing->index.count, (unsigned long long)survey.count),
		    "check the disk and the system log, then try again");
	/* The signature was verified when it was opened. */
	TRY(lint_crl(&lint, &waiting.window, NULL, err));
	TRY(issuing_judge_findings(issuing, &lint, &first, err));
	return window_sha256(&waiting.window, issued->sha256, err);
}

static enum err
append_event(const struct issuing *issuing, struct ledger_event *event,
    struct error *err)
{
	event->root = issuing->root->name;
	if (event->number == NULL)
		event->number = &issuing->number;
	event->at_s = issuing->options->now_s;
	event->who = issuing->options->who;
	return history_append(issuing->history, event, issuing->notices, err);
}

/*
 * From here on the number is used up, whatever happens.  What it drops is
 * entered now: a crash right after the CRL became the current one must not
 * cost the subordinates the reason.
 */
static enum err
reserve(const struct issuing *issuing, struct error *err)
{
	struct ledger_event intent = {
	    .event = "issue-intent",
	    .dropped = (const void *)issuing->lost.drops.data,
	    .dropped_count = issuing->lost.drops.size /
		sizeof(struct ledger_drop)};

	ledger_mark_emergency(&intent, issuing->is_emergency, issuing->why);
	TRY(recorded_make_up(&issuing->recorded, issuing->history,
	    issuing->options->now_s, issuing->options->who, issuing->notices,
	    err));
	TRY(append_event(issuing, &intent, err));
	return crlnumber_save(issuing->root->signing->crlnumber,
	    &issuing->after, err);
}

static enum err
record(const struct issuing *issuing, const struct issued *issued,
    struct error *err)
{
	char digest[SHA256_HEX_SIZE];
	char this_update[UTC_TEXT_SIZE];
	char next_update[UTC_TEXT_SIZE];
	char revoked[24];
	struct ledger_event event = {
	    .event = "issue",
	    .details = {{"sha256", digest}, {"this_update", this_update},
		{"next_update", next_update}, {"revoked", revoked}}};

	sha256_hex(issued->sha256, digest);
	utc_format(issued->this_update_s, this_update);
	utc_format(issued->next_update_s, next_update);
	snprintf(revoked, sizeof(revoked), "%llu",
	    (unsigned long long)issued->revoked_count);
	ledger_mark_emergency(&event, issued->is_emergency, issued->why);
	return append_event(issuing, &event, err);
}

/*
 * Read the waiting CRL back from disk, verify and judge it, archive it and
 * enter it in the ledger.  One that fails is removed.
 */
static enum err
take_waiting(const struct issuing *issuing, const char *path,
    struct issued *issued, struct error *err)
{
	enum err code;

	code = verify_waiting(issuing, path, issued, err);
	if (code == ERR_OK)
		code = archive_admit(issuing->history->config,
		    issuing->root->name, &issued->number, issued->path,
		    sizeof(issued->path), err);
	if (code != ERR_OK) {
		unlink(path);
		return code;
	}
	return record(issuing, issued, err);
}

static enum err
write_waiting(const struct crlwrite *crl, struct signer *signer,
    const char *path, struct error *err)
{
	ABORT_WRITER struct file_writer writer = FILE_WRITER_NONE;

	TRY(file_writer_open(&writer, path, 0644, err));
	TRY(crlwrite_sign(crl, signer, &writer, err));
	return file_writer_commit(&writer, err);
}

static enum err
issue_judged(struct issuing *issuing, struct issued *out, struct error *err)
{
	const struct config_signing *signing = issuing->root->signing;
	FREE_SIGNER struct signer *signer = NULL;
	RELEASE_CRLWRITE struct crlwrite crl = issuing_list(issuing);
	struct issued issued;
	char waiting[4096];
	enum err code;

	TRY(issuing_about_digest(issuing, signer_open(signing->key,
	    issuing->cert, signing->digest, issuing->options->passphrases,
	    &signer, err), err));
	crl.algorithm = signer_identifier(signer);
	TRY(issuing_lint_unsigned(issuing, &crl, err));
	issuing_describe(issuing, &issued);
	TRY(archive_waiting_path(issuing->history->config, issuing->root->name,
	    waiting, sizeof(waiting), err));
	TRY(reserve(issuing, err));
	code = write_waiting(&crl, signer, waiting, err);
	if (code != ERR_OK) {
		unlink(waiting);
		return code;
	}
	TRY(take_waiting(issuing, waiting, &issued, err));
	*out = issued;
	return ERR_OK;
}

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
	struct issuing signed_before = *issuing;

	*is_good = false;
	TRY(archived_open(path, issuing->cert, &waiting, err));
	if (!is_reserved(issuing, crl) || !is_timely(issuing, crl))
		return ERR_OK;
	TRY(compare_entries(issuing, &waiting.crl, is_good, err));
	if (!*is_good)
		return ERR_OK;
	signed_before.number = issuing->reserved;
	signed_before.is_emergency = issuing->is_reserved_emergency;
	signed_before.why = issuing->reserved_why;
	signed_before.this_update_s = crl->this_update.at_s;
	signed_before.next_update_s = crl->next_update.at_s;
	TRY(compare_extensions(&signed_before, crl, is_good, err));
	if (*is_good)
		*issuing = signed_before;
	return ERR_OK;
}

/*
 * Take the CRL that an interruption left waiting, if it is the one that
 * would be signed now, under the number that was reserved last; *is_done tells
 * whether it was.
 */
static enum err
resume(struct issuing *issuing, struct issued *out, bool *is_done,
    struct error *err)
{
	char waiting[4096];
	struct issued issued;
	struct error why = {0};
	bool found, is_good;
	enum err code;

	TRY(archive_waiting_path(issuing->history->config, issuing->root->name,
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
	TRY(take_waiting(issuing, waiting, &issued, err));
	notice(issuing->notices, "%s was signed before the interruption, and "
	    "is taken", issued.path);
	*out = issued;
	*is_done = true;
	return ERR_OK;
}

/* Evidence that is discarded stays so, whatever comes of this issue. */
static enum err
record_discarded(const struct issuing *issuing, struct error *err)
{
	const struct issue_options *options = issuing->options;
	const struct evidence_request request = issuing_evidence(issuing);

	if (options->discarded == NULL || options->discarded->count == 0)
		return ERR_OK;
	return evidence_record(&request, options->why, options->who,
	    issuing->notices, err);
}

enum err
issue_root(struct history *history, const struct config_root *root,
    const struct issue_options *options, struct issued *out,
    struct notices *notices, struct error *err)
{
	RELEASE_ISSUING struct issuing issuing = issuing_of(history, root,
	    options, notices);
	bool is_done = false;

	TRY(issuing_load(&issuing, err));
	TRY(record_discarded(&issuing, err));
	TRY(issuing_judge(&issuing, err));
	if (options->is_resuming)
		TRY(resume(&issuing, out, &is_done, err));
	if (!is_done)
		TRY(issue_judged(&issuing, out, err));
	return ERR_OK;
}

/* The current CRL, as issue_root would have described it. */
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
	out->next_ceremony_s = calendar.next_ceremony_s <
	    issuing->cert->not_after_s ? calendar.next_ceremony_s : 0;
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
	RELEASE_ISSUING struct issuing issuing = issuing_of(history, root,
	    &options, notices);

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
