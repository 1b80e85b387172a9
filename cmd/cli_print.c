/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "cli_print.h"
#include "view/json.h"

#define HELP_COLUMN 26

const struct cli_option cli_common_options[] = {
    {"config", "FILE", "configuration, default " CONFIG_DEFAULT_PATH},
    {"passphrase-fd", "N", "read passphrases from descriptor N"},
    {"json", NULL, "print JSON"},
    {"quiet", NULL, "leave out confirmations, and notes except on safety"},
    {"help", NULL, "print this help"},
    {"version", NULL, "print the version"},
    {NULL},
};

bool
cli_option_applies(const struct command *command,
    const struct cli_option *option)
{
	if (strcmp(option->name, "passphrase-fd") == 0)
		return (command->flags & HAS_SECRETS) != 0;
	if (strcmp(option->name, "json") == 0)
		return (command->flags & HAS_JSON) != 0;
	return true;
}

static void
print_option(FILE *out, const struct cli_option *option)
{
	bool has_letter = strcmp(option->name, "help") == 0 ||
	    strcmp(option->name, "version") == 0;
	char left[64];

	snprintf(left, sizeof(left), "  %s--%s%s%s", !has_letter ? "" :
	    option->name[0] == 'h' ? "-h, " : "-V, ", option->name,
	    option->argument == NULL ? "" : " ",
	    option->argument == NULL ? "" : option->argument);
	if (strlen(left) < HELP_COLUMN)
		fprintf(out, "%-*s%s\n", HELP_COLUMN, left, option->help);
	else
		fprintf(out, "%s\n%*s%s\n", left, HELP_COLUMN, "",
		    option->help);
}

void
cli_print_command_help(const struct program *program,
    const struct command *command)
{
	const struct cli_option *option;

	printf("usage: %s %s [OPTION]...%s%s\n\n%s\n", program->name,
	    command->name, command->arguments[0] == '\0' ? "" : " ",
	    command->arguments, command->summary);
	if (command->text != NULL)
		printf("\n%s", command->text);
	printf("\noptions:\n");
	for (option = command->options;
	    option != NULL && option->name != NULL; option++)
		print_option(stdout, option);
	for (option = cli_common_options; option->name != NULL; option++) {
		if (cli_option_applies(command, option))
			print_option(stdout, option);
	}
}

void
cli_print_program_help(const struct program *program, FILE *out)
{
	static const struct command plain = {.flags = 0};
	const struct command *command;
	const struct cli_option *option;

	fprintf(out, "usage: %s VERB [OPTION]... [ARGUMENT]...\n\n%s\n\n"
	    "verbs:\n", program->name, program->summary);
	for (command = program->commands; command->name != NULL; command++)
		fprintf(out, "  %-12s%s\n", command->name, command->summary);
	fprintf(out, "\noptions of every verb, before or behind it:\n");
	for (option = cli_common_options; option->name != NULL; option++) {
		if (cli_option_applies(&plain, option))
			print_option(out, option);
	}
	fprintf(out, "\n'%s VERB --help' tells more of each.\n"
	    "Exit statuses and their tokens are in the manual, %s(1).\n",
	    program->name, program->name);
}

static void
print_line(const struct invocation *invocation, const char *kind,
    struct span text)
{
	fprintf(stderr, "%s: %s: %.*s\n", invocation->program->name, kind,
	    (int)text.size, (const char *)text.data);
}

void
cli_print_notices(struct invocation *invocation)
{
	struct span line;
	bool is_safety;

	while (notices_take(&invocation->notices, &line, &is_safety)) {
		if (is_safety || !invocation->is_quiet)
			print_line(invocation, "note", line);
	}
}

void
cli_print_output(struct invocation *invocation)
{
	/* The table with colours is of printable text already. */
	if (!invocation->is_coloured)
		buffer_make_printable(&invocation->output);
	if (invocation->output.size > 0)
		fwrite(invocation->output.data, 1, invocation->output.size,
		    stdout);
	/* If that failed, ferror() tells at the end. */
	fflush(stdout);
	invocation->output.size = 0;
}

void
cli_print_json_failure(const struct invocation *invocation,
    const struct error *error)
{
	RELEASE_BUFFER struct buffer json = {0};

	if (json_error(invocation->program->name, error, &json, NULL) ==
	    ERR_OK)
		fwrite(json.data, 1, json.size, stdout);
}

void
cli_print_failure(const struct invocation *invocation,
    const struct error *error)
{
	print_line(invocation, error_token(error->code),
	    span_of_text(error->what));
	print_line(invocation, "remedy", span_of_text(error_advice(error)));
}

void
cli_print_aside(struct invocation *invocation, const struct error *error)
{
	cli_print_failure(invocation, error);
	if (error_status(error->code) > invocation->status)
		invocation->status = error_status(error->code);
}
