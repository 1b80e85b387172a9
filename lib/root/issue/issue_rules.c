/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>

#include "ca/crlnumber.h"
#include "ca/index_crl.h"
#include "root/evidence/vanished.h"
#include "root/history/admission.h"
#include "root/history/waived.h"
#include "root/issue/airgap.h"
#include "root/issue/issue_rules.h"
#include "site/certfile.h"

/* Entries that neither CRL lists: those that a note has proven come last. */
static enum err
add_proven(struct issuing *issuing, struct error *err)
{
	const struct buffer *proven = &issuing->proven.drops;
	const struct ledger_drop *list = (const void *)proven->data;
	struct buffer *drops = &issuing->lost.drops;

	for (size_t i = 0; i < proven->size / sizeof(*list); i++) {
		if (!ledger_drops_have(drops, list[i].serial))
			TRY(buffer_append(drops, &list[i], sizeof(*list),
			    err));
	}
	return ERR_OK;
}

static enum err
check_pending(const struct issuing *issuing, struct error *err)
{
	return pending_check(issuing->history, issuing->root,
	    issuing->root->signing->index, &issuing->index,
	    issuing->options->acknowledged, err);
}

/*
 * Every entry of the last CRL must be in the new set, unless there is a
 * reason to leave it out; and so must what the ledger has recorded since.
 */
static enum err
check_lost(struct issuing *issuing, struct error *err)
{
	struct lost *lost = &issuing->lost;

	lost->root = issuing->root;
	lost->subject = lost->index = issuing->root->signing->index;
	lost->acknowledged = issuing->options->acknowledged;
	if (!issuing->has_last)
		return check_pending(issuing, err);
	lost->last_s = issuing->last.crl.this_update.at_s;
	/* If that is still to come, none has expired before it. */
	if (lost->last_s > issuing->options->now_s)
		lost->last_s = issuing->options->now_s;
	TRY(index_crl_compare(&issuing->index, &issuing->last.crl, NULL,
	    lost_add, lost, err));
	TRY(lost_offer_adopt(lost, issuing->history->config,
	    issuing->root->name, issuing->last.path, err));
	TRY(lost_check(lost, err));
	TRY(add_proven(issuing, err));
	return check_pending(issuing, err);
}

/* A delta CRL, or a part, does not tell all that must be kept. */
static enum err
check_scope(const struct issuing *issuing, struct error *err)
{
	const bool is_first = issuing->options->is_first;
	enum err code;

	code = admission_check_scope(issuing->root, issuing->cert,
	    &issuing->last.crl, issuing->notices, err);
	if (code == ERR_OK && is_first)
		notice(issuing->notices, "%s: --first has no effect: there "
		    "is a last CRL", issuing->root->name);
	if (code == ERR_OK || (is_first && code != ERR_IO))
		return ERR_OK;
	return admission_way_out(issuing->history->config, issuing->root,
	    &issuing->last.crl, err_about(err, code, issuing->last.path), err);
}

/* There is a last CRL, or the operator says that there is none. */
static enum err
check_first(const struct issuing *issuing, struct error *err)
{
	const char *option = config_option(issuing->history->config);
	const char *root = issuing->root->name;

	if (issuing->has_last)
		return check_scope(issuing, err);
	if (issuing->options->is_first)
		return ERR_OK;
	return err_remedy(err, err_fail(err, ERR_MISSING, "%s: there is no "
	    "last CRL whose revocations could be kept", root),
	    "take it: crlferry-root adopt%s %s FILE; if there never was one: "
	    "crlferry-root issue%s --first %s", option, root, option, root);
}

/* crlnumber must be able to say what comes next. */
static enum err
refuse_end(const struct issuing *issuing, struct error *err)
{
	return err_remedy(err, err_fail(err, ERR_FORMAT, "%s: the CRL numbers "
	    "have come to their end, 2^159-1", issuing->root->name),
	    "correct %s, if it leapt ahead; if a CRL has that number already, "
	    "see RECOVERING in crlferry-root(1)",
	    issuing->root->signing->crlnumber);
}

/*
 * The largest of what the sources say comes next.  A number that a note proves
 * need not be asked for here: one above the archive's was refused before.
 */
