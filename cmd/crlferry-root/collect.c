/* SPDX-License-Identifier: ISC */
#include "../cli_print.h"
#include "../rows.h"
#include "root/evidence/collect.h"
#include "root_verbs.h"

static const char *const fates[] = {
    [COLLECTED_NEW] = "new",
    [COLLECTED_KNOWN] = "known",
    [COLLECTED_ASIDE] = "aside",
};

/* What was taken in, as text. */
struct collected_text {
	char time[UTC_TEXT_SIZE];
	char number[NUMBER_TEXT_SIZE];
};

/* Of a receipt that was taken in; null otherwise. */
static void
add_stores(struct rows *rows, const struct collected_note *note)
{
	if (note->fate == COLLECTED_ASIDE || note->kind != NOTE_RECEIPT) {
		rows_text(rows, "stores", NULL);
		rows_text(rows, "stores_failed", NULL);
		return;
	}
	rows_integer(rows, "stores", (int64_t)note->store_count);
	rows_integer(rows, "stores_failed", (int64_t)note->store_failures);
}

static void
add_row(struct rows *rows, const struct collected_note *note,
    const struct collected_text *text)
{
	const bool is_aside = note->fate == COLLECTED_ASIDE;

	rows_begin(rows);
	rows_text(rows, "root", note->root);
	rows_text(rows, "subordinate", note->subordinate);
	rows_text(rows, "kind", note_kind_word(note->kind));
	rows_text(rows, "fate", fates[note->fate]);
	if (is_aside)
		rows_text(rows, "sequence", NULL);
	else
		rows_integer(rows, "sequence", (int64_t)note->sequence);
	rows_text(rows, "time", is_aside ? NULL : text->time);
	rows_text(rows, "number", note->has_number ? text->number : NULL);
	add_stores(rows, note);
	rows_text(rows, "token", is_aside ? error_token(note->why.code) :
	    NULL);
	rows_text(rows, "message", is_aside ? note->why.what : NULL);
}

static enum err
add_line(struct buffer *out, const struct collected_note *note,
    const struct collected_text *text, struct error *err)
{
	char installed[128];

	TRY(buffer_appendf(out, err,
	    "%s: %s of %s: %s\n"
	    "  sequence  %llu\n"
	    "  sealed    %s, by its clock\n", note->root,
	    note_kind_word(note->kind), note->subordinate,
	    note->fate == COLLECTED_NEW ? "taken in" : "was taken in before",
	    (unsigned long long)note->sequence, text->time));
	if (note->kind == NOTE_REQUEST)
		return buffer_appendf(out, err, "  holds     %s%s\n",
		    note->has_number ? "CRL #" : note->has_claim ?
		    "no CRL whose number is proven" : "no CRL yet",
		    text->number);
	collected_installed(note, installed, sizeof(installed));
	return buffer_appendf(out, err, "  has       %s\n", installed);
}

static enum err
report(struct invocation *invocation, const struct collected_note *note,
    struct rows *rows, struct error *err)
{
	struct collected_text text = {.number = ""};

	utc_format(note->at_s, text.time);
	if (note->has_number)
		number_format(&note->number, 0, text.number);
	if (note->fate == COLLECTED_ASIDE) {
		cli_print_failure(invocation, &note->why);
		if (error_status(note->why.code) > invocation->status)
			invocation->status = error_status(note->why.code);
	}
	if (invocation->is_json)
		add_row(rows, note, &text);
	if (note->fate == COLLECTED_ASIDE || invocation->is_json ||
	    invocation->is_quiet)
		return ERR_OK;
	return add_line(&invocation->output, note, &text, err);
}

static enum err
report_all(struct invocation *invocation, const struct collected *collected,
    struct error *err)
{
	RELEASE_ROWS struct rows rows = {0};
	size_t i;

	for (i = 0; i < collected->count; i++)
		TRY(report(invocation, &collected->notes[i], &rows, err));
	if (invocation->is_json)
		return rows_print(&rows, "crlferry-collect", "notes",
		    &invocation->output, err);
	if (collected->count == 0 && !invocation->is_quiet)
		TRY(buffer_appendf(&invocation->output, err,
		    "%s: no notes of a configured subordinate\n",
		    invocation->arguments.words[0]));
	return ERR_OK;
}

enum err
cmd_collect(struct invocation *invocation, struct error *err)
{
	RELEASE_COLLECTED struct collected collected = {.count = 0};
	const struct collect_options options = {
	    .medium = invocation->arguments.words[0],
	    .now_s = invocation->now_s,
	    .who = invocation->who};
	RELEASE_HISTORY struct history history = {0};
	struct error why;
	enum err collecting;

	TRY(history_read(invocation->config, &history, err));
	collecting = collect_medium(&history, &options, &collected,
	    &invocation->notices, &why);
	/* A clock that is wrong is said once all was looked at. */
	if (collecting != ERR_OK && collecting != ERR_CLOCK)
		return err_fail(err, collecting, "%s", why.what);
	TRY(report_all(invocation, &collected, err));
	return collecting != ERR_OK ?
	    err_fail(err, collecting, "%s", why.what) : ERR_OK;
}
