/* SPDX-License-Identifier: ISC */
/* The parts of a rehearsal's CA.  Inside root/rehearsal only. */
#pragma once

#include "root/history/history.h"

/*
 * The configuration of the throw-away CA, appended: every root that signs,
 * with its files beside the configuration.
 */
MUST_CHECK enum err rehearsal_configuration(const struct config *real,
    struct buffer *out, struct error *err);

/* <folder>/<root><suffix>, what the configuration calls a root's file. */
MUST_CHECK enum err rehearsal_path(char *out, size_t capacity,
    const char *folder, const char *root, const char *suffix,
    struct error *err);

#define REHEARSAL_CERTIFICATE ".pem"
#define REHEARSAL_KEY ".key"
#define REHEARSAL_INDEX ".index.txt"
#define REHEARSAL_CRLNUMBER ".crlnumber"
#define REHEARSAL_SEAL "bundle_seal.key"	/* no name of a root has a _ */

/*
 * Sign the real root's last CRL anew, with the same entries, number and dates,
 * and make it the throw-away root's current one, with a line in its ledger of
 * the time of the real ledger's last one.  Nothing if there is none.
 *
 * folder  of the rehearsal
 */
MUST_CHECK enum err rehearsal_sign_last(const struct history *real,
    const struct config_root *root, struct history *history,
    const char *folder, struct error *err);
