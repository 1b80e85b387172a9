/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "base/file.h"
#include "base/shell_word.h"
#include "ca/crlnumber.h"
#include "pki/lint/lint.h"
#include "root/evidence/clock_gather.h"
#include "root/evidence/regressed.h"
#include "root/evidence/vanished.h"
#include "root/history/calendar.h"
#include "root/issue/adopting.h"

#define FINDINGS_SHOWN 3

/*
 * The date needs no confirmation: nothing is signed with it.  What the operator
 * discards counts from here on, whatever comes of it.
 */
static enum err
check_clock(const struct adopting *adopting,
    const struct adopt_options *options, struct error *err)
{
	const struct evidence_request request = {
	    .history = adopting->history, .root = adopting->root,
	    .cert = adopting->cert,
	    .last = adopting->has_last ? &adopting->last : NULL,
	    .now_s = adopting->now_s, .discarded = options->discarded};
	RELEASE_CLOCK_EVIDENCES struct clock_evidences evidences = {0};
	bool is_last_discarded;

	if (options->discarded != NULL && options->discarded->count > 0)
		TRY(evidence_record(&request, options->why, options->who,
		    adopting->notices, err));
	TRY(evidence_gather(&request, &evidences, &is_last_discarded,
	    adopting->notices, err));
	return clock_check(&evidences, &adopting->root->schedule,
	    adopting->now_s, 0, utc_day_start(adopting->now_s), err);
}

/* It may have expired, but not before it began: nobody could take it. */
static enum err
check_order(const struct crl_facts *facts, struct error *err)
{
	char want[UTC_TEXT_SIZE], have[UTC_TEXT_SIZE];

	if (facts->next_update_s > facts->this_update_s)
		return ERR_OK;
	utc_format(facts->this_update_s, want);
	utc_format(facts->next_update_s, have);
	return err_fail(err, ERR_EXPIRED, "nextUpdate: want a time after "
	    "thisUpdate, %s, have %s (RFC 5280 5.1.2.5)", want, have);
}

/* An archive that holds this very CRL is left from a run that was cut off. */
static enum err
check_empty(struct adopting *adopting, struct error *err)
{
	uint8_t sha256[SHA256_SIZE];

	TRY(window_sha256(&adopting->window, sha256, err));
	if (!adopting->has_last || memcmp(adopting->last_facts.sha256, sha256,
	    SHA256_SIZE) == 0)
		return ERR_OK;
	return err_remedy(err, err_fail(err, ERR_USAGE, "%s has a CRL in its "
	    "archive already, %s", adopting->root->name, adopting->last.path),
	    "to take a newer one: crlferry-root adopt%s %s FILE",
	    config_option(adopting->config), adopting->root->name);
}

static enum err
admit(struct adopting *adopting, struct error *err)
{
	RELEASE_ADMISSION struct admission admission = {
	    .rules.is_adopting = true};
	struct admit_rules *rules = &admission.rules;
	struct crl_survey survey;
	enum err code;

	TRY(admission_prepare(adopting->root, adopting->cert, &adopting->crl,
	    &admission, adopting->notices, err));
	rules->now_s = adopting->now_s;
	rules->seen = &adopting->last_facts;
	rules->seen_count = adopting->has_last ? 1 : 0;
	code = admit_crl(&adopting->crl, rules, NULL, &adopting->facts,
	    &survey, err);
	if (code == ERR_OK)
		code = check_order(&adopting->facts, err);
	TRY(err_about(err, adopting_way_out(adopting, code, err),
	    adopting->file));
	if (survey.twice[0] != '\0')
		adopting_say_twice(adopting, survey.twice);
	adopting->repeated_count = survey.repeated_count;
	adopting->is_known = adopting->has_last && memcmp(
	    adopting->facts.sha256, adopting->last_facts.sha256,
	    SHA256_SIZE) == 0;
	return ERR_OK;
}

/* Each entry of the last CRL is in this one, or there is a reason. */
static enum err
check_lost(struct adopting *adopting, const struct adopt_options *options,
    struct error *err)
{
	struct lost *lost = &adopting->lost;

	if (!adopting->has_last)
		return ERR_OK;
	lost->root = adopting->root;
	lost->subject = adopting->file;
	if (adopting->root->signing != NULL)
		lost->index = adopting->root->signing->index;
	lost->acknowledged = options->acknowledged;
	lost->last_s = adopting->last_facts.this_update_s;
	TRY(crl_compare(&adopting->last.crl, &adopting->crl, lost_add, lost,
	    err));
	TRY(buffer_append_text(&lost->way_out, "have the CA list them in its "
	    "next CRL, and take that one", err));
	TRY(lost_check(lost, err));
	adopting_say_vanishing(adopting);
	return ERR_OK;
}

