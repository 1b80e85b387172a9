/* SPDX-License-Identifier: ISC */
/*
 * What vouched for the accepted CRL: STATE/<root>/accepted.sealed.json holds
 * its manifest as it came, and the seals over it that counted.  A request
 * carries them back to the root, which finds its own words in them again.
 */
#pragma once

#include "ferry/note.h"
#include "site/bundle.h"
#include "site/config.h"

#define ACCEPTED_SEALED_VERSION 1

/*
 * Keep the manifest and those seals of a bundle that were verified: whatever
 * else lies beside them is anybody's.  Equal ones are left, and a bare CRL has
 * none.
 *
 * which  seal_count indexes of bundle->seals
 */
MUST_CHECK enum err accepted_sealed_save(const struct config *config,
    const char *root, const struct bundle *bundle, const uint32_t *which,
    size_t seal_count, struct error *err);

/*
 * Put them into a note that holds the accepted CRL.  Nothing is put if
 * there are none, or if the manifest is about another CRL: it came bare, or
 * an import was interrupted.
 */
MUST_CHECK enum err accepted_sealed_load(const struct config *config,
    const char *root, const uint8_t crl_sha256[SHA256_SIZE],
    struct note *note, struct error *err);
