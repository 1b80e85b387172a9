/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/file.h"
#include "planning.h"
#include "site/certfile.h"
#include "view/ics.h"
#include "view/plan/views.h"

#define YEARS_DEFAULT 2
#define YEARS_MAX 50
#define DAYS_MAX (12 * YEARS_MAX + 2)
#define PROOF_YEARS 30

const struct cli_option plan_options[] = {
    {"years", "N", "how far to look ahead, 1 to 50, default 2"},
    {"at", "TIME", "as it would stand then"},
    {"format", "text|json|ics", "the first by default; ics is iCalendar"},
    {"replaces", "FILE", "an earlier .ics: cancel what only that has"},
    {NULL},
};

struct planning_drawing {
	struct schedule_day *days;
	struct forecast *forecasts;
	const char **pairs;	/* names of those with a forecast, and */
	size_t *forecast_of;	/* which it is, */
	size_t pair_count;
	const char **names;	/* by forecast */
	struct agenda_stop *stops;
	struct plan_end *ends;
};

void
planning_release(struct planning *planning)
{
	for (size_t i = 0; i < planning->count; i++) {
		free(planning->drawings[i].days);
		free(planning->drawings[i].forecasts);
		free(planning->drawings[i].pairs);
		free(planning->drawings[i].forecast_of);
		free(planning->drawings[i].names);
		free(planning->drawings[i].stops);
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
	out->pairs = calloc(pairs + 1, sizeof(*out->pairs));
	out->forecast_of = calloc(pairs + 1, sizeof(*out->forecast_of));
	out->names = calloc(pairs + 1, sizeof(*out->names));
	out->stops = calloc(pairs + 1, sizeof(*out->stops));
	out->ends = calloc(pairs + 1, sizeof(*out->ends));
	if (out->days == NULL || out->forecasts == NULL ||
	    out->pairs == NULL || out->forecast_of == NULL ||
	    out->names == NULL || out->stops == NULL || out->ends == NULL)
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

/*
 * The first from today on.  If our schedule is another than the root's, the
 * date of the manifest goes before all of ours.
 */
static int64_t
first_day(const struct plan *plan, int64_t today_s)
{
	const struct agenda *agenda = &plan->agenda;
	const int64_t first_s = schedule_next(plan->schedule, today_s);
	int64_t after_s;

	if (!agenda->differs)
		return first_s;
	if (agenda->ceremony_s >= today_s)
		return agenda->ceremony_s;
	after_s = schedule_after_crl(plan->schedule, agenda->ceremony_s);
	return after_s > first_s ? after_s : first_s;
}

/*
 * The coming ceremonies, including today's, up to the root's end; none if
 * nobody needs them.
 */
static void
list_days(const struct planning_sketch *sketch)
{
	const struct schedule *schedule = sketch->plan->schedule;
	const struct agenda *agenda = &sketch->plan->agenda;
	const int64_t root_end_s = sketch->plan->root_end_s;
	const int64_t today_s = utc_day_start(sketch->span->now_s);
	const bool is_next_listed = agenda->has_coming &&
	    agenda->coming_s >= today_s;
	struct schedule_day *days = sketch->drawing->days;
	int64_t date_s = first_day(sketch->plan, today_s);
	size_t count = 0;

	while (agenda->what != AGENDA_NOTHING && count < DAYS_MAX &&
	    date_s <= sketch->span->end_s && date_s < root_end_s) {
		const bool is_next = is_next_listed &&
		    date_s == agenda->coming_s;

		if (is_next && (agenda->stop_count > 0 || agenda->differs))
			schedule_describe_date(schedule, date_s,
			    agenda->cushion_s, root_end_s, &days[count++]);
		else
			schedule_describe_until(schedule, schedule_index(
			    schedule, date_s), root_end_s, &days[count++]);
		date_s = is_next && agenda->differs ?
		    schedule_after_crl(schedule, date_s) :
		    schedule_next(schedule, date_s + DAY_S);
	}
	sketch->plan->days = days;
	sketch->plan->day_count = count;
}

/* Keep the certificate if it expires within the span, or has expired. */
static void
add_end(const struct plan_end *end, const struct planning_sketch *sketch)
{
	struct plan_end *ends = sketch->drawing->ends;
	size_t at = sketch->plan->end_count;

	if (end->not_after_s > sketch->span->end_s)
		return;
	for (; at > 0 && ends[at - 1].not_after_s > end->not_after_s; at--)
		ends[at] = ends[at - 1];
	ends[at] = *end;
	sketch->plan->end_count++;
}

/* `easyrsa revoke` moves the file away: then that is said, and no more. */
static void
take_end(const struct standing_facts *facts,
    const struct config_subordinate *subordinate,
    struct planning_sketch *sketch)
{
	const struct plan_end end = {.name = subordinate->name,
	    .is_retired = subordinate->is_retired,
	    .not_after_s = facts->subordinate_not_after_s};

	if (facts->has_subordinate_not_after)
		add_end(&end, sketch);
	else if (subordinate->certificate != NULL)
		notice(sketch->notices, "%s: its certificate %s is not there, "
		    "so its end is not known", subordinate->name,
		    subordinate->certificate);
}

/* Pairs to which the same will happen share a forecast. */
static void
take_forecast(const struct standing *standing, const char *name,
    struct planning_sketch *sketch)
{
	struct planning_drawing *drawing = sketch->drawing;
	struct forecast *forecasts = drawing->forecasts;
	size_t *count = &sketch->plan->forecast_count;
	struct standing_facts facts;
	struct standing unnamed;
	size_t at = 0;

	agenda_unname(standing, sketch->span->now_s, &facts, &unnamed);
	forecast_make(&unnamed, sketch->span->now_s, &forecasts[*count]);
	while (!forecast_is_same(&forecasts[at], &forecasts[*count]))
		at++;
	if (at == *count)
		(*count)++;
	if (name == NULL)
		return;
	drawing->pairs[drawing->pair_count] = name;
	drawing->forecast_of[drawing->pair_count++] = at;
	forecasts[at].subordinate_count++;
}

static void
share_names(const struct planning_sketch *sketch)
{
	const struct planning_drawing *drawing = sketch->drawing;
	size_t used = 0;

	for (size_t at = 0; at < sketch->plan->forecast_count; at++) {
		drawing->forecasts[at].subordinates = &drawing->names[used];
		for (size_t i = 0; i < drawing->pair_count; i++) {
			if (drawing->forecast_of[i] == at)
				drawing->names[used++] = drawing->pairs[i];
		}
	}
}

void
planning_take(struct planning_sketch *sketch,
    const struct standing *standings, size_t count)
{
	const struct config_root *root = sketch->root;

	for (size_t i = 0; i < count; i++) {
		const struct config_subordinate *subordinate =
		    i < root->subordinate_count ? &root->subordinates[i] :
		    NULL;

		if (subordinate != NULL)
			take_end(standings[i].facts, subordinate, sketch);
		if (!standings[i].facts->is_retired)
			take_forecast(&standings[i], subordinate == NULL ?
			    NULL : subordinate->name, sketch);
	}
	share_names(sketch);
	agenda_make(standings, count, sketch->span->now_s,
	    sketch->drawing->stops, &sketch->plan->agenda);
}

enum err
planning_look_surveyed(void *context, struct invocation *invocation,
    const struct config_root *root, int64_t now_s,
    struct planning_sketch *sketch, struct error *err)
{
	const struct planning_survey *survey = context;
	size_t first = 0, count = 0;

	while (first < survey->count && strcmp(root->name,
	    survey->standings[first].facts->root) != 0)
		first++;
	while (first + count < survey->count && strcmp(root->name,
	    survey->standings[first + count].facts->root) == 0)
		count++;
	planning_take(sketch, &survey->standings[first], count);
	return ERR_OK;
}

static enum err
plan_root(struct invocation *invocation, const struct planning *planning,
    size_t at, planning_look *look, void *context, struct error *err)
{
	const struct config_root *root = planning->roots[at];
	struct plan *plan = &planning->plans[at];
	struct planning_sketch sketch = {root, &planning->span, plan,
	    &planning->drawings[at], &invocation->notices};
	FREE_CERT struct cert *cert = NULL;

	*plan = (struct plan){.root = root->name,
	    .schedule = &root->schedule,
	    .proven_years = planning->years > PROOF_YEARS ?
		planning->years : PROOF_YEARS};
	TRY(allocate(root, sketch.drawing, err));
	TRY(certfile_load(root->certificate, &cert, err));
	plan->root_end_s = cert->not_after_s;
	memcpy(plan->root_spki, cert->spki_sha256, SHA256_SIZE);
	add_end(&(struct plan_end){.is_root = true, .name = root->name,
	    .not_after_s = cert->not_after_s}, &sketch);
	TRY(prove(root, planning->span.now_s, plan, err));
	TRY(look(context, invocation, root, planning->span.now_s, &sketch,
	    err));
	list_days(&sketch);
	plan->forecasts = sketch.drawing->forecasts;
	plan->ends = sketch.drawing->ends;
	return ERR_OK;
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
	out->span = (struct plan_span){now_s, utc_add(now_s, &horizon),
	    invocation->now_s};
	TRY(cli_roots(invocation, 0, &out->roots, err));
	for (; out->roots[out->count] != NULL; out->count++)
		continue;
	for (size_t i = 0; i < out->count; i++)
		TRY(plan_root(invocation, out, i, look, context, err));
	return ERR_OK;
}

enum err
planning_years(const struct invocation *invocation, unsigned int *out,
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
	return plan_text(planning->plans, planning->count, &planning->span,
	    cli_width(), &invocation->output, err);
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
	if (path != NULL && !ics_is_calendar(span_of_buffer(&earlier)))
		return err_remedy(err, err_fail(err, ERR_FORMAT, "%s is not "
		    "an iCalendar file", path), "name one that plan --format "
		    "ics has printed");
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

/* The words of --format are known to be these. */
static enum err
choose_view(const struct invocation *invocation,
    const struct plan_view **out, struct error *err)
{
	const char *format = invocation->is_json ? "json" :
	    cli_value(invocation, "format");

	*out = &plan_views[0];
	for (size_t i = 0; format != NULL && i < COUNT_OF(plan_views); i++) {
		if (strcmp(plan_views[i].format, format) == 0)
			*out = &plan_views[i];
	}
	if (cli_value(invocation, "replaces") != NULL &&
	    (*out)->print != print_ics)
		return err_fail(err, ERR_USAGE, "--replaces goes with "
		    "--format ics");
	return ERR_OK;
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
	TRY(planning_years(invocation, &years, err));
	TRY(cli_time(invocation, "at", invocation->now_s, &now_s, err));
	TRY(planning_open(invocation, look, context, now_s, years, &planning,
	    err));
	return view->print(invocation, &planning, err);
}
