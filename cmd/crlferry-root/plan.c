/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <stdlib.h>

#include "plan/schedule.h"
#include "root_verbs.h"
#include "view/json.h"
#include "view/table.h"

#define YEARS_DEFAULT 2
#define YEARS_MAX 50
#define DAYS_MAX (12 * YEARS_MAX + 2)
#define PROOF_YEARS 30

const struct cli_option plan_options[] = {
    {"years", "N", "how far to look ahead, 1 to 50, default 2"},
    {"at", "TIME", "as it would stand then"},
    {NULL},
};

static enum err
parse_years(const struct invocation *invocation, unsigned int *out,
    struct error *err)
{
	const char *text = cli_value(invocation, "years");
	char *end;
	unsigned long value;

	*out = YEARS_DEFAULT;
	if (text == NULL)
		return ERR_OK;
	value = strtoul(text, &end, 10);
	if (*text < '0' || *text > '9' || *end != '\0' || value < 1 ||
	    value > YEARS_MAX)
		return err_fail(err, ERR_USAGE,
		    "--years: want 1 to %d, have \"%s\"", YEARS_MAX, text);
	*out = (unsigned int)value;
	return ERR_OK;
}

/* The ceremonies of the coming years; returns how many. */
static size_t
list_days(const struct schedule *schedule, int64_t now_s,
    unsigned int years, struct schedule_day days[DAYS_MAX])
{
	const struct duration horizon = {.months = 12 * (int64_t)years};
	const int64_t end_s = utc_add(now_s, &horizon);
	size_t count = 0;
	uint32_t index;

	for (index = 0; count < DAYS_MAX; index++) {
		int64_t ceremony_s = schedule_ceremony(schedule, index);

		if (ceremony_s > end_s)
			break;
		if (ceremony_s >= utc_day_start(now_s))
			schedule_describe(schedule, index, &days[count++]);
	}
	return count;
}

static enum err
add_day(struct table *table, const struct schedule *schedule,
    const struct schedule_day *day, struct error *err)
{
	char ceremony[UTC_TEXT_SIZE], deadline[UTC_TEXT_SIZE];
	char next_update[UTC_TEXT_SIZE], cushion[UTC_TEXT_SIZE];
	char at[40], may_miss[16];
	const char *cells[5] = {at, deadline, cushion, next_update, may_miss};

	utc_format_date(day->ceremony_s, ceremony);
	utc_format_date(day->deadline_s, deadline);
	utc_format_date(day->cushion_s, cushion);
	utc_format_date(day->next_update_s, next_update);
	snprintf(at, sizeof(at), "%s %02d:%02d", ceremony,
	    schedule->at_minute / 60, schedule->at_minute % 60);
	snprintf(may_miss, sizeof(may_miss), "%u", day->may_miss);
	return table_add(table, cells, err);
}

static enum err
print_days(struct invocation *invocation, const struct config_root *root,
    const struct schedule_day *days, size_t count, struct error *err)
{
	static const char *const headings[] = {"CEREMONY", "DUE FROM",
	    "CUSHION FROM", "NEXT-UPDATE", ">MAY MISS", NULL};
	FREE_TABLE struct table *table = NULL;
	enum err code;
	size_t i;

	if (invocation->is_json)
		return json_plan(root->name, &root->schedule, days, count,
		    &invocation->output, err);
	code = table_new(headings, cli_width(), &table, err);
	for (i = 0; code == ERR_OK && i < count; i++)
		code = add_day(table, &root->schedule, &days[i], err);
	if (code == ERR_OK)
		code = buffer_appendf(&invocation->output, err,
		    "%s: schedule %s leaves no gap over %d years\n\n",
		    root->name, root->schedule.name, PROOF_YEARS);
	if (code == ERR_OK)
		code = table_print(table, &invocation->output, err);
	return code == ERR_OK ? buffer_append_text(&invocation->output, "\n",
	    err) : code;
}

static enum err
plan_root(struct invocation *invocation, const struct config_root *root,
    int64_t now_s, unsigned int years, struct error *err)
{
	struct schedule_day *days;
	enum err code;

	code = schedule_prove(&root->schedule, now_s, PROOF_YEARS, err);
	if (code != ERR_OK)
		return code;
	days = calloc(DAYS_MAX, sizeof(*days));
	if (days == NULL)
		return err_fail(err, ERR_IO, "memory: want more, have none");
	code = print_days(invocation, root, days,
	    list_days(&root->schedule, now_s, years, days), err);
	free(days);
	return code;
}

enum err
cmd_plan(struct invocation *invocation, struct error *err)
{
	const struct config_root **roots = calloc(
	    invocation->config->root_count + 1, sizeof(*roots));
	unsigned int years;
	int64_t now_s;
	enum err code;
	size_t i;

	if (roots == NULL)
		return err_fail(err, ERR_IO, "memory: want more, have none");
	code = parse_years(invocation, &years, err);
	if (code == ERR_OK)
		code = cli_time(invocation, "at", invocation->now_s, &now_s,
		    err);
	if (code == ERR_OK)
		code = cli_roots(invocation, 0, roots, err);
	for (i = 0; code == ERR_OK && roots[i] != NULL; i++)
		code = plan_root(invocation, roots[i], now_s, years, err);
	free(roots);
	return code;
}
