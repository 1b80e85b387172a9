/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "ferry/admit.h"
#include "pki/pem.h"
#include "root/export/seal_bundle.h"
#include "root/export/seal_record.h"
#include "root/export/sealed_file.h"
#include "site/certfile.h"
#include "site/key_roles.h"

static enum err
map_bundle(struct sealing *sealing, struct error *err)
{
	const struct bundle *bundle = &sealing->bundle;
	size_t i;

	for (i = 0; i < BUNDLE_PART_COUNT; i++)
		TRY(bundle_member_map(&bundle->parts[i], &sealing->parts[i],
		    err));
	for (i = 0; i < bundle->seal_count; i++)
		TRY(bundle_member_map(&bundle->seals[i], &sealing->seals[i],
		    err));
	return ERR_OK;
}

void
sealing_sealable(const struct sealing *sealing, struct sealable *out)
{
	*out = (struct sealable){
	    .path = sealing->bundle.path, .name = "bundle.json",
	    .content = sealing->parts[BUNDLE_MANIFEST],
	    .members = sealing->bundle.seals, .seals = sealing->seals,
	    .seal_count = sealing->bundle.seal_count,
	    .trusted = &sealing->trusted};
	manifest_comment(&sealing->manifest, out->comment,
	    sizeof(out->comment));
}

/* Which trusted keys have sealed it?  Nothing of it is parsed before. */
static enum err
check_seals(struct sealing *sealing, struct notices *notices,
    struct error *err)
{
	struct sealable sealable;

	if (!sealing->is_trust_known) {
		notice_safety(notices, "%s: cannot tell who sealed it: "
		    "seal.trusted names no key of another officer",
		    sealing->bundle.path);
		return ERR_OK;
	}
	sealing_sealable(sealing, &sealable);
	return sealable_check_seals(&sealable, sealing->has_sealed, err);
}

static enum err
check_manifest(struct sealing *sealing, struct error *err)
{
	struct sealable sealable;

	TRY(manifest_parse(sealing->parts[BUNDLE_MANIFEST], &sealing->manifest,
	    err));
	/* Now that it is known: do these seals speak of it? */
	sealing_sealable(sealing, &sealable);
	TRY(sealable_check_comments(&sealable, sealing->has_sealed, err));
	if (strcmp(sealing->manifest.root, sealing->root->name) != 0)
		return err_fail(err, ERR_ISSUER, "bundle.json: want root %s, "
		    "have %s", sealing->root->name, sealing->manifest.root);
	TRY(bundle_check_number(&sealing->bundle, &sealing->manifest, err));
	return bundle_check_members(&sealing->manifest, sealing->parts, err);
}

/* Signed by the pinned root, and what the manifest says it is. */
static enum err
check_crl(struct sealing *sealing, const struct cert *cert,
    struct error *err)
{
	RELEASE_CRL struct crl crl = {0};
	struct crl_survey survey;
	struct crl_facts facts;
	struct window window;

	window_init_memory(&window, sealing->parts[BUNDLE_CRL]);
	TRY(crl_open(&window, &crl, err));
	TRY(admit_identity(&crl, cert, err));
	TRY(crl_survey(&crl, NULL, &survey, err));
	TRY(admit_facts(&crl, &survey, &facts, err));
	TRY(admit_manifest(&sealing->manifest, &facts, cert, err));
	memcpy(sealing->sha256, facts.sha256, SHA256_SIZE);
	return ERR_OK;
}

/*
 * Whoever imports by hand takes these two, so a seal vouches for them as well;
 * crlferry-sub looks at neither.
 */
static enum err
check_by_hand(const struct sealing *sealing, const struct cert *cert,
    struct error *err)
{
	RELEASE_BUFFER struct buffer der = {0};
	FREE_CERT struct cert *copy = NULL;
	char name[MANIFEST_NAME_SIZE];

	bundle_part_name(BUNDLE_CRL_PEM, sealing->root->name, name);
	TRY(err_about(err, pem_or_der(sealing->parts[BUNDLE_CRL_PEM], PEM_CRL,
	    &der, err), name));
	if (!span_equals(span_of_buffer(&der), sealing->parts[BUNDLE_CRL]))
		return err_fail(err, ERR_DIGEST, "%s: want the same CRL as in "
		    "DER, have another", name);
	bundle_part_name(BUNDLE_CERT, sealing->root->name, name);
	TRY(err_about(err, cert_parse(sealing->parts[BUNDLE_CERT], &copy, err),
	    name));
	if (!span_equals(copy->subject, cert->subject) ||
	    memcmp(copy->spki_sha256, cert->spki_sha256, SHA256_SIZE) != 0)
		return err_fail(err, ERR_ISSUER, "%s: want the certificate "
		    "of %s, have another", name, cert->subject_text);
	return ERR_OK;
}

