/* SPDX-License-Identifier: ISC */
/*
 * Ledger heads that come back: every manifest names the digest of the ledger's
 * last line, and requests bring manifests home.  A head that the ledger does
 * not hold tells that it was cut or rewritten.
 */
#pragma once

#include "base/notice.h"
#include "pki/cert.h"
#include "root/evidence/notes.h"
#include "root/history/history.h"

#define HEAD_ID_PREFIX "ledger-head-"
#define HEAD_SHORT_SIZE 17	/* its first 16 digits and NUL */
#define HEAD_ID_SIZE (sizeof(HEAD_ID_PREFIX) - 1 + HEAD_SHORT_SIZE)

/* "ledger-head-<its first 16 digits>", as evidence. */
void head_id(const char *head, char out[HEAD_ID_SIZE]);

struct returned_head {
	char head[2 * BLAKE2B_256_SIZE + 1];
	char note[NOTE_ID_SIZE];	/* which brought it */
	struct number number;		/* of the manifest */
	int64_t this_update_s;
	uint8_t manifest_sha256[SHA256_SIZE];
	uint8_t crl_sha256[SHA256_SIZE];	/* by the manifest */
	bool is_known;			/* a line of the ledger, or one that an
					 * adopt or reset-order line owns up
					 * to have lost */
	bool is_exported;		/* the ledger has exported the
					 * manifest */
	bool is_entered;		/* the ledger has a line of its CRL */
	bool has_crl;			/* the note has it, and this root has
					 * signed it */
	bool is_proof;			/* of a loss, if it is not is_known */
};

/*
 * Gather the heads of all kept notes of a root and look for them.  A manifest
 * is looked at if a key of ours has sealed it: one that an export line of the
 * ledger names, or that seal.trusted has; any other is a notice.
 *
 * A seal key may be stolen, and so such a manifest alone proves nothing.  Its
 * head is_proof if the ledger has exported that very manifest; if the archive
 * holds its CRL, and the ledger has lost the line of that; or if its CRL, which
 * no seal key can sign, is ahead of the archive or has another CRL's number
 * there.
 *
 * out  struct returned_head each, appended
 *
 * ERR_KEY, ERR_MISSING if seal.trusted cannot be read.
 */
MUST_CHECK enum err heads_gather(const struct history *history,
    const struct config_root *root, const struct cert *cert,
    struct buffer *out, struct notices *notices, struct error *err);
