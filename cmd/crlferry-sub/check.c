/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "base/array.h"
#include "base/file.h"
#include "sub/watch/survey.h"
#include "sub_verbs.h"
#include "view/json.h"
#include "view/nagios.h"
#include "view/prometheus.h"

const struct cli_option check_options[] = {
    {"format", "nagios|prometheus|json", "the first by default"},
    {"output", "FILE", "write there, atomically, and not to stdout"},
    {"at", "TIME", "as it would stand then"},
    {"verbose", NULL, "list all pairs, their stores and certificates"},
    {NULL},
};

typedef enum err print_standings(const struct standing *standings,
    size_t count, int64_t now_s, struct buffer *out, struct error *err);

/* Every view of the standings, by the word that asks for it. */
static const struct {
	const char *format;
	print_standings *print, *print_verbose;
} views[] = {
    {"nagios", nagios_standings, nagios_verbose},
    {"prometheus", prometheus_standings, prometheus_standings},
    {"json", json_standings, json_standings},
};

static enum err
print(struct invocation *invocation, const struct sub_survey *survey,
    int64_t now_s, struct error *err)
{
	const char *format = invocation->is_json ? "json" :
	    cli_value(invocation, "format");
	size_t i = 0;

	/* The words of --format are known to be these. */
	while (format != NULL && i + 1 < COUNT_OF(views) &&
	    strcmp(views[i].format, format) != 0)
		i++;
	return (cli_flag(invocation, "verbose") ? views[i].print_verbose :
	    views[i].print)(survey->standings, survey->count, now_s,
	    &invocation->output, err);
}

enum err
cmd_check(struct invocation *invocation, struct error *err)
{
	const char *output = cli_value(invocation, "output");
	RELEASE_SUB_SURVEY struct sub_survey survey = {0};
	int64_t now_s;
	enum err code = ERR_OK;

	TRY(cli_time(invocation, "at", invocation->now_s, &now_s, err));
	TRY(sub_survey(invocation->config, &invocation->arguments, now_s,
	    SURVEY_ROOTS, &survey, &invocation->notices, err));
	TRY(sub_survey_check(&survey, err));
	TRY(print(invocation, &survey, now_s, err));
	if (output != NULL) {
		code = file_replace(output,
		    span_of_buffer(&invocation->output), 0644, err);
		invocation->output.size = 0;
	}
	TRY(code);
	invocation->status = (int)standings_worst(survey.standings,
	    survey.count);
	return ERR_OK;
}
