/* SPDX-License-Identifier: ISC */
/*
 * The pairs that send notes, the keys that seal these, and what all notes of a
 * subordinate have in common: head, text and seal.
 */
#pragma once

#include "base/prompt/passphrase.h"
#include "ferry/minisign.h"
#include "ferry/note.h"
#include "pki/cert.h"
#include "site/config.h"

struct sender {
	const struct config_root *root;
	const struct config_subordinate *subordinate;
	const struct minisign_secret *secret;	/* NULL: not open yet */
	struct minisign_secret own;	/* secret may be another's as well */
};

/* find/release; must stay where it is. */
struct senders {
	struct sender *list;
	size_t count;
};

#define RELEASE_SENDERS __attribute__((cleanup(senders_release)))

/* Every pair that has a note_secret, in configured order; may be none. */
MUST_CHECK enum err senders_find(const struct config *config,
    struct senders *out, struct error *err);
void senders_release(struct senders *senders);

/*
 * Open the i-th sender's key, unless it is open.  A file that several pairs
 * name is opened, and asked for, once.
 *
 * passphrases  NULL: a key that has one stays closed
 *
 * ERR_CONFIG if the key seals bundles too, or is another subordinate's;
 * ERR_KEY, ERR_PERMISSIONS, ERR_MISSING.
 */
MUST_CHECK enum err senders_open(const struct config *config,
    struct senders *senders, size_t i,
    const struct passphrase_source *passphrases, struct error *err);

/* Kind, root, subordinate, time and a new nonce, into a note that is {0}. */
void outgoing_begin(enum note_kind kind, const struct config_root *root,
    const struct cert *cert, const char *subordinate, int64_t now_s,
    struct note *out);

/* The next sequence, which is used up with this, and the JSON; appended. */
MUST_CHECK enum err outgoing_encode(const struct config *config,
    struct note *note, struct buffer *json, struct error *err);

/* Seal the JSON of a note, with the comment that goes with it; appended. */
MUST_CHECK enum err outgoing_seal(const struct note *note, struct span json,
    const struct minisign_secret *secret, struct buffer *seal,
    struct error *err);
