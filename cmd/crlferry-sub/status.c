/* SPDX-License-Identifier: ISC */
#include "sub/watch/survey.h"
#include "sub_verbs.h"

enum err
cmd_status(struct invocation *invocation, struct error *err)
{
	RELEASE_SUB_SURVEY struct sub_survey survey = {0};
	int64_t now_s;

	TRY(cli_time(invocation, "at", invocation->now_s, &now_s, err));
	TRY(sub_survey(invocation->config, &invocation->arguments, now_s,
	    SURVEY_ROOTS, &survey, &invocation->notices, err));
	TRY(sub_survey_check(&survey, err));
	return standings_print(invocation, survey.standings, survey.count,
	    now_s, err);
}
