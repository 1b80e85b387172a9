/* SPDX-License-Identifier: ISC */
/* From the words that were typed to the verb.  Inside cmd only. */
#pragma once

#include "cli.h"

/* What is asked for. */
enum cli_wish {
	CLI_RUN,	/* the verb in argv[1] */
	CLI_HELP,	/* of the program */
	CLI_VERSION,
	CLI_NOTHING,
};

/*
 * Move the verb to argv[1]: every option may stand before it.  "help VERB"
 * becomes "VERB --help".  ERR_USAGE for an option that no verb has, with the
 * one that may be meant.
 */
MUST_CHECK enum err cli_open(const struct program *program, int *argc,
    char *argv[], enum cli_wish *out, struct error *err);

/*
 * The verb of this name; argv[0] is it, and its arguments follow.  ERR_USAGE,
 * with the one that may be meant, or the program that has it.
 */
MUST_CHECK enum err cli_find_command(const struct program *program, int argc,
    char *argv[], const struct command **out, struct error *err);

/* The first of the words that names a verb; NULL if none does. */
const struct command *cli_command_among(const struct program *program,
    int argc, char *argv[]);

/* Does a word before "--" ask for help? */
bool cli_asks_help(int argc, char *argv[]);
