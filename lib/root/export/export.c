/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>

#include "root/evidence/notes.h"
#include "root/evidence/vanished.h"
#include "root/export/distribution.h"
#include "root/export/export.h"
#include "root/export/read_me_first.h"
#include "root/export/sealing.h"
#include "root/history/admission.h"
#include "root/history/calendar.h"
#include "root/history/recorded.h"
#include "root/history/reissued.h"
#include "site/sealkeys.h"

/* The ledger adds this to a manifest. */
static enum err
add_dropped(void *context, const struct number *number,
    const struct ledger_drop *drop, struct error *err)
{
	struct manifest_dropped dropped = {.number = *number};

	snprintf(dropped.serial, sizeof(dropped.serial), "%s", drop->serial);
	snprintf(dropped.why, sizeof(dropped.why), "%s", drop->why);
	return manifest_add_dropped(context, &dropped, err);
}

/*
 * Is there a next ceremony to name?  One that comes after the cushion, for a
 * CRL that was signed early or by another program, would be taken for a lie;
 * and none is held once the root has expired.
 */
static bool
is_next_named(const struct config_root *root, const struct cert *cert,
    const struct archived *last, const struct calendar *calendar)
{
	const int64_t next_s = calendar->next_ceremony_s;

	return next_s < cert->not_after_s &&
	    next_s <= schedule_latest_next(&root->schedule,
	    last->crl.next_update.at_s) && (calendar->is_emergency ||
	    next_s > last->crl.this_update.at_s);
}

static enum err
fill_manifest(const struct history *history,
    const struct config_root *root, const struct cert *cert,
    const struct archived *last, const struct crl_facts *facts,
    int64_t now_s, struct manifest *out, struct error *err)
{
	struct calendar calendar;

	calendar_read(history, root, &last->number,
	    last->crl.this_update.at_s, &calendar);
	snprintf(out->root, sizeof(out->root), "%s", root->name);
	snprintf(out->published_as, sizeof(out->published_as), "%s",
	    root->published_as);
	memcpy(out->spki_sha256, cert->spki_sha256, SHA256_SIZE);
	out->number = last->number;
	out->created_s = now_s;
	out->this_update_s = last->crl.this_update.at_s;
	out->next_update_s = last->crl.next_update.at_s;
	out->has_next_ceremony = is_next_named(root, cert, last, &calendar);
	out->next_ceremony_s = calendar.next_ceremony_s;
	out->is_emergency = calendar.is_emergency;
	memcpy(out->why, calendar.why, sizeof(out->why));
	out->revoked_count = facts->revoked_count;
	memcpy(out->ledger_head, history->end.summary.head,
	    sizeof(out->ledger_head));
	return recorded_visit_drops(history, root->name, add_dropped, out,
	    err);
}

/* Which requests this bundle answers: by their nonces. */
static enum err
add_answer(void *context, const struct kept_note *kept, struct error *err)
{
	if (kept->note.kind != NOTE_REQUEST)
		return ERR_OK;
	return manifest_add_answer(context, kept->note.nonce, err);
}

/* Digest of a member against what the manifest says of it. */
static enum err
compare_member(const struct manifest *manifest,
    const struct bundle_member *member, struct span content,
    struct error *err)
{
	const struct manifest_file *file = manifest_find(manifest,
	    member->name);
	uint8_t digest[SHA256_SIZE];

	TRY(sha256(content, digest, err));
	if (file == NULL || memcmp(file->sha256, digest, SHA256_SIZE) != 0)
		return err_fail(err, ERR_IO, "%s: the medium gives back "
		    "something else than was written", member->name);
	return ERR_OK;
}

/*
 * Write the bundle with the newest certificate of the root, and how to
 * distribute it if that is one that was reissued.
 */
static enum err
write_bundle(const struct history *history, const struct config_root *root,
    const struct export_options *options, const struct cert *configured,
    const struct archived *last, struct manifest *manifest,
    struct exported *exported, struct notices *notices, struct error *err)
{
	RELEASE_REISSUED struct reissued newest = {.cert = NULL};
	RELEASE_BUFFER struct buffer advice = {0};
	const struct cert *cert;

	TRY(reissued_find(history, root, configured, &newest, notices, err));
	cert = newest.cert == NULL ? configured : newest.cert;
	if (newest.is_known)
		TRY(distribution_text(root->name, cert, &advice, err));
	return bundle_write(options->medium, manifest, last->fd,
	    span_of_buffer(&cert->der), span_of_buffer(&advice),
	    options->seals->keys, options->seals->count, options->progress,
	    exported->path, sizeof(exported->path), err);
}

/* The CRL that was verified is the one that was written, not only like it. */
static enum err
compare_crl(const struct exported *exported, const struct manifest *manifest,
    struct error *err)
{
	char name[MANIFEST_NAME_SIZE];
	const struct manifest_file *file;

	bundle_part_name(BUNDLE_CRL, manifest->root, name);
	file = manifest_find(manifest, name);
	if (file != NULL && memcmp(file->sha256, exported->sha256,
	    SHA256_SIZE) == 0)
		return ERR_OK;
	return err_fail(err, ERR_IO, "%s: not the CRL that was verified: "
	    "the archive's disk is bad", name);
}

