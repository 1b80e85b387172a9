/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <unistd.h>

#include "base/file.h"
#include "root/crlnumber.h"
#include "root/crlwrite.h"
#include "root/issue_rules.h"

/* The first finding that is an error, kept for the message. */
struct first_finding {
	char text[384];
};

static void
keep_first(void *context, const struct lint_finding *finding)
{
	struct first_finding *first = context;

	if (finding->severity == LINT_ERROR && first->text[0] == '\0')
		snprintf(first->text, sizeof(first->text), "%s: %s (%s)",
		    finding->id, finding->text, finding->source);
}

/* The profile's name was checked with the configuration. */
static struct lint
start_lint(const struct issuing *issuing, struct first_finding *first)
{
	struct lint lint = {.found = keep_first, .context = first};

	if (!lint_profile_parse(issuing->root->profile, &lint.profile))
		lint.profile = LINT_RFC5280;
	return lint;
}

static enum err
judge_findings(const struct issuing *issuing, const struct lint *lint,
    const struct first_finding *first, struct error *err)
{
	if (lint->errors == 0)
		return ERR_OK;
	return err_fail(err, ERR_FORMAT, "%s: want a CRL that passes profile "
	    "%s, have %s", issuing->root->name, issuing->root->profile,
	    first->text);
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
	return ledger_append(issuing->config, event, issuing->notices, err);
}

/* A crash after the last CRL was archived has cost it its line: made up for. */
static enum err
record_last(const struct issuing *issuing, struct error *err)
{
	char this_update[UTC_TEXT_SIZE];
	struct ledger_event late = {
	    .event = "issue", .number = &issuing->last.number,
	    .details = {{"this_update", this_update},
		{"recorded", "late, after an interruption"}}};

	if (!issuing->has_last || issuing->is_last_recorded)
		return ERR_OK;
	utc_format(issuing->last.crl.this_update.at_s, this_update);
	notice(issuing->notices, "%s: the ledger lacked a line, its issue was "
	    "interrupted: entered now", issuing->last.path);
	return append_event(issuing, &late, err);
}

/*
 * From here on the number is used up, whatever happens.  What it drops is
 * entered now: a crash right after the CRL became the current one must not
 * cost the subordinates the reason.
 */
static enum err
reserve_number(const struct issuing *issuing, struct error *err)
{
	struct ledger_event intent = {
	    .event = "issue-intent",
	    .dropped = (const void *)issuing->lost.drops.data,
	    .dropped_count = issuing->lost.drops.size /
		sizeof(struct ledger_drop)};
	struct number next = issuing->number;
	enum err code;

	if (!number_increment(&next))
		return err_fail(err, ERR_FORMAT, "%s: want a number below "
		    "2^159-1, have reached the end", issuing->root->name);
	code = record_last(issuing, err);
	if (code == ERR_OK)
		code = append_event(issuing, &intent, err);
	if (code == ERR_OK)
		code = crlnumber_save(issuing->root->signing->crlnumber,
		    &next, err);
	return code;
}

static enum err
write_waiting(const struct crlwrite *crl, struct signer *signer,
    const char *path, struct error *err)
{
	ABORT_WRITER struct file_writer writer = FILE_WRITER_NONE;
	enum err code;

	code = file_writer_open(&writer, path, 0644, err);
	if (code == ERR_OK)
		code = crlwrite_sign(crl, signer, &writer, err);
	if (code == ERR_OK)
		code = file_writer_commit(&writer, err);
	return code;
}

/* Read it back from disk, by code that did not write it. */
static enum err
verify_waiting(const struct issuing *issuing, const char *path,
    uint8_t sha256[SHA256_SIZE], struct error *err)
{
	RELEASE_ARCHIVED struct archived waiting = ARCHIVED_NONE;
	struct first_finding first = {.text = ""};
	struct lint lint = start_lint(issuing, &first);
	struct crl_survey survey;
	enum err code;

	code = archived_open(path, issuing->cert, &waiting, err);
	if (code == ERR_OK)
		code = crl_survey(&waiting.crl, NULL, &survey, err);
	if (code != ERR_OK)
		return code;
	if (survey.count != issuing->index.count ||
	    !span_equals(waiting.crl.aki_key_id, (struct span){
	    issuing->cert->key_id, issuing->cert->key_id_size}))
		return err_fail(err, ERR_FORMAT, "%s: want %zu entries and "
		    "the root's key id, have %llu entries", path,
		    issuing->index.count, (unsigned long long)survey.count);
	/* The signature was verified when it was opened. */
	code = lint_crl(&lint, &waiting.window, NULL, err);
	if (code == ERR_OK)
		code = judge_findings(issuing, &lint, &first, err);
	if (code == ERR_OK)
		code = window_sha256(&waiting.window, sha256, err);
	return code;
}

