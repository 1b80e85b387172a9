/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "ferry/manifest.h"
#include "root/evidence/clock_gather.h"
#include "root/evidence/notes.h"
#include "root/evidence/proven_crl.h"
#include "root/evidence/returned_heads.h"
#include "root/evidence/vanished.h"
#include "root/history/discards.h"
#include "root/history/ledger.h"

/* What there is, sorted into what counts and what the operator discards. */
struct gathering {
	const struct evidence_request *request;
	struct discards before;			/* by the ledger */
	struct clock_evidences counting;
	struct clock_evidences named;		/* by the operator, now */
	struct clock_evidence line;		/* the ledger's latest so far */
	bool has_line;
	bool is_last_discarded;
};

static void
gathering_release(struct gathering *gathering)
{
	discards_release(&gathering->before);
	clock_evidences_release(&gathering->counting);
	clock_evidences_release(&gathering->named);
}

#define RELEASE_GATHERING __attribute__((cleanup(gathering_release)))

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
	*counts = !discards_has(&gathering->before, evidence->id);
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

	TRY(vanished_find(request->config, request->root->name, request->last,
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

/*
 * A ledger may be long: kept are the lines from the future, which somebody
 * must look at, and the latest of the others.
 */
static enum err
take_line(void *context, const struct ledger_line *line, struct error *err)
{
	struct gathering *gathering = context;
	struct clock_evidence evidence = {.at_s = line->at_s};
	bool counts;

	snprintf(evidence.id, sizeof(evidence.id), "ledger-%llu",
	    (unsigned long long)line->sequence);
	snprintf(evidence.what, sizeof(evidence.what),
	    "line %llu of the ledger (%.40s)",
	    (unsigned long long)line->sequence, line->event);
	if (line->at_s > gathering->request->now_s)
		return take(gathering, &evidence, &counts, err);
	TRY(sift(gathering, &evidence, &counts, err));
	if (counts &&
	    (!gathering->has_line || line->at_s >= gathering->line.at_s)) {
		gathering->line = evidence;
		gathering->has_line = true;
	}
	return ERR_OK;
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
	    gathering->request->config->max_crl_bytes, &der, &why);
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
	size_t i, k;

	for (i = 0; words != NULL && i < words->count; i++) {
		bool is_known = discards_has(&gathering->before,
		    words->words[i]);

		for (k = 0; k < gathering->named.list.size / sizeof(*named);
		    k++)
			is_known = is_known ||
			    strcmp(named[k].id, words->words[i]) == 0;
		if (!is_known)
			return err_fail(err, ERR_MISSING,
			    "--discard-evidence %.100s: want the id of some "
			    "evidence of %s, as a refusal names it, have none "
			    "such", words->words[i],
			    gathering->request->root->name);
	}
	return ERR_OK;
}

static enum err
gather(struct gathering *gathering, struct notices *notices,
    struct error *err)
{
	const struct evidence_request *request = gathering->request;
	struct ledger_summary summary;

	TRY(discards_read(request->config, request->root, &gathering->before,
	    err));
	TRY(clock_evidence_add(&gathering->counting,
	    request->cert->not_before_s, "", "the root certificate's notBefore",
	    err));
	TRY(take_last(gathering, err));
	TRY(ledger_read(request->config, take_line, gathering, &summary, err));
	if (gathering->has_line)
		TRY(clock_evidence_add(&gathering->counting,
		    gathering->line.at_s, gathering->line.id,
		    gathering->line.what, err));
	TRY(notes_visit(request->config, request->root, take_note, gathering,
	    notices, err));
	TRY(notes_visit_crls(request->config, request->root->name,
	    take_laid_out, gathering, err));
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
	return ledger_append(request->config, &event, notices, err);
}

/* Is it the first of its id?  Several notes may hold the same. */
static bool
is_first(const struct clock_evidence *named, size_t i)
{
	size_t k = 0;

	while (k < i && strcmp(named[k].id, named[i].id) != 0)
		k++;
	return k == i;
}

enum err
evidence_record(const struct evidence_request *request, const char *why,
    const char *who, struct notices *notices, struct error *err)
{
	RELEASE_GATHERING struct gathering gathering = {.request = request};
	RELEASE_NOTICES struct notices unsaid = {0};
	const struct clock_evidence *named;
	size_t i;

	/* Its notices come again with the judgement. */
	TRY(gather(&gathering, &unsaid, err));
	named = (const void *)gathering.named.list.data;
	for (i = 0; i < gathering.named.list.size / sizeof(*named); i++) {
		if (!discards_has(&gathering.before, named[i].id) &&
		    is_first(named, i))
			TRY(record(request, &named[i], why, who, notices, err));
	}
	return ERR_OK;
}
