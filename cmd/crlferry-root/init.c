/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>

#include "../config_check.h"
#include "../config_draft.h"
#include "../config_text.h"
#include "base/file.h"
#include "ca/crlnumber.h"
#include "ca/index.h"
#include "ca/signer.h"
#include "init_notes.h"
#include "pki/algorithm.h"
#include "root/evidence/clock_evidence.h"
#include "root/issue/adopt.h"
#include "root/issue/airgap.h"
#include "root_verbs.h"
#include "site/certfile.h"
#include "site/state.h"

const struct cli_option init_options[] = {
    {"name", "ROOT", "its name here, [a-z0-9-]{1,32}; required"},
    {"certificate", "FILE", "the root's certificate; required"},
    {"key", "FILE", "PEM or PKCS#12 file, or a pkcs11: URI"},
    {"index", "FILE", "OpenSSL's index.txt; required with --key"},
    {"crlnumber", "FILE", "default: crlnumber beside the index"},
    {"last-crl", "FILE", "the CRL that was issued last"},
    {"schedule", "NAME", "semiannual (default), quarterly, monthly, ..."},
    {"subordinate", "NAME=CERT", "a CA that the root certified; repeatable"},
    {"output", "FILE", "default: the file of --config"},
    {NULL},
};

/* The options, each present or defaulted. */
struct adoption {
	const char *name;
	const char *certificate;
	const char *key;	/* NULL: another program signs */
	const char *index;
	char crlnumber[4096];
	const char *last;	/* the last CRL; NULL if none is given */
	bool is_index_lost;	/* there is none: it is made of that */
	const char *schedule;
	struct config_draft draft;
	struct index list;	/* empty if another program signs */
};

#define RELEASE_ADOPTION __attribute__((cleanup(adoption_release)))

static void
adoption_release(struct adoption *adoption)
{
	index_release(&adoption->list);
	config_draft_release(&adoption->draft);
}

/* All of it, or nothing of it if another program signs. */
static enum err
read_signing(const struct invocation *invocation, struct adoption *out,
    struct error *err)
{
	const char *crlnumber = cli_value(invocation, "crlnumber");
	char folder[4096];

	out->key = out->index = NULL;
	if (cli_value(invocation, "key") == NULL &&
	    cli_value(invocation, "index") == NULL && crlnumber == NULL)
		return ERR_OK;
	TRY(config_text_require(invocation, "key", &out->key, err));
	TRY(config_text_require(invocation, "index", &out->index, err));
	if (crlnumber != NULL)
		return file_join(out->crlnumber, sizeof(out->crlnumber), "",
		    crlnumber, err);
	TRY(file_folder(folder, sizeof(folder), out->index, err));
	return file_join(out->crlnumber, sizeof(out->crlnumber), folder,
	    "crlnumber", err);
}

static enum err
check_number(const struct adoption *adoption, const char *option,
    const char *path, struct error *err)
{
	if (!config_is_same_file(adoption->crlnumber, path))
		return ERR_OK;
	return err_remedy(err, err_fail(err, ERR_USAGE, "--crlnumber and --%s "
	    "are one file, %s", option, path), "name the file that has, or "
	    "will have, the number of the next CRL with --crlnumber");
}

/* No certificate may be copied to where one of these is, or will be. */
static enum err
reserve_files(struct adoption *adoption, struct error *err)
{
	struct config_draft *draft = &adoption->draft;

	if (adoption->key == NULL)
		return ERR_OK;
	TRY(check_number(adoption, "key", adoption->key, err));
	TRY(check_number(adoption, "index", adoption->index, err));
	TRY(check_number(adoption, "certificate", adoption->certificate, err));
	TRY(config_draft_reserve(draft, "index", adoption->index, err));
	return config_draft_reserve(draft, "crlnumber", adoption->crlnumber,
	    err);
}

