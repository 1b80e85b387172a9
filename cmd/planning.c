/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/file.h"
#include "planning.h"
#include "site/certfile.h"
#include "view/ics.h"
#include "view/plan.h"

#define YEARS_DEFAULT 2
#define YEARS_MAX 50
#define DAYS_MAX (12 * YEARS_MAX + 2)
#define PROOF_YEARS 30

const struct cli_option plan_options[] = {
    {"years", "N", "how far to look ahead, 1 to 50, default 2"},
    {"at", "TIME", "as it would stand then"},
    {"format", "FORMAT", "text (default), json, or ics (iCalendar)"},
    {"replaces", "FILE", "an earlier .ics: cancel what it had too much"},
    {NULL},
};

struct planning_drawing {
	struct schedule_day *days;
	struct forecast *forecasts;
	const char **names;
	struct plan_end *ends;
	size_t end_count;
};

void
planning_release(struct planning *planning)
{
	for (size_t i = 0; i < planning->count; i++) {
		free(planning->drawings[i].days);
		free(planning->drawings[i].forecasts);
		free(planning->drawings[i].names);
		free(planning->drawings[i].ends);
	}
	free(planning->drawings);
	free(planning->plans);
	cli_roots_free(&planning->roots);
}

static enum err
allocate(const struct config_root *root, struct planning_drawing *out,
    struct error *err)
{
	size_t pairs = root->subordinate_count;

	out->days = calloc(DAYS_MAX, sizeof(*out->days));
	out->forecasts = calloc(pairs + 1, sizeof(*out->forecasts));
	out->names = calloc(pairs + 1, sizeof(*out->names));
	out->ends = calloc(pairs + 1, sizeof(*out->ends));
	if (out->days == NULL || out->forecasts == NULL ||
	    out->names == NULL || out->ends == NULL)
		return err_no_memory(err);
	return ERR_OK;
}

/*
 * The proof begins with the ceremony before now: what its CRL leaves before
 * the next one is still to come.
 */
static enum err
prove(const struct config_root *root, int64_t now_s, struct plan *plan,
    struct error *err)
{
	const struct duration span = {.months = 12 *
	    (int64_t)plan->proven_years};
	int64_t from_s = now_s;
	enum err code;

	if (!schedule_last(&root->schedule, now_s, &from_s))
		from_s = now_s;
	plan->ends_with_root = utc_add(from_s, &span) > plan->root_end_s;
	code = schedule_prove_until(&root->schedule, from_s,
	    plan->proven_years, plan->root_end_s, err);
	return err_about(err, code, root->schedule_path);
}

/* The coming ceremonies, including today's, up to the root's end. */
static size_t
list_days(const struct schedule *schedule, const struct plan_span *span,
    int64_t root_end_s, struct schedule_day days[DAYS_MAX])
{
	uint32_t index = schedule_index(schedule, span->now_s);
	size_t count = 0;

	while (count < DAYS_MAX &&
	    schedule_ceremony(schedule, index) <= span->end_s &&
	    schedule_ceremony(schedule, index) < root_end_s)
		schedule_describe_until(schedule, index++, root_end_s,
		    &days[count++]);
	return count;
}

/* Keep the certificate if it expires within the span, or has expired. */
static void
add_end(const struct plan_end *end, const struct plan_span *span,
    struct planning_drawing *drawing)
{
	size_t at = drawing->end_count;

	if (end->not_after_s > span->end_s)
		return;
	for (; at > 0 && drawing->ends[at - 1].not_after_s >
	    end->not_after_s; at--)
		drawing->ends[at] = drawing->ends[at - 1];
	drawing->ends[at] = *end;
	drawing->end_count++;
}

/* `easyrsa revoke` moves the file away: then that is said, and no more. */
static enum err
load_subordinate(const struct config_subordinate *subordinate,
    struct cert **out, struct notices *notices, struct error *err)
{
	enum err code = ERR_MISSING;

	if (subordinate->certificate != NULL)
		code = certfile_load(subordinate->certificate, out, err);
	if (code != ERR_MISSING)
		return code;
	notice(notices, "%s: its certificate %s is not there, so its end is "
	    "not known", subordinate->name, subordinate->certificate);
	return ERR_OK;
}

static enum err
list_ends(const struct config_root *root, const struct plan_span *span,
    struct plan *plan, struct planning_drawing *drawing,
    struct notices *notices, struct error *err)
{
	FREE_CERT struct cert *cert = NULL;
	struct plan_end end = {.is_root = true, .name = root->name};
	enum err code;

	TRY(certfile_load(root->certificate, &cert, err));
	end.not_after_s = plan->root_end_s = cert->not_after_s;
	memcpy(plan->root_spki, cert->spki_sha256, SHA256_SIZE);
	add_end(&end, span, drawing);
	for (size_t i = 0; i < root->subordinate_count; i++) {
		const struct config_subordinate *subordinate =
		    &root->subordinates[i];
		FREE_CERT struct cert *its = NULL;

		code = load_subordinate(subordinate, &its, notices, err);
		if (code == ERR_OK && its != NULL)
			code = cert_check_issued_by(its, cert, err);
		if (code != ERR_OK)
			return err_about(err, code, subordinate->name);
		if (its == NULL)
			continue;
		end = (struct plan_end){.name = subordinate->name,
		    .is_retired = subordinate->is_retired,
		    .not_after_s = its->not_after_s};
		add_end(&end, span, drawing);
	}
	return ERR_OK;
}

