/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <openssl/crypto.h>

#include "base/file.h"
#include "cli_parse.h"
#include "cli_print.h"
#include "plan/standing.h"
#include "site/lock.h"
#include "site/state.h"

const char *
cli_value(const struct invocation *invocation, const char *name)
{
	const char *value = NULL;
	size_t i;

	for (i = 0; i < invocation->value_count; i++) {
		if (strcmp(invocation->values[i].option->name, name) == 0)
			value = invocation->values[i].value;
	}
	return value;
}

bool
cli_flag(const struct invocation *invocation, const char *name)
{
	return cli_value(invocation, name) != NULL;
}

struct config_words
cli_values(const struct invocation *invocation, const char *name,
    const char **words)
{
	struct config_words result = {words, 0};
	size_t i;

	for (i = 0; i < invocation->value_count; i++) {
		if (strcmp(invocation->values[i].option->name, name) == 0)
			words[result.count++] = invocation->values[i].value;
	}
	return result;
}

enum err
cli_time(const struct invocation *invocation, const char *name,
    int64_t otherwise_s, int64_t *out_s, struct error *err)
{
	const char *text = cli_value(invocation, name);

	if (text == NULL)
		*out_s = otherwise_s;
	else if (!utc_parse(text, out_s))
		return err_fail(err, ERR_USAGE, "--%s: want YYYY-MM-DD or "
		    "YYYY-MM-DDTHH:MM:SSZ, have \"%s\"", name, text);
	return ERR_OK;
}

enum err
cli_split(const char *text, char divider, char *name, size_t capacity,
    const char **value, struct error *err)
{
	const char *at = strchr(text, divider);

	if (at == NULL || at == text || at[1] == '\0' ||
	    (size_t)(at - text) >= capacity)
		return err_fail(err, ERR_USAGE,
		    "\"%s\": want a name, '%c' and a value, have less", text,
		    divider);
	memcpy(name, text, (size_t)(at - text));
	name[at - text] = '\0';
	*value = at + 1;
	return ERR_OK;
}

enum err
cli_root(const struct invocation *invocation, const char *name,
    const struct config_root **out, struct error *err)
{
	const struct config *config = invocation->config;
	const struct config_root *root = config_find_root(config, name);

	if (root == NULL)
		return err_fail(err, ERR_MISSING,
		    "%s: want a root of %s, have no such", name,
		    config->path);
	*out = root;
	return ERR_OK;
}

enum err
cli_roots(const struct invocation *invocation, size_t first,
    const struct config_root **out, struct error *err)
{
	const struct config *config = invocation->config;
	const struct config_words *names = &invocation->arguments;
	const struct config_root *root;
	size_t count = 0;
	enum err code;
	size_t i, k;

	for (i = first; i < names->count; i++) {
		code = cli_root(invocation, names->words[i], &root, err);
		if (code != ERR_OK)
			return code;
	}
	/* In configured order, whatever the order of the arguments. */
	for (i = 0; i < config->root_count; i++) {
		bool is_named = names->count <= first;

		for (k = first; k < names->count; k++)
			is_named = is_named || strcmp(names->words[k],
			    config->roots[i].name) == 0;
		if (is_named)
			out[count++] = &config->roots[i];
	}
	out[count] = NULL;
	return ERR_OK;
}

enum err
cli_serials(const struct invocation *invocation, const char **words,
    struct config_words *out, struct error *err)
{
	struct config_words list = cli_values(invocation,
	    "acknowledge-removed", words);
	size_t i;

	for (i = 0; i < list.count; i++) {
		size_t size = strlen(list.words[i]);

		if (size == 0 || strspn(list.words[i],
		    "0123456789abcdefABCDEF") != size)
			return err_fail(err, ERR_USAGE,
			    "--acknowledge-removed: want a serial in hex, "
			    "have \"%s\"", list.words[i]);
	}
	*out = list;
	return ERR_OK;
}

size_t
cli_width(void)
{
	struct winsize size;

	if (isatty(STDOUT_FILENO) == 0 ||
	    ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0)
		return 0;
	return size.ws_col;
}

static void
name_operator(char *out, size_t capacity)
{
	const struct passwd *user = getpwuid(getuid());
	char host[65] = "localhost";

	if (gethostname(host, sizeof(host) - 1) != 0)
		strcpy(host, "localhost");
	snprintf(out, capacity, "%.60s@%.60s",
	    user == NULL ? "unknown" : user->pw_name, host);
}

/* The wall clock is read here and nowhere else. */
static void
read_clock(struct invocation *invocation)
{
	time_t now = time(NULL);
	struct tm local;

	invocation->now_s = (int64_t)now;
	if (localtime_r(&now, &local) != NULL)
		invocation->utc_offset_s = local.tm_gmtoff;
}

static enum err
prepare(struct invocation *invocation, struct error *err)
{
	unsigned int flags = invocation->command->flags;
	/* Neither leaves a trace, not even a lock. */
	const bool is_writing = (flags & WRITES) != 0 &&
	    !cli_flag(invocation, "dry-run") &&
	    !cli_flag(invocation, "rehearse");
	bool exists = true;
	enum err code = ERR_OK;

	read_clock(invocation);
	name_operator(invocation->who, sizeof(invocation->who));
	if ((flags & NEED_CONFIG) != 0)
		code = config_load(invocation->config_path,
		    &invocation->config, err);
	if (code == ERR_MISSING)
		TRY(file_find(invocation->config_path, &exists, err));
	if (!exists)
		return err_fail(err, code, "%s: want a configuration, have "
		    "none: init writes one, --config names another",
		    invocation->config_path);
	if (code != ERR_OK || (flags & NEED_CONFIG) == 0)
		return code;
	if (!is_writing)
		return state_check(invocation->config, &exists, err);
	code = state_prepare(invocation->config, err);
	return code == ERR_OK ?
	    lock_state(invocation->config, &invocation->lock_fd, err) : code;
}

