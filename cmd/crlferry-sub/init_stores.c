/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "../config_text.h"
#include "base/array.h"
#include "init_stores.h"
#include "init_url.h"
#include "sub/store/store.h"

#define INDENT "              "

/* One value of --store. */
struct store_word {
	char type[16];
	const char *place;	/* what stands behind the type */
};

static enum err
refuse_type(const char *name, struct error *err)
{
	char known[128] = "";

	for (size_t i = 0; config_store_types[i] != NULL; i++)
		snprintf(known + strlen(known), sizeof(known) - strlen(known),
		    "%s%s", i == 0 ? "" : ", ", config_store_types[i]);
	return err_fail(err, ERR_USAGE, "--store: no type \"%s\"; known: %s",
	    name, known);
}

/* A database of NSS has its kind before the path. */
static size_t
kind_size(const struct store_word *word)
{
	return strcmp(word->type, "nss") == 0 &&
	    strncmp(word->place, "sql:", 4) == 0 ? 4 : 0;
}

static bool
is_type(const struct store_word *word, const char *type)
{
	return strcmp(word->type, type) == 0;
}

static enum err
split(const char *text, struct store_word *out, struct error *err)
{
	bool is_known = false;

	TRY(cli_split(text, ':', out->type, sizeof(out->type), &out->place,
	    err));
	for (size_t i = 0; config_store_types[i] != NULL; i++)
		is_known = is_known || is_type(out, config_store_types[i]);
	if (!is_known)
		return refuse_type(out->type, err);
	if (is_type(out, "command"))
		return err_remedy(err, err_fail(err, ERR_USAGE, "--store: a "
		    "store of the type command has two commands, which do not "
		    "fit here"), "write it among the file's stores: { type = "
		    "\"command\"; install = [ \"/usr/local/sbin/push-crl\", "
		    "\"{der}\" ]; read = [ \"/usr/local/sbin/pull-crl\" ]; }");
	return ERR_OK;
}

enum err
init_stores_reserve(const struct invocation *invocation,
    struct config_draft *draft, struct error *err)
{
	const char *words[CLI_VALUES_MAX];
	const struct config_words list = cli_values(invocation, "store",
	    words);

	for (size_t i = 0; i < list.count; i++) {
		struct store_word word;

		TRY(split(list.words[i], &word, err));
		if (!is_type(&word, "ldap") && !is_type(&word, "url")) {
			TRY(config_draft_reserve(draft, "store", word.place +
			    kind_size(&word), err));
			continue;
		}
		for (size_t k = 0; k < i; k++) {
			if (strcmp(list.words[k], list.words[i]) == 0)
				return err_fail(err, ERR_USAGE, "--store: %s "
				    "is given already", list.words[i]);
		}
	}
	return ERR_OK;
}

/* The entry has a key of its own, and there is more to say to a server. */
static enum err
add_ldap(struct buffer *text, const struct store_word *word,
    struct error *err)
{
	RELEASE_BUFFER struct buffer server = {0}, entry = {0};

	TRY(init_url_split(word->place, &server, &entry, err));
	TRY(config_text_value(text, INDENT, "url", (const char *)server.data,
	    err));
	TRY(config_text_value(text, INDENT, "entry", (const char *)entry.data,
	    err));
	return buffer_append_text(text,
	    INDENT "# Who we are: by name and password (mode 0600), or by "
	    "Kerberos.\n"
	    INDENT "# bind = \"crlferry@corp.example\";\n"
	    INDENT "# password_file = \"ldap.pw\";\n"
	    INDENT "# sasl = \"gssapi\";\n"
	    INDENT "# TLS, by the CA of the server's certificate.\n"
	    INDENT "# starttls = true;\n"
	    INDENT "# ca = \"ldap-ca.pem\";\n"
	    INDENT "# create = true;         # the entry, if it is not there\n",
	    err);
}

static enum err
add_place(struct buffer *text, const struct store_word *word,
    struct error *err)
{
	const size_t kind = kind_size(word);
	char path[4096 + 4];