static enum err
plan_root(struct invocation *invocation, const struct planning *planning,
    size_t at, planning_look *look, void *context, struct error *err)
{
	const struct config_root *root = planning->roots[at];
	struct planning_drawing *drawing = &planning->drawings[at];
	struct plan *plan = &planning->plans[at];
	struct planning_sketch sketch = {0};
	enum err code;

	*plan = (struct plan){.root = root->name,
	    .schedule = &root->schedule,
	    .proven_years = planning->years > PROOF_YEARS ?
		planning->years : PROOF_YEARS};
	TRY(allocate(root, drawing, err));
	TRY(list_ends(root, &planning->span, plan, drawing,
	    &invocation->notices, err));
	TRY(prove(root, planning->span.now_s, plan, err));
	for (size_t i = 0; i < root->subordinate_count; i++) {
		if (!root->subordinates[i].is_retired)
			drawing->names[sketch.subordinate_count++] =
			    root->subordinates[i].name;
	}
	sketch.subordinates = drawing->names;
	sketch.forecasts = drawing->forecasts;
	code = look(context, invocation, root, planning->span.now_s, &sketch,
	    err);
	plan->days = drawing->days;
	plan->day_count = list_days(&root->schedule, &planning->span,
	    plan->root_end_s, drawing->days);
	plan->forecasts = drawing->forecasts;
	plan->forecast_count = sketch.forecast_count;
	plan->ends = drawing->ends;
	plan->end_count = drawing->end_count;
	return code;
}

enum err
planning_open(struct invocation *invocation, planning_look *look,
    void *context, int64_t now_s, unsigned int years, struct planning *out,
    struct error *err)
{
	const struct duration horizon = {.months = 12 * (int64_t)years};
	size_t roots = invocation->config->root_count;

	out->plans = calloc(roots + 1, sizeof(*out->plans));
	out->drawings = calloc(roots + 1, sizeof(*out->drawings));
	if (out->plans == NULL || out->drawings == NULL)
		return err_no_memory(err);
	out->years = years;
	out->span = (struct plan_span){now_s, utc_add(now_s, &horizon)};
	TRY(cli_roots(invocation, 0, &out->roots, err));
	for (; out->roots[out->count] != NULL; out->count++)
		continue;
	for (size_t i = 0; i < out->count; i++)
		TRY(plan_root(invocation, out, i, look, context, err));
	return ERR_OK;
}

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
		    "--years takes 1 to %d, not \"%s\"", YEARS_MAX, text);
	*out = (unsigned int)value;
	return ERR_OK;
}

static enum err
print_text(struct invocation *invocation, const struct planning *planning,
    struct error *err)
{
	for (size_t i = 0; i < planning->count; i++) {
		if (i > 0)
			TRY(buffer_append_text(&invocation->output, "\n", err));
		TRY(plan_text(&planning->plans[i], &planning->span, cli_width(),
		    &invocation->output, err));
	}
	return ERR_OK;
}

static enum err
print_json(struct invocation *invocation, const struct planning *planning,
    struct error *err)
{
	return plan_json(planning->plans, planning->count, &planning->span,
	    &invocation->output, err);
}

static enum err
print_ics(struct invocation *invocation, const struct planning *planning,
    struct error *err)
{
	const char *path = cli_value(invocation, "replaces");
	RELEASE_BUFFER struct buffer earlier = {0};

	if (path != NULL)
		TRY(file_read(path, FILE_PUBLIC, ICS_MAX_BYTES, &earlier,
		    err));
	return plan_ics(planning->plans, planning->count, &planning->span,
	    span_of_buffer(&earlier), &invocation->output, err);
}

/* Every view of the plans, by the word that asks for it. */
static const struct plan_view {
	const char *format;
	enum err (*print)(struct invocation *invocation,
	    const struct planning *planning, struct error *err);
} plan_views[] = {
    {"text", print_text},
    {"json", print_json},
    {"ics", print_ics},
};

/* --json is short for --format json. */
static enum err
choose_view(struct invocation *invocation, const struct plan_view **out,
    struct error *err)
{
	const char *format = cli_value(invocation, "format");

	if (format == NULL)
		format = invocation->is_json ? "json" : "text";
	if (invocation->is_json && strcmp(format, "json") != 0)
		return err_fail(err, ERR_USAGE, "--json and --format %s "
		    "exclude each other", format);
	if (cli_value(invocation, "replaces") != NULL &&
	    strcmp(format, "ics") != 0)
		return err_fail(err, ERR_USAGE, "--replaces goes with "
		    "--format ics");
	for (size_t i = 0; i < COUNT_OF(plan_views); i++) {
		*out = &plan_views[i];
		if (strcmp(plan_views[i].format, format) != 0)
			continue;
		invocation->is_json = strcmp(format, "json") == 0;
		return ERR_OK;
	}
	return err_fail(err, ERR_USAGE, "--format takes text, json or ics, "
	    "not \"%s\"", format);
}

enum err
planning_print(struct invocation *invocation, planning_look *look,
    void *context, struct error *err)
{
	RELEASE_PLANNING struct planning planning = {0};
	const struct plan_view *view;
	unsigned int years;
	int64_t now_s;

	TRY(choose_view(invocation, &view, err));
	TRY(parse_years(invocation, &years, err));
	TRY(cli_time(invocation, "at", invocation->now_s, &now_s, err));
	TRY(planning_open(invocation, look, context, now_s, years, &planning,
	    err));
	return view->print(invocation, &planning, err);
}
