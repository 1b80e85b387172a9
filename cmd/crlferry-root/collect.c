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

static void
add_row(struct rows *rows, const struct collected_note *note,
    const char *time, const char *number)
{
	const bool is_aside = note->fate == COLLECTED_ASIDE;
	const bool is_receipt = !is_aside && note->kind == NOTE_RECEIPT;

	rows_begin(rows);
	rows_text(rows, "root", note->root);
	rows_text(rows, "subordinate", note->subordinate);
	rows_text(rows, "kind", note_kind_word(note->kind));
	rows_text(rows, "fate", fates[note->fate]);
	rows_known(rows, "sequence", !is_aside, (int64_t)note->sequence);
	rows_text(rows, "time", is_aside ? NULL : time);
	rows_text(rows, "number", note->has_number ? number : NULL);
	rows_known(rows, "stores", is_receipt, (int64_t)note->store_count);
	rows_known(rows, "stores_failed", is_receipt,
	    (int64_t)note->store_failures);
	rows_failure(rows, is_aside ? &note->why : &(struct error){ERR_OK});
}

static enum err
add_line(struct invocation *invocation, const struct collected_note *note,
    const char *time, const char *number, struct error *err)
{
	char installed[128];

	TRY(cli_say(invocation, err,
	    "%s: %s of %s: %s\n"
	    "  sequence  %llu\n"
	    "  sealed    %s, by its clock\n", note->root,
	    note_kind_word(note->kind), note->subordinate,
	    note->fate == COLLECTED_NEW ? "taken in" : "was taken in before",
	    (unsigned long long)note->sequence, time));
	if (note->kind == NOTE_REQUEST)
		return cli_say(invocation, err, "  holds     %s%s\n",
		    note->has_number ? "CRL #" : note->has_claim ?
		    "no CRL whose number is proven" : "no CRL yet", number);
	collected_installed(note, installed, sizeof(installed));
	return cli_say(invocation, err, "  has       %s\n", installed);
}

static enum err
report(struct invocation *invocation, const struct collected_note *note,
    struct rows *rows, struct error *err)
{
	char time[UTC_TEXT_SIZE], number[NUMBER_TEXT_SIZE] = "";

	utc_format(note->at_s, time);
	if (note->has_number)
		number_format(&note->number, 0, number);
	add_row(rows, note, time, number);
	if (note->fate != COLLECTED_ASIDE)
		return add_line(invocation, note, time, number, err);
	cli_print_aside(invocation, &note->why);
	return ERR_OK;
}

static enum err
report_all(struct invocation *invocation, const struct collected *collected,
    struct error *err)
{
	RELEASE_ROWS struct rows rows = {0};

	for (size_t i = 0; i < collected->count; i++)
		TRY(report(invocation, &collected->notes[i], &rows, err));
	if (collected->count == 0)
		TRY(cli_say(invocation, err, "%s: no notes of a configured "
		    "subordinate\n", invocation->arguments.words[0]));
	return rows_print(&rows, invocation, "crlferry-collect", "notes", err);
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
		return err_copy(err, &why);
	TRY(report_all(invocation, &collected, err));
	return collecting != ERR_OK ? err_copy(err, &why) : ERR_OK;
}
