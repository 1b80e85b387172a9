/* SPDX-License-Identifier: ISC */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/printable.h"
#include "plan/when.h"
#include "view/mail.h"
#include "view/mail_remedy.h"
#include "view/table.h"
#include "view/wrap.h"

#define WIDTH 76
#define INDENT 14	/* of what stands behind "Otherwise:" */
#define PAIRS_MAX 20	/* with sentences; the table has all */
#define SUBJECT_MAX 200
#define SAID_SIZE 6000

static int
compare(const void *a, const void *b)
{
	const struct standing *one = ((const struct mail_pair *)a)->standing;
	const struct standing *other = ((const struct mail_pair *)b)->standing;
	const int order = severity_compare(one->severity, other->severity);

	if (order != 0)
		return order;
	if (one->state != other->state)
		return one->state > other->state ? -1 : 1;
	if (one->next_update_s != other->next_update_s)
		return one->next_update_s < other->next_update_s ? -1 : 1;
	/* Both point into one array: the order of the configuration. */
	return one < other ? -1 : one > other;
}

void
mail_sort(struct mail_pair *pairs, size_t count)
{
	qsort(pairs, count, sizeof(*pairs), compare);
}

/* One of the states that a date brings about. */
static enum err
append_dated_subject(const struct standing *standing, int64_t now_s,
    struct buffer *out, struct error *err)
{
	const struct standing_facts *facts = standing->facts;
	const enum mail_remedy remedy = mail_find_remedy(standing, now_s);
	const char *unless = remedy == REMEDY_IMPORT ? "the newest bundle is "
	    "imported" : remedy == REMEDY_FOUND ? "the newest CRL gets there" :
	    remedy == REMEDY_SUCCEED ? "its root is replaced" :
	    "a ceremony is held";
	const bool is_upcoming = remedy == REMEDY_PREPARE ||
	    remedy == REMEDY_HOLD;
	char date[UTC_TEXT_SIZE];

	utc_format_date(is_upcoming ? standing->next_ceremony_s :
	    standing->next_update_s, date);
	if (is_upcoming)
		return buffer_appendf(out, err, utc_day_start(now_s) >
		    standing->next_ceremony_s ? "the ceremony of %s on %s has "
		    "brought no CRL yet (upcoming)" : "a ceremony of %s is to "
		    "be held on %s (upcoming)", facts->root, date);
	if (!standing->has_next_update)
		return buffer_appendf(out, err, "%s: the ceremony of %s is "
		    "overdue", facts->subordinate, facts->root);
	return buffer_appendf(out, err, now_s >= standing->next_update_s ?
	    "%s stopped on %s, and stays so until %s (%s)" :
	    "%s stops on %s unless %s (%s)", facts->subordinate, date, unless,
	    pair_state_word(standing->state));
}

/* A state that a date has nothing to do with, and a date that has passed. */
static enum err
append_late(const struct standing *standing, int64_t now_s,
    struct buffer *out, struct error *err)
{
	const bool is_over = standing_accepted_has_ended(standing->facts,
	    now_s);
	char date[UTC_TEXT_SIZE];

	if (pair_state_is_dated(standing->state) ||
	    !mail_ceremony_is_late(standing, now_s))
		return ERR_OK;
	utc_format_date(is_over ? standing->facts->accepted_next_update_s :
	    standing->next_ceremony_s, date);
	return buffer_appendf(out, err, is_over ? ", and its last CRL ended "
	    "on %s: %s" : ", and the ceremony of %s is overdue: %s", date,
	    standing_is_last(standing) ? "replace its root" :
	    "hold a ceremony");
}

enum err
mail_subject(const struct mail *mail, struct buffer *out, struct error *err)
{
	const struct standing *standing = mail->pairs[0].standing;
	const struct standing_concern *concern = standing_loudest(standing);
	RELEASE_BUFFER struct buffer text = {0};

	TRY(buffer_append_text(&text, "crlferry: ", err));
	if (concern != NULL)
		TRY(buffer_appendf(&text, err, "%.*s", SUBJECT_MAX,
		    concern->text));
	else if (mail_states[standing->state].subject == NULL)
		TRY(append_dated_subject(standing, mail->now_s, &text, err));
	else {
		TRY(buffer_appendf(&text, err, "%s %s (%s)",
		    standing->facts->subordinate,
		    mail_states[standing->state].subject,
		    pair_state_word(standing->state)));
		TRY(append_late(standing, mail->now_s, &text, err));
	}
	if (mail->pair_count > 1)
		TRY(buffer_appendf(&text, err, " [%zu more pair%s]",
		    mail->pair_count - 1, mail->pair_count == 2 ? "" : "s"));
	TRY(buffer_append(&text, "", 1, err));
	return printable_append(out, (const char *)text.data, PRINTABLE_LINE,
	    "", err);
}

