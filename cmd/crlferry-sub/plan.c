/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "sub/watch/survey.h"
#include "sub_verbs.h"

/* The name among those of the sketch, NULL for a retired subordinate's. */
static const char *const *
find_name(const struct planning_sketch *sketch, const char *name)
{
	for (size_t i = 0; i < sketch->subordinate_count; i++) {
		if (strcmp(sketch->subordinates[i], name) == 0)
			return &sketch->subordinates[i];
	}
	return NULL;
}

/* The CRLs in the stores of each subordinate, and the accepted ones. */
enum err
sub_planning_look(void *context, struct invocation *invocation,
    const struct config_root *root,
    int64_t now_s, struct planning_sketch *sketch, struct error *err)
{
	RELEASE_SUB_SURVEY struct sub_survey survey = {0};
	const char *name = root->name;
	const struct config_words names = {&name, 1};

	TRY(sub_survey(invocation->config, &names, now_s, &survey,
	    &invocation->notices, err));
	for (size_t i = 0; i < survey.count; i++) {
		const struct standing *standing = &survey.standings[i];
		const char *const *subordinate = find_name(sketch,
		    standing->facts->subordinate);
		struct forecast *forecast =
		    &sketch->forecasts[sketch->forecast_count];

		if (subordinate == NULL)
			continue;
		forecast_make(standing, now_s, forecast);
		forecast->subordinates = subordinate;
		forecast->subordinate_count = 1;
		sketch->forecast_count++;
	}
	return ERR_OK;
}

enum err
cmd_plan(struct invocation *invocation, struct error *err)
{
	return planning_print(invocation, sub_planning_look, NULL, err);
}
