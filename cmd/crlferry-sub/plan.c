/* SPDX-License-Identifier: ISC */
#include "sub/watch/survey.h"
#include "sub_verbs.h"

static enum err
look(void *context, struct invocation *invocation,
    const struct config_root *root, int64_t now_s,
    struct planning_sketch *sketch, struct error *err)
{
	RELEASE_SUB_SURVEY struct sub_survey survey = {0};
	const struct config_words names = {&(const char *){root->name}, 1};

	TRY(sub_survey(invocation->config, &names, now_s, SURVEY_PAIRS,
	    &survey, &invocation->notices, err));
	planning_take(sketch, survey.standings, survey.count);
	return ERR_OK;
}

enum err
cmd_plan(struct invocation *invocation, struct error *err)
{
	return planning_print(invocation, look, NULL, err);
}
