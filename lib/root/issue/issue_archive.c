/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <unistd.h>

#include "ca/crlnumber.h"
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
	out->next_ceremony_s = calendar_foresee(issuing->history,
	    issuing->root, out->this_update_s, out->is_emergency);
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

/* Read it back from disk, by code that did not write it. */
static enum err
verify_waiting(const struct issuing *issuing, const char *path,
    struct issued *issued, struct error *err)
{
	RELEASE_ARCHIVED struct archived waiting = ARCHIVED_NONE;
	struct first_finding first = {.text = ""};
	struct lint lint = issuing_lint(issuing, &first);
	struct crl_survey survey;

	TRY(archived_open(path, issuing->cert, &waiting, err));
	TRY(check_stamps(&waiting.crl, path, issued, err));
	TRY(crl_survey(&waiting.crl, NULL, &survey, err));
	if (survey.count != issuing->index.count ||
	    !span_equals(waiting.crl.aki_key_id, (struct span){
	    issuing->cert->key_id, issuing->cert->key_id_size}))
		return err_fail(err, ERR_FORMAT, "%s: want %zu entries and "
		    "the root's key id, have %llu entries or another key id",
		    path, issuing->index.count,
		    (unsigned long long)survey.count);
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

enum err
issuing_reserve(const struct issuing *issuing, struct error *err)
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

enum err
issuing_take_waiting(const struct issuing *issuing, const char *path,
    struct issued *issued, struct error *err)
{
	enum err code;

	code = verify_waiting(issuing, path, issued, err);
	if (code == ERR_OK)
		code = archive_admit(issuing->config, issuing->root->name,
		    &issued->number, issued->path, sizeof(issued->path), err);
	if (code != ERR_OK) {
		unlink(path);
		return code;
	}
	return record(issuing, issued, err);
}
