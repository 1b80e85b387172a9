/* SPDX-License-Identifier: ISC */
/* The verbs of crlferry-sub. */
#pragma once

#include "planning.h"
#include "verbs.h"

extern const struct cli_option import_options[], request_options[],
    check_options[], probe_options[], remind_options[];

VERB(info);
VERB(import);
VERB(recover);
VERB(request);
VERB(check);
VERB(probe);
VERB(remind);
