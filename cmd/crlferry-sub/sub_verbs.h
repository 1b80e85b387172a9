/* SPDX-License-Identifier: ISC */
/* The verbs of crlferry-sub. */
#pragma once

#include "verbs.h"

MUST_CHECK enum err cmd_info(struct invocation *invocation,
    struct error *err);

extern const struct cli_option import_options[];
MUST_CHECK enum err cmd_import(struct invocation *invocation,
    struct error *err);

MUST_CHECK enum err cmd_recover(struct invocation *invocation,
    struct error *err);

extern const struct cli_option request_options[];
MUST_CHECK enum err cmd_request(struct invocation *invocation,
    struct error *err);

extern const struct cli_option check_options[];
MUST_CHECK enum err cmd_check(struct invocation *invocation,
    struct error *err);
