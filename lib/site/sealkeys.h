/* SPDX-License-Identifier: ISC */
/* The keys of the `seal` group: what seals bundles, and what is trusted. */
#pragma once

#include "base/secret.h"
#include "ferry/minisign.h"
#include "site/config.h"

#define SEALKEYS_MAX 16

struct sealkeys_secret {
	struct minisign_secret keys[SEALKEYS_MAX];
	size_t count;
};

struct sealkeys_trusted {
	struct minisign_public keys[SEALKEYS_MAX];
	size_t count;
};

#define RELEASE_SEALKEYS __attribute__((cleanup(sealkeys_release)))

/*
 * Open every configured secret key, asking for passphrases in their order.
 * ERR_CONFIG where none is configured, ERR_PERMISSIONS where others may read
 * one, ERR_KEY.
 */
MUST_CHECK enum err sealkeys_open(const struct config *config,
    const struct secret_source *passphrases, struct sealkeys_secret *out,
    struct error *err);
void sealkeys_release(struct sealkeys_secret *secrets);

/*
 * Read every trusted public key.  ERR_CONFIG where there are fewer different
 * ones than `required` or more than SEALKEYS_MAX, ERR_KEY for what is none.
 */
MUST_CHECK enum err sealkeys_trust(const struct config *config,
    struct sealkeys_trusted *out, struct error *err);
