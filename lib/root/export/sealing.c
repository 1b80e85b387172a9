/* SPDX-License-Identifier: ISC */
#include "root/export/sealing.h"
#include "site/certfile.h"
#include "site/sealkeys.h"

void
sealing_init(struct sealing *out, struct history *history,
    const struct config_root *root,
    const struct config_subordinate *subordinate)
{
	*out = (struct sealing){
	    .kind = subordinate == NULL ? &sealing_bundle : &sealing_order,
	    .history = history, .root = root, .subordinate = subordinate,
	    .is_trust_known = history->config->seal.trusted.count > 0,
	    .order = {.box = ORDERBOX_NONE}};
	for (size_t i = 0; i < BUNDLE_PART_COUNT; i++)
		out->bundle.bundle.parts[i].fd = -1;
}

/* The certificate and the keys that it is verified with. */
static enum err
prepare(struct sealing *sealing, struct error *err)
{
	TRY(certfile_load(sealing->root->certificate, &sealing->cert, err));
	return sealing->is_trust_known ? sealkeys_trust(
	    sealing->history->config, &sealing->trusted, err) : ERR_OK;
}

/* Nothing of it is parsed that no trusted key has sealed, if there is any. */
static enum err
verify(struct sealing *sealing, struct notices *notices, struct error *err)
{
	if (sealing->is_trust_known)
		TRY(sealable_check_seals(&sealing->file, sealing->has_sealed,
		    err));
	else if (sealing->kind->is_signed)
		notice_safety(notices, "%s: cannot tell who sealed it: "
		    "seal.trusted names no key of another officer",
		    sealing->file.path);
	TRY(sealing->kind->parse(sealing, err));
	/* Now that it is known: do these seals speak of it? */
	TRY(sealable_check_comments(&sealing->file, err));
	return sealing->kind->check(sealing, err);
}

enum err
sealing_open(struct sealing *sealing, const struct source *source,
    int64_t now_s, bool *found, struct notices *notices, struct error *err)
{
	/* A missing certificate is reported once, not for every subordinate. */
	if (sealing->subordinate == NULL)
		TRY(prepare(sealing, err));
	TRY(sealing->kind->load(sealing, source, found, notices, err));
	if (!*found)
		return ERR_OK;
	if (sealing->subordinate != NULL)
		TRY(prepare(sealing, err));
	TRY(err_about(err, verify(sealing, notices, err),
	    sealing->file.path));
	return sealing->kind->look_up(sealing, now_s, notices, err);
}

void
sealing_release(struct sealing *sealing)
{
	for (size_t i = 0; i < BUNDLE_PART_COUNT; i++)
		bundle_member_unmap(&sealing->bundle.parts[i]);
	for (size_t i = 0; i < BUNDLE_SEALS_MAX; i++)
		bundle_member_unmap(&sealing->bundle.seals[i]);
	manifest_release(&sealing->bundle.manifest);
	bundle_release(&sealing->bundle.bundle);
	orderbox_release(&sealing->order.box);
	cert_free(sealing->cert);
}

/* Nobody vouches for it if neither a trusted key nor an own has sealed. */
static enum err
check_known(const struct sealing *sealing,
    const struct sealkeys_secret *secrets, const bool wanted[SEALKEYS_MAX],
    struct error *err)
{
	bool is_known = sealing->is_trust_known || sealing->kind->is_signed;

	for (size_t k = 0; k < secrets->count; k++)
		is_known = is_known || !wanted[k];
	return is_known ? ERR_OK : err_remedy(err, err_fail(err, ERR_SEAL,
	    "%s: cannot tell who sealed it: seal.trusted names no key of "
	    "another officer", sealing->file.path), "add the public key of "
	    "who wrote it to seal.trusted in %s",
	    sealing->history->config->path);
}

/* Read it once more: is it still the one that was shown, with all seals? */
static enum err
read_back(const struct sealing *sealing,
    const struct sealkeys_secret *secrets, struct notices *notices,
    struct error *err)
{
	RELEASE_SOURCE struct source source = {.fd = -1};
	struct sealable written = sealing->file;
	RELEASE_SEALING struct sealing again;
	bool found;

	sealing_init(&again, sealing->history, sealing->root,
	    sealing->subordinate);
	TRY(source_open(sealing->place, &source, err));
	TRY(sealing->kind->load(&again, &source, &found, notices, err));
	if (!found || !span_equals(again.file.content, written.content))
		return err_fail(err, ERR_IO, "%s: not the %s that was "
		    "verified: was the stick exchanged?", written.path,
		    sealing->subordinate == NULL ? "bundle" : "order");
	written.seals = again.file.seals;
	written.seal_count = again.file.seal_count;
	return sealable_check_written(&written, secrets, err);
}

enum err
sealing_add(const struct sealing *sealing, const struct seal_options *options,
    size_t *added, struct notices *notices, struct error *err)
{
	const struct sealkeys_secret *secrets = options->seals;
	bool wanted[SEALKEYS_MAX] = {false};
	size_t count = 0;

	TRY(note_roles_check_seals(sealing->history->config, secrets, err));
	TRY(sealable_choose(&sealing->file, secrets, wanted, err));
	TRY(check_known(sealing, secrets, wanted, err));
	for (size_t k = 0; k < secrets->count; k++) {
		if (!wanted[k])
			continue;
		TRY(sealing->kind->write_seal(sealing, &secrets->keys[k],
		    err));
		count++;
	}
	if (count > 0)
		TRY(read_back(sealing, secrets, notices, err));
	TRY(sealing->kind->record(sealing, options, wanted, notices, err));
	*added = count;
	return ERR_OK;
}
