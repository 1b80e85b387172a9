/* SPDX-License-Identifier: ISC */
/*
 * What init says of a CA that it adopts, and other verbs would say only when
 * somebody waits for a CRL.
 */
#pragma once

#include "../cli.h"
#include "ca/index.h"
#include "pki/cert.h"

/* Say so if the index, read from path, has a subordinate as revoked. */
void init_note_revoked(const struct index *index, const char *path,
    const char *word, const struct cert *cert, struct notices *notices);

/* Say what is odd about the root's certificate, which other verbs admit. */
void init_note_root(struct invocation *invocation, const char *path,
    const struct cert *cert);

/*
 * Say for what the first issue would be refused, if there is a key.  For
 * --first and the date `issue` asks when it must.  ERR_IO
 */
MUST_CHECK enum err init_note_refusal(struct invocation *invocation,
    const struct config *config, const struct cert *cert, struct error *err);

/*
 * How the pairs stand: is there a last CRL, and does it revoke one of them?  An
 * archive that a configuration before this one has left must be this root's:
 * ERR_SIGNATURE and the like if it is not.
 */
MUST_CHECK enum err init_look(const struct config *config, int64_t now_s,
    bool *has_last, struct notices *notices, struct error *err);
