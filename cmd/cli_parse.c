/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli_parse.h"
#include "cli_print.h"
#include "nearest.h"

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
		return err_fail(err, ERR_USAGE, "--passphrase-fd takes an "
		    "open descriptor, not \"%s\"", text);
	*out = (int)value;
	return ERR_OK;
}

/* Is it one of the words that the option takes, "text|json"? */
static enum err
check_choice(const struct cli_option *option, const char *value,
    struct error *err)
{
	const char *words = option->argument;
	char list[64] = "";

	if (words == NULL || strchr(words, '|') == NULL)
		return ERR_OK;
	while (*words != '\0') {
		size_t word = strcspn(words, "|");
		const char *next = words + word + (words[word] == '|');

		if (strncmp(words, value, word) == 0 && value[word] == '\0')
			return ERR_OK;
		snprintf(list + strlen(list), sizeof(list) - strlen(list),
		    "%s%.*s", words == option->argument ? "" :
		    *next == '\0' ? " or " : ", ", (int)word, words);
		words = next;
	}
	return err_fail(err, ERR_USAGE, "--%s takes %s, not \"%s\"",
	    option->name, list, value);
}

static enum err
take_option(struct invocation *invocation, const struct cli_option *option,
    const char *value, struct error *err)
{
	if (strcmp(option->name, "config") == 0 && *value == '\0')
		return err_fail(err, ERR_USAGE, "--config needs a value");
	TRY(check_choice(option, value, err));
	if (invocation->value_count == CLI_VALUES_MAX)
		return err_fail(err, ERR_USAGE, "more than %d options, "
		    "the last --%s", CLI_VALUES_MAX, option->name);
	invocation->values[invocation->value_count].option = option;
	invocation->values[invocation->value_count].value =
	    value == NULL ? "" : value;
	invocation->value_count++;
	if (strcmp(option->name, "config") == 0)
		invocation->config_path = value;
	else if (strcmp(option->name, "quiet") == 0)
		invocation->is_quiet = true;
	else if (strcmp(option->name, "json") == 0 ||
	    (strcmp(option->name, "format") == 0 &&
	    strcmp(value, "json") == 0))
		invocation->is_json = true;
	else if (strcmp(option->name, "passphrase-fd") == 0)
		return parse_descriptor(value, &invocation->passphrases.fd,
		    err);
	return ERR_OK;
}

bool
cli_spells_out(const char *word, const struct cli_option *option)
{
	size_t size = strlen(option->name);

	return strncmp(word, "--", 2) == 0 &&
	    strncmp(word + 2, option->name, size) == 0 &&
	    (word[2 + size] == '\0' || word[2 + size] == '=');
}

static enum err
refuse_option(const struct command *command, const char *word,
    struct error *err)
{
	const struct cli_option *option;
	struct nearest nearest;
	char name[64];

	snprintf(name, sizeof(name), "%.*s", (int)strcspn(word, "="), word);
	nearest = (struct nearest){.word = name + strspn(name, "-")};
	for (size_t i = 0; (option = option_at(command, i)) != NULL; i++) {
		if (cli_spells_out(word, option))
			return err_fail(err, ERR_USAGE, "--%s takes no value, "
			    "\"%s\" has one", option->name, word);
		nearest_offer(&nearest, option->name);
	}
	if (strstr(command->arguments, "SERIAL") != NULL &&
	    word[1 + strspn(word + 1, "0123456789abcdefABCDEF")] == '\0')
		return err_fail(err, ERR_USAGE, "%s has no option \"%s\"; a "
		    "negative serial goes last, behind \"--\": -- %s",
		    command->name, word, word);
	return err_fail(err, ERR_USAGE, "%s has no option \"%s\"%s%s%s",
	    command->name, word,
	    nearest.meant == NULL ? "" : "; did you mean \"--",
	    nearest.meant == NULL ? "" : nearest.meant,
	    nearest.meant == NULL ? "" : "\"?");
}

/* Several letters behind one dash, at the first of which getopt_long stands. */
static bool
is_cluster(const char *word)
{
	return word != NULL && word[0] == '-' && word[1] != '\0' &&
	    (unsigned char)word[1] == optopt && word[2] != '\0';
}

/* getopt_long over the verb's table; argv[0] is the verb. */
static enum err
parse_options(struct invocation *invocation, int argc, char *argv[],
    struct error *err)
{
	static const struct cli_option help = {"help", NULL, NULL};
	static const struct cli_option version = {"version", NULL, NULL};
	const struct command *command = invocation->command;
	struct option longs[OPTIONS_MAX] = {0};
	const struct cli_option *option;
	int found, which;

	for (size_t i = 0; i < OPTIONS_MAX - 1 &&
	    (option = option_at(command, i)) != NULL; i++)
		longs[i] = (struct option){option->name,
		    option->argument == NULL ? no_argument :
		    required_argument, NULL, 0};
	opterr = 0;
	optind = 1;
	while ((found = getopt_long(argc, argv, ":hV", longs, &which)) != -1) {
		/* The word of the option, not the value behind it. */
		const char *word = argv[optind - 1 - (found == 0 &&
		    optarg == argv[optind - 1])];

		option = found == 'h' ? &help : found == 'V' ? &version :
		    found == 0 ? option_at(command, (size_t)which) : NULL;
		if (found == ':')
			return err_fail(err, ERR_USAGE, "%s needs a value",
			    word);
		if (found == '?' && is_cluster(argv[optind]))
			word = argv[optind];
		if (option == NULL ||
		    (found == 0 && !cli_spells_out(word, option)))
			return refuse_option(command, word, err);
		TRY(take_option(invocation, option, optarg, err));
	}
	invocation->arguments = (struct config_words){
	    (const char **)(void *)(argv + optind), (size_t)(argc - optind)};
	return ERR_OK;
}

static enum err
check_arguments(const struct invocation *invocation, struct error *err)
{
	const struct command *command = invocation->command;
	const char *format = cli_value(invocation, "format");
	size_t count = invocation->arguments.count;

	if (invocation->is_json && format != NULL &&
	    strcmp(format, "json") != 0)
		return err_fail(err, ERR_USAGE, "--json and --format %s "
		    "exclude each other", format);
	if (count >= command->min_arguments &&
	    count <= command->max_arguments)
		return ERR_OK;
	if (command->max_arguments == 0)
		return err_fail(err, ERR_USAGE, "%s takes no arguments",
		    command->name);
	return err_fail(err, ERR_USAGE, "%s takes the arguments %s; %zu "
	    "given", command->name, command->arguments, count);
}

enum err
cli_parse(struct invocation *invocation, int argc, char *argv[],
    struct error *err)
{
	enum err code = parse_options(invocation, argc, argv, err);

	/* Who asks for help needs no arguments. */
	if (code == ERR_OK && !cli_flag(invocation, "help") &&
	    !cli_flag(invocation, "version"))
		code = check_arguments(invocation, err);
	return err_remedy(err, code, "see %s %s --help",
	    invocation->program->name, invocation->command->name);
}
