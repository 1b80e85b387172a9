/* SPDX-License-Identifier: ISC */
/*
 * The last CRL of a root that was accepted: STATE/<root>/accepted.json, the
 * anti-rollback mark, and accepted.crl, the CRL itself.
 */
#pragma once

#include "ferry/admit.h"
#include "pki/cert.h"
#include "site/config.h"

#define ACCEPTED_VERSION 1

struct accepted {
	struct crl_facts facts;
	int64_t accepted_at_s;
	bool has_next_ceremony;
	int64_t next_ceremony_s;	/* of the manifest; 00:00Z */
};

enum accepted_state {
	ACCEPTED_NEVER,		/* nothing was ever accepted of this root */
	ACCEPTED_KNOWN,
	ACCEPTED_LOST,		/* there was something: missing or damaged */
};

/*
 * Load it.  It is bound to the root's key: another's is ACCEPTED_LOST.
 *
 * detail  for ACCEPTED_LOST, what is wrong with it
 *
 * ERR_FORMAT for a version that is not known; ERR_IO or ERR_PERMISSIONS if it
 * cannot be seen what was accepted, which is neither "never" nor "lost".
 */
MUST_CHECK enum err accepted_load(const struct config *config,
    const char *root, const struct cert *cert, enum accepted_state *state,
    struct accepted *out, char *detail, size_t capacity, struct error *err);

/*
 * The accepted CRL in DER, appended, and its facts; nothing if it is missing
 * or does not verify under the root's key.  ERR_IO, ERR_PERMISSIONS.
 */
MUST_CHECK enum err accepted_load_crl(const struct config *config,
    const char *root, const struct cert *cert, struct buffer *out,
    struct crl_facts *facts, struct error *err);

/* The CRL alone, if it is missing or another; equal bytes are left. */
MUST_CHECK enum err accepted_save_crl(const struct config *config,
    const char *root, struct span der, struct error *err);

/* Remember, durably: the CRL first, then the mark.  Equal bytes are left. */
MUST_CHECK enum err accepted_save(const struct config *config,
    const char *root, const struct cert *cert,
    const struct accepted *accepted, struct span der, struct error *err);
