/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "ferry/json_text.h"
#include "site/state.h"
#include "sub/import/sequence.h"

#define SEQUENCE_TYPE "crlferry-sequence"

/* 0 if none was used. */
static enum err
load(const char *path, uint64_t *out, char nonce[NOTE_NONCE_SIZE],
    struct error *err)
{
	RELEASE_BUFFER struct buffer text = {0};
	json_auto_t *json = NULL;
	const json_t *sequence;
	const char *type, *last_nonce;
	bool found;

	TRY(file_find(path, &found, err));
	*out = 0;
	if (!found)
		return ERR_OK;
	TRY(file_read(path, FILE_OURS, 4096, &text, err));
	json = json_loadb((const char *)text.data, text.size,
	    JSON_REJECT_DUPLICATES, NULL);
	sequence = json_object_get(json, "sequence");
	type = json_string_value(json_object_get(json, "type"));
	last_nonce = json_string_value(json_object_get(json, "nonce"));
	if (type == NULL || strcmp(type, SEQUENCE_TYPE) != 0 ||
	    json_integer_value(json_object_get(json, "version")) !=
	    SEQUENCE_VERSION || json_integer_value(sequence) < 1 ||
	    json_integer_value(sequence) == INT64_MAX)
		return err_remedy(err, err_fail(err, ERR_FORMAT, "%s is "
		    "damaged: the last sequence is not known", path),
		    "make a new note key, then remove this file");
	*out = (uint64_t)json_integer_value(sequence);
	snprintf(nonce, NOTE_NONCE_SIZE, "%s",
	    last_nonce == NULL ? "" : last_nonce);
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
	char before[NOTE_NONCE_SIZE];
	uint64_t last;

	/* No name of a subordinate has a dot. */
	snprintf(name, sizeof(name), "sequence-%s%s.json", subordinate,
	    kind == NOTE_RECEIPT ? ".receipt" : "");
	TRY(state_folder(config, root, "outbox", folder, err));
	TRY(file_join(path, sizeof(path), folder, name, err));
	TRY(load(path, &last, before, err));
	TRY(save(path, last + 1, nonce, err));
	*out = last + 1;
	return ERR_OK;
}

enum err
sequence_last(const struct config *config, const char *root,
    const char *subordinate, uint64_t *out, char nonce[NOTE_NONCE_SIZE],
    struct error *err)
{
	char name[SITE_NAME_SIZE + 32];
	char path[STATE_PATH_SIZE];

	snprintf(name, sizeof(name), "outbox/sequence-%s.json", subordinate);
	TRY(state_path(config, root, name, path, err));
	return load(path, out, nonce, err);
}
