/* SPDX-License-Identifier: ISC */
/*
 * STATE/<root>/importing: it stands while stores are being changed.  The CRL's
 * SHA-256, with "first " before it until one of this root is accepted.
 */
#pragma once

#include "base/digest.h"
#include "site/config.h"

struct mark {
	const struct config *config;
	const char *root;
	const uint8_t *sha256;	/* of the CRL that is installed; to begin */
};

/*
 * Is there a mark, so that an import did not end?  *out is set only if that
 * could be seen.  ERR_IO, ERR_PERMISSIONS
 */
MUST_CHECK enum err mark_stands(const struct mark *mark, bool *out,
    struct error *err);

/*
 * Did the first import of this root end before any store had the CRL?  A mark
 * that is garbled does not say so.  ERR_IO, ERR_PERMISSIONS
 */
MUST_CHECK enum err mark_is_first(const struct mark *mark, bool *out,
    struct error *err);

/*
 * Write it, or write it anew.  If this root has no folder in the state yet,
 * that appears with the mark in it: an empty folder is one whose content was
 * lost.
 */
MUST_CHECK enum err mark_begin(const struct mark *mark, bool is_first,
    struct error *err);

MUST_CHECK enum err mark_end(const struct mark *mark, struct error *err);
