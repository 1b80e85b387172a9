/* SPDX-License-Identifier: ISC */
/* The calendar: a grid for each month, and its days in words. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "plan/when.h"
#include "view/plan/views.h"
#include "view/report/parts.h"

#define NAMES_MAX 6	/* of one day and kind; the others are counted */

enum mark_kind {
	MARK_REMIND,
	MARK_CEREMONY,
	MARK_DEADLINE,
	MARK_EXPIRES,
	MARK_ENDS,
};

static const struct {
	const char *letter;
	const char *word;
	int severity;		/* whose colour it has */
} kinds[] = {
    [MARK_REMIND] = {"R", "reminder", 1},
    [MARK_CEREMONY] = {"C", "ceremony", 0},
    [MARK_DEADLINE] = {"D", "deadline: overdue if it was not held", 1},
    [MARK_EXPIRES] = {"X", "CRL expires if nobody acts", 2},
    [MARK_ENDS] = {"E", "certificate ends", 2},
};

struct mark {
	int64_t day_s;
	enum mark_kind kind;
	const char *root;
	const char *subordinate;	/* NULL: it is the root's */
};

struct marks {
	struct mark *list;
	size_t count;
};

static void
free_marks(struct marks *marks)
{
	free(marks->list);
}

static int
compare_marks(const void *a, const void *b)
{
	const struct mark *left = a, *right = b;

	if (left->day_s != right->day_s)
		return left->day_s < right->day_s ? -1 : 1;
	return (int)left->kind - (int)right->kind;
}

static void
add_mark(struct marks *marks, const struct report *report,
    enum mark_kind kind, int64_t at_s, const char *root,
    const char *subordinate)
{
	if (at_s < utc_day_start(report->span.now_s) ||
	    at_s > report->span.end_s)
		return;
	marks->list[marks->count++] = (struct mark){utc_day_start(at_s), kind,
	    root, subordinate};
}

static void
mark_plan(struct marks *marks, const struct report *report,
    const struct plan *plan)
{
	for (size_t i = 0; i < plan->day_count; i++) {
		const struct schedule_day *day = &plan->days[i];

		if (plan_is_held(&plan->agenda, day->ceremony_s))
			continue;
		if (day->upcoming_s < day->ceremony_s)
			add_mark(marks, report, MARK_REMIND, day->upcoming_s,
			    plan->root, NULL);
		add_mark(marks, report, MARK_CEREMONY, day->ceremony_s,
		    plan->root, NULL);
		add_mark(marks, report, MARK_DEADLINE, day->deadline_s,
		    plan->root, NULL);
	}
}

/* The end of its CRL; and its ceremony, if that is none of the schedule's. */
static void
mark_pair(struct marks *marks, const struct report *report,
    const struct report_pair *pair)
{
	const struct standing *standing = pair->standing;
	const struct plan *plan = pair->root->plan;
	const char *subordinate = standing->facts->subordinate[0] == '\0' ?
	    NULL : standing->facts->subordinate;

	if (standing->facts->is_retired)
		return;
	if (standing->has_next_update)
		add_mark(marks, report, MARK_EXPIRES, standing->next_update_s,
		    plan->root, subordinate);
	for (size_t i = 0; i < plan->day_count; i++) {
		if (plan->days[i].ceremony_s == standing->next_ceremony_s)
			return;
	}
	if (standing->next_ceremony_s < plan->root_end_s)
		add_mark(marks, report, MARK_CEREMONY,
		    standing->next_ceremony_s, plan->root, subordinate);
}

static enum err
gather(const struct report *report, const struct report_pair *pairs,
    size_t pair_count, struct marks *marks, struct error *err)
{
	size_t room = 2 * pair_count + report->certificate_count + 1;

	for (size_t i = 0; i < report->root_count; i++)
		room += 3 * report->roots[i].plan->day_count;
	marks->list = calloc(room, sizeof(*marks->list));
	if (marks->list == NULL)
		return err_no_memory(err);
	for (size_t i = 0; i < report->root_count; i++)
		mark_plan(marks, report, report->roots[i].plan);
	for (size_t i = 0; i < pair_count; i++)
		mark_pair(marks, report, &pairs[i]);
	for (size_t i = 0; i < report->certificate_count; i++) {
		const struct report_certificate *certificate =
		    &report->certificates[i];

		if (certificate->is_known)
			add_mark(marks, report, MARK_ENDS,
			    certificate->not_after_s, certificate->root,
			    certificate->subordinate);
	}
	qsort(marks->list, marks->count, sizeof(*marks->list), compare_marks);
	return ERR_OK;
}

/* Behind the last mark of a day. */
static size_t
end_of_day(const struct marks *marks, size_t at, int64_t day_s)
{
	while (at < marks->count && marks->list[at].day_s == day_s)
		at++;
	return at;
}

static bool
is_first_of_kind(const struct marks *marks, size_t first, size_t at)
{
	return at == first ||
	    marks->list[at].kind != marks->list[at - 1].kind;
}