/* A paragraph; with a label, behind that. */
static enum err
say(struct buffer *out, struct error *err, const char *label, const char *fmt,
    ...) __attribute__((format(printf, 4, 5)));

static enum err
say(struct buffer *out, struct error *err, const char *label, const char *fmt,
    ...)
{
	RELEASE_BUFFER struct buffer shown = {0};
	struct wrapping wrapping = {.width = WIDTH};
	char text[SAID_SIZE];
	va_list arguments;

	va_start(arguments, fmt);
	vsnprintf(text, sizeof(text), fmt, arguments);
	va_end(arguments);
	TRY(printable_append(&shown, text, PRINTABLE_LINE, "", err));
	TRY(buffer_append(&shown, "", 1, err));
	if (label != NULL) {
		TRY(buffer_appendf(out, err, "   %-*s", INDENT - 3, label));
		wrapping.column = wrapping.indent = INDENT;
	}
	return wrap_append(out, (const char *)shown.data, &wrapping, err);
}

static enum err
say_remedy(const struct mail *mail, const struct standing *standing,
    struct buffer *out, struct error *err)
{
	const struct standing_facts *facts = standing->facts;
	static const char label[] = "To do:";
	char date[WHEN_TEXT_SIZE], end[WHEN_TEXT_SIZE];

	when_date_text(standing->next_ceremony_s, mail->now_s, date);
	when_left_text(facts->root_not_after_s, mail->now_s, end);
	switch (mail_find_remedy(standing, mail->now_s)) {
	case REMEDY_PREPARE:
		return say(out, err, label, "Prepare the ceremony of %s on "
		    "%s: call the operator and the witnesses, and see that "
		    "the key of the root and a stick are at hand.",
		    facts->root, date);
	case REMEDY_HOLD:
		return say(out, err, label, "Hold the ceremony of %s that is "
		    "planned for %s. If it was held already, fetch the stick "
		    "and run: crlferry-sub import%s MEDIUM", facts->root,
		    date, mail->option);
	case REMEDY_CEREMONY:
		return say(out, err, label, "Hold a ceremony of %s now. If it "
		    "was held already, fetch the stick and run: crlferry-sub "
		    "import%s MEDIUM", facts->root, mail->option);
	case REMEDY_IMPORT:
		return say(out, err, label, "Import the newest bundle of %s: "
		    "crlferry-sub import%s MEDIUM", facts->root,
		    mail->option);
	case REMEDY_SUCCEED:
		return say(out, err, label, mail->now_s >
		    facts->root_not_after_s ? "Replace root %s: its "
		    "certificate ended on %s; its operator can give it a new "
		    "one for the same key." : "Put the successor of root %s, "
		    "or a new certificate for its key, in place: this one "
		    "ends on %s, before another ceremony.", facts->root, end);
	case REMEDY_FOUND:
		return say(out, err, label, "Mend what is named below, as it "
		    "says there.");
	case REMEDY_CLOCK:
		return say(out, err, label, "Set the clock of this machine, "
		    "and see that it stays right.");
	case REMEDY_REPLACE:
		return say(out, err, label, "Replace the certificate of %s; "
		    "if it is not used any more, write retired = true for it "
		    "in %s", facts->subordinate, mail->config);
	case REMEDY_NOTHING:
		break;
	}
	return ERR_OK;
}

static enum err
say_by(const struct mail *mail, const struct standing *standing,
    struct buffer *out, struct error *err)
{
	const bool is_upcoming = standing->state == PAIR_UPCOMING;
	const int64_t by_s = is_upcoming ? standing->deadline_s :
	    standing->next_update_s;
	char by[WHEN_TEXT_SIZE];

	if (mail_states[standing->state].otherwise != NULL ||
	    !standing->has_next_update || by_s <= mail->now_s)
		return say(out, err, "By:", "at once");
	when_left_text(by_s, mail->now_s, by);
	return say(out, err, "By:", "%s%s", is_upcoming ? "its CRL must be "
	    "here before " : "before ", by);
}

/* Whatever else is wrong with it. */
static enum err
say_over(const struct mail *mail, const struct standing *standing,
    struct buffer *out, struct error *err)
{
	const char *name = standing->facts->subordinate;
	char end[WHEN_TEXT_SIZE];

	when_left_text(standing->facts->accepted_next_update_s, mail->now_s,
	    end);
	return say(out, err, "Now:", "%s %s. The CRL that was accepted last "
	    "ended on %s, so importing it again is no help.", name,
	    mail_states[standing->state].otherwise, end);
}

static enum err
say_otherwise(const struct mail *mail, const struct standing *standing,
    struct buffer *out, struct error *err)
{
	const char *name = standing->facts->subordinate;
	char end[WHEN_TEXT_SIZE];

