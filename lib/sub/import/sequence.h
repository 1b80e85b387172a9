/* SPDX-License-Identifier: ISC */
/*
 * The sequence of a subordinate's notes of one kind, which rises from each to
 * the next, with the last nonce: in STATE/<root>/outbox/, of its requests
 * sequence-<subordinate>.json, of its receipts
 * sequence-<subordinate>.receipt.json.
 */
#pragma once

#include "ferry/note.h"
#include "site/config.h"

#define SEQUENCE_VERSION 1

/*
 * Take the next one, for a note with this nonce.  It is used up, durably,
 * before it is given out.
 *
 * ERR_FORMAT if the file is damaged: then nobody knows what was used.
 */
MUST_CHECK enum err sequence_take(const struct config *config,
    const char *root, const char *subordinate, enum note_kind kind,
    const char *nonce, uint64_t *out, struct error *err);

/*
 * The sequence of the last request that was taken, and its nonce; *out is 0
 * if none was.  ERR_FORMAT as above.
 */
MUST_CHECK enum err sequence_last(const struct config *config,
    const char *root, const char *subordinate, uint64_t *out,
    char nonce[NOTE_NONCE_SIZE], struct error *err);
