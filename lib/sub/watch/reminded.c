/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "base/file.h"
#include "ferry/field.h"
#include "ferry/json_text.h"
#include "site/state.h"
#include "sub/watch/reminded.h"
#include "view/ics_text.h"

#define REMINDED_TYPE "crlferry-reminded"
#define REMINDED_MAX_BYTES (32 * 1024 * 1024)
#define VALUES_MAX 1000000
#define PAIRS_MAX 100000
#define UIDS_MAX 100000
#define NAME_DIGITS 12

#define FIELD_DOCUMENT "reminder"

static enum err
take_state(const struct field *field, const json_t *value, void *to,
    struct error *err)
{
	const char *text = json_string_value(value);

	for (unsigned int i = 0; text != NULL && i < PAIR_STATE_COUNT; i++) {
		if (strcmp(text, pair_state_word((enum pair_state)i)) != 0)
			continue;
		*(enum pair_state *)to = (enum pair_state)i;
		return ERR_OK;
	}
	return field_want(field, "a state", value, err);
}

static json_t *
write_state(const void *from)
{
	return json_string(pair_state_word(*(const enum pair_state *)from));
}

static enum err
take_severity(const struct field *field, const json_t *value, void *to,
    struct error *err)
{
	const char *text = json_string_value(value);

	for (unsigned int i = 0; text != NULL && i <= SEVERITY_UNKNOWN; i++) {
		if (strcmp(text, severity_word((enum severity)i)) != 0)
			continue;
		*(enum severity *)to = (enum severity)i;
		return ERR_OK;
	}
	return field_want(field, "a severity", value, err);
}

static json_t *
write_severity(const void *from)
{
	return json_string(severity_word(*(const enum severity *)from));
}

#define FIELD_SEVERITY(member, name) \
	{FIELD_AT(reminded_pair, member, name, take_severity), \
	    .write = write_severity}

static const struct field pair_fields[] = {
    FIELD(reminded_pair, root, "root", field_text),
    FIELD(reminded_pair, subordinate, "subordinate", field_text),
    {FIELD_AT(reminded_pair, state, "state", take_state),
	.write = write_state},
    FIELD_SEVERITY(severity, "severity"),
    FIELD_SEVERITY(concerns[CONCERN_ROOT_END], "root_end"),
    FIELD_SEVERITY(concerns[CONCERN_SUBORDINATE_END], "subordinate_end"),
    FIELD_SEVERITY(concerns[CONCERN_ROOT_WEAK], "root_weak"),
    FIELD_SEVERITY(concerns[CONCERN_SUBORDINATE_WEAK], "subordinate_weak"),
};

static enum err
take_pair(const struct field *field, const json_t *value, void *to,
    struct error *err)
{
	struct reminded_file *file = to;
	struct reminded_pair pair = {0};

	TRY(field_members(value, field->key, FIELD_TABLE(pair_fields), &pair,
	    err));
	return buffer_append(&file->pairs, &pair, sizeof(pair), err);
}

static json_t *
write_pairs(const void *from)
{
	const struct reminded_file *file = from;

	return field_encode_list(FIELD_TABLE(pair_fields), file->pairs.data,
	    file->pairs.size / sizeof(struct reminded_pair),
	    sizeof(struct reminded_pair));
}

static enum err
take_uid(const struct field *field, const json_t *value, void *to,
    struct error *err)
{
	struct reminded_file *file = to;
	const char *text = json_string_value(value);

	if (text == NULL || strchr(text, '\n') != NULL)
		return field_want(field, "the UID of an event", value, err);
	return buffer_appendf(&file->uids, err, "UID:%s\n", text);
}

static json_t *
write_uids(const void *from)
{
	const struct reminded_file *file = from;
	struct span uids = span_of_buffer(&file->uids);
	json_t *list = json_array();
	char uid[REMINDED_UID_SIZE];

	while (list != NULL && ics_next_uid(&uids, uid, sizeof(uid))) {
		if (json_array_append_new(list, json_string(uid)) != 0) {
			json_decref(list);
			return NULL;
		}
	}
	return list;
}

