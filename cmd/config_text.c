/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
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

/* The folder resolved, the last part as it is. */
static enum err
make_absolute(const char *path, char *out, size_t capacity,
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
	if (resolved == NULL)
		return file_fail(err, path, "find");
	code = file_join(out, capacity, strcmp(resolved, "/") == 0 ? "/." :
	    resolved, name, err);
	free(resolved);
	return code;
}

enum err
config_text_path(struct buffer *out, const char *indent, const char *key,
    const char *path, struct error *err)
{
	char absolute[4096];

	TRY(make_absolute(path, absolute, sizeof(absolute), err));
	TRY(buffer_appendf(out, err, "%s%s = ", indent, key));
	TRY(quote(out, absolute, err));
	return buffer_append_text(out, ";\n", err);
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
config_text_named(const char *option, const char *word, char *name,
    size_t capacity, const char **path, struct cert **cert,
    struct error *err)
{
	TRY(cli_split(word, '=', name, capacity, path, err));
	if (!config_is_name(name))
		return err_fail(err, ERR_USAGE,
		    "--%s takes a name of [a-z0-9-]{1,32}, not \"%s\"",
		    option, name);
	return certfile_load(*path, cert, err);
}

enum err
config_text_subordinate(struct buffer *out, const char *word,
    const struct cert *root, bool is_first, struct error *err)
{
	FREE_CERT struct cert *cert = NULL;
	const char *path;
	char name[64];

	TRY(config_text_named("subordinate", word, name, sizeof(name), &path,
	    &cert, err));
	TRY(err_about(err, cert_check_issued_by(cert, root, err), path));
	TRY(buffer_appendf(out, err, "%s        { name = \"%s\";\n",
	    is_first ? "" : ",\n", name));
	return config_text_path(out, "          ", "certificate", path, err);
}

enum err
config_text_head(struct buffer *out, const char *output_path,
    struct error *err)
{
	const bool is_system = strncmp(output_path, "/etc/crlferry/", 14) == 0;

	return buffer_appendf(out, err,
	    "# crlferry configuration, in libconfig syntax.  Every key is "
	    "explained in\n"
	    "# doc/formats.md.  Relative paths start at this file's folder; "
	    "only its owner\n"
	    "# may be able to write it.\n"
	    "version = 1;\n\n"
	    "# What this machine remembers.  Back it up with the CA.\n"
	    "state = \"%s\";\n",
	    is_system ? "/var/lib/crlferry" : "state");
}

enum err
config_text_write(const char *path, struct span text, struct config **out,
    struct error *err)
{
	char folder[4096];
	bool found;
	enum err code;

	TRY(file_find(path, &found, err));
	if (found)
		return err_remedy(err, err_fail(err, ERR_USAGE, "%s is there "
		    "already", path), "move it away, or give --output");
	TRY(file_folder(folder, sizeof(folder), path, err));
	TRY(file_make_folder(folder, 0755, err));
	TRY(file_replace(path, text, 0644, err));
	code = config_load(path, out, err);
	if (code != ERR_OK)
		unlink(path);
	return code;
}