static enum err
read_options(const struct invocation *invocation, struct adoption *out,
    struct error *err)
{
	TRY(config_text_require(invocation, "name", &out->name, err));
	TRY(config_text_require(invocation, "certificate", &out->certificate,
	    err));
	TRY(config_text_check_root("name", out->name, err));
	out->last = cli_value(invocation, "last-crl");
	TRY(config_draft_begin(&out->draft, invocation, err));
	TRY(read_signing(invocation, out, err));
	TRY(reserve_files(out, err));
	return config_text_schedule(invocation, out->draft.folder,
	    &out->schedule, err);
}

static enum err
load_certificate(const struct adoption *adoption, struct cert **out,
    struct error *err)
{
	enum err code = config_text_load(adoption->certificate, out, err);
	FREE_CERT struct cert *cert = NULL;

	if (code != ERR_FORMAT || adoption->key == NULL ||
	    certfile_load(adoption->key, &cert, NULL) != ERR_OK)
		return code;
	return err_remedy(err, code, "exchange --certificate and --key: %s is "
	    "a certificate", adoption->key);
}

/* A CA whose folder is lost begins anew with its last CRL. */
static enum err
load_index(struct adoption *adoption, struct error *err)
{
	const enum err code = index_load(adoption->index, &adoption->list,
	    err);
	char folder[4096];

	if (code == ERR_MISSING && adoption->last == NULL)
		return err_remedy(err, code, "name the CA's index; if it is "
		    "lost, add the last CRL, --last-crl FILE, and it is made "
		    "anew: see RECOVERING in crlferry-root(1)");
	if (code != ERR_MISSING)
		return code;
	adoption->is_index_lost = true;
	/* What is to be made wants a place. */
	TRY(file_folder(folder, sizeof(folder), adoption->index, err));
	TRY(file_sync_folder(folder, err));
	TRY(file_folder(folder, sizeof(folder), adoption->crlnumber, err));
	return file_sync_folder(folder, err);
}

/* Everything that can be known to be wrong without the passphrase. */
static enum err
check_files(struct adoption *adoption, struct cert **out, struct error *err)
{
	struct number next;
	bool found;

	TRY(load_certificate(adoption, out, err));
	TRY(err_about(err, cert_check_root(*out, err),
	    adoption->certificate));
	TRY(err_about(err, algorithm_check_key((*out)->key, err),
	    adoption->certificate));
	if (adoption->key == NULL)
		return ERR_OK;
	TRY(load_index(adoption, err));
	TRY(crlnumber_load(adoption->crlnumber, &found, &next, NULL, err));
	return signer_check(adoption->key, *out, NULL, err);
}

static enum err
add_subordinates(struct invocation *invocation, struct adoption *adoption,
    struct buffer *text, const struct cert *root, struct error *err)
{
	const char *words[CLI_VALUES_MAX];
	const struct config_words list = cli_values(invocation,
	    "subordinate", words);

	TRY(buffer_append_text(text,
	    "\n      # The CAs that stop when this root's CRL runs out.\n"
	    "      subordinates = (\n", err));
	for (size_t i = 0; i < list.count; i++) {
		FREE_CERT struct cert *cert = NULL;

		TRY(config_draft_subordinate(&adoption->draft, list.words[i],
		    root, invocation->now_s, text, &cert,
		    &invocation->notices, err));
		certfile_note_weak(strchr(list.words[i], '=') + 1, cert,
		    &invocation->notices);
		init_note_revoked(&adoption->list, adoption->index,
		    list.words[i], cert, &invocation->notices);
		TRY(buffer_append_text(text,
		    "          # The key of its requests, from `crlferry-sub "
		    "keygen` there:\n"
		    "          # note_key = \"RW...\";  # or a .pub file\n"
		    "        }", err));
	}
	return buffer_append_text(text,
	    list.count == 0 ? "      );\n" : "\n      );\n", err);
}

/*
 * On a machine that has a network now, "require" would refuse the first
 * issue; so it is said in the file, and each issue warns.
 */
