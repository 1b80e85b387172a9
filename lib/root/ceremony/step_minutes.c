/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>

#include "base/array.h"
#include "base/file.h"
#include "root/ceremony/steps.h"
#include "root/history/calendar.h"
#include "site/bundle.h"
#include "site/certfile.h"
#include "site/medium.h"
#include "site/medium_file.h"

#define REHEARSALS_MAX 99	/* of one day */
#define MINUTES_MAX_BYTES (4 * 1024 * 1024)

/* The minutes of one root, as they are written. */
struct filing {
	struct ceremony *c;
	const struct config_root *root;
	const struct journal_root *kept;
	struct ceremony_crl crl;
	char stem[STATE_PATH_SIZE];	/* the path without its ending */
	struct buffer text;
	struct buffer html;
};

static void
filing_release(struct filing *filing)
{
	buffer_release(&filing->text);
	buffer_release(&filing->html);
}

/* STATE/<root>/minutes/000012, or rehearsal-2026-11-22, of the real state. */
static enum err
choose_stem(struct filing *filing, struct error *err)
{
	const struct config *real = filing->c->options->real;
	const struct config *config = real == NULL ? filing->c->config : real;
	char folder[STATE_PATH_SIZE];
	char name[NUMBER_TEXT_SIZE + 32];
	char date[UTC_TEXT_SIZE];
	char taken[STATE_PATH_SIZE + 8];
	bool is_taken = false;

	if (real != NULL)
		TRY(state_prepare(real, err));
	TRY(state_folder(config, filing->root->name, "minutes", folder, err));
	number_format(&filing->crl.number, NUMBER_NAME_DIGITS, name);
	utc_format_date(filing->c->journal.started_s, date);
	for (int i = 1; i <= REHEARSALS_MAX; i++) {
		if (real != NULL)
			snprintf(name, sizeof(name), i == 1 ?
			    "rehearsal-%s" : "rehearsal-%s-%d", date, i);
		TRY(file_join(filing->stem, sizeof(filing->stem), folder, name,
		    err));
		snprintf(taken, sizeof(taken), "%s.txt", filing->stem);
		if (real != NULL)
			TRY(file_find(taken, &is_taken, err));
		if (!is_taken)
			break;
	}
	return ERR_OK;
}

static enum err
fill(const struct filing *filing, struct minutes *out, struct error *err)
{
	const struct ceremony *c = filing->c;
	const struct journal_root *kept = filing->kept;
	FREE_CERT struct cert *cert = NULL;

	*out = (struct minutes){
	    .is_rehearsal = c->options->real != NULL,
	    .program = "crlferry-root " CRLFERRY_VERSION,
	    .started_s = c->journal.started_s,
	    .ended_s = c->io->now(c->io->context),
	    .utc_offset_s = c->issue.utc_offset_s,
	    .entries = kept->entries, .entry_count = kept->entry_count,
	    .entries_left_out = kept->left_out};
	memcpy(out->operator_name, c->journal.operator_name,
	    sizeof(out->operator_name));
	memcpy(out->witnesses, c->journal.witnesses, sizeof(out->witnesses));
	out->witness_count = c->journal.witness_count;
	snprintf(out->host, sizeof(out->host), "%s", c->issue.who);
	snprintf(out->crl_sha256, sizeof(out->crl_sha256), "%s",
	    filing->crl.sha256);
	snprintf(out->bundle, sizeof(out->bundle), "%s", kept->bundle);
	snprintf(out->ledger_head, sizeof(out->ledger_head), "%s",
	    kept->ledger_head);
	snprintf(out->key_ids, sizeof(out->key_ids), "%s", kept->key_ids);
	TRY(certfile_load(filing->root->certificate, &cert, err));
	return sha256_text(span_of_buffer(&cert->der),
	    out->root_certificate_sha256, err);
}

/* Is it the one of that step, or something below it? */
static bool
is_main(const struct journal_step *step, const char *name)
{
	return strcmp(step->name, name) == 0 && !step->step.is_repetition;
}

/* Those of one step: the first is it, whatever came again stands below. */
static enum err
list_one(const struct filing *filing, unsigned int number,
    struct buffer *out, struct error *err)
{
	const char *name = filing->c->step_names[number - 1];
	size_t count, first = 0;
	const struct journal_step *steps = journal_steps(&filing->c->journal,
	    &count);

	while (first < count && !is_main(&steps[first], name))
		first++;
	/* The main one, then all of that name but it. */
	for (size_t i = 0; first < count && i <= count; i++) {
		const size_t at = i == 0 ? first : i - 1;
		struct minutes_step step = steps[at].step;

		if (strcmp(steps[at].name, name) != 0 ||
		    (i > 0 && at == first))
			continue;
		step.number = number;
		step.is_consent = strcmp(name, "consent") == 0;
		step.is_repetition = i > 0;
		TRY(buffer_append(out, &step, sizeof(step), err));
	}
	return ERR_OK;
}

