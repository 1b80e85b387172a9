/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>

#include "root/ledger.h"
#include "root/note_roles.h"
#include "root/seal.h"

/* Is this a seal of the key over this manifest, with its comment? */
static bool
is_seal_of(const struct minisign_public *key,
    const struct manifest *manifest, struct span json, struct span seal)
{
	char comment[MINISIGN_COMMENT_SIZE];

	return minisign_verify(key, json, seal, comment, NULL) == ERR_OK &&
	    manifest_check_comment(manifest, comment, NULL) == ERR_OK;
}

/* A key id is a hint that anyone can choose: no good seal goes for it. */
static enum err
check_replaced(const struct sealing *sealing, size_t seal,
    struct error *err)
{
	size_t k;

	for (k = 0; k < sealing->trusted.count; k++) {
		if (is_seal_of(&sealing->trusted.keys[k], &sealing->manifest,
		    sealing->parts[BUNDLE_MANIFEST], sealing->seals[seal]))
			return err_fail(err, ERR_KEY, "%s/%s: want a seal key "
			    "with an id of its own, have that of a trusted "
			    "key: make another", sealing->bundle.path,
			    sealing->bundle.seals[seal].name);
	}
	return ERR_OK;
}

/* Has the key yet to seal, and does that make one more file? */
static enum err
choose_key(const struct sealing *sealing, const struct minisign_public *key,
    bool *is_wanted, size_t *file_count, struct error *err)
{
	const struct bundle *bundle = &sealing->bundle;
	size_t replaced = bundle->seal_count;
	char name[MANIFEST_NAME_SIZE];
	size_t i;

	bundle_seal_name(key, name);
	*is_wanted = false;
	for (i = 0; i < bundle->seal_count; i++) {
		if (is_seal_of(key, &sealing->manifest,
		    sealing->parts[BUNDLE_MANIFEST], sealing->seals[i]))
			return ERR_OK;
		if (strcmp(bundle->seals[i].name, name) == 0)
			replaced = i;
	}
	*is_wanted = true;
	if (replaced < bundle->seal_count)
		return check_replaced(sealing, replaced, err);
	(*file_count)++;
	return ERR_OK;
}

static enum err
choose_keys(const struct sealing *sealing,
    const struct sealkeys_secret *secrets, bool wanted[SEALKEYS_MAX],
    struct error *err)
{
	size_t file_count = sealing->bundle.seal_count;
	enum err code = ERR_OK;
	size_t k;

	for (k = 0; code == ERR_OK && k < secrets->count; k++)
		code = choose_key(sealing, &secrets->keys[k].public,
		    &wanted[k], &file_count, err);
	if (code == ERR_OK && file_count > BUNDLE_SEALS_MAX)
		return err_fail(err, ERR_SEAL, "%s: want at most %d seals, "
		    "have %zu with this one", sealing->bundle.path,
		    BUNDLE_SEALS_MAX, file_count);
	return code;
}

/* Has every key sealed what is there now? */
static enum err
check_written(const struct sealing *sealing, const struct bundle *bundle,
    const struct sealkeys_secret *secrets, struct error *err)
{
	bool fits[SEALKEYS_MAX] = {false};
	enum err code = ERR_OK;
	size_t i, k;

	for (i = 0; code == ERR_OK && i < bundle->seal_count; i++) {
		RELEASE_BUFFER struct buffer seal = {0};

		code = bundle_member_read(&bundle->seals[i], &seal, err);
		for (k = 0; code == ERR_OK && k < secrets->count; k++)
			fits[k] = fits[k] || is_seal_of(
			    &secrets->keys[k].public, &sealing->manifest,
			    sealing->parts[BUNDLE_MANIFEST],
			    span_of_buffer(&seal));
	}
	for (k = 0; code == ERR_OK && k < secrets->count; k++) {
		if (!fits[k])
			code = err_fail(err, ERR_IO, "%s: want the seal that "
			    "was written, have another", bundle->path);
	}
	return code;
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
	return code == ERR_OK ?
	    check_written(sealing, &bundle, secrets, err) : code;
}

/* Which keys the ledger has for this CRL already. */
struct entered {
	const struct sealing *sealing;
	const struct sealkeys_secret *secrets;
	const char *sha256;
	bool keys[SEALKEYS_MAX];
};

static enum err
see_line(void *context, const struct ledger_line *line, struct error *err)
{
	struct entered *entered = context;
	const char *sha256 = ledger_line_detail(line, "sha256");
	const char *sealed_by = ledger_line_detail(line, "sealed_by");
	size_t k;

	if (strcmp(line->root, entered->sealing->root->name) != 0 ||
	    sha256 == NULL || strcmp(sha256, entered->sha256) != 0)
		return ERR_OK;
	for (k = 0; sealed_by != NULL && k < entered->secrets->count; k++) {
		char key[MINISIGN_PUBLIC_LINE_SIZE];

		minisign_public_line(&entered->secrets->keys[k].public, key);
		entered->keys[k] = entered->keys[k] ||
		    strstr(sealed_by, key) != NULL;
	}
	return ERR_OK;
}

/*
 * Enter what was written, and what is there but unknown: a crash may have come
 * between the seal and the ledger.
 */
static enum err
record(const struct config *config, const struct sealing *sealing,
    const struct seal_options *options, const bool wanted[SEALKEYS_MAX],
    struct notices *notices, struct error *err)
{
	char keys[SEALKEYS_MAX * MINISIGN_PUBLIC_LINE_SIZE] = "";
	char sha256[SHA256_HEX_SIZE];
	struct entered entered = {sealing, options->seals, sha256};
	const struct ledger_event event = {
	    .event = "seal", .root = sealing->root->name,
	    .number = &sealing->manifest.number, .at_s = options->now_s,
	    .who = options->who,
	    .details = {{"sha256", sha256}, {"path", sealing->bundle.path},
		{"sealed_by", keys}}};
	struct ledger_summary summary;
	size_t used = 0;
	enum err code;
	size_t k;

	sha256_hex(sealing->sha256, sha256);
	code = ledger_read(config, see_line, &entered, &summary, err);
	if (code != ERR_OK)
		return code;
	for (k = 0; k < options->seals->count; k++) {
		if (!wanted[k] && entered.keys[k])
			continue;
		if (used > 0)
			keys[used - 1] = ' ';
		minisign_public_line(&options->seals->keys[k].public,
		    keys + used);
		used += MINISIGN_PUBLIC_LINE_SIZE;
	}
	return used == 0 ? ERR_OK :
	    ledger_append(config, &event, notices, err);
}

enum err
sealing_add(const struct config *config, const struct sealing *sealing,
    const struct seal_options *options, size_t *added,
    struct notices *notices, struct error *err)
{
	const struct sealkeys_secret *secrets = options->seals;
	bool wanted[SEALKEYS_MAX] = {false};
	size_t count = 0;
	enum err code;
	size_t k;

	code = note_roles_check_seals(config, secrets, err);
	if (code == ERR_OK)
		code = choose_keys(sealing, secrets, wanted, err);
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