static enum err
verify(struct sealing *sealing, const struct cert *cert,
    struct notices *notices, struct error *err)
{
	TRY(check_seals(sealing, notices, err));
	TRY(check_manifest(sealing, err));
	TRY(check_crl(sealing, cert, err));
	return check_by_hand(sealing, cert, err);
}

enum err
sealing_open(const struct config *config, const struct config_root *root,
    const struct source *source, int64_t now_s, struct sealing *out,
    bool *found, struct notices *notices, struct error *err)
{
	FREE_CERT struct cert *cert = NULL;
	size_t i;

	*out = (struct sealing){.root = root};
	for (i = 0; i < BUNDLE_PART_COUNT; i++)
		out->bundle.parts[i].fd = -1;
	out->is_trust_known = config->seal.trusted.count > 0;
	TRY(certfile_load(root->certificate, &cert, err));
	if (out->is_trust_known)
		TRY(sealkeys_trust(config, &out->trusted, err));
	TRY(bundle_load(source, root->name, config->max_crl_bytes, &out->bundle,
	    found, notices, err));
	if (!*found)
		return ERR_OK;
	TRY(map_bundle(out, err));
	TRY(err_about(err, verify(out, cert, notices, err), out->bundle.path));
	if (out->manifest.next_update_s <= now_s)
		notice(notices, "%s: by this machine's clock the CRL has "
		    "ended", out->bundle.path);
	return ERR_OK;
}

void
sealing_release(struct sealing *sealing)
{
	size_t i;

	for (i = 0; i < BUNDLE_PART_COUNT; i++)
		bundle_member_unmap(&sealing->parts[i]);
	for (i = 0; i < BUNDLE_SEALS_MAX; i++)
		bundle_member_unmap(&sealing->seals[i]);
	manifest_release(&sealing->manifest);
	bundle_release(&sealing->bundle);
}

/* Read the bundle as an importer would: is it still the one that was shown? */
static enum err
read_back(const struct config *config, const struct sealing *sealing,
    const struct sealkeys_secret *secrets, struct notices *notices,
    struct error *err)
{
	RELEASE_SOURCE struct source source = {.fd = -1};
	RELEASE_BUNDLE struct bundle bundle = {0};
	RELEASE_BUFFER struct buffer json = {0};
	struct sealable sealable;
	bool found;
	int part;

	for (part = 0; part < BUNDLE_PART_COUNT; part++)
		bundle.parts[part].fd = -1;
	TRY(source_open(sealing->bundle.path, &source, err));
	TRY(bundle_load(&source, sealing->root->name, config->max_crl_bytes,
	    &bundle, &found, notices, err));
	if (found)
		TRY(bundle_member_read(&bundle.parts[BUNDLE_MANIFEST], &json,
		    err));
	if (!span_equals(span_of_buffer(&json),
	    sealing->parts[BUNDLE_MANIFEST]))
		return err_fail(err, ERR_IO, "%s: want the bundle that was "
		    "verified, have another: was the stick exchanged?",
		    sealing->bundle.path);
	sealing_sealable(sealing, &sealable);
	return sealable_check_written(&sealable, bundle.seals,
	    bundle.seal_count, secrets, err);
}

static enum err
record(const struct config *config, const struct sealing *sealing,
    const struct seal_options *options, const bool wanted[SEALKEYS_MAX],
    struct notices *notices, struct error *err)
{
	char sha256[SHA256_HEX_SIZE];
	const struct ledger_event event = {
	    .event = "seal", .root = sealing->root->name,
	    .number = &sealing->manifest.number, .at_s = options->now_s,
	    .who = options->who,
	    .details = {{"sha256", sha256},
		{"path", sealing->bundle.path}}};

	sha256_hex(sealing->sha256, sha256);
	return seal_record(config, &event, options->seals, wanted, notices,
	    err);
}

enum err
sealing_add(const struct config *config, const struct sealing *sealing,
    const struct seal_options *options, size_t *added,
    struct notices *notices, struct error *err)
{
	const struct sealkeys_secret *secrets = options->seals;
	bool wanted[SEALKEYS_MAX] = {false};
	struct sealable sealable;
	size_t count = 0;
	size_t k;

	sealing_sealable(sealing, &sealable);
	TRY(note_roles_check_seals(config, secrets, err));
	TRY(sealable_choose(&sealable, secrets, wanted, err));
	for (k = 0; k < secrets->count; k++) {
		if (!wanted[k])
			continue;
		TRY(bundle_seal_write(sealing->bundle.path, &sealing->manifest,
		    sealing->parts[BUNDLE_MANIFEST], &secrets->keys[k], err));
		count++;
	}
	if (count > 0)
		TRY(read_back(config, sealing, secrets, notices, err));
	TRY(record(config, sealing, options, wanted, notices, err));
	*added = count;
	return ERR_OK;
}