static const struct field fields[] = {
    FIELD_TYPE(REMINDED_TYPE),
    FIELD_VERSION(REMINDED_VERSION),
    FIELD_IF(reminded_file, at_s, has_mail, "mailed_at", field_time),
    FIELD_LIST("pairs", PAIRS_MAX, take_pair, write_pairs),
    FIELD_LIST("calendar", UIDS_MAX, take_uid, write_uids),
};

static int
compare(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* One file for each list of addresses: who is new to it knows nothing yet. */
static enum err
find_path(const struct config *config, const struct config_words *addresses,
    char out[STATE_PATH_SIZE], struct error *err)
{
	RELEASE_BUFFER struct buffer list = {0};
	const char **sorted = calloc(addresses->count + 1, sizeof(*sorted));
	char digest[NAME_DIGITS + 1], name[64];
	uint8_t hash[SHA256_SIZE];
	enum err code = sorted == NULL ? err_no_memory(err) : ERR_OK;

	for (size_t i = 0; sorted != NULL && i < addresses->count; i++)
		sorted[i] = addresses->words[i];
	if (code == ERR_OK)
		qsort(sorted, addresses->count, sizeof(*sorted), compare);
	for (size_t i = 0; code == ERR_OK && i < addresses->count; i++) {
		if (i == 0 || strcmp(sorted[i - 1], sorted[i]) != 0)
			code = buffer_appendf(&list, err, "%s\n", sorted[i]);
	}
	free(sorted);
	TRY(code);
	TRY(sha256(span_of_buffer(&list), hash, err));
	hex_encode((struct span){hash, NAME_DIGITS / 2}, digest,
	    sizeof(digest));
	snprintf(name, sizeof(name), "reminded-%s.json", digest);
	return state_path(config, NULL, name, out, err);
}

static enum err
parse(struct span text, struct reminded_file *out, struct error *err)
{
	RELEASE_REMINDED struct reminded_file file = {0};
	json_auto_t *json = NULL;

	TRY(field_load(FIELD_DOCUMENT, text, VALUES_MAX, &json, err));
	TRY(field_members(json, "JSON", FIELD_TABLE(fields), &file, err));
	*out = file;
	file = (struct reminded_file){0};
	return ERR_OK;
}

enum err
reminded_load(const struct config *config,
    const struct config_words *addresses, struct reminded_file *out,
    struct notices *notices, struct error *err)
{
	RELEASE_BUFFER struct buffer text = {0};
	char path[STATE_PATH_SIZE];
	struct error why = {0};
	bool found;
	enum err code;

	TRY(find_path(config, addresses, path, err));
	TRY(file_find(path, &found, err));
	if (!found)
		return ERR_OK;
	code = file_read(path, FILE_OURS, REMINDED_MAX_BYTES, &text, &why);
	if (code == ERR_OK)
		code = parse(span_of_buffer(&text), out, &why);
	if (code == ERR_FORMAT)
		notice(notices, "%s cannot be used and is replaced, so what "
		    "was said last is said again: %s", path, why.what);
	return code == ERR_OK || code == ERR_FORMAT ? ERR_OK :
	    err_copy(err, &why);
}

struct reminded
reminded_known(const struct reminded_file *file)
{
	return (struct reminded){.has_mail = file->has_mail,
	    .at_s = file->at_s, .pairs = (const void *)file->pairs.data,
	    .pair_count = file->pairs.size / sizeof(struct reminded_pair)};
}

enum err
reminded_save(const struct config *config,
    const struct config_words *addresses, struct reminded_file *file,
    const struct standing *standings, size_t count, struct error *err)
{
	RELEASE_BUFFER struct buffer text = {0};
	json_auto_t *json = NULL;
	char path[STATE_PATH_SIZE];

	file->pairs.size = 0;
	for (size_t i = 0; i < count; i++) {
		struct reminded_pair pair;

		if (!remind_is_open(&standings[i]))
			continue;
		remind_note(&standings[i], &pair);
		TRY(buffer_append(&file->pairs, &pair, sizeof(pair), err));
	}
	json = field_encode(FIELD_TABLE(fields), file);
	TRY(json_text(json, &text, err));
	TRY(find_path(config, addresses, path, err));
	return file_update(path, span_of_buffer(&text), 0644, err);
}

void
reminded_release(struct reminded_file *file)
{
	buffer_release(&file->pairs);
	buffer_release(&file->uids);
	*file = (struct reminded_file){0};
}
