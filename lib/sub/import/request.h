/* SPDX-License-Identifier: ISC */
/*
 * Write a subordinate's request for its root to the medium: its clock, a nonce,
 * and the CRL that it holds, with what vouched for that.
 */
#pragma once

#include "sub/import/receipt.h"

struct request_options {
	const char *medium;		/* folder, already checked */
	int64_t now_s;
	const struct passphrase_source *passphrases;
};

struct requested {
	char root[SITE_NAME_SIZE];
	char subordinate[SITE_NAME_SIZE];
	char path[4096];		/* of the JSON on the medium */
	uint64_t sequence;
	bool has_crl;
	bool has_number;
	struct number number;
	bool has_manifest;
};

/* release */
struct requests {
	struct requested *list;
	size_t count;
	struct receipts_sent receipts;	/* that went with them */
};

#define RELEASE_REQUESTS __attribute__((cleanup(requests_release)))

/*
 * One for every pair that has a note_secret.  All keys are opened before
 * anything is written; requests of the same pairs on the medium are replaced.
 * Receipts that waited go with them.  The caller holds the state lock.
 *
 * ERR_CONFIG if no pair has a note_secret, or a key has two roles;
 * ERR_KEY, ERR_PERMISSIONS, ERR_MISSING for a key; ERR_IO, ERR_NO_SPACE.
 */
MUST_CHECK enum err request_all(const struct config *config,
    const struct request_options *options, struct requests *out,
    struct notices *notices, struct error *err);
void requests_release(struct requests *requests);