/* Read the bundle as an importer would, and compare it with what we meant. */
static enum err
read_back(const struct exported *exported, const struct manifest *manifest,
    struct history *history, const struct config_root *root,
    const struct sealkeys_secret *secrets, struct notices *notices,
    struct error *err)
{
	RELEASE_SOURCE struct source source = {.fd = -1};
	RELEASE_SEALING struct sealing again;
	const struct sealed_bundle *read = &again.bundle;
	bool found;

	sealing_init(&again, history, root, NULL);
	TRY(source_open(exported->path, &source, err));
	TRY(again.kind->load(&again, &source, &found, notices, err));
	if (!found)
		return err_fail(err, ERR_IO, "%s: the bundle that was written "
		    "is not there", exported->path);
	for (int part = 0; part < BUNDLE_LISTED_COUNT; part++)
		TRY(compare_member(manifest, &read->bundle.parts[part],
		    read->parts[part], err));
	TRY(compare_crl(exported, manifest, err));
	if (again.file.seal_count != secrets->count)
		return err_fail(err, ERR_IO, "%s: want %zu seals, have %zu",
		    again.file.path, secrets->count, again.file.seal_count);
	manifest_comment(manifest, again.file.comment,
	    sizeof(again.file.comment));
	return sealable_check_written(&again.file, secrets, err);
}

static enum err
record_export(struct history *history,
    const struct export_options *options, const struct manifest *manifest,
    const struct exported *exported, struct notices *notices,
    struct error *err)
{
	char keys[SEAL_RECORD_KEYS_SIZE];
	char digest[SHA256_HEX_SIZE], json_digest[SHA256_HEX_SIZE];
	RELEASE_BUFFER struct buffer json = {0};
	uint8_t octets[SHA256_SIZE];
	const struct ledger_event event = {
	    .event = "export", .root = manifest->root,
	    .number = &exported->number,
	    .at_s = options->now_s, .who = options->who,
	    .details = {{"sha256", digest}, {"path", exported->path},
		{"sealed_by", keys}, {"manifest", json_digest}}};

	/* A manifest that comes back is ours if it is this very one. */
	TRY(manifest_encode(manifest, &json, err));
	TRY(sha256(span_of_buffer(&json), octets, err));
	sha256_hex(octets, json_digest);
	/* So that what comes back is known as ours. */
	seal_record_keys(options->seals, NULL, keys);
	sha256_hex(exported->sha256, digest);
	return history_append(history, &event, notices, err);
}

/*
 * The bundle is whole and recorded.  Old ones that may not be removed do no
 * harm; a disk that fails now is one that nobody should carry away.
 */
static enum err
prune(const struct export_options *options, const char *root,
    const struct number *number, struct notices *notices, struct error *err)
{
	struct error why = {0};
	enum err code = bundle_prune(options->medium, root, number, notices,
	    &why);

	if (code == ERR_IO || code == ERR_NO_SPACE)
		return err_copy(err, &why);
	if (code != ERR_OK)
		notice(notices, "old bundles were not all removed: %s",
		    why.what);
	return ERR_OK;
}

static enum err
export_archived(struct history *history, const struct config_root *root,
    const struct export_options *options, const struct cert *cert,
    const struct archived *last, const struct crl_facts *facts,
    struct exported *out, struct notices *notices, struct error *err)
{
	const struct config *config = history->config;
	RELEASE_MANIFEST struct manifest manifest = {0};
	struct exported exported = {
	    .number = last->number,
	    .next_update_s = last->crl.next_update.at_s};

	memcpy(exported.sha256, facts->sha256, SHA256_SIZE);
	TRY(fill_manifest(history, root, cert, last, facts, options->now_s,
	    &manifest, err));
	TRY(notes_visit(config, root, add_answer, &manifest, notices, err));
	TRY(write_bundle(history, root, options, cert, last, &manifest,
	    &exported, notices, err));
	TRY(read_back(&exported, &manifest, history, root, options->seals,
	    notices, err));
	TRY(record_export(history, options, &manifest, &exported, notices,
	    err));
	TRY(prune(options, root->name, &exported.number, notices, err));
	TRY(read_me_first_put(config, options->medium, notices, err));
	memcpy(exported.ledger_head, manifest.ledger_head,
	    sizeof(exported.ledger_head));
	*out = exported;
	return ERR_OK;
}

enum err
export_root(struct history *history, const struct config_root *root,
    const struct export_options *options, struct exported *out,
    struct notices *notices, struct error *err)
{
	const struct config *config = history->config;
	RELEASE_ARCHIVED struct archived last = ARCHIVED_NONE;
	FREE_CERT struct cert *cert = NULL;
	struct crl_facts facts;
	bool found;

	TRY(note_roles_check_seals(config, options->seals, err));
	TRY(root_open(config, root, &cert, &last, &found, notices, err));
	/* An older one takes back what the lost one has revoked. */
	TRY(vanished_check(history, root, found ? &last : NULL, NULL, err));
	if (!found)
		return admission_way_out(config, root, NULL, err_fail(err,
		    ERR_MISSING, "%s: it has no CRL yet", root->name), err);
	TRY(admission_check_current(config, root, cert, &last, options->now_s,
	    &facts, notices, err));
	return export_archived(history, root, options, cert, &last, &facts,
	    out, notices, err);
}
