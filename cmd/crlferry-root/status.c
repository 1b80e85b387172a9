/* SPDX-License-Identifier: ISC */
#include "root/evidence/survey.h"
#include "root_verbs.h"

enum err
cmd_status(struct invocation *invocation, struct error *err)
{
	RELEASE_ROOT_SURVEY struct root_survey survey = {0};
	int64_t now_s;

	TRY(cli_time(invocation, "at", invocation->now_s, &now_s, err));
	TRY(root_survey(invocation->config, now_s, &survey,
	    &invocation->notices, err));
	return standings_print(invocation, survey.standings, survey.count,
	    now_s, err);
}
