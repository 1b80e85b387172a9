/* SPDX-License-Identifier: ISC */
/* The facts of a CRL, and of a reset order, as text. */
#pragma once

#include "ferry/order.h"

struct crl_words {
	char number[NUMBER_TEXT_SIZE];
	char this_update[UTC_TEXT_SIZE];
	char next_update[UTC_TEXT_SIZE];
	char next_ceremony[UTC_TEXT_SIZE];	/* left to the caller */
	char sha256[SHA256_HEX_SIZE];	/* of the DER */
};

/* Times in Unix seconds, UTC. */
void crl_words(const struct number *number, int64_t this_update_s,
    int64_t next_update_s, const uint8_t sha256[SHA256_SIZE],
    struct crl_words *out);

/* A CRL that came into the root's archive: four of its words, and the path. */
#define CRL_WORDS_ARCHIVED CRL_WORDS_DATES CRL_WORDS_REST
#define CRL_WORDS_DATES \
	"  thisUpdate     %s\n" \
	"  nextUpdate     %s\n"
#define CRL_WORDS_REST \
	"  next ceremony  %s\n" \
	"  SHA-256        %s\n" \
	"  archived as    %s\n"

/* "?" for a CRL without a number. */
struct order_words {
	char number[NUMBER_TEXT_SIZE];	/* of the CRL that it names */
	char sha256[SHA256_HEX_SIZE];
	char accepted_number[NUMBER_TEXT_SIZE];	/* of that it gives up */
	char accepted_sha256[SHA256_HEX_SIZE];
};

/* accepted_number is NULL if that CRL has none. */
void order_words(const struct order *order,
    const struct number *accepted_number, struct order_words *out);
