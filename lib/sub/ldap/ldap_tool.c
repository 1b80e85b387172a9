/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/secret.h"
#include "sub/ldap/ldap_tool.h"

/*
 * Nothing is traced of that level, but the lines that tell what went wrong
 * with TLS are of any.
 */
#define TRACE_TROUBLE "32768"
#define PRINTED_MAX_BYTES 65536
#define FIRST_PASSED 3

/* One tool that is being made ready. */
struct readying {
	const struct config_store *store;
	unsigned int timeout_s;
	struct ldap_tool *tool;
};

void
ldap_tool_release(struct ldap_tool *tool)
{
	while (tool->passed_count > 0)
		file_close(&tool->passed[--tool->passed_count]);
	file_close(&tool->input);
	buffer_release(&tool->printed);
}

static void
add(struct ldap_tool *tool, const char *word)
{
	tool->words[tool->count++] = word;
}

static void
add_two(struct ldap_tool *tool, const char *option, const char *value)
{
	add(tool, option);
	add(tool, value);
}

/* Hand a descriptor over, which is the tool's then: "NAME/dev/fd/3". */
static const char *
pass(struct ldap_tool *tool, const char *name, int *fd)
{
	char *text = tool->texts[tool->text_count++];

	snprintf(text, sizeof(tool->texts[0]), "%s/dev/fd/%zu", name,
	    FIRST_PASSED + tool->passed_count);
	tool->passed[tool->passed_count++] = *fd;
	*fd = -1;
	return text;
}

/* A file that the store names could not be opened: whose trouble is it? */
static enum err
blame_file(const struct error *why, struct error *err)
{
	struct error ours = *why;

	/* It is that file, not the store, which this user may not read. */
	ours.number = 0;
	if (why->number == EACCES)
		err_remedy(&ours, why->code, "run this as its owner: nobody "
		    "else is to read it");
	if (why->code == ERR_PERMISSIONS)
		return err_copy(err, &ours);
	return err_remedy(err, err_fail(err, ERR_STORE, "%s", why->what),
	    "put the file there, or correct its path in the configuration");
}

/* What was checked is what the tool reads, whatever the name means by then. */
static enum err
add_file(struct ldap_tool *tool, const char *name, const char *path,
    enum file_privacy privacy, struct error *err)
{
	CLOSE_FD int fd = -1;
	struct error why = {0};

	if (file_open(path, privacy, &fd, &why) != ERR_OK)
		return blame_file(&why, err);
	add_two(tool, "-o", pass(tool, name, &fd));
	return ERR_OK;
}

/* A file of one line: its end is no part of the password. */
static enum err
add_password(const struct readying *readying, struct error *err)
{
	const char *path = readying->store->password_file;
	RELEASE_SECRET struct secret line = {0};
	CLOSE_FD int fd = -1, held = -1;
	struct error why = {0};

	if (file_open(path, FILE_SECRET, &fd, &why) != ERR_OK)
		return blame_file(&why, err);
	if (secret_read_line(fd, path, &line, NULL) != ERR_OK)
		line.size = 0;
	if (line.size > 0 && line.data[line.size - 1] == '\r')
		line.size--;
	/* With an empty one a server would take us for anybody. */
	if (line.size == 0)
		return err_remedy(err, err_fail(err, ERR_STORE, "%s holds no "
		    "password of at most %d characters in its first line",
		    path, SECRET_LINE_MAX), "put it there, and nothing else");
	TRY(process_hold(path, (struct span){line.data, line.size}, &held,
	    err));
	add_two(readying->tool, "-y", pass(readying->tool, "", &held));
	return ERR_OK;
}

/* How long a connection may take, so that the next address has its turn. */
static void
add_timeout(const struct readying *readying)
{
	struct ldap_tool *tool = readying->tool;
	char *text = tool->texts[tool->text_count++];

	snprintf(text, sizeof(tool->texts[0]), "nettimeout=%u",
	    readying->timeout_s < 2 ? 1 : readying->timeout_s / 2);
	add_two(tool, "-o", text);
}

