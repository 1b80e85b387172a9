/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "ferry/field.h"
#include "ferry/json_text.h"
#include "site/state.h"
#include "sub/import/accepted.h"

#define ACCEPTED_TYPE "crlferry-accepted"

#define FIELD_DOCUMENT "accepted"

/* As it is kept, bound to the root's key. */
struct kept {
	uint8_t spki_sha256[SHA256_SIZE];
	struct accepted accepted;
};

static const struct field fields[] = {
    FIELD_TYPE(ACCEPTED_TYPE),
    FIELD_VERSION(ACCEPTED_VERSION),
    FIELD(kept, spki_sha256, "spki_sha256", field_digest),
    FIELD(kept, accepted.facts.sha256, "sha256", field_digest),
    FIELD(kept, accepted.facts.size_bytes, "size", field_count),
    FIELD(kept, accepted.facts.revoked_count, "revoked", field_count),
    FIELD_IF(kept, accepted.facts.number, accepted.facts.has_number, "number",
	field_number),
    FIELD(kept, accepted.facts.this_update_s, "this_update", field_time),
    FIELD(kept, accepted.facts.next_update_s, "next_update", field_time),
    FIELD(kept, accepted.accepted_at_s, "accepted_at", field_time),
    FIELD_IF(kept, accepted.next_ceremony_s, accepted.has_next_ceremony,
	"next_ceremony", field_date),
};

/* Every field, or nothing: what is there must be what it should be. */
static bool
parse(const json_t *json, const char *path, const struct cert *cert,
    struct accepted *out)
{
	struct kept kept = {.accepted.facts.has_next_update = true};

	if (field_members(json, path, FIELD_TABLE(fields), &kept, NULL) !=
	    ERR_OK || memcmp(kept.spki_sha256, cert->spki_sha256,
	    SHA256_SIZE) != 0)
		return false;
	*out = kept.accepted;
	return true;
}

/* Does the folder hold a file of one of these names?  NULL ends them. */
static enum err
holds_any(const char *folder, const char *const names[], bool *out,
    struct error *err)
{
	char path[STATE_PATH_SIZE];

	*out = false;
	for (size_t i = 0; !*out && names[i] != NULL; i++) {
		TRY(file_join(path, sizeof(path), folder, names[i], err));
		TRY(file_find(path, out, err));
	}
	return ERR_OK;
}

/*
 * If accepted.json is missing: was there ever one?  The folder is made with the
 * first import, and the file with it; or by a request; or by crlferry-root, if
 * both programs share a state folder.
 */
static enum err
was_never_accepted(const char *folder, bool *out, struct error *err)
{
	static const char *const imported[] = {"accepted.crl",
	    "accepted.sealed.json", "importing", "orders.json",
	    "previous", NULL};
	static const char *const others[] = {"archive", "notes", "outbox",
	    NULL};
	bool found, is_imported;

	TRY(file_find(folder, &found, err));
	*out = !found;
	if (!found)
		return ERR_OK;
	/* Made by one of the others, and never used by an import? */
	TRY(holds_any(folder, imported, &is_imported, err));
	TRY(holds_any(folder, others, out, err));
	*out = *out && !is_imported;
	return ERR_OK;
}

enum err
accepted_load(const struct config *config, const char *root,
    const struct cert *cert, enum accepted_state *state,
    struct accepted *out, char *detail, size_t capacity, struct error *err)
{
	RELEASE_BUFFER struct buffer text = {0};
	json_auto_t *json = NULL;
	char folder[STATE_PATH_SIZE];
	char path[STATE_PATH_SIZE];
	bool found, is_first;
	enum err code;

	TRY(state_check_root(config, root, err));
	TRY(state_path(config, root, "accepted.json", path, err));
	TRY(state_path(config, NULL, root, folder, err));
	TRY(file_find(path, &found, err));
	if (!found) {
		TRY(was_never_accepted(folder, &is_first, err));
		*state = is_first ? ACCEPTED_NEVER : ACCEPTED_LOST;
		snprintf(detail, capacity, "%s is missing", path);
		return ERR_OK;
	}
	*state = ACCEPTED_LOST;
	code = file_read(path, FILE_OURS, 64 * 1024, &text, err);
	snprintf(detail, capacity, "%s is damaged", path);
	if (code != ERR_OK)
		return code == ERR_FORMAT ? ERR_OK : code;
	if (field_load(FIELD_DOCUMENT, span_of_buffer(&text), 64, &json,
	    NULL) != ERR_OK ||
	    field_members(json, path, &fields[0], 1, out, NULL) != ERR_OK)
		return ERR_OK;
	TRY(err_about(err, field_members(json, path, &fields[1], 1, out, err),
	    path));
	if (parse(json, path, cert, out))
		*state = ACCEPTED_KNOWN;
	return ERR_OK;
}

/* It was admitted once: all that must hold still is the key. */
static enum err
find_facts(struct span der, const struct cert *cert, struct crl_facts *out)
{
	RELEASE_CRL struct crl crl = {0};
	struct window window;

	window_init_memory(&window, der);
	TRY(crl_open(&window, &crl, NULL));
	TRY(crl_verify(&crl, cert, NULL));
	return crl_facts_of(&crl, out, NULL);
}

enum err
accepted_load_crl(const struct config *config, const char *root,
    const struct cert *cert, struct buffer *out, struct crl_facts *facts,
    struct error *err)
{
	char path[STATE_PATH_SIZE];
	bool found;
	enum err code;

	TRY(state_check_root(config, root, err));
	TRY(state_path(config, root, "accepted.crl", path, err));
	TRY(file_find(path, &found, err));
	if (!found)
		return ERR_OK;
	code = file_read(path, FILE_OURS, config->max_crl_bytes, out, err);
	if (code != ERR_OK && code != ERR_FORMAT)
		return code;
	if (code == ERR_OK)
		code = find_facts(span_of_buffer(out), cert, facts);
	if (code != ERR_OK)
		buffer_release(out);
	return ERR_OK;
}

enum err
accepted_save_crl(const struct config *config, const char *root,
    struct span der, struct error *err)
{
	char path[STATE_PATH_SIZE];

	TRY(state_path(config, root, "accepted.crl", path, err));
	return file_update(path, der, 0644, err);
}

enum err
accepted_save(const struct config *config, const char *root,
    const struct cert *cert, const struct accepted *accepted,
    struct span der, struct error *err)
{
	RELEASE_BUFFER struct buffer text = {0};
	struct kept kept = {.accepted = *accepted};
	json_auto_t *json = NULL;
	char path[STATE_PATH_SIZE];

	memcpy(kept.spki_sha256, cert->spki_sha256, SHA256_SIZE);
	json = field_encode(FIELD_TABLE(fields), &kept);
	TRY(json_text(json, &text, err));
	TRY(accepted_save_crl(config, root, der, err));
	TRY(state_path(config, root, "accepted.json", path, err));
	return file_replace(path, span_of_buffer(&text), 0644, err);
}
