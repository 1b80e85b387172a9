/* SPDX-License-Identifier: ISC */
/* The verbs that both programs have in one file each. */
#pragma once

#include "cli.h"

extern const struct cli_option keygen_options[];
MUST_CHECK enum err cmd_keygen(struct invocation *invocation,
    struct error *err);

extern const struct cli_option lint_options[];
MUST_CHECK enum err cmd_lint(struct invocation *invocation,
    struct error *err);
