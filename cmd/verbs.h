/* SPDX-License-Identifier: ISC */
/* The verbs that both programs have. */
#pragma once

#include "cli.h"

extern const struct cli_option keygen_options[];
MUST_CHECK enum err cmd_keygen(struct invocation *invocation,
    struct error *err);

extern const struct cli_option lint_options[];
MUST_CHECK enum err cmd_lint(struct invocation *invocation,
    struct error *err);

/* Each program has its own of these, under the same names. */
extern const struct cli_option init_options[];
MUST_CHECK enum err cmd_init(struct invocation *invocation,
    struct error *err);
MUST_CHECK enum err cmd_status(struct invocation *invocation,
    struct error *err);
MUST_CHECK enum err cmd_plan(struct invocation *invocation,
    struct error *err);
