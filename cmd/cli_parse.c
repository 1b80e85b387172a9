/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "cli_parse.h"
#include "cli_print.h"

#define OPTIONS_MAX 64

/* The i-th option of a verb, its own first; NULL after the last. */
static const struct cli_option *
option_at(const struct command *command, size_t i)
{
	const struct cli_option *option;

	for (option = command->options;
	    option != NULL && option->name != NULL; option++) {
		if (i-- == 0)
			return option;
	}
	for (option = cli_common_options; option->name != NULL; option++) {
		if (cli_option_applies(command, option) && i-- == 0)
			return option;
	}
	return NULL;
}

static enum err
parse_descriptor(const char *text, int *out, struct error *err)
{
	char *end;
	long value;

	errno = 0;
	value = strtol(text, &end, 10);
	if (errno != 0 || end == text || *end != '\0' || value < 0 ||
	    value > 65535 || fcntl((int)value, F_GETFD) < 0)
		return err_fail(err, ERR_USAGE, "--passphrase-fd: want an "
		    "open descriptor, have \"%s\"", text);
	*out = (int)value;
	return ERR_OK;
}

static enum err
take_option(struct invocation *invocation, const struct cli_option *option,
    const char *value, struct error *err)
{
	if (invocation->value_count == CLI_VALUES_MAX)
		return err_fail(err, ERR_USAGE, "--%s: want at most %d "
		    "options, have more", option->name, CLI_VALUES_MAX);
	invocation->values[invocation->value_count].option = option;
	invocation->values[invocation->value_count].value =
	    value == NULL ? "" : value;
	invocation->value_count++;
	if (strcmp(option->name, "config") == 0)
		invocation->config_path = value;
	else if (strcmp(option->name, "quiet") == 0)
		invocation->is_quiet = true;
	else if (strcmp(option->name, "json") == 0)
		invocation->is_json = true;
	else if (strcmp(option->name, "passphrase-fd") == 0)
		return parse_descriptor(value, &invocation->passphrases.fd,
		    err);
	return ERR_OK;
}

/*
 * getopt_long takes any beginning of a name; scripts are safer with the whole
 * name alone.
 */
static bool
is_spelled_out(const char *word, const struct cli_option *option)
{
	size_t size = strlen(option->name);

	return strncmp(word, "--", 2) == 0 &&
	    strncmp(word + 2, option->name, size) == 0 &&
	    (word[2 + size] == '\0' || word[2 + size] == '=');
}

static enum err
refuse_option(const struct command *command, const char *word,
    bool is_incomplete, struct error *err)
{
	return err_fail(err, ERR_USAGE, "%s: want %s, have \"%s\"",
	    command->name, is_incomplete ? "a value behind the option" :
	    "an option of this verb", word);
}

/* getopt_long over the verb's table; argv[0] is the verb. */
static enum err
parse_options(struct invocation *invocation, int argc, char *argv[],
    struct error *err)
{
	const struct command *command = invocation->command;
	struct option longs[OPTIONS_MAX] = {0};
	const struct cli_option *option;
	enum err code = ERR_OK;
	int found, which;
	size_t i;

	for (i = 0; i < OPTIONS_MAX - 1 &&
	    (option = option_at(command, i)) != NULL; i++)
		longs[i] = (struct option){option->name,
		    option->argument == NULL ? no_argument :
		    required_argument, NULL, 0};
	opterr = 0;
	optind = 1;
	while (code == ERR_OK && (found = getopt_long(argc, argv, ":", longs,
	    &which)) != -1) {
		/* The word of the option, not the value behind it. */
		const char *word = argv[optind - 1 - (found == 0 &&
		    optarg == argv[optind - 1])];

		if (found != 0)
			return refuse_option(command, word, found == ':',
			    err);
		option = option_at(command, (size_t)which);
		code = is_spelled_out(word, option) ?
		    take_option(invocation, option, optarg, err) :
		    refuse_option(command, word, false, err);
	}
	invocation->arguments = (struct config_words){
	    (const char **)(void *)(argv + optind), (size_t)(argc - optind)};
	return code;
}

static enum err
check_arguments(const struct invocation *invocation, struct error *err)
{
	const struct command *command = invocation->command;
	size_t count = invocation->arguments.count;

	if (count >= command->min_arguments &&
	    count <= command->max_arguments)
		return ERR_OK;
	return err_fail(err, ERR_USAGE, "%s: want arguments %s, have %zu",
	    command->name, command->arguments[0] == '\0' ? "none" :
	    command->arguments, count);
}

enum err
cli_parse(struct invocation *invocation, int argc, char *argv[],
    struct error *err)
{
	TRY(parse_options(invocation, argc, argv, err));
	/* Who asks for help needs no arguments. */
	if (cli_flag(invocation, "help") || cli_flag(invocation, "version"))
		return ERR_OK;
	return check_arguments(invocation, err);
}
