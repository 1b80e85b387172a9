/* SPDX-License-Identifier: ISC */
#include "verbs.h"
#include "view/json.h"
#include "view/standing_table.h"

const struct cli_option status_options[] = {
    {"at", "TIME", "as it would stand then"},
    {"format", "text|json", "the first by default"},
    {NULL},
};

enum err
standings_print(struct invocation *invocation,
    const struct standing *standings, size_t count, int64_t now_s,
    struct error *err)
{
	const struct standing_look look = {cli_width(), cli_has_colours()};

	if (invocation->is_json)
		return json_standings(standings, count, now_s,
		    &invocation->output, err);
	if (count == 0)
		notice(&invocation->notices, "%s: no subordinate is "
		    "configured, so nothing is watched",
		    invocation->config_path);
	invocation->is_coloured = look.has_colours;
	return standing_table(standings, count, now_s, &look,
	    &invocation->output, err);
}
