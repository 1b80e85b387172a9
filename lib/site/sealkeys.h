/* SPDX-License-Identifier: ISC */
/*
 * Key files: those of the `seal` group, what seals bundles and what is trusted,
 * and single ones; and the one role that each key has.
 */
#pragma once

#include "base/prompt/passphrase.h"
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
 * ERR_CONFIG if none is configured or two have one key id, ERR_PERMISSIONS
 * if others may read one, ERR_KEY.
 */
MUST_CHECK enum err sealkeys_open(const struct config *config,
    const struct passphrase_source *passphrases, struct sealkeys_secret *out,
    struct error *err);
void sealkeys_release(struct sealkeys_secret *secrets);

/*
 * Open one secret key file, asking for its passphrase if it has one.
 * ERR_MISSING, ERR_PERMISSIONS if others may read it; ERR_KEY, also if it has
 * a passphrase and passphrases is NULL, so that nobody can be asked.
 */
MUST_CHECK enum err sealkeys_open_file(const char *path,
    const struct passphrase_source *passphrases, struct minisign_secret *out,
    struct error *err);

/*
 * Read one public key: the line that begins with "RW", or the path of a .pub
 * file.  ERR_MISSING, ERR_PERMISSIONS, ERR_KEY.
 */
MUST_CHECK enum err sealkeys_read_public(const char *word,
    struct minisign_public *out, struct error *err);

/*
 * Read every trusted public key.  ERR_CONFIG if there are fewer different
 * ones than `required` or more than SEALKEYS_MAX, ERR_KEY if one is no key.
 */
MUST_CHECK enum err sealkeys_trust(const struct config *config,
    struct sealkeys_trusted *out, struct error *err);

/*
 * The same of what every verb may know, whether it needs the keys or not: a
 * line that is no key, and `required` above the number of different keys.  A
 * file that this user cannot read counts as a key of its own: whoever needs it
 * says so.  Without `required` there may be none.  ERR_CONFIG, ERR_KEY.
 */
MUST_CHECK enum err sealkeys_check_trusted(const struct config *config,
    struct error *err);

/* Is this public key among them?  Keys are compared, not key ids. */
bool sealkeys_has(const struct sealkeys_trusted *trusted,
    const struct minisign_public *key);

/*
 * Do these key ids, as minisign_key_id_text gives them, belong to as many
 * different trusted keys?
 */
bool sealkeys_have_ids(const struct sealkeys_trusted *trusted,
    const char ids[][MINISIGN_KEY_ID_HEX_SIZE], size_t count);

/*
 * The public key of a subordinate's notes; ERR_CONFIG if none is set,
 * ERR_MISSING, ERR_PERMISSIONS or ERR_KEY if it cannot be read.
 */
MUST_CHECK enum err notes_key(const struct config *config,
    const struct config_subordinate *subordinate,
    struct minisign_public *out, struct error *err);

/*
 * One key has one role: what verifies a subordinate's notes neither seals
 * bundles nor verifies the notes of another.  Compare all note keys with each
 * other, with seal.trusted and with those of seal.secret that are open to be
 * read without a passphrase.  Keys that are not there, or not to be used, are
 * passed over: whoever needs them says so.  The same subordinate under several
 * roots may use one key.
 *
 * ERR_CONFIG names both uses.  ERR_IO if a key cannot be read: it may be
 * another's.
 */
MUST_CHECK enum err note_roles_check(const struct config *config,
    struct error *err);

/* The same against the open keys that are about to seal a bundle. */
MUST_CHECK enum err note_roles_check_seals(const struct config *config,
    const struct sealkeys_secret *seals, struct error *err);
