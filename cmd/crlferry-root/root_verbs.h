/* SPDX-License-Identifier: ISC */
/* The verbs of crlferry-root. */
#pragma once

#include "verbs.h"

MUST_CHECK enum err cmd_collect(struct invocation *invocation,
    struct error *err);

extern const struct cli_option revoke_options[];
MUST_CHECK enum err cmd_revoke(struct invocation *invocation,
    struct error *err);

extern const struct cli_option issue_options[];
MUST_CHECK enum err cmd_issue(struct invocation *invocation,
    struct error *err);

extern const struct cli_option adopt_options[];
MUST_CHECK enum err cmd_adopt(struct invocation *invocation,
    struct error *err);

extern const struct cli_option export_options[];
MUST_CHECK enum err cmd_export(struct invocation *invocation,
    struct error *err);

MUST_CHECK enum err cmd_seal(struct invocation *invocation,
    struct error *err);

extern const struct cli_option ceremony_options[];
MUST_CHECK enum err cmd_ceremony(struct invocation *invocation,
    struct error *err);

extern const struct cli_option reset_order_options[];
MUST_CHECK enum err cmd_reset_order(struct invocation *invocation,
    struct error *err);

MUST_CHECK enum err cmd_ledger(struct invocation *invocation,
    struct error *err);
