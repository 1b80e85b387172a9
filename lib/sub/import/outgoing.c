/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>

#include "base/secret.h"
#include "sub/import/outgoing.h"
#include "sub/import/sequence.h"

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
	enum err code;

	code = sequence_take(config, note->root, note->subordinate,
	    note->kind, note->nonce, &note->sequence, err);
	return code == ERR_OK ? note_encode(note, json, err) : code;
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
