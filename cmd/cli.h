/* SPDX-License-Identifier: ISC */
/*
 * The command line: one table of verbs for each program, which also prints
 * --help, and one parser over it.
 */
#pragma once

#include "base/notice.h"
#include "base/prompt/passphrase.h"
#include "site/config.h"

/* Needs of a verb before it runs, and its abilities. */
enum {
	NEED_CONFIG = 1 << 0,	/* the configuration is loaded */
	WRITES = 1 << 1,	/* the state folder is made and locked */
	HAS_JSON = 1 << 2,	/* --json */
	HAS_SECRETS = 1 << 3,	/* --passphrase-fd */
	IS_PLUGIN = 1 << 4,	/* exit statuses of monitoring plugins */
};

struct cli_option {
	const char *name;
	const char *argument;	/* "FILE", "text|json"; NULL for a flag */
	const char *help;	/* one line */
};

struct invocation;

struct command {
	const char *name;
	const char *arguments;	/* "MEDIUM [ROOT...]", for --help */
	const char *summary;	/* one line, no full stop */
	const char *text;	/* what --help says below it, or NULL */
	unsigned int flags;
	size_t min_arguments;
	size_t max_arguments;
	const struct cli_option *options;	/* name NULL ends; or NULL */
	enum err (*run)(struct invocation *invocation, struct error *err);
};

struct program {
	const char *name;
	const char *summary;
	const struct command *commands;		/* name NULL ends */
};

#define CLI_VALUES_MAX 256

/* One run of one verb. */
struct invocation {
	const struct program *program;
	const struct command *command;
	const char *config_path;
	bool is_quiet;
	bool is_json;
	struct passphrase_source passphrases;
	struct config *config;		/* NEED_CONFIG */
	int lock_fd;
	int64_t now_s;
	int64_t utc_offset_s;		/* of local time */
	char who[128];			/* "user@host" */
	struct config_words arguments;
	struct {
		const struct cli_option *option;
		const char *value;
	} values[CLI_VALUES_MAX];
	size_t value_count;
	struct notices notices;
	struct buffer output;		/* what goes to stdout */
	bool is_coloured;		/* by escape sequences of ours */
	int status;			/* exit status, if run said OK */
};

/* Append to what goes to stdout, unless --quiet or --json. */
#define cli_say(invocation, err, ...) \
	((invocation)->is_quiet || (invocation)->is_json ? ERR_OK : \
	    buffer_appendf(&(invocation)->output, err, __VA_ARGS__))

#define SAY_WRITTEN "All is written: the stick may be removed.\n"
#define SAY_READ_BACK \
	"All is written and was read back: the stick may be removed.\n"

/* main() of both programs. */
int cli_main(const struct program *program, int argc, char *argv[]);

/* The last value of an option, NULL if it was not given. */
const char *cli_value(const struct invocation *invocation, const char *name);
bool cli_flag(const struct invocation *invocation, const char *name);

/* All values of an option; words must hold CLI_VALUES_MAX of them. */
struct config_words cli_values(const struct invocation *invocation,
    const char *name, const char **words);

/* A TIME option; `otherwise` if it was not given.  ERR_USAGE. */
MUST_CHECK enum err cli_time(const struct invocation *invocation,
    const char *name, int64_t otherwise_s, int64_t *out_s,
    struct error *err);

/*
 * Columns of a line on stdout: those of the terminal; without one those that
 * COLUMNS says, or 80, so that mails and minutes can be read.  At least 20.
 */
size_t cli_width(void);

/* Columns of the terminal on stdout, 0 if it is none. */
size_t cli_terminal_width(void);

/* A terminal that shows colours, and nobody has said NO_COLOR. */
bool cli_has_colours(void);

/*
 * "NAME=VALUE" into its two parts at the first `divider`; value points into
 * text.  ERR_USAGE if either part is empty, or the name does not fit.
 */
MUST_CHECK enum err cli_split(const char *text, char divider, char *name,
    size_t capacity, const char **value, struct error *err);

/* The configured root of a name.  ERR_MISSING. */
MUST_CHECK enum err cli_root(const struct invocation *invocation,
    const char *name, const struct config_root **out, struct error *err);

/*
 * The configured roots that the arguments from the first-th on name, or all.
 * NULL ends the list, which is the caller's by FREE_ROOTS on failure as well.
 * ERR_MISSING for a name that is not configured.
 */
#define FREE_ROOTS __attribute__((cleanup(cli_roots_free)))
MUST_CHECK enum err cli_roots(const struct invocation *invocation,
    size_t first, const struct config_root ***out, struct error *err);
void cli_roots_free(const struct config_root ***roots);

/*
 * The serials of --acknowledge-removed, in hex; words must hold
 * CLI_VALUES_MAX of them.  ERR_USAGE.
 */
MUST_CHECK enum err cli_serials(const struct invocation *invocation,
    const char **words, struct config_words *out, struct error *err);