/* The steps that were carried out, in their order, and this one. */
static enum err
list_steps(const struct filing *filing, struct buffer *out,
    struct error *err)
{
	struct minutes_step this = {
	    .at_s = filing->c->io->now(filing->c->io->context),
	    .title = "The minutes"};

	/* It comes after all that have been carried out. */
	for (this.number = 1; strcmp(filing->c->step_names[this.number - 1],
	    "minutes") != 0; this.number++)
		TRY(list_one(filing, this.number, out, err));
	snprintf(this.text, sizeof(this.text),
	    "Written to %.400s.txt and .html.", filing->stem);
	return buffer_append(out, &this, sizeof(this), err);
}

static enum err
list_texts(const struct buffer *texts, struct buffer *out, struct error *err)
{
	const struct journal_text *list = (const void *)texts->data;

	for (size_t i = 0; i < texts->size / sizeof(*list); i++) {
		const char *text = list[i].text;

		TRY(buffer_append(out, &text, sizeof(text), err));
	}
	return ERR_OK;
}

/* What stands beside the steps, as the minutes want it. */
struct beside {
	struct buffer texts[JOURNAL_KINDS];
};

static void
beside_release(struct beside *beside)
{
	for (int kind = 0; kind < JOURNAL_KINDS; kind++)
		buffer_release(&beside->texts[kind]);
}

static enum err
list_beside(const struct journal *journal, struct beside *beside,
    struct minutes *out, struct error *err)
{
	struct minutes_list *const lists[JOURNAL_KINDS] = {
	    [JOURNAL_DEVIATION] = &out->deviations,
	    [JOURNAL_CHANGE] = &out->changes,
	    [JOURNAL_NOTICE] = &out->notices,
	    [JOURNAL_REMARK] = &out->remarks};

	for (int kind = 0; kind < JOURNAL_KINDS; kind++) {
		struct buffer *texts = &beside->texts[kind];

		TRY(list_texts(&journal->records[kind], texts, err));
		*lists[kind] = (struct minutes_list){(const void *)texts->data,
		    texts->size / sizeof(const char *)};
	}
	return ERR_OK;
}

/* The preview that was agreed to, with the number and dates of the CRL. */
static enum err
render(struct filing *filing, struct error *err)
{
	RELEASE_BUFFER struct buffer steps = {0};
	__attribute__((cleanup(beside_release))) struct beside beside = {0};
	struct preview preview = filing->kept->preview;
	struct calendar calendar;
	struct minutes minutes;

	TRY(fill(filing, &minutes, err));
	calendar_read(&filing->c->history, filing->root, &filing->crl.number,
	    filing->crl.this_update_s, &calendar);
	TRY(list_steps(filing, &steps, err));
	TRY(list_beside(&filing->c->journal, &beside, &minutes, err));
	preview.number = filing->crl.number;
	preview.this_update_s = filing->crl.this_update_s;
	preview.next_update_s = filing->crl.next_update_s;
	preview.next_ceremony_s = calendar.next_ceremony_s <
	    filing->crl.root_end_s ? calendar.next_ceremony_s : 0;
	minutes.preview = &preview;
	minutes.steps = (const void *)steps.data;
	minutes.step_count = steps.size / sizeof(*minutes.steps);
	while (filing->c->step_names[minutes.step_total] != NULL)
		minutes.step_total++;
	TRY(minutes_text(&minutes, &filing->text, err));
	return minutes_html(&minutes, &filing->html, err);
}

static enum err
write_pair(const struct filing *filing, struct error *err)
{
	char path[STATE_PATH_SIZE + 8];

	snprintf(path, sizeof(path), "%s.html", filing->stem);
	TRY(file_replace(path, span_of_buffer(&filing->html), 0644, err));
	/* The text is what the ledger vouches for: it comes last. */
	snprintf(path, sizeof(path), "%s.txt", filing->stem);
	return file_replace(path, span_of_buffer(&filing->text), 0644, err);
}

/* MEDIUM/crlferry/<root>/minutes-000012: the bundles beside it are numbers. */
static enum err
write_medium(const struct filing *filing, struct error *err)
{
	const char *medium = filing->c->options->medium;
	const uint64_t sizes[] = {filing->html.size, filing->text.size};
	RELEASE_MEDIUM struct medium_folder folder = MEDIUM_FOLDER_NONE;
	char digits[NUMBER_TEXT_SIZE];
	char html[sizeof(digits) + 32], text[sizeof(html)];
	const struct medium_content files[] = {
	    {html, span_of_buffer(&filing->html)},
	    {text, span_of_buffer(&filing->text)}};
	char beneath[MANIFEST_NAME_SIZE];

	number_format(&filing->crl.number, NUMBER_NAME_DIGITS, digits);
	snprintf(html, sizeof(html), "minutes-%s.html", digits);
	snprintf(text, sizeof(text), "minutes-%s.txt", digits);
	bundle_root_folder(filing->root->name, beneath);
	TRY(medium_check_room(medium, sizes, COUNT_OF(sizes), err));
	TRY(medium_folder_make(medium, beneath, &folder, err));
	return medium_put_all(&folder, files, COUNT_OF(files), err);
}

