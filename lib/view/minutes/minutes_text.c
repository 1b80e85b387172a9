/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>

#include "view/minutes/minutes_facts.h"
#include "view/wrap.h"

#define WIDTH 78
#define LABEL_WIDTH 18		/* with the indent before it */
#define INDENT 2
#define STEP_MARGIN "              "
#define SIGNATURE_LINE "  ______________________________________  " \
	"______________"
#define PLACE_LINE "_______________________________"

static const char rule[] = "======================================="
    "=======================================\n";

/* Printable text, wrapped; prefix stands before its first line. */
static void
put_wrapped(struct draft *draft, const char *prefix,
    const char *text, size_t indent)
{
	const struct wrapping wrapping = {strlen(prefix), indent, WIDTH};

	draft_put(draft, prefix);
	if (draft->code == ERR_OK)
		draft->code = wrap_append(draft->out, text, &wrapping,
		    draft->err);
}

/* The same for what a draft has collected. */
static void
put_collected(struct draft *draft, const char *prefix,
    const struct draft *text, size_t indent)
{
	draft->code = text->code;
	if (draft->code == ERR_OK)
		draft->code = buffer_append(text->out, "", 1, draft->err);
	if (draft->code == ERR_OK)
		put_wrapped(draft, prefix, (const char *)text->out->data,
		    indent);
}

/* The same for text of unknown origin. */
static void
put_foreign(struct draft *draft, const char *prefix,
    const char *text, size_t indent)
{
	RELEASE_BUFFER struct buffer clean = {0};
	struct draft line = {&clean, draft->err, draft->code};

	minutes_put_clean(&line, text);
	put_collected(draft, prefix, &line, indent);
}

static void
put_fact(struct draft *draft, const struct minutes *minutes,
    const char *prefix, const struct minutes_fact *fact, size_t indent)
{
	RELEASE_BUFFER struct buffer clean = {0};
	struct draft value = {&clean, draft->err, draft->code};

	minutes_put_fact(&value, minutes, fact);
	put_collected(draft, prefix, &value, indent);
}

/* What is said in a sentence of its own. */
static void
put_sentence(struct draft *draft, const struct minutes *minutes,
    const char *prefix, void (*write)(struct draft *line,
    const struct minutes *minutes), size_t indent)
{
	RELEASE_BUFFER struct buffer text = {0};
	struct draft line = {&text, draft->err, draft->code};

	write(&line, minutes);
	put_collected(draft, prefix, &line, indent);
}

/* Above each section, so that no page of a rehearsal passes for a real one. */
static void
put_banner(struct draft *draft, const struct minutes *minutes)
{
	if (minutes->is_rehearsal)
		draft_put(draft, "================================ REHEARSAL "
		    "===================================\n\n");
}

static void
put_heading(struct draft *draft, const struct minutes *minutes,
    const char *title)
{
	draft_put(draft, "\n");
	put_banner(draft, minutes);
	draft_putf(draft, "%s\n", title);
	draft_putf(draft, "%.*s\n", (int)strlen(title), "----------------"
	    "----------------");
}

/* As it is read aloud. */
static void
put_crl_digest(struct draft *draft, const struct minutes *minutes)
{
	put_fact(draft, minutes, "    ", &minutes_digests.facts[0], 4);
}

static void
put_title(struct draft *draft, const struct minutes *minutes)
{
	char day[UTC_TEXT_SIZE];

	if (minutes->is_rehearsal) {
		draft_put(draft, rule);
		put_wrapped(draft, "REHEARSAL, ", minutes_rehearsal, 0);
		draft_putf(draft, "%s\n", rule);
	}
	draft_put(draft, "MINUTES OF A KEY CEREMONY\n");
	utc_format_date(minutes->started_s, day);
	draft_putf(draft, "Held on: %s\n", day);
	put_foreign(draft, "Root: ", minutes->preview->root, INDENT);
	draft_put(draft, "CRL number: ");
	minutes_put_number(draft, &minutes->preview->number);
	draft_put(draft, "\nSHA-256 of the CRL:\n");
	put_crl_digest(draft, minutes);
	if (minutes->preview->is_emergency)
		draft_put(draft, "EMERGENCY\n");
}

static void
put_facts(struct draft *draft, const struct minutes *minutes,
    const struct minutes_section *section)
{
	char label[LABEL_WIDTH + 16];

	put_heading(draft, minutes, section->title);
	for (size_t i = 0; i < section->count; i++) {
		snprintf(label, sizeof(label), "%*s%-*s", INDENT, "",
		    LABEL_WIDTH - INDENT, section->facts[i].label);
		put_fact(draft, minutes, label, &section->facts[i],
		    LABEL_WIDTH);
	}
}

/* Their labels are long, and stand above. */
static void
put_digests(struct draft *draft, const struct minutes *minutes)
{
	put_heading(draft, minutes, minutes_digests.title);
	for (size_t i = 0; i < minutes_digests.count; i++) {
		draft_putf(draft, "  %s\n", minutes_digests.facts[i].label);
		put_fact(draft, minutes, "    ", &minutes_digests.facts[i], 4);
	}
}

