/* SPDX-License-Identifier: ISC */
/* Record a revocation in the CA's index; the next issue publishes it. */
#pragma once

#include "base/notice.h"
#include "ca/index.h"
#include "root/history/history.h"

struct revoke_options {
	/*
	 * A serial in hex, or a file.  What consists of hex digits alone is a
	 * serial, whatever files there are; then an existing file comes
	 * first, then a serial with colons, "0x" or a minus.
	 */
	const char *what;
	const char *reason;		/* as the index has it; NULL: none */
	/*
	 * With a reason of compromise, since when the key may be known to
	 * others; with any other, when the certificate was revoked.
	 */
	bool has_at;
	int64_t at_s;
	bool is_unknown_allowed;	/* the index may not know the serial */
	int64_t now_s;
	const char *who;		/* "user@host", for the ledger */
};

#define RELEASE_REVOKED __attribute__((cleanup(revoked_release)))

/* Start from {0}, and release. */
struct revoked {
	char serial[SERIAL_TEXT_SIZE];
	char reason[INDEX_REASON_SIZE];	/* as the index has it; or empty */
	int64_t revoked_at_s;
	bool has_invalidity;
	int64_t invalidity_s;
	struct buffer subject;	/* as typed, with NUL; size 0: not known */
	char subordinate[33];		/* whose certificate it is, or empty */
	bool is_added;			/* the index did not know it */
	bool was_revoked;		/* already: the index is as it was */
};

/*
 * Revoke one certificate.  The caller holds the state lock.
 *
 * The index is replaced first, then the ledger gets its line: after a crash in
 * between the revocation stands, and the same call enters what the ledger
 * lacks.  If it is revoked already for this reason, that is a notice.
 *
 * ERR_USAGE: no such reason, one that the profile does not allow, a time in the
 * future or before there was a certificate, the root itself, or revoked for
 * another reason already.  ERR_MISSING: no such file, or the index does not
 * know the serial.  ERR_ISSUER, ERR_SIGNATURE: another CA's certificate.
 * ERR_EXPIRED: it has expired; no CRL needs to list it.  ERR_CLOCK: now is
 * before the root's notBefore.  ERR_FORMAT: index, ledger or certificate are
 * damaged, or disagree.  ERR_CONFIG: a root without `signing`.  Nothing is
 * changed on any of these.
 */
MUST_CHECK enum err revoke(struct history *history,
    const struct config_root *root, const struct revoke_options *options,
    struct revoked *out, struct notices *notices, struct error *err);
void revoked_release(struct revoked *revoked);