/* Findings that are worth a look, and the first ones. */
struct findings {
	const struct adopting *adopting;
	size_t count;
};

static void
show_first(void *context, const struct lint_finding *finding)
{
	struct findings *findings = context;

	if (finding->severity == LINT_NOTICE)
		return;
	if (findings->count++ < FINDINGS_SHOWN)
		notice(findings->adopting->notices, "%s: %s: %s (%s)",
		    findings->adopting->file, finding->id, finding->text,
		    finding->source);
}

static enum err
say_what_is_odd(struct adopting *adopting, struct error *err)
{
	struct findings findings = {.adopting = adopting};
	struct lint lint = {.found = show_first, .context = &findings};
	RELEASE_BUFFER struct buffer word = {0};
	struct number next = adopting->facts.number;

	if (adopting->facts.is_respelt)
		admit_note_respelt(adopting->file, adopting->cert,
		    adopting->notices);
	if (!number_increment(&next))
		notice_safety(adopting->notices, "%s has the highest number "
		    "that there is, 2^159-1: none can follow it, see "
		    "RECOVERING in crlferry-root(1)", adopting->file);
	if (!adopting->crl.has_number)
		notice(adopting->notices, "%s has no CRL number: it counts as "
		    "0", adopting->file);
	else if (adopting->has_last && adopting->last_facts.has_number)
		crlnumber_note_leap(adopting->file,
		    &adopting->last_facts.number, &adopting->facts.number,
		    adopting->notices);
	adopting_say_dates(adopting);
	/* The profile's name was checked with the configuration. */
	if (!lint_profile_parse(adopting->root->profile, &lint.profile))
		lint.profile = LINT_RFC5280;
	TRY(lint_crl(&lint, &adopting->window, NULL, err));
	TRY(shell_word_append(&word, adopting->file, err));
	if (findings.count > FINDINGS_SHOWN)
		notice(adopting->notices, "%s: %zu more findings: see "
		    "crlferry-root lint --profile %s %.*s", adopting->file,
		    findings.count - FINDINGS_SHOWN, adopting->root->profile,
		    (int)word.size, (const char *)word.data);
	return ERR_OK;
}

/* A CRL that comes back in a note: the ledger may have lost lines with it. */
static enum err
note_lost_heads(struct adopting *adopting, struct error *err)
{
	struct buffer *lost = &adopting->ledger_lost;

	TRY(proofs_lost_heads(adopting->history, adopting->root, adopting->cert,
	    span_of_buffer(&adopting->der), lost, adopting->notices, err));
	if (lost->size > 0)
		notice_safety(adopting->notices, "ledger.jsonl has lost lines "
		    "whose digests notes bring back, %.*s: from now on their "
		    "loss counts as known", (int)lost->size,
		    (const char *)lost->data);
	return ERR_OK;
}

/*
 * One that would count in the place of the one that is gone must wait; one from
 * before it hides nothing, and is better than none.
 */
static enum err
check_vanished(const struct adopting *adopting,
    const struct adopt_options *options, struct error *err)
{
	const struct archived *last = adopting->has_last ? &adopting->last :
	    NULL;
	char sha256[SHA256_HEX_SIZE];
	struct vanished gone;
	int order;

	TRY(vanished_find(adopting->history, adopting->root->name, last, &gone,
	    err));
	sha256_hex(adopting->facts.sha256, sha256);
	order = number_compare(&adopting->facts.number, &gone.number);
	if (!gone.is_gone || config_words_has(options->discarded, gone.id) ||
	    order < 0 || strcmp(gone.sha256, sha256) == 0 ||
	    (order == 0 && gone.sha256[0] == '\0'))
		return ERR_OK;
	return vanished_fail(&gone, adopting->config, adopting->root, last,
	    true, err);
}

/* Init moves no file of the CA: what the index lacks stays to be entered. */
static enum err
say_lacking(struct adopting *adopting, struct error *err)
{
	const struct config_signing *signing = adopting->root->signing;
	RELEASE_MERGE struct merge merge = {.count = 0};
	RELEASE_BUFFER struct buffer word = {0};

	TRY(merge_find(&adopting->crl, signing->index, &merge, err));
	if (merge.count == 0)
		return ERR_OK;
	TRY(shell_word_append(&word, adopting->file, err));
	notice(adopting->notices, "%s lacks revocations that %s lists, %zu in "
	    "all, and `issue` will refuse that; enter them: crlferry-root "
	    "adopt%s %s %.*s", signing->index, adopting->file, merge.count,
	    config_option(adopting->config), adopting->root->name,
	    (int)word.size, (const char *)word.data);
	return ERR_OK;
}

