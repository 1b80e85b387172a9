/* SPDX-License-Identifier: ISC */
/* The verbs of crlferry-root. */
#pragma once

#include "planning.h"
#include "verbs.h"

extern const struct cli_option revoke_options[], issue_options[],
    adopt_options[], export_options[], reissue_options[],
    ceremony_options[], reset_order_options[];

VERB(collect);
VERB(revoke);
VERB(issue);
VERB(adopt);
VERB(export);
VERB(seal);
VERB(reissue);
VERB(ceremony);
VERB(reset_order);
VERB(ledger);
