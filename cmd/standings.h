/* SPDX-License-Identifier: ISC */
/* `status` of both programs: the table, or JSON. */
#pragma once

#include "cli.h"
#include "plan/standing.h"

extern const struct cli_option status_options[];

MUST_CHECK enum err standings_print(struct invocation *invocation,
    const struct standing *standings, size_t count, int64_t now_s,
    struct error *err);