/* The marks of a day are those from first on, before last. */
static void
put_day(struct draft *draft, const struct marks *marks, size_t first,
    size_t last, int64_t day_s, bool is_today)
{
	draft_put(draft, is_today ? "<td class=\"day\">" : "<td>");
	if (first < last)
		draft_putf(draft, "<b class=\"s%d\">",
		    kinds[marks->list[last - 1].kind].severity);
	draft_putf(draft, "%d", utc_to_civil(day_s).day);
	for (size_t i = first; i < last; i++) {
		if (is_first_of_kind(marks, first, i))
			draft_putf(draft, " <span aria-hidden=\"true\">%s"
			    "</span><span class=\"hide\">%s</span>",
			    kinds[marks->list[i].kind].letter,
			    kinds[marks->list[i].kind].word);
	}
	if (is_today)
		draft_put(draft, "<span class=\"hide\"> today</span>");
	draft_put(draft, first < last ? "</b></td>" : "</td>");
}

/* Weeks begin on Monday (ISO 8601). */
static int
column_of(int64_t day_s)
{
	return (utc_weekday(day_s) + 6) % 7;
}

static void
put_month(struct draft *draft, const struct marks *marks, size_t *at,
    int64_t first_s, int64_t now_s)
{
	const struct civil month = utc_to_civil(first_s);
	const int count = utc_days_in_month(month.year, month.month);

	draft_putf(draft, "<table>\n<caption>%s %d</caption>\n<thead><tr>",
	    when_months[month.month - 1], month.year);
	for (size_t i = 1; i <= 7; i++)
		draft_putf(draft, "<th scope=\"col\" abbr=\"%s\">%.2s</th>",
		    when_weekdays[i % 7], when_weekdays[i % 7]);
	draft_put(draft, "</tr></thead>\n<tbody>\n<tr>");
	for (int i = 0; i < column_of(first_s); i++)
		draft_put(draft, "<td></td>");
	for (int i = 0; i < count; i++) {
		const int64_t day_s = first_s + i * DAY_S;
		const size_t last = end_of_day(marks, *at, day_s);

		if (i > 0 && column_of(day_s) == 0)
			draft_put(draft, "</tr>\n<tr>");
		put_day(draft, marks, *at, last, day_s,
		    day_s == utc_day_start(now_s));
		*at = last;
	}
	draft_put(draft, "</tr>\n</tbody>\n</table>\n");
}

static void
put_months(struct draft *draft, const struct report *report,
    const struct marks *marks)
{
	struct civil month = utc_to_civil(report->span.now_s);
	size_t at = 0;
	int64_t first_s;

	month = (struct civil){.year = month.year, .month = month.month,
	    .day = 1};
	draft_put(draft, "<div class=\"months\">\n");
	while (utc_from_civil(&month, &first_s) &&
	    first_s <= report->span.end_s) {
		put_month(draft, marks, &at, first_s, report->span.now_s);
		month.year += month.month / 12;
		month.month = month.month % 12 + 1;
	}
	draft_put(draft, "</div>\n");
}

static void
put_names(struct draft *draft, const struct marks *marks, size_t first,
    size_t last)
{
	for (size_t i = first; i < last && i < first + NAMES_MAX; i++) {
		draft_put(draft, i > first ? ", " : "");
		html_put(draft, marks->list[i].root);
		if (marks->list[i].subordinate == NULL)
			continue;
		draft_put(draft, " / ");
		html_put(draft, marks->list[i].subordinate);
	}
	if (last - first > NAMES_MAX)
		draft_putf(draft, " and %zu more", last - first - NAMES_MAX);
}

static void
put_list(struct draft *draft, const struct report *report,
    const struct marks *marks)
{
	report_begin_table(draft, "list", "The same days in words",
	    (const char *const[]){"Day", "Event", "Of", NULL});
	for (size_t i = 0, last; i < marks->count; i = last) {
		const struct mark *mark = &marks->list[i];

		for (last = i + 1; last < marks->count &&
		    compare_marks(mark, &marks->list[last]) == 0; last++)
			continue;
		draft_put(draft, "<tr><td>");
		report_put_when(draft, mark->day_s, report->span.now_s);
		draft_putf(draft, "</td><td>%s</td><td>",
		    kinds[mark->kind].word);
		put_names(draft, marks, i, last);
		draft_put(draft, "</td></tr>\n");
	}
	report_end_table(draft);
}

void
report_put_calendar(struct draft *draft, const struct report *report,
    const struct report_pair *pairs, size_t pair_count)
{
	__attribute__((cleanup(free_marks))) struct marks marks = {0};

	if (draft->code == ERR_OK)
		draft->code = gather(report, pairs, pair_count, &marks,
		    draft->err);
	if (draft->code != ERR_OK)
		return;
	draft_put(draft, "<section aria-labelledby=\"calendar\">\n"
	    "<h2 id=\"calendar\">Calendar</h2>\n<ul class=\"legend\">\n");
	for (size_t i = 0; i < COUNT_OF(kinds); i++)
		draft_putf(draft, "<li><span class=\"state s%d\">%s</span> %s"
		    "</li>\n", kinds[i].severity, kinds[i].letter,
		    kinds[i].word);
	draft_put(draft, "</ul>\n");
	put_months(draft, report, &marks);
	put_list(draft, report, &marks);
	draft_put(draft, "</section>\n");
}
