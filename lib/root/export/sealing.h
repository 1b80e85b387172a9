/* SPDX-License-Identifier: ISC */
/*
 * Add seals to a bundle or a reset order that lies on a medium: what another
 * officer does, on the root's machine or on his own, where nothing of the root
 * is known but its certificate.
 */
#pragma once

#include "base/digest.h"
#include "base/notice.h"
#include "ferry/manifest.h"
#include "pki/cert.h"
#include "root/history/history.h"
#include "site/bundle.h"
#include "site/mailbox/orderbox.h"
#include "site/sealkeys.h"

#define SEALABLE_SEALS_MAX 16	/* that `seal` leaves beside a file */

/*
 * A file of a medium that seals stand beside, with all of it in memory: the
 * manifest of a bundle, or an order.  Everything is borrowed, but for the
 * comment.
 */
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

/* A bundle, and its octets in memory. */
struct sealed_bundle {
	struct bundle bundle;
	struct span parts[BUNDLE_PART_COUNT];	/* its members */
	struct span seals[BUNDLE_SEALS_MAX];
	struct manifest manifest;
	uint8_t sha256[SHA256_SIZE];		/* of the CRL in DER */
};

struct sealed_order {
	struct orderbox box;
	struct order order;
	bool has_accepted_number;	/* this machine's ledger knows it */
	struct number accepted_number;	/* of the CRL that is given up */
};

/*
 * A bundle or an order, once it is verified.  It points into itself and to the
 * source: neither is to be moved.
 */
struct sealing {
	const struct sealing_kind *kind;
	struct history *history;	/* borrowed, as what is const here */
	const struct config_root *root;
	const struct config_subordinate *subordinate;	/* of an order */
	const char *place;		/* a source that it is found in */
	struct cert *cert;		/* the root's; owned */
	struct sealable file;
	bool is_trust_known;		/* seal.trusted names keys */
	struct sealkeys_trusted trusted;
	bool has_sealed[SEALKEYS_MAX];	/* which of the trusted keys */
	struct sealed_bundle bundle;	/* this or... */
	struct sealed_order order;	/* ...this */
};

/* Who seals, and when; all borrowed. */
struct seal_options {
	int64_t now_s;
	const char *who;	/* "user@host" */
	const struct sealkeys_secret *seals;
};

/* How a bundle differs from an order.  Inside root/export only. */
struct sealing_kind {
	bool is_signed;		/* by the root; else only its seals vouch */

	/* Find it in a source; sets place and file, but for its comment. */
	enum err (*load)(struct sealing *sealing, const struct source *source,
	    bool *found, struct notices *notices, struct error *err);

	/* The content, which trusted keys have sealed; sets file.comment. */
	enum err (*parse)(struct sealing *sealing, struct error *err);
	enum err (*check)(struct sealing *sealing, struct error *err);

	/* More that is to be known of one that is verified. */
	enum err (*look_up)(struct sealing *sealing, int64_t now_s,
	    struct notices *notices, struct error *err);
	enum err (*write_seal)(const struct sealing *sealing,
	    const struct minisign_secret *secret, struct error *err);

	/* Enter what was sealed in the ledger, as seal_record does. */
	enum err (*record)(const struct sealing *sealing,
	    const struct seal_options *options,
	    const bool wanted[SEALKEYS_MAX], struct notices *notices,
	    struct error *err);
};

extern const struct sealing_kind sealing_bundle, sealing_order;

#define RELEASE_SEALING __attribute__((cleanup(sealing_release)))

/*
 * Begin with the bundle of a root, or with the order for a subordinate of it.
 *
 * subordinate  NULL for the bundle
 */
void sealing_init(struct sealing *out, struct history *history,
    const struct config_root *root,
    const struct config_subordinate *subordinate);
void sealing_release(struct sealing *sealing);

/*
 * Load the highest complete bundle, or the order, and verify it.  Both: sealed
 * by a trusted key, if any is configured (a notice otherwise, of a bundle).
 *
 * A bundle: a manifest of this root; every file as the manifest has it; a CRL
 * that the configured root signed, of which the manifest tells the truth; the
 * same CRL in PEM, and this root's certificate.  No date is compared with a
 * clock but for a notice.
 *
 * An order: written as recover takes it, for this root and its key, and for
 * this subordinate.  Whether it answers the last request, and what is
 * accepted, only the subordinate knows.
 *
 * found  false, with ERR_OK, if there is none, or no sealed order
 *
 * ERR_SEAL, ERR_FORMAT (of the ledger, too), ERR_ISSUER, ERR_DIGEST,
 * ERR_SIGNATURE, ERR_ALGORITHM, ERR_WEAK.
 */
MUST_CHECK enum err sealing_open(struct sealing *sealing,
    const struct source *source, int64_t now_s, bool *found,
    struct notices *notices, struct error *err);

/*
 * Seal with every key that has not sealed it yet, read all back, and enter in
 * the ledger what is not in it.  The caller holds the state lock.
 *
 * added  how many seals were written: 0 if all were there
 *
 * ERR_CONFIG if a seal key is also a note key; ERR_SEAL if there would be more
 * than SEALABLE_SEALS_MAX, or if nobody vouches for an order: no trusted key
 * is configured, and none of these has sealed it before; ERR_KEY if a trusted
 * key of the same id has sealed it, whose seal would be lost; nothing is
 * written then.  ERR_IO if something else comes back than what was verified
 * and sealed.
 */
MUST_CHECK enum err sealing_add(const struct sealing *sealing,
    const struct seal_options *options, size_t *added,
    struct notices *notices, struct error *err);

/*
 * Inside root/export only, from here on: who has sealed a file, and who has yet
 * to; and the line of `seal` in the ledger, once, whatever was interrupted.
 */

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

#define SEAL_RECORD_KEYS_SIZE (SEALKEYS_MAX * MINISIGN_PUBLIC_LINE_SIZE)

/*
 * The public keys, divided by spaces, as sealed_by of a line.
 *
 * listed  which of them; NULL: all
 */
void seal_record_keys(const struct sealkeys_secret *secrets,
    const bool listed[SEALKEYS_MAX], char out[SEAL_RECORD_KEYS_SIZE]);

/*
 * Enter the keys that were wanted, and those that had sealed it before and that
 * no line tells of: a crash may have come between the seal and the ledger.
 * Nothing is entered if there are none.
 *
 * event   what was sealed, all but its sealed_by, which is added here as the
 *         last detail.  A detail order_sha256 says that it is an order; a
 *         bundle is known by its sha256
 * wanted  which of the keys have sealed it now
 */
MUST_CHECK enum err seal_record(struct history *history,
    const struct ledger_event *event, const struct sealkeys_secret *secrets,
    const bool wanted[SEALKEYS_MAX], struct notices *notices,
    struct error *err);