/* A collector of metrics or JSON must not get a plugin's line. */
static bool
is_line_wanted(const struct invocation *invocation)
{
	const char *format = cli_value(invocation, "format");

	return format == NULL || (strcmp(format, "prometheus") != 0 &&
	    strcmp(format, "json") != 0);
}

static int
finish(struct invocation *invocation, enum err code,
    const struct error *err)
{
	const bool is_plugin =
	    (invocation->command->flags & IS_PLUGIN) != 0;
	int status = code == ERR_OK ? invocation->status :
	    error_status(code);

	cli_print_notices(invocation);
	cli_print_output(invocation);
	if (code != ERR_OK && is_plugin && is_line_wanted(invocation))
		printf("CRLFERRY UNKNOWN - %s: %s\n", error_token(code),
		    err->what);
	if (code != ERR_OK)
		cli_print_failure(invocation, err);
	if (code != ERR_OK && invocation->is_json)
		cli_print_json_failure(invocation, err);
	/* What fwrite could not put out is gone from the buffer. */
	if (fflush(stdout) != 0 || ferror(stdout) != 0) {
		fprintf(stderr, "%s: io: stdout: want it to be written, have:"
		    " %s\n", invocation->program->name, strerror(errno));
		status = error_status(ERR_IO);
		code = ERR_IO;
	}
	if (code != ERR_OK && is_plugin)
		status = SEVERITY_UNKNOWN;
	buffer_release(&invocation->output);
	notices_release(&invocation->notices);
	config_free(invocation->config);
	file_close(&invocation->lock_fd);
	return status;
}

static int
run_verb(struct invocation *invocation, int argc, char *argv[])
{
	struct error err = {0};
	enum err code;

	code = cli_parse(invocation, argc, argv, &err);
	if (cli_flag(invocation, "help")) {
		cli_print_command_help(invocation->program,
		    invocation->command);
		return finish(invocation, ERR_OK, &err);
	}
	if (code == ERR_OK && cli_flag(invocation, "version")) {
		printf("%s %s\n", invocation->program->name,
		    CRLFERRY_VERSION);
		return finish(invocation, ERR_OK, &err);
	}
	if (code == ERR_OK)
		code = prepare(invocation, &err);
	if (code == ERR_OK)
		code = invocation->command->run(invocation, &err);
	return finish(invocation, code, &err);
}

/*
 * No file of ours may come to stand where output goes: what is closed of 0 to
 * 2 is filled with something that cannot be written to.
 */
static bool
fill_standard(void)
{
	int fd;

	for (fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
		if (fcntl(fd, F_GETFD) < 0 &&
		    open("/dev/null", O_RDONLY) != fd)
			return false;
	}
	return true;
}

/* Before anything else: no dumps, no foreign configuration, libsodium. */
static bool
start(const struct program *program)
{
	struct error err = {0};

	umask(022);
	/* Where a parent ignores it, nobody could be waited for. */
	signal(SIGCHLD, SIG_DFL);
	/* Text as it is, numbers and dates as the contract has them. */
	setlocale(LC_CTYPE, "");
	if (fill_standard() && secret_wipe_freed(&err) == ERR_OK &&
	    OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, NULL) == 1 &&
	    secret_harden_process(&err) == ERR_OK &&
	    secret_start(&err) == ERR_OK)
		return true;
	fprintf(stderr, "%s: io: %s\n", program->name, err.what);
	return false;
}

static const struct command *
find_command(const struct program *program, const char *name)
{
	const struct command *command;

	for (command = program->commands; command->name != NULL; command++) {
		if (strcmp(command->name, name) == 0)
			return command;
	}
	return NULL;
}

int
cli_main(const struct program *program, int argc, char *argv[])
{
	struct invocation *invocation;
	int status;

	if (!start(program))
		return error_status(ERR_IO);
	if (argc == 2 && strcmp(argv[1], "--help") == 0) {
		cli_print_program_help(program);
		return fflush(stdout) == 0 ? 0 : error_status(ERR_IO);
	}
	if (argc == 2 && strcmp(argv[1], "--version") == 0) {
		printf("%s %s\n", program->name, CRLFERRY_VERSION);
		return fflush(stdout) == 0 ? 0 : error_status(ERR_IO);
	}
	invocation = calloc(1, sizeof(*invocation));
	if (invocation == NULL)
		return error_status(ERR_IO);
	invocation->program = program;
	invocation->command = argc < 2 ? NULL :
	    find_command(program, argv[1]);
	invocation->config_path = CONFIG_DEFAULT_PATH;
	invocation->passphrases.fd = -1;
	invocation->lock_fd = -1;
	if (invocation->command == NULL) {
		struct error err;

		err_fail(&err, ERR_USAGE, "%s: want a verb of %s --help, "
		    "have %s", argc < 2 ? "arguments" : argv[1],
		    program->name, argc < 2 ? "none" : "another");
		cli_print_failure(invocation, &err);
		status = error_status(ERR_USAGE);
	} else {
		status = run_verb(invocation, argc - 1, argv + 1);
	}
	free(invocation);
	return status;
}
