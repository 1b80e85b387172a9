/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>

#include "../config_draft.h"
#include "../config_text.h"
#include "ferry/minisign.h"
#include "init_stores.h"
#include "site/sealkeys.h"
#include "sub/reader/verdict.h"
#include "sub/watch/survey.h"
#include "sub_verbs.h"

const struct cli_option init_options[] = {
    {"root", "NAME=CERT", "the offline root, its certificate; required"},
    {"subordinate", "NAME=CERT", "this CA's certificate; required"},
    {"store", "TYPE:PATH", "where programs read the CRL; repeatable"},
    {"trust", "PUBLICKEY", "a seal key: RW..., or a .pub file; repeatable"},
    {"schedule", "NAME", "as on the root: semiannual (default), ..."},
    {"output", "FILE", "default: the file of --config"},
    {NULL},
};

static enum err
add_subordinate(struct invocation *invocation, struct config_draft *draft,
    struct buffer *text, const char *word, const struct cert *root,
    struct error *err)
{
	FREE_CERT struct cert *cert = NULL;

	TRY(config_draft_subordinate(draft, word, root, invocation->now_s,
	    text, &cert, &invocation->notices, err));
	TRY(buffer_append_text(text,
	    "          # Seals its requests.  Make it with\n"
	    "          #   crlferry-sub keygen note.key note.pub\n"
	    "          # and take note.pub to the root, as note_key.\n"
	    "          # note_secret = \"note.key\";\n", err));
	TRY(init_stores_add(invocation, cert, text, err));
	return buffer_append_text(text, "        }", err);
}

/* The different keys that are given, each once. */
static enum err
read_trust(const struct config_words *list, struct sealkeys_trusted *out,
    struct notices *notices, struct error *err)
{
	for (size_t i = 0; i < list->count; i++) {
		struct minisign_public key;

		TRY(sealkeys_read_public(list->words[i], &key, err));
		if (sealkeys_has(out, &key)) {
			notice(notices, "--trust %s: this key is given twice, "
			    "and counts once", list->words[i]);
			continue;
		}
		if (out->count == SEALKEYS_MAX)
			return err_fail(err, ERR_USAGE, "--trust: more than %d "
			    "different keys are given", SEALKEYS_MAX);
		out->keys[out->count++] = key;
	}
	if (list->count == 0)
		notice(notices, "no --trust: until `trusted` names a key, "
		    "`import` takes no bundle");
	return ERR_OK;
}

static enum err
add_trust(struct invocation *invocation, struct buffer *text,
    struct error *err)
{
	const char *words[CLI_VALUES_MAX];
	const struct config_words list = cli_values(invocation, "trust",
	    words);
	struct sealkeys_trusted trusted = {.count = 0};

	TRY(read_trust(&list, &trusted, &invocation->notices, err));
	TRY(buffer_append_text(text,
	    "\n# The keys that seal bundles, made on the root's machine; how "
	    "many of them must\n# have sealed one.\nseal = {\n"
	    "    trusted = ( ", err));
	for (size_t i = 0; i < trusted.count; i++) {
		char line[MINISIGN_PUBLIC_LINE_SIZE];

		/* The key itself is written, not where it came from. */
		minisign_public_line(&trusted.keys[i], line);
		TRY(buffer_appendf(text, err, "%s\"%s\"",
		    i == 0 ? "" : ",\n                ", line));
	}
	return buffer_append_text(text, trusted.count == 0 ?
	    " );\n    # required = 1;\n};\n" :
	    " );\n    required = 1;\n};\n", err);
}

/* The anchor of all that is imported. */
static enum err
load_root(struct invocation *invocation, const char *word, char name[64],
    const char **path, struct cert **cert, struct error *err)
{
	TRY(config_text_named("root", word, name, 64, path, cert, err));
	TRY(config_text_check_root("root", name, err));
	config_text_note_name(name, &invocation->notices);
	TRY(err_about(err, cert_check_root(*cert, err), *path));
	config_text_note_dates(*path, *cert, "its CRLs are taken all the same; "
	    "ask the root's operator for a renewed one", invocation->now_s,
	    &invocation->notices);
	return ERR_OK;
}