static enum err
add_air_gap(struct buffer *text, struct error *err)
{
	const struct config_words none = {NULL, 0};
	char name[64] = "";
	bool found;

	TRY(airgap_find(&none, name, sizeof(name), &found, err));
	if (!found)
		return buffer_append_text(text,
		    "\n# Refuse to sign while a network interface is up.\n"
		    "air_gap = \"require\";\n", err);
	return buffer_appendf(text, err,
	    "\n# Interface %s was up when this was written, so signing only "
	    "warns of it.\n# On the air-gapped machine say \"require\".\n"
	    "air_gap = \"warn\";\n", name);
}

static enum err
write_signing(const struct adoption *adoption, struct buffer *text,
    struct error *err)
{
	static const char indent[] = "          ";

	if (adoption->key == NULL)
		return buffer_append_text(text,
		    "\n      # No group `signing`: another program signs, and "
		    "its CRLs come in with\n"
		    "      #   crlferry-root adopt\n", err);
	TRY(buffer_append_text(text,
	    "\n      # The CA's own files, used in place; leave the group out "
	    "if another\n      # program signs, see `crlferry-root adopt`.\n"
	    "      signing = {\n"
	    "          # A PEM or PKCS#12 file, or in an HSM:\n"
	    "          # key = \"pkcs11:token=corp;object=root\";\n", err));
	TRY(config_text_path(text, indent, "key", adoption->key, err));
	TRY(config_text_path(text, indent, "index", adoption->index, err));
	TRY(config_text_path(text, indent, "crlnumber", adoption->crlnumber,
	    err));
	return buffer_append_text(text,
	    "          # digest = \"sha256\";     # default: what fits the "
	    "key\n"
	    "          backdate = \"10 min\";    # for clocks that run behind\n"
	    "      };\n", err);
}

static enum err
write_text(struct invocation *invocation, struct adoption *adoption,
    const struct cert *cert, struct buffer *text, struct error *err)
{
	TRY(config_text_head(text, adoption->draft.path, err));
	TRY(add_air_gap(text, err));
	TRY(buffer_appendf(text, err,
	    "\n# The key that seals bundles.  Make it with\n"
	    "#   crlferry-root keygen seal.key seal.pub\n"
	    "# in this folder, and give seal.pub to the subordinates.  Should "
	    "the ledger\n"
	    "# be lost, name here what sealed before: trusted = ( \"RW...\" "
	    ");\n"
	    "seal = { secret = \"seal.key\"; };\n"
	    "\nroots = (\n    { name = \"%s\";\n", adoption->name));
	TRY(config_draft_certificate(&adoption->draft, "      ",
	    adoption->name, adoption->certificate, cert, text, err));
	TRY(buffer_appendf(text, err,
	    "      schedule = \"%s\";  # see `crlferry-root plan`\n"
	    "      profile = \"rfc5280\";      # or \"br\"\n"
	    "      # published_as = \"%s.crl\";  # its name in the CDP\n",
	    adoption->schedule, adoption->name));
	if (cert->has_ca_version && adoption->key != NULL)
		TRY(buffer_append_text(text,
		    "      # It is a root of AD CS: its CRLs get AD CS's "
		    "extensions.\n"
		    "      microsoft = true;\n", err));
	TRY(write_signing(adoption, text, err));
	TRY(add_subordinates(invocation, adoption, text, cert, err));
	return buffer_append_text(text, "    }\n);\n", err);
}

/* The last CRL goes into the archive of the new state folder. */
static enum err
adopt_last(struct invocation *invocation, const struct adoption *adoption,
    const struct config *config, struct error *err)
{
	const char *path = adoption->last;
	RELEASE_HISTORY struct history before = {0}, history = {0};
	struct adopt_options options = {.now_s = invocation->now_s,
	    .who = invocation->who, .is_first = true, .is_dry = true,
	    .is_index_lost = adoption->is_index_lost};
	char digits[NUMBER_TEXT_SIZE];
	struct adopted adopted;

	/* A refusal leaves nothing behind, not even a state folder. */
	TRY(history_read(config, &before, err));
	TRY(adopt_crl(&before, &config->roots[0], path, &options, &adopted,
	    NULL, err));
	TRY(state_prepare(config, err));
	TRY(lock_state(config, &invocation->lock_fd, err));
	TRY(history_read(config, &history, err));
	options.is_dry = false;
	TRY(adopt_crl(&history, &config->roots[0], path, &options, &adopted,
	    &invocation->notices, err));
	if (invocation->is_quiet)
		return ERR_OK;
	number_format(&adopted.number, 0, digits);
	return buffer_appendf(&invocation->output, err,
	    "adopted %s as the last CRL, #%s\n", path, digits);
}

