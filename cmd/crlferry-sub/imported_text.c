/* SPDX-License-Identifier: ISC */
#include <stdio.h>

#include "../crl_words.h"
#include "base/array.h"
#include "imported_text.h"
#include "receipts_text.h"
#include "pki/crl.h"

static const struct {
	const char *word;
	const char *sentence;
} outcomes[] = {
    [IMPORT_NOTHING] = {"nothing", "is not there"},
    [IMPORT_VERIFIED] = {"verified", "is authentic"},
    [IMPORT_JUDGED] = {"acceptable", "is authentic and would be accepted"},
    [IMPORT_SAME] = {"same", "was installed already: nothing changed"},
    [IMPORT_REPAIRED] = {"repaired", "was accepted before; the stores that "
	"lacked it have it now"},
    [IMPORT_INSTALLED] = {"installed", "is installed"},
};

/* Each fact of the CRL as text. */
struct imported_words {
	struct crl_words crl;
	char ceremony[UTC_TEXT_SIZE];
	char seals[SEALS_IDS_SIZE];
};

static void
format_words(const struct verdict *verdict, struct imported_words *out)
{
	uint32_t i;

	crl_words(&verdict->number, verdict->this_update_s,
	    verdict->next_update_s, verdict->sha256, &out->crl);
	utc_format_date(verdict->next_ceremony_s, out->ceremony);
	out->seals[0] = '\0';
	for (i = 0; i < verdict->seal_count; i++)
		seals_list_id(out->seals, sizeof(out->seals),
		    verdict->seals[i]);
}

/* One row: every text NULL where it is not known. */
struct imported_row {
	const char *outcome;
	const char *number;
	const char *this_update;
	const char *next_update;
	const char *next_ceremony;
	const char *sha256;
	const char *sealed_by;
	const char *source;
	const char *token;	/* of a failure */
	const char *message;
	int64_t revoked;
	int64_t stores_changed;
	int64_t receipts_written;
	int64_t receipts_waiting;
};

static void
count_receipts(const struct receipts_sent *receipts,
    struct imported_row *row)
{
	if (receipts == NULL)
		return;
	row->receipts_written = (int64_t)receipts_count(receipts, true);
	row->receipts_waiting = (int64_t)receipts_count(receipts, false);
}

static void
add_row(struct rows *rows, const char *root, const struct imported_row *row)
{
	const struct {
		const char *key;
		const char *text;
	} texts[] = {
	    {"root", root}, {"outcome", row->outcome},
	    {"number", row->number}, {"this_update", row->this_update},
	    {"next_update", row->next_update},
	    {"next_ceremony", row->next_ceremony}, {"sha256", row->sha256},
	    {"sealed_by", row->sealed_by}, {"source", row->source},
	    {"token", row->token}, {"message", row->message},
	};
	const struct {
		const char *key;
		int64_t value;
	} counts[] = {
	    {"revoked", row->revoked},
	    {"stores_changed", row->stores_changed},
	    {"receipts_written", row->receipts_written},
	    {"receipts_waiting", row->receipts_waiting},
	};
	size_t i;

	rows_begin(rows);
	for (i = 0; i < COUNT_OF(texts); i++)
		rows_text(rows, texts[i].key, texts[i].text);
	for (i = 0; i < COUNT_OF(counts); i++)
		rows_integer(rows, counts[i].key, counts[i].value);
}

void
imported_failed(const struct config_root *root, const struct error *why,
    const struct receipts_sent *receipts, struct rows *rows)
{
	struct imported_row row = {.outcome = "failed",
	    .token = error_token(why->code), .message = why->what};

	count_receipts(receipts, &row);
	add_row(rows, root->name, &row);
}

static void
add_imported(struct rows *rows, const struct config_root *root,
    const struct imported *imported, const struct imported_words *words,
    const struct receipts_sent *receipts)
{
	const struct verdict *verdict = &imported->verdict;
	struct imported_row row = {
	    .outcome = outcomes[imported->outcome].word,
	    .number = verdict->has_number == 1 ? words->crl.number : NULL,
	    .this_update = words->crl.this_update,
	    .next_update = words->crl.next_update,
	    .next_ceremony = verdict->has_next_ceremony == 1 ?
		words->ceremony : NULL,
	    .sha256 = words->crl.sha256,
	    .sealed_by = words->seals,
	    .source = imported->source,
	    .revoked = (int64_t)verdict->revoked_count,
	    .stores_changed = (int64_t)imported->stores_changed};

	count_receipts(receipts, &row);
	add_row(rows, root->name, &row);
}

/* The one thing that nobody may overlook. */
static void
warn_revoked(const struct invocation *invocation,
    const struct config_root *root, const struct imported *imported)
{
	const struct verdict *verdict = &imported->verdict;
	uint32_t i;

	for (i = 0; i < verdict->pair_count; i++) {
		const struct verdict_pair *pair = &verdict->pairs[i];
		char at[UTC_TEXT_SIZE];

		if (pair->is_revoked == 0 || root->subordinates[i].is_retired)
			continue;
		utc_format(pair->revoked_at_s, at);
		fprintf(stderr, "%s: ATTENTION: subordinate %s is REVOKED by "
		    "this CRL (%s, %s): its certificates are refused %s\n",
		    invocation->program->name, root->subordinates[i].name,
		    pair->reason == REASON_NONE ? "no reason given" :
		    crl_reason_name(pair->reason), at,
		    imported->outcome == IMPORT_VERIFIED ||
		    imported->outcome == IMPORT_JUDGED ?
		    "once it is installed" : "from now on");
	}
}

static enum err
print_text(struct invocation *invocation, const struct config_root *root,
    const struct imported *imported, const struct imported_words *words,
    struct error *err)
{
	const struct verdict *verdict = &imported->verdict;

	TRY(buffer_appendf(&invocation->output, err,
	    "%s: CRL #%s %s\n"
	    "  from           %s\n"
	    "  thisUpdate     %s\n"
	    "  nextUpdate     %s\n"
	    "  next ceremony  %s\n"
	    "  revoked        %llu\n"
	    "  signature      %s, by the pinned root\n"
	    "  sealed by      %s\n"
	    "  SHA-256        %s\n", root->name, verdict->has_number == 1 ?
	    words->crl.number : "?", outcomes[imported->outcome].sentence,
	    imported->source, words->crl.this_update, words->crl.next_update,
	    verdict->has_next_ceremony == 1 ? words->ceremony : "not said",
	    (unsigned long long)verdict->revoked_count, verdict->algorithm,
	    verdict->seal_count == 0 ? "nobody: trust rests on the CRL's own "
	    "signature" : words->seals, words->crl.sha256));
	if (imported->outcome == IMPORT_VERIFIED ||
	    imported->outcome == IMPORT_JUDGED)
		return ERR_OK;
	return buffer_appendf(&invocation->output, err,
	    "  stores         %zu of %zu changed\n",
	    imported->stores_changed, imported->stores);
}

enum err
imported_report(struct invocation *invocation,
    const struct config_root *root, const struct imported *imported,
    const struct receipts_sent *receipts, struct rows *rows,
    struct error *err)
{
	struct imported_words words;

	warn_revoked(invocation, root, imported);
	format_words(&imported->verdict, &words);
	if (invocation->is_json)
		add_imported(rows, root, imported, &words, receipts);
	return invocation->is_json || invocation->is_quiet ? ERR_OK :
	    print_text(invocation, root, imported, &words, err);
}
