/* SPDX-License-Identifier: ISC */
/*
 * A file of a medium that seals stand beside, with all of it in memory: the
 * manifest of a bundle, or an order.  Who has sealed it, and who has yet to?
 */
#pragma once

#include "base/bytes.h"
#include "site/bundle.h"
#include "site/sealkeys.h"

#define SEALABLE_SEALS_MAX 16	/* that `seal` leaves beside a file */

/* Everything is borrowed, but for the comment. */
struct sealable {
	const char *path;	/* for messages */
	const char *name;	/* of the file, "bundle.json" */
	struct span content;
	char comment[MINISIGN_COMMENT_SIZE];	/* what its seals must say */
	const struct bundle_member *members;	/* the seals as files... */
	const struct span *seals;		/* ...and their octets */
	size_t seal_count;
	const struct sealkeys_trusted *trusted;
};

/*
 * Which trusted keys have sealed the content?  Their comments are not looked
 * at yet: they repeat what the content says, which is not to be parsed before.
 *
 * ERR_SEAL if none of them has.
 */
MUST_CHECK enum err sealable_check_seals(const struct sealable *sealable,
    bool has_sealed[SEALKEYS_MAX], struct error *err);

/* Have all seals of trusted keys the comment that is due?  ERR_SEAL. */
MUST_CHECK enum err sealable_check_comments(const struct sealable *sealable,
    struct error *err);

/*
 * Which of these keys have yet to seal it?
 *
 * ERR_SEAL if there would be more than SEALABLE_SEALS_MAX seals; ERR_KEY if the
 * seal of a trusted key lies under the name of one of these.
 */
MUST_CHECK enum err sealable_choose(const struct sealable *sealable,
    const struct sealkeys_secret *secrets, bool wanted[SEALKEYS_MAX],
    struct error *err);

/* Are there seals of all these keys among what was read back?  ERR_IO. */
MUST_CHECK enum err sealable_check_written(const struct sealable *sealable,
    const struct sealkeys_secret *secrets, struct error *err);
