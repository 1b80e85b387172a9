/* SPDX-License-Identifier: ISC */
/*
 * The words that OpenSSL's index has for reasons: "superseded",
 * "keyTime,20260101000000Z", "holdInstruction,holdInstructionReject".
 */
#pragma once

#include "ca/index.h"

#define INDEX_HOLD_MAX 64
#define INDEX_REASON_SIZE 192	/* the longest of them, and NUL */

/*
 * Parse one, in any case; nothing at all means that no reason is given.
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
 * The word for a revocation, in OpenSSL's spelling; "" where no reason is
 * given.  ERR_FORMAT where the index has none: a reason beyond 6, an
 * invalidity date beside any but 1 and 2.
 */
MUST_CHECK enum err index_reason_format(const struct revocation *revocation,
    char out[INDEX_REASON_SIZE], struct error *err);
