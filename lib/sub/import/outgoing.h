/* SPDX-License-Identifier: ISC */
/* What all notes of a subordinate have in common: head, text and seal. */
#pragma once

#include "ferry/note.h"
#include "pki/cert.h"
#include "site/config.h"

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
