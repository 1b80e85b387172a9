/* SPDX-License-Identifier: ISC */
/*
 * The certificates of a root that `reissue` has made, and those that they
 * replace: STATE/<root>/certificates/<serial>.crt, in DER.
 */
#pragma once

#include "base/notice.h"
#include "pki/cert.h"
#include "root/history/history.h"
#include "site/state.h"

#define REISSUE_EVENT "reissue"
#define REISSUED_SERIAL_SIZE 129	/* content octets in hex, and NUL */

/* Lower-case hex of the content octets; a longer serial is cut. */
void reissued_serial(const struct cert *cert, char out[REISSUED_SERIAL_SIZE]);

/* Where the certificate of a serial lies, or would; makes no folder. */
MUST_CHECK enum err reissued_path(const struct config *config,
    const char *root, const char *serial, char out[STATE_PATH_SIZE],
    struct error *err);

/*
 * Where a certificate waits until it is verified, in the same folder, which is
 * made; and move it from there to its place, which path receives.
 */
MUST_CHECK enum err reissued_waiting_path(const struct config *config,
    const char *root, char out[STATE_PATH_SIZE], struct error *err);
MUST_CHECK enum err reissued_admit(const struct config *config,
    const char *root, const struct cert *cert, char path[STATE_PATH_SIZE],
    struct error *err);

/* Keep a certificate there, unless it is. */
MUST_CHECK enum err reissued_keep(const struct config *config,
    const char *root, const struct cert *cert, char path[STATE_PATH_SIZE],
    struct error *err);

/* A root's certificate that is to be distributed. */
struct reissued {
	struct cert *cert;	/* NULL: the configured one is it */
	char path[STATE_PATH_SIZE];	/* of cert */
	bool is_known;		/* the ledger has it: a new one for the key */
};

#define RELEASE_REISSUED __attribute__((cleanup(reissued_release)))

/*
 * Which certificate of the root is the newest: one that the ledger records,
 * for the same subject and key, that was made after the configured one, or ends
 * later; or the configured one.  One whose file is gone, or is another, does
 * not count, with a notice: no CRL has to wait for it.
 *
 * configured  the certificate that the configuration names
 *
 * ERR_IO without memory, and for a path that is too long.
 */
MUST_CHECK enum err reissued_find(const struct history *history,
    const struct config_root *root, const struct cert *configured,
    struct reissued *out, struct notices *notices, struct error *err);
void reissued_release(struct reissued *reissued);
