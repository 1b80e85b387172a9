/* SPDX-License-Identifier: ISC */
/*
 * A rehearsal's own CA: for every root that signs here a throw-away key and a
 * certificate of the same subject, a copy of its index, a state folder, a seal
 * key and a medium, all in one temporary folder.
 */
#pragma once

#include "root/history/history.h"
#include "site/config.h"

#define REHEARSAL_MEDIUM "crlferry-rehearsal"	/* which nobody imports */

struct rehearsal_options {
	const char *parent;	/* of the folder: $TMPDIR or /tmp */
	const char *medium;	/* the stick; NULL: a folder stands for it */
	const struct secret *passphrase;	/* of the keys; NULL: none */
};

struct rehearsal {
	char folder[4096];	/* temporary, mode 0700 */
	char medium[4096];	/* REHEARSAL_MEDIUM on the stick, or a folder
				 * inside the temporary one */
	struct config *config;	/* of the throw-away CA */
};

#define RELEASE_REHEARSAL __attribute__((cleanup(rehearsal_release)))
#define REHEARSAL_NONE {.config = NULL}

/*
 * Make it.  Nothing of the real configuration's files is changed, and no real
 * key is opened.  The last CRLs are signed anew with the throw-away keys, so
 * that the differences shown are those that a ceremony would show.  Roots
 * without a `signing` group are left out, as are the subordinates'
 * certificates, which no throw-away key has signed, and their note keys.
 * On the medium, what an earlier rehearsal has left is removed.
 *
 * ERR_CONFIG if no root signs here.  Errors of reading certificates,
 * indexes and archives otherwise; the folder is gone then.
 */
MUST_CHECK enum err rehearsal_prepare(const struct config *config,
    const struct rehearsal_options *options, struct rehearsal *out,
    struct error *err);

/*
 * Free it, and remove the folder with its keys and all else that is in it:
 * minutes that are to be kept are copied out before.  What it
 * wrote to a stick stays there.
 */
void rehearsal_release(struct rehearsal *rehearsal);

/* Inside ceremony/rehearsal only, from here on. */

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
 * folder      of the rehearsal
 * passphrase  of its key
 */
MUST_CHECK enum err rehearsal_sign_last(const struct history *real,
    const struct config_root *root, struct history *history,
    const char *folder, const struct secret *passphrase, struct error *err);
