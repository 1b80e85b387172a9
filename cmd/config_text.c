/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/file.h"
#include "base/shell_word.h"
#include "config_text.h"

/* A libconfig string with its quotes, appended. */
static enum err
quote(struct buffer *out, const char *text, struct error *err)
{
	TRY(buffer_append_text(out, "\"", err));
	for (; *text != '\0'; text++) {
		if ((unsigned char)*text < 0x20)
			return err_fail(err, ERR_USAGE, "\"%s\" has a "
			    "control character", text);
		if (*text == '"' || *text == '\\')
			TRY(buffer_append_text(out, "\\", err));
		TRY(buffer_append(out, text, 1, err));
	}
	return buffer_append_text(out, "\"", err);
}

enum err
config_text_absolute(const char *path, char *out, size_t capacity,
    struct error *err)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash == NULL ? path : slash + 1;
	char folder[4096];
	char *resolved;
	enum err code;

	if (strncmp(path, "pkcs11:", 7) == 0)
		return file_join(out, capacity, "", path, err);
	TRY(file_folder(folder, sizeof(folder), path, err));
	resolved = realpath(folder, NULL);
	if (resolved == NULL) {
		code = file_fail(err, folder, "find");
		return code != ERR_MISSING ? code : err_remedy(err, code,
		    "correct the path, or make this folder: mkdir -p %s",
		    shell_word(folder, strlen(folder)).text);
	}
	code = file_join(out, capacity, strcmp(resolved, "/") == 0 ? "/." :
	    resolved, name, err);
	free(resolved);
	return code;
}

enum err
config_text_value(struct buffer *out, const char *indent, const char *key,
    const char *value, struct error *err)
{
	TRY(buffer_appendf(out, err, "%s%s = ", indent, key));
	TRY(quote(out, value, err));
	return buffer_append_text(out, ";\n", err);
}

enum err
config_text_path(struct buffer *out, const char *indent, const char *key,
    const char *path, struct error *err)
{
	char absolute[4096];

	TRY(config_text_absolute(path, absolute, sizeof(absolute), err));
	return config_text_value(out, indent, key, absolute, err);
}

const char *
config_text_output(const struct invocation *invocation)
{
	const char *output = cli_value(invocation, "output");

	return output == NULL ? invocation->config_path : output;
}

enum err
config_text_require(const struct invocation *invocation, const char *option,
    const char **out, struct error *err)
{
	*out = cli_value(invocation, option);
	return *out == NULL ? err_fail(err, ERR_USAGE, "--%s is required",
	    option) : ERR_OK;
}

enum err
config_text_load(const char *path, struct cert **cert, struct error *err)
{
	const enum err code = certfile_load(path, cert, err);

	/* On a stick, modes and owners are what the mount makes of them. */
	return code != ERR_PERMISSIONS ? code : err_remedy(err, code, "mend "
	    "that, or copy the file to a folder of your own and name the copy");
}

static enum err
check_name(const char *option, const char *name, struct error *err)
{
	return config_is_name(name) ? ERR_OK : err_fail(err, ERR_USAGE,
	    "--%s takes a name of [a-z0-9-]{1,32}, not \"%s\"", option, name);
}

enum err
config_text_named(const char *option, const char *word, char *name,
    size_t capacity, const char **path, struct cert **cert,
    struct error *err)
{
	TRY(cli_split(word, '=', name, capacity, path, err));
	TRY(check_name(option, name, err));
	return config_text_load(*path, cert, err);
}

enum err
config_text_check_root(const char *option, const char *name,
    struct error *err)
{
	TRY(check_name(option, name, err));
	return !config_is_reserved(name) ? ERR_OK : err_remedy(err,
	    err_fail(err, ERR_CONFIG, "--%s: a root cannot be called %s, as a "
	    "file of the state folder is", option, name),
	    "give it another name");
}

void
config_text_note_name(const char *name, struct notices *notices)
{
	static const char *const devices[] = {"con", "prn", "aux", "nul"};
	bool is_device = strlen(name) == 4 && name[3] >= '1' &&
	    name[3] <= '9' && (strncmp(name, "com", 3) == 0 ||
	    strncmp(name, "lpt", 3) == 0);

	for (size_t i = 0; i < COUNT_OF(devices); i++)
		is_device = is_device || strcmp(name, devices[i]) == 0;
	if (is_device)
		notice(notices, "%s is the name of a device to Windows, which "
		    "opens no folder or file of that name on a medium: give "
		    "the root another name", name);
}

enum err
config_text_schedule(const struct invocation *invocation, const char *folder,
    const char **out, struct error *err)
{
	const char *name = cli_value(invocation, "schedule");
	const struct config config = {.folder = folder};
	const struct config_root root = {
	    .schedule_name = name == NULL ? "semiannual" : name};
	char found[4096];

	*out = root.schedule_name;
	return config_find_schedule(&config, &root, found, sizeof(found), err);
}

void
config_text_note_dates(const char *path, const struct cert *cert,
    const char *remedy, int64_t now_s, struct notices *notices)
{
	char at[UTC_TEXT_SIZE], now[UTC_TEXT_SIZE];

	utc_format(now_s, now);
	utc_format(cert->not_after_s, at);
	if (now_s > cert->not_after_s)
		notice_safety(notices, "%s (%s) expired on %s: %s", path,
		    cert->subject_text, at, remedy);
	utc_format(cert->not_before_s, at);
	if (now_s < cert->not_before_s)
		notice_safety(notices, "%s (%s) is not valid before %s, and "
		    "this machine's clock says %s: set it, or wait", path,
		    cert->subject_text, at, now);
}

enum err
config_text_head(struct buffer *out, const char *output_path,
    struct error *err)
{
	const bool is_system = strncmp(output_path, "/etc/crlferry/", 14) == 0;

	return buffer_appendf(out, err,
	    "# crlferry configuration, in libconfig syntax.  crlferry.cfg(5) "
	    "explains every\n"
	    "# key.  Relative paths start at this file's folder; only its "
	    "owner may be able\n"
	    "# to write it.\n"
	    "version = 1;\n\n"
	    "# What this machine remembers.  Back it up with the CA.\n"
	    "state = \"%s\";\n",
	    is_system ? "/var/lib/crlferry" : "state");
}
