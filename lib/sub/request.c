/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "site/certfile.h"
#include "site/mailbox.h"
#include "site/sealkeys.h"
#include "sub/accepted.h"
#include "sub/accepted_sealed.h"
#include "sub/request.h"
#include "sub/sequence.h"

/* A pair that sends notes, and what seals them. */
struct sender {
	const struct config_root *root;
	const struct config_subordinate *subordinate;
	const struct minisign_secret *secret;	/* may be another's as well */
	struct minisign_secret own;
};

struct senders {
	struct sender *list;
	size_t count;
};

#define RELEASE_SENDERS __attribute__((cleanup(senders_release)))

static void
senders_release(struct senders *senders)
{
	size_t i;

	for (i = 0; i < senders->count; i++)
		minisign_secret_release(&senders->list[i].own);
	free(senders->list);
}

void
requests_release(struct requests *requests)
{
	free(requests->list);
	*requests = (struct requests){0};
}

/* Room is made at once: `secret` points into the list. */
static enum err
find_senders(const struct config *config, struct senders *out,
    struct error *err)
{
	size_t max = 0;
	size_t i, k;

	for (i = 0; i < config->root_count; i++)
		max += config->roots[i].subordinate_count;
	out->list = calloc(max + 1, sizeof(*out->list));
	if (out->list == NULL)
		return err_fail(err, ERR_IO, "memory: want more, have none");
	for (i = 0; i < config->root_count; i++) {
		const struct config_root *root = &config->roots[i];

		for (k = 0; k < root->subordinate_count; k++) {
			if (root->subordinates[k].note_secret == NULL)
				continue;
			out->list[out->count].root = root;
			out->list[out->count++].subordinate =
			    &root->subordinates[k];
		}
	}
	if (out->count == 0)
		return err_fail(err, ERR_CONFIG, "%s:%u: want a subordinate "
		    "with \"note_secret\", which seals its requests, have "
		    "none: crlferry-sub keygen makes one", config->path,
		    config->root_count == 0 ? 1 : config->roots[0].line);
	return ERR_OK;
}

/* A file that several pairs name is opened, and asked for, once. */
static enum err
open_keys(struct senders *senders, const struct secret_source *passphrases,
    struct error *err)
{
	enum err code = ERR_OK;
	size_t i, k;

	for (i = 0; code == ERR_OK && i < senders->count; i++) {
		struct sender *sender = &senders->list[i];
		const char *path = sender->subordinate->note_secret;

		for (k = 0; k < i && sender->secret == NULL; k++) {
			if (strcmp(senders->list[k].subordinate->note_secret,
			    path) == 0)
				sender->secret = senders->list[k].secret;
		}
		if (sender->secret != NULL)
			continue;
		code = sealkeys_open_file(path, passphrases, &sender->own,
		    err);
		sender->secret = &sender->own;
	}
	return code;
}

static enum err
refuse_role(const struct config *config, const struct sender *sender,
    const char *other, struct error *err)
{
	return err_fail(err, ERR_CONFIG, "%s:%u: %s: note_secret: want a key "
	    "of its own, have %s", config->path, sender->subordinate->line,
	    sender->subordinate->name, other);
}

/* One key has one role: the root would refuse it. */
static enum err
check_roles(const struct config *config, const struct senders *senders,
    struct error *err)
{
	const struct config_words *trusted = &config->seal.trusted;
	struct minisign_public key;
	size_t i, k;

	for (i = 0; i < senders->count; i++) {
		const struct sender *sender = &senders->list[i];
		const uint8_t *own = sender->secret->public.key;

		for (k = 0; k < trusted->count; k++) {
			if (sealkeys_read_public(trusted->words[k], &key,
			    NULL) == ERR_OK &&
			    memcmp(key.key, own, sizeof(key.key)) == 0)
				return refuse_role(config, sender,
				    "one that seals bundles", err);
		}
		for (k = 0; k < i; k++) {
			const struct sender *before = &senders->list[k];

			if (memcmp(before->secret->public.key, own,
			    sizeof(key.key)) == 0 &&
			    strcmp(before->subordinate->name,
			    sender->subordinate->name) != 0)
				return refuse_role(config, sender,
				    "another subordinate's", err);
		}
	}
	return ERR_OK;
}

