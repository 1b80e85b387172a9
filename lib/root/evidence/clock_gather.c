/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "ferry/manifest.h"
#include "root/evidence/clock_gather.h"
#include "root/evidence/notes.h"
#include "root/evidence/proven_crl.h"
#include "root/evidence/returned_heads.h"
#include "root/evidence/vanished.h"
#include "root/history/waived.h"

#define LINE_PREFIX "ledger-"

/* All evidence, sorted into what counts and what the operator discards. */
struct gathering {
	const struct evidence_request *request;
	struct clock_evidences counting;
	struct clock_evidences named;		/* by the operator, now */
	bool is_last_discarded;
};

static void
gathering_release(struct gathering *gathering)
{
	clock_evidences_release(&gathering->counting);
	clock_evidences_release(&gathering->named);
}

#define RELEASE_GATHERING __attribute__((cleanup(gathering_release)))

static bool
was_discarded(const struct gathering *gathering, const char *id)
{
	return waived_has_evidence(gathering->request->history,
	    gathering->request->root->name, NULL, id);
}

/* Sort out what is discarded; *counts tells whether it was not. */
static enum err
sift(struct gathering *gathering, const struct clock_evidence *evidence,
    bool *counts, struct error *err)
{
	*counts = false;
	if (config_words_has(gathering->request->discarded,
	    evidence->id))
		return clock_evidence_add(&gathering->named, evidence->at_s,
		    evidence->id, evidence->what, err);
	*counts = !was_discarded(gathering, evidence->id);
	return ERR_OK;
}

static enum err
take(struct gathering *gathering, const struct clock_evidence *evidence,
    bool *counts, struct error *err)
{
	TRY(sift(gathering, evidence, counts, err));
	return *counts ? clock_evidence_add(&gathering->counting,
	    evidence->at_s, evidence->id, evidence->what, err) : ERR_OK;
}

static enum err
take_last(struct gathering *gathering, struct error *err)
{
	const struct archived *last = gathering->request->last;
	struct clock_evidence evidence = {
	    .what = "the last CRL's thisUpdate"};
	char digits[NUMBER_TEXT_SIZE];
	bool counts = true;
	enum err code = ERR_OK;

	if (last != NULL) {
		number_format(&last->number, 0, digits);
		snprintf(evidence.id, sizeof(evidence.id), "crl-%s", digits);
		evidence.at_s = last->crl.this_update.at_s;
		code = take(gathering, &evidence, &counts, err);
	}
	gathering->is_last_discarded = !counts;
	return code;
}

/* Nor is a CRL that the archive has lost a date. */
static enum err
take_vanished(struct gathering *gathering, struct error *err)
{
	const struct evidence_request *request = gathering->request;
	struct clock_evidence evidence = {.id = ""};
	char number[NUMBER_TEXT_SIZE];
	struct vanished vanished;
	bool counts;

	TRY(vanished_find(request->history, request->root->name, request->last,
	    &vanished, err));
	if (!vanished.is_gone)
		return ERR_OK;
	evidence.at_s = vanished.this_update_s;
	memcpy(evidence.id, vanished.id, sizeof(vanished.id));
	number_format(&vanished.number, 0, number);
	snprintf(evidence.what, sizeof(evidence.what),
	    "CRL #%s, gone from the archive", number);
	return sift(gathering, &evidence, &counts, err);
}

static struct clock_evidence
line_evidence(const struct history_line *line)
{
	struct clock_evidence evidence = {.at_s = line->at_s};

	snprintf(evidence.id, sizeof(evidence.id), LINE_PREFIX "%llu",
	    (unsigned long long)line->sequence);
	snprintf(evidence.what, sizeof(evidence.what),
	    "line %llu of the ledger (%.40s)",
	    (unsigned long long)line->sequence, line->event);
	return evidence;
}

