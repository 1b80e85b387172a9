/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "ferry/field.h"
#include "ferry/json_text.h"
#include "site/state.h"
#include "sub/import/sequence.h"

#define SEQUENCE_TYPE "crlferry-sequence"
#define FIELD_DOCUMENT "sequence"

struct used {
	uint64_t sequence;
	char nonce[NOTE_NONCE_SIZE];
};

static const struct field fields[] = {
    FIELD_TYPE(SEQUENCE_TYPE),
    FIELD_VERSION(SEQUENCE_VERSION),
    FIELD(used, sequence, "sequence", field_count),
    FIELD_MAYBE(used, nonce, "nonce", field_text),
};

/* The last that was used; its sequence is 0 if none was. */
static enum err
load(const char *path, struct used *out, struct error *err)
{
	RELEASE_BUFFER struct buffer text = {0};
	struct used used = {0};
	json_auto_t *json = NULL;
	bool found;

	TRY(file_find(path, &found, err));
	*out = used;
	if (!found)
		return ERR_OK;
	TRY(file_read(path, FILE_OURS, 4096, &text, err));
	if (field_load(FIELD_DOCUMENT, span_of_buffer(&text), 64, &json,
	    NULL) != ERR_OK || field_members(json, path, FIELD_TABLE(fields),
	    &used, NULL) != ERR_OK || used.sequence < 1 ||
	    used.sequence == INT64_MAX)
		return err_remedy(err, err_fail(err, ERR_FORMAT, "%s is "
		    "damaged: the last sequence is not known", path),
		    "make a new note key, then remove this file");
	*out = used;
	return ERR_OK;
}

static enum err
save(const char *path, uint64_t sequence, const char *nonce,
    struct error *err)
{
	RELEASE_BUFFER struct buffer text = {0};
	json_auto_t *json = json_pack("{s:s, s:i, s:I, s:s}", "type",
	    SEQUENCE_TYPE, "version", SEQUENCE_VERSION, "sequence",
	    (json_int_t)sequence, "nonce", nonce);

	TRY(json_text(json, &text, err));
	return file_replace(path, span_of_buffer(&text), 0644, err);
}

enum err
sequence_take(const struct config *config, const char *root,
    const char *subordinate, enum note_kind kind, const char *nonce,
    uint64_t *out, struct error *err)
{
	char folder[STATE_PATH_SIZE], path[STATE_PATH_SIZE];
	char name[SITE_NAME_SIZE + 32];
	struct used last;

	/* No name of a subordinate has a dot. */
	snprintf(name, sizeof(name), "sequence-%s%s.json", subordinate,
	    kind == NOTE_RECEIPT ? ".receipt" : "");
	TRY(state_folder(config, root, "outbox", folder, err));
	TRY(file_join(path, sizeof(path), folder, name, err));
	TRY(load(path, &last, err));
	TRY(save(path, last.sequence + 1, nonce, err));
	*out = last.sequence + 1;
	return ERR_OK;
}

enum err
sequence_last(const struct config *config, const char *root,
    const char *subordinate, uint64_t *out, char nonce[NOTE_NONCE_SIZE],
    struct error *err)
{
	char name[SITE_NAME_SIZE + 32];
	char path[STATE_PATH_SIZE];
	struct used last;

	snprintf(name, sizeof(name), "outbox/sequence-%s.json", subordinate);
	TRY(state_path(config, root, name, path, err));
	TRY(load(path, &last, err));
	*out = last.sequence;
	memcpy(nonce, last.nonce, sizeof(last.nonce));
	return ERR_OK;
}
