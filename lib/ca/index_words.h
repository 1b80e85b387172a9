/* SPDX-License-Identifier: ISC */
/*
 * How OpenSSL's index spells serials and reasons: "superseded",
 * "keyTime,20260101000000Z", "holdInstruction,holdInstructionReject".
 */
#pragma once

#include "ca/index.h"

#define INDEX_SERIAL_TEXT_SIZE (2 * INDEX_SERIAL_MAX + 1)
#define INDEX_HOLD_MAX 64
#define INDEX_REASON_SIZE 192	/* the longest of them, and NUL */

/* As much of a text as a message shows: the two arguments of "%.*s". */
#define SHOWN(text) index_word_shown(text), (const char *)(text).data
int index_word_shown(struct span text);

/* The part of *text before a comma, which is taken off with it. */
struct span index_word_take(struct span *text);

/*
 * Parse a reason, in any case; nothing at all means that no reason is given.
 *
 * out   reason (-1: none; 0: unspecified, said), has_invalidity,
 *       invalidity_s and hold are set, the rest is left alone
 * hold  where out->hold points
 *
 * ERR_FORMAT names the word and why it cannot be.
 */
MUST_CHECK enum err index_reason_parse(struct span text,
    struct revocation *out, uint8_t hold[INDEX_HOLD_MAX], struct error *err);

/*
 * The word for a revocation, in OpenSSL's spelling; "" if no reason is
 * given.  ERR_FORMAT if the index has none: a reason beyond 6, an
 * invalidity date beside any but 1 and 2.
 */
MUST_CHECK enum err index_reason_format(const struct revocation *revocation,
    char out[INDEX_REASON_SIZE], struct error *err);

/*
 * An even number of hex digits of either case to the content octets of a
 * positive INTEGER; leading zeros are spelling only.  False for anything else,
 * and for what does not fit.
 */
bool index_serial_parse(struct span text, uint8_t out[INDEX_SERIAL_MAX],
    size_t *size);

/* Upper-case hex with an even number of digits, without the sign's octet. */
void index_serial_format(struct span serial,
    char out[INDEX_SERIAL_TEXT_SIZE]);
