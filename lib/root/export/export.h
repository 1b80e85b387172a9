/* SPDX-License-Identifier: ISC */
/* Write the bundle of a root's current CRL to the medium. */
#pragma once

#include "base/digest.h"
#include "base/notice.h"
#include "root/history/history.h"
#include "site/sealkeys.h"

struct medium_progress;

struct export_options {
	const char *medium;		/* folder, already checked */
	int64_t now_s;
	const char *who;
	const struct sealkeys_secret *seals;
	const struct medium_progress *progress;	/* or NULL */
};

struct exported {
	char path[4096];		/* the bundle's folder */
	struct number number;
	int64_t next_update_s;
	uint8_t sha256[SHA256_SIZE];	/* of the CRL in DER */
	char ledger_head[2 * BLAKE2B_256_SIZE + 1];	/* as it is sealed */
};

/*
 * Export, read back and compare.  The caller holds the state lock.  The
 * manifest answers the requests that were taken in.  The certificate in the
 * bundle is the root's newest (history/reissued).
 *
 * ERR_CONFIG if a seal key is also a note key; what an importer would say, if
 * that would not take the CRL (admission_check_current): ERR_EXPIRED,
 * ERR_NOT_YET_VALID, ERR_SCOPE, ERR_WEAK, ERR_ISSUER, ERR_FORMAT; ERR_REGRESSED
 * if the archive has lost a later one (evidence/vanished); ERR_MISSING if
 * nothing has been issued; ERR_IO or ERR_NO_SPACE leave what was on the medium
 * before, or no bundle of this number.
 */
MUST_CHECK enum err export_root(struct history *history,
    const struct config_root *root, const struct export_options *options,
    struct exported *out, struct notices *notices, struct error *err);
