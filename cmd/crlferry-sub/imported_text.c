/* SPDX-License-Identifier: ISC */
#include <stdio.h>

#include "../crl_words.h"
#include "base/array.h"
#include "base/digest.h"
#include "imported_text.h"
#include "pki/crl.h"
#include "receipts_text.h"

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
	char next_publish[UTC_TEXT_SIZE];	/* empty: not said */
	char seals[SEALS_IDS_SIZE];
};

static void
format_words(const struct verdict *verdict, struct imported_words *out)
{
	uint32_t i;

	crl_words(&verdict->number, verdict->this_update_s,
	    verdict->next_update_s, verdict->sha256, &out->crl);
	utc_format_date(verdict->next_ceremony_s, out->crl.next_ceremony);
	out->seals[0] = out->next_publish[0] = '\0';
	if (verdict->next_publish_s != 0)
		utc_format(verdict->next_publish_s, out->next_publish);
	for (i = 0; i < verdict->seal_count; i++)
		seals_list_id(out->seals, sizeof(out->seals),
		    verdict->seals[i]);
}

static void
add_receipts(struct rows *rows, const struct receipts_sent *receipts)
{
	rows_integer(rows, "receipts_written", receipts == NULL ? 0 :
	    (int64_t)receipts_count(receipts, true));
	rows_integer(rows, "receipts_waiting", receipts == NULL ? 0 :
	    (int64_t)receipts_count(receipts, false));
}

static void
add_failed(struct rows *rows, const struct config_root *root,
    const struct imported *imported, const struct error *why,
    const struct receipts_sent *receipts)
{
	const struct rows_fact facts[] = {
	    {"root", root->name}, {"outcome", "failed"}, {"number", NULL},
	    {"this_update", NULL}, {"next_update", NULL},
	    {"next_publish", NULL}, {"next_ceremony", NULL},
	    {"sha256", NULL}, {"sealed_by", NULL}, {"source", NULL},
	};

	rows_begin(rows);
	rows_facts(rows, facts, COUNT_OF(facts));
	rows_failure(rows, why);
	rows_integer(rows, "revoked", 0);
	rows_integer(rows, "stores_changed",
	    (int64_t)imported->stores_changed);
	add_receipts(rows, receipts);
}

static void
add_row(struct rows *rows, const struct config_root *root,
    const struct imported *imported, const struct imported_words *words,
    const struct receipts_sent *receipts)
{
	const struct verdict *verdict = &imported->verdict;
	const struct rows_fact facts[] = {
	    {"root", root->name}, {"outcome", outcomes[imported->outcome].word},
	    {"number", verdict->has_number == 1 ? words->crl.number : NULL},
	    {"this_update", words->crl.this_update},
	    {"next_update", words->crl.next_update},
	    {"next_publish", verdict->next_publish_s == 0 ? NULL :
		words->next_publish},
	    {"next_ceremony", verdict->has_next_ceremony == 1 ?
		words->crl.next_ceremony : NULL},
	    {"sha256", words->crl.sha256}, {"sealed_by", words->seals},
	    {"source", imported->source},
	};

	rows_begin(rows);
	rows_facts(rows, facts, COUNT_OF(facts));
	rows_failure(rows, &(struct error){ERR_OK});
	rows_integer(rows, "revoked", (int64_t)verdict->revoked_count);
	rows_integer(rows, "stores_changed",
	    (int64_t)imported->stores_changed);
	add_receipts(rows, receipts);
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
		fprintf(stderr, "%s: once %s is out of service, set "
		    "\"retired = true;\" in subordinate %s of root %s "
		    "(%s:%u), and nobody is told of it any more\n",
		    invocation->program->name, root->subordinates[i].name,
		    root->subordinates[i].name, root->name,
		    invocation->config->path, root->subordinates[i].line);
	}
}