/*
 * If the root's own beginning is the only evidence of today's date and lies far
 * back, the first issue wants the date confirmed.
 */
static bool
is_date_wanted(const struct invocation *invocation,
    const struct config *config, const struct cert *cert)
{
	RELEASE_CLOCK_EVIDENCES struct clock_evidences evidences = {0};

	/* It would not help. */
	if (cert->not_before_s > invocation->now_s)
		return false;
	if (clock_evidence_add(&evidences, cert->not_before_s, "", "notBefore",
	    NULL) != ERR_OK)
		return true;
	return clock_check(&evidences, &config->roots[0].schedule,
	    invocation->now_s, invocation->utc_offset_s, -1, NULL) != ERR_OK;
}

static enum err
report(struct invocation *invocation, const struct config *config,
    const struct adoption *adoption, const struct cert *cert, bool has_last,
    struct error *err)
{
	const char *option = config_option(config);
	const char *first = has_last ? "" : " --first";
	struct buffer *out = &invocation->output;
	char confirm[64] = "";
	char today[UTC_TEXT_SIZE];

	if (invocation->is_quiet)
		return ERR_OK;
	utc_format_date(invocation->now_s, today);
	if (!has_last && is_date_wanted(invocation, config, cert))
		snprintf(confirm, sizeof(confirm), " --confirm-date %s",
		    today);
	TRY(buffer_appendf(out, err, "wrote %s: read it, then\n"
	    "  crlferry-root keygen SECRET PUBLIC   the "
	    "key that seals bundles, see `seal` there\n",
	    adoption->draft.path));
	if (adoption->key == NULL)
		TRY(buffer_appendf(out, err, "  crlferry-root adopt %s "
		    "FILE%s\n", adoption->name, option));
	else
		TRY(buffer_appendf(out, err, "  crlferry-root plan%s\n"
		    "  crlferry-root ceremony MEDIUM%s%s%s\n"
		    "or, in place of the guided ceremony, its parts:\n"
		    "  crlferry-root issue %s%s%s%s\n", option, first, confirm,
		    option, adoption->name, first, confirm, option));
	return buffer_appendf(out, err, "  crlferry-root export MEDIUM%s\n",
	    option);
}

enum err
cmd_init(struct invocation *invocation, struct error *err)
{
	RELEASE_ADOPTION struct adoption adoption = {.name = NULL};
	FREE_CONFIG struct config *config = NULL;
	RELEASE_BUFFER struct buffer text = {0};
	FREE_CERT struct cert *cert = NULL;
	bool has_last;

	TRY(read_options(invocation, &adoption, err));
	TRY(check_files(&adoption, &cert, err));
	config_text_note_name(adoption.name, &invocation->notices);
	init_note_root(invocation, adoption.certificate, cert);
	TRY(write_text(invocation, &adoption, cert, &text, err));
	TRY(config_draft_write(&adoption.draft, span_of_buffer(&text),
	    invocation->now_s, &config, err));
	TRY(init_look(config, invocation->now_s, &has_last,
	    adoption.last == NULL ? &invocation->notices : NULL, err));
	if (adoption.last != NULL) {
		TRY(adopt_last(invocation, &adoption, config, err));
		TRY(init_look(config, invocation->now_s, &has_last,
		    &invocation->notices, err));
	}
	TRY(config_draft_keep(&adoption.draft, invocation, err));
	TRY(init_note_refusal(invocation, config, cert, err));
	return report(invocation, config, &adoption, cert, has_last, err);
}
