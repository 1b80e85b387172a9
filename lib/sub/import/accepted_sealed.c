/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "base/file.h"
#include "ferry/field.h"
#include "ferry/json_text.h"
#include "site/state.h"
#include "sub/import/accepted_sealed.h"

#define SEALED_TYPE "crlferry-accepted-bundle"

/* Texts in JSON take up to twice their size. */
#define SEALED_MAX_BYTES \
	(2 * (MANIFEST_MAX_BYTES + NOTE_SEALS_MAX * MINISIGN_FILE_MAX) + 4096)

/* The text of a member; of a seal, only what is kept of it. */
static enum err
encode_member(const struct bundle_member *member, bool is_seal, json_t **out,
    struct error *err)
{
	RELEASE_BUFFER struct buffer file = {0}, seal = {0};
	const struct buffer *text = is_seal ? &seal : &file;

	TRY(bundle_member_read(member, &file, err));
	if (is_seal)
		TRY(minisign_seal_keep(span_of_buffer(&file), &seal, err));
	*out = json_stringn((const char *)text->data, text->size);
	return *out != NULL ? ERR_OK : err_fail(err, ERR_IO, "%s: cannot be "
	    "kept: it is not UTF-8, or memory ran out", member->name);
}

static enum err
encode(const struct bundle *bundle, const uint32_t *which,
    size_t seal_count, json_t **out, struct error *err)
{
	json_auto_t *seals = json_array();
	json_t *manifest, *seal;
	int failures = 0;

	for (size_t i = 0; i < seal_count; i++) {
		TRY(encode_member(&bundle->seals[which[i]], true, &seal, err));
		failures += json_array_append_new(seals, seal) != 0;
	}
	TRY(encode_member(&bundle->parts[BUNDLE_MANIFEST], false, &manifest,
	    err));
	*out = json_pack("{s:s, s:i, s:o, s:O}", "type", SEALED_TYPE,
	    "version", ACCEPTED_SEALED_VERSION, "manifest", manifest,
	    "seals", seals);
	return *out != NULL && failures == 0 ? ERR_OK : err_no_memory(err);
}

enum err
accepted_sealed_save(const struct config *config, const char *root,
    const struct bundle *bundle, const uint32_t *which, size_t seal_count,
    struct error *err)
{
	RELEASE_BUFFER struct buffer text = {0};
	json_auto_t *json = NULL;
	char path[STATE_PATH_SIZE];

	if (bundle->is_bare)
		return ERR_OK;
	TRY(encode(bundle, which, seal_count, &json, err));
	TRY(json_text(json, &text, err));
	TRY(state_path(config, root, "accepted.sealed.json", path, err));
	return file_update(path, span_of_buffer(&text), 0644, err);
}

#define FIELD_DOCUMENT "accepted bundle"

static enum err
take_seal(const struct field *field, const json_t *value, void *to,
    struct error *err)
{
	struct note *note = to;

	return field_buffer(field, value, &note->seals[note->seal_count++],
	    err);
}

static const struct field fields[] = {
    FIELD_TYPE(SEALED_TYPE),
    FIELD_VERSION(ACCEPTED_SEALED_VERSION),
    FIELD(note, manifest, "manifest", field_buffer),
    FIELD_LIST("seals", NOTE_SEALS_MAX, take_seal, NULL),
};

/* Is this text the manifest of the CRL with this digest? */
static bool
is_about(const struct buffer *text, const char *root,
    const uint8_t crl_sha256[SHA256_SIZE])
{
	RELEASE_MANIFEST struct manifest manifest = {0};
	const struct manifest_file *file;
	char name[MANIFEST_NAME_SIZE];

	if (manifest_parse(span_of_buffer(text), &manifest, NULL) != ERR_OK)
		return false;
	bundle_part_name(BUNDLE_CRL, root, name);
	file = manifest_find(&manifest, name);
	return file != NULL &&
	    memcmp(file->sha256, crl_sha256, SHA256_SIZE) == 0;
}

enum err
accepted_sealed_load(const struct config *config, const char *root,
    const uint8_t crl_sha256[SHA256_SIZE], struct note *note,
    struct error *err)
{
	RELEASE_NOTE struct note taken = {0};
	RELEASE_BUFFER struct buffer text = {0};
	json_auto_t *json = NULL;
	char path[STATE_PATH_SIZE];
	bool found;

	TRY(state_path(config, root, "accepted.sealed.json", path, err));
	TRY(file_find(path, &found, err));
	if (!found)
		return ERR_OK;
	TRY(file_read(path, FILE_OURS, SEALED_MAX_BYTES, &text, err));
	if (field_load(FIELD_DOCUMENT, span_of_buffer(&text), 64, &json,
	    NULL) != ERR_OK || field_members(json, path, FIELD_TABLE(fields),
	    &taken, NULL) != ERR_OK || taken.seal_count == 0 ||
	    !is_about(&taken.manifest, root, crl_sha256))
		return ERR_OK;
	note->manifest = taken.manifest;
	memcpy(note->seals, taken.seals, sizeof(note->seals));
	note->seal_count = taken.seal_count;
	/* All that it owned has moved. */
	taken = (struct note){0};
	return ERR_OK;
}
