/* SPDX-License-Identifier: ISC */
#include "root/export/seal_bundle.h"
#include "root/export/seal_record.h"
#include "root/export/sealed_file.h"
#include "site/key_roles.h"

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
	enum err code;
	int part;

	for (part = 0; part < BUNDLE_PART_COUNT; part++)
		bundle.parts[part].fd = -1;
	code = source_open(sealing->bundle.path, &source, err);
	if (code == ERR_OK)
		code = bundle_load(&source, sealing->root->name,
		    config->max_crl_bytes, &bundle, &found, notices, err);
	if (code == ERR_OK && found)
		code = bundle_member_read(&bundle.parts[BUNDLE_MANIFEST],
		    &json, err);
	if (code == ERR_OK && !span_equals(span_of_buffer(&json),
	    sealing->parts[BUNDLE_MANIFEST]))
		return err_fail(err, ERR_IO, "%s: want the bundle that was "
		    "verified, have another: was the stick exchanged?",
		    sealing->bundle.path);
	if (code != ERR_OK)
		return code;
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
	enum err code;
	size_t k;

	sealing_sealable(sealing, &sealable);
	code = note_roles_check_seals(config, secrets, err);
	if (code == ERR_OK)
		code = sealable_choose(&sealable, secrets, wanted, err);
	for (k = 0; code == ERR_OK && k < secrets->count; k++) {
		if (!wanted[k])
			continue;
		code = bundle_seal_write(sealing->bundle.path,
		    &sealing->manifest, sealing->parts[BUNDLE_MANIFEST],
		    &secrets->keys[k], err);
		count++;
	}
	if (code == ERR_OK && count > 0)
		code = read_back(config, sealing, secrets, notices, err);
	if (code == ERR_OK)
		code = record(config, sealing, options, wanted, notices, err);
	if (code == ERR_OK)
		*added = count;
	return code;
}
