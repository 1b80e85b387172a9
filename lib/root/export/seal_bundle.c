/* SPDX-License-Identifier: ISC */
/* A bundle that is sealed: the root has signed what is in it. */
#include <string.h>

#include "pki/pem.h"
#include "root/export/sealing.h"
#include "root/history/admission.h"

static enum err
load(struct sealing *sealing, const struct source *source, bool *found,
    struct notices *notices, struct error *err)
{
	struct sealed_bundle *sealed = &sealing->bundle;
	struct bundle *bundle = &sealed->bundle;

	TRY(bundle_load(source, sealing->root->name,
	    sealing->history->config->max_crl_bytes, bundle, found, notices,
	    err));
	if (!*found)
		return ERR_OK;
	for (size_t i = 0; i < BUNDLE_PART_COUNT; i++)
		TRY(bundle_member_map(&bundle->parts[i], &sealed->parts[i],
		    err));
	for (size_t i = 0; i < bundle->seal_count; i++)
		TRY(bundle_member_map(&bundle->seals[i], &sealed->seals[i],
		    err));
	sealing->place = bundle->path;
	sealing->file = (struct sealable){
	    .path = bundle->path, .name = "bundle.json",
	    .content = sealed->parts[BUNDLE_MANIFEST],
	    .members = bundle->seals, .seals = sealed->seals,
	    .seal_count = bundle->seal_count, .trusted = &sealing->trusted};
	return ERR_OK;
}

static enum err
parse(struct sealing *sealing, struct error *err)
{
	struct manifest *manifest = &sealing->bundle.manifest;

	TRY(manifest_parse(sealing->file.content, manifest, err));
	manifest_comment(manifest, sealing->file.comment,
	    sizeof(sealing->file.comment));
	return ERR_OK;
}

/* As an importer takes it, and what the manifest says it is. */
static enum err
check_crl(struct sealing *sealing, struct error *err)
{
	struct sealed_bundle *sealed = &sealing->bundle;
	RELEASE_ADMISSION struct admission admission = {.certs = NULL};
	RELEASE_CRL struct crl crl = {0};
	struct crl_survey survey;
	struct crl_facts facts;
	struct window window;

	window_init_memory(&window, sealed->parts[BUNDLE_CRL]);
	TRY(crl_open(&window, &crl, err));
	TRY(admission_prepare(sealing->root, sealing->cert, &crl, &admission,
	    NULL, err));
	/* An officer's machine need not know the subordinates. */
	admission.rules.is_point_unknown =
	    admission.rules.subordinate_count == 0;
	TRY(admit_content(&crl, &admission.rules, NULL, &facts, &survey, err));
	TRY(admit_manifest(&sealed->manifest, &facts, sealing->cert, err));
	memcpy(sealed->sha256, facts.sha256, SHA256_SIZE);
	return ERR_OK;
}

/*
 * Whoever imports by hand takes these two, so a seal vouches for them as well;
 * crlferry-sub looks at neither.
 */
static enum err
check_by_hand(const struct sealing *sealing, struct error *err)
{
	const struct span *parts = sealing->bundle.parts;
	const struct cert *cert = sealing->cert;
	RELEASE_BUFFER struct buffer der = {0};
	FREE_CERT struct cert *copy = NULL;
	char name[MANIFEST_NAME_SIZE];

	bundle_part_name(BUNDLE_CRL_PEM, sealing->root->name, name);
	TRY(err_about(err, pem_or_der(parts[BUNDLE_CRL_PEM], PEM_CRL, &der,
	    err), name));
	if (!span_equals(span_of_buffer(&der), parts[BUNDLE_CRL]))
		return err_fail(err, ERR_DIGEST, "%s: not the same CRL as in "
		    "DER", name);
	bundle_part_name(BUNDLE_CERT, sealing->root->name, name);
	TRY(err_about(err, cert_parse(parts[BUNDLE_CERT], &copy, err), name));
	if (!cert_is_same_ca(copy, cert))
		return err_fail(err, ERR_ISSUER, "%s: not the certificate of "
		    "%s that is configured", name, cert->subject_text);
	return ERR_OK;
}

static enum err
check(struct sealing *sealing, struct error *err)
{
	const struct sealed_bundle *sealed = &sealing->bundle;

	if (strcmp(sealed->manifest.root, sealing->root->name) != 0)
		return err_fail(err, ERR_ISSUER, "bundle.json is of root "
		    "%s, not of %s", sealed->manifest.root,
		    sealing->root->name);
	TRY(bundle_check_number(&sealed->bundle, &sealed->manifest, err));
	TRY(bundle_check_members(&sealed->manifest, sealed->parts, err));
	TRY(check_crl(sealing, err));
	return check_by_hand(sealing, err);
}

static enum err
look_up(struct sealing *sealing, int64_t now_s, struct notices *notices,
    struct error *err)
{
	(void)err;
	if (sealing->bundle.manifest.next_update_s <= now_s)
		notice(notices, "%s: by this machine's clock the CRL has "
		    "expired", sealing->file.path);
	return ERR_OK;
}

static enum err
write_seal(const struct sealing *sealing,
    const struct minisign_secret *secret, struct error *err)
{
	return bundle_seal_write(sealing->file.path,
	    &sealing->bundle.manifest, sealing->file.content, secret, err);
}

static enum err
record(const struct sealing *sealing, const struct seal_options *options,
    const bool wanted[SEALKEYS_MAX], struct notices *notices,
    struct error *err)
{
	char sha256[SHA256_HEX_SIZE];
	const struct ledger_event event = {
	    .event = "seal", .root = sealing->root->name,
	    .number = &sealing->bundle.manifest.number,
	    .at_s = options->now_s, .who = options->who,
	    .details = {{"sha256", sha256}, {"path", sealing->file.path}}};

	sha256_hex(sealing->bundle.sha256, sha256);
	return seal_record(sealing->history, &event, options->seals, wanted,
	    notices, err);
}

const struct sealing_kind sealing_bundle = {
	.is_signed = true, .load = load, .parse = parse, .check = check,
	.look_up = look_up, .write_seal = write_seal, .record = record,
};