/* The digest of the last minutes of this CRL that the ledger knows. */
static const char *
find_filed(const struct filing *filing)
{
	const struct history_line *line = history_lines(&filing->c->history,
	    filing->root->name);
	const char *found = NULL;

	for (; line != NULL; line = line->next) {
		const char *digest = history_line_detail(line,
		    "minutes_sha256");

		if (digest != NULL && line->has_number &&
		    history_line_is(line, "ceremony") &&
		    number_compare(&line->number, &filing->crl.number) == 0)
			found = digest;
	}
	return found;
}

/*
 * Minutes that the ledger knows, from before an interruption, stay as they
 * are; they are only read again.
 */
static enum err
take_filed(struct filing *filing, bool *is_filed, struct error *err)
{
	const char *filed = find_filed(filing);
	char path[STATE_PATH_SIZE + 8];
	char digest[SHA256_HEX_SIZE];
	bool found;

	*is_filed = false;
	if (filed == NULL)
		return ERR_OK;
	snprintf(path, sizeof(path), "%s.txt", filing->stem);
	TRY(file_find(path, &found, err));
	if (!found)
		return ERR_OK;
	TRY(file_read(path, FILE_OURS, MINUTES_MAX_BYTES, &filing->text, err));
	TRY(sha256_text(span_of_buffer(&filing->text), digest, err));
	*is_filed = strcmp(digest, filed) == 0;
	if (!*is_filed) {
		filing->text.size = 0;
		return ERR_OK;
	}
	snprintf(path, sizeof(path), "%s.html", filing->stem);
	return file_read(path, FILE_OURS, MINUTES_MAX_BYTES, &filing->html,
	    err);
}

static enum err
record(const struct filing *filing, struct error *err)
{
	const struct journal *journal = &filing->c->journal;
	RELEASE_NOTICES struct notices notices = {0};
	char witnesses[MINUTES_WITNESSES_MAX *
	    (sizeof(journal->witnesses[0]) + 2)] = "";
	char digest[SHA256_HEX_SIZE];
	const struct ledger_event event = {
	    .event = "ceremony", .root = filing->root->name,
	    .number = &filing->crl.number,
	    .at_s = filing->c->io->now(filing->c->io->context),
	    .who = filing->c->issue.who,
	    .details = {{"operator", journal->operator_name},
		{"witnesses", witnesses}, {"minutes_sha256", digest},
		{"rehearsal", "no"}}};
	size_t used = 0;

	for (size_t i = 0; i < journal->witness_count; i++)
		used += (size_t)snprintf(witnesses + used,
		    sizeof(witnesses) - used, "%s%s", i == 0 ? "" : ", ",
		    journal->witnesses[i]);
	TRY(sha256_text(span_of_buffer(&filing->text), digest, err));
	TRY(history_append(&filing->c->history, &event, &notices, err));
	return ceremony_take_notices(filing->c, &notices, err);
}

/* In the state folder and on the medium, then in the ledger. */
static enum err
file_minutes(struct filing *filing, struct error *err)
{
	const bool is_real = filing->c->options->real == NULL;
	bool is_filed = false;

	if (is_real)
		TRY(take_filed(filing, &is_filed, err));
	if (!is_filed) {
		TRY(render(filing, err));
		TRY(write_pair(filing, err));
	}
	if (is_real)
		TRY(write_medium(filing, err));
	if (is_real && !is_filed)
		TRY(record(filing, err));
	return ERR_OK;
}

static enum err
write_minutes(struct ceremony *c, const struct config_root *root,
    const struct journal_root *kept, struct error *err)
{
	__attribute__((cleanup(filing_release))) struct filing filing = {
	    .c = c, .root = root, .kept = kept};

	TRY(ceremony_read_crl(c, root, &filing.crl, err));
	TRY(choose_stem(&filing, err));
	TRY(file_minutes(&filing, err));
	ceremony_outcome(c, "Written to %s.txt and .html.", filing.stem);
	return ceremony_say(c, err, "%s: %s.txt\n  and, made for print, "
	    "%s.html\n", root->name, filing.stem, filing.stem);
}

enum err
ceremony_minutes(struct ceremony *c, struct error *err)
{
	struct ceremony_root at = {0};

	TRY(medium_check_writable(c->options->medium,
	    c->options->is_fixed_disk_allowed, err));
	while (ceremony_next_root(c, &at))
		TRY(write_minutes(c, at.root, at.kept, err));
	if (c->options->real == NULL)
		TRY(ceremony_say(c, err,
		    "The medium has a copy beside the bundles.\n"));
	return ERR_OK;
}
