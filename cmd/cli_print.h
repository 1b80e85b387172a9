/* SPDX-License-Identifier: ISC */
/* Help, notices and failures on the terminal.  Inside cmd only. */
#pragma once

#include <stdio.h>

#include "cli.h"

extern const struct cli_option cli_common_options[];

void cli_print_program_help(const struct program *program, FILE *out);
void cli_print_command_help(const struct program *program,
    const struct command *command);

/* Every notice on a line of stderr; with --quiet only those on safety. */
void cli_print_notices(struct invocation *invocation);

/* Put the output so far on stdout: for those who ask something after it. */
void cli_print_output(struct invocation *invocation);

/* "program: token: text" and the remedy, on stderr. */
void cli_print_failure(const struct invocation *invocation,
    const struct error *error);

/* The same of one among others; the worst of them is the exit status. */
void cli_print_aside(struct invocation *invocation,
    const struct error *error);

/* A failure as a JSON document on stdout. */
void cli_print_json_failure(const struct invocation *invocation,
    const struct error *error);

/* Does the option exist for this verb?  Most common ones do. */
bool cli_option_applies(const struct command *command,
    const struct cli_option *option);
