/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "base/array.h"
#include "base/printable.h"
#include "view/plan/paragraphs.h"
#include "view/wrap.h"

#define WIDTH_DEFAULT 80
#define WIDTH_MIN 48
#define INDENT 2

size_t
plan_width(size_t columns)
{
	if (columns == 0)
		return WIDTH_DEFAULT;
	return columns < WIDTH_MIN ? WIDTH_MIN : columns;
}

enum err
plan_paragraph(const char *whose, struct buffer *text, size_t width,
    struct buffer *out, struct error *err)
{
	const struct wrapping wrapping = {0, INDENT, width};
	RELEASE_BUFFER struct buffer shown = {0};

	TRY(buffer_append(text, "", 1, err));
	TRY(buffer_appendf(&shown, err, "%s: ", whose));
	TRY(printable_append(&shown, (const char *)text->data, PRINTABLE_LINE,
	    "", err));
	TRY(buffer_append(&shown, "", 1, err));
	return wrap_append(out, (const char *)shown.data, &wrapping, err);
}

/* Who has stopped though the CRL that would keep it going was accepted. */
static enum err
append_lacking(const struct plan *plan, size_t width, struct buffer *out,
    struct error *err)
{
	const struct agenda *agenda = &plan->agenda;
	const size_t count = agenda->lacking_count;
	const char *names[PLAN_NAMES_MAX + 1] = {NULL};
	RELEASE_BUFFER struct buffer text = {0};

	if (count == 0 || agenda->is_blind)
		return ERR_OK;
	for (size_t i = 0; i < count && i < COUNT_OF(names); i++)
		names[i] = agenda->stops[agenda->stop_count - count + i]
		    .subordinate;
	TRY(plan_names(names, count, &text, err));
	TRY(buffer_append_text(&text, count == 1 ? " has stopped: it lacks "
	    "the CRL that was accepted." : " have stopped: they lack the CRL "
	    "that was accepted.", err));
	return plan_paragraph(plan->root, &text, width, out, err);
}

static enum err
append_mend(const struct agenda_mend *mend, bool is_first,
    struct buffer *text, struct error *err)
{
	/* The reason may name it already. */
	const bool has_name = mend->subordinate[0] != '\0' &&
	    (mend->others > 0 ||
	    strstr(mend->detail, mend->subordinate) == NULL);

	TRY(buffer_appendf(text, err, "%s%s%s", is_first ? "First" : "Then",
	    has_name ? ", for " : "", has_name ? mend->subordinate : ""));
	if (has_name && mend->others > 0)
		TRY(buffer_appendf(text, err, " and %zu more", mend->others));
	return buffer_appendf(text, err, ": %s.", mend->detail);
}

static enum err
append_mends(const struct plan *plan, size_t width, struct buffer *out,
    struct error *err)
{
	const struct agenda *agenda = &plan->agenda;
	RELEASE_BUFFER struct buffer more = {0};

	for (size_t i = 0; i < agenda->mend_count; i++) {
		RELEASE_BUFFER struct buffer text = {0};

		TRY(append_mend(&agenda->mends[i], i == 0, &text, err));
		TRY(plan_paragraph(plan->root, &text, width, out, err));
	}
	if (agenda->mends_left == 0)
		return ERR_OK;
	TRY(buffer_appendf(&more, err, "%zu more need attention: see "
	    "crlferry-%s status.", agenda->mends_left,
	    agenda->is_root ? "root" : "sub"));
	return plan_paragraph(plan->root, &more, width, out, err);
}

/* One that has ended is used by nobody any more: no ceremony mends that. */
static bool
has_ended(const struct standing_concern *concern, int64_t now_s)
{
	return concern->kind == CONCERN_SUBORDINATE_END &&
	    concern->at_s < now_s;
}

static enum err
append_ended(const struct plan *plan, int64_t now_s, size_t width,
    struct buffer *out, struct error *err)
{
	const struct agenda *agenda = &plan->agenda;
	bool is_first = agenda->mend_count == 0;

	if (agenda->is_blind)
		return ERR_OK;
	for (size_t i = 0; i < agenda->concern_count; i++) {
		RELEASE_BUFFER struct buffer text = {0};

		if (!has_ended(&agenda->concerns[i], now_s))
			continue;
		TRY(buffer_appendf(&text, err, "%s: %s.", is_first ? "First" :
		    "Then", agenda->concerns[i].text));
		TRY(plan_paragraph(plan->root, &text, width, out, err));
		is_first = false;
	}
	return ERR_OK;
}

