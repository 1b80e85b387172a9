/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>

#include "../config_text.h"
#include "base/file.h"
#include "ferry/minisign.h"
#include "site/sealkeys.h"
#include "sub/store/store.h"
#include "sub_verbs.h"

const struct cli_option init_options[] = {
    {"root", "NAME=CERT", "the offline root, its certificate; required"},
    {"subordinate", "NAME=CERT", "this CA's certificate; required"},
    {"store", "TYPE:PATH", "where programs read the CRL; repeatable"},
    {"trust", "PUBLICKEY", "a seal key: RW..., or a .pub file; repeatable"},
    {"output", "FILE", "default: the file of --config"},
    {NULL},
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

static enum err
add_store(struct buffer *text, const char *word, bool is_first,
    struct notices *notices, struct error *err)
{
	const struct store_type *type;
	const char *path;
	char name[16];
	bool found;

	TRY(cli_split(word, ':', name, sizeof(name), &path, err));
	TRY(file_find(path, &found, err));
	type = store_type_find(name);
	if (type == NULL)
		return refuse_type(name, err);
	if (type->is_folder && !found)
		notice(notices, "%s: make this folder before the first import",
		    path);
	TRY(buffer_appendf(text, err, "%s            { type = \"%s\";\n",
	    is_first ? "" : ",\n", name));
	TRY(config_text_path(text, "              ", "path", path, err));
	/* A server that has the file open must be told. */
	if (type->is_held_open)
		TRY(buffer_append_text(text, "              # reload = [ "
		    "\"systemctl\", \"reload\", \"nginx\" ];\n", err));
	return buffer_append_text(text, "            }", err);
}

static enum err
add_stores(struct invocation *invocation, struct buffer *text,
    struct error *err)
{
	const char *words[CLI_VALUES_MAX];
	const struct config_words list = cli_values(invocation, "store",
	    words);

	TRY(buffer_append_text(text, "          stores = (\n", err));
	for (size_t i = 0; i < list.count; i++)
		TRY(add_store(text, list.words[i], i == 0, &invocation->notices,
		    err));
	return buffer_append_text(text,
	    list.count == 0 ? "          );\n" : "\n          );\n", err);
}

static enum err
add_subordinate(struct invocation *invocation, struct buffer *text,
    const char *word, const struct cert *root, bool is_first,
    struct error *err)
{
	TRY(config_text_subordinate(text, word, root, is_first, err));
	TRY(buffer_append_text(text,
	    "          # Seals its requests.  Make it with\n"
	    "          #   crlferry-sub keygen note.key note.pub\n"
	    "          # and take note.pub to the root, as note_key.\n"
	    "          # note_secret = \"note.key\";\n", err));
	TRY(add_stores(invocation, text, err));
	return buffer_append_text(text, "        }", err);
}

static enum err
add_trust(const struct invocation *invocation, struct buffer *text,
    struct error *err)
{
	const char *words[CLI_VALUES_MAX];
	const struct config_words list = cli_values(invocation, "trust",
	    words);

	TRY(buffer_append_text(text,
	    "\n# The keys that seal bundles, made on the root's machine; how "
	    "many of them must\n# have sealed one.\nseal = {\n"
	    "    trusted = ( ", err));
	for (size_t i = 0; i < list.count; i++) {
		char line[MINISIGN_PUBLIC_LINE_SIZE];
		struct minisign_public key;

		/* The key itself is written, not where it came from. */
		TRY(sealkeys_read_public(list.words[i], &key, err));
		minisign_public_line(&key, line);
		TRY(buffer_appendf(text, err, "%s\"%s\"",
		    i == 0 ? "" : ",\n                ", line));
	}
	return buffer_append_text(text, " );\n    required = 1;\n};\n", err);
}

static enum err
add_root(struct invocation *invocation, struct buffer *text,
    struct error *err)
{
	const char *words[CLI_VALUES_MAX];
	const struct config_words list = cli_values(invocation,
	    "subordinate", words);
	const char *root, *subordinate;
	FREE_CERT struct cert *cert = NULL;
	const char *path;
	char name[64];

	TRY(config_text_require(invocation, "root", &root, err));
	TRY(config_text_require(invocation, "subordinate", &subordinate, err));
	TRY(config_text_named("root", root, name, sizeof(name), &path, &cert,
	    err));
	TRY(err_about(err, cert_check_root(cert, err), path));
	TRY(buffer_appendf(text, err,
	    "\n# The root is pinned here: a CRL must verify under this "
	    "certificate's key.\nroots = (\n    { name = \"%s\";\n", name));
	TRY(config_text_path(text, "      ", "certificate", path, err));
	TRY(buffer_append_text(text,
	    "      schedule = \"semiannual\";  # as on the root's machine\n"
	    "      # bare = true;         # take a lone CRL file too, on its "
	    "own signature\n"
	    "      subordinates = (\n", err));
	for (size_t i = 0; i < list.count; i++)
		TRY(add_subordinate(invocation, text, list.words[i], cert,
		    i == 0, err));
	return buffer_append_text(text, "\n      );\n    }\n);\n", err);
}

enum err
cmd_init(struct invocation *invocation, struct error *err)
{
	const char *output = config_text_output(invocation);
	FREE_CONFIG struct config *config = NULL;
	RELEASE_BUFFER struct buffer text = {0};
	const char *option;

	TRY(config_text_head(&text, output, err));
	TRY(add_trust(invocation, &text, err));
	TRY(add_root(invocation, &text, err));
	TRY(config_text_write(output, span_of_buffer(&text), &config, err));
	if (invocation->is_quiet)
		return ERR_OK;
	option = config_option(config);
	return buffer_appendf(&invocation->output, err,
	    "wrote %s: read it, then\n"
	    "  crlferry-sub import MEDIUM%s\n"
	    "  crlferry-sub check%s\n"
	    "and before each ceremony, with note_secret set as described "
	    "there,\n"
	    "  crlferry-sub request MEDIUM%s\n", output, option, option,
	    option);
}