/* To be read aloud and compared: as the minutes and the seal verb have it. */
static enum err
print_digest(struct invocation *invocation, const char *digest,
    struct error *err)
{
	RELEASE_BUFFER struct buffer groups = {0};

	TRY(digest_groups(digest, "\n                 ", &groups, err));
	return cli_say(invocation, err, "  SHA-256        %.*s\n",
	    (int)groups.size, (const char *)groups.data);
}

static enum err
print_text(struct invocation *invocation, const struct config_root *root,
    const struct imported *imported, const struct imported_words *words,
    struct error *err)
{
	const struct verdict *verdict = &imported->verdict;
	const bool is_checked = imported->outcome == IMPORT_VERIFIED ||
	    imported->outcome == IMPORT_JUDGED;

	TRY(cli_say(invocation, err,
	    "%s: CRL #%s %s\n"
	    "  from           %s\n"
	    "  thisUpdate     %s\n"
	    "  nextUpdate     %s\n"
	    "%s%s%s"
	    "  next ceremony  %s\n"
	    "  revoked        %llu\n"
	    "  signature      %s, by the pinned root\n"
	    "  sealed by      %s\n", root->name, verdict->has_number == 1 ?
	    words->crl.number : "?", !is_checked && imported->stores == 0 ?
	    "is accepted, but there is no store to install it in" :
	    outcomes[imported->outcome].sentence,
	    imported->source, words->crl.this_update, words->crl.next_update,
	    verdict->next_publish_s == 0 ? "" : "  next publish   ",
	    words->next_publish, verdict->next_publish_s == 0 ? "" : "\n",
	    verdict->has_next_ceremony == 1 ? words->crl.next_ceremony :
	    "not said",
	    (unsigned long long)verdict->revoked_count, verdict->algorithm,
	    verdict->seal_count == 0 ? "nobody: trust rests on the CRL's own "
	    "signature" : words->seals));
	TRY(print_digest(invocation, words->crl.sha256, err));
	if (is_checked)
		return ERR_OK;
	return cli_say(invocation, err,
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
	add_row(rows, root, imported, &words, receipts);
	return print_text(invocation, root, imported, &words, err);
}

/* "pem /etc/nginx/ca.crl.pem: still #2" */
static enum err
print_store(struct invocation *invocation, const struct imported_store *store,
    const char *number, struct error *err)
{
	char still[NUMBER_TEXT_SIZE] = "without a number";

	if (store->outcome != NOTE_FAILED)
		return cli_say(invocation, err, "  %s: #%s%s\n",
		    store->place, number, store->outcome == NOTE_SAME ?
		    ", which it had" : "");
	if (!store->is_readable)
		return cli_say(invocation, err, "  %s: cannot be read\n",
		    store->place);
	if (!store->has_crl)
		return cli_say(invocation, err, "  %s: still no valid CRL of "
		    "this root\n", store->place);
	if (store->has_number)
		number_format(&store->number, 0, still);
	return cli_say(invocation, err, "  %s: still %s%s\n", store->place,
	    store->has_number ? "#" : "the CRL ", still);
}

enum err
imported_failed(struct invocation *invocation,
    const struct config_root *root, const struct imported *imported,
    const struct error *why, const struct receipts_sent *receipts,
    struct rows *rows, struct error *err)
{
	const struct imported_store *each = (const void *)imported->each.data;
	const size_t count = imported->each.size / sizeof(*each);
	struct imported_words words;

	add_failed(rows, root, imported, why, receipts);
	if (count == 0)
		return ERR_OK;
	format_words(&imported->verdict, &words);
	warn_revoked(invocation, root, imported);
	TRY(cli_say(invocation, err, "%s: CRL #%s is not in every store\n",
	    root->name, imported->verdict.has_number == 1 ?
	    words.crl.number : "?"));
	for (size_t i = 0; i < count; i++)
		TRY(print_store(invocation, &each[i],
		    imported->verdict.has_number == 1 ? words.crl.number :
		    "?", err));
	return ERR_OK;
}