/* The accepted CRL, and what vouched for it; nothing where there is none. */
static enum err
fill_held(const struct config *config, const struct config_root *root,
    const struct cert *cert, struct note *note, struct error *err)
{
	struct crl_facts facts;
	enum err code;

	code = accepted_load_crl(config, root->name, cert, &note->crl, &facts,
	    err);
	if (code != ERR_OK || note->crl.size == 0)
		return code;
	note->has_number = facts.has_number;
	note->number = facts.number;
	return accepted_sealed_load(config, root->name, facts.sha256, note,
	    err);
}

static enum err
fill_note(const struct config *config, const struct sender *sender,
    int64_t now_s, struct note *note, struct error *err)
{
	uint8_t nonce[NOTE_NONCE_OCTETS];
	FREE_CERT struct cert *cert = NULL;
	enum err code;

	note->kind = NOTE_REQUEST;
	note->at_s = now_s;
	snprintf(note->root, sizeof(note->root), "%s", sender->root->name);
	snprintf(note->subordinate, sizeof(note->subordinate), "%s",
	    sender->subordinate->name);
	secret_random(nonce, sizeof(nonce));
	hex_encode((struct span){nonce, sizeof(nonce)}, note->nonce,
	    sizeof(note->nonce));
	code = certfile_load(sender->root->certificate, &cert, err);
	if (code != ERR_OK)
		return code;
	memcpy(note->spki_sha256, cert->spki_sha256, SHA256_SIZE);
	code = fill_held(config, sender->root, cert, note, err);
	return code == ERR_OK ? sequence_take(config, note->root,
	    note->subordinate, note->nonce, &note->sequence, err) : code;
}

static void
describe(const struct note *note, struct requested *out)
{
	memcpy(out->root, note->root, sizeof(out->root));
	memcpy(out->subordinate, note->subordinate, sizeof(out->subordinate));
	out->sequence = note->sequence;
	out->has_crl = note->crl.size > 0;
	out->has_number = note->has_number;
	out->number = note->number;
	out->has_manifest = note->manifest.size > 0;
}

static enum err
write_request(const struct config *config, const struct sender *sender,
    const struct request_options *options, struct requested *out,
    struct error *err)
{
	RELEASE_NOTE struct note note = {.kind = NOTE_REQUEST};
	RELEASE_BUFFER struct buffer json = {0}, seal = {0};
	char comment[MINISIGN_COMMENT_SIZE], stem[NOTE_STEM_SIZE];
	enum err code;

	code = fill_note(config, sender, options->now_s, &note, err);
	if (code == ERR_OK)
		code = note_encode(&note, &json, err);
	if (code != ERR_OK)
		return code;
	note_comment(&note, comment, sizeof(comment));
	note_stem(note.kind, note.subordinate, stem);
	code = minisign_sign(sender->secret, span_of_buffer(&json), comment,
	    &seal, err);
	if (code == ERR_OK)
		code = mailbox_write(options->medium, note.root, stem,
		    span_of_buffer(&json), span_of_buffer(&seal), out->path,
		    sizeof(out->path), err);
	describe(&note, out);
	return code;
}

enum err
request_all(const struct config *config,
    const struct request_options *options, struct requests *out,
    struct error *err)
{
	RELEASE_SENDERS struct senders senders = {0};
	RELEASE_REQUESTS struct requests requests = {0};
	enum err code;
	size_t i;

	code = find_senders(config, &senders, err);
	if (code == ERR_OK)
		code = open_keys(&senders, options->passphrases, err);
	if (code == ERR_OK)
		code = check_roles(config, &senders, err);
	if (code != ERR_OK)
		return code;
	requests.list = calloc(senders.count, sizeof(*requests.list));
	if (requests.list == NULL)
		return err_fail(err, ERR_IO, "memory: want more, have none");
	for (i = 0; code == ERR_OK && i < senders.count; i++) {
		code = write_request(config, &senders.list[i], options,
		    &requests.list[i], err);
		requests.count = i + 1;
	}
	if (code != ERR_OK)
		return code;
	*out = requests;
	requests = (struct requests){0};
	return ERR_OK;
}
