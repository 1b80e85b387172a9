/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "root/airgap.h"
#include "root/clock_evidence.h"
#include "root/crlnumber.h"
#include "root/issue_rules.h"
#include "site/certfile.h"

/* The highest number that was ever reserved for this root. */
static enum err
note_intent(void *context, const struct ledger_line *line, struct error *err)
{
	struct issuing *issuing = context;

	(void)err;
	if (!line->has_number ||
	    strcmp(line->root, issuing->root->name) != 0)
		return ERR_OK;
	if (issuing->has_last && strcmp(line->event, "issue-intent") != 0 &&
	    number_compare(&line->number, &issuing->last.number) == 0)
		issuing->is_last_recorded = true;
	if (!issuing->has_intent ||
	    number_compare(&line->number, &issuing->intent) > 0)
		issuing->intent = line->number;
	issuing->has_intent = true;
	return ERR_OK;
}

static enum err
load_certificate(struct issuing *issuing, struct error *err)
{
	const char *path = issuing->root->certificate;
	enum err code;

	code = certfile_load(path, &issuing->cert, err);
	if (code != ERR_OK)
		return code;
	code = cert_check_signs_crls(issuing->cert, err);
	return code == ERR_OK ? code : err_about(err, path);
}

enum err
issuing_load(struct issuing *issuing, struct error *err)
{
	const struct config_root *root = issuing->root;
	enum err code;

	if (root->signing == NULL)
		return err_fail(err, ERR_CONFIG, "%s:%u: %s: want a group "
		    "\"signing\" to issue with, have none",
		    issuing->config->path, root->line, root->name);
	code = load_certificate(issuing, err);
	if (code == ERR_OK)
		code = archive_open_last(issuing->config, root->name,
		    issuing->cert, &issuing->last, &issuing->has_last,
		    issuing->notices, err);
	if (code == ERR_OK)
		code = ledger_read(issuing->config, note_intent, issuing,
		    &issuing->ledger, err);
	if (code == ERR_OK)
		code = index_load(root->signing->index, &issuing->index, err);
	return code;
}

void
issuing_release(struct issuing *issuing)
{
	cert_free(issuing->cert);
	index_release(&issuing->index);
	archived_release(&issuing->last);
	lost_release(&issuing->lost);
}

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

static enum err
check_last(struct issuing *issuing, struct error *err)
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

static enum err
check_clock(const struct issuing *issuing, struct error *err)
{
	const struct issue_options *options = issuing->options;
	RELEASE_CLOCK_EVIDENCES struct clock_evidences evidences = {0};
	char id[96], digits[NUMBER_TEXT_SIZE];
	enum err code;

	code = clock_evidence_add(&evidences, issuing->cert->not_before_s, "",
	    "the root certificate's notBefore", err);
	if (code == ERR_OK && issuing->has_last) {
		number_format(&issuing->last.number, 0, digits);
		snprintf(id, sizeof(id), "crl-%s", digits);
		code = clock_evidence_add(&evidences,
		    issuing->last.crl.this_update.at_s, id,
		    "the last CRL's thisUpdate", err);
	}
	if (code == ERR_OK && issuing->ledger.count > 0)
		code = clock_evidence_add(&evidences,
		    issuing->ledger.latest_s, "", "the ledger's latest line",
		    err);
	if (code != ERR_OK)
		return code;
	return clock_check(&evidences, &issuing->root->schedule,
	    options->now_s, options->utc_offset_s, options->confirmed_s, err);
}

/* The largest of what the sources say comes next. */
static enum err
choose_number(struct issuing *issuing, struct error *err)
{
	const char *path = issuing->root->signing->crlnumber;
	struct number next = number_from_u64(0);
	struct number after;
	bool found;
	enum err code;

	if (issuing->has_last)
		next = issuing->last.number;
	if (issuing->has_intent && number_compare(&issuing->intent, &next) > 0)
		next = issuing->intent;
	if (!number_increment(&next))
		return err_fail(err, ERR_FORMAT, "%s: want a number up to "
		    "2^159-1, have reached the end", issuing->root->name);
	code = crlnumber_load(path, &found, &after, err);
	if (code != ERR_OK)
		return code;
	if (!found && file_exists(path))
		notice(issuing->notices, "%s holds no number: it is made "
		    "again from the archive and the ledger", path);
	else if (!found)
		notice(issuing->notices, "%s is missing: it is made", path);
	else if (number_compare(&after, &next) >= 0)
		next = after;
	else if (issuing->has_last)
		notice(issuing->notices, "%s lies behind the archive: it is "
		    "moved forward", path);
	issuing->number = next;
	return ERR_OK;
}

static enum err
choose_dates(struct issuing *issuing, struct error *err)
{
	const struct config_root *root = issuing->root;
	int64_t this_s = utc_subtract(issuing->options->now_s,
	    &root->signing->backdate);
	int64_t next_s;
	char end[UTC_TEXT_SIZE];

	if (this_s < issuing->cert->not_before_s)
		this_s = issuing->cert->not_before_s;
	if (issuing->has_last &&
	    this_s <= issuing->last.crl.this_update.at_s)
		this_s = issuing->last.crl.this_update.at_s + 1;
	next_s = utc_add(this_s, &root->schedule.validity);
	utc_format(issuing->cert->not_after_s, end);
	if (this_s >= issuing->cert->not_after_s)
		return err_fail(err, ERR_EXPIRED, "%s: want a root that is "
		    "valid, have one that ended on %s", root->name, end);
	if (next_s > issuing->cert->not_after_s) {
		next_s = issuing->cert->not_after_s;
		notice(issuing->notices, "%s: nextUpdate is cut to the end of "
		    "the root certificate, %s", root->name, end);
	}
	issuing->this_update_s = this_s;
	issuing->next_update_s = next_s;
	return ERR_OK;
}

enum err
issuing_judge(struct issuing *issuing, struct error *err)
{
	enum err code;

	code = check_last(issuing, err);
	if (code == ERR_OK)
		code = check_clock(issuing, err);
	if (code == ERR_OK)
		code = airgap_check(issuing->config, issuing->notices, err);
	if (code == ERR_OK)
		code = choose_number(issuing, err);
	if (code == ERR_OK)
		code = choose_dates(issuing, err);
	return code;
}
