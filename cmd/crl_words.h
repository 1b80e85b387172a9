/* SPDX-License-Identifier: ISC */
/* The facts of a CRL as text. */
#pragma once

#include "base/digest.h"
#include "base/number.h"
#include "base/utc.h"

struct crl_words {
	char number[NUMBER_TEXT_SIZE];
	char this_update[UTC_TEXT_SIZE];
	char next_update[UTC_TEXT_SIZE];
	char sha256[SHA256_HEX_SIZE];	/* of the DER */
};

/* Times in Unix seconds, UTC. */
void crl_words(const struct number *number, int64_t this_update_s,
    int64_t next_update_s, const uint8_t sha256[SHA256_SIZE],
    struct crl_words *out);