static enum err
add_tls(const struct readying *readying, struct error *err)
{
	const struct config_store *store = readying->store;
	struct ldap_tool *tool = readying->tool;

	add_two(tool, "-o", "TLS_REQCERT=demand");
	if (store->ca == NULL)
		add_two(tool, "-o", "TLS_CACERT=" LDAP_SYSTEM_CA);
	else
		TRY(add_file(tool, "TLS_CACERT=", store->ca, FILE_OURS, err));
	if (store->tls_certificate != NULL) {
		TRY(add_file(tool, "TLS_CERT=", store->tls_certificate,
		    FILE_PUBLIC, err));
		TRY(add_file(tool, "TLS_KEY=", store->tls_key, FILE_SECRET,
		    err));
	}
	/* Twice: it has to succeed, before anything else is said. */
	if (store->has_starttls)
		add(tool, "-ZZ");
	return ERR_OK;
}

static enum err
add_identity(const struct readying *readying, struct error *err)
{
	const struct config_store *store = readying->store;
	struct ldap_tool *tool = readying->tool;
	const bool has_tls = store->has_starttls ||
	    strncmp(store->url, "ldaps:", 6) == 0;

	if (store->sasl == NULL) {
		add(tool, "-x");
		if (store->bind == NULL)
			return ERR_OK;
		add_two(tool, "-D", store->bind);
		return add_password(readying, err);
	}
	add(tool, "-Q");
	if (strcmp(store->sasl, "gssapi") != 0) {
		add_two(tool, "-Y", "EXTERNAL");
		return ERR_OK;
	}
	add_two(tool, "-Y", "GSSAPI");
	/* The name in the URL is meant, not what the DNS makes of it. */
	add(tool, "-N");
	/*
	 * One protection, and only one: Active Directory refuses Kerberos' own
	 * within TLS, and without either anybody on the way could change what
	 * is said.
	 */
	add_two(tool, "-O", has_tls ? "maxssf=0" : "minssf=1");
	return ERR_OK;
}

static enum err
start(const struct readying *readying, const char *program,
    struct error *err)
{
	const struct config_store *store = readying->store;
	struct ldap_tool *tool = readying->tool;

	add(tool, program);
	add_two(tool, "-d", TRACE_TROUBLE);
	add_two(tool, "-H", store->url);
	add_timeout(readying);
	TRY(add_tls(readying, err));
	return add_identity(readying, err);
}

/* All words are there. */
static void
finish(struct ldap_tool *tool)
{
	tool->words[tool->count] = NULL;
	tool->process = (struct process){.argv = tool->words,
	    .input = tool->input, .passed = tool->passed,
	    .passed_count = tool->passed_count,
	    .setting = "LDAPNOINIT=1"};
}

enum err
ldap_tool_search(const struct config_store *store, unsigned int timeout_s,
    const char *entry, const char *attribute, uint64_t max_bytes,
    struct buffer *output, struct ldap_tool *out, struct error *err)
{
	const struct readying readying = {store, timeout_s, out};

	TRY(start(&readying, "ldapsearch", err));
	add(out, "-LLL");
	add_two(out, "-o", "ldif_wrap=no");
	add_two(out, "-s", "base");
	add_two(out, "-b", entry);
	add_two(out, "(objectClass=*)", attribute);
	finish(out);
	out->process.output = output;
	out->process.output_max = max_bytes;
	return ERR_OK;
}

enum err
ldap_tool_change(const struct config_store *store, unsigned int timeout_s,
    struct span ldif, struct ldap_tool *out, struct error *err)
{
	const struct readying readying = {store, timeout_s, out};

	TRY(start(&readying, "ldapmodify", err));
	TRY(process_hold(store->path, ldif, &out->input, err));
	finish(out);
	out->process.output = &out->printed;
	out->process.output_max = PRINTED_MAX_BYTES;
	return ERR_OK;
}
