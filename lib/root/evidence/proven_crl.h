/* SPDX-License-Identifier: ISC */
/*
 * CRLs of this root that notes have proven, and `collect` has laid out for
 * `adopt`: STATE/<root>/notes/<number>.crl.  They need no note to vouch for
 * them, since their signature is this root's own: another note, or another
 * note key, does not undo what was proven.
 */
#pragma once

#include "base/digest.h"
#include "root/evidence/regressed.h"

/* Where a proven CRL lies, or would lie: STATE/<root>/notes/<number>.crl. */
MUST_CHECK enum err notes_crl_path(const struct config *config,
    const char *root, const struct number *number, char *out,
    size_t capacity, struct error *err);

/*
 * Show visit each CRL that lies there, verified or not; an error from it ends
 * the walk.
 *
 * number  by the file's name
 */
MUST_CHECK enum err notes_visit_crls(const struct config *config,
    const char *root, enum err (*visit)(void *context, const char *path,
    const struct number *number, struct error *err), void *context,
    struct error *err);

/* The id of a CRL that a note has brought: "note-crl-<16 hex digits>". */
#define NOTES_CRL_ID_SIZE 32
void notes_crl_id(const uint8_t sha256[SHA256_SIZE],
    char out[NOTES_CRL_ID_SIZE]);

/* Remove those up to this number: the archive has gone beyond them. */
MUST_CHECK enum err notes_drop_crls(const struct config *config,
    const char *root, const struct number *last, struct error *err);

/*
 * ERR_REGRESSED: one of them verifies under this root's key, has a number
 * above the archive's, and no reset order gave it up and no operator discarded
 * it.  One that does not verify is passed over with a notice.
 *
 * request  while its archive is empty, none can be discarded
 */
MUST_CHECK enum err proven_crl_check(const struct proofs_request *request,
    struct notices *notices, struct error *err);

#define PROVEN_CRL_WAY_SIZE 4600

/*
 * The ways out for a CRL that is ahead of the archive: `adopt`, which is the
 * right one; a reset order; and for one that nobody can adopt (a delta CRL, one
 * from the future) to discard it as evidence.
 *
 * id  by notes_crl_id; NULL if it cannot be discarded
 */
void proven_crl_way_out(const struct config *config, const char *root,
    const char *path, const char *id, char out[PROVEN_CRL_WAY_SIZE]);
