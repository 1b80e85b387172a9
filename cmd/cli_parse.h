/* SPDX-License-Identifier: ISC */
/* The one parser over every verb's table.  Inside cmd only. */
#pragma once

#include "cli.h"

/*
 * Move the verb to argv[1]: options that every verb has may stand before it.
 * False if there is no verb.
 */
bool cli_verb_first(int argc, char *argv[]);

/* The verb of this name.  ERR_USAGE, with the one that may be meant. */
MUST_CHECK enum err cli_find_command(const struct program *program,
    const char *word, const struct command **out, struct error *err);

/*
 * Options and arguments of a verb into its invocation; argv[0] is the verb.
 * ERR_USAGE names the word that is wrong.
 */
MUST_CHECK enum err cli_parse(struct invocation *invocation, int argc,
    char *argv[], struct error *err);
