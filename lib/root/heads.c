/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <stdio.h>
#include <string.h>

#include "pki/cert.h"
#include "root/heads.h"
#include "root/ledger.h"
#include "site/sealkeys.h"

/* Heads on their way, and the keys that vouch for them. */
struct gathering {
	const struct config *config;
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
	size_t i;

	for (i = 0; i < gathering->keys.size / sizeof(*keys); i++) {
		if (memcmp(&keys[i], key, sizeof(*key)) == 0)
			return ERR_OK;
	}
	return buffer_append(&gathering->keys, key, sizeof(*key), err);
}

/* The keys that an export's line names, divided by spaces. */
static enum err
take_keys(void *context, const struct ledger_line *line, struct error *err)
{
	const char *at = ledger_line_detail(line, "sealed_by");
	struct minisign_public key;
	enum err code = ERR_OK;

	if (at == NULL || strcmp(line->event, "export") != 0)
		return ERR_OK;
	while (code == ERR_OK && *at != '\0') {
		size_t size = strcspn(at, " ");

		code = minisign_public_parse((struct span){
		    (const uint8_t *)at, size}, &key, err);
		if (code == ERR_OK)
			code = add_key(context, &key, err);
		at += size + strspn(at + size, " ");
	}
	return code;
}

static enum err
gather_keys(struct gathering *gathering, struct error *err)
{
	const struct config_words *trusted = &gathering->config->seal.trusted;
	struct ledger_summary summary;
	struct minisign_public key;
	enum err code;
	size_t i;

	code = ledger_read(gathering->config, take_keys, gathering, &summary,
	    err);
	for (i = 0; code == ERR_OK && i < trusted->count; i++) {
		code = sealkeys_read_public(trusted->words[i], &key, err);
		if (code == ERR_OK)
			code = add_key(gathering, &key, err);
	}
	return code;
}

/* Has one of our keys sealed it?  comment receives what it sealed with. */
static bool
is_ours(const struct gathering *gathering, const struct note *note,
    char comment[MINISIGN_COMMENT_SIZE])
{
	const struct minisign_public *keys =
	    (const void *)gathering->keys.data;
	size_t i, k;

	for (i = 0; i < note->seal_count; i++) {
		for (k = 0; k < gathering->keys.size / sizeof(*keys); k++) {
			if (minisign_verify(&keys[k],
			    span_of_buffer(&note->manifest),
			    span_of_buffer(&note->seals[i]), comment, NULL) ==
			    ERR_OK)
				return true;
		}
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
		return err_fail(err, ERR_ISSUER, "want the manifest of root "
		    "%s, have one of %s or of another key",
		    gathering->root->name, manifest->root);
	return manifest_check_comment(manifest, comment, err);
}

/* What is not authentic, or says nothing of the ledger, proves nothing. */
static enum err
take_note(void *context, const struct kept_note *kept, struct error *err)
{
	struct gathering *gathering = context;
	const struct note *note = &kept->note;
	RELEASE_MANIFEST struct manifest manifest = {0};
	char comment[MINISIGN_COMMENT_SIZE];
	struct returned_head head = {.is_known = false};
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
	if (manifest.ledger_head[0] == '\0')
		return ERR_OK;
	memcpy(head.head, manifest.ledger_head, sizeof(head.head));
	memcpy(head.note, kept->id, sizeof(head.note));
	head.number = manifest.number;
	return buffer_append(&gathering->heads, &head, sizeof(head), err);
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

/* A walk over the ledger, on the look for heads. */
struct search {
	const char *root;
	struct returned_head *list;
	size_t count;
	struct number highest;	/* of this root's CRLs so far */
};

/*
 * A line that owns up to lost lines: those heads, and where the CRL was adopted
 * any other of the CRLs from the highest that was left to the one that came
 * back.
 */
static void
take_lost(struct search *search, const struct ledger_line *line,
    bool is_adopt)
{
	const char *lost = ledger_line_detail(line, "ledger_lost");
	size_t i;

	for (i = 0; lost != NULL && i < search->count; i++) {
		struct returned_head *head = &search->list[i];

		if (is_listed(lost, head->head) || (is_adopt &&
		    number_compare(&head->number, &search->highest) >= 0 &&
		    number_compare(&head->number, &line->number) <= 0))
			head->is_known = true;
	}
}

static enum err
look_for(void *context, const struct ledger_line *line, struct error *err)
{
	struct search *search = context;
	bool is_adopt = strcmp(line->event, "adopt") == 0;
	size_t i;

	(void)err;
	for (i = 0; i < search->count; i++) {
		if (strcmp(search->list[i].head, line->head) == 0)
			search->list[i].is_known = true;
	}
	if (!line->has_number || strcmp(line->root, search->root) != 0)
		return ERR_OK;
	if (is_adopt || strcmp(line->event, "reset-order") == 0)
		take_lost(search, line, is_adopt);
	/* What was only collected or intended is not yet in the archive. */
	if ((is_adopt || strcmp(line->event, "issue") == 0) &&
	    number_compare(&line->number, &search->highest) > 0)
		search->highest = line->number;
	return ERR_OK;
}

/* An export before the ledger had a line names the head of none: zeros. */
static void
pass_empty(struct search *search)
{
	size_t i;

	for (i = 0; i < search->count; i++) {
		const char *head = search->list[i].head;

		if (strspn(head, "0") == strlen(head))
			search->list[i].is_known = true;
	}
}

void
head_id(const char *head, char out[HEAD_ID_SIZE])
{
	snprintf(out, HEAD_ID_SIZE, HEAD_ID_PREFIX "%.*s",
	    HEAD_SHORT_SIZE - 1, head);
}

enum err
heads_gather(const struct config *config, const struct config_root *root,
    const struct cert *cert, struct buffer *out, struct notices *notices,
    struct error *err)
{
	__attribute__((cleanup(gathering_release))) struct gathering
	    gathering = {.config = config, .root = root, .cert = cert,
	    .notices = notices};
	struct search search = {.root = root->name};
	struct ledger_summary summary;
	enum err code;

	code = gather_keys(&gathering, err);
	if (code == ERR_OK)
		code = notes_visit(config, root, take_note, &gathering,
		    notices, err);
	search.list = (void *)gathering.heads.data;
	search.count = gathering.heads.size / sizeof(*search.list);
	if (code == ERR_OK && search.count > 0)
		code = ledger_read(config, look_for, &search, &summary, err);
	if (code != ERR_OK)
		return code;
	pass_empty(&search);
	return buffer_append(out, gathering.heads.data, gathering.heads.size,
	    err);
}