/* The lines that the operator discards now. */
static enum err
take_named_lines(struct gathering *gathering, struct error *err)
{
	const struct history *history = gathering->request->history;
	const struct config_words *words = gathering->request->discarded;

	for (size_t i = 0; words != NULL && i < words->count; i++) {
		const char *id = words->words[i];
		struct clock_evidence evidence;
		uint64_t sequence;

		if (strncmp(id, LINE_PREFIX, strlen(LINE_PREFIX)) != 0)
			continue;
		sequence = strtoull(id + strlen(LINE_PREFIX), NULL, 10);
		if (sequence == 0 || sequence > history->end.summary.count)
			continue;
		evidence = line_evidence(history_line_at(history, sequence));
		if (strcmp(evidence.id, id) == 0)
			TRY(clock_evidence_add(&gathering->named,
			    evidence.at_s, id, evidence.what, err));
	}
	return ERR_OK;
}

/*
 * A ledger may be long: kept are the lines from the future, which somebody
 * must look at, and the latest of the others.  The walk goes backward, and ends
 * where no line is later than that.
 */
static enum err
take_lines(struct gathering *gathering, struct error *err)
{
	const struct evidence_request *request = gathering->request;
	const struct history *history = request->history;
	RELEASE_BUFFER struct buffer lines = {0};	/* the last one first */
	struct clock_evidence latest = {.at_s = INT64_MIN}, next;
	uint64_t i = history->end.summary.count;

	for (; i > 0 && history_line_at(history, i)->latest_s > latest.at_s;
	    i--) {
		next = line_evidence(history_line_at(history, i));
		if (next.at_s <= latest.at_s ||
		    config_words_has(request->discarded, next.id) ||
		    was_discarded(gathering, next.id))
			continue;
		if (next.at_s > request->now_s)
			TRY(buffer_append(&lines, &next, sizeof(next), err));
		else
			latest = next;
	}
	for (size_t at = lines.size; at > 0; at -= sizeof(next))
		TRY(buffer_append(&gathering->counting.list, lines.data + at -
		    sizeof(next), sizeof(next), err));
	return latest.at_s == INT64_MIN ? ERR_OK : clock_evidence_add(
	    &gathering->counting, latest.at_s, latest.id, latest.what, err);
}

/* The ledger head in a note's manifest is no date, but may be discarded. */
static enum err
take_head(struct gathering *gathering, const struct kept_note *kept,
    struct error *err)
{
	RELEASE_MANIFEST struct manifest manifest = {0};
	struct clock_evidence evidence = {.at_s = kept->note.at_s};
	bool counts;

	if (kept->note.manifest.size == 0 ||
	    manifest_parse(span_of_buffer(&kept->note.manifest), &manifest,
	    NULL) != ERR_OK)
		return ERR_OK;
	head_id(manifest.ledger_head, evidence.id);
	snprintf(evidence.what, sizeof(evidence.what),
	    "the ledger head in %s", kept->id);
	return sift(gathering, &evidence, &counts, err);
}

/* Nor is a CRL that a note holds, but once discarded it is not ahead. */
static enum err
take_crl(struct gathering *gathering, struct span der, int64_t at_s,
    const char *where, struct error *err)
{
	struct clock_evidence evidence = {.at_s = at_s};
	uint8_t digest[SHA256_SIZE];
	bool counts;

	TRY(sha256(der, digest, err));
	notes_crl_id(digest, evidence.id);
	snprintf(evidence.what, sizeof(evidence.what), "the CRL in %s",
	    where);
	return sift(gathering, &evidence, &counts, err);
}

/* One that `collect` has laid out, whose note may be gone. */
static enum err
take_laid_out(void *context, const char *path, const struct number *number,
    struct error *err)
{
	struct gathering *gathering = context;
	RELEASE_BUFFER struct buffer der = {0};
	char name[NUMBER_TEXT_SIZE + 16], digits[NUMBER_TEXT_SIZE];
	struct error why;
	enum err code;

	code = file_read(path, FILE_PUBLIC,
	    gathering->request->history->config->max_crl_bytes, &der, &why);
	if (code == ERR_IO || code == ERR_PERMISSIONS)
		return err_copy(err, &why);
	if (code != ERR_OK)
		return ERR_OK;
	number_format(number, 0, digits);
	snprintf(name, sizeof(name), "%s.crl", digits);
	return take_crl(gathering, span_of_buffer(&der),
	    gathering->request->now_s, name, err);
}

