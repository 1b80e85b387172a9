/* SPDX-License-Identifier: ISC */
/*
 * What was verified before, and need not be again: STATE/verdicts/<root>.  Only
 * pure functions of the octets of two files are remembered, by their digests;
 * never a date, what another file says, or that something is not so.
 */
#pragma once

#include "pki/cert.h"
#include "pki/crl.h"
#include "site/config.h"

enum verified_fact {
	VERIFIED_ISSUED,	/* a certificate, by cert_check_issued_by */
	VERIFIED_CRL,		/* a CRL's signature, by crl_verify */
	VERIFIED_OPENSSL,	/* the same, by X509_CRL_verify */
	VERIFIED_SERIALS,	/* no serial of a CRL is listed twice */
};

/* Start from {0}; load/save or none, then release. */
struct verified {
	void *tree;		/* of tsearch(3) */
	size_t count;
	size_t used_count;	/* of those that were loaded */
	size_t loaded_count;
};

#define RELEASE_VERIFIED __attribute__((cleanup(verified_release)))

/*
 * Is it known of the file with this SHA-256, under this certificate of the
 * root?  Of nothing, NULL, nothing is known.
 */
bool verified_has(struct verified *verified, enum verified_fact fact,
    const uint8_t sha256[SHA256_SIZE], const struct cert *root);

/* From now on it is.  Without memory it is forgotten. */
void verified_add(struct verified *verified, enum verified_fact fact,
    const uint8_t sha256[SHA256_SIZE], const struct cert *root);

/* The same of a CRL: tell it what is known, and ask what it has become. */
void verified_tell(struct verified *verified, struct crl *crl,
    const uint8_t sha256[SHA256_SIZE], const struct cert *root);
void verified_learn(struct verified *verified, const struct crl *crl,
    const uint8_t sha256[SHA256_SIZE], const struct cert *root);

/* cert_check_issued_by, unless it is known. */
MUST_CHECK enum err verified_check_issued(struct verified *verified,
    const struct cert *subject, const struct cert *root, struct error *err);

/*
 * The text of a file of them: what was asked of it, or added.  decode leaves
 * *out empty, and returns false, for anything else than such a text.
 */
MUST_CHECK enum err verified_encode(const struct verified *verified,
    struct buffer *out, struct error *err);
bool verified_decode(struct span text, struct verified *out);

/*
 * Read what was remembered of a root, if nobody but root and the caller can
 * have written it; and write what is to be, without what nobody asked for.
 * Neither ever fails: without, all is verified anew.
 */
void verified_load(const struct config *config, const char *root,
    struct verified *out);
void verified_save(const struct config *config, const char *root,
    const struct verified *verified);

/* Remove the files of roots that the configuration does not have. */
void verified_prune(const struct config *config);

void verified_release(struct verified *verified);
