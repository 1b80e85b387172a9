/* SPDX-License-Identifier: ISC */
#include "root/evidence/survey.h"
#include "root_verbs.h"

static enum err
look(void *context, struct invocation *invocation,
    const struct config_root *root, int64_t now_s,
    struct planning_sketch *sketch, struct error *err)
{
	RELEASE_ROOT_SURVEY struct root_survey survey = {0};

	TRY(root_survey_one(context, root, now_s, &survey,
	    &invocation->notices, err));
	planning_take(sketch, survey.standings, survey.count);
	return ERR_OK;
}

enum err
cmd_plan(struct invocation *invocation, struct error *err)
{
	RELEASE_HISTORY struct history history = {0};

	TRY(history_read(invocation->config, &history, err));
	return planning_print(invocation, look, &history, err);
}