	if (mail_states[standing->state].otherwise != NULL)
		return standing_accepted_has_ended(standing->facts,
		    mail->now_s) ? say_over(mail, standing, out, err) :
		    say(out, err, "Otherwise:", "%s %s.", name,
		    mail_states[standing->state].otherwise);
	if (!standing->has_next_update)
		return ERR_OK;
	when_left_text(standing->next_update_s, mail->now_s, end);
	if (standing->next_update_s <= mail->now_s)
		return say(out, err, "Now:", "%s has stopped: its CRL ended "
		    "on %s, and programs refuse the certificates that %s has "
		    "issued.", name, end, name);
	return say(out, err, "Otherwise:", "%s stops on %s: its CRL ends, and "
	    "programs refuse the certificates that %s has issued.", name, end,
	    name);
}

static enum err
say_pair(const struct mail *mail, const struct mail_pair *pair,
    struct buffer *out, struct error *err)
{
	const struct standing *standing = pair->standing;
	const struct standing_facts *facts = standing->facts;

	TRY(buffer_append_text(out, "\n", err));
	TRY(say(out, err, NULL, "* %s, certified by root %s: %s%s",
	    facts->subordinate, facts->root,
	    standing->state == PAIR_FRESH ? severity_word(standing->severity) :
	    pair_state_word(standing->state), pair->is_new ?
	    " (new, or worse than before)" : ""));
	if (standing->state != PAIR_FRESH) {
		TRY(say_remedy(mail, standing, out, err));
		TRY(say_by(mail, standing, out, err));
		TRY(say_otherwise(mail, standing, out, err));
		TRY(say(out, err, "Found:", "%s", standing->detail));
	}
	for (size_t i = 0; i < standing->concern_count; i++)
		TRY(say(out, err, "Also:", "%s", standing->concerns[i].text));
	return ERR_OK;
}

static enum err
append_table(const struct mail *mail, struct buffer *out, struct error *err)
{
	static const char *const headings[] = {"~SUBORDINATE", "~ROOT",
	    "STATE", "CRL ENDS", "CEREMONY", NULL};
	FREE_TABLE struct table *table = NULL;

	TRY(table_new(headings, WIDTH, &table, err));
	for (size_t i = 0; i < mail->standing_count; i++) {
		const struct standing *standing = &mail->standings[i];
		char end[UTC_TEXT_SIZE] = "-", ceremony[UTC_TEXT_SIZE] = "-";

		if (standing->has_next_update)
			utc_format_date(standing->next_update_s, end);
		if (standing->has_next_ceremony)
			utc_format_date(standing->next_ceremony_s, ceremony);
		TRY(table_add(table, (const char *const[]){
		    standing->facts->subordinate, standing->facts->root,
		    standing->facts->is_retired ? "retired" :
		    pair_state_word(standing->state), end, ceremony}, err));
	}
	TRY(buffer_append_text(out, "\nAll of them:\n\n", err));
	return table_print(table, out, err);
}

static enum err
say_background(const struct mail *mail, struct buffer *out, struct error *err)
{
	TRY(buffer_append_text(out, "\n", err));
	TRY(say(out, err, NULL, "Background: these certificate authorities "
	    "work only as long as a fresh revocation list (CRL) of their "
	    "root is in place. The root is kept switched off. At a ceremony "
	    "it is powered up and signs the next CRL, which is carried here "
	    "on a stick and imported."));
	TRY(buffer_append_text(out, "\n", err));
	if (mail->calendar.size > 0)
		TRY(say(out, err, NULL, "The calendar crlferry.ics is "
		    "attached: open it to have the ceremonies and deadlines "
		    "in yours. It replaces the ones of earlier mails."));
	else
		TRY(say(out, err, NULL, "No calendar is attached: %s",
		    mail->no_calendar));
	TRY(buffer_append_text(out, "\n", err));
	TRY(say(out, err, NULL, "This mail was sent by \"crlferry-sub "
	    "remind\", run by %s. Each run sends one if something is "
	    "worse than in the last mail, or if that is a week old, until "
	    "all is well again. For a subordinate that is not used any more, "
	    "write retired = true in %s; if nobody is to be reminded, remove "
	    "the job that runs \"crlferry-sub remind\".", mail->who,
	    mail->config));
	return ERR_OK;
}

enum err
mail_text(const struct mail *mail, struct buffer *out, struct error *err)
{
	const size_t count = mail->pair_count;

	TRY(say(out, err, NULL, "%s watches over %zu certificate authorit%s; "
	    "%zu of them need%s somebody to act:", mail->who,
	    mail->standing_count, mail->standing_count == 1 ? "y" : "ies",
	    count, count == 1 ? "s" : ""));
	for (size_t i = 0; i < count && i < PAIRS_MAX; i++)
		TRY(say_pair(mail, &mail->pairs[i], out, err));
	if (count > PAIRS_MAX)
		TRY(buffer_appendf(out, err, "\n... and %zu more: see the "
		    "table.\n", count - PAIRS_MAX));
	TRY(append_table(mail, out, err));
	return say_background(mail, out, err);
}