static void
put_entry(struct draft *draft, const struct preview_entry *entry)
{
	RELEASE_BUFFER struct buffer text = {0};
	struct draft line = {&text, draft->err, draft->code};
	char prefix[8];

	minutes_put_clean(&line, entry->serial);
	draft_put(&line, "  ");
	minutes_put_instant(&line, entry->revoked_at_s);
	if (entry->reason_name != NULL) {
		draft_put(&line, "  ");
		minutes_put_clean(&line, entry->reason_name);
	}
	if (entry->has_invalidity || entry->why[0] != '\0')
		draft_put(&line, "  ");
	minutes_put_remark(&line, entry);
	if (entry->subject[0] != '\0') {
		draft_put(&line, "  ");
		minutes_put_clean(&line, entry->subject);
	}
	snprintf(prefix, sizeof(prefix), "  %s ", minutes_sign(entry));
	put_collected(draft, prefix, &line, 6);
}

static void
put_entries(struct draft *draft, const struct minutes *minutes)
{
	put_heading(draft, minutes, MINUTES_AGREED);
	put_sentence(draft, minutes, "  ", minutes_put_agreed, 2);
	for (size_t i = 0; i < minutes->entry_count; i++)
		put_entry(draft, &minutes->entries[i]);
	if (minutes->entries_left_out == 0)
		return;
	draft_put(draft, "  ");
	minutes_put_left_out(draft, minutes);
	draft_put(draft, "\n");
}

/* The box for initials stands first, so that titles of any width follow. */
static void
put_step(struct draft *draft, const struct minutes *minutes, size_t i)
{
	const struct minutes_step *step = &minutes->steps[i];
	char time[UTC_TEXT_SIZE];
	char prefix[64];

	minutes_step_time(minutes, step, time);
	if (minutes_is_repetition(minutes, i)) {
		snprintf(prefix, sizeof(prefix), STEP_MARGIN "  %s  ", time);
		put_foreign(draft, prefix, step->text, strlen(prefix));
		return;
	}
	snprintf(prefix, sizeof(prefix), "  [    ]  %2u  %s  ",
	    minutes_step_number(minutes, i), time);
	put_foreign(draft, prefix, step->title, strlen(prefix));
	put_foreign(draft, STEP_MARGIN, step->text, strlen(STEP_MARGIN));
	if (step->is_consent)
		put_sentence(draft, minutes, STEP_MARGIN, minutes_put_consent,
		    strlen(STEP_MARGIN));
}

static void
put_steps(struct draft *draft, const struct minutes *minutes)
{
	put_heading(draft, minutes, "Steps");
	put_sentence(draft, minutes, "  ", minutes_put_steps_lead, 2);
	draft_put(draft, "  In each box the initials of those present.\n\n");
	for (size_t i = 0; i < minutes->step_count; i++)
		put_step(draft, minutes, i);
	if (minutes->step_count == 0)
		draft_put(draft, "  none\n");
}

static void
put_list(struct draft *draft, const struct minutes *minutes,
    const struct minutes_heading *heading)
{
	const struct minutes_list *list = minutes_list_of(minutes, heading);
	char prefix[32];

	put_heading(draft, minutes, heading->title);
	for (size_t i = 0; i < list->count; i++) {
		snprintf(prefix, sizeof(prefix), "  %2zu  ", i + 1);
		put_foreign(draft, prefix, list->texts[i], strlen(prefix));
	}
	if (list->count == 0)
		draft_put(draft, "  none\n");
}

static void
put_signature(struct draft *draft, const char *role,
    const char *name)
{
	char prefix[96];

	draft_put(draft, "\n\n" SIGNATURE_LINE "\n");
	draft_put(draft, "  Signature                               Date\n");
	snprintf(prefix, sizeof(prefix), "  %s: ", role);
	put_foreign(draft, prefix, name, strlen(prefix));
}

static void
put_signatures(struct draft *draft, const struct minutes *minutes)
{
	char role[64];

	put_heading(draft, minutes, "Signatures");
	put_sentence(draft, minutes, "  ", minutes_put_identity, 2);
	draft_put(draft, "\n");
	put_sentence(draft, minutes, "  ", minutes_put_attestation, 2);
	put_crl_digest(draft, minutes);
	put_wrapped(draft, "  ", minutes_attestation_end, 2);
	draft_put(draft, "\n\n  Place: " PLACE_LINE "\n");
	put_signature(draft, "Operator", minutes->operator_name);
	for (size_t i = 0; i < minutes->witness_count; i++) {
		snprintf(role, sizeof(role), "W%zu, witness", i + 1);
		put_signature(draft, role, minutes->witnesses[i]);
	}
}

enum err
minutes_text(const struct minutes *minutes, struct buffer *out,
    struct error *err)
{
	struct draft draft = {out, err, ERR_OK};

	put_title(&draft, minutes);
	put_facts(&draft, minutes, &minutes_people);
	put_facts(&draft, minutes, &minutes_room);
	put_facts(&draft, minutes, &minutes_crl);
	put_digests(&draft, minutes);
	put_facts(&draft, minutes, &minutes_bundle);
	put_entries(&draft, minutes);
	put_steps(&draft, minutes);
	for (size_t i = 0; i < minutes_list_count; i++) {
		if (minutes_has_list(minutes, &minutes_lists[i]))
			put_list(&draft, minutes, &minutes_lists[i]);
	}
	put_signatures(&draft, minutes);
	return draft.code;
}
