/* SPDX-License-Identifier: ISC */
#include <stdio.h>

#include "plan/when.h"
#include "view/plan/ceremonies.h"
#include "view/plan/views.h"
#include "view/table.h"
#include "view/wrap.h"

#define NOTHING "-"
#define DAY_CELL_SIZE 32
#define MISSED_ROWS 3
#define INDENT 2

/* "2027-07-06 Tue" */
static void
day_cell(int64_t at_s, char out[DAY_CELL_SIZE])
{
	char date[UTC_TEXT_SIZE];

	utc_format_date(at_s, date);
	snprintf(out, DAY_CELL_SIZE, "%s %.3s", date,
	    when_weekdays[utc_weekday(at_s)]);
}

static enum err
add_day(struct table *table, const struct plan *plan,
    const struct schedule_day *day, int64_t now_s, struct error *err)
{
	const bool is_held = plan_is_held(&plan->agenda, day->ceremony_s);
	const bool is_past = day->ceremony_s < utc_day_start(now_s);
	char ceremony[DAY_CELL_SIZE], latest[UTC_TEXT_SIZE] = NOTHING;
	char prepare[UTC_TEXT_SIZE] = NOTHING;
	char overdue[UTC_TEXT_SIZE] = NOTHING;
	char next_update[UTC_TEXT_SIZE] = NOTHING;

	day_cell(day->ceremony_s, ceremony);
	if (day->upcoming_s < day->ceremony_s && !is_held && !is_past)
		utc_format_date(day->upcoming_s, prepare);
	if (!is_held)
		utc_format_date(day->deadline_s, overdue);
	if (day->has_standby && !is_held)
		utc_format_date(day->standby_s, latest);
	if (!is_held && !is_past)
		utc_format_date(day->next_update_s, next_update);
	return table_add(table, (const char *const[]){ceremony,
	    plan_day_state(&plan->agenda, day->ceremony_s, now_s), prepare,
	    overdue, latest, next_update}, err);
}

/* Not all that were missed, if they are many. */
static enum err
add_passed(struct table *table, const struct plan *plan, int64_t now_s,
    struct error *err)
{
	struct schedule_day days[PLAN_PASSED_MAX];
	const size_t count = plan_passed(plan, now_s, days);
	const size_t missed = plan->agenda.missed_count;
	char more[DAY_CELL_SIZE];

	for (size_t i = 0; i < count; i++) {
		if (i < MISSED_ROWS || days[i].ceremony_s ==
		    plan->agenda.coming_s)
			TRY(add_day(table, plan, &days[i], now_s, err));
		if (i + 1 != MISSED_ROWS || missed <= MISSED_ROWS)
			continue;
		snprintf(more, sizeof(more), "and %zu more",
		    missed - MISSED_ROWS);
		TRY(table_add(table, (const char *const[]){more, "overdue",
		    NOTHING, NOTHING, NOTHING, NOTHING}, err));
	}
	return ERR_OK;
}

/* How many ceremonies in a row may fail without harm, whichever they are. */
unsigned int
plan_may_miss(const struct plan *plan)
{
	unsigned int least = plan->days[0].may_miss;

	for (size_t i = 1; i < plan->day_count; i++) {
		if (plan->days[i].may_miss < least)
			least = plan->days[i].may_miss;
	}
	return least;
}

static enum err
append_may_fail(const struct plan *plan, struct buffer *out,
    struct error *err)
{
	char may_fail[64] = "none; make up for one that fails";

	if (plan->day_count == 0 || plan->agenda.differs)
		return ERR_OK;
	if (plan_may_miss(plan) > 0)
		snprintf(may_fail, sizeof(may_fail), "%u; the CRL outlasts "
		    "that", plan_may_miss(plan));
	return buffer_appendf(out, err, "  Ceremonies that may fail in a "
	    "row: %s.\n", may_fail);
}

/* Of another schedule than this machine's only one date is known. */
static enum err
append_whose(const struct plan *plan, size_t width, struct buffer *out,
    struct error *err)
{
	const struct wrapping wrapping = {0, INDENT, width};
	RELEASE_BUFFER struct buffer text = {0};
	char date[UTC_TEXT_SIZE];

	if (!plan->agenda.differs)
		return ERR_OK;
	utc_format_date(plan->agenda.manifest_s, date);
	TRY(buffer_appendf(&text, err, "  Only %s is the root's: every other "
	    "date is by schedule %s of this machine.", date,
	    plan->schedule->name));
	TRY(buffer_append(&text, "", 1, err));
	return wrap_append(out, (const char *)text.data, &wrapping, err);
}

bool
plan_has_ceremonies(const struct plan *plan, int64_t now_s)
{
	return plan->day_count > 0 || plan->agenda.missed_count > 0 ||
	    plan_is_late(&plan->agenda, now_s);
}

enum err
plan_ceremonies(const struct plan *plan, int64_t now_s, size_t width,
    struct buffer *out, struct error *err)
{
	static const char *const headings[] = {"CEREMONY", "STATE",
	    "PREPARE FROM", "OVERDUE FROM", "LATEST DAY", "CRL EXPIRES",
	    NULL};
	FREE_TABLE struct table *table = NULL;
	const int minute = plan->schedule->at_minute;

	if (!plan_has_ceremonies(plan, now_s))
		return ERR_OK;
	TRY(table_new(headings, width, &table, err));
	TRY(add_passed(table, plan, now_s, err));
	for (size_t i = 0; i < plan->day_count; i++)
		TRY(add_day(table, plan, &plan->days[i], now_s, err));
	TRY(buffer_appendf(out, err, "\n%s: ceremonies, at %02d:%02d local "
	    "time\n", plan->root, minute / 60, minute % 60));
	TRY(table_print(table, out, err));
	TRY(append_may_fail(plan, out, err));
	return append_whose(plan, width, out, err);
}
