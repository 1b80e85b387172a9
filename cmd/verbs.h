/* SPDX-License-Identifier: ISC */
/* The verbs that both programs have. */
#pragma once

#include "cli.h"
#include "plan/standing.h"

#define VERB(name) \
	MUST_CHECK enum err cmd_##name(struct invocation *invocation, \
	    struct error *err)

extern const struct cli_option keygen_options[], lint_options[];
VERB(keygen);
VERB(lint);

/* Each program has its own of these, under the same names. */
extern const struct cli_option init_options[];
VERB(init);
VERB(status);
VERB(plan);

extern const struct cli_option report_options[];
VERB(report);

/* `status` of both: the table, or JSON. */
extern const struct cli_option status_options[];
MUST_CHECK enum err standings_print(struct invocation *invocation,
    const struct standing *standings, size_t count, int64_t now_s,
    struct error *err);
