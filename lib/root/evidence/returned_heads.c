/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>

#include "ferry/admit.h"
#include "ferry/seals.h"
#include "pki/cert.h"
#include "root/evidence/returned_heads.h"
#include "root/history/archive.h"
#include "root/history/recorded.h"
#include "site/bundle.h"
#include "site/sealkeys.h"

/* Heads on their way, and the keys that vouch for them. */
struct gathering {
	const struct history *history;
	const struct config_root *root;
	const struct cert *cert;
	struct buffer keys;		/* struct minisign_public each */
	struct buffer heads;		/* struct returned_head each */
	struct notices *notices;
};

static void
gathering_release(struct gathering *gathering)
{
	buffer_release(&gathering->keys);
	buffer_release(&gathering->heads);
}

static enum err
add_key(struct gathering *gathering, const struct minisign_public *key,
    struct error *err)
{
	const struct minisign_public *keys =
	    (const void *)gathering->keys.data;

	for (size_t i = 0; i < gathering->keys.size / sizeof(*keys); i++) {
		if (memcmp(&keys[i], key, sizeof(*key)) == 0)
			return ERR_OK;
	}
	return buffer_append(&gathering->keys, key, sizeof(*key), err);
}

/* The keys that an export's line names, divided by spaces. */
static enum err
take_keys(struct gathering *gathering, const char *at, struct error *err)
{
	struct minisign_public key;

	while (*at != '\0') {
		size_t size = strcspn(at, " ");

		TRY(minisign_public_parse((struct span){
		    (const uint8_t *)at, size}, &key, err));
		TRY(add_key(gathering, &key, err));
		at += size + strspn(at + size, " ");
	}
	return ERR_OK;
}

static enum err
gather_keys(struct gathering *gathering, struct error *err)
{
	const struct history *history = gathering->history;
	const struct config_words *trusted = &history->config->seal.trusted;
	const struct history_line *line = history->exports;
	struct minisign_public key;

	for (; line != NULL; line = line->alike)
		TRY(history_about(history, line, take_keys(gathering,
		    history_line_detail(line, "sealed_by"), err), err));
	for (size_t i = 0; i < trusted->count; i++) {
		TRY(sealkeys_read_public(trusted->words[i], &key, err));
		TRY(add_key(gathering, &key, err));
	}
	return ERR_OK;
}

/* Has one of our keys sealed it?  comment receives what it sealed with. */
static bool
is_ours(const struct gathering *gathering, const struct note *note,
    char comment[MINISIGN_COMMENT_SIZE])
{
	const struct minisign_public *keys =
	    (const void *)gathering->keys.data;
	const size_t key_count = gathering->keys.size / sizeof(*keys);

	for (size_t i = 0; i < note->seal_count; i++) {
		if (seals_key(span_of_buffer(&note->manifest),
		    span_of_buffer(&note->seals[i]), keys, key_count,
		    comment, NULL) < key_count)
			return true;
	}
	return false;
}

static enum err
check_manifest(const struct gathering *gathering,
    const struct manifest *manifest, const char *comment, struct error *err)
{
	if (strcmp(manifest->root, gathering->root->name) != 0 ||
	    memcmp(manifest->spki_sha256, gathering->cert->spki_sha256,
	    SHA256_SIZE) != 0)
		return err_fail(err, ERR_ISSUER, "it is of root %s or of "
		    "another key, not of root %s", manifest->root,
		    gathering->root->name);
	return manifest_check_comment(manifest, comment, err);
}

/* Does the note hold the manifest's CRL, and has this root signed it? */
static bool
has_its_crl(const struct gathering *gathering, const struct note *note,
    const struct returned_head *head)
{
	RELEASE_CRL struct crl crl = {0};
	struct number number = number_from_u64(0);
	uint8_t sha256_have[SHA256_SIZE];
	struct window window;
	struct error why;

	window_init_memory(&window, span_of_buffer(&note->crl));
	if (note->crl.size == 0 || sha256(span_of_buffer(&note->crl),
	    sha256_have, &why) != ERR_OK ||
	    memcmp(sha256_have, head->crl_sha256, SHA256_SIZE) != 0 ||
	    crl_open(&window, &crl, &why) != ERR_OK ||
	    admit_identity(&crl, gathering->cert, &why) != ERR_OK)
		return false;
	if (crl.has_number)
		number = crl.number;
	return number_compare(&number, &head->number) == 0 &&
	    crl.this_update.at_s == head->this_update_s;
}

/* The head that a manifest names, and what the ledger should have of both. */
static enum err
add_head(struct gathering *gathering, const struct kept_note *kept,
    const struct manifest *manifest, struct error *err)
{
	struct returned_head head = {.number = manifest->number,
	    .this_update_s = manifest->this_update_s};
	const struct manifest_file *file;
	char name[MANIFEST_NAME_SIZE];

	memcpy(head.head, manifest->ledger_head, sizeof(head.head));
	memcpy(head.note, kept->id, sizeof(head.note));
	bundle_part_name(BUNDLE_CRL, manifest->root, name);
	file = manifest_find(manifest, name);
	if (file != NULL)
		memcpy(head.crl_sha256, file->sha256, SHA256_SIZE);
	TRY(sha256(span_of_buffer(&kept->note.manifest),
	    head.manifest_sha256, err));
	head.has_crl = has_its_crl(gathering, &kept->note, &head);
	return buffer_append(&gathering->heads, &head, sizeof(head), err);
}

