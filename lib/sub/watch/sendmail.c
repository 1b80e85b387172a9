/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/array.h"
#include "base/file.h"
#include "base/process/process.h"
#include "base/process/program.h"
#include "sub/watch/sendmail.h"

#define TIMEOUT_S 120

#define NOT_SENT "the mail counts as not sent"

#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ" \
    "0123456789"

/* RFC 5322 3.2.3: dot-atom; behind @ an address literal, too. */
enum err
sendmail_check_address(const char *address, struct error *err)
{
	static const char local[] = LETTERS "!#$%&'*+-/=?^_`{|}~.";
	static const char domain[] = LETTERS "-.[]:";
	const size_t size = strlen(address);
	const size_t at = strspn(address, local);
	const bool has_domain = address[at] == '@' && address[at + 1] != '\0';

	if (size <= SENDMAIL_ADDRESS_MAX && at > 0 && address[0] != '-' &&
	    (at == size || (has_domain &&
	    strspn(address + at + 1, domain) == size - at - 1)))
		return ERR_OK;
	return err_remedy(err, err_fail(err, ERR_USAGE, "\"%.254s\" is not a "
	    "mail address", address), "name a local user, or user@host; "
	    "several with --to each");
}

static enum err
find_sendmail(const char *program, char out[PATH_MAX], struct error *err)
{
	static const char *const names[] = {"sendmail", "/usr/sbin/sendmail",
	    "/usr/lib/sendmail"};
	struct error why = {.code = ERR_HOOK};
	enum err code = ERR_HOOK;

	if (program != NULL) {
		code = program_find(program, out, &why);
		if (code == ERR_HOOK)
			return err_remedy(err, err_copy(err, &why), "name the "
			    "program of your mail transport with --sendmail");
		return code == ERR_OK ? code : err_copy(err, &why);
	}
	for (size_t i = 0; code == ERR_HOOK && i < COUNT_OF(names); i++)
		code = program_find(names[i], out, &why);
	if (code != ERR_HOOK)
		return code == ERR_OK ? code : err_copy(err, &why);
	return err_remedy(err, err_fail(err, ERR_HOOK, "no sendmail in PATH, "
	    "/usr/sbin or /usr/lib: no mail can be sent"), "install postfix, "
	    "exim, msmtp-mta or another mail transport, or name one with "
	    "--sendmail");
}

static enum err
run(const char *const argv[], struct span mail, struct error *err)
{
	struct process process = {.argv = argv, .timeout_s = TIMEOUT_S,
	    .has_environment = true};
	struct process_result result;
	char end[PROCESS_END_SIZE];
	struct error why = {0};
	CLOSE_FD int fd = -1;

	TRY(process_hold("the mail", mail, &fd, err));
	process.input = fd;
	if (process_run(&process, &result, &why) != ERR_OK) {
		err_fail(err, why.code, "%.600s; " NOT_SENT, why.what);
	} else if (result.status != 0) {
		process_end(&result, end);
		err_fail(err, ERR_HOOK, "%s %s; " NOT_SENT, argv[0], end);
	} else {
		return ERR_OK;
	}
	return err_remedy(err, err->code, "mend the mail transport; the next "
	    "run sends it");
}

enum err
sendmail_send(const char *program, const struct config_words *addresses,
    struct span mail, struct error *err)
{
	const char **argv = NULL;
	char path[PATH_MAX];
	size_t count = 0;
	enum err code;

	TRY(find_sendmail(program, path, err));
	argv = calloc(addresses->count + 4, sizeof(*argv));
	if (argv == NULL)
		return err_no_memory(err);
	argv[count++] = path;
	argv[count++] = "-i";
	argv[count++] = "--";
	for (size_t i = 0; i < addresses->count; i++)
		argv[count++] = addresses->words[i];
	code = run(argv, mail, err);
	free(argv);
	return code;
}