static enum err
take_note(void *context, const struct kept_note *kept, struct error *err)
{
	struct gathering *gathering = context;
	struct clock_evidence evidence = {.at_s = kept->note.at_s};
	bool counts;

	snprintf(evidence.id, sizeof(evidence.id), "%s", kept->id);
	snprintf(evidence.what, sizeof(evidence.what), "the %s of %s",
	    note_kind_word(kept->note.kind), kept->note.subordinate);
	TRY(take(gathering, &evidence, &counts, err));
	if (kept->note.crl.size > 0)
		TRY(take_crl(gathering, span_of_buffer(&kept->note.crl),
		    kept->note.at_s, kept->id, err));
	return take_head(gathering, kept, err);
}

/* An id that names nothing is a slip of the pen: better asked than guessed. */
static enum err
check_named(const struct gathering *gathering, struct error *err)
{
	const struct config_words *words = gathering->request->discarded;
	const struct clock_evidence *named =
	    (const void *)gathering->named.list.data;
	size_t k;

	for (size_t i = 0; words != NULL && i < words->count; i++) {
		bool is_known = was_discarded(gathering, words->words[i]);

		for (k = 0; k < gathering->named.list.size / sizeof(*named);
		    k++)
			is_known = is_known ||
			    strcmp(named[k].id, words->words[i]) == 0;
		if (!is_known)
			return err_remedy(err, err_fail(err, ERR_MISSING,
			    "no evidence \"%.100s\" is known for %s",
			    words->words[i], gathering->request->root->name),
			    "give an ID as the refusal names it: "
			    "--discard-evidence ID");
	}
	return ERR_OK;
}

static enum err
gather(struct gathering *gathering, struct notices *notices,
    struct error *err)
{
	const struct evidence_request *request = gathering->request;
	const struct config *config = request->history->config;

	TRY(clock_evidence_add(&gathering->counting,
	    request->cert->not_before_s, "", "the root certificate's notBefore",
	    err));
	TRY(take_last(gathering, err));
	TRY(take_named_lines(gathering, err));
	TRY(take_lines(gathering, err));
	TRY(notes_visit(config, request->root, take_note, gathering, notices,
	    err));
	TRY(notes_visit_crls(config, request->root->name, take_laid_out,
	    gathering, err));
	TRY(take_vanished(gathering, err));
	return check_named(gathering, err);
}

enum err
evidence_gather(const struct evidence_request *request,
    struct clock_evidences *out, bool *is_last_discarded,
    struct notices *notices, struct error *err)
{
	RELEASE_GATHERING struct gathering gathering = {.request = request};

	TRY(gather(&gathering, notices, err));
	*out = gathering.counting;
	gathering.counting = (struct clock_evidences){0};
	*is_last_discarded = gathering.is_last_discarded;
	return ERR_OK;
}

static enum err
record(const struct evidence_request *request,
    const struct clock_evidence *evidence, const char *why, const char *who,
    struct notices *notices, struct error *err)
{
	char what[sizeof(evidence->what) + UTC_TEXT_SIZE + 2];
	char at[UTC_TEXT_SIZE];
	const struct ledger_event event = {
	    .event = DISCARD_EVENT, .root = request->root->name,
	    .at_s = request->now_s, .who = who,
	    .details = {{"id", evidence->id}, {"evidence", what},
		{"why", why}}};

	utc_format(evidence->at_s, at);
	snprintf(what, sizeof(what), "%s, %s", evidence->what, at);
	return history_append(request->history, &event, notices, err);
}

enum err
evidence_record(const struct evidence_request *request, const char *why,
    const char *who, struct notices *notices, struct error *err)
{
	RELEASE_GATHERING struct gathering gathering = {.request = request};
	const struct clock_evidence *named;
	size_t i;

	/* Its notices come again with the judgement. */
	TRY(gather(&gathering, NULL, err));
	named = (const void *)gathering.named.list.data;
	for (i = 0; i < gathering.named.list.size / sizeof(*named); i++) {
		/* Several notes may hold the same. */
		if (!was_discarded(&gathering, named[i].id))
			TRY(record(request, &named[i], why, who, notices, err));
	}
	return ERR_OK;
}