/* What the index is to take of the CRL. */
static enum err
find_lacking(struct adopting *adopting, const struct adopt_options *options,
    struct merge *out, struct error *err)
{
	const struct config_signing *signing = adopting->root->signing;

	if (signing == NULL)
		return ERR_OK;
	if (options->is_first && !options->is_index_lost)
		return say_lacking(adopting, err);
	return merge_find(&adopting->crl, options->is_index_lost ? NULL :
	    signing->index, out, err);
}

static enum err
enter_lacking(struct adopting *adopting, const struct adopt_options *options,
    struct merge *merge, struct error *err)
{
	adopting->merged_count = merge->count;
	if (adopting->root->signing == NULL)
		return ERR_OK;
	if (options->is_index_lost)
		TRY(adopting_make_index(adopting, merge, err));
	else
		TRY(merge_enter(merge, adopting->root->signing->index, err));
	return buffer_append(&adopting->entered, merge->entered.data,
	    merge->entered.size, err);
}

/* All checks before the first change; the index before the archive. */
static enum err
take(struct adopting *adopting, const struct adopt_options *options,
    char *path, size_t capacity, struct error *err)
{
	RELEASE_MERGE struct merge merge = adopting_merge(adopting);

	TRY(check_vanished(adopting, options, err));
	TRY(check_lost(adopting, options, err));
	TRY(find_lacking(adopting, options, &merge, err));
	TRY(say_what_is_odd(adopting, err));
	if (options->is_dry)
		return ERR_OK;
	/*
	 * A crash after this leaves revocations in the index that no CRL
	 * lists yet, which the next one will.
	 */
	TRY(enter_lacking(adopting, options, &merge, err));
	return adopting_archive(adopting, path, capacity, err);
}

/*
 * The CRL is the current one: the index takes what it has lost of it, or never
 * had, and the ledger what a crash may have kept out.  That CRL's own line
 * tells where the revocations come from: the ledger needs no other.
 */
static enum err
keep(struct adopting *adopting, const struct adopt_options *options,
    char *path, size_t capacity, struct error *err)
{
	RELEASE_MERGE struct merge merge = adopting_merge(adopting);

	TRY(file_join(path, capacity, "", adopting->last.path, err));
	TRY(find_lacking(adopting, options, &merge, err));
	if (options->is_dry)
		return ERR_OK;
	TRY(enter_lacking(adopting, options, &merge, err));
	TRY(adopting_set_aside(adopting, err));
	if (adopting->recorded.is_entered)
		return ERR_OK;
	return adopting->recorded.is_adopted ?
	    adopting_record(adopting, err) :
	    recorded_make_up(&adopting->recorded, adopting->history,
		adopting->now_s, adopting->who, adopting->notices, err);
}

static void
fill(const struct adopting *adopting, struct adopted *out)
{
	const struct crl_facts *facts = &adopting->facts;
	struct calendar calendar;

	calendar_read(adopting->history, adopting->root, &facts->number,
	    facts->this_update_s, &calendar);
	out->is_known = adopting->is_known;
	out->has_number = facts->has_number;
	out->number = facts->number;
	out->this_update_s = facts->this_update_s;
	out->next_update_s = facts->next_update_s;
	out->next_publish_s = facts->next_publish_s;
	out->next_ceremony_s = calendar.next_ceremony_s <
	    adopting->cert->not_after_s ? calendar.next_ceremony_s : 0;
	out->revoked_count = facts->revoked_count - adopting->repeated_count;
	out->dropped_count = adopting->lost.drops.size /
	    sizeof(struct ledger_drop);
	out->merged_count = adopting->merged_count;
	memcpy(out->sha256, facts->sha256, SHA256_SIZE);
}

enum err
adopt_crl(struct history *history, const struct config_root *root,
    const char *path, const struct adopt_options *options,
    struct adopted *out, struct notices *notices, struct error *err)
{
	RELEASE_ADOPTING struct adopting adopting = {
	    .history = history, .config = history->config, .root = root,
	    .file = path, .is_first = options->is_first,
	    .now_s = options->now_s, .who = options->who, .notices = notices,
	    .last = ARCHIVED_NONE};
	struct adopted adopted = {0};

	TRY(adopting_open(&adopting, err));
	TRY(adopting_load_last(&adopting, err));
	if (options->is_first)
		TRY(check_empty(&adopting, err));
	TRY(check_clock(&adopting, options, err));
	TRY(admit(&adopting, err));
	TRY(note_lost_heads(&adopting, err));
	TRY((adopting.is_known ? keep : take)(&adopting, options, adopted.path,
	    sizeof(adopted.path), err));
	fill(&adopting, &adopted);
	*out = adopted;
	return ERR_OK;
}