static enum err
choose_number(struct issuing *issuing, struct error *err)
{
	const char *path = issuing->root->signing->crlnumber;
	struct number next = number_from_u64(0);
	struct number after;
	bool found;

	if (issuing->has_last)
		next = issuing->last.number;
	if (issuing->has_known && number_compare(&issuing->known, &next) > 0)
		next = issuing->known;
	if (issuing->proven.has_number &&
	    number_compare(&issuing->proven.number, &next) > 0)
		next = issuing->proven.number;
	if (!number_increment(&next))
		return refuse_end(issuing, err);
	TRY(crlnumber_load(path, &found, &after, issuing->notices, err));
	if (!found)
		notice(issuing->notices, "%s is missing; it will be made",
		    path);
	else if (number_compare(&after, &next) >= 0)
		next = after;
	else if (issuing->has_last)
		notice(issuing->notices, "%s lies behind the archive; it will "
		    "be moved forward", path);
	/* A CRL that was given up may lie anywhere: no twin of it is signed. */
	while (waived_has_number(issuing->history, issuing->root->name,
	    &next)) {
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

static void
keep_first(void *context, const struct lint_finding *finding)
{
	struct first_finding *first = context;
	char *text = finding->severity == LINT_ERROR ? first->text :
	    first->warning;

	if (finding->severity != LINT_NOTICE && text[0] == '\0')
		snprintf(text, sizeof(first->text), "%s: %s (%s)",
		    finding->id, finding->text, finding->source);
}

enum err
issuing_about_digest(const struct issuing *issuing, enum err code,
    struct error *err)
{
	const struct config_root *root = issuing->root;

	if (code != ERR_ALGORITHM || root->signing->digest == NULL)
		return code;
	return err_remedy(err, code, "remove or correct the line \"digest\" "
	    "of root %s (%s:%u)", root->name, issuing->history->config->path,
	    root->line);
}

/* The profile's name was checked with the configuration. */
struct lint
first_finding_lint(const struct config_root *root,
    struct first_finding *first)
{
	struct lint lint = {.found = keep_first, .context = first};

	if (!lint_profile_parse(root->profile, &lint.profile))
		lint.profile = LINT_RFC5280;
	return lint;
}

enum err
issuing_judge_findings(const struct issuing *issuing, const struct lint *lint,
    const struct first_finding *first, struct error *err)
{
	if (lint->errors == 0)
		return ERR_OK;
	return err_remedy(err, err_fail(err, ERR_FORMAT, "%s: the CRL does "
	    "not pass profile %s: %s", issuing->root->name,
	    issuing->root->profile, first->text), "correct %s, or set another "
	    "profile for the root in %s", issuing->root->signing->index,
	    issuing->history->config->path);
}

struct crlwrite
issuing_list(const struct issuing *issuing)
{
	return (struct crlwrite){
	    .root = issuing->cert, .index = &issuing->index,
	    .number = issuing->number,
	    .this_update_s = issuing->this_update_s,
	    .next_update_s = issuing->next_update_s,
	    .microsoft = issuing_microsoft(issuing)};
}

enum err
issuing_lint_unsigned(const struct issuing *issuing, struct crlwrite *crl,
    struct error *err)
{
	struct first_finding first = {.text = ""};
	struct lint lint = first_finding_lint(issuing->root, &first);

	TRY(crlwrite_prepare(crl, err));
	TRY(crlwrite_lint(crl, &lint, err));
	TRY(issuing_judge_findings(issuing, &lint, &first, err));
	if (first.warning[0] != '\0')
		notice(issuing->notices, "%s: %s%s", issuing->root->name,
		    first.warning, lint.warnings > 1 ? ", and more such: "
		    "crlferry-root lint shows all of the CRL" : "");
	issuing_note_size(issuing, crl);
	return ERR_OK;
}

/* Is this serial on the new list, and not on the last one? */
static enum err
is_added(struct issuing *issuing, struct span serial, bool *result,
    struct error *err)
{
	struct index_search search = {0};
	struct crl_survey survey;
	size_t at;

	*result = index_find(&issuing->index, &search, serial, &at);
	if (!*result || !issuing->has_last)
		return ERR_OK;
	TRY(crl_survey_lax(&issuing->last.crl, &serial, &survey, err));
	*result = !survey.has_wanted;
	return ERR_OK;
}

/* The linter cannot tell whose certificate an entry is; here it is known. */
static void
note_reason(const struct issuing *issuing,
    const struct config_subordinate *subordinate, struct span serial)
{
	struct revocation revocation;
	size_t offset = 0;

	if (strcmp(issuing->root->profile, "br") != 0)
		return;
	while (index_next(&issuing->index, &offset, &revocation)) {
		if (!span_equals(revocation.serial, serial))
			continue;
		if (revocation.reason < 0)
			notice(issuing->notices, "%s/%s: profile br wants the "
			    "revocation of a CA to say why (BR 7.2.2), and %s "
			    "does not", issuing->root->name,
			    subordinate->name, issuing->root->signing->index);
		return;
	}
}

/*
 * Say loudly which configured subordinates the new list adds, and learn where
 * Windows looks for it.
 */
static enum err
look_at_subordinates(struct issuing *issuing, struct error *err)
{
	const struct config_root *root = issuing->root;

	for (size_t i = 0; i < root->subordinate_count; i++) {
		const struct config_subordinate *subordinate =
		    &root->subordinates[i];
		FREE_CERT struct cert *cert = NULL;
		struct error why;
		bool is_hit = false;

		if (subordinate->certificate == NULL)
			continue;
		/* A certificate that cannot be read stops no CRL. */
		if (certfile_load(subordinate->certificate, &cert, &why) !=
		    ERR_OK) {
			notice_safety(issuing->notices, "cannot tell whether "
			    "this CRL revokes the certificate of %s: %s",
			    subordinate->name, why.what);
			continue;
		}
		/* By name: a rehearsal's root has another key. */
		if (name_equals(cert->issuer, issuing->cert->subject)) {
			note_reason(issuing, subordinate, cert->serial);
			TRY(issuing_add_locations(issuing, subordinate, cert,
			    err));
			TRY(is_added(issuing, cert->serial, &is_hit, err));
		}
		if (is_hit)
			notice_safety(issuing->notices, "%s/%s: ITS "
			    "CERTIFICATE IS REVOKED: %s stops when this CRL is "
			    "installed%s", root->name, subordinate->name,
			    subordinate->name, subordinate->is_retired ?
			    "; it is marked retired" : "");
	}
	return ERR_OK;
}

struct evidence_request
issuing_evidence(const struct issuing *issuing)
{
	return (struct evidence_request){
	    .history = issuing->history, .root = issuing->root,
	    .cert = issuing->cert,
	    .last = issuing->has_last ? &issuing->last : NULL,
	    .now_s = issuing->options->now_s,
	    .discarded = issuing->options->discarded};
}

static enum err
check_proofs(struct issuing *issuing, struct error *err)
{
	const struct proofs_request request = {
	    .history = issuing->history, .root = issuing->root,
	    .cert = issuing->cert, .index = &issuing->index,
	    .last = issuing->has_last ? &issuing->last : NULL,
	    .discarded = issuing->options->discarded,
	    .acknowledged = issuing->options->acknowledged};

	/* If a note has brought back what is lost, its file is named. */
	TRY(proofs_check(&request, &issuing->proven, issuing->notices, err));
	return vanished_check(issuing->history, issuing->root, request.last,
	    request.discarded, err);
}

static enum err
check_clock(struct issuing *issuing, struct error *err)
{
	const struct issue_options *options = issuing->options;
	const struct evidence_request request = issuing_evidence(issuing);
	RELEASE_CLOCK_EVIDENCES struct clock_evidences evidences = {0};

	/* The notices about notes came with the proofs. */
	TRY(evidence_gather(&request, &evidences, &issuing->is_last_discarded,
	    NULL, err));
	return clock_check(&evidences, &issuing->root->schedule, options->now_s,
	    options->utc_offset_s, options->confirmed_s, err);
}

/*
 * The order is that of the most useful refusal.  A root restored from backup
 * has lost revocations too, and to adopt the newer CRL brings them back;
 * which certificates have expired is known if the clock is right.
 */
enum err
issuing_judge(struct issuing *issuing, struct error *err)
{

	recorded_warn(&issuing->recorded, issuing->notices);
	TRY(check_proofs(issuing, err));
	TRY(check_first(issuing, err));
	TRY(check_clock(issuing, err));
	TRY(check_lost(issuing, err));
	TRY(airgap_check(issuing->history->config,
	    issuing->options->is_gap_known ? NULL : issuing->notices, err));
	TRY(choose_number(issuing, err));
	TRY(issuing_choose_dates(issuing, err));
	TRY(look_at_subordinates(issuing, err));
	issuing_note_microsoft(issuing);
	return ERR_OK;
}
