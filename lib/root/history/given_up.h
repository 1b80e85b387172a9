/* SPDX-License-Identifier: ISC */
/*
 * CRLs that reset orders gave up, by the ledger's "reset-order" lines.  What a
 * note proves of them does not bind this root any more: neither is the CRL
 * asked for, nor must numbers go on from its own.  That one number is used up
 * all the same.
 */
#pragma once

#include "base/digest.h"
#include "base/number.h"
#include "root/history/ledger.h"

struct given_up_crl {
	uint8_t sha256[SHA256_SIZE];
	bool has_number;
	struct number number;
};

/* init {0} / release */
struct given_up {
	struct buffer list;	/* struct given_up_crl each */
};

#define RELEASE_GIVEN_UP __attribute__((cleanup(given_up_release)))

/* Those of one root, read from the whole ledger. */
MUST_CHECK enum err given_up_read(const struct config *config,
    const char *root, struct given_up *out, struct error *err);
bool given_up_has_crl(const struct given_up *given_up,
    const uint8_t sha256[SHA256_SIZE]);
bool given_up_has_number(const struct given_up *given_up,
    const struct number *number);
void given_up_release(struct given_up *given_up);
