/* SPDX-License-Identifier: ISC */
/*
 * Add seals to a bundle that lies on a medium: what another officer does, on
 * the root's machine or on his own, where nothing of the root is known but its
 * certificate.
 */
#pragma once

#include "base/digest.h"
#include "base/notice.h"
#include "ferry/manifest.h"
#include "root/export/sealed_file.h"
#include "site/bundle.h"
#include "site/config.h"

/* A bundle that is verified, and its octets in memory.  init {0} by _open. */
struct sealing {
	const struct config_root *root;		/* borrowed */
	struct bundle bundle;
	struct span parts[BUNDLE_PART_COUNT];	/* the bundle's members */
	struct span seals[BUNDLE_SEALS_MAX];
	struct manifest manifest;
	uint8_t sha256[SHA256_SIZE];		/* of the CRL in DER */
	bool is_trust_known;		/* seal.trusted names keys */
	struct sealkeys_trusted trusted;
	bool has_sealed[SEALKEYS_MAX];	/* which of the trusted keys */
};

#define RELEASE_SEALING __attribute__((cleanup(sealing_release)))

/*
 * Load the highest complete bundle of a root and verify it: sealed by a
 * trusted key, where any is configured (a notice otherwise); a manifest of
 * this root; every file as the manifest has it; a CRL that the configured root
 * signed, of which the manifest tells the truth; the same CRL in PEM, and this
 * root's certificate.  No date is compared with a clock but for a notice.
 *
 * found  false, with ERR_OK, where there is no bundle of this root
 *
 * out is to be released whatever is returned.  ERR_SEAL, ERR_FORMAT,
 * ERR_ISSUER, ERR_DIGEST, ERR_SIGNATURE, ERR_ALGORITHM, ERR_WEAK.
 */
MUST_CHECK enum err sealing_open(const struct config *config,
    const struct config_root *root, const struct source *source,
    int64_t now_s, struct sealing *out, bool *found, struct notices *notices,
    struct error *err);
void sealing_release(struct sealing *sealing);

/* Its manifest as what is sealed; all is borrowed from it. */
void sealing_sealable(const struct sealing *sealing, struct sealable *out);

/*
 * Seal with every key that has not sealed it yet, read all back, and enter in
 * the ledger what is not in it.  The caller holds the state lock.
 *
 * added  how many seals were written: 0 where all were there
 *
 * ERR_CONFIG where a seal key is also a note key; ERR_SEAL where there would
 * be more than BUNDLE_SEALS_MAX; ERR_KEY where a trusted key of the same id
 * has sealed it, whose seal would be lost; nothing is written then.  ERR_IO
 * where something else comes back than what was verified and sealed.
 */
MUST_CHECK enum err sealing_add(const struct config *config,
    const struct sealing *sealing, const struct seal_options *options,
    size_t *added, struct notices *notices, struct error *err);
