/* SPDX-License-Identifier: ISC */
/* Which certificate is to be revoked.  Inside issue/revoke only. */
#pragma once

#include "base/notice.h"
#include "ca/index.h"
#include "pki/cert.h"

/* init {0} / release; serial points into octets. */
struct revoke_target {
	uint8_t octets[INDEX_SERIAL_MAX];
	struct span serial;	/* content octets */
	struct cert *cert;	/* NULL if only the serial is given */
};

/*
 * Tell a serial from a file, as revoke_options says.  out must stay where it
 * is.
 *
 * ERR_USAGE: a serial that is too long, or the root itself.  ERR_MISSING:
 * neither a serial nor a file.  ERR_FORMAT, ERR_ISSUER, ERR_SIGNATURE: the
 * file is no certificate of this root.
 */
MUST_CHECK enum err revoke_target_find(const char *what,
    const struct cert *root, struct revoke_target *out,
    struct notices *notices, struct error *err);
void revoke_target_release(struct revoke_target *target);
