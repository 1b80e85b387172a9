/* SPDX-License-Identifier: ISC */
#include "../report.h"
#include "root/evidence/survey.h"
#include "root/history/past.h"
#include "root_verbs.h"

/* The ledger, or what is wrong with it. */
struct looking {
	const struct history *history;
	const char *why;
};

static enum err
look(const struct reporting *reporting, struct invocation *invocation,
    const struct config_root *root, const struct cert *cert,
    struct report_root *out, struct error *err)
{
	const struct looking *looking = reporting->context;

	return root_past_read(invocation->config, looking->history,
	    looking->why, root, cert, out, err);
}

enum err
cmd_report(struct invocation *invocation, struct error *err)
{
	RELEASE_ROOT_SURVEY struct root_survey survey = {0};
	RELEASE_HISTORY struct history history = {0};
	struct reporting reporting = {.is_on_root = true, .look = look};
	struct looking looking = {&history, ""};
	struct error why;

	TRY(cli_time(invocation, "at", invocation->now_s, &reporting.now_s,
	    err));
	TRY(root_survey(invocation->config, reporting.now_s, &survey,
	    &invocation->notices, err));
	if (history_read(invocation->config, &history, &why) != ERR_OK)
		looking = (struct looking){NULL, why.what};
	reporting.standings = survey.standings;
	reporting.count = survey.count;
	reporting.context = &looking;
	return report_write(invocation, &reporting, err);
}