	if (is_type(word, "ldap"))
		return add_ldap(text, word, err);
	if (is_type(word, "url"))
		return config_text_value(text, INDENT, "url", word->place,
		    err);
	memcpy(path, word->place, kind);
	TRY(config_text_absolute(word->place + kind, path + kind,
	    sizeof(path) - kind, err));
	TRY(config_text_value(text, INDENT, "path", path, err));
	/* A server that has the file open must be told. */
	if (is_type(word, "pem"))
		TRY(buffer_append_text(text, INDENT "# reload = [ "
		    "\"systemctl\", \"reload\", \"nginx\" ];\n", err));
	if (is_type(word, "nss"))
		TRY(buffer_append_text(text, INDENT "# password_file = "
		    "\"nss.pin\";   # if the database has a password\n", err));
	return ERR_OK;
}

static enum err
add_store(struct buffer *text, const char *value, bool is_first,
    struct error *err)
{
	struct store_word word;

	TRY(split(value, &word, err));
	TRY(buffer_appendf(text, err, "%s            { type = \"%s\";\n",
	    is_first ? "" : ",\n", word.type));
	TRY(add_place(text, &word, err));
	return buffer_append_text(text, "            }", err);
}

enum err
init_stores_add(struct invocation *invocation, const struct cert *cert,
    struct buffer *text, struct error *err)
{
	const char *words[CLI_VALUES_MAX];
	const struct config_words list = cli_values(invocation, "store",
	    words);
	size_t count = list.count;

	TRY(buffer_append_text(text, "          stores = (\n", err));
	for (size_t i = 0; i < list.count; i++)
		TRY(add_store(text, list.words[i], i == 0, err));
	TRY(init_url_propose(cert, &list, &count, text, &invocation->notices,
	    err));
	return buffer_append_text(text, "          );\n", err);
}

/* What is in the way of a file or a folder. */
static bool
note_obstacle(const struct config_store *store, struct notices *notices)
{
	RELEASE_FOLDER struct folder folder = FOLDER_NONE;
	const struct store_type *type = store_type_find(store->type);
	char line[ERROR_LINE_SIZE];
	struct error why;
	enum err code;

	code = type->is_folder ?
	    folder_open_whole(store->path, FOLDER_CHANGE, &folder, &why) :
	    folder_open(store->path, FOLDER_CHANGE, &folder, &why);
	if (code == ERR_MISSING && type->is_folder && why.number == ENOENT)
		notice(notices, "%s: make this folder before the first import",
		    store->path);
	else if (code == ERR_MISSING && why.number == ENOTDIR)
		notice_safety(notices, "%s %s: as it stands, `import` refuses "
		    "it: %s: correct the path, or move that file away",
		    store->type, store->path, why.what);
	else if (code != ERR_OK)
		notice_safety(notices, "%s %s: as it stands, `import` refuses "
		    "it: %s: %s", store->type, store->path, error_token(code),
		    error_line(&why, line));
	return code != ERR_OK;
}

static void
note_place(const struct config_store *store,
    const struct standing_place *place, struct notices *notices)
{
	const size_t size = strlen(store->path);

	if (store->url == NULL && !store_type_find(store->type)->is_remote &&
	    note_obstacle(store, notices))
		return;
	if (place->is_unreadable || (place->is_present && !place->is_valid))
		notice(notices, "%s %s: %s", store->type, store->path,
		    strncmp(place->detail, store->path, size) == 0 &&
		    strncmp(place->detail + size, ": ", 2) == 0 ?
		    place->detail + size + 2 : place->detail);
}

void
init_stores_note(const struct config_subordinate *subordinate,
    const struct standing_place *places, struct notices *notices)
{
	bool is_written = false;

	for (size_t i = 0; i < subordinate->store_count; i++) {
		const struct config_store *store = &subordinate->stores[i];

		note_place(store, &places[i], notices);
		is_written = is_written || strcmp(store->type, "url") != 0;
	}
	if (!is_written)
		notice(notices, "no --store: `import` installs nothing until "
		    "there is one");
}