/* A manifest that is not authentic, or names no head, proves nothing. */
static enum err
take_note(void *context, const struct kept_note *kept, struct error *err)
{
	struct gathering *gathering = context;
	const struct note *note = &kept->note;
	RELEASE_MANIFEST struct manifest manifest = {0};
	char comment[MINISIGN_COMMENT_SIZE];
	struct error why;
	enum err code;

	if (note->manifest.size == 0)
		return ERR_OK;
	if (!is_ours(gathering, note, comment)) {
		notice(gathering->notices, "%s: its manifest is sealed by no "
		    "key that the ledger or seal.trusted names: it proves "
		    "nothing of the ledger", kept->id);
		return ERR_OK;
	}
	code = manifest_parse(span_of_buffer(&note->manifest), &manifest,
	    &why);
	if (code == ERR_OK)
		code = check_manifest(gathering, &manifest, comment, &why);
	if (code != ERR_OK) {
		notice(gathering->notices, "%s: its manifest is passed over: "
		    "%s", kept->id, why.what);
		return ERR_OK;
	}
	return manifest.ledger_head[0] == '\0' ? ERR_OK :
	    add_head(gathering, kept, &manifest, err);
}

/* Is the head among the shortened ones, divided by spaces? */
static bool
is_listed(const char *list, const char *head)
{
	while (list != NULL && *list != '\0') {
		size_t size = strcspn(list, " ");

		if (size == HEAD_SHORT_SIZE - 1 &&
		    strncmp(list, head, size) == 0)
			return true;
		list += size + strspn(list + size, " ");
	}
	return false;
}

/*
 * A line that owns up to lost lines: those heads, and if the CRL was adopted,
 * any other of the CRLs from the highest that was left to the one that came
 * back.
 */
static bool
owns_up(const struct returned_head *head, const struct history_line *line,
    const struct number *highest)
{
	const bool is_adopt = history_line_is(line, "adopt");
	const char *lost = history_line_detail(line, "ledger_lost");

	if (lost == NULL || !line->has_number ||
	    (!is_adopt && !history_line_is(line, "reset-order")))
		return false;
	return is_listed(lost, head->head) || (is_adopt &&
	    number_compare(&head->number, highest) >= 0 &&
	    number_compare(&head->number, &line->number) <= 0);
}

/* Look for the head, the export of its manifest, and the line of its CRL. */
static void
look_for(const struct gathering *gathering, struct returned_head *head)
{
	const struct history_line *line = history_lines(gathering->history,
	    gathering->root->name);
	struct number highest = {0};	/* of this root's CRLs so far */
	char manifest[SHA256_HEX_SIZE];

	sha256_hex(head->manifest_sha256, manifest);
	/* An export before the ledger had a line names the head of none. */
	head->is_known = strspn(head->head, "0") == strlen(head->head) ||
	    history_has_head(gathering->history, head->head);
	for (; line != NULL; line = line->next) {
		head->is_known = head->is_known ||
		    owns_up(head, line, &highest);
		if (history_line_is(line, "export"))
			head->is_exported = head->is_exported ||
			    history_line_says(line, "manifest", manifest);
		/* One only collected or intended is not archived yet. */
		if (!line->has_number || (!history_line_is(line, "issue") &&
		    !history_line_is(line, "adopt")))
			continue;
		/* A line that was made up for a lost one does not count. */
		if (number_compare(&line->number, &head->number) == 0 &&
		    !history_line_says(line, "recorded",
		    RECORDED_FROM_NOWHERE))
			head->is_entered = true;
		if (number_compare(&line->number, &highest) > 0)
			highest = line->number;
	}
}

static enum err
is_ahead(const struct gathering *gathering, const struct number *number,
    bool *out, struct error *err)
{
	RELEASE_ARCHIVED struct archived last = ARCHIVED_NONE;
	bool found;

	TRY(archive_open_last(gathering->history->config, gathering->root->name,
	    gathering->cert, &last, &found, NULL, err));
	*out = !found || number_compare(number, &last.number) > 0;
	return ERR_OK;
}

/* Does anything beside the manifest show that something was lost? */
static enum err
judge_head(const struct gathering *gathering, struct returned_head *head,
    struct error *err)
{
	uint8_t sha256[SHA256_SIZE];
	bool found;

	head->is_proof = head->is_exported;
	if (head->is_known || head->is_exported)
		return ERR_OK;
	TRY(archive_digest(gathering->history->config, gathering->root->name,
	    &head->number, head->this_update_s, &found, sha256, err));
	if (!found)
		return head->has_crl ? is_ahead(gathering, &head->number,
		    &head->is_proof, err) : ERR_OK;
	head->is_proof = memcmp(sha256, head->crl_sha256, SHA256_SIZE) == 0 ?
	    !head->is_entered : head->has_crl;
	return ERR_OK;
}

void
head_id(const char *head, char out[HEAD_ID_SIZE])
{
	snprintf(out, HEAD_ID_SIZE, HEAD_ID_PREFIX "%.*s",
	    HEAD_SHORT_SIZE - 1, head);
}

enum err
heads_gather(const struct history *history, const struct config_root *root,
    const struct cert *cert, struct buffer *out, struct notices *notices,
    struct error *err)
{
	__attribute__((cleanup(gathering_release))) struct gathering
	    gathering = {.history = history, .root = root, .cert = cert,
	    .notices = notices};
	struct returned_head *list;

	TRY(gather_keys(&gathering, err));
	TRY(notes_visit(history->config, root, take_note, &gathering, notices,
	    err));
	list = (void *)gathering.heads.data;
	for (size_t i = 0; i < gathering.heads.size / sizeof(*list); i++) {
		look_for(&gathering, &list[i]);
		TRY(judge_head(&gathering, &list[i], err));
	}
	return buffer_append(out, gathering.heads.data, gathering.heads.size,
	    err);
}