static enum err
record_issue(const struct issuing *issuing, const struct issued *issued,
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

	hex_encode((struct span){issued->sha256, SHA256_SIZE}, digest,
	    sizeof(digest));
	utc_format(issued->this_update_s, this_update);
	utc_format(issued->next_update_s, next_update);
	snprintf(revoked, sizeof(revoked), "%llu",
	    (unsigned long long)issued->revoked_count);
	return append_event(issuing, &event, err);
}

static enum err
sign_and_archive(struct issuing *issuing, const struct crlwrite *crl,
    struct signer *signer, struct issued *out, struct error *err)
{
	struct issued issued = {
	    .number = issuing->number,
	    .this_update_s = issuing->this_update_s,
	    .next_update_s = issuing->next_update_s,
	    .next_ceremony_s = schedule_after_crl(&issuing->root->schedule,
		issuing->this_update_s),
	    .revoked_count = issuing->index.count,
	    .dropped_count = issuing->lost.drops.size /
		sizeof(struct ledger_drop)};
	char waiting[4096];
	enum err code;

	code = archive_waiting_path(issuing->config, issuing->root->name,
	    waiting, sizeof(waiting), err);
	if (code == ERR_OK)
		code = reserve_number(issuing, err);
	if (code != ERR_OK)
		return code;
	code = write_waiting(crl, signer, waiting, err);
	if (code == ERR_OK)
		code = verify_waiting(issuing, waiting, issued.sha256, err);
	if (code == ERR_OK)
		code = archive_admit(issuing->config, issuing->root->name,
		    &issuing->number, issued.path, sizeof(issued.path), err);
	if (code != ERR_OK) {
		unlink(waiting);
		return code;
	}
	code = record_issue(issuing, &issued, err);
	if (code == ERR_OK)
		*out = issued;
	return code;
}

static enum err
issue_judged(struct issuing *issuing, struct issued *out, struct error *err)
{
	const struct config_signing *signing = issuing->root->signing;
	FREE_SIGNER struct signer *signer = NULL;
	RELEASE_CRLWRITE struct crlwrite crl = {
	    .root = issuing->cert, .index = &issuing->index,
	    .number = issuing->number,
	    .this_update_s = issuing->this_update_s,
	    .next_update_s = issuing->next_update_s};
	struct first_finding first = {.text = ""};
	struct lint lint = start_lint(issuing, &first);
	enum err code;

	code = signer_open(signing->key, issuing->cert, signing->digest,
	    issuing->options->passphrases, &signer, err);
	if (code != ERR_OK)
		return code;
	crl.algorithm = signer_identifier(signer);
	code = crlwrite_prepare(&crl, err);
	if (code == ERR_OK)
		code = crlwrite_lint(&crl, &lint, err);
	if (code == ERR_OK)
		code = judge_findings(issuing, &lint, &first, err);
	if (code == ERR_OK)
		code = sign_and_archive(issuing, &crl, signer, out, err);
	return code;
}

enum err
issue_root(const struct config *config, const struct config_root *root,
    const struct issue_options *options, struct issued *out,
    struct notices *notices, struct error *err)
{
	__attribute__((cleanup(issuing_release))) struct issuing issuing = {
	    .config = config, .root = root, .options = options,
	    .notices = notices, .last = ARCHIVED_NONE};
	enum err code;

	code = issuing_load(&issuing, err);
	if (code == ERR_OK)
		code = issuing_judge(&issuing, err);
	if (code == ERR_OK)
		code = issue_judged(&issuing, out, err);
	return code;
}
