/* SPDX-License-Identifier: ISC */
/* The one parser over every verb's table.  Inside cmd only. */
#pragma once

#include "cli.h"

/*
 * Is this the option's name, whole?  getopt_long takes any beginning of it;
 * scripts are safer with the whole name alone.
 */
bool cli_spells_out(const char *word, const struct cli_option *option);

/*
 * Options and arguments of a verb into its invocation; argv[0] is the verb.
 * ERR_USAGE names the word that is wrong.
 */
MUST_CHECK enum err cli_parse(struct invocation *invocation, int argc,
    char *argv[], struct error *err);
