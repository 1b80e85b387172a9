/* SPDX-License-Identifier: ISC */
#include "../report.h"
#include "sub/watch/past.h"
#include "sub/watch/survey.h"
#include "sub_verbs.h"

static enum err
look(const struct reporting *reporting, struct invocation *invocation,
    const struct config_root *root, const struct cert *cert,
    struct report_root *out, struct error *err)
{
	return sub_past_read(invocation->config, root, cert,
	    reporting->standings, reporting->count, out, err);
}

enum err
cmd_report(struct invocation *invocation, struct error *err)
{
	RELEASE_SUB_SURVEY struct sub_survey survey = {0};
	struct reporting reporting = {.look = look};

	TRY(cli_time(invocation, "at", invocation->now_s, &reporting.now_s,
	    err));
	TRY(sub_survey(invocation->config, &invocation->arguments,
	    reporting.now_s, SURVEY_PAIRS, &survey, &invocation->notices,
	    err));
	reporting.standings = survey.standings;
	reporting.count = survey.count;
	return report_write(invocation, &reporting, err);
}
