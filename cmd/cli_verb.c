/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>

#include "base/shell_word.h"
#include "cli_parse.h"
#include "cli_print.h"
#include "cli_verb.h"
#include "nearest.h"
#include "verb_owner.h"

static const struct command *
find(const struct program *program, const char *word)
{
	const struct command *command;

	for (command = program->commands; command->name != NULL; command++) {
		if (strcmp(command->name, word) == 0)
			return command;
	}
	return NULL;
}

const struct command *
cli_command_among(const struct program *program, int argc, char *argv[])
{
	const struct command *command = NULL;

	for (int i = 0; command == NULL && i < argc; i++)
		command = find(program, argv[i]);
	return command;
}

static bool
is_help(const char *word)
{
	return strcmp(word, "-h") == 0 || strcmp(word, "--help") == 0;
}

static bool
is_version(const char *word)
{
	return strcmp(word, "-V") == 0 || strcmp(word, "--version") == 0;
}

bool
cli_asks_help(int argc, char *argv[])
{
	for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
		if (is_help(argv[i]))
			return true;
	}
	return false;
}

/* The i-th table of options: the common ones, then those of each verb. */
static const struct cli_option *
options_at(const struct program *program, size_t i)
{
	static const struct cli_option none[] = {{NULL}};
	const struct cli_option *options;

	if (i == 0)
		return cli_common_options;
	if (program->commands[i - 1].name == NULL)
		return NULL;
	options = program->commands[i - 1].options;
	return options == NULL ? none : options;
}

/* The option that a word spells out; NULL, with the nearest one. */
static const struct cli_option *
find_option(const struct program *program, const char *word,
    struct error *err)
{
	const struct cli_option *option;
	struct nearest nearest;
	char name[64];
	enum err code;

	snprintf(name, sizeof(name), "%.*s", (int)strcspn(word, "="), word);
	nearest = (struct nearest){.word = name + strspn(name, "-")};
	for (size_t i = 0; (option = options_at(program, i)) != NULL; i++) {
		for (; option->name != NULL; option++) {
			if (cli_spells_out(word, option))
				return option;
			nearest_offer(&nearest, option->name);
		}
	}
	code = err_fail(err, ERR_USAGE, "unknown option \"%s\"%s%s%s", word,
	    nearest.meant == NULL ? "" : "; did you mean \"--",
	    nearest.meant == NULL ? "" : nearest.meant,
	    nearest.meant == NULL ? "" : "\"?");
	err_remedy(err, code, "see %s --help", program->name);
	return NULL;
}

/* Take a word out; argv[argc] is NULL. */
static void
remove_word(int *argc, char *argv[], int at)
{
	memmove(argv + at, argv + at + 1,
	    (size_t)(*argc - at) * sizeof(*argv));
	(*argc)--;
}

/* The words before the verb; *at is where it stands, or argc. */
static enum err
pass_options(const struct program *program, int *argc, char *argv[],
    int *at, enum cli_wish *wish, struct error *err)
{
	const struct cli_option *option;
	int i;

	for (i = 1; i < *argc && argv[i][0] == '-'; i++) {
		if (strcmp(argv[i], "--") == 0) {
			remove_word(argc, argv, i);
			break;
		}
		if (is_help(argv[i]))
			*wish = CLI_HELP;
		else if (is_version(argv[i]) && *wish == CLI_NOTHING)
			*wish = CLI_VERSION;
		if (is_help(argv[i]) || is_version(argv[i]))
			continue;
		option = find_option(program, argv[i], err);
		if (option == NULL)
			return ERR_USAGE;
		if (option->argument == NULL || strchr(argv[i], '=') != NULL)
			continue;
		if (i + 1 == *argc)
			return err_remedy(err, err_fail(err, ERR_USAGE,
			    "--%s needs a value", option->name),
			    "see %s --help", program->name);
		i++;
	}
	*at = i;
	return ERR_OK;
}

enum err
cli_open(const struct program *program, int *argc, char *argv[],
    enum cli_wish *out, struct error *err)
{
	static char help[] = "--help";
	char *verb;
	int at = *argc;

	*out = CLI_NOTHING;
	TRY(pass_options(program, argc, argv, &at, out, err));
	if (at == *argc)
		return ERR_OK;
	*out = CLI_RUN;
	if (strcmp(argv[at], "help") == 0) {
		if (at + 1 == *argc || argv[at + 1][0] == '-' ||
		    strcmp(argv[at + 1], "help") == 0 ||
		    strcmp(argv[at + 1], "version") == 0)
			*out = CLI_HELP;
		else
			argv[at] = argv[at + 1];
		if (*out == CLI_RUN)
			argv[at + 1] = help;
	} else if (strcmp(argv[at], "version") == 0) {
		*out = CLI_VERSION;
	}
	verb = argv[at];
	memmove(argv + 2, argv + 1, (size_t)(at - 1) * sizeof(*argv));
	argv[1] = verb;
	return ERR_OK;
}

/* The same command line with the other program, to be copied. */
static enum err
refer(const struct verb_owner *owner, int argc, char *argv[],
    struct error *err)
{
	RELEASE_BUFFER struct buffer words = {0};
	enum err code;

	for (int i = 1; i < argc; i++) {
		TRY(buffer_append_text(&words, " ", err));
		TRY(shell_word_append(&words, argv[i], err));
	}
	/* What does not fit is left out as a whole. */
	if (words.size > 120)
		words.size = 0;
	code = err_fail(err, ERR_USAGE, "\"%s\" is a verb of %s, not of "
	    "this program", owner->verb, owner->program);
	return err_remedy(err, code, "on %s: %s %s%.*s", owner->machine,
	    owner->program, owner->verb, (int)words.size,
	    words.size == 0 ? "" : (const char *)words.data);
}

enum err
cli_find_command(const struct program *program, int argc, char *argv[],
    const struct command **out, struct error *err)
{
	struct nearest nearest = {.word = argv[0]};
	const struct command *command = find(program, argv[0]);
	const struct verb_owner *owner;
	const char *whose = NULL;

	if (command != NULL) {
		*out = command;
		return ERR_OK;
	}
	for (command = program->commands; command->name != NULL; command++)
		nearest_offer(&nearest, command->name);
	for (owner = verb_owners; owner->verb != NULL; owner++) {
		if (strcmp(owner->program, program->name) == 0)
			continue;
		if (strcmp(owner->verb, argv[0]) == 0)
			return refer(owner, argc, argv, err);
		nearest_offer(&nearest, owner->verb);
		if (nearest.meant == owner->verb)
			whose = owner->program;
	}
	return err_remedy(err, err_fail(err, ERR_USAGE,
	    "unknown verb \"%s\"%s%s%s%s%s%s", argv[0],
	    nearest.meant == NULL ? "" : "; did you mean \"",
	    nearest.meant == NULL ? "" : nearest.meant,
	    nearest.meant == NULL ? "" : "\"", whose == NULL ? "" : " of ",
	    whose == NULL ? "" : whose, nearest.meant == NULL ? "" : "?"),
	    "%s --help lists the verbs", program->name);
}
