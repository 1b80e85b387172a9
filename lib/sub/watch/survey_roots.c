/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <stdlib.h>

#include "sub/watch/survey_roots.h"

static enum err
allocate(const struct config *config, struct survey_roots *out,
    struct error *err)
{
	size_t pairs = 0;

	for (size_t i = 0; i < config->root_count; i++)
		pairs += config->roots[i].subordinate_count;
	out->standings = calloc(pairs + 1, sizeof(*out->standings));
	out->facts = calloc(pairs + 1, sizeof(*out->facts));
	out->surveys = calloc(config->root_count + 1, sizeof(*out->surveys));
	return out->standings == NULL || out->facts == NULL ||
	    out->surveys == NULL ? err_no_memory(err) : ERR_OK;
}

static void
add_survey(const struct sub_survey *survey, struct survey_roots *out)
{
	for (size_t i = 0; i < survey->count; i++)
		out->standings[out->count++] = survey->standings[i];
}

/* Nothing is known of these but why. */
static void
add_blind(const struct config_root *root, int64_t now_s,
    const struct error *why, struct survey_roots *out)
{
	char line[ERROR_LINE_SIZE];

	for (size_t i = 0; i < root->subordinate_count; i++) {
		struct standing_facts *facts = &out->facts[out->count];
		struct standing *standing = &out->standings[out->count++];

		*facts = (struct standing_facts){.schedule = &root->schedule,
		    .is_retired = root->subordinates[i].is_retired};
		snprintf(facts->root, sizeof(facts->root), "%s", root->name);
		snprintf(facts->subordinate, sizeof(facts->subordinate), "%s",
		    root->subordinates[i].name);
		*standing = (struct standing){.facts = facts,
		    .state = PAIR_UNREADABLE,
		    .state_severity = SEVERITY_UNKNOWN,
		    .severity = facts->is_retired ? SEVERITY_OK :
			SEVERITY_UNKNOWN,
		    .next_ceremony_s = schedule_next(&root->schedule, now_s)};
		snprintf(standing->detail, sizeof(standing->detail), "%.639s",
		    error_line(why, line));
	}
	if (out->blind.code == ERR_OK)
		out->blind = *why;
}

/* Only after a failure: it asks for memory for all pairs each time. */
static void
survey_each(const struct config *config, int64_t now_s,
    struct survey_roots *out, struct notices *notices)
{
	for (size_t i = 0; i < config->root_count; i++) {
		const struct config_root *root = &config->roots[i];
		const struct config_words names = {
		    &(const char *){root->name}, 1};
		struct sub_survey *survey = &out->surveys[out->survey_count];
		struct error why = {0};

		if (sub_survey(config, &names, now_s, survey, notices, &why) !=
		    ERR_OK) {
			add_blind(root, now_s, &why, out);
			continue;
		}
		out->survey_count++;
		add_survey(survey, out);
	}
}

enum err
survey_roots(const struct config *config, int64_t now_s,
    struct survey_roots *out, struct notices *notices, struct error *err)
{
	const struct config_words all = {0};
	struct error why = {0};

	TRY(allocate(config, out, err));
	if (sub_survey(config, &all, now_s, &out->surveys[0], notices,
	    &why) != ERR_OK) {
		survey_each(config, now_s, out, notices);
		return ERR_OK;
	}
	out->survey_count = 1;
	add_survey(&out->surveys[0], out);
	return ERR_OK;
}

void
survey_roots_release(struct survey_roots *roots)
{
	for (size_t i = 0; i < roots->survey_count; i++)
		sub_survey_release(&roots->surveys[i]);
	free(roots->surveys);
	free(roots->standings);
	free(roots->facts);
	*roots = (struct survey_roots){0};
}