static enum err
append_concerns(const struct plan *plan, int64_t now_s, size_t width,
    struct buffer *out, struct error *err)
{
	const struct agenda *agenda = &plan->agenda;
	const bool is_end_said = agenda->is_last ||
	    agenda->what == AGENDA_SUCCEED || agenda->what == AGENDA_ENDED;
	RELEASE_BUFFER struct buffer more = {0};

	if (agenda->is_blind)
		return ERR_OK;
	for (size_t i = 0; i < agenda->concern_count; i++) {
		const struct standing_concern *concern = &agenda->concerns[i];
		RELEASE_BUFFER struct buffer text = {0};

		if (has_ended(concern, now_s) ||
		    (concern->kind == CONCERN_ROOT_END && is_end_said))
			continue;
		TRY(buffer_appendf(&text, err, "Besides, %s.", concern->text));
		TRY(plan_paragraph(plan->root, &text, width, out, err));
	}
	if (agenda->concerns_left == 0)
		return ERR_OK;
	TRY(buffer_appendf(&more, err, "Besides, something is to be said of "
	    "%zu more certificates: see crlferry-%s status.",
	    agenda->concerns_left, agenda->is_root ? "root" : "sub"));
	return plan_paragraph(plan->root, &more, width, out, err);
}

/* The last ceremony of a root is said before it comes. */
static enum err
append_last(const struct plan *plan, size_t width, struct buffer *out,
    struct error *err)
{
	const struct agenda *agenda = &plan->agenda;
	RELEASE_BUFFER struct buffer text = {0};
	char end[UTC_TEXT_SIZE];

	if (!agenda->is_last || agenda->what == AGENDA_ENDED)
		return ERR_OK;
	utc_format_date(agenda->root_end_s, end);
	TRY(buffer_appendf(&text, err, "No other ceremony follows: the "
	    "root's certificate ends on %s; %s by then.", end,
	    agenda->can_reissue ? "give it a new one (crlferry-root reissue)" :
	    "put its successor in place"));
	return plan_paragraph(plan->root, &text, width, out, err);
}

static enum err
append_difference(const struct plan *plan, size_t width, struct buffer *out,
    struct error *err)
{
	const struct agenda *agenda = &plan->agenda;
	char manifest[UTC_TEXT_SIZE], scheduled[UTC_TEXT_SIZE];
	RELEASE_BUFFER struct buffer text = {0};

	if (!agenda->differs)
		return ERR_OK;
	utc_format_date(agenda->manifest_s, manifest);
	utc_format_date(agenda->scheduled_s, scheduled);
	TRY(buffer_appendf(&text, err, "The root's manifest says %s, this "
	    "machine's schedule %s says %s: ask for the root's schedule "
	    "file.", manifest, plan->schedule->name, scheduled));
	return plan_paragraph(plan->root, &text, width, out, err);
}

static enum err
append_unconfirmed(const struct plan *plan, size_t width, struct buffer *out,
    struct error *err)
{
	const struct agenda *agenda = &plan->agenda;
	const char *names[PLAN_NAMES_MAX + 1] = {agenda->unconfirmed[0],
	    agenda->unconfirmed[1], agenda->unconfirmed[2],
	    agenda->unconfirmed[3]};
	char number[NUMBER_TEXT_SIZE];
	RELEASE_BUFFER struct buffer text = {0};

	if (agenda->unconfirmed_count == 0)
		return ERR_OK;
	number_format(&agenda->number, 0, number);
	TRY(buffer_appendf(&text, err, "No receipt of %s%s has come yet from ",
	    agenda->has_number ? "CRL #" : "the last CRL",
	    agenda->has_number ? number : ""));
	TRY(plan_names(names, agenda->unconfirmed_count, &text, err));
	TRY(buffer_append_text(&text, ": the days below count if it has "
	    "arrived there.", err));
	return plan_paragraph(plan->root, &text, width, out, err);
}

enum err
plan_agenda_paragraphs(const struct plan *plan, int64_t now_s, size_t width,
    struct buffer *out, struct error *err)
{
	RELEASE_BUFFER struct buffer text = {0};

	TRY(append_lacking(plan, width, out, err));
	TRY(append_mends(plan, width, out, err));
	TRY(append_ended(plan, now_s, width, out, err));
	TRY(plan_agenda_text(plan, now_s, &text, err));
	TRY(plan_paragraph(plan->root, &text, width, out, err));
	TRY(append_last(plan, width, out, err));
	TRY(append_concerns(plan, now_s, width, out, err));
	TRY(append_difference(plan, width, out, err));
	return append_unconfirmed(plan, width, out, err);
}
