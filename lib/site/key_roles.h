/* SPDX-License-Identifier: ISC */
/*
 * One key has one role: what verifies a subordinate's notes neither seals
 * bundles nor verifies the notes of another.
 */
#pragma once

#include "site/sealkeys.h"

/*
 * Compare all note keys with each other, with seal.trusted and with those of
 * seal.secret that are open to be read without a passphrase.  Keys that are not
 * there, or not to be used, are passed over: whoever needs them says so.  The
 * same subordinate under several roots may use one key.
 *
 * ERR_CONFIG names both uses.  ERR_IO if a key cannot be read: it may be
 * another's.
 */
MUST_CHECK enum err note_roles_check(const struct config *config,
    struct error *err);

/* The same against the open keys that are about to seal a bundle. */
MUST_CHECK enum err note_roles_check_seals(const struct config *config,
    const struct sealkeys_secret *seals, struct error *err);