static enum err
add_root(struct invocation *invocation, struct config_draft *draft,
    struct buffer *text, struct error *err)
{
	const char *words[CLI_VALUES_MAX];
	const struct config_words list = cli_values(invocation,
	    "subordinate", words);
	const char *root, *subordinate, *schedule, *path;
	FREE_CERT struct cert *cert = NULL;
	char name[64];

	TRY(config_text_require(invocation, "root", &root, err));
	TRY(config_text_require(invocation, "subordinate", &subordinate, err));
	TRY(load_root(invocation, root, name, &path, &cert, err));
	TRY(config_text_schedule(invocation, draft->folder, &schedule, err));
	if (list.count > VERDICT_PAIRS_MAX)
		return err_fail(err, ERR_USAGE, "--subordinate: at most %d on "
		    "one machine, not %zu", VERDICT_PAIRS_MAX, list.count);
	TRY(buffer_appendf(text, err,
	    "\n# The root is pinned here: a CRL must verify under this "
	    "certificate's key.\nroots = (\n    { name = \"%s\";\n", name));
	TRY(config_draft_certificate(draft, "      ", name, path, cert, text,
	    err));
	TRY(buffer_appendf(text, err,
	    "      schedule = \"%s\";  # as on the root's machine\n"
	    "      # bare = true;         # take a lone CRL file too, on its "
	    "own signature\n"
	    "      subordinates = (\n", schedule));
	for (size_t i = 0; i < list.count; i++)
		TRY(add_subordinate(invocation, draft, text, list.words[i],
		    cert, err));
	return buffer_append_text(text, "\n      );\n    }\n);\n", err);
}

/*
 * Does everything fit that was there before, and what do the stores hold?  What
 * `check` or `import` would say is said now.
 */
static enum err
look(struct invocation *invocation, const struct config *config,
    struct error *err)
{
	RELEASE_SUB_SURVEY struct sub_survey survey = {0};
	const struct config_subordinate *subordinate =
	    &config->roots[0].subordinates[0];
	const struct config_words all = {NULL, 0};

	TRY(sub_survey(config, &all, invocation->now_s, SURVEY_WHOLE, &survey,
	    &invocation->notices, err));
	for (size_t i = 0; i < survey.count; i++) {
		const struct standing_facts *facts = &survey.facts[i];

		if (facts->is_revoked)
			notice_safety(&invocation->notices, "%s/%s: ITS "
			    "CERTIFICATE IS REVOKED by a CRL in its stores "
			    "(%s)", facts->root, facts->subordinate,
			    facts->revoked_reason_name);
	}
	/* Every store belongs to every subordinate, but what was proposed. */
	init_stores_note(subordinate, survey.places, &invocation->notices);
	return ERR_OK;
}

enum err
cmd_init(struct invocation *invocation, struct error *err)
{
	RELEASE_DRAFT struct config_draft draft = {.path = NULL};
	FREE_CONFIG struct config *config = NULL;
	RELEASE_BUFFER struct buffer text = {0};
	const char *option;

	TRY(config_draft_begin(&draft, invocation, err));
	TRY(init_stores_reserve(invocation, &draft, err));
	TRY(config_text_head(&text, draft.path, err));
	TRY(add_trust(invocation, &text, err));
	TRY(add_root(invocation, &draft, &text, err));
	TRY(config_draft_write(&draft, span_of_buffer(&text),
	    invocation->now_s, &config, err));
	TRY(look(invocation, config, err));
	TRY(config_draft_keep(&draft, invocation, err));
	option = config_option(config);
	return cli_say(invocation, err,
	    "wrote %s: read it, then\n"
	    "  crlferry-sub import MEDIUM%s\n"
	    "  crlferry-sub check%s\n"
	    "and before each ceremony, with note_secret set as described "
	    "there,\n"
	    "  crlferry-sub request MEDIUM%s\n", draft.path, option, option,
	    option);
}
