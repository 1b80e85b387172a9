/* SPDX-License-Identifier: ISC */
/* The one parser over every verb's table.  Inside cmd only. */
#pragma once

#include "cli.h"

/*
 * Options and arguments of a verb into its invocation; argv[0] is the verb.
 * ERR_USAGE names the word that is wrong.
 */
MUST_CHECK enum err cli_parse(struct invocation *invocation, int argc,
    char *argv[], struct error *err);
