/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "site/sealkeys.h"
#include "sub/import/senders.h"
#include "sub/import/sequence.h"

void
senders_release(struct senders *senders)
{
	for (size_t i = 0; i < senders->count; i++)
		minisign_secret_release(&senders->list[i].own);
	free(senders->list);
	*senders = (struct senders){0};
}

/* Room is made at once: `secret` points into the list. */
enum err
senders_find(const struct config *config, struct senders *out,
    struct error *err)
{
	struct senders senders = {0};
	size_t max = 0;

	for (size_t i = 0; i < config->root_count; i++)
		max += config->roots[i].subordinate_count;
	senders.list = calloc(max + 1, sizeof(*senders.list));
	if (senders.list == NULL)
		return err_no_memory(err);
	for (size_t i = 0; i < config->root_count; i++) {
		const struct config_root *root = &config->roots[i];

		for (size_t k = 0; k < root->subordinate_count; k++) {
			struct sender *next = &senders.list[senders.count];

			if (root->subordinates[k].note_secret == NULL)
				continue;
			next->root = root;
			next->subordinate = &root->subordinates[k];
			senders.count++;
		}
	}
	*out = senders;
	return ERR_OK;
}

static enum err
refuse_role(const struct config *config, const struct sender *sender,
    const char *other, struct error *err)
{
	return err_remedy(err, err_fail(err, ERR_CONFIG, "%s:%u: %s: "
	    "note_secret is not a key of its own: it is %s",
	    config->path, sender->subordinate->line,
	    sender->subordinate->name, other), "crlferry-sub keygen SECRET "
	    "PUBLIC makes another");
}

/* One key has one role: the root would refuse it. */
static enum err
check_roles(const struct config *config, const struct senders *senders,
    const struct sender *sender, const struct minisign_public *own,
    struct error *err)
{
	const struct config_words *trusted = &config->seal.trusted;
	struct minisign_public key;
	struct error why;
	enum err code;

	for (size_t i = 0; i < trusted->count; i++) {
		code = sealkeys_read_public(trusted->words[i], &key, &why);
		if (code == ERR_IO)
			return err_copy(err, &why);
		if (code == ERR_OK &&
		    memcmp(key.key, own->key, sizeof(key.key)) == 0)
			return refuse_role(config, sender,
			    "one that seals bundles", err);
	}
	for (size_t i = 0; i < senders->count; i++) {
		const struct sender *other = &senders->list[i];

		if (other->secret != NULL &&
		    memcmp(other->secret->public.key, own->key,
		    sizeof(own->key)) == 0 &&
		    strcmp(other->subordinate->name,
		    sender->subordinate->name) != 0)
			return refuse_role(config, sender,
			    "another subordinate's", err);
	}
	return ERR_OK;
}

/* An open key of the same file, or NULL. */
static const struct minisign_secret *
find_open(const struct senders *senders, const char *path)
{
	for (size_t i = 0; i < senders->count; i++) {
		const struct sender *sender = &senders->list[i];

		if (sender->secret != NULL &&
		    strcmp(sender->subordinate->note_secret, path) == 0)
			return sender->secret;
	}
	return NULL;
}

enum err
senders_open(const struct config *config, struct senders *senders, size_t i,
    const struct passphrase_source *passphrases, struct error *err)
{
	struct sender *sender = &senders->list[i];
	const char *path = sender->subordinate->note_secret;
	const struct minisign_secret *secret = find_open(senders, path);
	enum err code;

	if (sender->secret != NULL)
		return ERR_OK;
	if (secret == NULL) {
		TRY(sealkeys_open_file(path, passphrases, &sender->own, err));
		secret = &sender->own;
	}
	code = check_roles(config, senders, sender, &secret->public, err);
	if (code == ERR_OK)
		sender->secret = secret;
	else
		minisign_secret_release(&sender->own);
	return code;
}

void
outgoing_begin(enum note_kind kind, const struct config_root *root,
    const struct cert *cert, const char *subordinate, int64_t now_s,
    struct note *out)
{
	uint8_t nonce[NOTE_NONCE_OCTETS];

	out->kind = kind;
	out->at_s = now_s;
	snprintf(out->root, sizeof(out->root), "%s", root->name);
	snprintf(out->subordinate, sizeof(out->subordinate), "%s",
	    subordinate);
	memcpy(out->spki_sha256, cert->spki_sha256, SHA256_SIZE);
	secret_random(nonce, sizeof(nonce));
	hex_encode((struct span){nonce, sizeof(nonce)}, out->nonce,
	    sizeof(out->nonce));
}

enum err
outgoing_encode(const struct config *config, struct note *note,
    struct buffer *json, struct error *err)
{
	TRY(sequence_take(config, note->root, note->subordinate, note->kind,
	    note->nonce, &note->sequence, err));
	return note_encode(note, json, err);
}

enum err
outgoing_seal(const struct note *note, struct span json,
    const struct minisign_secret *secret, struct buffer *seal,
    struct error *err)
{
	char comment[MINISIGN_COMMENT_SIZE];

	note_comment(note, comment, sizeof(comment));
	return minisign_sign(secret, json, comment, seal, err);
}
