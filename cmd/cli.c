/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <openssl/crypto.h>

#include "base/file.h"
#include "base/printable.h"
#include "cli_parse.h"
#include "cli_print.h"
#include "cli_verb.h"
#include "config_check.h"
#include "plan/standing.h"
#include "site/state.h"

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
	if (code == ERR_OK && (flags & NEED_CONFIG) != 0)
		code = config_check_files(invocation->config, err);
	else if (code == ERR_MISSING)
		TRY(file_find(invocation->config_path, &exists, err));
	if (!exists)
		return err_remedy(err, err_fail(err, code, "%s: no "
		    "configuration is there", invocation->config_path),
		    "%s init writes one; --config names another",
		    invocation->program->name);
	if (code != ERR_OK || (flags & NEED_CONFIG) == 0)
		return code;
	if (!is_writing)
		return state_check(invocation->config, &exists, err);
	TRY(state_prepare(invocation->config, err));
	return lock_state(invocation->config, &invocation->lock_fd, err);
}

/* A collector of metrics or JSON must not get a plugin's line. */
static bool
is_line_wanted(const struct invocation *invocation)
{
	const char *format = cli_value(invocation, "format");

	return !invocation->is_json && (format == NULL ||
	    strcmp(format, "prometheus") != 0);
}

/* The one line that a monitoring daemon shows: what to do is part of it. */
static void
print_unknown(const struct error *why)
{
	RELEASE_BUFFER struct buffer line = {0};

	if (printable_append(&line, why->what, PRINTABLE_LINE, "|", NULL) ==
	    ERR_OK && buffer_append_text(&line, ": ", NULL) == ERR_OK &&
	    printable_append(&line, error_advice(why), PRINTABLE_LINE, "|",
	    NULL) == ERR_OK)
		printf("CRLFERRY UNKNOWN - %s: %.*s\n",
		    error_token(why->code), (int)line.size,
		    (const char *)line.data);
	else
		printf("CRLFERRY UNKNOWN - %s\n", error_token(why->code));
}

static int
finish(struct invocation *invocation, enum err code,
    const struct error *err)
{
	const bool is_plugin =
	    (invocation->command->flags & IS_PLUGIN) != 0;
	int status = code == ERR_OK ? invocation->status :
	    error_status(code);

	if (!is_plugin)
		cli_print_notices(invocation);
	cli_print_output(invocation);
	if (code != ERR_OK && is_plugin && is_line_wanted(invocation))
		print_unknown(err);
	/* Icinga reads both streams as one, and shows the first line. */
	if (is_plugin && fflush(stdout) == 0)
		cli_print_notices(invocation);
	if (code != ERR_OK)
		cli_print_failure(invocation, err);
	if (code != ERR_OK && invocation->is_json)
		cli_print_json_failure(invocation, err);
	/* If fwrite failed, that is gone from the buffer. */
	if (fflush(stdout) != 0 || ferror(stdout) != 0) {
		fprintf(stderr, "%s: io: stdout: cannot be written: %s\n",
		    invocation->program->name, strerror(errno));
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

	code = cli_find_command(invocation->program, argc, argv,
	    &invocation->command, &err);
	if (code != ERR_OK) {
		cli_print_failure(invocation, &err);
		return error_status(code);
	}
	code = cli_parse(invocation, argc, argv, &err);
	/* Who asks for help gets it, whatever else is wrong. */
	if (cli_flag(invocation, "help") ||
	    (code != ERR_OK && cli_asks_help(argc, argv))) {
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
 * No file of ours may come to stand where output goes: of 0 to 2, those that
 * are closed are filled with something that cannot be written to.
 */
static bool
fill_standard(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
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
	/* If a parent ignores it, nobody could be waited for. */
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

/* The words before the verb are wrong; behind them one may be meant. */
static int
refuse_opening(struct invocation *invocation, int argc, char *argv[],
    const struct error *err)
{
	const struct program *program = invocation->program;
	bool is_help = cli_asks_help(argc, argv);

	invocation->command = cli_command_among(program, argc, argv);
	if (is_help && invocation->command != NULL)
		cli_print_command_help(program, invocation->command);
	else if (is_help)
		cli_print_program_help(program, stdout);
	else if (invocation->command != NULL)
		return finish(invocation, err->code, err);
	else
		cli_print_failure(invocation, err);
	return error_status(fflush(stdout) != 0 ? ERR_IO : is_help ? ERR_OK :
	    err->code);
}

static int
run_program(struct invocation *invocation, int argc, char *argv[])
{
	const struct program *program = invocation->program;
	struct error err = {0};
	enum err code = ERR_OK;
	enum cli_wish wish;

	if (cli_open(program, &argc, argv, &wish, &err) != ERR_OK)
		return refuse_opening(invocation, argc, argv, &err);
	switch (wish) {
	case CLI_RUN:
		return run_verb(invocation, argc - 1, argv + 1);
	case CLI_HELP:
		cli_print_program_help(program, stdout);
		break;
	case CLI_VERSION:
		printf("%s %s\n", program->name, CRLFERRY_VERSION);
		break;
	case CLI_NOTHING:
		code = err_remedy(&err, err_fail(&err, ERR_USAGE,
		    "no verb is given"), "name one of these");
		cli_print_failure(invocation, &err);
		cli_print_program_help(program, stderr);
		break;
	}
	return error_status(fflush(stdout) == 0 ? code : ERR_IO);
}

int
cli_main(const struct program *program, int argc, char *argv[])
{
	struct invocation *invocation;
	int status;

	if (!start(program))
		return error_status(ERR_IO);
	invocation = calloc(1, sizeof(*invocation));
	if (invocation == NULL)
		return error_status(ERR_IO);
	invocation->program = program;
	invocation->config_path = CONFIG_DEFAULT_PATH;
	invocation->passphrases.fd = -1;
	invocation->lock_fd = -1;
	status = run_program(invocation, argc, argv);
	free(invocation);
	return status;
}
